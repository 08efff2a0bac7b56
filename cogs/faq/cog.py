"""The commands of the FAQ."""

from discord import app_commands
from discord.ext import commands

from bot.errors import quiet_autocomplete
from bot.ui import Interaction, guild_of
from cogs.faq import cards, views
from db.faq import FaqStore

QUESTION_LENGTH = 6000
CHOICE_LENGTH = 100
SOURCES = [
    app_commands.Choice(name="Essay 1: why Hollywood rushes to AI", value="desperate-truth"),
    app_commands.Choice(name="Essay 2: what cheap production costs", value="numbers-are-real"),
]


@quiet_autocomplete
async def suggest_question(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Questions that the FAQ knows, the nearest first."""
    found = interaction.client.stores.faq.matcher(guild_of(interaction)).suggest(current)
    return [
        app_commands.Choice(name=entry.question, value=entry.question)
        for entry in found
        if len(entry.question) <= CHOICE_LENGTH
    ]


@app_commands.guild_only()
class Faq(commands.GroupCog, group_name="faq", group_description="Ask what the two essays say about AI in production."):
    """Receives Discord's events and hands them on."""

    def __init__(self, store: FaqStore) -> None:
        self._store = store

    @app_commands.command(name="ask")
    @app_commands.describe(question="In your own words", share="Show the answer to everyone in the channel")
    @app_commands.autocomplete(question=suggest_question)
    async def ask(
        self,
        interaction: Interaction,
        question: app_commands.Range[str, 1, QUESTION_LENGTH],
        share: bool = False,  # noqa: FBT001, FBT002 - Discord's options arrive by name
    ) -> None:
        """Ask a question about AI in film production."""
        answer = self._store.matcher(guild_of(interaction)).ask(question)
        if answer.entry is None:
            card, view = views.outcome_card(answer), views.outcome_buttons(answer)
            await interaction.response.send_message(embed=card, view=view, ephemeral=True)
        elif share:
            card = cards.answer_card(answer.entry, asked=question, shared_by=interaction.user.mention)
            view = views.related_buttons(interaction, answer.entry)
            await interaction.response.send_message(embed=card, view=view)
        else:
            card, view = (
                cards.answer_card(answer.entry, asked=question),
                views.answer_buttons(interaction, answer.entry),
            )
            await interaction.response.send_message(embed=card, view=view, ephemeral=True)

    @app_commands.command(name="browse")
    @app_commands.describe(source="One of the two essays; both if left out")
    @app_commands.choices(source=SOURCES)
    async def browse(self, interaction: Interaction, source: str = views.ANY_SOURCE) -> None:
        """See everything you can ask, by section."""
        entries = views.topics(self._store.matcher(guild_of(interaction)), source)
        await interaction.response.send_message(
            embed=cards.browse_card(entries, 0), view=views.browse_view(entries, source, 0), ephemeral=True
        )


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class FaqAdmin(commands.GroupCog, group_name="faq-admin", group_description="Look after this server's FAQ."):
    """The moderators' side. Who may use it is Discord's to say: Server Settings › Integrations."""

    def __init__(self, store: FaqStore) -> None:
        self._store = store

    @app_commands.command(name="queue")
    async def queue(self, interaction: Interaction) -> None:
        """See what people asked and the FAQ could not answer."""
        questions = await self._store.queue(guild_of(interaction))
        await interaction.response.send_message(embed=cards.queue_card(questions), ephemeral=True)
