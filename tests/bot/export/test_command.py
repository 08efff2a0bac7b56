"""`circle-take export` and `circle-take verify`, and the file that command and terminal both write."""

import argparse
import asyncio
import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.config import Config
from bot.export.command import SECONDS_BETWEEN_LINES, ProgressLine, add_arguments
from bot.export.file import ExportRequest, Format, TooBig, estimate, min_size, parse_days, write_export
from bot.export.months import months_of
from bot.host.terminal import CommandError
from db.decision_log.store import DecisionStore
from db.engine.database import Database
from db.engine.errors import UnusableDatabase
from db.export.log_reader import ExportStore, LogReader
from db.signoffs.store import SignoffStore
from domain.decision_log.entries import EntryType, LogEntry, NewEntry
from domain.errors import DomainError
from domain.export.filters import Filter
from domain.signoffs.choices import SignoffVerdict
from tests.db.decision_log.log_world import DIRECTOR, EDITOR, GUILD, NOON, OTHER_GUILD, act, request

Call = Callable[..., int]
SIGNED, LOG_LENGTH = 3, 22


async def fill(database: Database) -> None:
    """One sign-off with twenty answers: entries 1 to 22."""
    store = SignoffStore(database)
    opened = await store.open(GUILD, act(EDITOR), request())
    for turn in range(20):
        await store.answer(GUILD, opened.entry.seq, act(DIRECTOR), list(SignoffVerdict)[turn % 2])


@pytest.fixture
def database_path(tmp_path: Path) -> Path:
    """A closed database with a log."""

    async def make() -> None:
        async with await Database.open(tmp_path / "crew.sqlite3") as database:
            await fill(database)

    asyncio.run(make())
    return tmp_path / "crew.sqlite3"


@pytest.fixture
def call(database_path: Path) -> Call:
    """Run one command on that database and return its exit code."""

    def run(*arguments: object) -> int:
        parser = argparse.ArgumentParser()
        add_arguments(parser.add_subparsers(), lambda *, need_token: Config("", database_path))
        args = parser.parse_args([str(argument) for argument in arguments])
        code: int = args.call(args)
        return code

    return run


def newest(database_path: Path) -> LogEntry:
    """Return the last entry of the log."""

    async def read() -> LogEntry:
        async with await Database.open(database_path) as database:
            return (await DecisionStore(database).entries(GUILD, limit=1)).entries[0]

    return asyncio.run(read())


def export(call: Call, output: Path, *filters: object) -> Path:
    """Write a proof to `output`."""
    assert call("export", "--guild", GUILD, "--format", "jsonl", "--output", output, *filters) == 0
    return output


def test_a_proof_without_a_pin_is_intact_but_unpinned(call: Call, tmp_path: Path) -> None:
    assert call("verify", export(call, tmp_path / "log.jsonl")) == 2


def test_a_receipt_pins_a_proof(call: Call, tmp_path: Path, database_path: Path) -> None:
    receipt = newest(database_path).receipt
    assert call("verify", export(call, tmp_path / "log.jsonl"), "--pin", receipt) == 0


def test_an_earlier_export_pins_a_later_one(call: Call, tmp_path: Path) -> None:
    earlier = export(call, tmp_path / "earlier.jsonl", "--verdict", "signed")
    later = export(call, tmp_path / "later.jsonl")
    assert call("verify", later, "--previous", earlier) == 0
    assert call("verify", earlier, "--previous", later) == 1


def test_a_changed_proof_is_broken(call: Call, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proof = export(call, tmp_path / "log.jsonl")
    proof.write_bytes(proof.read_bytes().replace(b'\\"verdict\\":\\"signed\\"', b'\\"verdict\\":\\"revise\\"', 1))
    assert call("verify", proof) == 1
    assert f"Entry {SIGNED}" in capsys.readouterr().out


def test_a_filtered_proof_says_how_much_it_shows_and_leads_to_the_same_head(
    call: Call, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filtered = export(call, tmp_path / "some.jsonl", "--verdict", "signed", "--person", DIRECTOR.id)
    said = capsys.readouterr().out
    assert f"10 of {LOG_LENGTH} entries" in said
    head = said.split("Head ")[1].strip()
    assert call("verify", filtered, "--pin", head) == 0


def test_the_export_itself_is_an_entry(call: Call, tmp_path: Path, database_path: Path) -> None:
    export(call, tmp_path / "log.jsonl")
    entry = newest(database_path)
    assert (entry.seq, entry.type, entry.facts["by"]) == (LOG_LENGTH + 1, EntryType.EXPORT, "host")
    export(call, tmp_path / "again.jsonl")
    assert newest(database_path).facts["total"] == LOG_LENGTH + 1


def test_an_export_works_while_the_bot_has_the_database_open(call: Call, tmp_path: Path, database_path: Path) -> None:
    async def beside_the_bot() -> int:
        async with await Database.open(database_path) as database:
            await asyncio.to_thread(export, call, tmp_path / "log.jsonl")
            store = SignoffStore(database)
            signed = await store.answer(GUILD, 2, act(DIRECTOR), SignoffVerdict.DECLINED)
            return signed.entry.seq

    assert asyncio.run(beside_the_bot()) == LOG_LENGTH + 2


def test_a_table_for_people(call: Call, tmp_path: Path) -> None:
    output = tmp_path / "log.csv"
    assert call("export", "--guild", GUILD, "--format", "csv", "--output", output, "--piece", "HARBOUR 30S") == 0
    rows = list(csv.DictReader(io.StringIO(output.read_text(encoding="utf-8-sig"))))
    assert len(rows) == LOG_LENGTH - 1
    assert {row["Piece"] for row in rows} == {"Harbour 30s"}


def test_an_existing_file_is_never_overwritten(call: Call, tmp_path: Path, database_path: Path) -> None:
    output = tmp_path / "taken"
    output.write_text("mine")
    with pytest.raises(CommandError, match="exists already"):
        export(call, output)
    assert output.read_text() == "mine"
    assert newest(database_path).seq == LOG_LENGTH


def test_a_failed_export_leaves_no_file_and_no_entry(call: Call, tmp_path: Path, database_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        export(call, tmp_path / "missing" / "log.jsonl")
    with pytest.raises(CommandError, match="empty"):
        call("export", "--guild", OTHER_GUILD, "--format", "jsonl", "--output", tmp_path / "other.jsonl")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crew.sqlite3"]
    assert newest(database_path).seq == LOG_LENGTH


def test_no_database_is_created_where_there_is_none(tmp_path: Path, call: Call, database_path: Path) -> None:
    database_path.unlink()
    with pytest.raises(UnusableDatabase):
        export(call, tmp_path / "log.jsonl")
    assert not database_path.exists()


@pytest.mark.parametrize(
    "arguments",
    [("verify", "no-such-file"), ("verify", __file__, "--pin", "12"), ("export", "--guild", "x")],
)
def test_a_wrong_call_is_not_mistaken_for_a_verdict(
    call: Call, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        call(*arguments)
    assert "error:" in capsys.readouterr().err


def test_days_begin_at_midnight_and_the_last_one_counts() -> None:
    since, until = parse_days("2026-11-20", "2026-11-20")
    assert since is not None
    assert until is not None
    assert (until - since).days == 1
    assert parse_days(None, None) == (None, None)
    for first, last in (("20.11.2026", None), (None, "9999-12-31"), ("2026-11-20", "2026-11-19")):
        with pytest.raises(DomainError):
            parse_days(first, last)


def test_days_and_months_are_in_the_crews_time_zone() -> None:
    zone = ZoneInfo("Pacific/Auckland")
    since, until = parse_days("2026-11-01", "2026-11-30", zone)
    assert (since, until) == (datetime(2026, 10, 31, 11, tzinfo=UTC), datetime(2026, 11, 30, 11, tzinfo=UTC))
    request = ExportRequest(Format.CSV, NOON, wanted=Filter(since, until), zone=zone)
    assert request.days == (date(2026, 11, 1), date(2026, 11, 30))
    assert since is not None
    [(month, wanted)] = months_of(request.wanted, since, since + timedelta(days=29), zone)
    assert (month, wanted) == ("2026-11", request.wanted)


@pytest.mark.parametrize("file_format", list(Format))
@pytest.mark.parametrize("wanted", [Filter(), Filter(verdict="signed")])
async def test_a_limit_is_kept_to_the_byte(database: Database, file_format: Format, wanted: Filter) -> None:
    await fill(database)
    store, request = ExportStore(database), ExportRequest(file_format, NOON, wanted=wanted)
    whole, same, smaller = io.BytesIO(), io.BytesIO(), io.BytesIO()
    await store.read(GUILD, lambda log: write_export(log, whole, request))
    size = len(whole.getvalue())
    await store.read(GUILD, lambda log: write_export(log, same, request, limit=size))
    assert same.getvalue() == whole.getvalue()
    with pytest.raises(TooBig):
        await store.read(GUILD, lambda log: write_export(log, smaller, request, limit=size - 1))


async def test_a_file_that_is_sure_to_be_too_large_is_not_begun(database: Database) -> None:
    await fill(database)
    file = io.BytesIO()
    with pytest.raises(TooBig) as refusal:
        await ExportStore(database).read(
            GUILD, lambda log: write_export(log, file, ExportRequest(Format.CSV, NOON), limit=1000)
        )
    assert refusal.value.found.shown == LOG_LENGTH
    assert file.getvalue() == b""


@pytest.mark.parametrize("file_format", [Format.JSONL, Format.HTML, Format.PROOF])
def test_every_proof_is_verified_by_the_program_that_wrote_it(call: Call, tmp_path: Path, file_format: Format) -> None:
    output = tmp_path / f"log.{file_format.suffix}"
    assert call("export", "--guild", GUILD, "--format", file_format, "--output", output, "--verdict", "signed") == 0
    assert call("verify", output) == 2
    earlier = export(call, tmp_path / "earlier.jsonl")
    assert call("verify", earlier, "--previous", output) == 0


@pytest.mark.parametrize("file_format", [Format.CSV, Format.XLSX])
def test_a_table_is_told_from_a_proof(
    call: Call, tmp_path: Path, file_format: Format, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / f"log.{file_format.suffix}"
    assert call("export", "--guild", GUILD, "--format", file_format, "--output", output) == 0
    assert call("verify", output) == 1
    assert "This is a table for people, not a proof" in capsys.readouterr().out


def test_a_long_export_prints_its_progress_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    progress = ProgressLine()
    progress.tell(500)
    assert capsys.readouterr().err == ""
    progress._said_at -= SECONDS_BETWEEN_LINES
    progress.tell(12_345)
    assert capsys.readouterr().err == "12,345 entries written\n"


@pytest.mark.parametrize("file_format", list(Format))
async def test_no_file_is_smaller_than_its_computed_minimum(database: Database, file_format: Format) -> None:
    store = DecisionStore(database)
    for _ in range(60):
        await store.record(GUILD, NewEntry(EntryType.ANCHOR, NOON))
    for wanted in (Filter(), Filter(verdict="signed")):
        file = io.BytesIO()
        request = ExportRequest(file_format, NOON, wanted=wanted)
        found = (await ExportStore(database).read(GUILD, lambda log, f=file, o=request: write_export(log, f, o))).found  # type: ignore[misc]
        assert min_size(file_format, found) <= len(file.getvalue())


async def test_the_estimated_size_is_about_right(database: Database) -> None:
    signoffs = SignoffStore(database)
    opened = await signoffs.open(GUILD, act(EDITOR), request())
    for turn in range(400):
        await signoffs.answer(GUILD, opened.entry.seq, act(DIRECTOR), list(SignoffVerdict)[turn % 2])

    def shares(log: LogReader) -> dict[Format, float]:
        found = {}
        for file_format in Format:
            file, request = io.BytesIO(), ExportRequest(file_format, NOON)
            written = write_export(log, file, request).found
            found[file_format] = estimate(log, request, written) / len(file.getvalue())
        return found

    assert {name: 0.5 < share < 2 for name, share in (await ExportStore(database).read(GUILD, shares)).items()} == (
        dict.fromkeys(Format, True)
    )
