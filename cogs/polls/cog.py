"""The commands of polls."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui import Interaction, act_of, guild_of
from cogs.polls.board import Board
from cogs.polls.cards import list_card
from cogs.polls.deadline_clock import DeadlineClock
from cogs.polls.options import closing_time, suggest_open_poll, suggest_poll, suggest_task
from cogs.polls.views import ballot_buttons
from db.polls import PollStore
from domain.polls import DEFAULT_QUORUM, DETAILS_LENGTH, QUORUMS, TASK_LENGTH, Ballot, Draft

BALLOTS = [
    app_commands.Choice(name="open: counts and names at once", value=Ballot.OPEN.value),
    app_commands.Choice(name="after close: counts and names when it closes", value=Ballot.AFTER_CLOSE.value),
    app_commands.Choice(name="secret: counts when it closes, names never", value=Ballot.SECRET.value),
]
ZONE = ZoneInfo("UTC")
REDRAWN = timedelta(days=1)
"""How long after its end a poll's ballot is still drawn anew when the bot starts."""


@app_commands.guild_only()
class Polls(commands.GroupCog, group_name="poll", group_description="Decide with the crew what AI may do."):
    """Receives Discord's events and hands them on."""

    def __init__(self, store: PollStore, board: Board) -> None:
        self._store = store
        self._board = board
        self._clock = DeadlineClock(store, board.announce)

    async def cog_unload(self) -> None:
        """Stop what runs in the background."""
        self._clock.stop()
        await self._board.stop()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Close what fell due while the bot was away, and redraw the ballots whose last edit it may have missed."""
        await self._clock.wake()
        await self._board.changed_unseen(discord.utils.utcnow() - REDRAWN)

    @commands.Cog.listener()
    async def on_poll_changed(self, guild_id: int, poll_id: int) -> None:
        """Bring a ballot up to date."""
        self._board.changed(guild_id, poll_id)

    @app_commands.command(name="open")
    @app_commands.describe(
        task="What is to be done, in a few words",
        details="Scene, shot, tool, version",
        closes="2h, 3d, Friday noon (UTC); else one day",
        quorum="How many have to vote or abstain",
        voters="Who may vote; everyone if left out",
        department="Whose task it is; its majority can stop AI",
        ballot="When counts and names are seen",
    )
    @app_commands.choices(ballot=BALLOTS)
    @app_commands.autocomplete(task=suggest_task)
    async def open(
        self,
        interaction: Interaction,
        task: app_commands.Range[str, 1, TASK_LENGTH],
        details: app_commands.Range[str, 0, DETAILS_LENGTH] = "",
        closes: str | None = None,
        quorum: app_commands.Range[int, QUORUMS[0], QUORUMS[-1]] = DEFAULT_QUORUM,
        voters: discord.Role | None = None,
        department: discord.Role | None = None,
        ballot: str = Ballot.OPEN.value,
    ) -> None:
        """Ask the crew: may AI do this task?"""
        guild_id, act = guild_of(interaction), act_of(interaction)
        draft = Draft.of(
            task=task,
            details=details,
            opens_at=act.at,
            closes_at=await closing_time(closes, now=act.at, zone=ZONE),
            quorum=quorum,
            ballot=Ballot(ballot),
            owner_role_id=department.id if department else None,
            voter_role_id=voters.id if voters else None,
        )
        poll = await self._store.open(guild_id, act, interaction.channel_id or 0, draft)
        self._clock.wake()
        view = ballot_buttons(poll) or discord.utils.MISSING
        posted = await interaction.response.send_message(embed=await self._board.draw(guild_id, poll), view=view)
        if posted.message_id:
            await self._store.set_message(guild_id, poll.poll_id, poll.channel_id, posted.message_id)

    @app_commands.command(name="show")
    @app_commands.describe(poll="Its number, or words of its task")
    @app_commands.autocomplete(poll=suggest_poll)
    async def show(self, interaction: Interaction, poll: int) -> None:
        """Show a poll to you alone, with its buttons."""
        guild_id = guild_of(interaction)
        found = await self._store.get(guild_id, poll)
        card, view = await self._board.draw(guild_id, found), ballot_buttons(found) or discord.utils.MISSING
        await interaction.response.send_message(embed=card, view=view, ephemeral=True)

    @app_commands.command(name="list")
    async def list_open(self, interaction: Interaction) -> None:
        """List open polls and whether you have voted."""
        guild_id = guild_of(interaction)
        polls = await self._store.open_polls(guild_id)
        mine = [(poll, await self._store.vote_of(guild_id, poll.poll_id, interaction.user.id)) for poll in polls]
        await interaction.response.send_message(embed=list_card(guild_id, mine), ephemeral=True)

    @app_commands.command(name="close")
    @app_commands.describe(poll="Its number, or words of its task")
    @app_commands.autocomplete(poll=suggest_open_poll)
    async def close(self, interaction: Interaction, poll: int) -> None:
        """Close a poll now (opener and moderators)."""
        guild_id = guild_of(interaction)
        closed = await self._store.close(guild_id, poll, act_of(interaction))
        await interaction.response.send_message(embed=await self._board.draw(guild_id, closed))
        self._board.changed(guild_id, poll)
