"""`circle-take sandbox --tour`: play a working day in the simulated Discord and check every step."""

import asyncio
import re
import sys
from datetime import timedelta
from typing import Any

from simcord import InteractionResult, MemberActor, ResponseMessage

from bot.host import log
from sandbox.crew import CREW, MODERATOR, Production
from sandbox.transcript import Transcript, button_labels
from sandbox.world import running

PIECE = "Harbour Lights 30s"


class StepFailed(Exception):
    """A step of the day went wrong; the message says which, and what was seen instead."""


def main() -> int:
    """Play the day, print it, and return 0 if every step went right, else 1."""
    log.set_up("WARNING", "text")
    try:
        asyncio.run(_play())
    except StepFailed as failure:
        print(f"\ncircle-take: the tour stopped: {failure}", file=sys.stderr)
        return 1
    print("\nEvery step came out right.")
    return 0


async def _play() -> None:
    async with running() as production:
        day = Day(production)
        await day.ask()
        await day.decide()
        await day.sign()
        log_file = await day.export()
        await day.verify(log_file)


class Day:
    """The steps of the day, each with what must be seen."""

    def __init__(self, production: Production) -> None:
        self._production = production
        self._env = production.env
        self._crew, self._delivery = production.channels["crew"], production.channels["delivery"]
        names = {member.id: name for name, member in production.people.items()}
        names |= {role.id: name for name, role in production.departments.items()}
        self._transcript = Transcript(names)

    async def ask(self) -> None:
        """Ask a question that the essays answer, and one that they do not."""
        self._transcript.heading("Morning: questions")
        answer = await self._slash("Gus", "faq ask", question="which jobs are safe from AI?")
        self._see(answer, "creative direction", "From the essay")
        answer = await self._slash("Priya", "faq ask", question="where can I rent a generator tonight?")
        self._see(answer, "do not cover that")

    async def decide(self) -> None:
        """Play two polls: a hold leaves one to a human, and the crew gives the other to AI."""
        self._transcript.heading("Before lunch: the crew draws its line")
        editorial = self._production.departments["Editorial"]
        await self._slash(
            "Mara", "poll open", task="Cut-down versions of the voice-over with a cloned voice", closes="2h",
            department=editorial,
        )  # fmt: skip
        await self._press("Gus", self._ballot(), "AI may execute")
        await self._press("Tomasz", self._ballot(), "AI may execute")
        vote = await self._press("Lena", self._ballot(), "Human judgment")
        reason = await self._press("Lena", vote.response, "Add reason")
        await self._submit("Lena", reason, reason="The pauses carry the joke; nobody would hear that in a copy.")
        hold = await self._press("Ravi", self._ballot(), "Hold")
        await self._submit("Ravi", hold, reason="The talent has not agreed to a copy of her voice.")
        await self._pass_time(hours=2)
        self._see_channel("A human judges", "hold was never lifted", "The pauses carry the joke")

        await self._slash("Lena", "poll open", task="Transcript sync of the interviews", closes="1h", quorum=3)
        for person in ("Lena", "Sam", "Ravi"):
            await self._press(person, self._ballot(), "AI may execute")
        closed = await self._slash("Lena", "poll close", poll=2)
        self._see(closed, "AI may execute", "Quorum met")
        form = await self._press("Lena", closed.response, "Record outcome")
        conditions = "Sam checks every name before the lock."
        recorded = await self._submit("Lena", form, decider=[self._person("Sam")], conditions=conditions)
        self._see(recorded, "Recorded for poll 2", "receipt")
        self._see(await self._slash("Gus", "poll verdicts", task="transcripts"), "Sam checks", "Sam Achebe decides")

    async def sign(self) -> None:
        """Set a policy, send a cut back, and sign the next one."""
        self._transcript.heading("Afternoon: a name under the cut")
        direction = self._production.departments["Direction"].mention
        policy = await self._slash(MODERATOR, "decision-log policy", piece="Harbour*", signers=direction)
        self._see(policy, "Harbour*", "Direction")
        await self._open_signoff(cut=1, uses=["transcript", "likeness"])
        self._see_channel("Poll 1", "stays with people", channel=self._delivery)
        not_yet = await self._press("Mara", self._card(), "Not yet")
        why = await self._press("Mara", not_yet.response, "Add why")
        await self._submit("Mara", why, reason="The edit is correct and nobody chose it. Find the take with the laugh.")
        refused = await self._press("Gus", self._card(), "Yes, I sign")
        self._see(refused, "nothing was recorded")
        form = await self._press("Lena", self._card(), "Sign next cut")
        posted = await self._submit(
            "Lena", form, slate=f"{PIECE}, cut 2", uses=["transcript"], tools="Interview sync 4.1", told="told"
        )
        self._see(posted, PIECE, "cut 2", "Mara")
        signed = await self._press("Mara", self._card(), "Yes, I sign")
        self._see(signed, "receipt")
        await self._pass_time(seconds=5)
        self._see_channel("cleared", channel=self._delivery)
        status = await self._slash("Lena", "signoff status", piece=PIECE)
        self._see(status, "cleared", "cut 2")

    async def export(self) -> bytes:
        """Export the log as its moderator, and return the file."""
        self._transcript.heading("Wrap: the record")
        table = await self._slash(MODERATOR, "decision-log export", format="csv")
        self._see(table, ".csv")
        await self._pass_time(seconds=60)
        proof = await self._slash(MODERATOR, "decision-log export", format="jsonl")
        self._see(proof, ".jsonl")
        await self._pass_time(seconds=60)
        self._see(await self._slash(MODERATOR, "decision-log export", format="html"), ".html")
        return await _messages(proof)[-1].attachments[0].read()

    async def verify(self, log_file: bytes) -> None:
        """Verify the log, the export, and a copy that somebody changed."""
        self._see(await self._slash(MODERATOR, "decision-log verify"), "intact")
        export = ("decision-log.jsonl", log_file)
        self._see(await self._slash(MODERATOR, "decision-log verify", file=export), "intact")
        tampered = re.sub(rb'\\"verdict\\":\\"revise\\"', rb'\\"verdict\\":\\"signed\\"', log_file, count=1)
        if tampered == log_file:
            raise StepFailed("the export holds no verdict to tamper with")
        self._transcript.note("Somebody changes “not yet” into “signed” in a copy of the file.")
        changed = await self._slash(MODERATOR, "decision-log verify", file=("decision-log.jsonl", tampered))
        self._see(changed, "broken")

    async def _open_signoff(self, cut: int, uses: list[str]) -> None:
        form = await self._slash(
            "Lena", "signoff open", self._delivery, piece=PIECE, cut=cut, link="https://review.example/harbour-lights",
            signers=self._person("Mara").mention,
        )  # fmt: skip
        posted = await self._submit(
            "Lena", form, uses=uses, tools="Interview sync 4.1", told="told", flags=["final"]
        )  # fmt: skip
        self._see(posted, PIECE, f"cut {cut}")

    async def _slash(self, person: str, command: str, channel: Any = None, **options: Any) -> InteractionResult:
        member = self._person(person)
        self._transcript.act(self._name(member), f"/{command}  {self._shown(options)}".rstrip())
        result = await member.slash(channel or self._crew, command, **options)
        self._print(result)
        return result

    async def _press(self, person: str, message: Any, label: str) -> InteractionResult:
        member = self._person(person)
        self._transcript.act(self._name(member), f"presses [{label}]")
        result = await member.click(message, label=label)
        self._print(result)
        return result

    async def _submit(self, person: str, form: InteractionResult, **values: Any) -> InteractionResult:
        member = self._person(person)
        self._transcript.act(self._name(member), f"fills in the form  {self._shown(values)}")
        result = await member.submit_modal(form, values)
        self._print(result)
        return result

    async def _pass_time(self, *, hours: float = 0, seconds: float = 0) -> None:
        span = timedelta(hours=hours, seconds=seconds)
        await self._env.advance_time(span.total_seconds() + 1)
        if hours:
            self._transcript.note(f"{hours:g} hours pass.")

    def _print(self, result: InteractionResult) -> None:
        self._transcript.now = self._env.now()
        if result.modal:
            self._transcript.note(f"A form opens: “{result.modal['title']}”")
        for message in _messages(result):
            if message.content or message.embeds or message.attachments:
                self._transcript.answer(message, alone=message.ephemeral, labels=button_labels(message.components))

    def _see(self, result: InteractionResult, *expected: str) -> None:
        seen = [line for message in _messages(result) for line in self._transcript.lines(message)]
        self._expect("\n".join(seen), expected)

    def _see_channel(self, *expected: str, channel: Any = None) -> None:
        last = (channel or self._crew).last_message
        if last is None:
            raise StepFailed("the channel is empty")
        self._transcript.now = self._env.now()
        self._transcript.note("In the channel now stands:")
        self._transcript.answer(last, alone=False)
        self._expect("\n".join(self._transcript.lines(last)), expected)

    def _expect(self, seen: str, expected: tuple[str, ...]) -> None:
        for text in expected:
            if text.casefold() not in seen.casefold():
                raise StepFailed(f"“{text}” was expected, but this was seen:\n{seen}")

    def _ballot(self) -> Any:
        return self._crew.last_message

    def _card(self) -> Any:
        return self._delivery.last_message

    def _person(self, name: str) -> MemberActor:
        return self._production.person(name)

    def _name(self, member: MemberActor) -> str:
        name = next(name for name, person in self._production.people.items() if person.id == member.id)
        return f"{name} ({', '.join(CREW[name])})"

    def _shown(self, options: dict[str, Any]) -> str:
        return "  ".join(f"{name}: {self._transcript.plain(_as_text(value))}" for name, value in options.items())


def _messages(result: InteractionResult) -> list[ResponseMessage]:
    """Return the bot's answers in order."""
    return ([result.response] if result.response else []) + result.followups


def _as_text(value: Any) -> str:
    if isinstance(value, tuple):
        return f"📎 {value[0]}"
    if isinstance(value, list):
        return ", ".join(map(_as_text, value))
    return f"@{value.name}" if hasattr(value, "name") else str(value)
