"""A feature in which everything goes wrong on purpose."""

from collections.abc import Sequence
from typing import Annotated, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.custom_ids import Matching
from bot.errors import quiet_autocomplete
from bot.ui import Interaction, PersistentButton, PersistentModal, PersistentSelect, buttons
from db.engine.errors import NotSaved, OutcomeUnknown, StorageClosed
from domain.errors import DomainError

TYPED = "what a person wrote"
FAULTS: dict[str, BaseException] = {
    "fault": ZeroDivisionError(TYPED),
    "rule": DomainError("polls.no_task"),
    "not saved": NotSaved(),
    "unknown": OutcomeUnknown(),
    "closing": StorageClosed(),
    "check": app_commands.CheckFailure(),
}


class ProbeButton(PersistentButton, custom_id="probe:button:{fault}"):
    fault: Annotated[str, Matching("[a-z ]+")]

    @property
    def label(self) -> str:
        return self.fault

    async def act(self, interaction: Interaction) -> None:
        raise FAULTS[self.fault]


class ProbeSelect(PersistentSelect, custom_id="probe:select"):
    placeholder = "Which fault?"

    def options(self) -> list[discord.SelectOption]:
        return [discord.SelectOption(label=fault) for fault in FAULTS]

    async def act(self, interaction: Interaction) -> None:
        raise FAULTS[self.item.values[0]]


class ProbeForm(PersistentModal, custom_id="probe:form"):
    title = "Probe"

    def fields(self) -> Sequence[discord.ui.Label[Any]]:
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(custom_id="fault")
        return [discord.ui.Label(text="Fault", component=field)]

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        raise FAULTS[values["fault"]]


@quiet_autocomplete
async def suggest(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    raise FAULTS[current]


@app_commands.guild_only()
class Probe(commands.GroupCog, group_name="probe"):
    @app_commands.command(description="Fails")
    @app_commands.autocomplete(fault=suggest)
    async def fail(self, interaction: Interaction, fault: str, *, late: bool = False) -> None:
        if late:
            await interaction.response.defer(ephemeral=True)
        raise FAULTS[fault]

    @app_commands.command(description="Shows items that fail")
    async def items(self, interaction: Interaction) -> None:
        await interaction.response.send_message("Press", view=buttons(*map(ProbeButton, FAULTS), ProbeSelect()))

    @app_commands.command(description="Shows a form that fails")
    async def form(self, interaction: Interaction) -> None:
        await ProbeForm().show(interaction)

    @app_commands.command(description="Sends to the channel")
    async def send(self, interaction: Interaction) -> None:
        assert isinstance(interaction.channel, discord.TextChannel)
        await interaction.channel.send("Hello")
        await interaction.response.send_message("Sent", ephemeral=True)

    @commands.Cog.listener()
    async def on_probe(self) -> None:
        raise FAULTS["fault"]
