"""The decision log for those who answer for it: exports, and proof that nobody changed it.

`cog.py` has the commands, `cards.py` the wording. What an export looks like is `domain/exports.py`, what a check proves
is `domain/verify.py`.
"""

from bot.client import CircleTake
from cogs.decision_log.cog import DecisionLog


async def setup(bot: CircleTake) -> None:
    """Load the feature."""
    await bot.add_cog(DecisionLog(bot.stores.decisions))
