"""The bot in a simulated Discord, to try and to show."""
