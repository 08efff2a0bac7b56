"""Suggestions while somebody types a task: what the server has asked or decided before, and what the essay lists."""

from discord import app_commands

from bot.discord_limits import CHOICE_LENGTH, CHOICES
from bot.errors import quiet_autocomplete
from bot.ui import Interaction, clip, guild_of
from cogs.polls.cards import VERDICT_LABELS
from domain.polls.outcomes import task_key
from domain.polls.precedents import ESSAY, Precedent


@quiet_autocomplete
async def suggest_task(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Tasks that hold the words: open ones, then the line, each with its verdict, then the essay's."""
    stores, guild_id = interaction.client.stores, guild_of(interaction)
    asked = [task for _, task, _ in await stores.polls.find(guild_id, text=current, open_only=False)]
    line = await stores.outcomes.line(guild_id)
    decided = {task_key(one.task): one for one in reversed((*line, *ESSAY)) if one.superseded_by is None}
    wanted = task_key(current)
    named = {task_key(task): task for task in (*asked, *(one.task for one in (*line, *ESSAY)))}
    found = [(task, decided.get(key)) for key, task in named.items() if wanted in key and len(task) <= CHOICE_LENGTH]
    return [app_commands.Choice(name=_name(task, one), value=task) for task, one in found[:CHOICES]]


def _name(task: str, decided: Precedent | None) -> str:
    if decided is None:
        return task
    where = "the essay" if decided.poll_id is None else f"poll {decided.poll_id}"
    mark = f" · {VERDICT_LABELS[decided.verdict]} ({where})"
    return clip(task, CHOICE_LENGTH - len(mark)) + mark
