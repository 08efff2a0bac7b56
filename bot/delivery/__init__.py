"""Sending and editing messages in channels at a pace that Discord takes, and doing what is due."""
