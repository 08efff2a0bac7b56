"""`make audit`, which `.ci/run` calls, against a service on loopback that answers like OSV."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pip_audit", reason="pip-audit is not installed; `make test` installs it")

ROOT = Path(__file__).parents[2]
HASH = f"--hash=sha256:{'0' * 64}"
PINNED = f"gaffer-tape==1.0 \\\n    {HASH}\nclapper==2.1 ; python_version >= '3' \\\n    {HASH}\n"
HOLE = {
    "id": "PYSEC-2026-1",
    "summary": "sticks to everything",
    "affected": [
        {
            "package": {"name": "gaffer-tape", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
        }
    ],
}


@contextmanager
def osv(holes: dict[str, Any], *, status: int = 200, answers: int = 10**6) -> Iterator[tuple[str, list[str]]]:
    """A service that knows these holes by package, its address, and the packages that it was asked about.

    After so many answers it breaks down.
    """
    asked: list[str] = []

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert question.keys() == {"package", "version"}
            asked.append(f"{question['package']['name']}=={question['version']}")
            hole = holes.get(question["package"]["name"])
            body = json.dumps({"vulns": [hole]} if hole else {}).encode()
            self.send_response(status if len(asked) <= answers else 503)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query", asked
        server.shutdown()


def audit(url: str, *files: Path) -> tuple[int, str]:
    """Run an audit and return its exit code and output."""
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "audit.py", *files],
        env={"AUDIT_URL": url, "HOME": str(files[0].parent) if files else "/nonexistent", "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def pinned(tmp_path: Path) -> Path:
    file = tmp_path / "run.txt"
    file.write_text(PINNED, encoding="utf-8")
    return file


def test_what_has_no_known_vulnerability_passes_and_every_package_is_asked_about(pinned: Path) -> None:
    with osv({}) as (url, asked):
        code, said = audit(url, pinned)
    assert (code, "No known vulnerabilities" in said, "NOT AUDITED" in said) == (0, True, False)
    assert {"gaffer-tape==1.0", "clapper==2.1"} <= set(asked)


def test_a_known_vulnerability_fails_and_is_named_with_the_version_that_fixes_it(pinned: Path) -> None:
    with osv({"gaffer-tape": HOLE}) as (url, _):
        code, said = audit(url, pinned)
    assert code == 1
    assert all(word in said for word in ("gaffer-tape", "1.0", "PYSEC-2026-1", "1.1"))


@pytest.mark.parametrize("status", [500, 503, 403])
def test_a_service_that_does_not_answer_is_reported_and_fails_nothing(pinned: Path, status: int) -> None:
    with osv({"gaffer-tape": HOLE}, status=status) as (url, _):
        code, said = audit(url, pinned)
    assert (code, "NOT AUDITED" in said, f"it answered {status}" in said) == (0, True, True)


def test_a_service_that_goes_down_meanwhile_is_reported_and_fails_nothing(pinned: Path) -> None:
    with osv({}, answers=2) as (url, _):
        code, said = audit(url, pinned)
    assert (code, "NOT AUDITED" in said) == (0, True)


def test_without_a_network_it_reports_that_nothing_was_audited(pinned: Path) -> None:
    with osv({}) as (url, _):
        pass
    code, said = audit(url, pinned)
    assert (code, "NOT AUDITED" in said, "is open" in said) == (0, True, True)


def test_a_file_without_hashes_is_not_passed(pinned: Path) -> None:
    pinned.write_text("gaffer-tape==1.0\n", encoding="utf-8")
    with osv({}) as (url, _):
        assert audit(url, pinned)[0] == 1


def test_every_file_of_ours_can_be_audited() -> None:
    with osv({}) as (url, asked):
        code, said = audit(url)
    assert (code, "NOT AUDITED" in said) == (0, False), said
    names = {package.partition("==")[0] for package in asked}
    assert {"discord-py", "aiosqlite", "simcord", "mypy", "pip-audit", "setuptools"} <= names


def test_ci_runs_the_audit() -> None:
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "make audit" in gate.splitlines()
    assert ".ci/audit.py" in makefile
