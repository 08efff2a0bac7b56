"""Holds: placing one, and lifting one's own or, as a moderator, anybody's. The store checks who may."""

import re
from collections.abc import Sequence
from typing import Any

import discord

from bot.events import POLL_CHANGED
from bot.incoming import number, only
from bot.ui import Interaction, PersistentButton, PersistentSelect, act_of, buttons, clip, guild_of
from cogs.polls.forms import POLL_ID, ReasonedForm
from cogs.polls.voters import say_if_the_role_is_gone
from domain.polls.poll import Hold, Poll
from domain.text import one_line

LABEL = 80
BUTTONS_SHOWN = 5
"""Holds with a button of their own; those beyond share a menu."""

MENU = 25


class HoldButton(PersistentButton, template=POLL_ID + ":hold"):
    """Opens the form of a hold."""

    def __init__(self, poll_id: str | int) -> None:
        self.poll_id = int(poll_id)
        super().__init__(discord.ui.Button(label="Hold", emoji="✋", custom_id=f"poll:{self.poll_id}:hold"))

    async def act(self, interaction: Interaction) -> None:
        """Ask for the reason."""
        await HoldForm(self.poll_id).show(interaction)


class LiftButton(PersistentButton, template=POLL_ID + ":lift:(?P<holder_id>[0-9]{1,20})"):
    """Opens the form to lift a hold."""

    def __init__(self, poll_id: str | int, holder_id: str | int, label: str = "Lift my hold") -> None:
        self.poll_id, self.holder_id = int(poll_id), int(holder_id)
        custom_id = f"poll:{self.poll_id}:lift:{self.holder_id}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id))

    async def act(self, interaction: Interaction) -> None:
        """Ask for the reason."""
        await LiftForm(self.poll_id, self.holder_id).show(interaction)


class LiftSelect(PersistentSelect, template=POLL_ID + ":lift-one"):
    """A menu of holds; choosing one opens the form to lift it."""

    def __init__(self, poll_id: str | int, holds: Sequence[Hold] = ()) -> None:
        self.poll_id = int(poll_id)
        options = [
            discord.SelectOption(
                label=lift_label(hold), value=str(hold.holder_id), description=clip(one_line(hold.reason), 100)
            )
            for hold in holds[:MENU]
        ]
        menu: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=f"poll:{self.poll_id}:lift-one", placeholder="More holds to lift…", options=options
        )
        super().__init__(menu)

    async def act(self, interaction: Interaction) -> None:
        """Ask for the reason."""
        await LiftForm(self.poll_id, number(only(self.item.values))).show(interaction)


class HoldForm(ReasonedForm):
    """Places a hold."""

    template = re.compile(POLL_ID + ":form:HoldForm")
    title = "Put this task on hold"
    label = "What has to be settled first?"
    hint = "For instance: the talent has not agreed to a voice copy."

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        """Place it, by name."""
        guild_id, store = guild_of(interaction), interaction.client.stores.polls
        with say_if_the_role_is_gone(interaction, self.poll_id):
            await store.hold(guild_id, self.poll_id, act_of(interaction), str(values["reason"]))
        interaction.client.dispatch(POLL_CHANGED, guild_id, self.poll_id)
        text = f"✋ Your hold is on poll {self.poll_id}. Until it is lifted, AI may not execute this task."
        view = buttons(LiftButton(self.poll_id, interaction.user.id))
        await interaction.response.send_message(text, view=view, ephemeral=True)


class LiftForm(ReasonedForm):
    """Lifts a hold."""

    template = re.compile(POLL_ID + ":form:LiftForm:(?P<holder_id>[0-9]{1,20})")
    title = "Lift the hold"
    label = "What settled it?"
    hint = "For instance: the release is signed."

    def __init__(self, poll_id: str | int, holder_id: str | int) -> None:
        super().__init__(poll_id)
        self.holder_id = int(holder_id)

    @property
    def custom_id(self) -> str:
        """What the submission is routed by."""
        return f"{super().custom_id}:{self.holder_id}"

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        """Lift it."""
        guild_id = guild_of(interaction)
        await interaction.client.stores.polls.lift(
            guild_id, self.poll_id, act_of(interaction), self.holder_id, str(values["reason"])
        )
        interaction.client.dispatch(POLL_CHANGED, guild_id, self.poll_id)
        text = f"The hold of <@{self.holder_id}> on poll {self.poll_id} is lifted."
        await interaction.response.send_message(text, ephemeral=True)


def liftable(poll: Poll, user_id: int, *, moderator: bool) -> list[Hold]:
    """The open holds that somebody may lift, their own first; none once the poll has ended."""
    if poll.closed_at is not None:
        return []
    own = [hold for hold in poll.holds if hold.holder_id == user_id]
    return own + [hold for hold in poll.holds if moderator and hold.holder_id != user_id]


def lift_items(poll: Poll, user_id: int, holds: Sequence[Hold]) -> list[discord.ui.Item[Any]]:
    """A button for each of the first holds, a menu for the others."""
    items: list[discord.ui.Item[Any]] = [
        LiftButton(poll.poll_id, user_id)
        if hold.holder_id == user_id
        else LiftButton(poll.poll_id, hold.holder_id, lift_label(hold))
        for hold in holds[:BUTTONS_SHOWN]
    ]
    rest = holds[BUTTONS_SHOWN:]
    return [*items, LiftSelect(poll.poll_id, rest)] if rest else items


def lift_label(hold: Hold) -> str:
    """What lifting it is called; without a name for holds of versions that kept none."""
    name = hold.holder_name
    return clip(f"Lift {name}'s hold" if name else f"Lift hold: {one_line(hold.reason)}", LABEL)
