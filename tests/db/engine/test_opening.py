import contextlib
import multiprocessing
import shutil
import sqlite3
import tempfile
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from db.engine import opening
from db.engine.errors import UnusableDatabase
from db.migrations import LATEST, MIGRATIONS
from tests.db.rows import files, names, put

NOBODY = 65534
WAIT_MS = 20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A whole database of ours."""
    path = tmp_path / "circle-take.sqlite3"
    opening.prepare(path)
    return path


def refusal(path: Path) -> str:
    """Return the message that refuses `path`; check that its bytes stay the same."""
    before = path.read_bytes()
    with pytest.raises(UnusableDatabase) as caught:
        opening.prepare(path, wait_ms=WAIT_MS)
    assert path.read_bytes() == before
    assert str(path) in str(caught.value)
    return str(caught.value)


def change(path: Path, sql: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(sql)


def crash(path: Path) -> Path:
    """Make what a crash leaves of `path`: the file, and the log of a write that was not moved into it."""
    left = path.parent / "crashed" / path.name
    left.parent.mkdir()
    with contextlib.closing(opening.connect(path)) as connection:
        put("in the log")(connection)
        for name in (path.name, f"{path.name}-wal"):
            shutil.copy(path.parent / name, left.parent / name)
    return left


def test_a_new_file_is_created_whole_and_alone_in_a_new_folder(tmp_path: Path) -> None:
    path = tmp_path / "data" / "set" / "circle-take.sqlite3"
    opening.prepare(path)
    assert files(path.parent) == [path.name]
    assert opening.inspect(path) == LATEST
    with contextlib.closing(opening.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone()[0] == opening.APPLICATION_ID
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_file_that_a_crash_left_half_made_is_created_again(tmp_path: Path) -> None:
    path = tmp_path / "circle-take.sqlite3"
    path.with_name(f".{path.name}.new").write_bytes(b"half a file")
    opening.prepare(path)
    assert files(tmp_path) == [path.name]


def test_a_file_that_cannot_be_created_leaves_no_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken.sql"
    broken.write_text("CREATE TABLE one (a TEXT) STRICT; what is this", encoding="utf-8")
    monkeypatch.setitem(MIGRATIONS, LATEST, broken)
    with pytest.raises(UnusableDatabase, match="cannot be created"):
        opening.prepare(tmp_path / "data" / "circle-take.sqlite3")
    assert not list((tmp_path / "data").iterdir())


def test_opening_twice_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    opening.prepare(path)
    assert path.read_bytes() == before


def test_a_write_that_a_crash_left_in_the_log_is_there_after_opening(path: Path) -> None:
    left = crash(path)
    opening.prepare(left)
    assert names(left) == {"in the log"}


def test_a_backup_that_was_put_under_the_log_of_a_newer_file_is_refused(path: Path) -> None:
    backup = path.with_name("backup.sqlite3")
    for turn in ("first", "then", "last"):
        with contextlib.closing(opening.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if turn == "then":
                shutil.copy(path, backup)
            connection.execute("BEGIN")
            for number in range({"first": 400, "then": 15, "last": 1}[turn]):
                put(sha256(f"{turn} {number}".encode()).hexdigest())(connection)
            connection.execute("COMMIT")
            if turn == "last":
                left = crash(path)
    assert opening.inspect(left) == LATEST
    shutil.copy(backup, left)
    with pytest.raises(UnusableDatabase, match="is damaged"):
        opening.prepare(left)


def test_a_file_with_an_odd_name_opens(tmp_path: Path) -> None:
    path = tmp_path / "100% tällit? #1&mode=memory.sqlite3"
    opening.prepare(path)
    assert opening.inspect(path) == LATEST


def test_connecting_never_creates_a_file(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        opening.connect(tmp_path / "missing")
    assert not list(tmp_path.iterdir())


def test_an_older_file_is_brought_up_to_date_with_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    first = MIGRATIONS[1].read_text(encoding="utf-8")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA application_id={opening.APPLICATION_ID}")
        connection.executescript(first)
        connection.execute("PRAGMA user_version=1")
        put("kept")(connection)
    opening.prepare(path)
    assert (opening.inspect(path), names(path)) == (LATEST, {"kept"})


def test_a_damaged_header_is_refused(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(b"\0" * 16 + data[16:])
    assert "not an SQLite database, or its beginning is damaged" in refusal(path)


def test_a_damaged_page_is_refused(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096 * 2 : 4096 * 3] = b"\xff" * 4096
    path.write_bytes(data)
    assert "damaged" in refusal(path)


def test_a_file_cut_short_is_refused(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert "damaged" in refusal(path)


@settings(max_examples=40, deadline=None)
@example(167_757, b"\x80")  # a name in the schema that is no UTF-8 any more
@given(st.integers(0, 10_000_000), st.binary(min_size=1, max_size=300))
def test_whatever_bytes_are_damaged_the_file_opens_or_is_refused_in_words(place: int, junk: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "db")
        opening.prepare(path)
        data = bytearray(path.read_bytes())
        place %= len(data)
        data[place : place + len(junk)] = junk
        path.write_bytes(data)
        with contextlib.suppress(UnusableDatabase):
            opening.inspect(path)
        assert path.read_bytes() == data


def test_an_empty_file_is_refused_because_records_may_have_been_lost(tmp_path: Path) -> None:
    path = tmp_path / "circle-take.sqlite3"
    path.touch()
    assert "empty" in refusal(path)


@pytest.mark.parametrize(
    "content", [b"S", b"SQLite format 3\0", b"SQLite format 3\0" + b"\0" * 100, b"Shot list" * 900]
)
def test_a_file_that_is_not_a_database_of_ours_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "circle-take.sqlite3"
    path.write_bytes(content)
    refusal(path)


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite3"
    change(path, "CREATE TABLE bookmark (url TEXT)")
    assert "another program" in refusal(path)


def test_a_newer_database_is_refused(path: Path) -> None:
    change(path, f"PRAGMA user_version={LATEST + 1}")
    assert "newer" in refusal(path)


def test_a_refused_file_keeps_the_log_that_a_crash_left(path: Path) -> None:
    change(path, f"PRAGMA user_version={LATEST + 1}")
    left = crash(path)
    log = left.with_name(f"{left.name}-wal")
    before = log.read_bytes()
    assert "newer" in refusal(left)
    assert log.read_bytes() == before


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableDatabase, match="not a file"):
        opening.prepare(tmp_path)


def test_a_link_that_leads_nowhere_is_refused_rather_than_replaced(tmp_path: Path) -> None:
    path = tmp_path / "circle-take.sqlite3"
    path.symlink_to(tmp_path / "unmounted" / "disk.sqlite3")
    with pytest.raises(UnusableDatabase, match="not a file"):
        opening.prepare(path)
    assert path.is_symlink()


@pytest.mark.parametrize("begin", ["BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"])
def test_a_file_that_another_connection_is_writing_to_is_refused(path: Path, begin: str) -> None:
    with contextlib.closing(opening.connect(path)) as other:
        other.execute(begin)
        assert "locked by another program" in refusal(path)


def _hold(path: Path, held: Connection) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        held.send("held")
        held.recv()


def test_a_file_that_another_process_has_to_itself_is_refused(path: Path) -> None:
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=_hold, args=(path, there))
    child.start()
    try:
        assert here.recv() == "held"
        assert "locked by another program" in refusal(path)
    finally:
        here.send("enough")
        child.join()
    opening.prepare(path)


def test_programs_that_make_the_same_file_at_the_same_moment_make_one(tmp_path: Path) -> None:
    for number in range(5):
        path = tmp_path / f"{number}" / "circle-take.sqlite3"

        def make(name: str, path: Path = path) -> None:
            opening.prepare(path)
            with contextlib.closing(opening.connect(path)) as connection:
                put(name)(connection)

        with ThreadPoolExecutor(4) as programs:
            told = list(programs.map(make, "abcd"))
        assert len(told) == 4
        assert names(path) == set("abcd")
        assert opening.inspect(path) == LATEST
