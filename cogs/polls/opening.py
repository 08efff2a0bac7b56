"""Posting ballots: a new poll, one about a message, or the ballot of an open poll once more."""

from collections.abc import Sequence
from typing import Annotated, Any

import discord
from discord import app_commands

from bot.custom_ids import digits
from bot.events import POLL_OPENED
from bot.incoming import choice
from bot.ui import Interaction, PersistentButton, PersistentModal, act_of, buttons, clip, guild_of
from cogs.polls import cards
from cogs.polls.board import draw
from cogs.polls.forms import PollId
from cogs.polls.options import closing_time
from cogs.polls.views import ballot_buttons
from domain.errors import DomainError
from domain.links import message_link
from domain.polls.deadlines import shortest
from domain.polls.poll import DETAILS_LENGTH, QUORUMS, TASK_LENGTH, Ballot, Poll, PollDraft
from domain.settings import Settings
from domain.text import clean_line

LINK_LENGTH = 92
"""Characters of a line with a message's address, at most: three ids of 20 digits."""

NEEDED = {"view_channel": "View Channel", "embed_links": "Embed Links"}
"""Permissions for updating a ballot and announcing its outcome, besides sending messages, by Discord's names."""


async def open_poll(interaction: Interaction, draft: PollDraft) -> None:
    """Open a poll and answer with its ballot."""
    guild_id = guild_of(interaction)
    store = interaction.client.stores.polls
    poll = await store.open(guild_id, act_of(interaction), interaction.channel_id or 0, draft)
    interaction.client.dispatch(POLL_OPENED, guild_id, poll.poll_id)
    await _post(interaction, poll)
    if missing := _missing_permissions(interaction):
        await interaction.followup.send(cards.out_of_reach(missing), ephemeral=True)


async def _post(interaction: Interaction, poll: Poll) -> None:
    """Answer with the ballot and remember where it is now."""
    guild_id, store = guild_of(interaction), interaction.client.stores.polls
    card, view = await draw(store, guild_id, poll), ballot_buttons(poll) or discord.utils.MISSING
    posted = await interaction.response.send_message(embed=card, view=view)
    if posted.message_id and interaction.channel_id:
        await store.set_message(guild_id, poll.poll_id, interaction.channel_id, posted.message_id)


def _missing_permissions(interaction: Interaction) -> list[str]:
    """Return the permissions that the bot lacks here to update a card and announce an outcome, by Discord's names."""
    held = interaction.app_permissions
    thread = isinstance(interaction.channel, discord.Thread)
    send = {"send_messages_in_threads": "Send Messages in Threads"} if thread else {"send_messages": "Send Messages"}
    return [name for flag, name in (NEEDED | send).items() if not getattr(held, flag)]


class PostButton(PersistentButton, custom_id="poll:{poll_id}:post"):
    """Posts the ballot of an open poll again, because it was deleted or is far up the channel."""

    poll_id: PollId
    label = "Post the ballot here"

    async def act(self, interaction: Interaction) -> None:
        """Post it; the old message, if there is one, points to the new one."""
        guild_id, store = guild_of(interaction), interaction.client.stores.polls
        left = await store.repost(guild_id, self.poll_id, act_of(interaction))
        await _post(interaction, left)
        if left.message_id:
            moved = await store.get(guild_id, self.poll_id)
            content = {"content": cards.moved_notice(guild_id, moved), "embed": None, "view": None}
            await interaction.client.posts.edit(left.channel_id, left.message_id, **content)


def shown_buttons(poll: Poll, *, keeper: bool) -> discord.ui.View | None:
    """Return the buttons of a ballot shown to one person; a keeper may post it again. None once the poll has ended."""
    view = ballot_buttons(poll)
    if not (view and keeper):
        return view
    post = PostButton(poll.poll_id)
    post.row = 1
    return buttons(*view.children, post)


class OpenForm(PersistentModal, custom_id="poll:about:{channel_id}:{message_id}"):
    """Opens a poll about a message."""

    channel_id: Annotated[int, digits(20)]
    message_id: Annotated[int, digits(20)]
    task: str = ""
    settings: Settings = Settings()
    title = "Execution or judgment?"

    def fields(self) -> Sequence[discord.ui.Label[Any]]:
        where = f"2h, 3d, tomorrow 18:00 or Friday noon ({self.settings.timezone})"
        fields: dict[str, tuple[str | None, discord.ui.Item[Any]]] = {
            "May AI do this task?": (None, _line("task", self.task, TASK_LENGTH)),
            "Details": (
                "Scene, shot, tool. The message is linked by itself.",
                _line("details", "", DETAILS_LENGTH - LINK_LENGTH, discord.TextStyle.paragraph, required=False),
            ),
            "Closes": (where, _line("closes", shortest(self.settings.poll_duration), 100, required=False)),
            "Quorum": (
                "How many have to vote or abstain",
                _line("quorum", str(self.settings.poll_quorum), 4, required=False),
            ),
            "Ballot": (None, _ballots()),
        }
        return [
            discord.ui.Label(text=label, description=description, component=component)
            for label, (description, component) in fields.items()
        ]

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        guild_id, at = guild_of(interaction), interaction.created_at
        settings = await interaction.client.stores.settings.get(guild_id)
        link = message_link(guild_id, self.channel_id, self.message_id)
        draft = PollDraft.of(
            task=str(values["task"]),
            details=f"{values.get('details') or ''}\n{link}",
            opens_at=at,
            closes_at=await closing_time(
                values.get("closes"), now=at, zone=settings.zone, default=settings.poll_duration
            ),
            quorum=_number(values.get("quorum") or str(settings.poll_quorum)),
            ballot=choice(Ballot, values.get("ballot") or Ballot.OPEN, shown=True),
        )
        await open_poll(interaction, draft)


def _line(
    custom_id: str, text: str, limit: int, style: discord.TextStyle = discord.TextStyle.short, *, required: bool = True
) -> discord.ui.TextInput[Any]:
    return discord.ui.TextInput(
        custom_id=custom_id, default=text or None, max_length=limit, style=style, required=required
    )


def _ballots() -> discord.ui.RadioGroup[Any]:
    options = [
        discord.RadioGroupOption(label=label, value=ballot.value, default=ballot is Ballot.OPEN)
        for ballot, label in cards.BALLOT_LABELS.items()
    ]
    return discord.ui.RadioGroup(custom_id="ballot", options=options)


def _number(text: str) -> int:
    if not text.strip().isdecimal():
        raise DomainError("polls.quorum", most=QUORUMS[-1])
    return int(text)


@app_commands.context_menu(name="Execution or judgment?")
@app_commands.guild_only()
async def ask_about_message(interaction: Interaction, message: discord.Message) -> None:
    """Open the form for a poll about a message."""
    settings = await interaction.client.stores.settings.get(guild_of(interaction))
    task = clip(clean_line(message.clean_content), TASK_LENGTH)
    await OpenForm(message.channel.id, message.id, task=task, settings=settings).show(interaction)
