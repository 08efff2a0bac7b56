"""What every feature's face shares: buttons and forms that survive a restart, and text made safe to show."""

import re
from abc import ABC, abstractmethod
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias

import discord
from discord.ext import commands

from bot.answers import FaqAnswers
from bot.delivery.posts import Posts
from bot.errors import report
from bot.incoming import form_values
from bot.stores import Stores
from db.engine.database import Database
from domain.errors import DomainError
from domain.people import Act, Actor
from domain.text import BIDI_CONTROLS, one_line, without_lone_surrogates


class Bot(commands.AutoShardedBot):
    """The bot as features see it; `bot.client.CircleTake` is the one that runs.

    Attributes:
        database: open; for what no store does, such as shredding.
        stores: one store for each kind of data.
        answers: the FAQ of each server.
        posts: messages that stay in channels.
    """

    database: Database
    stores: Stores
    answers: FaqAnswers
    posts: Posts

    @abstractmethod
    def add_items(self, *items: "type[PersistentItem]") -> None:
        """Make these buttons and menus work, no matter when they were posted."""

    @abstractmethod
    def add_modals(self, *modals: "type[PersistentModal]") -> None:
        """Route submissions of these forms, no matter when they were opened."""


if TYPE_CHECKING:
    Interaction = discord.Interaction[Bot]
else:
    Interaction = discord.Interaction

ELLIPSIS = "…"
_SIGNS = re.compile(r"(https?://[^\s<>\\`*|\[\]]+)|((?:(?<![^\n])[ \t]*[-#])|[\\`*_~|\[\]<>])")
"""Addresses, which stay as they are, and what markdown reads: signs anywhere, lists and headings at a line's start."""

ACCENT = discord.Colour(0xE8B23A)
"""Tungsten light: the colour of every card that awaits something."""

GREEN = discord.Colour(0x4CA66B)
RED = discord.Colour(0xC8553D)
BLUE = discord.Colour(0x4A7FB5)

_WITHOUT_TURNING = str.maketrans(dict.fromkeys(BIDI_CONTROLS))


def clip(text: str, limit: int) -> str:
    """Cut `text` to `limit` characters, the last of them "…" if something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS


def escape(text: str, limit: int) -> str:
    """Make a person's text plain on a card: no markdown, no mention, no turned direction, at most `limit` long."""
    readable = without_lone_surrogates(text).translate(_WITHOUT_TURNING)
    # discord.utils.escape_markdown leaves what stands between two masked links as it is
    plain = _SIGNS.sub(lambda found: found[1] or f"{found[2][:-1]}\\{found[2][-1]}", readable)
    return clip(discord.utils.escape_mentions(plain), limit)


def escape_line(text: str, limit: int) -> str:
    """Make a person's text plain as `escape` does, on one line, for cards that list lines of several people."""
    return escape(one_line(text), limit)


def unescape(text: str) -> str:
    """What was given to `escape`, as far as it was not clipped."""
    return re.sub(r"\\(.)", r"\1", text.replace("\u200b", ""))


def moment(at: datetime) -> str:
    """A point in time as each reader's client shows it: the date, and how far off it is."""
    return f"{discord.utils.format_dt(at, 'F')} ({discord.utils.format_dt(at, 'R')})"


def buttons(*items: discord.ui.Item[Any]) -> discord.ui.View:
    """A view of persistent items that discord.py does not keep in memory; each goes where its `row` says or fits.

    A view that is not stopped stays in the client for 15 minutes after an ephemeral answer (5.6 KiB each); stopped,
    its dynamic items still answer, because they are found by their custom_id.
    """
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    view.stop()
    return view


def act_of(interaction: Interaction) -> Act:
    """Who did something, when by Discord's clock, and under which interaction id.

    Raises:
        DomainError: command.no_server; the interaction came from outside a server.
    """
    member = interaction.user
    if interaction.guild_id is None or not isinstance(member, discord.Member):
        raise DomainError("command.no_server")
    roles = member.roles  # put together and sorted anew each time
    actor = Actor(
        id=member.id,
        name=member.display_name,
        role_ids=frozenset(role.id for role in roles),
        role_names=tuple(role.name for role in roles if not role.is_default()),
        moderator=interaction.permissions.manage_guild,
    )
    return Act(interaction_id=interaction.id, at=interaction.created_at, actor=actor)


def guild_of(interaction: Interaction) -> int:
    """The server's id; every command is for servers only.

    Raises:
        DomainError: command.no_server; the interaction came from outside a server.
    """
    if interaction.guild_id is None:
        raise DomainError("command.no_server")
    return interaction.guild_id


class _Persistent(ABC):
    """What persistent items share: they are known by their custom_id alone, so they work for ever, restarts included.

    discord.py only logs what `from_custom_id` and `callback` raise and swallows what `interaction_check` raises;
    here `from_custom_id` only parses, and everything that `act` raises reaches the error funnel.
    """

    pattern: ClassVar[re.Pattern[str]]

    def __init_subclass__(cls, *, template: str, **kwargs: Any) -> None:
        """Keep the pattern of the custom_ids, whose named groups are the arguments of the class."""
        super().__init_subclass__(template=template, **kwargs)  # type: ignore[call-arg]  # DynamicItem comes next in line
        cls.pattern = re.compile(template)

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Build the item from the named groups of its pattern, which are the arguments of its class."""
        return cls(**match.groupdict())

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the item as discord.py asks for it."""
        return cls.of(match)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Press or choose: run `act` inside the error funnel."""
        try:
            await self.act(interaction)
        except Exception as error:  # noqa: BLE001 - the funnel is where every error ends
            await report(interaction, error)

    @abstractmethod
    async def act(self, interaction: Interaction) -> None:
        """What it does. The presser may be anyone who sees it."""


class PersistentButton(_Persistent, discord.ui.DynamicItem[discord.ui.Button[Any]], template="never:button"):
    """A button that survives restarts."""


class PersistentSelect(_Persistent, discord.ui.DynamicItem[discord.ui.Select[Any]], template="never:select"):
    """A select menu that survives restarts; `self.item.values` holds what was chosen."""


PersistentItem: TypeAlias = PersistentButton | PersistentSelect


class PersistentModal(ABC):
    """A form whose submission is routed by custom_id, so that one opened before a restart can be sent after it.

    Subclasses set `template`, whose named groups are the arguments of the class, and implement `form` and `submit`.
    """

    template: ClassVar[re.Pattern[str]]

    @abstractmethod
    def form(self) -> discord.ui.Modal:
        """The form to show, its custom_id matching `template`."""

    @abstractmethod
    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        """What sending the form does; `values` are those of `bot.incoming.form_values`."""

    async def show(self, interaction: Interaction) -> None:
        """Open the form. It must be the first answer to the interaction."""
        form = self.form()
        form.stop()  # else discord.py keeps it in memory until it is submitted, if ever
        await interaction.response.send_modal(form)

    async def receive(self, interaction: Interaction) -> None:
        """Run `submit` inside the error funnel."""
        try:
            await self.submit(interaction, form_values(interaction))
        except Exception as error:  # noqa: BLE001 - the funnel is where every error ends
            await report(interaction, error)
