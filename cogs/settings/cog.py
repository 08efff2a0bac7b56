"""The commands of settings."""

from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import quiet_autocomplete
from bot.incoming import choice
from bot.ui import Interaction, guild_of
from cogs.settings.cards import VISIBILITIES, settings_card
from cogs.settings.views import reset_view
from db.settings import SettingsStore
from domain.errors import DomainError
from domain.polls.deadlines import duration
from domain.polls.poll import QUORUMS
from domain.settings import Visibility, check_duration, check_timezone, suggest_timezones

VISIBILITY_CHOICES = [app_commands.Choice(name=text, value=value.value) for value, text in VISIBILITIES.items()]


class TextChannelId(app_commands.Transformer):
    """The id of a channel or thread for text; discord.py's own option needs channels in its cache."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        kinds = discord.ChannelType
        return [kinds.text, kinds.news, kinds.news_thread, kinds.private_thread, kinds.public_thread]

    async def transform(self, _: discord.Interaction[Any], value: Any, /) -> int:
        """Return the id that Discord sent."""
        return int(value.id)


@quiet_autocomplete
async def suggest_timezone(_interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
    """Suggest time zones by the name of a city."""
    return [app_commands.Choice(name=name.replace("_", " "), value=name) for name in suggest_timezones(current)]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class SettingsCog(commands.GroupCog, group_name="settings", group_description="Fit Circle Take to this server."):
    """Commands of moderators. Discord decides who may use them: Server Settings › Integrations."""

    def __init__(self, store: SettingsStore) -> None:
        self._store = store

    @app_commands.command(name="show")
    async def show(self, interaction: Interaction) -> None:
        """See what is set."""
        settings = await self._store.get(guild_of(interaction))
        await interaction.response.send_message(embed=settings_card(settings), view=reset_view(), ephemeral=True)

    @app_commands.command(name="set")
    @app_commands.rename(
        decisions_channel="decisions-channel",
        poll_duration="poll-duration",
        poll_quorum="poll-quorum",
        faq_visibility="faq-visibility",
    )
    @app_commands.describe(
        timezone="Where you shoot: times that people type are meant there",
        decisions_channel="Where outcomes and the log's anchors are posted",
        poll_duration="How long polls stay open if nobody says: 2h, 24h, 3d",
        poll_quorum="How many have to vote if nobody says",
        faq_visibility="Who sees answers of the FAQ if the asker does not say",
        moderators="A role that may do here what moderators may",
    )
    @app_commands.choices(faq_visibility=VISIBILITY_CHOICES)
    @app_commands.autocomplete(timezone=suggest_timezone)
    async def set(
        self,
        interaction: Interaction,
        timezone: str | None = None,
        decisions_channel: app_commands.Transform[int, TextChannelId] | None = None,
        poll_duration: str | None = None,
        poll_quorum: app_commands.Range[int, QUORUMS[0], QUORUMS[-1]] | None = None,
        faq_visibility: str | None = None,
        moderators: discord.Role | None = None,
    ) -> None:
        """Change one setting or several."""
        changes: dict[str, Any] = {
            "timezone": timezone and check_timezone(timezone),
            "decisions_channel_id": decisions_channel,
            "poll_duration": poll_duration and check_duration(duration(poll_duration)),
            "poll_quorum": poll_quorum,
            "faq_visibility": faq_visibility and choice(Visibility, faq_visibility),
            "moderator_role_id": moderators and moderators.id,
        }
        given = {field: value for field, value in changes.items() if value is not None}
        if not given:
            raise DomainError("settings.nothing")
        settings = await self._store.change(guild_of(interaction), lambda before: replace(before, **given))
        card = settings_card(settings, title="Settings saved")
        await interaction.response.send_message(embed=card, view=reset_view(), ephemeral=True)
