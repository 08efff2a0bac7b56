"""The FAQ: the essays' answers, and a plain no where they have none.

`cog.py` has the commands, `views.py` the buttons and forms, `cards.py` the wording and layout. The answers themselves
are `domain/essays/*.toml`, the ranking and when not to answer `domain/faq.py`.
"""

from bot.client import CircleTake
from cogs.faq import views
from cogs.faq.cog import Faq, FaqAdmin


async def setup(bot: CircleTake) -> None:
    """Load the feature."""
    bot.add_items(*views.ITEMS)
    bot.add_modals(views.QueueForm)
    await bot.add_cog(Faq(bot.stores.faq))
    await bot.add_cog(FaqAdmin(bot.stores.faq))
