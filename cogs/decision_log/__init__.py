"""The decision log for those who answer for it: exports, and proof that nobody changed it.

`cog.py` has the commands, with `voiding.py` and `purging.py`; `exporting.py` sends exports, and `progress.py` says how
far they are; `checking.py` checks them; `anchoring.py` posts the head of the log; `cards.py` has the wording. What an
export looks like is `domain/export/`, and for proofs `domain/proof/`.
"""

from bot.ui import Bot
from cogs.decision_log import exporting, purging, voiding
from cogs.decision_log.anchoring import Anchors
from cogs.decision_log.cog import DecisionLog


async def setup(bot: Bot) -> None:
    """Load the feature."""
    bot.add_items(*voiding.ITEMS, *exporting.ITEMS)
    bot.add_modals(*purging.FORMS)
    await bot.add_cog(DecisionLog(bot))
    await bot.add_cog(Anchors(bot))
