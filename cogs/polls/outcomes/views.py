"""The button and the form that record an outcome."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.discord_limits import CHOICES
from bot.events import OUTCOME_RECORDED
from bot.incoming import number
from bot.member import picked
from bot.ui import Interaction, PersistentButton, PersistentModal, act_of, buttons, guild_of, option
from cogs.polls.cards import VERDICT_LABELS
from cogs.polls.forms import PollId
from cogs.polls.outcomes import cards
from cogs.polls.outcomes.review_dates import LONGEST_TYPED, review_date
from domain.decision_log.entries import Person
from domain.errors import DomainError
from domain.people import Act
from domain.polls.outcomes import CONDITIONS_LENGTH, NOTE_LENGTH, OutcomeRecord, PollOutcome
from domain.polls.precedents import Precedent, nearest


class RecordButton(PersistentButton, custom_id="poll:{poll_id}:record"):
    """Opens the form, for the person who opened the poll and for moderators."""

    poll_id: PollId
    label = "Record outcome"

    async def act(self, interaction: Interaction) -> None:
        store, act = interaction.client.stores.outcomes, act_of(interaction)
        outcome, others = await store.to_record(guild_of(interaction), self.poll_id, act)
        form = RecordForm(self.poll_id, outcome=outcome, others=others, user_id=act.actor.id)
        await form.show(interaction)


class RecordForm(PersistentModal, custom_id="poll:{poll_id}:form:record"):
    """Records who decides, under which conditions, and when the crew looks at it again.

    Attributes:
        outcome: what the form is filled in with; not needed to receive it.
        others: what else is in the line: the form offers to replace one of them.
        user_id: who decides if nobody else is picked.
    """

    poll_id: PollId
    outcome: PollOutcome | None = None
    others: Sequence[Precedent] = ()
    user_id: int = 0

    @property
    def title(self) -> str:
        return f"Outcome of poll {self.poll_id}"

    def fields(self) -> Sequence[discord.ui.Label[Any]]:
        """Return five fields at most, which is all that Discord takes."""
        conditions = _text("conditions", CONDITIONS_LENGTH, "Scene, tool, version; who checks it, and when")
        conditions.default = self.outcome.conditions if self.outcome else None
        review: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="review",
            required=False,
            max_length=LONGEST_TYPED,
            placeholder="in 3 months, 2027-03-01, next Friday",
        )
        note = _text("note", NOTE_LENGTH, "What should somebody know who reads this in a year?")
        note.default = self.outcome.note if self.outcome else None
        fields = [
            discord.ui.Label(text="Who decides from here?", component=self._decider()),
            discord.ui.Label(text="Conditions", component=conditions),
            discord.ui.Label(text="Look at it again", component=review),
            discord.ui.Label(text="Note", component=note),
        ]
        if self.others:
            fields.append(discord.ui.Label(text="Does it replace another verdict?", component=self._replaces()))
        return fields

    def _decider(self) -> discord.ui.UserSelect[Any]:
        standing = self.outcome.decider if self.outcome else None
        user_id = standing.id if standing and standing.id else self.user_id
        default = [discord.SelectDefaultValue(id=user_id, type=discord.SelectDefaultValueType.user)]
        return discord.ui.UserSelect(custom_id="decider", default_values=default if user_id else [], required=True)

    def _replaces(self) -> discord.ui.Select[Any]:
        """Offer verdicts on similar tasks first, then the newest."""
        task = self.outcome.poll.draft.task if self.outcome else ""
        likely = dict.fromkeys((*nearest(task, self.others, CHOICES), *self.others))
        options = [
            option(f"Poll {other.poll_id} · {other.task}", other.poll_id, description=VERDICT_LABELS[other.verdict])
            for other in list(likely)[:CHOICES]
        ]
        return discord.ui.Select(
            custom_id="replaces", placeholder="None", min_values=0, max_values=1, required=False, options=options
        )

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        """Record the outcome and redraw the card from which the form was opened."""
        guild_id, act, client = guild_of(interaction), act_of(interaction), interaction.client
        record = await self._read(interaction, act, values)
        outcome, entry = await client.stores.outcomes.record(guild_id, self.poll_id, act, record)
        client.dispatch(OUTCOME_RECORDED)
        await interaction.response.send_message(cards.record_receipt(outcome, entry), ephemeral=True)
        await self._redraw(interaction, outcome)

    async def _read(self, interaction: Interaction, act: Act, values: dict[str, Any]) -> OutcomeRecord:
        settings = await interaction.client.stores.settings.get(guild_of(interaction))
        return OutcomeRecord.of(
            _person(interaction, number(next(iter(values.get("decider") or ()), str(act.actor.id)))),
            at=act.at,
            conditions=str(values.get("conditions") or ""),
            note=str(values.get("note") or ""),
            review_at=await review_date(str(values.get("review") or ""), now=act.at, zone=settings.zone),
            replaces=next(map(number, values.get("replaces") or ()), None),
        )

    async def _redraw(self, interaction: Interaction, outcome: PollOutcome) -> None:
        """Redraw the card with the button, if it is not the ballot itself, which is redrawn like all ballots."""
        card = interaction.message
        if card is not None and card.id != outcome.poll.message_id and not card.flags.ephemeral:
            guild_id, client = guild_of(interaction), interaction.client
            votes = await client.stores.polls.votes(guild_id, self.poll_id)
            await client.posts.edit(card.channel.id, card.id, embed=cards.outcome_card(guild_id, outcome, votes))


def _text(custom_id: str, limit: int, placeholder: str) -> discord.ui.TextInput[Any]:
    return discord.ui.TextInput(
        custom_id=custom_id,
        style=discord.TextStyle.paragraph,
        required=False,
        max_length=limit,
        placeholder=placeholder,
    )


def _person(interaction: Interaction, user_id: int) -> Person:
    """Return the person picked in the form, as Discord sent them; only their id if it did not.

    Raises:
        DomainError: outcomes.bot_decides.
    """
    found = picked(interaction, user_id)
    if found is None:
        return Person(user_id, str(user_id))
    if found.bot:
        raise DomainError("outcomes.bot_decides", user_id=user_id)
    return found.person


def outcome_buttons(poll_id: int) -> discord.ui.View:
    """Return the button below an outcome."""
    return buttons(RecordButton(poll_id))
