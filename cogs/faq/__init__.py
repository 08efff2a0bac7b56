"""The FAQ: the essays' answers, a server's own, or a plain "not covered".

`cog.py` has the crew's commands and `admin.py` the moderators', `cards.py` and `admin_cards.py` the wording and layout.
`views.py` has the buttons of an answer, `browsing.py` the list of topics, `ask_moderators.py` the way to the queue.
For moderators, `forms.py` and `saving.py` add and edit entries, `importing.py` reads files, `queue_views.py` is the
queue, `notifier.py` tells those who asked; `access.py` says who may press what. The essays' answers are
`domain/essays/*.toml`, the ranking `domain/ranking/`, when not to answer `domain/ranking/gate.py`.
"""

from bot.ui import Bot
from cogs.faq import ask_moderators, browsing, forms, importing, queue_views, saving, views
from cogs.faq.admin import FaqAdmin
from cogs.faq.cog import Faq, find_faq_answer
from cogs.faq.notifier import Notifier


async def setup(bot: Bot) -> None:
    """Load the feature."""
    stores = bot.stores
    bot.add_items(*views.ITEMS, *browsing.ITEMS, ask_moderators.QueueButton)
    bot.add_items(*queue_views.ITEMS, saving.UndoButton, forms.RetryButton, importing.ImportButton)
    bot.add_modals(ask_moderators.QueueForm, *forms.FORMS)
    bot.tree.add_command(find_faq_answer)
    await bot.add_cog(Faq(stores.settings))
    notifier = Notifier(stores.faq_queue, bot.answers, bot.posts)
    await bot.add_cog(FaqAdmin(stores.faq, stores.faq_entries, stores.faq_queue, notifier))


async def teardown(bot: Bot) -> None:
    """Remove what does not belong to a cog."""
    bot.tree.remove_command(find_faq_answer.name, type=find_faq_answer.type)
