"""Sign-offs: a named person puts their name on a cut, in public, next to what AI did.

`cog.py` and `menu.py` have the commands, `options.py` reads what is typed into them, `policy.py` is who must sign.
`opening.py` has the form and the card it leads to, `views.py` the buttons under it, `correcting.py` the form for a slip
on the slate, `cards.py` and `receipts.py` the wording and layout, `history.py` the pages of the log. `board.py` redraws
cards in channels, `due.py` reminds those whose names are missing. The rules are `domain/signoffs/`, the question is
`domain/decision_log/entries.py: QUESTION`.
"""

from bot.ui import Bot
from cogs.signoffs import correcting, history, opening, views
from cogs.signoffs.board import SignoffRefresher
from cogs.signoffs.cog import Signoffs
from cogs.signoffs.due import Reminders
from cogs.signoffs.menu import SignOffMenu


async def setup(bot: Bot) -> None:
    """Load the feature."""
    stores, posts = bot.stores, bot.posts
    bot.add_items(*views.ITEMS, *opening.ITEMS, *history.ITEMS, *correcting.ITEMS)
    bot.add_modals(*views.FORMS, opening.DraftForm, *correcting.FORMS)
    board = SignoffRefresher(stores.signoffs, stores.dues, posts)
    await bot.add_cog(Signoffs(stores.signoffs, board, Reminders(stores.signoffs, stores.dues, posts)))
    bot.tree.add_command(SignOffMenu().command)
