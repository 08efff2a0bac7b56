"""The commands of sign-offs."""

from datetime import timedelta

import discord
from discord import app_commands
from discord.ext import commands

from bot.delivery.clock import Clock
from bot.events import SIGNOFF_CHANGED
from bot.ui import Interaction, act_of, guild_of
from cogs.signoffs.board import SignoffRefresher, draw_status
from cogs.signoffs.cards import AwaitedSignoff, waiting_card
from cogs.signoffs.due import Reminders
from cogs.signoffs.history import show_history
from cogs.signoffs.opening import DraftForm
from cogs.signoffs.options import read_signers, suggest_own_entry, suggest_piece
from cogs.signoffs.receipts import receipt
from db.signoffs.store import SignoffStore
from domain.decision_log.entries import Person
from domain.export.filters import Filter, Kind
from domain.signoffs.choices import SignoffVerdict
from domain.signoffs.request import SignoffRequest
from domain.signoffs.slate import CUTS, LINK_LENGTH, PIECE_LENGTH
from domain.signoffs.state import REASON_LENGTH

REDRAW_FOR = timedelta(days=1)
"""How long after its last entry a card is still redrawn when the bot starts."""

VERDICTS = [app_commands.Choice(name=verdict.label, value=verdict.value) for verdict in SignoffVerdict]


@app_commands.guild_only()
class Signoffs(commands.GroupCog, group_name="signoff", group_description="Put your name on a cut, and see who did."):
    """Commands for everyone, and the cards and reminders behind them."""

    def __init__(self, store: SignoffStore, board: SignoffRefresher, reminders: Reminders) -> None:
        self._store = store
        self._board = board
        self._clock = Clock(reminders.send_due, "reminding those whose names are due")

    async def cog_unload(self) -> None:
        self._clock.stop()
        await self._board.stop()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Redraw the cards whose last edit a restart may have lost, and send the reminders that are due."""
        self._clock.wake()
        await self._board.changed_unseen(discord.utils.utcnow() - REDRAW_FOR)

    @commands.Cog.listener()
    async def on_signoff_changed(self, guild_id: int, number: int) -> None:
        """Redraw a card."""
        self._board.changed(guild_id, number)

    @commands.Cog.listener()
    async def on_signoff_due_set(self, guild_id: int, number: int) -> None:
        """Show the new time on the card, and set the clock to it."""
        self._board.changed(guild_id, number)
        self._clock.wake()

    @app_commands.command(name="open")
    @app_commands.describe(
        piece="What is delivered: its name on the slate",
        cut="The number of this cut",
        link="Where the cut can be watched",
        signers="Mention who must sign; left out: as the policy says, else as last time, else you",
    )
    @app_commands.autocomplete(piece=suggest_piece)
    async def open(
        self,
        interaction: Interaction,
        piece: app_commands.Range[str, 1, PIECE_LENGTH],
        cut: app_commands.Range[int, CUTS[0], CUTS[-1]],
        link: app_commands.Range[str, 0, LINK_LENGTH] = "",
        signers: str = "",
    ) -> None:
        """Ask those who answer for a cut to put their names on it."""
        act = act_of(interaction)
        users, roles = await read_signers(interaction, signers)
        request = SignoffRequest(0, act.at, piece, cut, Person.of(act.actor), link=link, users=users, roles=roles)
        draft = await interaction.client.stores.signoff_drafts.keep(guild_of(interaction), act, request)
        await DraftForm(interaction.id, draft=draft).show(interaction)

    @app_commands.command(name="status")
    @app_commands.describe(piece="The name of the piece")
    @app_commands.autocomplete(piece=suggest_piece)
    async def status(self, interaction: Interaction, piece: str) -> None:
        """Show where the newest cut of a piece stands, to you alone, with its buttons."""
        card, view = await draw_status(interaction, await self._store.status(guild_of(interaction), piece))
        await interaction.response.send_message(embed=card, view=view, ephemeral=True)

    @app_commands.command(name="history")
    @app_commands.describe(piece="Only this piece", person="Only this person's entries", verdict="Only this answer")
    @app_commands.choices(verdict=VERDICTS)
    @app_commands.autocomplete(piece=suggest_piece)
    async def history(
        self,
        interaction: Interaction,
        piece: str | None = None,
        person: discord.User | None = None,
        verdict: str | None = None,
    ) -> None:
        """Leaf through the log of sign-offs, the newest first."""
        wanted = Filter(piece=piece, person=person.id if person else None, verdict=verdict, kind=Kind.SIGNOFFS)
        await show_history(interaction, wanted)

    @app_commands.command(name="waiting")
    async def waiting(self, interaction: Interaction) -> None:
        """List what awaits your signature."""
        guild_id = guild_of(interaction)
        states = await self._store.waiting(guild_id, act_of(interaction).actor)
        dues = interaction.client.stores.dues
        waiting = [
            AwaitedSignoff(
                state,
                await self._store.message(guild_id, state.request.number),
                await dues.due(guild_id, state.request.number),
            )
            for state in states
        ]
        await interaction.response.send_message(embed=waiting_card(guild_id, waiting), ephemeral=True)

    @app_commands.command(name="withdraw")
    @app_commands.describe(entry="The number of your own answer or request", reason="Why, kept in the log")
    @app_commands.autocomplete(entry=suggest_own_entry)
    async def withdraw(
        self,
        interaction: Interaction,
        entry: app_commands.Range[int, 1],
        reason: app_commands.Range[str, 0, REASON_LENGTH] = "",
    ) -> None:
        """Take back your own answer or request; the log keeps both."""
        guild_id = guild_of(interaction)
        signoff = await self._store.withdraw(guild_id, entry, act_of(interaction), reason)
        interaction.client.dispatch(SIGNOFF_CHANGED, guild_id, signoff.request.number)
        await interaction.response.send_message(receipt(signoff.request, signoff.entry), ephemeral=True)
