"""The commands of the program: what they print and how they end."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import cli
from bot.config import SETTINGS
from db.engine import opening
from db.engine.locks import occupied
from db.migrations import LATEST

TOKEN = "MTA4ODk2NDU1MDA0NTY3ODkw.GabcDE.aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789ab"
OWN = [{"question": "Where can trucks park?", "answer": "Behind hall four, from six in the morning."}]


@pytest.fixture(autouse=True)
def _a_folder_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder with a token and nothing else set."""
    monkeypatch.chdir(tmp_path)
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)


def usage_error(*arguments: str) -> int:
    """Return the exit code of a call that argparse refuses."""
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.mark.parametrize(
    "arguments",
    [[], ["dance"], ["faq", "--what"], ["backup"], ["sandbox", "--port", "many"], ["sync", "--guild", "ours"]],
    ids=" ".join,
)
def test_a_wrong_call_ends_with_64_and_shows_the_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert usage_error(*arguments) == 64
    assert "usage: circle-take" in capsys.readouterr().err


def test_help_and_version_end_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert usage_error("--help") == 0
    assert usage_error("--version") == 0
    said = capsys.readouterr().out
    assert all(call in said for call in ("run", "sandbox", "sync", "faq", "export", "verify", "backup", "check"))


def test_one_question_is_answered_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["faq", "how much did a 30 second commercial cost"]) == 0
    assert "(The" in capsys.readouterr().out


def test_an_uncovered_question_gets_no_answer_but_the_nearest_topics(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["faq", "best pizza in Naples"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("The essays do not cover that.")
    assert said.count("\n  - ") == 3


def test_json_has_the_promised_shape(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["faq", "is it just a tool?", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["question", "outcome", "id", "score", "ranked", "answer", "source"]
    assert (answer["question"], answer["outcome"]) == ("is it just a tool?", "answer")
    assert answer["id"] == answer["ranked"][0]
    assert len(answer["ranked"]) >= 3
    assert 0 <= answer["score"] <= 1
    assert answer["source"].keys() == {"essay", "section"}


def test_json_has_nulls_where_the_faq_is_not_sure(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["faq", "best pizza in Naples", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["outcome"], answer["id"], answer["answer"], answer["source"]) == ("unknown", None, None, None)
    assert len(answer["ranked"]) >= 3


def test_a_file_gives_one_object_for_each_line_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    questions = ["is it just a tool?", "", "\u202eقصيدة 🎬", "x" * 6000, "why \u2028 so?", "who signs?"]
    Path("asked.txt").write_text("\n".join(questions), encoding="utf-8")
    assert cli.main(["faq", "--file", "asked.txt", "--json"]) == 0
    lines = capsys.readouterr().out.split("\n")
    assert [json.loads(line)["question"] for line in lines[:-1]] == questions


def test_a_servers_own_entries_are_answered_too(capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.json").write_text(json.dumps(OWN), encoding="utf-8")
    assert cli.main(["faq", "where can trucks park", "--entries", "own.json", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["outcome"], answer["answer"], answer["source"]) == ("answer", OWN[0]["answer"], None)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["faq"], "faq takes one question, or --file"),
        (["faq", "why?", "--file", "x"], "faq takes one question, or --file"),
        (["faq", "--file", "nothing.txt"], "nothing.txt cannot be read"),
        (["faq", "why?", "--entries", "broken.json"], "broken.json: "),
        (["faq", "why?", "--entries", "list.json"], "list.json: "),
        (["faq", "--file", "latin1.txt"], "cannot be read as UTF-8"),
        (["backup", "copy.sqlite3"], "circle-take: "),
        (["export", "--guild", "1", "--format", "csv", "--output", "log.csv"], "circle-take: "),
    ],
)
def test_what_cannot_be_done_is_reported_and_ends_with_1(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("broken.json").write_text("{", encoding="utf-8")
    Path("list.json").write_text('[{"question": 7}]', encoding="utf-8")
    Path("latin1.txt").write_bytes("café".encode("latin-1"))
    assert cli.main(arguments) == 1
    captured = capsys.readouterr()
    assert words in captured.err
    assert (captured.out, "Traceback" in captured.err) == ("", False)


def test_check_creates_the_database_and_prints_its_findings(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check"]) == 0
    assert "created now" in capsys.readouterr().out
    assert cli.main(["check"]) == 0
    said = capsys.readouterr().out
    assert "whole and writable" in said
    assert TOKEN not in said


@pytest.mark.skipif(os.name != "posix", reason="these permissions are POSIX's")
def test_check_warns_about_what_lets_others_read_along(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.main(["check"]) == 0
    assert "Warning" not in capsys.readouterr().out
    Path(".env").write_text(f"DISCORD_TOKEN={TOKEN}\n", encoding="utf-8")
    Path(".env").chmod(0o644)
    Path("data/circle-take.sqlite3").chmod(0o664)
    monkeypatch.setenv("DISCORD_API_URL", "http://discord.example:8080/api/v10")
    assert cli.main(["check"]) == 0
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Warning: ")]
    assert ["chmod 600 .env" in said[0], "chmod 600 data/circle-take.sqlite3" in said[1]] == [True, True]
    assert "go to discord.example:8080 unencrypted" in said[2]
    monkeypatch.setenv("DISCORD_API_URL", "http://127.0.0.1:8080/api/v10")
    assert cli.main(["check"]) == 0
    assert "unencrypted" not in capsys.readouterr().out


def test_check_prints_every_mistake(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISCORD_TOKEN")
    Path(".env").write_text("LOG_LEVEL=loud\nCOLOUR=red\n", encoding="utf-8")
    assert cli.main(["check"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 3
    assert all(line.startswith("circle-take: ") for line in said)


def test_check_says_that_the_folder_for_backups_cannot_be_used(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("taken").touch()
    monkeypatch.setenv("BACKUP_PATH", "taken")
    assert cli.main(["check"]) == 1
    assert "BACKUP_PATH taken cannot be used" in capsys.readouterr().err


@pytest.mark.parametrize("call", ["check", "export --guild 1 --format csv --output log.csv"])
def test_no_call_upgrades_a_file_that_a_bot_has_open(call: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path("data/circle-take.sqlite3")
    opening.prepare(path)
    with contextlib.closing(opening.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version={LATEST - 1}")
    with occupied(path):
        assert cli.main(call.split()) == 1
    assert "in use by another bot" in capsys.readouterr().err
    assert opening.inspect(path) == LATEST - 1


def test_a_name_that_no_disk_accepts_is_reported_in_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_PATH", "x" * 300)
    assert cli.main(["check"]) == 1
    assert "cannot be created (File name too long)" in capsys.readouterr().err


def test_check_refuses_a_file_that_is_not_a_database(capsys: pytest.CaptureFixture[str]) -> None:
    Path("data").mkdir()
    Path("data/circle-take.sqlite3").write_text("call sheet" * 1000, encoding="utf-8")
    assert cli.main(["check"]) == 1
    assert "circle-take.sqlite3" in capsys.readouterr().err
    assert Path("data/circle-take.sqlite3").read_text(encoding="utf-8") == "call sheet" * 1000


def test_a_missing_token_does_not_hide_what_is_wrong_with_the_database(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISCORD_TOKEN")
    Path("data").mkdir()
    Path("data/circle-take.sqlite3").touch()
    assert cli.main(["check"]) == 1
    said = capsys.readouterr().err
    assert "DISCORD_TOKEN is missing" in said
    assert "exists but is empty" in said


def test_a_backup_opens_as_a_database_and_is_never_overwritten(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.main(["check"]) == 0
    monkeypatch.delenv("DISCORD_TOKEN")
    assert cli.main(["backup", "copy.sqlite3"]) == 0
    assert cli.main(["backup", "copy.sqlite3"]) == 1
    assert "exists already" in capsys.readouterr().err
    assert cli.main(["backup", "nowhere/copy.sqlite3"]) == 1
    assert "nowhere/copy.sqlite3 cannot be written (No such file or directory)." in capsys.readouterr().err
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("DATABASE_PATH", "copy.sqlite3")
    assert cli.main(["check"]) == 0


def test_the_module_is_the_program() -> None:
    root = str(Path(cli.__file__).parents[1])
    environ = {**os.environ, "PYTHONPATH": root, "DISCORD_TOKEN": ""}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "check"], capture_output=True, text=True, env=environ, check=False
    )
    assert done.returncode == 1
    assert "Configuration: fine" not in done.stdout
    assert "DISCORD_TOKEN is missing" in done.stderr
