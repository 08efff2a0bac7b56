"""Words for voters whose role went."""

import contextlib
from collections.abc import Iterator

from bot.ui import Interaction
from domain.errors import DomainError


@contextlib.contextmanager
def say_if_the_role_is_gone(interaction: Interaction, poll_id: int) -> Iterator[None]:
    """Let nobody be told to have a role that was deleted.

    Raises:
        DomainError: polls.voters_gone, for polls.not_a_voter where the role is gone from the server.
    """
    try:
        yield
    except DomainError as refused:
        role_id, server = refused.params.get("role_id"), interaction.guild
        if server is None or server.unavailable or not isinstance(role_id, int):
            raise
        if server.get_role(role_id) is None:
            raise DomainError("polls.voters_gone", poll_id=poll_id) from None
        raise
