"""Run pytest beside programs that want every core: `python -m tests.busy tests/cogs/polls`."""

import subprocess
import sys

LOOPS = 4
BUSY = "import os\nparent = os.getppid()\nwhile os.getppid() == parent:\n    pass"
"""Does nothing as fast as it can, and ends with the program that started it."""


def main() -> int:
    """Run it; pytest's exit code."""
    loops = [subprocess.Popen((sys.executable, "-c", BUSY)) for _ in range(LOOPS)]
    try:
        return subprocess.run([sys.executable, "-m", "pytest", *sys.argv[1:]], check=False).returncode
    finally:
        for one in loops:
            one.kill()
            one.wait()


if __name__ == "__main__":
    sys.exit(main())
