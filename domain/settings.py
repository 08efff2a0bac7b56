"""The settings of a server, their defaults and their checks."""

from dataclasses import dataclass
from datetime import UTC, timedelta, tzinfo
from enum import StrEnum
from functools import cache

from domain.errors import DomainError
from domain.polls.poll import DEFAULT_DURATION, DEFAULT_QUORUM, LONGEST, SHORTEST
from domain.text import clean_line

DEFAULT_TIMEZONE = "UTC"
SUGGESTED = 25


class Visibility(StrEnum):
    """Who sees an answer of the FAQ when the asker does not say: the asker alone, or everyone in the channel."""

    ASKER = "asker"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Settings:
    """A server's settings, with the defaults of those it never changed."""

    timezone: str = DEFAULT_TIMEZONE
    decisions_channel_id: int | None = None
    poll_duration: timedelta = DEFAULT_DURATION
    poll_quorum: int = DEFAULT_QUORUM
    faq_visibility: Visibility = Visibility.ASKER
    moderator_role_id: int | None = None

    @property
    def zone(self) -> tzinfo:
        """The crew's time zone, in which the times that people type are read."""
        if self.timezone == DEFAULT_TIMEZONE:
            return UTC
        from zoneinfo import ZoneInfo  # a third of a megabyte, for the first server that sets a zone

        return ZoneInfo(self.timezone)


def check_timezone(text: str) -> str:
    """Return the IANA name of a time zone; letter case and spaces do not matter.

    Raises:
        DomainError: settings.unknown_timezone.
    """
    name = _timezones().get(_folded(text))
    if name is None:
        raise DomainError("settings.unknown_timezone", typed=clean_line(text)[:50])
    return name


def suggest_timezones(text: str) -> list[str]:
    """Return at most 25 time zones whose name contains `text`, those whose city starts with it first."""
    typed = _folded(text)
    found = [(not key.rpartition("/")[2].startswith(typed), name) for key, name in _timezones().items() if typed in key]
    return [name for _, name in sorted(found)[:SUGGESTED]]


def check_duration(span: timedelta | None) -> timedelta:
    """Return `span` if polls may stay open that long.

    Raises:
        DomainError: settings.bad_duration.
    """
    if span is None or not SHORTEST <= span <= LONGEST:
        raise DomainError("settings.bad_duration")
    return span


def _folded(text: str) -> str:
    return "_".join(text[:100].casefold().split())


@cache
def _timezones() -> dict[str, str]:
    """Return every zone with a region, and UTC, by folded name."""
    from zoneinfo import available_timezones

    names = (name for name in available_timezones() if name == DEFAULT_TIMEZONE or "/" in name)
    return {_folded(name): name for name in names if not name.startswith(("Etc/", "SystemV/", "posix/", "right/"))}
