"""The real bot, which as it stops lets answers and edits take as long as a busy machine needs for them."""

import sys

from bot import cli
from bot.delivery import refresher
from bot.host import run

AS_LONG_AS_IT_TAKES = 3600.0

if __name__ == "__main__":
    run.LAST_ANSWERS = refresher.LAST_EDITS = AS_LONG_AS_IT_TAKES
    sys.exit(cli.main(["run"]))
