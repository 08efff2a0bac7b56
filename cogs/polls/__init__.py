"""Polls: the crew decides, task by task, where AI may execute and where a human judges.

`cog.py` has the commands, `views.py` the buttons and forms, `cards.py` the wording and layout, `board.py` keeps ballots
in channels true, `deadline_clock.py` closes polls when they are due. The rule itself is `domain/polls.py: decide`.
"""

from bot.client import CircleTake
from bot.posts import Posts
from cogs.polls import views
from cogs.polls.board import Board
from cogs.polls.cog import Polls


async def setup(bot: CircleTake) -> None:
    """Load the feature."""
    bot.add_items(*views.BUTTONS)
    bot.add_modals(*views.FORMS)
    await bot.add_cog(Polls(bot.stores.polls, Board(bot.stores.polls, Posts(bot))))
