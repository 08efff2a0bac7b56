"""The events by which features tell each other what changed.

`bot.dispatch(POLL_CHANGED, ...)` calls `on_poll_changed` of every cog that has such a listener. A feature dispatches
what it changed and never imports the feature that listens.
"""

POLL_OPENED = "poll_opened"
"""`on_poll_opened(guild_id, poll_id)`: there is a new deadline."""

POLL_CHANGED = "poll_changed"
"""`on_poll_changed(guild_id, poll_id)`: the ballot in its channel is out of date."""

OUTCOME_RECORDED = "outcome_recorded"
"""`on_outcome_recorded()`: the log has a new outcome to post."""

SIGNOFF_CHANGED = "signoff_changed"
"""`on_signoff_changed(guild_id, number)`: the card in its channel is out of date."""

SIGNOFF_DUE_SET = "signoff_due_set"
"""`on_signoff_due_set(guild_id, number)`: a cut has a new due time."""

LOG_EXPORTED = "log_exported"
"""`on_log_exported(guild_id)`: somebody now holds a copy of a server's log."""

ERASED = "erased"
"""`on_erased()`: an erasure left cards to redraw and moderators to tell."""

FAQ_ANSWERED = "faq_answered"
"""`on_faq_answered()`: people who asked may now be told."""
