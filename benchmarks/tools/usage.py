"""What another process uses, on Linux and macOS."""

import os
import subprocess
from pathlib import Path

TICK = 0.01
"""The resolution of CPU seconds."""


def resident(pid: int) -> float:
    """Return the resident MiB of a process."""
    return int(_ps(pid, "rss")) / 1024


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds of all its threads, to a `TICK`."""
    file = Path(f"/proc/{pid}/stat")
    if file.exists():  # on Linux, ps prints whole seconds
        fields = file.read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    minutes, _, seconds = _ps(pid, "time").rpartition(":")
    return 60 * int(minutes) + float(seconds)


def _ps(pid: int, column: str) -> str:
    told = subprocess.run(("/bin/ps", "-o", f"{column}=", "-p", f"{pid}"), capture_output=True, check=True, text=True)
    return told.stdout.strip()
