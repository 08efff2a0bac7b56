"""The commands of polls."""

from collections.abc import Awaitable
from datetime import timedelta

import discord
from discord import app_commands
from discord.ext import commands

from bot.incoming import choice
from bot.stores import Stores
from bot.ui import Interaction, act_of, guild_of
from cogs.polls.board import BallotRefresher, draw
from cogs.polls.cards import VERDICT_LABELS, extended, list_card, my_vote
from cogs.polls.clocks import Announcer, DeadlineClock, OutcomeClock
from cogs.polls.opening import open_poll, shown_buttons
from cogs.polls.options import closing_time, later_time, suggest_open_poll, suggest_poll, suggest_task
from cogs.polls.outcomes.verdicts import Search, show_line
from cogs.polls.views import ballot_buttons
from domain.polls.poll import DETAILS_LENGTH, QUORUMS, REASON_LENGTHS, TASK_LENGTH, Ballot, Poll, PollDraft

BALLOTS = [
    app_commands.Choice(name="open: counts and names at once", value=Ballot.OPEN.value),
    app_commands.Choice(name="after close: counts and names when it closes", value=Ballot.AFTER_CLOSE.value),
    app_commands.Choice(name="secret: counts when it closes, names never", value=Ballot.SECRET.value),
]
VERDICTS = [app_commands.Choice(name=label, value=verdict.value) for verdict, label in VERDICT_LABELS.items()]
REDRAW_FOR = timedelta(days=1)
"""How long after its end a poll's ballot is still redrawn when the bot starts."""


@app_commands.guild_only()
class Polls(commands.GroupCog, group_name="poll", group_description="Decide with the crew what AI may do."):
    """Commands for everyone, and what keeps polls going."""

    def __init__(
        self, stores: Stores, board: BallotRefresher, announcer: Announcer, outcome_clock: OutcomeClock
    ) -> None:
        self._store, self._outcomes, self._settings = stores.polls, stores.outcomes, stores.settings
        self._board = board
        self._announcer = announcer
        self._outcome_clock = outcome_clock
        self._clock = DeadlineClock(stores.polls, self._announce)

    async def cog_unload(self) -> None:
        self._clock.stop()
        self._announcer.stop()
        self._outcome_clock.stop()
        await self._board.stop()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Close and announce what ended while the bot was off, and redraw ballots whose last edit may be lost."""
        await self._clock.wake()
        self._outcome_clock.wake()
        await self._board.changed_unseen(discord.utils.utcnow() - REDRAW_FOR)
        await self._announcer.wake()

    @commands.Cog.listener()
    async def on_poll_changed(self, guild_id: int, poll_id: int) -> None:
        """Redraw a ballot."""
        self._board.changed(guild_id, poll_id)

    @commands.Cog.listener()
    async def on_outcome_recorded(self) -> None:
        """Post what was recorded, and have the cards that it changed redrawn."""
        self._outcome_clock.wake()

    @commands.Cog.listener()
    async def on_poll_opened(self, _guild_id: int, _poll_id: int) -> None:
        """Set the clock to the new deadline."""
        self._clock.wake()

    async def _announce(self, guild_id: int, poll: Poll) -> None:
        self._outcome_clock.wake()
        await self._announcer.announce(guild_id, poll)

    @app_commands.command(name="open")
    @app_commands.describe(
        task="What is to be done, in a few words",
        details="Scene, shot, tool, version",
        closes="2h, 3d, Friday noon in the server's time zone; a day unless set otherwise",
        quorum="How many have to vote or abstain; 3 unless set otherwise",
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
        quorum: app_commands.Range[int, QUORUMS[0], QUORUMS[-1]] | None = None,
        voters: discord.Role | None = None,
        department: discord.Role | None = None,
        ballot: str = Ballot.OPEN.value,
    ) -> None:
        """Ask the crew: may AI do this task?"""
        at, settings = interaction.created_at, await self._settings.get(guild_of(interaction))
        draft = PollDraft.of(
            task=task,
            details=details,
            opens_at=at,
            closes_at=await closing_time(closes, now=at, zone=settings.zone, default=settings.poll_duration),
            quorum=quorum or settings.poll_quorum,
            ballot=choice(Ballot, ballot),
            owner_role_id=_narrower(department),
            voter_role_id=_narrower(voters),
        )
        await open_poll(interaction, draft)

    @app_commands.command(name="show")
    @app_commands.describe(poll="Its number, or words of its task")
    @app_commands.autocomplete(poll=suggest_poll)
    async def show(self, interaction: Interaction, poll: int) -> None:
        """Show a poll to you alone, with your vote and the buttons."""
        guild_id, actor = guild_of(interaction), act_of(interaction).actor
        found = await self._store.get(guild_id, poll)
        mine = my_vote(found, await self._store.vote_of(guild_id, poll, actor.id), actor.id)
        keeper = actor.id == found.opener_id or await self._settings.is_moderator(guild_id, actor)
        card, view = await draw(self._store, guild_id, found), shown_buttons(found, keeper=keeper)
        await interaction.response.send_message(mine, embed=card, view=view or discord.utils.MISSING, ephemeral=True)

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
        await self._end(interaction, poll, self._store.close(guild_of(interaction), poll, act_of(interaction)))

    @app_commands.command(name="extend")
    @app_commands.describe(
        poll="Its number, or words of its task",
        closes="Its new end: 2h from now, +2h for two hours more, Friday noon in the server's time zone",
    )
    @app_commands.autocomplete(poll=suggest_open_poll)
    async def extend(self, interaction: Interaction, poll: int, closes: str) -> None:
        """Give a poll more time (opener and moderators)."""
        guild_id, act = guild_of(interaction), act_of(interaction)
        before = (await self._store.get(guild_id, poll)).draft.closes_at
        settings = await self._settings.get(guild_id)
        closes_at = await later_time(closes, deadline=before, now=act.at, zone=settings.zone)
        longer = await self._store.extend(guild_id, poll, act, closes_at)
        self._clock.wake()
        self._board.changed(guild_id, poll)
        here = interaction.channel_id == longer.channel_id
        await interaction.response.send_message(extended(longer, before), ephemeral=not here)

    @app_commands.command(name="cancel")
    @app_commands.describe(poll="Its number, or words of its task", reason="Why; it stands on the card")
    @app_commands.autocomplete(poll=suggest_open_poll)
    async def cancel(
        self,
        interaction: Interaction,
        poll: int,
        reason: app_commands.Range[str, REASON_LENGTHS[0], REASON_LENGTHS[-1]],
    ) -> None:
        """End a poll without a verdict, for good (opener and moderators)."""
        guild_id, act = guild_of(interaction), act_of(interaction)
        await self._end(interaction, poll, self._store.cancel(guild_id, poll, act, reason))

    async def _end(self, interaction: Interaction, poll_id: int, ending: Awaitable[Poll]) -> None:
        """End a poll and show how: to all in its channel; from elsewhere to this person, and the channel is told."""
        guild_id = guild_of(interaction)
        try:
            with self._announcer.claim(guild_id, poll_id):
                ended = await ending
                self._board.changed(guild_id, poll_id, at_once=True)
                here = interaction.channel_id == ended.channel_id
                self._outcome_clock.wake()
                card, view = await draw(self._store, guild_id, ended), ballot_buttons(ended) or discord.utils.MISSING
                await interaction.response.send_message(embed=card, view=view, ephemeral=not here)
                if here:
                    await self._store.mark_announced(guild_id, poll_id, interaction.created_at)
        finally:
            await self._announcer.wake()

    @app_commands.command(name="verdicts")
    @app_commands.describe(task="Words of the task; everything if left out", verdict="Only this answer")
    @app_commands.choices(verdict=VERDICTS)
    @app_commands.autocomplete(task=suggest_task)
    async def verdicts(self, interaction: Interaction, task: str = "", verdict: str | None = None) -> None:
        """See what this server lets AI execute, and what it keeps for people."""
        await show_line(interaction, self._outcomes, Search.of(task, verdict))


def _narrower(role: discord.Role | None) -> int | None:
    """Return the id of a role; None for everyone's role, which narrows nothing."""
    return None if role is None or role.is_default() else role.id
