"""`/decision-log void`: marking spam and wrong-server entries, and erasing what was typed in them."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.custom_ids import EntryNumber
from bot.discord_limits import CHOICE_LENGTH, CHOICES
from bot.errors import quiet_autocomplete
from bot.events import ERASED, POLL_CHANGED, SIGNOFF_CHANGED
from bot.ui import Interaction, PersistentButton, act_of, buttons, clip, guild_of
from domain.decision_log.entries import LogEntry
from domain.decision_log.kinds import VoidEntry
from domain.decision_log.voids import VOID_REASON_LENGTHS, VoidEffect
from domain.text import clean_line

OPEN_REDRAWN = 100
"""Open ballots that are redrawn at once: each may show what was void among what was decided before."""


@quiet_autocomplete
async def suggest_entry(interaction: Interaction, current: str) -> list[app_commands.Choice[int]]:
    """Suggest entries that can be marked, by number, piece or name, the newest first."""
    entries = await interaction.client.stores.voids.candidates(guild_of(interaction))
    wanted = clean_line(current).casefold()
    named = ((entry.seq, clip(_name(entry), CHOICE_LENGTH)) for entry in entries)
    found = [app_commands.Choice(name=name, value=seq) for seq, name in named if wanted in name.casefold()]
    return found[:CHOICES]


def _name(entry: LogEntry) -> str:
    what = entry.verdict or entry.type.value
    who = entry.person.name if entry.person and entry.person.id else "(erased)"
    about = entry.subject.piece or entry.subject.task or "(erased)"
    return f"{entry.seq} · {what} · {about} · {who}"


class Voiding(commands.Cog):
    """The command, a part of `/decision-log`."""

    @app_commands.command(name="void")
    @app_commands.describe(entry="The number of the entry", reason="Why, kept in the log for everyone to read")
    @app_commands.autocomplete(entry=suggest_entry)
    async def void(
        self,
        interaction: Interaction,
        entry: app_commands.Range[int, 1],
        reason: app_commands.Range[str, VOID_REASON_LENGTHS[0], VOID_REASON_LENGTHS[-1]],
    ) -> None:
        """Mark spam or a wrong-server entry as void. It stays in the log and counts no more."""
        guild_id = guild_of(interaction)
        mark = await interaction.client.stores.voids.void(guild_id, entry, act_of(interaction), reason)
        if number := mark.request:
            interaction.client.dispatch(SIGNOFF_CHANGED, guild_id, number)
        effect = await interaction.client.stores.voids.effect(guild_id, mark.seq)
        await _redraw(interaction, guild_id, effect)
        view = buttons(EraseTypedButton(mark.seq))
        await interaction.response.send_message(void_words(mark, effect), view=view, ephemeral=True)


async def _redraw(interaction: Interaction, guild_id: int, effect: VoidEffect) -> None:
    """Have every card redrawn that shows an outcome in another place than before, open ballots among them."""
    if not effect.changed:
        return
    stores = interaction.client.stores
    showing = [poll.poll_id for poll in await stores.polls.open_polls(guild_id, OPEN_REDRAWN)]
    for poll_id in dict.fromkeys((*effect.changed, *showing)):
        interaction.client.dispatch(POLL_CHANGED, guild_id, poll_id)
    for number in await stores.signoffs.warned_of(guild_id, effect.out) if effect.out is not None else ():
        interaction.client.dispatch(SIGNOFF_CHANGED, guild_id, number)


def void_words(mark: LogEntry, effect: VoidEffect) -> str:
    """Return what a moderator reads after marking an entry."""
    said = VoidEntry.read(mark)
    ends = " The sign-off is over." if said.ends_signoff else ""
    return (
        f"Entry {said.voids} is marked as void; the mark is entry {mark.seq} of the log, with your name and reason."
        f"{ends}{_line_words(said.voids, effect)}\n"
        "The entry itself stays readable. If what was typed in it must go as well (an insult, somebody's private "
        "matter), erase that; the log can still be verified."
    )


def _line_words(voided: int, effect: VoidEffect) -> str:
    """Return what changed in the server's line of verdicts; "" for nothing."""
    sentences = []
    if effect.out is not None:
        sentences.append(f"Poll {effect.out}'s verdict counts no more.")
    if effect.without_record is not None:
        sentences.append(f"Poll {effect.without_record}'s verdict stays, without what that entry recorded.")
    if effect.standing:
        *more, last = (f"poll {number}'s" for number in effect.standing)
        verdicts = f"{', '.join(more)} and {last} verdicts stand" if more else f"{last} verdict stands"
        sentences.append(f"Entry {voided} is void; {verdicts} again.")
    return "".join(f"\n{sentence}" for sentence in sentences)


class EraseTypedButton(PersistentButton, custom_id="decision-log:erase-typed:{mark}"):
    """Erases what was typed in an entry that is marked. The store checks who may."""

    mark: EntryNumber
    label = "Erase its text too"
    style = discord.ButtonStyle.danger

    async def act(self, interaction: Interaction) -> None:
        guild_id, stores = guild_of(interaction), interaction.client.stores
        account = await stores.voids.erase_typed(guild_id, self.mark, act_of(interaction))
        mark = await stores.decisions.entry(guild_id, self.mark)
        if number := mark.request:
            interaction.client.dispatch(SIGNOFF_CHANGED, guild_id, number)
        interaction.client.dispatch(ERASED)
        target = VoidEntry.read(mark).voids
        text = f"What was typed in entry {target} is erased; entry {account.seq} accounts for it." if account else ""
        await interaction.response.edit_message(content=text or f"Nothing typed is left in entry {target}.", view=None)


ITEMS = (EraseTypedButton,)
