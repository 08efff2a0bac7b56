"""What a server sets for itself: time zone, where decisions are posted, defaults of polls and answers, moderators."""

from bot.ui import Bot
from cogs.settings import views
from cogs.settings.cog import SettingsCog


async def setup(bot: Bot) -> None:
    """Load the feature."""
    bot.add_items(views.ResetSelect)
    await bot.add_cog(SettingsCog(bot.stores.settings))
