"""Holds: placing one, and lifting one's own or, as a moderator, anybody's. The store checks who may."""

from collections.abc import Sequence
from typing import Annotated, Any

import discord

from bot.custom_ids import digits
from bot.discord_limits import BUTTON_LABEL_LENGTH, CHOICES
from bot.events import POLL_CHANGED
from bot.incoming import number, only
from bot.ui import Interaction, PersistentButton, PersistentSelect, act_of, buttons, clip, guild_of, option
from cogs.polls.forms import PollId, ReasonedForm, say_if_the_role_is_gone
from domain.polls.poll import Hold, Poll
from domain.text import one_line

BUTTONS_SHOWN = 5
"""Holds that get a button each; the others share a menu."""

HolderId = Annotated[int, digits(20)]


class HoldButton(PersistentButton, custom_id="poll:{poll_id}:hold"):
    """Opens the form of a hold."""

    poll_id: PollId
    label = "Hold"
    emoji = "✋"

    async def act(self, interaction: Interaction) -> None:
        await HoldForm(self.poll_id).show(interaction)


class LiftButton(PersistentButton, custom_id="poll:{poll_id}:lift:{holder_id}"):
    """Opens the form to lift a hold."""

    poll_id: PollId
    holder_id: HolderId
    label: str = "Lift my hold"

    async def act(self, interaction: Interaction) -> None:
        await LiftForm(self.poll_id, self.holder_id).show(interaction)


class LiftSelect(PersistentSelect, custom_id="poll:{poll_id}:lift-one"):
    """A menu of holds; choosing one opens the form to lift it."""

    poll_id: PollId
    holds: Sequence[Hold] = ()
    placeholder = "More holds to lift…"

    def options(self) -> list[discord.SelectOption]:
        return [
            option(lift_label(hold), hold.holder_id, description=one_line(hold.reason)) for hold in self.holds[:CHOICES]
        ]

    async def act(self, interaction: Interaction) -> None:
        await LiftForm(self.poll_id, number(only(self.item.values))).show(interaction)


class HoldForm(ReasonedForm, custom_id="poll:{poll_id}:form:HoldForm"):
    """Places a hold."""

    title = "Put this task on hold"
    label = "What has to be settled first?"
    hint = "For instance: the talent has not agreed to a voice copy."

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        guild_id, store = guild_of(interaction), interaction.client.stores.polls
        async with say_if_the_role_is_gone(interaction, self.poll_id):
            await store.hold(guild_id, self.poll_id, act_of(interaction), str(values["reason"]))
        interaction.client.dispatch(POLL_CHANGED, guild_id, self.poll_id)
        text = f"✋ Your hold is on poll {self.poll_id}. Until it is lifted, AI may not execute this task."
        view = buttons(LiftButton(self.poll_id, interaction.user.id))
        await interaction.response.send_message(text, view=view, ephemeral=True)


class LiftForm(ReasonedForm, custom_id="poll:{poll_id}:form:LiftForm:{holder_id}"):
    """Lifts a hold."""

    holder_id: HolderId
    title = "Lift the hold"
    label = "What settled it?"
    hint = "For instance: the release is signed."

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        guild_id = guild_of(interaction)
        await interaction.client.stores.polls.lift(
            guild_id, self.poll_id, act_of(interaction), self.holder_id, str(values["reason"])
        )
        interaction.client.dispatch(POLL_CHANGED, guild_id, self.poll_id)
        text = f"The hold of <@{self.holder_id}> on poll {self.poll_id} is lifted."
        await interaction.response.send_message(text, ephemeral=True)


def liftable(poll: Poll, user_id: int, *, moderator: bool) -> list[Hold]:
    """Return the open holds that somebody may lift, their own first; none once the poll has ended."""
    if poll.closed_at is not None:
        return []
    own = [hold for hold in poll.holds if hold.holder_id == user_id]
    return own + [hold for hold in poll.holds if moderator and hold.holder_id != user_id]


def lift_items(poll: Poll, user_id: int, holds: Sequence[Hold]) -> list[discord.ui.Item[Any]]:
    """Return a button for each of the first holds, and a menu for the others."""
    items: list[discord.ui.Item[Any]] = [
        LiftButton(poll.poll_id, user_id)
        if hold.holder_id == user_id
        else LiftButton(poll.poll_id, hold.holder_id, label=lift_label(hold))
        for hold in holds[:BUTTONS_SHOWN]
    ]
    rest = holds[BUTTONS_SHOWN:]
    return [*items, LiftSelect(poll.poll_id, holds=rest)] if rest else items


def lift_label(hold: Hold) -> str:
    """Return the label for lifting a hold; holds of older versions have no name."""
    name = hold.holder_name
    return clip(f"Lift {name}'s hold" if name else f"Lift hold: {one_line(hold.reason)}", BUTTON_LABEL_LENGTH)
