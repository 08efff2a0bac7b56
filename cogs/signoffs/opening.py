"""How a sign-off is opened: the form, what is preselected in it, and the card that follows it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

import discord

from bot.custom_ids import EntryNumber, digits, one_of
from bot.events import SIGNOFF_CHANGED
from bot.i18n import words
from bot.member import roles_of_server
from bot.ui import Interaction, PersistentButton, PersistentModal, act_of, buttons, guild_of
from cogs.signoffs import cards, receipts
from cogs.signoffs.due import DueSelect
from cogs.signoffs.views import PRESSES, AnswerButton, HistoryButton, ToldButton, WhyButton
from domain.decision_log.entries import ERASED
from domain.errors import DomainError
from domain.signoffs.choices import AiUse, ClientTold, Flag, Labelled
from domain.signoffs.request import TOOLS_LENGTH, SignoffRequest, read_form
from domain.signoffs.slate import LINK_LENGTH, PIECE_LENGTH
from domain.signoffs.slate_reader import read_typed, typed
from domain.signoffs.state import Opened, SignoffState, Status

SLATE_LENGTH = PIECE_LENGTH + LINK_LENGTH + 20
SLATE = ":slate"
"""Marks a form with a field for piece and cut; without it, they came with the command."""

DraftId = Annotated[int, digits(19)]
SlateMark = Annotated[str, one_of("", SLATE)]

BLANK = SignoffRequest(0, datetime(1970, 1, 1, tzinfo=UTC), "", 0, ERASED)


class DraftForm(PersistentModal, custom_id="signoff:draft:{draft_id}{slate}"):
    """What AI did to a cut: the form that opens a sign-off. The answers about the piece's last cut are preselected."""

    draft_id: DraftId
    slate: SlateMark = ""
    draft: SignoffRequest = BLANK
    title = "Sign off: what AI did"

    def fields(self) -> Sequence[discord.ui.Label[Any]]:
        return _fields(self.draft, slate=self.slate == SLATE)

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        """Open the sign-off and post its card; a form that was refused can be opened again as it was filled in."""
        stores, guild_id, act = interaction.client.stores, guild_of(interaction), act_of(interaction)
        roles = await roles_of_server(interaction)
        try:
            signoff = await stores.signoffs.open_draft(guild_id, self.draft_id, act, partial(_fill, values), roles)
        except DomainError as error:
            await stores.signoff_drafts.refill(guild_id, self.draft_id, act, partial(_refill, values))
            view = buttons(BackButton(self.draft_id, self.slate))
            await interaction.response.send_message(words(error.key, **error.params), view=view, ephemeral=True)
            return
        if superseded := signoff.request.supersedes:
            interaction.client.dispatch(SIGNOFF_CHANGED, guild_id, superseded)
        await _post(interaction, signoff)


class BackButton(PersistentButton, custom_id="signoff:back:{draft_id}{slate}"):
    """Opens a refused form again, as it was filled in."""

    draft_id: DraftId
    slate: SlateMark = ""
    label = "Back to the form"
    style = discord.ButtonStyle.primary

    async def act(self, interaction: Interaction) -> None:
        drafts, act = interaction.client.stores.signoff_drafts, act_of(interaction)
        draft = await drafts.get(guild_of(interaction), self.draft_id, act)
        await DraftForm(self.draft_id, self.slate, draft=draft).show(interaction)


class NextCutButton(PersistentButton, custom_id="signoff:{number}:next"):
    """Opens the form for the next cut of the piece, with the answers about the last one preselected."""

    number: EntryNumber
    label = "Sign next cut"

    async def act(self, interaction: Interaction) -> None:
        drafts, act = interaction.client.stores.signoff_drafts, act_of(interaction)
        draft = await drafts.keep_next(guild_of(interaction), act, self.number)
        await DraftForm(interaction.id, SLATE, draft=draft).show(interaction)


def _fields(draft: SignoffRequest, *, slate: bool) -> list[discord.ui.Label[Any]]:
    """Return the fields, filled in with the draft."""
    piece: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id="slate",
        default=typed(draft.piece, draft.cut) or None,
        placeholder="Harbour Lights 30s, cut 3",
        max_length=SLATE_LENGTH,
    )
    tools: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id="tools",
        default=draft.tools or None,
        required=False,
        max_length=TOOLS_LENGTH,
        placeholder="Names and versions",
    )
    told = [_option(discord.RadioGroupOption, choice, [draft.client_told]) for choice in ClientTold]
    named = [_label("Piece and cut", piece, "An address to watch it at may follow.")] if slate else []
    return [
        *named,
        _label("What did AI do?", _check_boxes("uses", AiUse, draft.uses)),
        _label("Tools", tools),
        _label("Does the client know that AI took part?", discord.ui.RadioGroup(custom_id="told", options=told)),
        _label("Usually needs written approval", _check_boxes("flags", Flag, draft.flags)),
    ]


def _label(text: str, component: discord.ui.Item[Any], description: str | None = None) -> discord.ui.Label[Any]:
    return discord.ui.Label(text=text, component=component, description=description)


def _option(kind: Any, choice: Labelled, chosen: Any) -> Any:
    return kind(label=choice.label, value=choice.value, default=choice in chosen)


def _check_boxes(custom_id: str, choices: type[Labelled], chosen: Any) -> discord.ui.CheckboxGroup[Any]:
    options = [_option(discord.CheckboxGroupOption, choice, chosen) for choice in choices]
    return discord.ui.CheckboxGroup(custom_id=custom_id, options=options, required=False, min_values=0)


def _fill(values: dict[str, Any], draft: SignoffRequest) -> SignoffRequest:
    """Fill a draft with what its form says.

    Raises:
        DomainError: signoffs.no_cut, if it names no cut.
    """
    filled = _answered(values, draft)
    if not values.get("slate"):
        return filled
    slate = read_typed(str(values["slate"]))
    if slate.cut is None:
        raise DomainError("signoffs.no_cut")
    return replace(filled, piece=slate.piece, cut=slate.cut, link=slate.link or draft.link)


def _refill(values: dict[str, Any], draft: SignoffRequest) -> SignoffRequest:
    """Keep in a draft what was typed, letter by letter."""
    filled = _answered(values, draft)
    return replace(filled, piece=str(values["slate"]), cut=0) if values.get("slate") else filled


def _answered(values: dict[str, Any], draft: SignoffRequest) -> SignoffRequest:
    form = {
        "uses": values.get("uses") or (),
        "tools": str(values.get("tools") or ""),
        "client_told": values.get("told"),
        "flags": values.get("flags") or (),
        "file": draft.file.value if draft.file else None,
    }
    return replace(draft, **read_form(form))


async def _post(interaction: Interaction, signoff: Opened) -> None:
    """Answer with the card, notify those who must sign, remember where it is, and give the opener a receipt."""
    request, guild_id = signoff.request, guild_of(interaction)
    mentions = discord.AllowedMentions(
        everyone=False,
        users=[discord.Object(user.id) for user in request.users if user.id],
        roles=[discord.Object(role) for role in request.roles],
    )
    posted = await interaction.response.send_message(
        receipts.signers_ping(request),
        embed=cards.signoff_card(signoff.state),
        view=signoff_buttons(signoff.state),
        allowed_mentions=mentions,
    )
    if posted.message_id and interaction.channel_id:
        store = interaction.client.stores.signoffs
        await store.set_message(guild_id, request.number, interaction.channel_id, posted.message_id)
    await interaction.followup.send(
        receipts.opener_receipt(signoff.entry), view=buttons(DueSelect(request.number)), ephemeral=True
    )


def signoff_buttons(state: SignoffState) -> discord.ui.View:
    """Return the buttons of a card: what can still be done about this cut, and the next one."""
    return buttons(*card_items(state))


def card_items(state: SignoffState) -> list[discord.ui.Item[Any]]:
    """Return the buttons of a card as a list."""
    number = state.request.number
    if not state.in_force:
        return [HistoryButton(number)]
    if state.stale:
        return [HistoryButton(number), NextCutButton(number)]
    answers = [AnswerButton(number, press) for press in PRESSES]
    told = [ToldButton(number)] if state.untold else []
    following = [] if state.status is Status.OPEN else [NextCutButton(number)]
    return [*answers, WhyButton(number), HistoryButton(number), *told, *following]


ITEMS = (BackButton, NextCutButton, DueSelect)
"""What opening a sign-off adds to the buttons of its card."""
