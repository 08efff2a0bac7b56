"""The buttons and forms of sign-offs. Anyone who sees them may press: the store checks who may do what."""

import re
from dataclasses import replace
from functools import partial
from typing import Any

import discord

from bot.ui import Interaction, PersistentButton, PersistentModal, act_of, buttons, guild_of
from cogs.signoffs import cards, correcting
from cogs.signoffs.correcting import NUMBER, correct_button
from cogs.signoffs.history import show_history
from db.signoffs import Signoff
from domain.choices import AiUse, ClientTold, Flag, Labelled, Verdict
from domain.exports import Filter, Kind
from domain.signoff_request import TOOLS_LENGTH
from domain.signoffs import REASON_LENGTH, SignoffRequest, SignoffState, Status

CHANGED = correcting.CHANGED

STYLES = {
    Verdict.SIGNED: discord.ButtonStyle.success,
    Verdict.REVISE: discord.ButtonStyle.primary,
    Verdict.DECLINED: discord.ButtonStyle.danger,
}
PRESSES = {"sign": Verdict.SIGNED, "revise": Verdict.REVISE, "decline": Verdict.DECLINED}


class AnswerButton(PersistentButton, template=NUMBER + r":(?P<press>sign|revise|decline)"):
    """Answers the question; the receipt is for the signer alone."""

    def __init__(self, number: str | int, press: str) -> None:
        self.number, self.verdict = int(number), PRESSES[press]
        label, custom_id = cards.BUTTON_LABELS[self.verdict], f"signoff:{self.number}:{press}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, style=STYLES[self.verdict]))

    async def act(self, interaction: Interaction) -> None:
        """Record the answer."""
        store, guild_id = interaction.client.stores.signoffs, guild_of(interaction)
        signoff = await store.decide(guild_id, self.number, act_of(interaction), self.verdict)
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


class TakeBackButton(PersistentButton, template=r"signoff:take-back:(?P<entry>[0-9]{1,15})"):
    """Takes an answer back."""

    def __init__(self, entry: str | int) -> None:
        self.entry = int(entry)
        super().__init__(discord.ui.Button(label="Take it back", custom_id=f"signoff:take-back:{self.entry}"))

    async def act(self, interaction: Interaction) -> None:
        """Withdraw it."""
        store, guild_id = interaction.client.stores.signoffs, guild_of(interaction)
        signoff = await store.withdraw(guild_id, self.entry, act_of(interaction))
        interaction.client.dispatch(CHANGED, guild_id, signoff.state.request.number)
        text = cards.receipt(signoff.state, signoff.entry)
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


class DraftForm(PersistentModal):
    """What AI did to a cut: the form that opens a sign-off. Piece, cut, link and signers wait in the store."""

    template = re.compile(r"signoff:draft:(?P<draft_id>[0-9]{1,19})")

    def __init__(self, draft_id: str | int) -> None:
        self.draft_id = int(draft_id)

    def form(self) -> discord.ui.Modal:
        """The form."""
        tools: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="tools", required=False, max_length=TOOLS_LENGTH, placeholder="Names and versions"
        )
        told = [_option(discord.RadioGroupOption, choice, ClientTold.NOT_KNOWN) for choice in ClientTold]
        fields: dict[str, discord.ui.Item[Any]] = {
            "What did AI do?": _check_boxes("uses", AiUse),
            "Tools": tools,
            "Does the client know that AI took part?": discord.ui.RadioGroup(custom_id="told", options=told),
            "Usually needs written approval": _check_boxes("flags", Flag),
        }
        form = discord.ui.Modal(title="What AI did to this cut", custom_id=f"signoff:draft:{self.draft_id}")
        for label, component in fields.items():
            form.add_item(discord.ui.Label(text=label, component=component))
        return form

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        """Open the sign-off and post its card."""
        store, guild_id = interaction.client.stores.signoffs, guild_of(interaction)
        fill = partial(_fill, values)
        signoff = await store.open_draft(guild_id, self.draft_id, act_of(interaction), fill)
        await _post(interaction, signoff)
        if superseded := signoff.entry.refs.get("supersedes"):
            interaction.client.dispatch(CHANGED, guild_id, superseded)


def _option(kind: Any, choice: Labelled, default: Labelled | None = None) -> Any:
    return kind(label=choice.label, value=choice.value, default=choice is default)


def _check_boxes(custom_id: str, choices: type[Labelled]) -> discord.ui.CheckboxGroup[Any]:
    options = [_option(discord.CheckboxGroupOption, choice) for choice in choices]
    return discord.ui.CheckboxGroup(custom_id=custom_id, options=options, required=False, min_values=0)


def _fill(values: dict[str, Any], draft: SignoffRequest) -> SignoffRequest:
    """The request that a draft becomes with what its form says."""
    return replace(
        draft,
        uses=tuple(use for use in AiUse if use in (values.get("uses") or ())),
        tools=str(values.get("tools") or ""),
        client_told=next((told for told in ClientTold if told == values.get("told")), ClientTold.NOT_KNOWN),
        flags=tuple(flag for flag in Flag if flag in (values.get("flags") or ())),
    )


async def _post(interaction: Interaction, signoff: Signoff) -> None:
    """Answer with the card, calling those who must sign, and remember where it stands."""
    request = signoff.state.request
    mentions = discord.AllowedMentions(
        everyone=False,
        users=[discord.Object(user.id) for user in request.users if user.id],
        roles=[discord.Object(role) for role in request.roles],
    )
    posted = await interaction.response.send_message(
        cards.call(request),
        embed=cards.signoff_card(signoff.state),
        view=signoff_buttons(signoff.state),
        allowed_mentions=mentions,
    )
    if posted.message_id and interaction.channel_id:
        await interaction.client.stores.signoffs.set_message(
            guild_of(interaction), request.number, interaction.channel_id, posted.message_id
        )


async def answer_with_receipt(interaction: Interaction, signoff: Signoff) -> None:
    """Tell the signer alone what was recorded, and have the card brought up to date."""
    interaction.client.dispatch(CHANGED, guild_of(interaction), signoff.state.request.number)
    why = [] if signoff.entry.reason else [WhyButton(signoff.state.request.number)]
    await interaction.response.send_message(
        cards.receipt(signoff.state, signoff.entry),
        view=buttons(*why, TakeBackButton(signoff.entry.seq)),
        ephemeral=True,
    )


def signoff_buttons(state: SignoffState, *more: discord.ui.Item[Any]) -> discord.ui.View:
    """The buttons of a card, and `more`; only its history once nobody can sign any more."""
    number = state.request.number
    if state.stale or state.status in {Status.WITHDRAWN, Status.VOID}:
        return buttons(HistoryButton(number), *more)
    answers = (AnswerButton(number, press) for press in PRESSES)
    return buttons(*answers, WhyButton(number), HistoryButton(number), *more)


BUTTONS = (AnswerButton, WhyButton, HistoryButton, TakeBackButton)
FORMS = (DraftForm, WhyForm)
