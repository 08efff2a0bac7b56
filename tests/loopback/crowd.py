"""Many members who vote and sign at once, and what each of them was told."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import Member, Message, Reply
from .stage import CHOICES, Known, Stage

VERDICTS = ("Yes, I sign", "Not yet", "I won't sign")
RECEIPT = re.compile(r"`(\d+:[0-9a-f]{8,64})`")


@dataclass(slots=True)
class Presses:
    """Presses under way: votes with what was chosen, and signatures."""

    votes: dict["asyncio.Task[Reply]", str] = field(default_factory=dict)
    signatures: list["asyncio.Task[Reply]"] = field(default_factory=list)

    @property
    def answered(self) -> int:
        """How many have their answer by now."""
        return sum(task.done() and not task.result().missed for task in [*self.votes, *self.signatures])

    def add(self, others: "Presses") -> None:
        """Take others in."""
        self.votes |= others.votes
        self.signatures += others.signatures

    @property
    def slowest(self) -> float:
        """Seconds that the slowest answer took; infinite if one never came."""
        replies = [task.result() for task in [*self.votes, *self.signatures]]
        return max(float("inf") if reply.missed else reply.waited for reply in replies)

    async def settle(self) -> None:
        """Return once each was answered or has waited in vain."""
        await asyncio.gather(*self.votes, *self.signatures)

    def known_votes(self) -> dict[int, Known]:
        """The votes that were acknowledged, by interaction."""
        settled = {task.result(): choice for task, choice in self.votes.items()}
        return {
            reply.id: Known(reply.member.id, choice)
            for reply, choice in settled.items()
            if f"is **{CHOICES[choice]}**" in reply.content
        }

    def receipts(self) -> list[str]:
        """Number and hash of each entry that was acknowledged."""
        found = [RECEIPT.search(task.result().content) for task in self.signatures]
        return [match[1] for match in found if match]


def pour_in(
    night: Stage, ballot: Message, card: Message, crew: Sequence[Member], signers: Sequence[Member], *, turn: int = 0
) -> Presses:
    """Everyone votes at once and the signers among them sign, in each turn something else and in another order."""
    presses, choices = Presses(), list(CHOICES)
    chosen = [(member, choices[(number + turn) % len(choices)]) for number, member in enumerate(crew)]
    start = turn * len(crew) // 3
    for member, choice in chosen[start:] + chosen[:start]:
        presses.votes[asyncio.create_task(night.vote(member, ballot, choice))] = choice
        if member in signers:
            label = VERDICTS[turn % len(VERDICTS)]
            presses.signatures.append(asyncio.create_task(night.discord.press(member, card, label=label)))
    return presses


def burst(night: Stage, ballot: Message, crew: Sequence[Member], seconds: float) -> Presses:
    """Everyone votes within that time, evenly spread, each for another choice than the one before."""
    presses, choices = Presses(), list(CHOICES)

    async def press(number: int, member: Member, choice: str) -> Reply:
        await asyncio.sleep(seconds * number / len(crew))
        return await night.vote(member, ballot, choice)

    for number, member in enumerate(crew):
        choice = choices[number % len(choices)]
        presses.votes[asyncio.create_task(press(number, member, choice))] = choice
    return presses
