"""The crew's commands of the FAQ."""

from discord import Message, app_commands
from discord.ext import commands

from bot.discord_limits import CHOICE_LENGTH
from bot.errors import quiet_autocomplete
from bot.ui import Interaction, guild_of
from cogs.faq.browsing import ANY, SERVER, browse
from cogs.faq.views import answer_question
from db.settings import SettingsStore
from domain.errors import DomainError
from domain.settings import Visibility
from domain.text import clean_text

QUESTION_LENGTH = 6000
SOURCES = [
    app_commands.Choice(name="Essay 1: why Hollywood rushes to AI", value="desperate-truth"),
    app_commands.Choice(name="Essay 2: what cheap production costs", value="numbers-are-real"),
    app_commands.Choice(name="This server's own answers", value=SERVER),
]


@quiet_autocomplete
async def suggest_question(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Suggest questions that the FAQ knows, the nearest first."""
    found = await interaction.client.answers.suggest(guild_of(interaction), current)
    return [
        app_commands.Choice(name=entry.question, value=entry.question)
        for entry in found
        if len(entry.question) <= CHOICE_LENGTH
    ]


@app_commands.guild_only()
class Faq(commands.GroupCog, group_name="faq", group_description="Ask what the two essays say about AI in production."):
    """Commands for everyone."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings

    @app_commands.command(name="ask")
    @app_commands.describe(
        question="In your own words",
        share="Show the answer to everyone in the channel; if left out, as this server has set it",
    )
    @app_commands.autocomplete(question=suggest_question)
    async def ask(
        self,
        interaction: Interaction,
        question: app_commands.Range[str, 1, QUESTION_LENGTH],
        share: bool | None = None,  # noqa: FBT001 - Discord's options arrive by name
    ) -> None:
        """Ask a question about AI in film production."""
        if share is None:
            settings = await self._settings.get(guild_of(interaction))
            share = settings.faq_visibility is Visibility.EVERYONE
        await answer_question(interaction, question, share=share)

    @app_commands.command(name="browse")
    @app_commands.describe(source="One of the two essays, or this server's own answers; everything if left out")
    @app_commands.choices(source=SOURCES)
    async def browse(self, interaction: Interaction, source: str = ANY) -> None:
        """See everything you can ask, by section."""
        card, view = browse(await interaction.client.answers.matcher(guild_of(interaction)), source)
        await interaction.response.send_message(embed=card, view=view, ephemeral=True)


@app_commands.context_menu(name="Find FAQ answer")
@app_commands.guild_only()
async def find_faq_answer(interaction: Interaction, message: Message) -> None:
    """Answer somebody's message, visible only to the person who asks the bot, whatever the server has set.

    The author did not ask the bot and should not be corrected in public; "Share" does that on purpose.

    Raises:
        DomainError: faq.own_message, faq.no_text.
    """
    me = interaction.client.user
    if me is not None and message.author.id == me.id:
        raise DomainError("faq.own_message")
    if not clean_text(message.content):
        raise DomainError("faq.no_text")
    await answer_question(interaction, message.content)
