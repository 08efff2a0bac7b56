"""Configuration: a frozen value read from the environment and `.env`, with a sentence for every mistake."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

DISCORD_API = "https://discord.com/api/v10"

SETTINGS = (
    "DISCORD_TOKEN",
    "DATABASE_PATH",
    "DISCORD_API_URL",
    "LOG_LEVEL",
    "LOG_FORMAT",
    "DEV_GUILD_ID",
    "SHARD_COUNT",
    "SHARD_IDS",
    "METRICS_PORT",
    "BACKUP_PATH",
    "BACKUP_HOURS",
    "BACKUP_KEEP",
)
"""Every setting that the program reads, in the order of `.env.example`."""

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMATS = ("text", "json")
_TOKEN = re.compile(r"[\w-]{18,}\.[\w-]{4,}\.[\w-]{20,}", re.ASCII)
_HOST = r"[\w-]{1,63}(\.[\w-]{1,63})*\.?|\[[\da-fA-F:.]+\]"
_API_URL = re.compile(rf"https?://({_HOST})(:\d+)?/api/v\d+", re.ASCII)
_SETTING = re.compile(r"[A-Z][A-Z_]{0,40}")
"""An unknown name that is safe to repeat. A token on the wrong side of the = has other characters."""


class ConfigError(Exception):
    """The configuration cannot be used; `faults` has a sentence for each mistake, never with the token."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """Copies that the running bot makes: one every `hours`, of which the newest `keep` stay."""

    folder: Path
    hours: int = 24
    keep: int = 7


@dataclass(frozen=True, slots=True)
class Config:
    """What the host decides. The token never shows in `repr`."""

    token: str = field(repr=False)
    database_path: Path = Path("data/circle-take.sqlite3")
    api_url: str = DISCORD_API
    log_level: str = "INFO"
    log_format: str = "text"
    dev_guild_id: int | None = None
    shard_count: int | None = None
    shard_ids: tuple[int, ...] | None = None
    metrics_port: int | None = None
    backups: BackupPlan | None = None

    @classmethod
    def from_env(
        cls,
        environ: Mapping[str, str | None],
        *,
        need_token: bool = True,
        dotenv: Mapping[str, str | None] | None = None,
    ) -> Self:
        """Read the settings; one that is missing or blank takes its default.

        Args:
            environ: the settings by name, and perhaps those of other programs.
            need_token: False for calls that never connect, such as `circle-take export`.
            dotenv: the content of the `.env` file, if there is one. All of it is meant for us, so an unknown name there
                is a mistake; `environ` wins where both have a name.

        Raises:
            ConfigError: with all mistakes at once.
        """
        reader = _Reader({**(dotenv or {}), **environ})
        for name in dotenv or ():
            reader.refuse_unknown(name)
        config = cls(
            token=reader.token(needed=need_token),
            database_path=reader.file("DATABASE_PATH", "data/circle-take.sqlite3"),
            api_url=reader.api_url(),
            log_level=reader.choice("LOG_LEVEL", LOG_LEVELS, "INFO"),
            log_format=reader.choice("LOG_FORMAT", LOG_FORMATS, "text"),
            dev_guild_id=reader.number("DEV_GUILD_ID", 1, 2**63 - 1),
            shard_count=reader.number("SHARD_COUNT", 1, 10_000),
            shard_ids=reader.shard_ids(),
            metrics_port=reader.number("METRICS_PORT", 1, 65_535),
            backups=reader.backups(),
        )
        if reader.faults:
            raise ConfigError(reader.faults)
        return config


class _Reader:
    """Reads single settings and collects what is wrong with them."""

    def __init__(self, values: Mapping[str, str | None]) -> None:
        self.values = {name: value.strip() for name, value in values.items() if value and value.strip()}
        self.faults: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self.values.get(name, default)

    def file(self, name: str, default: str) -> Path:
        path = self.path(name, default)
        if path.name in ("", ".."):
            self.faults.append(f"{name} must name a file, such as {default}, not {str(path)!r}.")
        return path

    def path(self, name: str, default: str) -> Path:
        path = Path(self.text(name, default))
        if "\0" in str(path):
            self.faults.append(f"{name} holds a character that no path can have.")
        try:
            return path.expanduser()
        except RuntimeError:
            self.faults.append(f"{name} begins with the home folder of a user who is not known here.")
            return path

    def backups(self) -> BackupPlan | None:
        hours, keep = self.number("BACKUP_HOURS", 1, 24 * 31) or 24, self.number("BACKUP_KEEP", 1, 1000) or 7
        return BackupPlan(self.path("BACKUP_PATH", ""), hours, keep) if self.text("BACKUP_PATH", "") else None

    def refuse_unknown(self, name: str) -> None:
        if name in SETTINGS:
            return
        import difflib

        near = difflib.get_close_matches(name.upper(), SETTINGS, n=1)
        hint = f" Did you mean {near[0]}?" if near else f" Known are {', '.join(SETTINGS)}."
        said = name if _SETTING.fullmatch(name.upper() if near else name) else "A name"
        self.faults.append(f"{said} in .env is not a setting of Circle Take.{hint}")

    def token(self, *, needed: bool) -> str:
        token = self.text("DISCORD_TOKEN", "")
        if not token and needed:
            self.faults.append(
                "DISCORD_TOKEN is missing. Copy .env.example to .env and paste your bot's token into it "
                "(Developer Portal, your application, Bot, Reset Token)."
            )
        elif token and not _TOKEN.fullmatch(token):
            self.faults.append(
                "DISCORD_TOKEN does not look like a bot token: three parts joined by dots, without quotes or the word "
                "Bot. The public key, client id and client secret are other things; the token is on the Bot page."
            )
        return token

    def api_url(self) -> str:
        url = self.text("DISCORD_API_URL", DISCORD_API).rstrip("/")
        if not _is_address(url):
            self.faults.append("DISCORD_API_URL must be a base address such as http://127.0.0.1:8080/api/v10.")
        return url

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        given = self.text(name, default)
        found = next((choice for choice in choices if choice.lower() == given.lower()), None)
        if found is None:
            self.faults.append(f"{name} must be one of {', '.join(choices)}, not {given[:40]!r}.")
        return found or default

    def number(self, name: str, least: int, most: int) -> int | None:
        given = self.values.get(name)
        if given is None:
            return None
        if not (_is_number(given) and least <= int(given) <= most):
            self.faults.append(f"{name} must be a whole number from {least} to {most}, not {given[:40]!r}.")
            return None
        return int(given)

    def shard_ids(self) -> tuple[int, ...] | None:
        given = self.values.get("SHARD_IDS")
        if given is None:
            return None
        parts = [part.strip() for part in given.split(",")]
        count = self.values.get("SHARD_COUNT", "")
        if not all(map(_is_number, parts)) or len(set(parts)) != len(parts):
            self.faults.append("SHARD_IDS must be different whole numbers joined by commas, such as 0,1.")
            return None
        ids = tuple(int(part) for part in parts)
        if not _is_number(count) or max(ids) >= int(count):
            self.faults.append("SHARD_IDS needs SHARD_COUNT, and each id must be below it (ids start at 0).")
        return ids


def read_env_file(path: Path) -> dict[str, str | None]:
    """Return what a `.env` file sets; nothing if there is no such file.

    Raises:
        ConfigError: the file or a line cannot be read. No line is quoted, because it may hold the token.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise ConfigError([f"{path} is not UTF-8 text. Save it anew with that encoding."]) from error
    except OSError as error:
        raise ConfigError([f"{path} cannot be read ({error.strerror}). Let this user read it."]) from error
    from dotenv import dotenv_values  # many hosts set the environment alone and have no such file
    from dotenv.parser import parse_stream

    found = parse_stream(io.StringIO(text))
    broken = [one.original.line for one in found if one.error or (one.key is not None and one.value is None)]
    if broken:
        raise ConfigError(
            [f"Line {line} of {path} cannot be read. Write NAME=value, quotes closed." for line in broken]
        )
    return dict(dotenv_values(stream=io.StringIO(text)))


def _is_address(url: str) -> bool:
    """Say whether `url` is a valid base address; `port` raises for an impossible one."""
    try:
        return _API_URL.fullmatch(url) is not None and urlsplit(url).port != 0
    except ValueError:
        return False


def _is_number(text: str) -> bool:
    """Say whether `text` is a whole number of plausible length; `int` refuses thousands of digits."""
    return len(text) <= 20 and text.isascii() and text.isdigit()
