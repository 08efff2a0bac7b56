"""Times as people type them: `2h`, `tomorrow 18:00`, `Friday noon`, `23 Nov`.

Spans, times of day, weekdays and words are read here; dates are dateparser's. It reads whole sentences too, but takes
“tomorrow at 6” for tomorrow at this minute, “Friday noon” on a Friday morning for next week's, “11/12” for either day.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from domain.errors import DomainError
from domain.polls.deadlines import duration

END_OF_DAY = time(23, 59)
"""What a day without a time of day means, and “midnight”: the later reading leaves people more time."""

TIME_WORDS = {
    "end of the day": END_OF_DAY,
    "end of day": END_OF_DAY,
    "midnight": END_OF_DAY,
    "eod": END_OF_DAY,
    "morning": time(9),
    "midday": time(12),
    "noon": time(12),
    "afternoon": time(15),
    "evening": time(18),
}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = range(1, 13)
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
WORDS = {
    r"half an hour": "30 minutes",
    r"\b(an?)(?= (minute|hour|day|week|month)\b)": "1",
    **{rf"\b{word}\b": str(number) for number, word in enumerate(NUMBERS, 1)},
    r"\b(\d+) ?hrs?\b": r"\1 h",
    r"\b(\d+) ?mins\b": r"\1 min",
    r"\btonight\b": "today end of day",
    r"(?<=\d)t(?=\d)": " ",
    r"[,;!]": " ",
}
"""Other ways to write what is read below, replaced in this order."""

_LEADING = re.compile(r"^(?:(?:in|for|by|until|till|before|at|on|the) )+")
_HOURS = re.compile(r"\b(\d{1,2})h(\d{2})?\b")
_CLOCK = re.compile(rf"\b(?:(\d{{1,2}}):(\d\d)(?: ?([ap]m))?|(\d{{1,2}}) ?([ap]m)|({'|'.join(TIME_WORDS)}))\b")
_DOTTED = re.compile(r"(?<![\d./:-])(\d{1,2})\.(\d\d)(?![\d./:-])")
_NUMERIC_DATE = re.compile(r"(?<![\d./-])(\d{1,2})[./-](\d{1,2})(?:[./-](?:\d{4}|\d\d))?(?![\d./-])")
_WEEKDAY = re.compile(r"(?:(next|this|coming) )?(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?")
_BARE_NUMBER = re.compile(r"(?<![\w/-])\d{1,2}(?![\w/-])")
_NUMBERED = re.compile(r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|day|week|month|year")
"""What a bare number can belong to; next to anything else, such as “tomorrow at 6”, dateparser would drop it."""

_FILLERS = re.compile(r"\b(?:at|on|the|by|of|in)\b")


def spoken_time(text: str, *, now: datetime, zone: tzinfo) -> datetime | None:
    """Return the instant that `text` means, in UTC; None if it means none. It may be past.

    Args:
        text: what was typed.
        now: by Discord's clock.
        zone: where the crew works. An hour that the clocks skip is moved on by what they skip; of one that they
            repeat, it is the first that is still to come.

    Raises:
        DomainError: polls.closes_ambiguous, where day and month cannot be told apart.
    """
    plain = _plain(text)
    if plain.endswith((" utc", " gmt")):
        plain, zone = plain[:-4], UTC
    try:
        span = duration(plain.removesuffix(" from now"))
        return now + span if span is not None else _on_the_clock(plain, now, zone)
    except OverflowError:  # beyond the calendar
        return None


def _plain(text: str) -> str:
    plain = " ".join(text.casefold().split())
    for pattern, written in WORDS.items():
        plain = re.sub(pattern, written, plain)
    return _LEADING.sub("", " ".join(plain.split()).rstrip(" .?"))


def _on_the_clock(plain: str, now: datetime, zone: tzinfo) -> datetime | None:
    day_words, at = _split(plain)
    today = now.astimezone(zone).date()
    if day_words is None or not (day_words or at):
        return None
    if day_words and (weekday := _WEEKDAY.fullmatch(day_words)):
        days = [_weekday(weekday, today) + timedelta(weeks=week) for week in (0, 1)]
    elif day_words:
        days = [day for day in [_day(day_words, today)] if day]
    else:
        days = [today, today + timedelta(days=1)]
    instants = [_instant(day, at or END_OF_DAY, now, zone) for day in days]
    return next((instant for instant in instants if instant > now), instants[-1] if instants else None)


def _split(plain: str) -> tuple[str | None, time | None]:
    """Return the words that name a day, None if the rest makes no sense, and the time of day, None if there is none."""
    written = _HOURS.sub(lambda found: f"{found[1]}:{found[2] or '00'}", plain)
    if not _CLOCK.search(written):
        written = _dotted_time(written)
    clocks = list(_CLOCK.finditer(written))
    at = _time_of_day(clocks[0]) if clocks else None
    if len(clocks) > 1 or (clocks and at is None):
        return None, None
    return " ".join(_FILLERS.sub(" ", _CLOCK.sub(" ", written)).split()).strip(" ."), at


def _dotted_time(written: str) -> str:
    """Write “18.30” as “18:30”, unless it is the day and the month."""
    pairs = [pair for pair in _DOTTED.finditer(written) if int(pair[1]) < 24 and int(pair[2]) < 60]
    if not pairs:
        return written
    last = pairs[-1]
    if last[0] == written and int(last[2]) in MONTHS:
        raise DomainError("polls.closes_ambiguous", typed=last[0])
    return f"{written[: last.start()]}{last[1]}:{last[2]}{written[last.end() :]}"


def _time_of_day(clock: re.Match[str]) -> time | None:
    if clock[6]:
        return TIME_WORDS[clock[6]]
    hour, minute, half = int(clock[1] or clock[4]), int(clock[2] or 0), clock[3] or clock[5]
    if half:
        if hour not in range(1, 13):
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _weekday(named: re.Match[str], today: date) -> date:
    """Return the coming day of that name, today included; with “next” the one in the week from next Monday."""
    number = next(number for number, name in enumerate(WEEKDAYS) if name.startswith(named[2]))
    if named[1] == "next":
        return today + timedelta(days=7 - today.weekday() + number)
    return today + timedelta(days=(number - today.weekday()) % 7)


def _day(words: str, today: date) -> date | None:
    ahead = {"today": 0, "tomorrow": 1, "day after tomorrow": 2}.get(words)
    return _dated(words, today) if ahead is None else today + timedelta(days=ahead)


def _dated(words: str, today: date) -> date | None:
    numeric = _NUMERIC_DATE.search(words)
    if numeric:
        first, second = int(numeric[1]), int(numeric[2])
        if first in MONTHS and second in MONTHS and first != second:
            raise DomainError("polls.closes_ambiguous", typed=numeric[0])
        words = words.replace(".", "/")  # “23.11” would be read as a time
    elif words == "now" or words.isdecimal() or (_BARE_NUMBER.search(words) and not _NUMBERED.search(words)):
        return None
    return _coming(words, "DMY" if numeric and first > 12 else "MDY", today)


def _coming(words: str, order: str, today: date) -> date | None:
    """Return the date that `words` mean: this year's or this month's if it is still to come, else the next."""
    import dateparser  # here, because it takes a while to load

    settings = {
        "RELATIVE_BASE": datetime.combine(today, time()),
        "REQUIRE_PARTS": ["day"],
        "DATE_ORDER": order,
    }
    day = None
    for period in ("current_period", "future"):
        found = dateparser.parse(words, languages=["en"], settings=settings | {"PREFER_DATES_FROM": period})
        day = found.date() if found and found.tzinfo is None and found.time() == time() else None
        if day and day >= today:
            break
    return day


def _instant(day: date, at: time, now: datetime, zone: tzinfo) -> datetime:
    first = datetime.combine(day, at, zone)
    return (first if first > now else first.replace(fold=1)).astimezone(UTC)
