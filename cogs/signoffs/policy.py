"""Who must sign what: reading, setting and listing a server's policies."""

import re
from collections.abc import Sequence

import discord
from discord import app_commands

from bot.discord_limits import CHOICE_LENGTH, CHOICES
from bot.errors import quiet_autocomplete
from bot.ui import ACCENT, GREEN, Interaction, act_of, clip, escape, guild_of
from cogs.signoffs.options import check_roles
from db.signoffs.policies import PolicyStore
from domain.errors import DomainError
from domain.signoffs.policy import Policy, PolicyChange, PolicySet, policy_for

NOBODY = {"", "-", "none", "nobody"}
"""What people type as signers to take a policy away."""

HOW = (
    "`/decision-log policy piece:Harbour* signers:@Director @Producer need:all self:False disclosure:True` sets one, "
    "`signers:none` takes it away. `*` stands for any letters; of several that fit, the most specific holds."
)
_ROLE = re.compile(r"<@&([0-9]{15,20})>")
_ANY = re.compile(r"<@!?[0-9]{15,20}>")


async def run_policy(interaction: Interaction, store: PolicyStore, change: PolicyChange | None) -> None:
    """Answer `/decision-log policy`: without options the list, with only a piece its policy, else a change."""
    guild_id = guild_of(interaction)
    if change is None:
        card = list_card(await store.all(guild_id))
    elif change.asks_nothing:
        card = holding_card(change.pattern, await store.all(guild_id))
    else:
        card = changed_card(await store.change(guild_id, act_of(interaction), change))
    await interaction.response.send_message(embed=card, ephemeral=True)


async def read_change(
    interaction: Interaction,
    piece: str | None,
    signers: str | None,
    need: str | None,
    maker: bool | None,  # noqa: FBT001 - Discord's options arrive by name
    disclosure: bool | None,  # noqa: FBT001
) -> PolicyChange | None:
    """Return what the options ask for; None if there are none.

    Raises:
        DomainError: signoffs.policy_piece, signoffs.policy_people, signoffs.signers_unclear, signoffs.unknown_role,
            signoffs.policy_need, command.server_unknown.
    """
    rest = (signers, need, maker, disclosure)
    if piece is None and rest == (None,) * len(rest):
        return None
    if piece is None:
        raise DomainError("signoffs.policy_piece")
    return PolicyChange(piece, await _read_roles(interaction, signers), _read_need(need), maker, disclosure)


async def _read_roles(interaction: Interaction, text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    if text.strip().casefold() in NOBODY:
        return ()
    if _ANY.search(text):
        raise DomainError("signoffs.policy_people")
    if _ROLE.sub("", text).strip(" ,;+&"):
        raise DomainError("signoffs.signers_unclear")
    roles = tuple(dict.fromkeys(map(int, _ROLE.findall(text))))
    await check_roles(interaction, roles)
    return roles


def _read_need(text: str | None) -> int | None:
    typed = text.strip().casefold() if text else ""
    if not typed:
        return None
    if typed == "all":
        return 0
    if not re.fullmatch("[1-9][0-9]?", typed):
        raise DomainError("signoffs.policy_need")
    return int(typed)


def list_card(policies: Sequence[Policy]) -> discord.Embed:
    """Show every policy of the server."""
    shown = clip("\n".join(map(policy_line, policies)), 3500)
    text = shown or "No piece has a policy: whoever opens a sign-off says who signs."
    return discord.Embed(title="Who must sign what", description=f"{text}\n\n{HOW}", colour=ACCENT)


def holding_card(piece: str, policies: Sequence[Policy]) -> discord.Embed:
    """Show the policy of one piece."""
    policy = policy_for(piece, policies)
    text = policy_line(policy) if policy else "No policy: whoever opens a sign-off says who signs."
    return discord.Embed(title=clip(f"Policy for {escape(piece, 120)}", 256), description=text, colour=ACCENT)


def changed_card(done: PolicySet) -> discord.Embed:
    """Show the policy after a change."""
    policy = done.policy
    if policy.roles:
        text = f"{policy_line(policy)}\nIt holds for every cut opened from now on; cuts that are up keep theirs."
        title = "Policy set"
    else:
        text = f"**{escape(policy.pattern, 120)}** has no policy of its own any more."
        title = "Policy taken away"
    record = f"This is entry {done.entry.seq} of the log: `{done.entry.receipt}`"
    return discord.Embed(title=title, description=f"{text}\n\n{record}", colour=GREEN)


def policy_line(policy: Policy) -> str:
    """Return a policy in two lines."""
    total = len(policy.roles)
    roles = " ".join(f"<@&{role}>" for role in policy.roles)
    need = "" if total == 1 else ("all of " if policy.need == total else f"{policy.need} of ")
    rules = [
        "whoever opens may sign" if policy.maker_may_sign else "not whoever opens it",
        "the client must be told" if policy.disclosure else "no word to the client asked for",
    ]
    return f"**{escape(policy.pattern, 120)}** · {need}{roles}\n*{', '.join(rules)}* (entry {policy.number})"


@quiet_autocomplete
async def suggest_pattern(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Suggest patterns that have a policy, then pieces that were signed."""
    stores, guild_id = interaction.client.stores, guild_of(interaction)
    patterns = [policy.pattern for policy in await stores.policies.all(guild_id)]
    named = [pattern for pattern in patterns if current.casefold() in pattern.casefold()]
    pieces = await stores.signoffs.pieces(guild_id, current)
    found = dict.fromkeys([*named, *pieces])
    return [app_commands.Choice(name=name, value=name) for name in found if len(name) <= CHOICE_LENGTH][:CHOICES]
