"""Reports on a long export, for the person who waits for it."""

import asyncio
import contextlib

import discord

from bot.ui import Interaction

SECONDS_BETWEEN_WORDS = 3.0


class ExportProgress:
    """Edits the answer that the person already sees."""

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction
        self._done = 0
        self._has_reported = False

    def note(self, done: int) -> None:
        """Note how many entries are written; called from the thread that writes."""
        self._done = done

    async def __aenter__(self) -> "ExportProgress":
        """Start the reports."""
        self._task = asyncio.create_task(self._report_regularly(), name="export progress")
        return self

    async def __aexit__(self, failed: type[BaseException] | None, *_: object) -> None:
        """Stop the reports; one under way arrives first, and an outdated one is replaced."""
        self._task.cancel()
        await asyncio.wait([self._task])
        if failed and self._has_reported:
            await self._report("Nothing was written.")

    async def _report_regularly(self) -> None:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_WORDS)
            self._has_reported = True
            await self._report(f"Writing: {self._done:,} entries so far …")

    async def _report(self, text: str) -> None:
        with contextlib.suppress(discord.HTTPException):  # the next report, or the file itself, will do
            await self._interaction.edit_original_response(content=text)

    async def answer(self, text: str, files: list[discord.File], view: discord.ui.View = discord.utils.MISSING) -> None:
        """Answer with the files, in place of the last report."""
        if self._has_reported:
            await self._interaction.edit_original_response(content=text, attachments=files, view=view)
        else:
            await self._interaction.followup.send(text, files=files, view=view, ephemeral=True)
