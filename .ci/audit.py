"""Ask OSV (osv.dev) for known vulnerabilities in every version that `requirements/*.txt` pin: `make audit`.

OSV learns names and versions, nothing else. Nothing is resolved or installed: the files pin everything with hashes.

Exit codes: 0 no known vulnerability, or OSV could not be asked, which is printed; 1 a known vulnerability, or files
that cannot be audited. AUDIT_URL is another service that answers like OSV's `/v1/query`.
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
    """Audit the files; all of `requirements/` if none is named."""
    asked = list(map(Path, files)) or sorted((ROOT / "requirements").glob("*.txt"))
    if why := unreachable():
        return not_audited(why)
    sound = [audit(file) for file in asked]
    if not all(sound) and (why := unreachable()):  # the service may have gone down meanwhile
        return not_audited(why)
    return 0 if all(sound) else 1


def audit(file: Path) -> bool:
    """Say whether a file pins no known vulnerability; pip-audit prints those that it finds."""
    print(f"{file.name}: ", end="", file=sys.stderr, flush=True)
    call = [sys.executable, "-m", "pip_audit", *OPTIONS, *QUIET, "--requirement", str(file)]
    return subprocess.run(call, check=False).returncode == 0  # noqa: S603 - no input from outside


def unreachable() -> str:
    """Return why the service cannot be asked; "" if it answers."""
    question = json.dumps({"package": {"name": "pip", "ecosystem": "PyPI"}, "version": "26.0"}).encode()
    request = urllib.request.Request(SERVICE, question, {"Content-Type": "application/json"})  # noqa: S310 - the host's own setting
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - the host's own setting
            json.load(answer)
    except urllib.error.HTTPError as error:
        return f"it answered {error.code}"
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", error))
    return ""


def not_audited(why: str) -> int:
    """Print that nothing was audited: in that case, finding nothing means nothing."""
    print(f"NOT AUDITED: {SERVICE} cannot be asked ({why}). Whether there are known holes is open.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
