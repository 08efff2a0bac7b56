"""Opening without permission: in a forked child without privileges, so that the tests also work for root."""

import multiprocessing
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from db.engine import opening
from db.engine.errors import UnusableDatabase

NOBODY = 65534

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="users and modes are POSIX")


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A folder that every user may enter and write to."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)


def _prepare_as_nobody(path: Path, answer: Connection) -> None:
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    try:
        opening.prepare(path)
    except UnusableDatabase as error:
        answer.send(str(error))
    except BaseException as error:  # noqa: BLE001 - the test shows it
        answer.send(f"not words but {error!r}")
    else:
        answer.send("opened")


def prepare_as_nobody(path: Path) -> str:
    """Return what opening `path` says to a user without privileges, in another process."""
    answer, asked = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=_prepare_as_nobody, args=(path, asked))
    child.start()
    said = answer.recv() if answer.poll(20) else "no answer"
    child.join()
    return str(said)


def test_a_read_only_file_is_refused(elsewhere: Path) -> None:
    path = elsewhere / "circle-take.sqlite3"
    opening.prepare(path)
    path.chmod(0o444)
    before = path.read_bytes()
    assert "read-only" in prepare_as_nobody(path)
    assert path.read_bytes() == before


def test_a_file_in_a_read_only_folder_is_refused(elsewhere: Path) -> None:
    path = elsewhere / "circle-take.sqlite3"
    opening.prepare(path)
    path.chmod(0o666)
    elsewhere.chmod(0o555)
    before = path.read_bytes()
    assert "read-only" in prepare_as_nobody(path)
    assert path.read_bytes() == before


def test_an_unreadable_file_is_refused(elsewhere: Path) -> None:
    path = elsewhere / "circle-take.sqlite3"
    opening.prepare(path)
    path.chmod(0)
    assert "cannot be read" in prepare_as_nobody(path)


@pytest.mark.parametrize("mode", [0o555, 0o000])
@pytest.mark.parametrize("inner", ["circle-take.sqlite3", "data/circle-take.sqlite3"])
def test_a_folder_that_cannot_be_written_to_is_refused(elsewhere: Path, mode: int, inner: str) -> None:
    elsewhere.chmod(mode)
    assert "not writable" in prepare_as_nobody(elsewhere / inner)
    elsewhere.chmod(stat.S_IRWXU)
    assert not list(elsewhere.iterdir())


def test_a_file_in_a_folder_that_cannot_be_entered_is_refused(elsewhere: Path) -> None:
    path = elsewhere / "circle-take.sqlite3"
    opening.prepare(path)
    elsewhere.chmod(0)
    said = prepare_as_nobody(path)
    elsewhere.chmod(stat.S_IRWXU)
    assert "not writable" in said
