"""Ask OSV (osv.dev) for known holes in every version that `requirements/*.txt` pin: `make audit`.

OSV hears names and versions, nothing else. Nothing is resolved or installed: the files pin everything with hashes.

Exit codes: 0 no known hole, or nobody could be asked, which is said; 1 a known hole, or files that cannot be audited.
AUDIT_URL is another service that answers as OSV's `/v1/query` does.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SERVICE = os.environ.get("AUDIT_URL", "https://api.osv.dev/v1/query")
SECONDS = 15
OPTIONS = ("--vulnerability-service", "osv", "--osv-url", SERVICE, "--require-hashes", "--disable-pip")
QUIET = ("--progress-spinner", "off", "--timeout", f"{SECONDS}", "--aliases", "on", "--desc", "off")


def main(files: list[str]) -> int:
    """Audit the files, all of `requirements/` if none is named."""
    asked = list(map(Path, files)) or sorted((ROOT / "requirements").glob("*.txt"))
    if why := unreachable():
        return not_audited(why)
    sound = [audit(file) for file in asked]
    if not all(sound) and (why := unreachable()):  # it may have gone while it was asked
        return not_audited(why)
    return 0 if all(sound) else 1


def audit(file: Path) -> bool:
    """Whether no hole is known in what a file pins; pip-audit says which."""
    print(f"{file.name}: ", end="", file=sys.stderr, flush=True)
    call = [sys.executable, "-m", "pip_audit", *OPTIONS, *QUIET, "--requirement", str(file)]
    return subprocess.run(call, check=False).returncode == 0  # noqa: S603 - our own words


def unreachable() -> str:
    """Why the service cannot be asked; "" if it answers."""
    question = json.dumps({"package": {"name": "pip", "ecosystem": "PyPI"}, "version": "26.0"}).encode()
    request = urllib.request.Request(SERVICE, question, {"Content-Type": "application/json"})  # noqa: S310 - as above
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - as above
            json.load(answer)
    except urllib.error.HTTPError as error:
        return f"it answered {error.code}"
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", error))
    return ""


def not_audited(why: str) -> int:
    """Say so plainly: that nothing was found means nothing then."""
    print(f"NOT AUDITED: {SERVICE} cannot be asked ({why}). Whether there are known holes is open.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
