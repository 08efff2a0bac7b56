"""The file `.env`, as editors and hasty hands leave it."""

from pathlib import Path

import pytest

from bot.config import ConfigError, read_env_file

TOKEN = "MTA4ODk2NDU1MDA0NTY3ODkw.GabcDE.aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789ab"


def fault(path: Path) -> str:
    """Return the message about a file that cannot be read."""
    with pytest.raises(ConfigError) as caught:
        read_env_file(path)
    (said,) = caught.value.faults
    assert TOKEN not in said
    return said


@pytest.mark.parametrize(
    "content",
    [
        b"DISCORD_TOKEN=%s\n",
        b"\xef\xbb\xbfDISCORD_TOKEN=%s\r\n",
        b"# ours\r\n\r\n  export DISCORD_TOKEN = '%s' # secret\r\n",
        b'DISCORD_TOKEN="%s"',
    ],
)
def test_a_setting_is_read_however_an_editor_wrote_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / ".env"
    path.write_bytes(content % TOKEN.encode())
    assert read_env_file(path) == {"DISCORD_TOKEN": TOKEN}


def test_a_missing_file_sets_nothing(tmp_path: Path) -> None:
    assert read_env_file(tmp_path / ".env") == {}


@pytest.mark.parametrize(
    "line", [TOKEN, f"DISCORD_TOKEN: {TOKEN}", f'DISCORD_TOKEN="{TOKEN}', f"export {TOKEN}", "LOG_LEVEL"]
)
def test_a_line_that_is_no_setting_is_named_by_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / ".env"
    path.write_text(f"# ours\n{line}\n", encoding="utf-8")
    assert fault(path).startswith(f"Line 2 of {path} cannot be read.")


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_is_reported_in_words(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / ".env"
    path.write_text(f"# caf\u00e9\nDISCORD_TOKEN={TOKEN}\n", encoding=encoding)
    assert "not UTF-8" in fault(path)


def test_a_folder_in_its_place_is_reported_in_words(tmp_path: Path) -> None:
    assert "cannot be read" in fault(tmp_path)
