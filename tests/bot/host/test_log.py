"""Logs tell the host enough, and nothing that a person wrote."""

import io
import json
import logging
import sqlite3
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.host import log

BOT_TOKEN = "MTA4ODk2NDU1MDA0NTY3ODkw.GabcDE.aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789ab"
INTERACTION_TOKEN = "aW50ZXJhY3Rpb246MTQ1NjA3NDQ0Mzk4MDgwMDAzMzphYmM"
TYPED = "the talent has not agreed"


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """Restore the root logger for pytest."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for ours in ("bot", "cogs", "db", "domain", "sandbox"):
        logging.getLogger(ours).setLevel(logging.NOTSET)


def record(message: str, error: BaseException | None = None) -> logging.LogRecord:
    """A record of the feature polls."""
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("cogs.polls", logging.ERROR, "board.py", 1, message, (), info)


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    """An error with a traceback."""
    with pytest.raises(type(error)) as caught:
        raise error from cause
    return caught.value


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_line_names_the_time_the_level_and_the_logger(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up("INFO", form)
    logging.getLogger("cogs.polls").info("poll %s closed", 7)
    line = capsys.readouterr().err
    assert "cogs.polls" in line
    assert "INFO" in line
    assert "poll 7 closed" in line
    assert line.count("\n") == 1


def test_json_has_one_object_on_each_line(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up("INFO", "json")
    logging.getLogger("bot").error("[ab12cd34] /poll open failed", exc_info=raised(ZeroDivisionError(TYPED)))
    fields = json.loads(capsys.readouterr().err)
    assert {"at", "level", "logger", "message", "error"} == fields.keys()
    assert fields["message"] == "[ab12cd34] /poll open failed"
    assert "test_log.py" in fields["error"]


def test_json_is_valid_in_any_encoding_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(written, "latin-1", errors="backslashreplace"))
    log.set_up("INFO", "json")
    logging.getLogger("bot").info("copied to /srv/caf\u00e9/\U0001f3ac")
    sys.stderr.flush()
    assert json.loads(written.getvalue())["message"] == "copied to /srv/caf\u00e9/\U0001f3ac"


@pytest.mark.parametrize("formatter", [log.TextFormatter(), log.JsonFormatter()])
def test_tokens_are_blanked_in_words_and_tracebacks(formatter: logging.Formatter) -> None:
    address = f"POST /webhooks/123456789/{INTERACTION_TOKEN}/messages and interactions/5/{INTERACTION_TOKEN}/callback"
    error = raised(OSError(f"cannot reach {address} with {BOT_TOKEN}"))
    said = formatter.format(record(f"{address} {BOT_TOKEN}", error))
    assert BOT_TOKEN not in said
    assert INTERACTION_TOKEN not in said
    assert said.count("[token]") == 6


@pytest.mark.parametrize("formatter", [log.TextFormatter(), log.JsonFormatter()])
def test_the_message_of_an_unknown_error_stays_out(formatter: logging.Formatter) -> None:
    cause = raised(KeyError(TYPED))
    said = formatter.format(record("failed", raised(ValueError(f"bad reason: {TYPED}"), cause)))
    assert TYPED not in said
    assert "builtins.KeyError" in said
    assert "builtins.ValueError" in said
    assert "in raised" in said


def test_errors_of_the_database_and_the_system_keep_their_message() -> None:
    assert log.describe(raised(sqlite3.OperationalError("disk I/O error"))).endswith("disk I/O error")
    assert "No space left" in log.describe(raised(OSError(28, "No space left on device")))


def test_suppressed_errors_stay_out_of_the_log_and_causes_are_in_it() -> None:
    def handle(*, quietly: bool) -> None:
        try:
            dict[str, str]()["nothing"]
        except KeyError as error:
            raise RuntimeError from (None if quietly else error)

    for quietly in (True, False):
        with pytest.raises(RuntimeError) as caught:
            handle(quietly=quietly)
        assert ("builtins.KeyError" in log.describe(caught.value)) is not quietly


@given(text=st.text(max_size=30))
def test_what_is_logged_cannot_start_a_line_or_control_a_terminal(text: str) -> None:
    message = f"nobody knows the press {text}\n2026-11-21 10:00:00.000 INFO    bot.host.run: stopped\x1b[2J"
    said = log.TextFormatter().format(record(message, raised(OSError(f"{text}\x1b[2J"))))
    first, *rest = said.splitlines()
    assert first.endswith("INFO    bot.host.run: stopped\\u001b[2J")
    assert rest[0].startswith("  File")
    assert not set(said) & set(map(chr, [*range(10), *range(11, 32), *range(127, 160)]))


def test_a_long_line_without_a_token_costs_no_more_than_its_length() -> None:
    text = "a" * 200_000
    assert log.redact(text) == text


def test_libraries_stay_quiet_when_we_debug(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up("DEBUG", "text")
    logging.getLogger("discord.gateway").debug("payload: %s", TYPED)
    logging.getLogger("cogs.polls").debug("ours")
    said = capsys.readouterr().err
    assert TYPED not in said
    assert "ours" in said


def test_an_error_that_caused_itself_is_logged_once() -> None:
    error = raised(ValueError())
    error.__cause__ = error
    assert log.describe(error).count("builtins.ValueError") == 1


@given(before=st.text(), after=st.text(), token=st.from_regex(r"[A-Za-z0-9_-]{20,90}", fullmatch=True))
def test_no_interaction_token_survives_in_any_surroundings(before: str, after: str, token: str) -> None:
    said = log.redact(f"{before}webhooks/42/{token}/{after}")
    assert f"webhooks/42/{token}" not in said or f"webhooks/42/{token}" in before + after


def test_logs_go_only_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up("INFO", "text")
    logging.getLogger("bot").warning("careful")
    captured = capsys.readouterr()
    assert (captured.out, "careful" in captured.err) == ("", True)
    assert logging.getLogger().handlers[0].stream is sys.stderr  # type: ignore[attr-defined]  # a StreamHandler
