"""`circle-take export` of polls: the ballots next to the table."""

import argparse
import asyncio
import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import Config
from bot.export.ballots import write_ballots
from bot.export.command import add_arguments
from bot.export.file import ExportRequest, Format, TooBig, write_export
from bot.host.terminal import CommandError
from db.engine.database import Database
from db.export.log_reader import ExportStore, LogReader
from db.polls.store import PollStore
from domain.polls.poll import Ballot, Choice
from tests.db.polls.acts import ADA, BO, CLOSES, GUILD, START, act, open_poll

Call = Callable[..., int]


@pytest.fixture
def database_path(tmp_path: Path) -> Path:
    """A closed database with two closed polls, one of them secret."""

    async def make() -> None:
        async with await Database.open(tmp_path / "crew.sqlite3") as database:
            for ballot in (Ballot.OPEN, Ballot.SECRET):
                poll = await open_poll(database, ballot=ballot)
                for voter in (ADA, BO):
                    await PollStore(database).vote(GUILD, poll.poll_id, act(voter), Choice.EXECUTION)
            await PollStore(database).close_due(CLOSES)

    asyncio.run(make())
    return tmp_path / "crew.sqlite3"


@pytest.fixture
def call(database_path: Path) -> Call:
    """Run `circle-take export` on that database and return its exit code."""

    def run(file_format: str, output: Path, *filters: str) -> int:
        parser = argparse.ArgumentParser()
        add_arguments(parser.add_subparsers(), lambda *, need_token: Config("", database_path))
        fixed = ["export", "--guild", str(GUILD), "--format", file_format, "--output", str(output)]
        args = parser.parse_args([*fixed, *filters])
        code: int = args.call(args)
        return code

    return run


def test_ballots_are_written_next_to_the_table(call: Call, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("csv", tmp_path / "log.csv", "--kind", "polls") == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "log-ballots.csv").read_text(encoding="utf-8-sig"))))
    assert [(row["Poll"], row["Voter's Discord id"]) for row in rows] == [
        ("1", "u1"),
        ("1", "u2"),
        ("2", ""),
        ("2", ""),
    ]
    assert "log-ballots.csv: 4 votes" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("file_format", "filters"),
    [("jsonl", ()), ("csv", ("--kind", "signoffs")), ("csv", ("--kind", "polls", "--verdict", "judgment"))],
)
def test_an_export_without_ballots_leaves_one_file(
    call: Call, tmp_path: Path, file_format: str, filters: tuple[str, ...]
) -> None:
    assert call(file_format, tmp_path / "log", *filters) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crew.sqlite3", "log"]


def test_ballots_of_another_export_are_never_overwritten(call: Call, tmp_path: Path) -> None:
    (tmp_path / "log-ballots.csv").write_text("mine")
    with pytest.raises(CommandError, match=r"log-ballots\.csv exists already"):
        call("csv", tmp_path / "log.csv")
    assert (tmp_path / "log-ballots.csv").read_text() == "mine"
    assert not (tmp_path / "log.csv").exists()
    assert call("jsonl", tmp_path / "log.jsonl") == 0


async def test_ballots_too_large_for_discord_are_refused(database: Database) -> None:
    poll = await open_poll(database)
    await PollStore(database).vote(GUILD, poll.poll_id, act(ADA), Choice.EXECUTION)
    await PollStore(database).close_due(CLOSES)
    request = ExportRequest(Format.CSV, START)

    def work(log: LogReader) -> None:
        found = write_export(log, io.BytesIO(), request).found
        assert write_ballots(log, io.BytesIO(), request, found, limit=1000)
        write_ballots(log, io.BytesIO(), request, found, limit=100)

    with pytest.raises(TooBig):
        await ExportStore(database).read(GUILD, work)
