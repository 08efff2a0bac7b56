"""Run Red against the Discord at DISCORD_API_URL, in Red's own environment; RED_OWNER may load cogs."""

import os
import sys
from pathlib import Path

import discord
import yarl
from discord.gateway import DiscordWebSocket

API = yarl.URL(os.environ["DISCORD_API_URL"])
FLAGS = ("--no-instance", "--no-prompt", "--no-cogs", "--prefix", "!")


async def type_nothing(_: object, __: int) -> None:
    """Stand in for "is typing", which the loopback server does not know."""


if __name__ == "__main__":
    discord.http.Route.BASE = str(API)
    DiscordWebSocket.DEFAULT_GATEWAY = API.with_scheme("ws").with_path("/gateway/")
    discord.http.HTTPClient.send_typing = type_nothing  # type: ignore[assignment,method-assign]  # see type_nothing
    from redbot.__main__ import main  # type: ignore[import-not-found]  # only Red's environment has it

    who = ("--owner", os.environ["RED_OWNER"], "--token", os.environ["DISCORD_TOKEN"])
    sys.argv[1:] = [*FLAGS, *who, "--cog-path", str(Path(__file__).resolve().parents[1])]
    main()
