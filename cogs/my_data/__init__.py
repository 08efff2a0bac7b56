"""A person's own data, and a server's when the bot is removed: it can be taken along, and goes when it must.

`cog.py` has the commands, `views.py` the button, `cards.py` the wording, `erasing.py` carries erasures out,
`departures.py` purges servers that removed the bot. What is kept, and why, is `docs/privacy.md`.
"""

from bot.ui import Bot
from cogs.my_data import views
from cogs.my_data.cog import MyData
from cogs.my_data.departures import Departures


async def setup(bot: Bot) -> None:
    """Load the feature."""
    bot.add_items(*views.BUTTONS)
    await bot.add_cog(MyData(bot))
    await bot.add_cog(Departures(bot))
