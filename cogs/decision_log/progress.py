"""How far a long export is, told to the person who waits for it."""

import asyncio
import contextlib

import discord

from bot.ui import Interaction

SECONDS_BETWEEN_WORDS = 3.0


class ExportProgress:
    """Tells the person how far a long export is, in the answer that they see already."""

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction
        self._done = 0
        self._said = False

    def note(self, done: int) -> None:
        """Take down how many entries are written; called from the thread that writes."""
        self._done = done

    async def __aenter__(self) -> "ExportProgress":
        """Begin to tell."""
        self._telling = asyncio.create_task(self._tell(), name="export progress")
        return self

    async def __aexit__(self, failed: type[BaseException] | None, *_: object) -> None:
        """Stop telling; a word on its way arrives first, and none stays that is no longer true."""
        self._telling.cancel()
        await asyncio.wait([self._telling])
        if failed and self._said:
            await self._say("Nothing was written.")

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_WORDS)
            self._said = True
            await self._say(f"Writing: {self._done:,} entries so far …")

    async def _say(self, text: str) -> None:
        with contextlib.suppress(discord.HTTPException):  # the next word, or the file itself, will do
            await self._interaction.edit_original_response(content=text)

    async def answer(self, text: str, files: list[discord.File], view: discord.ui.View = discord.utils.MISSING) -> None:
        """Answer with the files, in place of what was told."""
        if self._said:
            await self._interaction.edit_original_response(content=text, attachments=files, view=view)
        else:
            await self._interaction.followup.send(text, files=files, view=view, ephemeral=True)
