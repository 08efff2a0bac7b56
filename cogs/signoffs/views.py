"""The buttons and forms of sign-offs. Anyone who sees them may press: the store checks who may do what."""

import re
from typing import Any

import discord

from bot.events import SIGNOFF_CHANGED
from bot.ui import Interaction, PersistentButton, PersistentModal, act_of, buttons, guild_of
from cogs.signoffs import cards, receipts
from cogs.signoffs.correcting import NUMBER, correct_button
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


class AnswerButton(PersistentButton, template=NUMBER + r":(?P<press>sign|revise|decline)"):
    """Answers the question; the receipt is for the signer alone."""

    def __init__(self, number: str | int, press: str) -> None:
        self.number, self.verdict = int(number), PRESSES[press]
        label, custom_id = cards.BUTTON_LABELS[self.verdict], f"signoff:{self.number}:{press}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, style=STYLES[self.verdict]))

    async def act(self, interaction: Interaction) -> None:
        """Record the answer."""
        store, guild_id = interaction.client.stores.signoffs, guild_of(interaction)
        signoff = await store.answer(guild_id, self.number, act_of(interaction), self.verdict)
        await answer_with_receipt(interaction, signoff)


class WhyButton(PersistentButton, template=NUMBER + ":why"):
    """Opens the form for a reason."""

    def __init__(self, number: str | int) -> None:
        self.number = int(number)
        super().__init__(discord.ui.Button(label="Add why", custom_id=f"signoff:{self.number}:why"))

    async def act(self, interaction: Interaction) -> None:
        """Ask for it."""
        await WhyForm(self.number).show(interaction)


class HistoryButton(PersistentButton, template=NUMBER + ":history"):
    """Shows what the log has about the piece."""

    def __init__(self, number: str | int) -> None:
        self.number = int(number)
        super().__init__(discord.ui.Button(label="History", custom_id=f"signoff:{self.number}:history"))

    async def act(self, interaction: Interaction) -> None:
        """Show its newest page."""
        state = await interaction.client.stores.signoffs.get(guild_of(interaction), self.number)
        wanted = Filter(piece=state.request.piece, kind=Kind.SIGNOFFS)
        await show_history(interaction, wanted, *correct_button(state, interaction.user.id))


class ToldButton(PersistentButton, template=NUMBER + ":told"):
    """Says that the client has been told, where a policy asks for it."""

    def __init__(self, number: str | int) -> None:
        self.number = int(number)
        super().__init__(discord.ui.Button(label="Client is told", custom_id=f"signoff:{self.number}:told"))

    async def act(self, interaction: Interaction) -> None:
        """Record it."""
        store, guild_id = interaction.client.stores.signoffs, guild_of(interaction)
        signoff = await store.tell_client(guild_id, self.number, act_of(interaction))
        await answer_with_receipt(interaction, signoff)


class TakeBackButton(PersistentButton, template=r"signoff:take-back:(?P<entry>[0-9]{1,15})"):
    """Takes back an answer, or the word that the client was told."""

    def __init__(self, entry: str | int) -> None:
        self.entry = int(entry)
        super().__init__(discord.ui.Button(label="Take it back", custom_id=f"signoff:take-back:{self.entry}"))

    async def act(self, interaction: Interaction) -> None:
        """Withdraw it."""
        store, guild_id = interaction.client.stores.signoffs, guild_of(interaction)
        signoff = await store.withdraw(guild_id, self.entry, act_of(interaction))
        interaction.client.dispatch(SIGNOFF_CHANGED, guild_id, signoff.request.number)
        text = receipts.receipt(signoff.request, signoff.entry)
        await interaction.response.edit_message(content=text, view=None)


class WhyForm(PersistentModal):
    """Adds a reason to one's answer."""

    template = re.compile(NUMBER + ":form:why")

    def __init__(self, number: str | int) -> None:
        self.number = int(number)

    def form(self) -> discord.ui.Modal:
        """The form."""
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="reason",
            style=discord.TextStyle.paragraph,
            placeholder="What holds, or what has to be redone?",
            max_length=REASON_LENGTH,
        )
        form = discord.ui.Modal(title="Why do you answer so?", custom_id=f"signoff:{self.number}:form:why")
        form.add_item(discord.ui.Label(text="Your reason, kept with your name", component=field))
        return form

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        """Add it."""
        store, guild_id = interaction.client.stores.signoffs, guild_of(interaction)
        signoff = await store.add_reason(guild_id, self.number, act_of(interaction), str(values["reason"]))
        await answer_with_receipt(interaction, signoff)


async def answer_with_receipt(interaction: Interaction, signoff: Signoff) -> None:
    """Tell the signer alone what was recorded; then have the card brought up to date, whether or not they heard."""
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


BUTTONS = (AnswerButton, WhyButton, HistoryButton, ToldButton, TakeBackButton)
FORMS = (WhyForm,)
