"""Every kind of interaction, through the real bot on a real wire."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.loopback import Kind
from tests.loopback.stage import TYPED, Stage, circle_take, posted, stage, verified, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def night(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with stage(tmp_path_factory.mktemp("features")) as set_up:
        yield set_up


async def test_a_question_is_answered_for_the_asker_alone(night: Stage) -> None:
    asker = night.crowd(1)[0]
    question = "Why do directors turn to AI?"
    reply = await night.discord.slash(asker, night.channel, "faq ask", question=question)
    assert (reply.kind, reply.ephemeral) == (Kind.MESSAGE, True)
    assert "irrelevan" in words(posted(reply))
    unknown = await night.discord.slash(asker, night.channel, "faq ask", question=f"What is {TYPED}?")
    assert TYPED not in reply.content
    assert (unknown.kind, unknown.ephemeral) == (Kind.MESSAGE, True)


async def test_typing_a_question_brings_questions_to_choose_from(night: Stage) -> None:
    reply = await night.discord.autocomplete(night.producer, night.channel, "faq ask", "question", "directors")
    assert reply.kind is Kind.CHOICES
    assert any("director" in choice["name"].lower() for choice in reply.choices)


async def test_a_vote_is_receipted_and_the_ballot_follows(night: Stage) -> None:
    ballot = await night.open_poll(details=TYPED)
    assert ballot in night.discord.messages(night.channel)
    voter = night.crowd(1)[0]
    reply = await night.vote(voter, ballot, "judgment")
    assert reply.ephemeral
    assert "Human judgment" in reply.content
    await night.discord.until(lambda: "**1** Human judgment" in words(ballot), "the ballot to show the vote")


async def test_a_typed_poll_is_found_by_its_words(night: Stage) -> None:
    await night.open_poll()
    reply = await night.discord.autocomplete(night.producer, night.channel, "poll show", "poll", TYPED[:5])
    assert reply.choices
    assert all(TYPED in choice["name"] for choice in reply.choices)


async def test_a_hold_goes_through_its_form(night: Stage) -> None:
    ballot, gaffer = await night.open_poll(), night.crowd(1)[0]
    form = await night.discord.press(gaffer, ballot, label="Hold")
    assert form.kind is Kind.MODAL
    reply = await night.discord.submit(gaffer, form, {"reason": f"{TYPED} is not settled"})
    assert reply.ephemeral
    await night.discord.until(lambda: TYPED in words(ballot).split("On hold")[-1], "the hold on the ballot")


async def test_a_signature_is_exported_and_verified_with_its_receipt(night: Stage, tmp_path: Path) -> None:
    signers = night.crowd(2)
    card = await night.open_signoff(signers, piece=f"Trailer {TYPED}")
    assert all(f"<@{signer.id}>" in card.content for signer in signers)
    signature = await night.discord.press(signers[0], card, label="Yes, I sign")
    assert signature.ephemeral
    receipt = signature.content.split("`")[1]
    proof = tmp_path / "log.jsonl"
    proof.write_bytes(await exported_by_command(night, "jsonl"))
    assert (await verified(proof, [receipt]))[0] == 0
    assert (await verified(proof))[0] == 2
    proof.write_bytes(proof.read_bytes().replace(b"signed", b"revise"))
    assert (await verified(proof, [receipt]))[0] == 1
    reply = await night.discord.slash(night.producer, night.channel, "decision-log export", format="csv")
    assert "a moment ago" in reply.content
    csv = tmp_path / "log.csv"
    arguments = ("--guild", str(night.guild.id), "--format", "csv", "--output", str(csv))
    assert (await circle_take("export", *arguments, DATABASE_PATH=str(night.database)))[0] == 0
    table = csv.read_text(encoding="utf-8")
    assert f"Trailer {TYPED}" in table
    assert "Extra" in table


async def exported_by_command(night: Stage, file_format: str) -> bytes:
    reply = await night.discord.slash(night.producer, night.channel, "decision-log export", format=file_format)
    assert (reply.kind, reply.ephemeral) == (Kind.DEFERRED, True)
    await reply.finished()
    (file,) = reply.files
    assert file.filename.endswith(f".{file_format}")
    return file.data


async def test_a_press_by_someone_not_asked_changes_nothing_and_says_why(night: Stage) -> None:
    signer, passer_by = night.crowd(2)
    card = await night.open_signoff([signer], piece=f"{TYPED} teaser")
    reply = await night.discord.press(passer_by, card, label="Yes, I sign")
    assert reply.ephemeral
    assert "does not ask for your name" in reply.content
