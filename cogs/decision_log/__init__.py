"""The decision log for those who answer for it: exports, and proof that nobody changed it.

`cog.py` has the commands, with `voiding.py` and `purging.py`; `exporting.py` an export's way to the person, `months.py`
the button for one that is too big; `anchoring.py` posts the head of the log, `cards.py` has the wording. What an export
looks like is `domain/export/tables.py`, and for proofs `domain/proof/`; what a check proves is `verifier.py` there.
"""

from bot.ui import Bot
from cogs.decision_log import months, purging, voiding
from cogs.decision_log.anchoring import Anchors
from cogs.decision_log.cog import DecisionLog


async def setup(bot: Bot) -> None:
    """Load the feature."""
    bot.add_items(*voiding.BUTTONS, *months.BUTTONS)
    bot.add_modals(*purging.FORMS)
    await bot.add_cog(DecisionLog(bot.stores.decisions))
    await bot.add_cog(Anchors(bot))
