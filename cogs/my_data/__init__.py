"""A person's own data, which they can export and erase, and a server's, which is deleted after the bot is removed.

`cog.py` has the commands, `views.py` the button, `cards.py` the wording, `erasing.py` carries erasures out,
`departures.py` purges servers that removed the bot. What is kept, and why, is `docs/privacy.md`.
"""

from bot.ui import Bot
from cogs.my_data import views
from cogs.my_data.cog import MyData
from cogs.my_data.departures import Departures


async def setup(bot: Bot) -> None:
    """Load the feature."""
    bot.add_items(*views.ITEMS)
    await bot.add_cog(MyData(bot))
    await bot.add_cog(Departures(bot))
