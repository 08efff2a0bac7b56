"""The buttons and forms of sign-offs. Anyone who sees them may press: the store checks who may do what."""

from collections.abc import Sequence
from typing import Annotated, Any

import discord

from bot.custom_ids import EntryNumber, one_of
from bot.events import SIGNOFF_CHANGED
from bot.ui import Interaction, PersistentButton, PersistentModal, act_of, buttons, guild_of
from cogs.signoffs import cards, receipts
from cogs.signoffs.correcting import correct_button
from cogs.signoffs.history import show_history
from domain.export.filters import Filter, Kind
from domain.signoffs.choices import SignoffVerdict
from domain.signoffs.state import REASON_LENGTH, Signoff

STYLES = {
    SignoffVerdict.SIGNED: discord.ButtonStyle.success,
    SignoffVerdict.REVISE: discord.ButtonStyle.primary,
    SignoffVerdict.DECLINED: discord.ButtonStyle.danger,
}
PRESSES = {"sign": SignoffVerdict.SIGNED, "revise": SignoffVerdict.REVISE, "decline": SignoffVerdict.DECLINED}


class AnswerButton(PersistentButton, custom_id="signoff:{number}:{press}"):
    """Answers the question; the receipt is for the signer alone."""

    number: EntryNumber
    press: Annotated[str, one_of(*PRESSES)]

    @property
    def label(self) -> str:
        return cards.BUTTON_LABELS[PRESSES[self.press]]

    @property
    def style(self) -> discord.ButtonStyle:
        return STYLES[PRESSES[self.press]]

    async def act(self, interaction: Interaction) -> None:
        store, guild_id = interaction.client.stores.signoffs, guild_of(interaction)
        signoff = await store.answer(guild_id, self.number, act_of(interaction), PRESSES[self.press])
        await answer_with_receipt(interaction, signoff)


class WhyButton(PersistentButton, custom_id="signoff:{number}:why"):
    """Opens the form for a reason."""

    number: EntryNumber
    label = "Add why"

    async def act(self, interaction: Interaction) -> None:
        await WhyForm(self.number).show(interaction)


class HistoryButton(PersistentButton, custom_id="signoff:{number}:history"):
    """Shows what the log has about the piece."""

    number: EntryNumber
    label = "History"

    async def act(self, interaction: Interaction) -> None:
        state = await interaction.client.stores.signoffs.get(guild_of(interaction), self.number)
        wanted = Filter(piece=state.request.piece, kind=Kind.SIGNOFFS)
        await show_history(interaction, wanted, *correct_button(state, interaction.user.id))


class ToldButton(PersistentButton, custom_id="signoff:{number}:told"):
    """Records that the client has been told, where a policy asks for it."""

    number: EntryNumber
    label = "Client is told"

    async def act(self, interaction: Interaction) -> None:
        store, guild_id = interaction.client.stores.signoffs, guild_of(interaction)
        signoff = await store.tell_client(guild_id, self.number, act_of(interaction))
        await answer_with_receipt(interaction, signoff)


class TakeBackButton(PersistentButton, custom_id="signoff:take-back:{entry}"):
    """Takes back an answer, or that the client was told."""

    entry: EntryNumber
    label = "Take it back"

    async def act(self, interaction: Interaction) -> None:
        store, guild_id = interaction.client.stores.signoffs, guild_of(interaction)
        signoff = await store.withdraw(guild_id, self.entry, act_of(interaction))
        interaction.client.dispatch(SIGNOFF_CHANGED, guild_id, signoff.request.number)
        text = receipts.receipt(signoff.request, signoff.entry)
        await interaction.response.edit_message(content=text, view=None)


class WhyForm(PersistentModal, custom_id="signoff:{number}:form:why"):
    """Adds a reason to one's answer."""

    number: EntryNumber
    title = "Why do you answer so?"

    def fields(self) -> Sequence[discord.ui.Label[Any]]:
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="reason",
            style=discord.TextStyle.paragraph,
            placeholder="What holds, or what has to be redone?",
            max_length=REASON_LENGTH,
        )
        return [discord.ui.Label(text="Your reason, kept with your name", component=field)]

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        store, guild_id = interaction.client.stores.signoffs, guild_of(interaction)
        signoff = await store.add_reason(guild_id, self.number, act_of(interaction), str(values["reason"]))
        await answer_with_receipt(interaction, signoff)


async def answer_with_receipt(interaction: Interaction, signoff: Signoff) -> None:
    """Tell the signer alone what was recorded; then have the card redrawn, whether or not they got that."""
    bare = signoff.entry.verdict is not None and not signoff.entry.reason
    why = [WhyButton(signoff.request.number)] if bare else []
    try:
        await interaction.response.send_message(
            receipts.receipt(signoff.request, signoff.entry),
            view=buttons(*why, TakeBackButton(signoff.entry.seq)),
            ephemeral=True,
        )
    finally:
        interaction.client.dispatch(SIGNOFF_CHANGED, guild_of(interaction), signoff.request.number)


ITEMS = (AnswerButton, WhyButton, HistoryButton, ToldButton, TakeBackButton)
FORMS = (WhyForm,)
