"""Polls: the crew decides, task by task, where AI may execute and where a human judges.

`cog.py` has the commands, `opening.py` what posts a ballot, `views.py` and `holds.py` the buttons and forms, `cards.py`
the wording and layout, `board.py` keeps ballots in channels true, `deadline_clock.py` closes polls when they are due,
`announcer.py` tells channels how they ended. The rule itself is `domain/polls.py: decide`.
"""

from bot.client import CircleTake
from bot.posts import Posts
from cogs.polls import opening, views
from cogs.polls.announcer import Announcer
from cogs.polls.board import Board
from cogs.polls.cog import Polls


async def setup(bot: CircleTake) -> None:
    """Load the feature."""
    bot.add_items(*views.BUTTONS, opening.PostButton)
    bot.add_modals(*views.FORMS, opening.OpenForm)
    bot.tree.add_command(opening.ask_about_message)
    polls, posts = bot.stores.polls, Posts(bot)
    board = Board(polls, posts)
    await bot.add_cog(Polls(polls, bot.stores.settings, board, Announcer(polls, board, posts)))


async def teardown(bot: CircleTake) -> None:
    """Unload what is not the cog's."""
    bot.tree.remove_command(opening.ask_about_message.name, type=opening.ask_about_message.type)
