"""Discord's limits, checked on every REST body that the bot sends in a test."""

from .checker import LimitViolation, check, enforce
from .simcord_watch import watch_simcord

__all__ = ["LimitViolation", "check", "enforce", "watch_simcord"]
