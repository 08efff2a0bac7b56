"""Exports and checks of the decision log, through the real bot in a simulated Discord."""

import csv
import io
import json
from importlib import import_module
from typing import Any, cast

import pytest
import simcord
from simcord.results import ResponseMessage

from bot.export.file import MIN_BYTES, Format
from bot.i18n import words
from cogs.decision_log.cog import DecisionLog
from domain.decision_log.entries import EntryType, LogEntry
from domain.signoffs.choices import SignoffVerdict
from sandbox.crew import Production
from tests.db.decision_log.log_world import CAMERA, DIRECTOR, EDITOR, act, request
from tests.world import World, text_of, words_of

HOSTILE = "=cmd|' /C calc'!A0, \"x\" <b>"


async def fill(world: World, guild_id: int | None = None) -> None:
    """Make two sign-offs, one of them answered twice: entries 1 to 5."""
    store, guild_id = world.bot.stores.signoffs, guild_id or world.guild_id
    opened = await store.open(guild_id, act(EDITOR), request())
    await store.answer(guild_id, opened.entry.seq, act(DIRECTOR), SignoffVerdict.REVISE)
    await store.add_reason(guild_id, opened.entry.seq, act(DIRECTOR), "Six fingers in shot 4")
    await store.open(guild_id, act(EDITOR), request(HOSTILE, roles=(CAMERA,)))


async def entries_of(world: World) -> tuple[LogEntry, ...]:
    """Return the newest entries of the log, newest first."""
    return (await world.bot.stores.decisions.entries(world.guild_id, limit=50)).entries


def answer(result: simcord.InteractionResult) -> ResponseMessage:
    """Return what the bot answered after it had said that it was working on it."""
    message = result.followups[0] if result.followups else result.response
    assert message is not None, "the bot did not answer"
    return message


async def export(world: World, file_format: str, **options: Any) -> ResponseMessage:
    """Let the producer use `/decision-log export`."""
    result = await world["Jonas"].slash(world.channel, "decision-log export", format=file_format, **options)
    assert result.ephemeral
    return answer(result)


async def file_of(message: ResponseMessage) -> bytes:
    """Return the file of a message."""
    [attachment] = message.message.attachments
    return await attachment.read()


async def check(world: World, data: bytes | None = None) -> str:
    """Return the text of the producer's `/decision-log verify`."""
    options = {} if data is None else {"file": ("log.jsonl", data)}
    return words_of(answer(await world["Jonas"].slash(world.channel, "decision-log verify", **options)))


async def test_a_table_holds_exactly_what_was_asked_for(world: World) -> None:
    await fill(world)
    message = await export(world, "csv", piece="harbour 30s", verdict="revise")
    rows = list(csv.DictReader(io.StringIO((await file_of(message)).decode("utf-8-sig"))))
    assert [row["Entry no."] for row in rows] == ["3", "4"]
    assert rows[1]["Reason"] == "Six fingers in shot 4"
    assert "**2 of 5 entries.**" in message.content


async def test_no_cell_of_the_table_is_a_formula(world: World) -> None:
    await fill(world)
    rows = csv.reader(io.StringIO((await file_of(await export(world, "csv"))).decode("utf-8-sig")))
    cells = [cell for row in rows for cell in row]
    assert "'" + HOSTILE in cells
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in cells)


async def test_an_export_is_an_entry_that_says_who_holds_a_copy(world: World) -> None:
    await fill(world)
    message = await export(world, "jsonl", kind="signoffs")
    newest = (await entries_of(world))[0]
    assert newest.type is EntryType.EXPORT
    assert newest.person is not None
    assert newest.person.id == world["Jonas"].id
    assert (newest.facts["shown"], newest.facts["total"]) == (4, 5)
    assert f"entry {newest.seq} of the log" in message.content


async def test_an_export_of_this_log_is_pinned_by_the_log_itself(world: World) -> None:
    await fill(world)
    proof = await file_of(await export(world, "jsonl", piece="harbour 30s"))
    words = await check(world, proof)
    assert "The log is intact\n" in words
    assert "compared with the log" in words


async def test_a_changed_export_is_found_out_and_says_where(world: World) -> None:
    await fill(world)
    proof = await file_of(await export(world, "jsonl"))
    words = await check(world, proof.replace(b"Six fingers", b"Ten fingers"))
    assert "The log is broken" in words
    assert "Entry 4" in words


async def test_an_export_cut_short_is_found_out(world: World) -> None:
    await fill(world)
    lines = (await file_of(await export(world, "jsonl"))).splitlines(keepends=True)
    manifest = json.loads(lines[0])
    shorter = manifest | {"total": 4, "shown": 4, "last": 4, "head": json.loads(lines[4])["hash"]}
    forged = b"".join([json.dumps(shorter).encode() + b"\n", *lines[1:5]])
    assert "The log is intact\n" in await check(world, forged), "an earlier moment of the same log is sound"
    assert "broken" in await check(world, b"".join([lines[0], *lines[1:5]]))


async def test_the_servers_own_log_is_checked_without_a_file(world: World) -> None:
    await fill(world)
    words = await check(world)
    assert "intact, but not pinned" in words
    assert "5 of 5 entries" in words


async def test_an_export_of_another_server_is_checked_by_itself(world: World) -> None:
    other = Production.create(world.env, "Another film")
    await fill(world)
    await fill(world, other.guild.id)
    proof = await file_of(await export(world, "jsonl"))
    result = await other.person("Jonas").slash(other.channels["crew"], "decision-log verify", file=("log.jsonl", proof))
    assert "Not an export of this server" in words_of(answer(result))


async def test_an_export_never_holds_another_servers_entries(world: World) -> None:
    other = Production.create(world.env, "Another film")
    await fill(world)
    result = await other.person("Jonas").slash(other.channels["crew"], "decision-log export", format="csv")
    assert "empty" in words_of(answer(result))


@pytest.mark.parametrize("data", [b"", b"\x00\xff" * 500, b"[" * 100_000, b'"Time (UTC)","Entry type"\r\n'])
async def test_a_file_that_is_no_proof_gets_words(world: World, data: bytes) -> None:
    await fill(world)
    assert "The log is broken" in await check(world, data)


async def test_a_file_that_is_too_large_is_refused_unread(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("cogs.decision_log.cog"), "UPLOAD_LIMIT", 1024 * 1024)
    words = await check(world, b"x" * (1024 * 1024 + 1))
    assert "That file has 2 MiB; I check up to 1 MiB here" in words
    assert "circle-take verify" in words


async def test_an_export_too_large_for_discord_names_the_way_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MIN_BYTES, Format.CSV, (10**9, 0))
    await fill(world)
    message = await export(world, "csv")
    assert f"circle-take export --guild {world.guild_id} --format csv" in message.content
    assert (await entries_of(world))[0].type is not EntryType.EXPORT


async def test_days_are_whole_and_the_last_one_counts(world: World) -> None:
    await fill(world)
    today = await export(world, "csv", **{"from": "2026-11-20", "to": "2026-11-20"})
    assert "**5 of 5 entries.**" in today.content
    await world.env.advance_time(61)
    day_before = await export(world, "csv", to="2025-12-31")
    assert "None of the" in day_before.content


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"from": "yesterday"}, "could not read that day"),
        ({"from": "2026-11-20", "to": "2026-11-19"}, "after the last"),
    ],
)
async def test_days_that_cannot_be_are_refused(world: World, days: dict[str, str], expected: str) -> None:
    refused = await world["Jonas"].slash(world.channel, "decision-log export", format="csv", **days)
    assert expected in text_of(refused)


async def test_only_those_who_manage_the_server_see_the_commands(world: World) -> None:
    assert "decision-log export" in world["Jonas"].available_commands(world.channel)
    assert not [name for name in world["Gus"].available_commands(world.channel) if name.startswith("decision-log")]


async def test_a_server_has_one_check_at_a_time(world: World) -> None:
    await fill(world)
    log = cast("DecisionLog", world.bot.get_cog("DecisionLog"))
    async with log._turn(world.guild_id):
        assert words("decision_log.checking") in await check(world)
    assert "Intact" in await check(world)
