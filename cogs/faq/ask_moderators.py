"""The way of a question that the FAQ does not answer to the moderators' queue."""

import asyncio
from collections.abc import Sequence
from typing import Any

import discord

from bot.ui import Interaction, PersistentButton, PersistentModal, act_of, guild_of, unescape
from cogs.faq import cards
from domain.faq.queue import QUESTION_LENGTH, same_question

QUEUED = "Your question is on the moderators' list."
WILL_TELL = "You will be told in this channel when it is answered; until then your name is kept with it."
CANNOT_TELL = (
    "I may not write in this channel, so I cannot tell you here when it is answered. Look again with `/faq ask`."
)


class QueueButton(PersistentButton, custom_id="faq:queue"):
    """Opens the form that puts a question to the moderators, filled in with what was asked."""

    label = "Ask the moderators"

    async def act(self, interaction: Interaction) -> None:
        await QueueForm(question=_asked_on(interaction.message)).show(interaction)


def _asked_on(message: discord.Message | None) -> str:
    fields = [field for embed in (message.embeds if message else ()) for field in embed.fields]
    asked = next((field.value for field in fields if field.name == cards.ASKED), "")
    return unescape(asked) if asked and asked != cards.NOTHING_READ else ""


class QueueForm(PersistentModal, custom_id="faq:queue:form"):
    """Puts a question on the moderators' queue."""

    question: str = ""
    title = "Ask the moderators"

    def fields(self) -> Sequence[discord.ui.Label[Any]]:
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="question",
            style=discord.TextStyle.paragraph,
            default=self.question[:QUESTION_LENGTH] or None,
            max_length=QUESTION_LENGTH,
        )
        tell: discord.ui.CheckboxGroup[Any] = discord.ui.CheckboxGroup(
            custom_id="tell",
            options=[discord.CheckboxGroupOption(label="Tell me in this channel", value="here")],
            required=False,
            min_values=0,
        )
        kept = "Only with this tick is your name kept, until you have been told."
        return [
            discord.ui.Label(text="Your question", component=field),
            discord.ui.Label(text="When it is answered", description=kept, component=tell),
        ]

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        """Queue the question, together with one that clearly asks the same."""
        store, guild_id, wording = interaction.client.stores.faq_queue, guild_of(interaction), str(values["question"])
        wished = "here" in (values.get("tell") or ())
        tell_in = interaction.channel_id if wished and _may_write(interaction) else None
        known = await asyncio.to_thread(same_question, wording, await store.open(guild_id))
        same_as = known.question_id if known else None
        await store.ask(guild_id, act_of(interaction), wording, same_as=same_as, tell_in=tell_in)
        notes = {True: WILL_TELL, False: CANNOT_TELL} if wished else {}
        text = " ".join([QUEUED, notes.get(tell_in is not None, "")]).strip()
        await interaction.response.send_message(text, ephemeral=True)


def _may_write(interaction: Interaction) -> bool:
    """Return whether the bot can send a card to this channel later, without an interaction."""
    may, thread = interaction.app_permissions, isinstance(interaction.channel, discord.Thread)
    return may.view_channel and may.embed_links and (may.send_messages_in_threads if thread else may.send_messages)
