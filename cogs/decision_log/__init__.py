"""The decision log for those who answer for it: exports, and proof that nobody changed it.

`cog.py` has the commands, `exporting.py` an export's way to the person, `months.py` the button for one that is too big,
`cards.py` the wording. What an export looks like is `domain/tables.py`, `proofs.py`, `page.py` and `proof_zip.py`; what
a check proves is `domain/verify.py`.
"""

from bot.client import CircleTake
from cogs.decision_log.cog import DecisionLog
from cogs.decision_log.months import BUTTONS


async def setup(bot: CircleTake) -> None:
    """Load the feature."""
    bot.add_items(*BUTTONS)
    await bot.add_cog(DecisionLog(bot.stores.decisions))
