"""Corrections: the opener of a sign-off fixes a slip on its slate before anybody has answered.

After the first answer that person's name would stand under something they never saw, so a new sign-off is needed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.decision_log.entries import EntryType, LogEntry, NewEntry, Person
from domain.decision_log.kinds import CorrectionEntry, VoidEntry
from domain.errors import DomainError
from domain.people import Act
from domain.signoffs.request import SignoffRequest, check_tools
from domain.signoffs.slate import check_cut, check_link, check_piece


@dataclass(frozen=True, slots=True)
class Correction:
    """The corrected slate. Build it with `Correction.of`, which checks it."""

    piece: str
    cut: int
    link: str
    tools: str

    @classmethod
    def of(cls, piece: str, cut: int, link: str, tools: str) -> "Correction":
        """Check what somebody typed.

        Raises:
            DomainError: signoffs.no_piece, signoffs.piece_too_long, signoffs.bad_cut, signoffs.link_too_long,
                signoffs.bad_link, signoffs.link_expires, signoffs.tools_too_long.
        """
        return cls(check_piece(piece), check_cut(cut), check_link(link), check_tools(tools))

    @classmethod
    def on(cls, request: SignoffRequest) -> "Correction":
        """Return the slate that a request shows."""
        return cls(request.piece, request.cut, request.link, request.tools)

    @classmethod
    def read(cls, entry: LogEntry) -> "Correction":
        """Read the slate from the entry of a correction; it is blank once erased."""
        work = entry.value("work")
        return cls(work.get("piece", ""), work.get("cut", 0), work.get("link", ""), work.get("tools", ""))

    def value(self) -> dict[str, str | int]:
        """Return the slate as a `work` part holds it."""
        return {"piece": self.piece, "cut": self.cut, "link": self.link, "tools": self.tools}


def correct(request: SignoffRequest, act: Act, slate: Correction, *, answered: bool, ended: bool) -> NewEntry:
    """Return the entry that corrects the slate of `request`.

    Raises:
        DomainError: signoffs.not_yours_to_correct, signoffs.correct_ended, signoffs.correct_answered,
            signoffs.nothing_corrected.
    """
    if request.opener.id != act.actor.id:
        raise DomainError("signoffs.not_yours_to_correct", number=request.number)
    if ended:
        raise DomainError("signoffs.correct_ended", number=request.number)
    if answered:
        raise DomainError("signoffs.correct_answered", number=request.number)
    before, after = Correction.on(request).value(), slate.value()
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        raise DomainError("signoffs.nothing_corrected", number=request.number)
    return NewEntry(
        EntryType.CORRECT,
        act.at,
        act.interaction_id,
        refs={"request": request.number, "corrects": request.number},
        facts={"changed": changed},
        who=Person.of(act.actor).value(),
        work=after,
    )


def corrected(request: SignoffRequest, events: Iterable[LogEntry]) -> SignoffRequest:
    """Return `request` after the corrections among `events`; void ones and other entries are ignored.

    A correction whose parts were erased leaves a blank, as an erased request does.
    """
    entries = sorted(events, key=lambda entry: entry.seq)
    void = {VoidEntry.read(entry).voids for entry in entries if entry.type is EntryType.VOID}
    for entry in entries:
        if entry.type is EntryType.CORRECT and entry.seq not in void:
            said = CorrectionEntry.read(entry)
            if said.request == said.corrects == request.number and not said.tells_client:
                request = _apply(request, entry, said)
    return request


def _apply(request: SignoffRequest, entry: LogEntry, said: CorrectionEntry) -> SignoffRequest:
    if said.after_erasure:
        who = entry.value("who")
        return (
            replace(request, opener=Person.read(who), users=tuple(map(Person.read, who["signers"]))) if who else request
        )
    slate = Correction.read(entry)
    return replace(
        request, piece=slate.piece, cut=slate.cut, link=slate.link, tools=slate.tools, corrected_by=entry.seq
    )
