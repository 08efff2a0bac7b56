"""`python -m bot` is `circle-take`."""

import gc
import sys

# imports allocate what stays: collecting garbage among it takes a tenth of the start
gc.disable()

from bot.cli import main  # noqa: E402 - the collector is off first

if __name__ == "__main__":
    sys.exit(main())
