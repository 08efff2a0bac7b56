"""Sign-offs: a named person puts their name on a cut, in public, with what AI did written beside it.

`cog.py` has the commands, `views.py` the buttons and forms, `cards.py` the wording and layout, `history.py` the pages
of the log, `correcting.py` mends a slip on the slate, `board.py` keeps cards in channels true. The rules are
`domain/signoffs.py` and `domain/corrections.py`, the question is `domain/decisions.py: QUESTION`.
"""

from bot.client import CircleTake
from bot.posts import Posts
from cogs.signoffs import correcting, history, views
from cogs.signoffs.board import Board
from cogs.signoffs.cog import Signoffs


async def setup(bot: CircleTake) -> None:
    """Load the feature."""
    bot.add_items(*views.BUTTONS, *history.BUTTONS, *correcting.BUTTONS)
    bot.add_modals(*views.FORMS, *correcting.FORMS)
    await bot.add_cog(Signoffs(bot.stores.signoffs, Board(bot.stores.signoffs, Posts(bot))))
