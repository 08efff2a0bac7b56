"""Every limit is enforced and named by path, and a body just within it passes."""

import io
from collections.abc import Iterator

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.simulation import Simulation

from . import LimitViolation, check, enforce, openapi, watch_simcord
from .cases import CALLBACKS, COMMANDS, MESSAGES, Json, button, command, embeds, option, rows, select
from .messages import FILE_BYTES

CALLBACK = "/interactions/1/token/callback"
CHANNEL = "/channels/1/messages"


@pytest.fixture(params=["with Discord's description", "without it"], autouse=True, scope="module")
def description(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run every test with the description and without it."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "without it":
            patch.setenv("DISCORD_OPENAPI", "no-such-file.json")
        yield


def paths(violations: list[str]) -> list[str]:
    return [words.split(": ", 1)[0] for words in violations]


@pytest.mark.parametrize(("path", "bad", "good"), MESSAGES)
@pytest.mark.parametrize("route", [("POST", CHANNEL), ("POST", "/webhooks/1/token")])
def test_a_message_over_a_limit_is_caught(route: tuple[str, str], path: str, bad: Json, good: Json) -> None:
    assert path in paths(check(*route, bad))
    assert check(*route, good) == []


@pytest.mark.parametrize(("path", "bad", "good"), CALLBACKS)
def test_an_interaction_answer_over_a_limit_is_caught(path: str, bad: Json, good: Json) -> None:
    assert path in paths(check("POST", CALLBACK, bad))
    assert check("POST", CALLBACK, good) == []


@pytest.mark.parametrize(("path", "bad", "good"), COMMANDS)
def test_a_command_tree_over_a_limit_is_caught(path: str, bad: Json, good: Json) -> None:
    assert path in paths(check("PUT", "/applications/1/commands", bad))
    assert check("PUT", "/applications/1/guilds/2/commands", good) == []


def test_a_single_command_keeps_the_same_limits() -> None:
    late = command(options=[option(), option("share", required=True)])
    assert paths(check("POST", "/applications/1/commands", late)) == ["options[1]"]
    assert paths(check("PATCH", "/applications/1/commands/7", late)) == ["options[1]"]


LENGTHS = st.tuples(st.integers(1, 256), st.integers(1, 1500), st.integers(1, 1024))


@given(st.lists(LENGTHS, min_size=1, max_size=10))
def test_the_embeds_of_a_message_share_six_thousand_characters(lengths: list[tuple[int, int, int]]) -> None:
    listed = [
        {"title": "t" * title, "description": "d" * words, "fields": [{"name": "n", "value": "v" * value}]}
        for title, words, value in lengths
    ]
    total = sum(title + words + 1 + value for title, words, value in lengths)
    assert paths(check("POST", CHANNEL, embeds(*listed))) == (["embeds"] if total > 6000 else [])


def test_the_number_and_the_size_of_files_are_limited() -> None:
    fits, heavy_one = ("log.csv", FILE_BYTES), ("reel.mov", FILE_BYTES + 1)
    assert check("POST", CHANNEL, {}, files=[fits] * 10) == []
    assert paths(check("POST", CHANNEL, {}, files=[fits] * 11)) == ["files"]
    assert paths(check("POST", CHANNEL, {}, files=[heavy_one])) == ["files[0]"]


@pytest.mark.parametrize("path", ["/webhooks/1/token/messages/@original", "/channels/1/messages/2"])
def test_an_edit_may_omit_parts_but_not_empty_the_message(path: str) -> None:
    assert check("PATCH", path, {"components": []}) == []
    gone = {"content": "", "embeds": [], "components": [], "attachments": []}
    assert paths(check("PATCH", path, gone)) == ["body"]


def test_every_violation_of_a_body_is_named_at_once() -> None:
    body = embeds({"description": "x" * 5000}) | {"components": [{"type": 1, "components": [select(26)]}]}
    assert set(paths(check("POST", CHANNEL, body))) == {
        "embeds[0].description",
        "components[0].components[0].options",
    }


def test_enforce_names_the_route() -> None:
    enforce("POST", CHANNEL, {"content": "Quiet on set"})
    with pytest.raises(LimitViolation, match=r"POST /channels/1/messages: content: 2001 characters"):
        enforce("POST", CHANNEL, {"content": "x" * 2001})


def test_discords_description_finds_what_no_rule_of_ours_mentions() -> None:
    body = rows(button(style=99)) | {"allowed_mentions": {"users": [1, 1]}, "flags": "none"}
    found = paths(check("POST", CHANNEL, body))
    if openapi.description_file().is_file():
        assert {"flags", "components[0].components[0].style"} <= set(found)
    else:
        assert found == []


async def test_under_simcord_every_body_is_seen(caplog: pytest.LogCaptureFixture) -> None:
    violations: list[str] = []
    bot = discord.Client(intents=discord.Intents(guilds=True))
    tree = bot.tree = discord.app_commands.CommandTree(bot)  # type: ignore[attr-defined]  # simcord looks for it

    @tree.command(description="Send the log")
    async def log(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Here", file=discord.File(io.BytesIO(b"1"), "log.csv"))
        await interaction.followup.send(embed=discord.Embed(title="x").add_field(name="By", value=""))

    with watch_simcord(violations):
        env = Simulation(bot)
        await env.start()
        guild = env.create_guild()
        await tree.sync()
        channel = guild.create_text_channel("crew")
        await guild.add_member(env.create_user("gaffer")).slash(channel, "log")
        await env.shutdown()
    assert [words.split(" ", 2)[2] for words in violations] == ["embeds[0].fields[0].value: is empty"]
