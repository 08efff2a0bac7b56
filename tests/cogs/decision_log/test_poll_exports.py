"""Polls in exports: outcomes among the entries, and the ballots in a second file."""

import csv
import io
import json
from typing import Any

import pytest

from cogs.decision_log.cards import ballots_words
from domain.decision_log.entries import EntryType
from domain.export.columns import BALLOT_COLUMNS
from tests.cogs.decision_log.test_decision_log import check, export, fill
from tests.cogs.polls.acts import EXECUTION, JUDGMENT, answer, open_poll, vote
from tests.cogs.polls.test_outcomes import close_poll, record
from tests.world import World

HOSTILE = "=HYPERLINK(\"https://evil.example\"), 'rough'"
Rows = list[dict[str, str]]


def table(data: bytes) -> Rows:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


async def tables(world: World, **options: Any) -> tuple[Rows, Rows]:
    """Return the producer's CSV of polls: the entries, and the ballots if there are any."""
    message = await export(world, "csv", **{"kind": "polls"} | options)
    files = [await attachment.read() for attachment in message.message.attachments]
    assert len(files) == 1 or "second file" in message.content
    return table(files[0]), table(files[1]) if len(files) > 1 else []


async def two_polls(world: World) -> None:
    """Make one open poll with a reason and a record, and a secret one: three entries."""
    ballot = await open_poll(world, task=HOSTILE, department=world.production.departments["Sound"])
    receipt = await world["Ravi"].click(ballot, label=JUDGMENT)
    form = await world["Ravi"].click(answer(receipt), label="Add reason")
    await world["Ravi"].submit_modal(form, {"reason": "+1 for the pauses"})
    await vote(world, ballot, Gus=EXECUTION)
    card = answer(await world["Lena"].slash(world.channel, "poll close", poll=1))
    await record(world, card, conditions="=Wide shots", note="@all", review="2027-01-01")
    secret = await open_poll(world, "Sam", task="Pick the take", ballot="secret")
    await vote(world, secret, Gus=EXECUTION, Ravi=JUDGMENT)
    await world["Sam"].slash(world.channel, "poll close", poll=2)


async def test_an_export_of_polls_tells_everything_of_their_outcomes(world: World) -> None:
    await fill(world)
    await two_polls(world)
    entries, _ = await tables(world)
    assert [(row["Entry type"], row["Verdict"], row["Poll"]) for row in entries] == [
        ("outcome", "judgment", "1"),
        ("outcome", "judgment", "1"),
        ("outcome", "judgment", "2"),
    ]
    closed, recorded, secret = entries
    assert closed["Task"] == f"'{HOSTILE}"
    assert (closed["Deciding rule"], closed["Turnout"], closed["Quorum"]) == ("no-quorum", "2", "3")
    assert (closed["Votes for execution"], closed["Votes for judgment"], closed["Abstentions"]) == ("1", "1", "0")
    assert (closed["Person"], closed["Dissent"]) == ("Lena Vogt", "")
    assert closed["Link"].startswith("https://discord.com/channels/")
    assert recorded["Who decides"] == f"Mara Lindqvist (u{world['Mara'].id})"
    assert (recorded["Conditions"], recorded["Reason"]) == ("'=Wide shots", "'@all")
    assert recorded["Review (UTC)"] == "2027-01-01T09:00:00.000Z"
    assert recorded["About entry"] == f"supersedes [{closed['Entry no.']}]"
    assert secret["Person"] == "Sam Achebe"


async def test_the_ballots_come_along_and_secret_ones_without_voters(world: World) -> None:
    await two_polls(world)
    _, ballots = await tables(world)
    assert list(ballots[0]) == [header for header, _ in BALLOT_COLUMNS]
    *named, first, second = ballots
    [ravi], [gus] = ([row for row in named if row["Vote"] == choice] for choice in ("judgment", "execution"))
    assert ravi["Voter's Discord id"] == f"u{world['Ravi'].id}"
    assert ravi["Of the owning department"] == "yes"
    assert ravi["Reason"] == "'+1 for the pauses"
    assert gus["Of the owning department"] == "no"
    assert ravi["Time (UTC)"].endswith("Z")
    assert [row["Vote"] for row in (first, second)] == ["execution", "judgment"]
    for row in (first, second):
        hidden = ("Voter's Discord id", "Of the owning department", "Time (UTC)", "Reason")
        assert [row[column] for column in hidden] == [""] * 4


async def test_the_filter_holds_for_ballots_too(world: World) -> None:
    await two_polls(world)
    await close_poll(world, poll=3, task="Extend the sky")
    entries, ballots = await tables(world, verdict="execution")
    assert {row["Poll"] for row in entries} == {row["Poll"] for row in ballots} == {"3"}


@pytest.mark.parametrize(
    ("person", "polls"), [("Lena", ["1", "1"]), ("Mara", ["1", "1"]), ("Ravi", ["1", "1"]), ("Sam", ["2"])]
)
async def test_a_person_finds_the_polls_they_opened_decide_or_voted_in(
    world: World, person: str, polls: list[str]
) -> None:
    await two_polls(world)
    entries, _ = await tables(world, person=world[person])
    assert [row["Poll"] for row in entries] == polls


async def test_a_former_decider_is_found_in_the_record_that_named_them(world: World) -> None:
    card = await close_poll(world)
    await record(world, card)
    await record(world, card, decider=[world["Ines"]])
    entries, _ = await tables(world, person=world["Mara"])
    assert [row["Who decides"].partition(" (")[0] for row in entries] == ["Mara Lindqvist"]


async def test_the_ballots_are_named_in_the_entry_of_the_export(world: World) -> None:
    await two_polls(world)
    await tables(world)
    newest = (await world.bot.stores.decisions.entries(world.guild_id)).entries[0]
    assert newest.type is EntryType.EXPORT
    assert newest.facts["ballots"] == 4
    assert len(newest.facts["ballots_sha256"]) == 64


async def files_in_export(world: World, file_format: str, **options: Any) -> int:
    """Return how many files the producer gets, a minute after the last export."""
    await world.env.advance_time(61)
    return len((await export(world, file_format, **options)).message.attachments)


async def test_exports_without_polls_have_no_second_file(world: World) -> None:
    await fill(world)
    for options in ({"file_format": "csv"}, {"file_format": "jsonl"}, {"file_format": "csv", "kind": "signoffs"}):
        assert await files_in_export(world, **options) == 1
    await two_polls(world)
    assert await files_in_export(world, "csv", kind="signoffs") == 1
    assert await files_in_export(world, "html") == 1
    assert await files_in_export(world, "csv") == await files_in_export(world, "xlsx") == 2


async def test_a_proof_of_polls_verifies_and_names_no_secret_voter(world: World) -> None:
    await fill(world)
    await two_polls(world)
    proof = await export(world, "jsonl", kind="polls")
    [attachment] = proof.message.attachments
    data = await attachment.read()
    assert "intact" in await check(world, data)
    shown = [json.loads(line) for line in data.splitlines()[1:] if b'"body"' in line]
    assert len(shown) == 3
    assert str(world["Ravi"].id) not in json.dumps(shown)


def test_one_ballot_is_one_vote() -> None:
    assert "has 1 vote of" in ballots_words(1)
