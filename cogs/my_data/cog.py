"""The commands about one's own data. Nobody else sees the answers."""

import io
from collections.abc import Sequence
from datetime import datetime

import discord
from discord import app_commands
from discord.ext import commands

from bot.incoming import choice
from bot.ui import Bot, Interaction, act_of, buttons
from cogs.my_data import cards
from cogs.my_data.erasing import ErasureFollowUps, carry_out_erasures
from cogs.my_data.views import EraseButton, Scope, servers_in
from domain.errors import DomainError
from domain.my_data import PersonalData, as_json

SCOPES = [
    app_commands.Choice(name="this server", value=Scope.SERVER.value),
    app_commands.Choice(name="all servers", value=Scope.ALL.value),
]


@app_commands.guild_only()
class MyData(commands.GroupCog, group_name="my-data", group_description="See what is kept about you, or erase it."):
    """Commands for everyone, and what an erasure leaves to do."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._store = bot.stores.my_data
        self._follow_ups = ErasureFollowUps(bot)

    async def cog_unload(self) -> None:
        self._follow_ups.stop()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Finish the erasures that were promised before a restart."""
        if not await carry_out_erasures(self._bot):  # else it follows the erasure
            await self._follow_ups.follow_up(discord.utils.utcnow())

    @commands.Cog.listener()
    async def on_erased(self) -> None:
        """Shred, redraw, tell."""
        self._follow_ups.start()
        await self._follow_ups.follow_up(discord.utils.utcnow())

    @app_commands.command(name="export")
    @app_commands.describe(scope="Where to look")
    @app_commands.choices(scope=SCOPES)
    async def export(self, interaction: Interaction, scope: str = Scope.SERVER.value) -> None:
        """Get everything that names you, as a JSON file that only you see."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_ids, act = await servers_in(interaction, choice(Scope, scope)), act_of(interaction)
        every = [await self._store.data_of(guild_id, act.actor.id) for guild_id in guild_ids]
        shares = [share for share in every if not share.empty]
        if shares:
            file = _file(shares, act.actor.id, act.at, limit=interaction.filesize_limit)
            await interaction.followup.send(cards.export_words(shares), file=file, ephemeral=True)
        else:
            await interaction.followup.send(cards.NOTHING_KEPT, ephemeral=True)

    @app_commands.command(name="erase")
    @app_commands.describe(scope="Where to erase")
    @app_commands.choices(scope=SCOPES)
    async def erase(self, interaction: Interaction, scope: str = Scope.SERVER.value) -> None:
        """Have your name and your words erased. You are asked once more before anything goes."""
        where = choice(Scope, scope)
        card = cards.before_card(everywhere=where is Scope.ALL)
        await interaction.response.send_message(embed=card, view=buttons(EraseButton(where)), ephemeral=True)


def _file(shares: Sequence[PersonalData], person_id: int, at: datetime, *, limit: int) -> discord.File:
    """Return the file, compressed where it is too large for Discord otherwise.

    Raises:
        DomainError: my_data.too_big.
    """
    data, name = as_json(shares, person_id, at), f"my-data-{at:%Y-%m-%d}.json"
    if len(data) > limit:
        import gzip

        data, name = gzip.compress(data), f"{name}.gz"
    if len(data) > limit:
        raise DomainError("my_data.too_big")
    return discord.File(io.BytesIO(data), name)
