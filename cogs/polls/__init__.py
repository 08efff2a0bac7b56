"""Polls: the crew decides, task by task, where AI may execute and where a human judges.

`cog.py` has the commands, `opening.py` what posts a ballot, `views.py` and `holds.py` the buttons and forms, `cards.py`
the wording and layout, `board.py` keeps ballots in channels true, `deadline_clock.py` closes polls when they are due,
`announcer.py` tells channels how they ended. What comes after the close is in `outcome_cards.py`, `outcome_views.py`
(recording it), `outcome_clock.py` (reviews, the decisions channel) and `verdicts.py` (the server's line). The rule
itself is `domain/polls/poll.py: decide`.
"""

from bot.ui import Bot
from cogs.polls import opening, views
from cogs.polls.board import BallotRefresher
from cogs.polls.clocks import Announcer
from cogs.polls.cog import Polls
from cogs.polls.outcome_clock import OutcomeClock
from cogs.polls.outcomes import verdicts


async def setup(bot: Bot) -> None:
    """Load the feature."""
    bot.add_items(*views.BUTTONS, opening.PostButton, *verdicts.BUTTONS)
    bot.add_modals(*views.FORMS, opening.OpenForm)
    bot.tree.add_command(opening.ask_about_message)
    stores, posts = bot.stores, bot.posts
    board = BallotRefresher(stores.polls, posts)
    announcer = Announcer(stores.polls, board, posts)
    outcome_clock = OutcomeClock(stores.outcomes, posts, board.changed)
    await bot.add_cog(Polls(stores, board, announcer, outcome_clock))


async def teardown(bot: Bot) -> None:
    """Unload what is not the cog's."""
    bot.tree.remove_command(opening.ask_about_message.name, type=opening.ask_about_message.type)
