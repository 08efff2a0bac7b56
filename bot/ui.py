"""What all features need of Discord: buttons, menus and forms that survive a restart, and text made safe to show."""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord
from discord.ext import commands

from bot.answers import FaqAnswers
from bot.custom_ids import HasCustomId
from bot.delivery.cooldown import Cooldown
from bot.delivery.posts import Posts
from bot.discord_limits import CHOICE_LENGTH
from bot.errors import report
from bot.incoming import form_values
from bot.member import actor_of
from bot.stores import Stores
from db.engine.database import Database
from domain.errors import DomainError
from domain.people import Act
from domain.text import BIDI_CONTROLS, one_line, without_lone_surrogates


class Bot(commands.AutoShardedBot):
    """The bot as features see it; `bot.client.CircleTake` is the one that runs.

    Attributes:
        database: open; for what no store does, such as shredding.
        stores: one store for each kind of data.
        answers: the FAQ of each server.
        posts: messages that stay in channels.
        export_cooldown: how often a server may export its log, by whichever command or button.
    """

    database: Database
    stores: Stores
    answers: FaqAnswers
    posts: Posts
    export_cooldown: Cooldown

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
_MARKDOWN = re.compile(r"(https?://[^\s<>\\`*|\[\]]+)|((?:(?<![^\n])[ \t]*[-#])|[\\`*_~|\[\]<>])")
"""Addresses, which stay as they are, and markdown: its signs anywhere, lists and headings at the start of a line."""

ACCENT = discord.Colour(0xE8B23A)
"""Tungsten light: the colour of every card that waits for something."""

GREEN = discord.Colour(0x4CA66B)
RED = discord.Colour(0xC8553D)
BLUE = discord.Colour(0x4A7FB5)

_NO_BIDI_CONTROLS = str.maketrans(dict.fromkeys(BIDI_CONTROLS))


def clip(text: str, limit: int) -> str:
    """Cut `text` to `limit` characters, the last of which is "…" if something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS


def escape(text: str, limit: int) -> str:
    """Make a person's text plain on a card: no markdown, no mention, no reversed direction, at most `limit` long."""
    readable = without_lone_surrogates(text).translate(_NO_BIDI_CONTROLS)
    # discord.utils.escape_markdown leaves what is between two masked links as it is
    plain = _MARKDOWN.sub(lambda found: found[1] or f"{found[2][:-1]}\\{found[2][-1]}", readable)
    return clip(discord.utils.escape_mentions(plain), limit)


def escape_line(text: str, limit: int) -> str:
    """Make a person's text plain as `escape` does, on one line, for cards that list lines of several people."""
    return escape(one_line(text), limit)


def unescape(text: str) -> str:
    """Return what was given to `escape`, unless it was clipped."""
    return re.sub(r"\\(.)", r"\1", text.replace("\u200b", ""))


def moment(at: datetime) -> str:
    """Return a time as each reader's client shows it: the date, and how far off it is."""
    return f"{discord.utils.format_dt(at, 'F')} ({discord.utils.format_dt(at, 'R')})"


def option(label: str, value: object, *, description: str | None = None, default: bool = False) -> discord.SelectOption:
    """Build an option of a menu; label and description are cut to what Discord takes."""
    shown = clip(description, CHOICE_LENGTH) if description else None
    return discord.SelectOption(label=clip(label, CHOICE_LENGTH), value=str(value), description=shown, default=default)


def buttons(*items: discord.ui.Item[Any]) -> discord.ui.View:
    """Put persistent items into a view that discord.py does not keep in memory; a `row` says where one goes.

    A view that is not stopped stays in the client for 15 minutes after an ephemeral answer (5.6 KiB each); stopped,
    its dynamic items still answer, because they are found by their custom_id.
    """
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    view.stop()
    return view


def act_of(interaction: Interaction) -> Act:
    """Return who did something, when by Discord's clock, and under which interaction id.

    Raises:
        DomainError: command.no_server; the interaction came from outside a server.
    """
    return Act(interaction_id=interaction.id, at=interaction.created_at, actor=actor_of(interaction))


def guild_of(interaction: Interaction) -> int:
    """Return the server's id; every command is for servers only.

    Raises:
        DomainError: command.no_server; the interaction came from outside a server.
    """
    if interaction.guild_id is None:
        raise DomainError("command.no_server")
    return interaction.guild_id


class _PersistentItem(HasCustomId, ABC):
    """What buttons and menus share: they are known by their custom_id alone, so they still work after a restart.

    discord.py only logs what `from_custom_id` and `callback` raise and swallows what `interaction_check` raises;
    here `from_custom_id` only parses, and everything that `act` raises reaches the error funnel.
    """

    def __init_subclass__(cls, *, custom_id: str = "", **kwargs: Any) -> None:
        """Give discord.py the pattern of the custom_ids."""
        cls._define(custom_id)
        super().__init_subclass__(template=cls.pattern, **kwargs)  # type: ignore[call-arg]  # DynamicItem comes next in line

    if TYPE_CHECKING:  # or mypy would give a class without fields the constructor of DynamicItem

        def __init__(self) -> None: ...

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
        """Do what it is for. Anyone who sees it may press it."""


class PersistentButton(_PersistentItem, discord.ui.DynamicItem[discord.ui.Button[Any]]):
    """A button that survives restarts."""

    @property
    @abstractmethod
    def label(self) -> str:
        """Its text."""

    @property
    def style(self) -> discord.ButtonStyle:
        """Its colour."""
        return discord.ButtonStyle.secondary

    @property
    def emoji(self) -> str | None:
        """What is shown before the label."""
        return None

    def __post_init__(self) -> None:
        """Build the button as Discord shows it."""
        button: discord.ui.Button[Any] = discord.ui.Button(
            label=self.label, style=self.style, emoji=self.emoji, custom_id=self._custom_id()
        )
        discord.ui.DynamicItem.__init__(self, button)


class PersistentSelect(_PersistentItem, discord.ui.DynamicItem[discord.ui.Select[Any]]):
    """A select menu that survives restarts; `self.item.values` holds what was chosen."""

    @property
    @abstractmethod
    def placeholder(self) -> str:
        """Its text while nothing is chosen."""

    @abstractmethod
    def options(self) -> list[discord.SelectOption]:
        """Return what can be chosen; none when the menu was only rebuilt from its custom_id."""

    def __post_init__(self) -> None:
        """Build the menu as Discord shows it."""
        menu: discord.ui.Select[Any] = discord.ui.Select(
            placeholder=self.placeholder, options=self.options(), custom_id=self._custom_id()
        )
        discord.ui.DynamicItem.__init__(self, menu)


PersistentItem: TypeAlias = PersistentButton | PersistentSelect


class PersistentModal(HasCustomId, ABC):
    """A form whose submission is routed by custom_id, so that one opened before a restart can be sent after it."""

    def __init_subclass__(cls, *, custom_id: str = "", **kwargs: Any) -> None:
        """Keep the pattern of the custom_ids."""
        cls._define(custom_id)
        super().__init_subclass__(**kwargs)

    @property
    def custom_id(self) -> str:
        """What the submission is routed by."""
        return self._custom_id()

    @property
    @abstractmethod
    def title(self) -> str:
        """The heading of the form."""

    @abstractmethod
    def fields(self) -> Sequence[discord.ui.Label[Any]]:
        """Return what can be filled in."""

    def form(self) -> discord.ui.Modal:
        """Build the form as Discord shows it."""
        form = discord.ui.Modal(title=self.title, custom_id=self.custom_id, timeout=None)
        for label in self.fields():
            form.add_item(label)
        return form

    @abstractmethod
    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        """Do what sending the form is for; `values` are those of `bot.incoming.form_values`."""

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
