"""The buttons and forms of polls. Anyone who sees them may press: the store checks who may do what."""

import re
from functools import lru_cache
from typing import Any

import discord

from bot.ui import Interaction, PersistentButton, PersistentModal, act_of, buttons, guild_of
from cogs.polls import cards
from domain.polls import REASON_LENGTHS, Ballot, Choice, Poll, Vote

POLL_ID = r"poll:(?P<poll_id>[0-9]{1,9})"
CHANGED = "poll_changed"
"""Dispatched as `on_poll_changed(guild_id, poll_id)` when a ballot in a channel no longer shows the truth."""


class VoteButton(PersistentButton, template=POLL_ID + r":vote:(?P<choice>execution|judgment|abstain)"):
    """Votes, or changes a vote; the receipt is for the voter alone."""

    def __init__(self, poll_id: str | int, choice: str) -> None:
        self.poll_id, self.choice = int(poll_id), Choice(choice)
        label, custom_id = cards.CHOICE_LABELS[self.choice], f"poll:{self.poll_id}:vote:{self.choice}"
        style = discord.ButtonStyle.secondary if self.choice is Choice.ABSTAIN else discord.ButtonStyle.primary
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, style=style))

    async def act(self, interaction: Interaction) -> None:
        """Vote."""
        guild_id = guild_of(interaction)
        poll, vote = await interaction.client.stores.polls.vote(
            guild_id, self.poll_id, act_of(interaction), self.choice
        )
        await _remember_ballot(interaction, poll)
        interaction.client.dispatch(CHANGED, guild_id, self.poll_id)
        await interaction.response.send_message(
            cards.receipt(poll, vote), view=receipt_buttons(poll, vote), ephemeral=True
        )


async def _remember_ballot(interaction: Interaction, poll: Poll) -> None:
    """Learn where the ballot stands from a press, if the bot was killed between posting it and noting that."""
    ballot = interaction.message
    if poll.message_id is None and ballot is not None and not ballot.flags.ephemeral:
        store, guild_id = interaction.client.stores.polls, guild_of(interaction)
        await store.set_message(guild_id, poll.poll_id, ballot.channel.id, ballot.id)


class HoldButton(PersistentButton, template=POLL_ID + ":hold"):
    """Opens the form of a hold."""

    def __init__(self, poll_id: str | int) -> None:
        self.poll_id = int(poll_id)
        super().__init__(discord.ui.Button(label="Hold", emoji="✋", custom_id=f"poll:{self.poll_id}:hold"))

    async def act(self, interaction: Interaction) -> None:
        """Ask for the reason."""
        await HoldForm(self.poll_id).show(interaction)


class MyVoteButton(PersistentButton, template=POLL_ID + ":mine"):
    """Shows the presser what stands of theirs."""

    def __init__(self, poll_id: str | int) -> None:
        self.poll_id = int(poll_id)
        super().__init__(discord.ui.Button(label="My vote", custom_id=f"poll:{self.poll_id}:mine"))

    async def act(self, interaction: Interaction) -> None:
        """Show it."""
        store, guild_id = interaction.client.stores.polls, guild_of(interaction)
        poll = await store.get(guild_id, self.poll_id)
        vote = await store.vote_of(guild_id, self.poll_id, interaction.user.id)
        held = any(hold.holder_id == interaction.user.id for hold in poll.holds)
        await interaction.response.send_message(
            cards.my_vote(poll, vote, interaction.user.id),
            view=receipt_buttons(poll, vote, held_by=interaction.user.id if held else None),
            ephemeral=True,
        )


class ReasonButton(PersistentButton, template=POLL_ID + ":reason"):
    """Opens the form for a reason."""

    def __init__(self, poll_id: str | int) -> None:
        self.poll_id = int(poll_id)
        super().__init__(discord.ui.Button(label="Add reason", custom_id=f"poll:{self.poll_id}:reason"))

    async def act(self, interaction: Interaction) -> None:
        """Ask for it."""
        await ReasonForm(self.poll_id).show(interaction)


class WithdrawButton(PersistentButton, template=POLL_ID + ":withdraw"):
    """Takes a vote back."""

    def __init__(self, poll_id: str | int) -> None:
        self.poll_id = int(poll_id)
        super().__init__(discord.ui.Button(label="Withdraw", custom_id=f"poll:{self.poll_id}:withdraw"))

    async def act(self, interaction: Interaction) -> None:
        """Withdraw."""
        guild_id = guild_of(interaction)
        await interaction.client.stores.polls.withdraw(guild_id, self.poll_id, act_of(interaction))
        interaction.client.dispatch(CHANGED, guild_id, self.poll_id)
        text = f"Your vote in poll {self.poll_id} is withdrawn. The history keeps that there was one."
        await interaction.response.edit_message(content=text, view=None)


class LiftButton(PersistentButton, template=POLL_ID + ":lift:(?P<holder_id>[0-9]{1,20})"):
    """Opens the form to lift a hold."""

    def __init__(self, poll_id: str | int, holder_id: str | int) -> None:
        self.poll_id, self.holder_id = int(poll_id), int(holder_id)
        custom_id = f"poll:{self.poll_id}:lift:{self.holder_id}"
        super().__init__(discord.ui.Button(label="Lift my hold", custom_id=custom_id))

    async def act(self, interaction: Interaction) -> None:
        """Ask for the reason."""
        await LiftForm(self.poll_id, self.holder_id).show(interaction)


class _ReasonForm(PersistentModal):
    """A form with one field, `reason`."""

    title: str
    label: str
    hint: str

    def __init__(self, poll_id: str | int) -> None:
        self.poll_id = int(poll_id)

    @property
    def custom_id(self) -> str:
        """What the submission is routed by."""
        return f"poll:{self.poll_id}:form:{type(self).__name__}"

    def form(self) -> discord.ui.Modal:
        """The form."""
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="reason",
            style=discord.TextStyle.paragraph,
            placeholder=self.hint,
            min_length=REASON_LENGTHS[0],
            max_length=REASON_LENGTHS[-1],
        )
        form = discord.ui.Modal(title=self.title, custom_id=self.custom_id, timeout=None)
        form.add_item(discord.ui.Label(text=self.label, component=field))
        return form


class HoldForm(_ReasonForm):
    """Places a hold."""

    template = re.compile(POLL_ID + ":form:HoldForm")
    title = "Put this task on hold"
    label = "What has to be settled first?"
    hint = "For instance: the talent has not agreed to a voice copy."

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        """Place it, by name."""
        guild_id = guild_of(interaction)
        await interaction.client.stores.polls.hold(guild_id, self.poll_id, act_of(interaction), str(values["reason"]))
        interaction.client.dispatch(CHANGED, guild_id, self.poll_id)
        text = f"✋ Your hold is on poll {self.poll_id}. Until it is lifted, AI may not execute this task."
        view = buttons(LiftButton(self.poll_id, interaction.user.id))
        await interaction.response.send_message(text, view=view, ephemeral=True)


class ReasonForm(_ReasonForm):
    """Adds a reason to a vote."""

    template = re.compile(POLL_ID + ":form:ReasonForm")
    title = "Why do you vote so?"
    label = "Your reason, shown with your name"
    hint = "What would the crew lose, or save?"

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        """Add it."""
        guild_id = guild_of(interaction)
        poll, vote = await interaction.client.stores.polls.add_reason(
            guild_id, self.poll_id, act_of(interaction), str(values["reason"])
        )
        interaction.client.dispatch(CHANGED, guild_id, self.poll_id)
        await interaction.response.send_message(
            cards.receipt(poll, vote), view=receipt_buttons(poll, vote), ephemeral=True
        )


class LiftForm(_ReasonForm):
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
        interaction.client.dispatch(CHANGED, guild_id, self.poll_id)
        await interaction.response.send_message(f"The hold on poll {self.poll_id} is lifted.", ephemeral=True)


def ballot_buttons(poll: Poll) -> discord.ui.View | None:
    """The five buttons of a ballot; None once the poll is closed."""
    if poll.closed_at is not None:
        return None
    votes = [VoteButton(poll.poll_id, choice) for choice in Choice]
    return buttons(*votes, HoldButton(poll.poll_id), MyVoteButton(poll.poll_id))


def receipt_buttons(poll: Poll, vote: Vote | None, *, held_by: int | None = None) -> discord.ui.View:
    """What a voter can do from the receipt; an empty view once the poll is closed."""
    if poll.closed_at is not None:
        return buttons()
    return _receipt_buttons(poll.poll_id, vote is not None, poll.draft.ballot is not Ballot.SECRET, held_by)


@lru_cache(maxsize=256)  # every vote shows them, and building them is a tenth of its cost
def _receipt_buttons(poll_id: int, voted: bool, reasoned: bool, held_by: int | None) -> discord.ui.View:  # noqa: FBT001 - a cache's key
    items: list[discord.ui.Item[Any]] = []
    if voted and reasoned:
        items.append(ReasonButton(poll_id))
    if voted:
        items.append(WithdrawButton(poll_id))
    if held_by is not None:
        items.append(LiftButton(poll_id, held_by))
    return buttons(*items)


BUTTONS = (VoteButton, HoldButton, MyVoteButton, ReasonButton, WithdrawButton, LiftButton)
FORMS = (HoldForm, ReasonForm, LiftForm)
