"""Print what people see in Discord as plain text."""

import re
import textwrap
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

import discord

WIDTH = 100
_MENTION = re.compile(r"<(@&?|@!|#)(\d+)>")
_TIME = re.compile(r"<t:(\d+):([DFR])>")
_ESCAPED = re.compile(r"\\([\\`*_~|>#\-\[\]()])")
_LINK = re.compile(r"\[([^\]]+)\]\(https?://[^)]+\)")


class ShownMessage(Protocol):
    """What simcord's messages and discord.py's have in common."""

    @property
    def content(self) -> str:
        """The text."""

    @property
    def embeds(self) -> list[discord.Embed]:
        """The cards."""

    @property
    def attachments(self) -> list[discord.Attachment]:
        """The files."""


class Transcript:
    """Prints a conversation. `names` has the name of every mentioned id; times are relative to `now`."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self._names = names
        self.now = datetime.now(UTC)

    def heading(self, text: str) -> None:
        """Start a part of the day."""
        print(f"\n── {text} {'─' * max(0, WIDTH - len(text) - 4)}")

    def act(self, person: str, did: str) -> None:
        """Print what somebody does."""
        print(f"\n{person} › {did}")

    def answer(self, message: ShownMessage, *, alone: bool, labels: list[str] | None = None) -> None:
        """Print what the bot says, to one person alone or to the channel."""
        self._print("Circle Take" + (" (only they see this)" if alone else ""))
        for line in self.lines(message):
            self._print(line, indent="    │ ")
        if labels:
            self._print("  ".join(f"[{label}]" for label in labels), indent="    │ ")

    def note(self, text: str) -> None:
        """Print what the tour itself did or found."""
        self._print(f"✓ {text}", indent="    ")

    def lines(self, message: ShownMessage) -> list[str]:
        """Split a message into lines, with mentions and times spelled out."""
        texts = [message.content] if message.content else []
        for embed in message.embeds:
            texts += [f"【{embed.title}】" if embed.title else "", embed.description or ""]
            texts += [f"{field.name}: {field.value}" for field in embed.fields]
            texts.append(embed.footer.text or "")
        texts += [f"📎 {file.filename} ({file.size:,} bytes)" for file in message.attachments]
        return [line for text in texts if text for line in self.plain(text).split("\n")]

    def plain(self, text: str) -> str:
        """Spell out the mentions and times of a text, and remove its markdown."""
        text = _MENTION.sub(lambda match: f"@{self._names.get(int(match[2]), match[2])}", text)
        text = _LINK.sub(r"\1", _TIME.sub(self._moment, text))
        return _ESCAPED.sub(r"\1", text.replace("**", "").replace("\u200b", "").replace("-# ", ""))

    def _moment(self, match: re.Match[str]) -> str:
        at = datetime.fromtimestamp(int(match[1]), UTC)
        if match[2] == "F":
            return f"{at:%A %d %B %H:%M} UTC"
        if match[2] == "D":
            return f"{at:%d %B %Y}"
        minutes = round((at - self.now).total_seconds() / 60)
        span = f"{abs(minutes)} minutes" if abs(minutes) < 90 else f"{round(abs(minutes) / 60)} hours"
        return f"in {span}" if minutes > 0 else f"{span} ago" if minutes < 0 else "now"

    def _print(self, text: str, indent: str = "    ") -> None:
        print(
            textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
            or indent
        )


def button_labels(components: list[dict[str, Any]]) -> list[str]:
    """Return the labels of a message's buttons, in order."""
    return [item["label"] for row in components for item in row.get("components", ()) if item.get("label")]
