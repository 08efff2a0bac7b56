"""What `/decision-log export` does besides the file: every format, its cooldown, its progress, and what is too big."""

import asyncio
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import ModuleType

import openpyxl
import pytest
import simcord
from simcord.results import ResponseMessage

from bot.delivery.cooldown import Cooldown
from bot.export.file import Format
from db.export.log_reader import LogReader
from domain.decision_log.entries import EntryType, NewEntry, Person
from domain.proof.verifier import verify_file
from tests.cogs.decision_log.test_decision_log import HOSTILE, answer, check, entries_of, export, file_of, fill
from tests.cogs.decision_log.test_poll_exports import two_polls
from tests.db.decision_log.log_world import DIRECTOR
from tests.world import World, text_of, words_of

DAYS = [datetime(2026, month, 15, 12, tzinfo=UTC) for month in (1, 1, 2, 4, 4, 4)]


def exporting() -> ModuleType:
    """Return the module as the running bot has loaded it: each bot loads it again."""
    return import_module("cogs.decision_log.exporting")


async def fill_months(world: World) -> None:
    """Write six entries in three months: two in January, one in February, three in April."""
    for at in DAYS:
        who, work = Person.of(DIRECTOR).value(), {"piece": "Harbour 30s", "cut": 1}
        draft = NewEntry(EntryType.DECISION, at, verdict="signed", who=who, work=work, text={"reason": "Fine. " * 150})
        await world.bot.stores.decisions.record(world.guild_id, draft)


@pytest.fixture
def small_files(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let Discord take only so many bytes in a file."""

    def allow(limit: int) -> None:
        monkeypatch.setattr(exporting(), "limit_of", lambda _: limit)

    return allow


async def press_months(world: World, message: ResponseMessage) -> simcord.InteractionResult:
    """Let the producer press the button that was offered."""
    return await world["Jonas"].click(message, label="Send it month by month")


async def files_of(result: simcord.InteractionResult) -> dict[str, bytes]:
    """Return the files of all messages that answer a press, by name."""
    messages = [*([result.response] if result.response else []), *result.followups]
    attached = [attachment for message in messages for attachment in message.message.attachments]
    return {attachment.filename: await attachment.read() for attachment in attached}


@pytest.mark.parametrize("file_format", [Format.JSONL, Format.HTML, Format.PROOF])
async def test_each_proof_is_checked_by_the_bot_that_made_it(world: World, file_format: Format) -> None:
    await fill(world)
    message = await export(world, file_format, verdict="revise")
    assert "**2 of 5 entries.**" in message.content
    data = await file_of(message)
    assert verify_file(io.BytesIO(data), [f"5:{(await entries_of(world))[1].hash}"]).exit_code == 0
    words = await check(world, data)
    assert "The log is intact\n" in words
    assert "compared with the log" in words


async def test_a_proof_that_somebody_repacked_is_broken(world: World) -> None:
    await fill(world)
    data = await file_of(await export(world, "proof"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    repacked = io.BytesIO()
    with zipfile.ZipFile(repacked, "w") as archive:
        for name, held in members.items():
            archive.writestr(name, held.replace(b"Six fingers", b"Ten fingers"))
    words = await check(world, repacked.getvalue())
    assert "The log is broken" in words
    assert "Entry 4" in words


async def test_every_cell_of_the_spreadsheet_is_text(world: World) -> None:
    await fill(world)
    book = openpyxl.load_workbook(io.BytesIO(await file_of(await export(world, "xlsx"))))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]  # type: ignore[union-attr]  # it has one sheet
    assert {cell.data_type for cell in cells} == {"s"}
    assert "'" + HOSTILE in {cell.value for cell in cells}
    assert f"u{DIRECTOR.id}" in {cell.value for cell in cells}


async def test_an_export_is_recorded_in_the_log(world: World) -> None:
    await fill(world)
    await export(world, "html", verdict="revise", kind="signoffs")
    entry = (await entries_of(world))[0]
    assert entry.facts["format"] == "html"
    assert entry.facts["shown"] == 2
    assert len(entry.facts["sha256"]) == 64
    assert entry.value("work") == {"filter": {"verdict": "revise", "kind": "signoffs"}}


async def test_a_server_gets_one_export_a_minute_and_is_told_when_the_next_one_comes(world: World) -> None:
    await fill(world)
    await export(world, "csv")
    refused = await world["Jonas"].slash(world.channel, "decision-log export", format="csv")
    assert "a moment ago" in text_of(refused)
    assert "<t:" in text_of(refused)
    await world.env.advance_time(60)
    assert "entries.**" in (await export(world, "csv")).content


async def test_a_failed_export_does_not_count(world: World) -> None:
    await fill(world)
    assert "None of the" in (await export(world, "csv", piece="no such piece")).content
    assert "entries.**" in (await export(world, "csv")).content


def test_each_server_has_its_own_cooldown() -> None:
    minute = timedelta(minutes=1)
    pace = Cooldown(minute)
    assert pace.wait(1, DAYS[0]) is None
    assert pace.wait(2, DAYS[0]) is None
    assert pace.wait(1, DAYS[0]) == DAYS[0] + minute
    assert pace.wait(1, DAYS[0] + minute) is None


@pytest.mark.parametrize("file_format", [Format.CSV, Format.PROOF, Format.XLSX])
async def test_what_is_too_big_is_offered_month_by_month(
    world: World, small_files: Callable[[int], None], file_format: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill_months(world)
    monkeypatch.setattr(exporting(), "can_split", lambda *_: True)
    small_files(300)
    offer = await export(world, file_format, piece="HARBOUR 30s", verdict="signed")
    assert "6 entries make a file of about" in offer.content
    command = f"circle-take export --guild {world.guild_id} --format {file_format} --output decision-log."
    assert command in offer.content
    assert "--piece 'HARBOUR 30s' --verdict signed" in offer.content
    assert (await entries_of(world))[0].type is EntryType.DECISION
    small_files(10_000_000)
    result = await press_months(world, offer)
    files = await files_of(result)
    endings = [name.split("-")[-2:] for name in files]
    assert endings == [["2026", f"{month}.{file_format.suffix}"] for month in ("01", "02", "04")]
    assert "**2026-01 to 2026-04: 6 of them here**" in words_of(answer(result))


async def test_each_file_of_a_set_is_an_export_by_itself(world: World, small_files: Callable[[int], None]) -> None:
    await fill_months(world)
    small_files(9000)
    offer = await export(world, "jsonl", **{"from": "2026-01-15", "to": "2026-04-20"})
    small_files(6500)
    result = await press_months(world, offer)
    files = await files_of(result)
    manifests = [json.loads(data.splitlines()[0]) for data in files.values()]
    assert [(manifest["shown"], manifest["total"]) for manifest in manifests] == [(2, 6), (1, 6), (3, 6)]
    assert len({manifest["head"] for manifest in manifests}) == 1
    assert manifests[0]["filter"] == {
        "since": "2026-01-15T00:00:00.000Z", "until": "2026-02-01T00:00:00.000Z", "kind": "all"
    }  # fmt: skip
    assert manifests[2]["filter"]["until"] == "2026-04-21T00:00:00.000Z"
    for data in files.values():
        assert verify_file(io.BytesIO(data)).exit_code == 2
    entry = (await entries_of(world))[0]
    assert (entry.type, entry.facts["shown"], len(entry.facts["sha256"])) == (EntryType.EXPORT, 6, 3)


async def test_the_votes_come_with_a_set_of_months_too(world: World, small_files: Callable[[int], None]) -> None:
    await two_polls(world)
    small_files(300)
    offer = await export(world, "csv", kind="polls", person=world["Ravi"])
    small_files(10_000_000)
    month, votes = (await files_of(await press_months(world, offer))).items()
    assert month[0].endswith("2026-01.csv")
    assert month[1].count(b'"outcome"') == 2, "he voted in the one with names; the secret one does not say"
    assert votes[0].endswith("-ballots.csv")
    assert votes[1].count(b"\r\n") == 3
    assert (await entries_of(world))[0].facts["ballots"] == 2


async def test_an_offer_about_a_piece_ends_when_the_piece_is_erased(
    world: World, small_files: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill_months(world)
    small_files(300)
    offer = await export(world, "csv", piece="HARBOUR 30s")
    monkeypatch.setattr("domain.decision_log.entries.LogEntry.value", lambda *_: {})
    assert "older than a quarter" in words_of(answer(await press_months(world, offer)))


async def test_a_month_that_is_too_big_names_the_hosts_way(world: World, small_files: Callable[[int], None]) -> None:
    await fill_months(world)
    small_files(4000)
    offer = await export(world, "csv")
    small_files(2500)
    assert "One of the months alone" in words_of(answer(await press_months(world, offer)))
    assert (await entries_of(world))[0].type is EntryType.DECISION


async def test_a_log_whose_stubs_alone_are_too_big_is_not_offered_in_months(
    world: World, small_files: Callable[[int], None]
) -> None:
    await fill_months(world)
    small_files(400)
    offer = await export(world, "jsonl")
    assert "circle-take export" in offer.content
    assert "press the button" not in offer.content
    assert offer.components == []


async def test_an_old_offer_is_over(world: World, small_files: Callable[[int], None]) -> None:
    await fill_months(world)
    small_files(4000)
    offer = await export(world, "csv")
    await world.env.advance_time(16 * 60)
    assert "older than a quarter of an hour" in words_of(answer(await press_months(world, offer)))


@pytest.fixture
async def slow(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Report without a pause; let each row wait for turns of the event loop, so there is something to report."""
    monkeypatch.setattr(import_module("cogs.decision_log.progress"), "SECONDS_BETWEEN_WORDS", 0)
    read, loop = LogReader.table_rows, asyncio.get_running_loop()

    def slowly(reader: LogReader, *arguments: object) -> Iterator[object]:
        for row in read(reader, *arguments):  # type: ignore[arg-type]  # as it was called
            for _ in range(20):
                asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result()
            yield row

    monkeypatch.setattr(LogReader, "table_rows", slowly)


async def test_a_long_export_says_how_far_it_is_and_ends_in_the_same_answer(world: World, slow: None) -> None:
    await fill(world)
    seen: list[str] = []

    async def watch() -> None:
        while True:
            await asyncio.sleep(0)
            seen.append("turn")

    watching = asyncio.create_task(watch())
    result = await world["Jonas"].slash(world.channel, "decision-log export", format="csv")
    watching.cancel()
    message = result.response
    assert message
    assert "**5 of 5 entries.**" in message.content
    assert result.followups == []
    assert len(message.message.attachments) == 1
    assert len(seen) > 5, "the event loop went on while the export was written"


async def test_the_progress_of_a_failed_export_does_not_stay(
    world: World, slow: None, small_files: Callable[[int], None]
) -> None:
    await fill(world)
    small_files(800)
    result = await world["Jonas"].slash(world.channel, "decision-log export", format="csv")
    message = result.response
    assert message
    assert "make a file of about" in message.content
    assert len(message.components) == 1
    assert result.followups == []
