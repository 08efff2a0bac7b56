"""`/help` as a crew member reads it."""

from cogs.help import help_card
from tests.world import World, text_of


async def test_help_is_one_card_for_the_reader_alone_with_three_things_to_try(world: World) -> None:
    shown = await world["Gus"].slash(world.channel, "help")
    assert shown.ephemeral
    assert shown.response is not None
    assert len(shown.response.embeds) == 1
    assert len(shown.response.embeds[0].fields) == 3


async def test_every_command_that_help_names_exists(world: World) -> None:
    offered = world["Jonas"].available_commands(world.channel)
    words = text_of(await world["Gus"].slash(world.channel, "help"))
    named = {command for command in offered if f"/{command}" in words}
    assert {"faq ask", "poll open", "signoff open", "settings set", "faq-admin add", "decision-log export"} <= named
    assert words.count("/") == len(named)


async def test_moderators_commands_are_hidden_from_the_crew(world: World) -> None:
    crew, moderator = (set(world[name].available_commands(world.channel)) for name in ("Gus", "Jonas"))
    assert {command.split()[0] for command in moderator - crew} == {"faq-admin", "decision-log", "settings"}


def test_the_card_fits_a_phone_screen() -> None:
    assert len(help_card()) < 1000
