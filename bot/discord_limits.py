"""Discord's limits that several features keep, in items and characters.

https://discord.com/developers/docs/components/reference and .../interactions/application-commands
"""

CHOICES = 25
"""Suggestions of an autocomplete, and options of a select menu."""

CHOICE_LENGTH = 100
"""The name of a suggestion, and its value."""

BUTTON_LABEL_LENGTH = 80
