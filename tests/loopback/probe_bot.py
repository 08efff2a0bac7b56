"""A small real discord.py bot that proves the server: one command for each kind of answer."""

import asyncio
import io
import os
import re
import signal
from typing import Any, Self

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route


class Vote(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"probe:vote:(?P<choice>\w+)"):
    """A button that works after a restart, as its custom_id says all."""

    def __init__(self, choice: str) -> None:
        super().__init__(discord.ui.Button(label=choice.title(), custom_id=f"probe:vote:{choice}"))
        self.choice = choice

    @classmethod
    async def from_custom_id(cls, _: Any, __: Any, match: re.Match[str]) -> Self:
        return cls(match["choice"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.edit_message(content=f"latest vote: {self.choice}", view=ballot())


def ballot() -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    view.add_item(Vote("judgment"))
    view.add_item(discord.ui.Button(label="Why", custom_id="probe:why"))
    view.stop()
    return view


class Why(discord.ui.Modal, title="Add why"):
    reason: discord.ui.TextInput[Self] = discord.ui.TextInput(label="Reason", custom_id="reason", max_length=20)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Because {self.reason.value}", ephemeral=True)


class ProbeBot(discord.AutoShardedClient):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), guild_ready_timeout=0.2)
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(poll)
        self.tree.add_command(ask)
        self.tree.add_command(log)
        self.tree.add_command(sign_off)
        self.tree.add_command(slow)
        self.tree.add_command(wrong)
        self.tree.add_command(post)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Vote)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """No 5 s between two IDENTIFYs: the loopback server does not ask for them."""

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        data: dict[str, Any] = dict(interaction.data or {})
        if data.get("custom_id") == "probe:why":
            await interaction.response.send_modal(Why())


poll = app_commands.Group(name="poll", description="Polls")


@poll.command(name="open", description="Open a poll")
async def poll_open(interaction: discord.Interaction, task: str, voters: discord.Role | None = None) -> None:
    embed = discord.Embed(title=task, description=voters.name if voters else "everyone")
    await interaction.response.send_message("no votes", embed=embed, view=ballot())


@app_commands.command(description="Ask")
async def ask(interaction: discord.Interaction, question: str) -> None:
    await interaction.response.send_message(question, ephemeral=True)


@ask.autocomplete("question")
async def suggest(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{typed} {n}", value=f"{n}") for n in range(3)]


@app_commands.command(description="Send a file back, doubled")
@app_commands.default_permissions(manage_guild=True)
async def log(interaction: discord.Interaction, file: discord.Attachment) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    data = await file.read() * 2
    await interaction.followup.send("Here", file=discord.File(io.BytesIO(data), "log.csv"))
    await interaction.followup.send("And that is all", ephemeral=True)
    await interaction.edit_original_response(content="Done")


@app_commands.context_menu(name="Sign off")
async def sign_off(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"Sign {message.content}?")
    original = await interaction.original_response()
    await original.delete()


@app_commands.command(description="Answer too late")
async def slow(interaction: discord.Interaction) -> None:
    await asyncio.sleep(4)
    try:
        await interaction.response.defer()
    except discord.NotFound as error:
        await interaction.client.get_partial_messageable(interaction.channel_id or 0).send(f"too late: {error.code}")


@app_commands.command(description="Break a limit")
async def wrong(interaction: discord.Interaction) -> None:
    try:
        await interaction.response.send_message(embed=discord.Embed(title="x").add_field(name="By", value=" "))
    except discord.HTTPException as error:
        await interaction.response.send_message(f"refused: {error.code}")


@app_commands.command(description="Write to the channel, then edit what was written")
async def post(interaction: discord.Interaction, where: discord.TextChannel, text: str) -> None:
    await interaction.response.defer(ephemeral=True)
    channel = interaction.client.get_partial_messageable(where.id)
    message = await channel.send(text)
    await message.edit(content=f"{text} (edited)")
    await interaction.edit_original_response(content=(await channel.fetch_message(message.id)).content)


async def main() -> None:
    url, token = os.environ["DISCORD_API_URL"], os.environ["DISCORD_TOKEN"]
    Route.BASE = url
    async with aiohttp.request("GET", f"{url}/gateway/bot", headers={"Authorization": f"Bot {token}"}) as answer:
        answer.raise_for_status()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL((await answer.json())["url"])
    bot = ProbeBot()
    bot.http.connector = aiohttp.TCPConnector(limit=100)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: asyncio.create_task(bot.close()))
    async with bot:
        discord.utils.setup_logging()
        await bot.start(token)


if __name__ == "__main__":
    asyncio.run(main())
