"""The moderators' commands of the FAQ."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_limits import CHOICE_LENGTH, CHOICES
from bot.errors import quiet_autocomplete
from bot.ui import Interaction, act_of, clip, guild_of
from cogs.faq import admin_cards as cards
from cogs.faq.access import new_permit
from cogs.faq.forms import AddForm, EditForm
from cogs.faq.importing import export_file, import_file
from cogs.faq.notifier import Notifier
from cogs.faq.queue_views import queue_view
from cogs.faq.saving import acknowledge, show_change
from db.faq.entries import FaqEntryStore
from db.faq.queue import FaqQueueStore
from db.faq.store import FaqStore
from domain.errors import DomainError
from domain.faq.knowledge import essays
from domain.faq.matcher import FaqEntry, Origin
from domain.faq.own_entries import FormText

MARKS = {Origin.ESSAY: "", Origin.SERVER: " · own", Origin.OVERRIDE: " · edited"}


@quiet_autocomplete
async def suggest_entry(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Suggest entries by their question, the nearest first: own, the essays', and those that are hidden here."""
    guild_id, stores = guild_of(interaction), interaction.client.stores
    found = await interaction.client.answers.suggest(guild_id, current)
    own = await stores.faq_entries.own(guild_id)
    hidden = [entry for entry in essays().values() if entry.id in own and own[entry.id] is None]
    wanted = [entry for entry in hidden if current.casefold() in entry.question.casefold()]
    marked = [*((entry, " · hidden") for entry in wanted), *((entry, MARKS[entry.origin]) for entry in found)]
    return [
        app_commands.Choice(name=clip(entry.question, CHOICE_LENGTH - len(mark)) + mark, value=entry.id)
        for entry, mark in marked[:CHOICES]
    ]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class FaqAdmin(commands.GroupCog, group_name="faq-admin", group_description="Look after this server's FAQ."):
    """Commands of moderators. Discord decides who may use them: Server Settings › Integrations."""

    def __init__(self, faq: FaqStore, entries: FaqEntryStore, queue: FaqQueueStore, notifier: Notifier) -> None:
        self._faq, self._entries, self._queue, self._notifier = faq, entries, queue, notifier

    @app_commands.command(name="add")
    async def add(self, interaction: Interaction) -> None:
        """Add an answer of this server's own."""
        await AddForm(await new_permit(interaction)).show(interaction)

    @app_commands.command(name="edit")
    @app_commands.describe(entry="One of yours, or of the essays': editing that one gives this server its own answer")
    @app_commands.autocomplete(entry=suggest_entry)
    async def edit(self, interaction: Interaction, entry: str) -> None:
        """Change an answer for this server."""
        guild_id = guild_of(interaction)
        found, current = await self._find(guild_id, entry)
        base = await self._entries.last_change_of(guild_id, found)
        text = FormText.of(current or essays()[found])
        await EditForm(await new_permit(interaction), found, base, text=text).show(interaction)

    @app_commands.command(name="remove")
    @app_commands.describe(entry="Yours goes; an essay's that you edited or hid comes back; an essay's is hidden here")
    @app_commands.autocomplete(entry=suggest_entry)
    async def remove(self, interaction: Interaction, entry: str) -> None:
        """Remove an answer from this server."""
        guild_id = guild_of(interaction)
        found, _ = await self._find(guild_id, entry)
        change = await self._entries.remove(guild_id, act_of(interaction), found)
        await acknowledge(interaction)
        await show_change(interaction, change)

    async def _find(self, guild_id: int, typed: str) -> tuple[str, FaqEntry | None]:
        """Return the id of an entry, given its id or its question, and the entry; None while it is hidden here."""
        known: dict[str, FaqEntry | None] = {**essays(), **await self._entries.own(guild_id)}
        if typed in known:
            return typed, known[typed]
        for name, entry in known.items():
            titled = entry or essays()[name]
            if titled.question.casefold() == typed.strip().casefold():
                return name, entry
        raise DomainError("faq.unknown_entry")

    @app_commands.command(name="import")
    @app_commands.describe(file="What export gives: a JSON list of entries, or TOML; at most 4 MiB")
    async def import_entries(self, interaction: Interaction, file: discord.Attachment) -> None:
        """Add and change many answers at once, from a file. You see what it does before it counts."""
        await import_file(interaction, file)

    @app_commands.command(name="export")
    async def export(self, interaction: Interaction) -> None:
        """Get this server's own answers as a file."""
        await export_file(interaction)

    @app_commands.command(name="queue")
    async def queue(self, interaction: Interaction) -> None:
        """See what people asked and the FAQ could not answer, and answer it."""
        questions = await self._queue.open(guild_of(interaction))
        card, view = cards.queue_card(questions, 0), queue_view(questions, 0)
        await interaction.response.send_message(embed=card, view=view, ephemeral=True)

    @app_commands.command(name="stats")
    async def stats(self, interaction: Interaction) -> None:
        """See what is asked most, what helps least, and what is not answered."""
        guild_id = guild_of(interaction)
        usage = await self._faq.usage(guild_id, interaction.created_at)
        own, recent = await self._entries.own(guild_id), await self._entries.recent(guild_id)
        waiting, matcher = len(await self._queue.open(guild_id)), await interaction.client.answers.matcher(guild_id)
        card = cards.stats_card(usage, own, waiting, matcher, recent)
        await interaction.response.send_message(embed=card, ephemeral=True)

    @commands.Cog.listener()
    async def on_faq_answered(self) -> None:
        """Tell those who asked."""
        await self._notifier.tell_due()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Tell those who were not told before a restart."""
        await self._notifier.tell_due()
