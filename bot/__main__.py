"""`python -m bot` is `circle-take`."""

import gc
import sys

# what imports allocate stays: looking through it again and again is a tenth of the time to start
gc.disable()

from bot.cli import main  # noqa: E402 - as said

if __name__ == "__main__":
    sys.exit(main())
