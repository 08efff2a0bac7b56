"""What sign-offs look like. The wording of the card is here; the question itself is `domain/decisions.py: QUESTION`."""

from collections.abc import Iterable, Sequence

import discord

from bot.ui import ACCENT, BLUE, GREEN, RED, escape
from domain.choices import Labelled, Verdict
from domain.decisions import QUESTION, Entry, EntryType, Person
from domain.signoffs import SignoffRequest, SignoffState, Status

BUTTON_LABELS = {Verdict.SIGNED: "Yes, I sign", Verdict.REVISE: "Not yet", Verdict.DECLINED: "I won't sign"}
VERDICT_MARKS = {Verdict.SIGNED: "✅", Verdict.REVISE: "✋", Verdict.DECLINED: "⛔"}
STATUS_LABELS = {
    Status.OPEN: "waiting for names",
    Status.CLEARED: "cleared",
    Status.REVISE: "not yet",
    Status.DECLINED: "declined",
    Status.WITHDRAWN: "taken back",
    Status.VOID: "void",
}
STATUS_COLOURS = {
    Status.OPEN: ACCENT,
    Status.CLEARED: GREEN,
    Status.REVISE: BLUE,
    Status.DECLINED: RED,
    Status.WITHDRAWN: discord.Colour.dark_grey(),
    Status.VOID: discord.Colour.dark_grey(),
}
WAITING = "▫️ waiting"
NOBODY = "*(erased)*"
REASONS_SHOWN = 6


def signoff_card(state: SignoffState) -> discord.Embed:
    """The card of a sign-off: the cut, what AI did to it, the question, and who has answered what."""
    request = state.request
    colour = discord.Colour.dark_grey() if state.stale else STATUS_COLOURS[state.status]
    title = f"Sign-off {request.number} · {STATUS_LABELS[state.status]}"
    card = discord.Embed(title=title, description=_description(state), colour=colour)
    card.add_field(name=f"Who signs · {state.signed} of {request.need}", value=_signers(state), inline=False)
    card.add_field(name="What AI did", value=_labels(request.uses) or "Nothing was ticked", inline=False)
    if request.tools:
        card.add_field(name="Tools", value=escape(request.tools, 400))
    card.add_field(name="Client told about AI", value=request.client_told.label)
    if request.flags:
        card.add_field(name="⚠️ Usually needs written approval", value=_labels(request.flags), inline=False)
    _add_reasons(card, state.standing)
    return card.set_footer(text=f"{QUESTION.note} The answer is an entry of the decision log.")


def slate(request: SignoffRequest) -> str:
    """Piece and cut, safe to show."""
    return f"**{escape(request.piece, 250)}**, cut {request.cut}" if request.piece else "a piece whose name was erased"


def _description(state: SignoffState) -> str:
    request = state.request
    link = f" · [watch it]({_address(request.link)})" if request.link else ""
    lines = [slate(request) + link, f"Asked by {name_of(request.opener)}"]
    if state.stale:
        lines.append(f"🔁 **A newer cut is up** (sign-off {state.newer}): names here say nothing about it.")
    if request.corrected_by:
        lines.append(
            f"✏️ Corrected: entry {request.corrected_by} says this, entry {request.number} what stood here before."
        )
    lines += [f"🚫 A moderator marked entry {number} as void." for number in state.void]
    if state.status in {Status.WITHDRAWN, Status.VOID}:
        lines.append(f"This sign-off was {STATUS_LABELS[state.status]}.")
    return "\n".join([*lines, "", f"**{QUESTION.title}**", QUESTION.detail])


def _address(link: str) -> str:
    """The link as it can stand between brackets: what would end it early is percent-encoded."""
    return link.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")


def _signers(state: SignoffState) -> str:
    request = state.request
    decided = {place: entry for entry in state.standing for place in entry.facts["fills"]}
    users = [f"**{name_of(user)}** · {_answer(decided.get(f'user:{n}'))}" for n, user in enumerate(request.users)]
    roles = [f"<@&{role}> · {_answer(decided.get(f'role:{role}'), named=True)}" for role in request.roles]
    return _lines([*users, *roles])


def _answer(entry: Entry | None, *, named: bool = False) -> str:
    if entry is None:
        return WAITING
    by = f" by {name_of(entry.person)}" if named else ""
    when = discord.utils.format_dt(entry.at, "R")
    return f"{verdict_words(entry)}{by}, {when} (entry {entry.seq})"


def verdict_words(entry: Entry) -> str:
    """A decision's verdict with its mark."""
    verdict = next(verdict for verdict in Verdict if verdict == entry.verdict)
    return f"{VERDICT_MARKS[verdict]} {verdict.label}"


def name_of(person: Person | None) -> str:
    """A person by the name that the log keeps: phones show mentions in a card as bare numbers now and then."""
    if person is None or not person.id:
        return NOBODY
    return f"<@{person.id}>" if person.name == str(person.id) else escape(person.name, 64)


def _labels(choices: Iterable[Labelled]) -> str:
    return ", ".join(choice.label for choice in choices)


def _add_reasons(card: discord.Embed, standing: Sequence[Entry]) -> None:
    reasons = [entry for entry in standing if entry.reason]
    lines = [
        f"{verdict_words(entry)} · {name_of(entry.person)}: {escape(entry.reason, 150)}"
        for entry in reasons[-REASONS_SHOWN:]
    ]
    if lines:
        card.add_field(name="Why", value=_lines(lines), inline=False)


def _lines(lines: Sequence[str], limit: int = 1024) -> str:
    """As many whole lines as fit, and how many do not."""
    shown = list(lines)
    while len(text := "\n".join([*shown, *_more(len(lines) - len(shown))])) > limit:
        shown.pop()
    return text


def _more(hidden: int) -> list[str]:
    return [f"and {hidden} more"] if hidden else []


def call(request: SignoffRequest) -> str:
    """The line above a new card that calls those who must sign."""
    names = [*(f"<@{user.id}>" for user in request.users if user.id), *(f"<@&{role}>" for role in request.roles)]
    return f"{' '.join(names)} your name is asked for." if names else "Names are asked for."


def receipt(state: SignoffState, entry: Entry) -> str:
    """What a signer alone sees: what was recorded, and how to prove it later."""
    withdrawn = entry.refs.get("withdraws")
    done = f"Entry {withdrawn} is taken back" if withdrawn else verdict_words(entry)
    reason = f"\nYour reason: {escape(entry.reason, 700)}" if entry.reason else ""
    return (
        f"Recorded: {done} · {slate(state.request)}{reason}\n"
        f"Your receipt: `{entry.receipt}` (number and hash of the entry). Keep it somewhere that is yours: it proves "
        f"against any export whether this entry was changed.{_what_next(entry)}"
    )


def _what_next(entry: Entry) -> str:
    if entry.type is EntryType.WITHDRAW:
        return "\nWhat was taken back stays in the log, and so does this."
    return f"\nChanged your mind? Press another button, or `/signoff withdraw` with entry {entry.seq}."


def waiting_card(guild_id: int, waiting: Sequence[tuple[SignoffState, tuple[int, int] | None]]) -> discord.Embed:
    """What awaits the reader's signature, each with channel and message of its card if one was posted."""
    card = discord.Embed(title="Waiting for your name", colour=ACCENT)
    lines = [_waiting_line(guild_id, state.request, posted) for state, posted in waiting]
    card.description = _lines(lines, 4096) or "Nothing awaits your signature."
    return card


def _waiting_line(guild_id: int, request: SignoffRequest, posted: tuple[int, int] | None) -> str:
    asked = discord.utils.format_dt(request.opened_at, "R")
    where = f"sign-off {request.number}"
    if posted:
        channel_id, message_id = posted
        where = f"[{where}](https://discord.com/channels/{guild_id}/{channel_id}/{message_id})"
    return f"{where} · {slate(request)} · asked {asked}"
