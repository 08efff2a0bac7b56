"""Polls: the crew decides, task by task, where AI may execute and where a human judges.

`cog.py` has the commands, `options.py` and `spoken_time.py` read what is typed into them, `opening.py` posts ballots.
`views.py` and `holds.py` have the buttons, `forms.py` what their forms share, `cards.py` the wording and layout.
`board.py` redraws ballots in channels, `clocks.py` does what is due. `outcomes/` is what follows the close: the outcome
and its record, when to look at it again, and the server's line. The rule
is `domain/polls/poll.py: decide`.
"""

from bot.ui import Bot
from cogs.polls import opening, views
from cogs.polls.board import BallotRefresher
from cogs.polls.clocks import Announcer, OutcomeClock
from cogs.polls.cog import Polls
from cogs.polls.outcomes import verdicts


async def setup(bot: Bot) -> None:
    """Load the feature."""
    bot.add_items(*views.ITEMS, opening.PostButton, *verdicts.ITEMS)
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
