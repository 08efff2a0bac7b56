"""The buttons and forms of polls. Anyone who sees them may press: the store checks who may do what."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import discord

from bot.events import POLL_CHANGED
from bot.ui import Interaction, PersistentButton, act_of, buttons, guild_of
from cogs.polls import cards
from cogs.polls.forms import PollId, ReasonedForm, say_if_the_role_is_gone
from cogs.polls.holds import HoldButton, HoldForm, LiftButton, LiftForm, LiftSelect, lift_items, liftable
from cogs.polls.outcomes.views import RecordButton, RecordForm, outcome_buttons
from domain.polls.poll import Ballot, Choice, Hold, Poll, Vote


class VoteButton(PersistentButton, custom_id="poll:{poll_id}:vote:{choice}"):
    """Votes, or changes a vote; the receipt is for the voter alone."""

    poll_id: PollId
    choice: Choice

    @property
    def label(self) -> str:
        return cards.CHOICE_LABELS[self.choice]

    @property
    def style(self) -> discord.ButtonStyle:
        return discord.ButtonStyle.secondary if self.choice is Choice.ABSTAIN else discord.ButtonStyle.primary

    async def act(self, interaction: Interaction) -> None:
        """Vote; the ballot is redrawn after the answer, whether or not the voter got it."""
        guild_id, store = guild_of(interaction), interaction.client.stores.polls
        async with say_if_the_role_is_gone(interaction, self.poll_id):
            poll, vote = await store.vote(guild_id, self.poll_id, act_of(interaction), self.choice)
        await _remember_ballot(interaction, poll)
        try:
            await interaction.response.send_message(
                cards.receipt(poll, vote), view=receipt_buttons(poll, vote), ephemeral=True
            )
        finally:
            interaction.client.dispatch(POLL_CHANGED, guild_id, self.poll_id)


async def _remember_ballot(interaction: Interaction, poll: Poll) -> None:
    """Learn from a press where the ballot is, if the bot was killed between posting it and noting that."""
    ballot = interaction.message
    if poll.message_id is None and ballot is not None and not ballot.flags.ephemeral:
        store, guild_id = interaction.client.stores.polls, guild_of(interaction)
        await store.set_message(guild_id, poll.poll_id, ballot.channel.id, ballot.id)


class MyVoteButton(PersistentButton, custom_id="poll:{poll_id}:mine"):
    """Shows people their own vote and holds."""

    poll_id: PollId
    label = "My vote"

    async def act(self, interaction: Interaction) -> None:
        """Show them; moderators also see the holds of others, which they may lift."""
        stores, guild_id, actor = interaction.client.stores, guild_of(interaction), act_of(interaction).actor
        poll = await stores.polls.get(guild_id, self.poll_id)
        vote = await stores.polls.vote_of(guild_id, self.poll_id, actor.id)
        moderator = bool(poll.holds) and await stores.settings.is_moderator(guild_id, actor)
        holds = liftable(poll, actor.id, moderator=moderator)
        await interaction.response.send_message(
            cards.my_vote(poll, vote, actor.id, holds),
            view=receipt_buttons(poll, vote, actor.id, holds),
            ephemeral=True,
        )


class ReasonButton(PersistentButton, custom_id="poll:{poll_id}:reason"):
    """Opens the form for a reason."""

    poll_id: PollId
    label = "Add reason"

    async def act(self, interaction: Interaction) -> None:
        await ReasonForm(self.poll_id).show(interaction)


class WithdrawButton(PersistentButton, custom_id="poll:{poll_id}:withdraw"):
    """Takes a vote back."""

    poll_id: PollId
    label = "Withdraw"

    async def act(self, interaction: Interaction) -> None:
        guild_id = guild_of(interaction)
        await interaction.client.stores.polls.withdraw(guild_id, self.poll_id, act_of(interaction))
        interaction.client.dispatch(POLL_CHANGED, guild_id, self.poll_id)
        text = f"Your vote in poll {self.poll_id} is withdrawn. The history keeps that there was one."
        await interaction.response.edit_message(content=text, view=None)


class ReasonForm(ReasonedForm, custom_id="poll:{poll_id}:form:ReasonForm"):
    """Adds a reason to a vote."""

    title = "Why do you vote so?"
    label = "Your reason, shown with your name"
    hint = "What would the crew lose, or save?"

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        guild_id = guild_of(interaction)
        poll, vote = await interaction.client.stores.polls.add_reason(
            guild_id, self.poll_id, act_of(interaction), str(values["reason"])
        )
        interaction.client.dispatch(POLL_CHANGED, guild_id, self.poll_id)
        # the form was opened from the voter's own receipt, which now says the reason too
        await interaction.response.edit_message(content=cards.receipt(poll, vote), view=receipt_buttons(poll, vote))


def ballot_buttons(poll: Poll) -> discord.ui.View | None:
    """Return the five buttons of a ballot, or the one of an outcome; None if there is nothing to press."""
    if poll.result is not None:
        return outcome_buttons(poll.poll_id)
    if poll.closed_at is not None:
        return None
    votes = [VoteButton(poll.poll_id, choice) for choice in Choice]
    return buttons(*votes, HoldButton(poll.poll_id), MyVoteButton(poll.poll_id))


def receipt_buttons(
    poll: Poll, vote: Vote | None, user_id: int | None = None, holds: Sequence[Hold] = ()
) -> discord.ui.View:
    """Return what a voter can do from the receipt, with `holds` to lift; an empty view once the poll has ended."""
    revocable = vote is not None and poll.closed_at is None
    reasoned = poll.draft.ballot is not Ballot.SECRET
    lifts = lift_items(poll, user_id, holds) if user_id is not None else []
    if revocable and not lifts:
        return _vote_buttons(poll.poll_id, reasoned=reasoned)
    return buttons(*(_vote_items(poll.poll_id, reasoned=reasoned) if revocable else []), *lifts)


@lru_cache(maxsize=256)  # every vote shows these, and building them is a tenth of its cost
def _vote_buttons(poll_id: int, *, reasoned: bool) -> discord.ui.View:
    return buttons(*_vote_items(poll_id, reasoned=reasoned))


def _vote_items(poll_id: int, *, reasoned: bool) -> list[discord.ui.Item[Any]]:
    return [*([ReasonButton(poll_id)] if reasoned else []), WithdrawButton(poll_id)]


ITEMS = (VoteButton, HoldButton, MyVoteButton, ReasonButton, WithdrawButton, LiftButton, LiftSelect, RecordButton)
FORMS = (HoldForm, ReasonForm, LiftForm, RecordForm)
