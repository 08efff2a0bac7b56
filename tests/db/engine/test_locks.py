import subprocess
import sys
from pathlib import Path

import pytest

from db.engine.errors import UnusableDatabase
from db.engine.locks import occupied

HOLDER = """
import sys
from pathlib import Path
from db.engine.locks import occupied
with occupied(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(path: Path) -> subprocess.Popen[str]:
    """Another process that has the file."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "take.sqlite3"
    with holder(path) as other:
        with pytest.raises(UnusableDatabase, match="in use by another bot"), occupied(path):
            pass
        with occupied(tmp_path / "another.sqlite3"):
            pass
        other.kill()


def test_a_process_that_was_killed_leaves_the_file_free(tmp_path: Path) -> None:
    path = tmp_path / "take.sqlite3"
    with holder(path) as other:
        other.kill()
    with occupied(path):
        pass
    with occupied(path):
        pass


def test_a_folder_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusableDatabase, match="cannot be written"), occupied(tmp_path / "file" / "take.sqlite3"):
        pass


def test_a_link_to_the_file_is_the_same_file(tmp_path: Path) -> None:
    path, link = tmp_path / "take.sqlite3", tmp_path / "elsewhere" / "link.sqlite3"
    link.parent.mkdir()
    link.symlink_to(path)
    with holder(path) as other:
        with pytest.raises(UnusableDatabase, match="in use by another bot"), occupied(link):
            pass
        other.kill()
