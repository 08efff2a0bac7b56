"""What another process uses, as the system tells: on Linux and macOS."""

import os
import subprocess
from pathlib import Path

TICK = 0.01
"""Seconds between which the systems do not tell."""


def resident(pid: int) -> float:
    """MiB of it that are in memory."""
    return int(_ps(pid, "rss")) / 1024


def cpu_seconds(pid: int) -> float:
    """Seconds that all of its threads have run, to a `TICK`."""
    file = Path(f"/proc/{pid}/stat")
    if file.exists():  # here ps tells whole seconds
        fields = file.read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    minutes, _, seconds = _ps(pid, "time").rpartition(":")
    return 60 * int(minutes) + float(seconds)


def _ps(pid: int, column: str) -> str:
    told = subprocess.run(("/bin/ps", "-o", f"{column}=", "-p", f"{pid}"), capture_output=True, check=True, text=True)
    return told.stdout.strip()
