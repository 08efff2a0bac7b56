"""A server's answers as a file: previewed first, imported as a whole or not at all, and exported."""

import json
from typing import Any

import pytest
import simcord
from discord import app_commands

from domain.faq.entry_files import IMPORT_BYTES
from domain.faq.knowledge import load_essays
from tests.cogs.faq.acts import add, admin, answer, edit, labels_of, press, title_for
from tests.world import World, text_of, words_of

ESSAY = load_essays()[0]
TWICE = b'[{"id": "a", "question": "A?", "answer": "C"}, {"id": "a", "question": "B?", "answer": "C"}]'
THREE: list[dict[str, Any]] = [
    {"question": "Where can trucks park?", "answer": "Behind hall 4.", "alternates": ["lorry space"], "source": "Wiki"},
    {"id": "wifi", "question": "What is the Wi-Fi password?", "answer": "Ask Noor."},
    {"id": ESSAY.id, "question": ESSAY.question, "answer": "We see it differently here."},
]


async def import_file(world: World, data: Any, name: str = "entries.json") -> simcord.InteractionResult:
    content = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
    return await admin(world, "import", file=(name, content))


async def own(world: World) -> dict[str, Any]:
    return dict(await world.bot.stores.faq_entries.own(world.guild_id))


async def file_of(result: simcord.InteractionResult) -> bytes:
    [attachment] = answer(result).message.attachments
    return await attachment.read()


async def test_a_file_is_shown_first_and_counts_when_it_is_confirmed(world: World) -> None:
    shown = await import_file(world, THREE)
    assert shown.ephemeral
    assert "3 new, 0 changed, 0 unchanged" in text_of(shown)
    assert await own(world) == {}
    await press(world, answer(shown), "Import")
    assert "Imported" in words_of(answer(shown))
    assert sorted(await own(world)) == sorted([ESSAY.id, "where-can-trucks-park", "wifi"])
    assert await title_for(world, "lorry space") == "Where can trucks park?"
    again = await import_file(world, [{**THREE[1], "answer": "Ask Ines."}, *THREE[::2]])
    assert "0 new, 1 changed, 2 unchanged" in text_of(again)


async def test_an_import_is_undone_as_one(world: World) -> None:
    await add(world, question="Lunch?", answer="At one.")
    shown = await import_file(world, [*THREE, {"id": "lunch", "question": "Lunch?", "answer": "At two."}])
    await press(world, answer(shown), "Import")
    assert len(await own(world)) == 4
    await press(world, answer(shown), "Undo")
    assert [entry.answer for entry in (await own(world)).values()] == ["At one."]


async def test_what_is_exported_imports_as_unchanged(world: World) -> None:
    await press(world, answer(await import_file(world, THREE)), "Import")
    await admin(world, "remove", entry=load_essays()[1].id)
    exported = await admin(world, "export")
    assert exported.ephemeral
    assert "All 3 of this server's entries" in text_of(exported)
    assert "1 topic that is hidden here is not in the file" in text_of(exported)
    again = await import_file(world, await file_of(exported))
    assert "0 new, 0 changed, 3 unchanged" in text_of(again)
    assert labels_of(answer(again)) == []


async def test_an_empty_server_has_nothing_to_export(world: World) -> None:
    assert "no entries of its own yet" in text_of(await admin(world, "export"))


async def test_toml_is_read_too(world: World) -> None:
    text = '[[entry]]\nquestion = "Wrap?"\nanswer = """At ten.\nSharp."""\nalternates = ["when do we wrap"]\n'
    shown = await import_file(world, text.encode(), "entries.TOML")
    await press(world, answer(shown), "Import")
    assert (await own(world))["wrap"].answer == "At ten.\nSharp."


async def test_every_bad_entry_is_named_and_nothing_imported(world: World) -> None:
    bad: list[Any] = [{"question": f"Question {n}?", "answer": "Yes."} for n in range(300)]
    bad[6], bad[41], bad[299] = (
        None,
        {"id": "x", "question": 5, "answer": "Yes."},
        {"question": "question 3?", "answer": ""},
    )
    refused = await import_file(world, bad)
    for fault in ("entry 7: must be a table", "entry 42 (x): “question” must be", "entry 300: “answer” must be"):
        assert fault in text_of(refused).replace("\\", "")
    assert "Import" not in labels_of(answer(refused))
    assert await own(world) == {}


async def test_many_faults_are_counted(world: World) -> None:
    assert "and 290 more" in text_of(await import_file(world, [None] * 300))


@pytest.mark.parametrize(
    ("data", "name", "fault"),
    [
        (b"not json", "x.json", "the file is not JSON"),
        (b"= 3", "x.toml", "the file is not TOML"),
        ("[]".encode("utf-16"), "x.json", "not UTF-8"),
        (b"caf\xe9", "x.json", "not UTF-8 text (byte 4)"),
        (b"[" * 100_000, "x.json", "nested too deeply"),
        (b"x = " + b"[" * 100_000, "x.toml", "nested too deeply"),
        (b'{"question": "Who?"}', "x.json", "must hold a JSON list"),
        (b"null", "x.json", "must hold a JSON list"),
        (b'[{"question": "A?", "question": "B?", "answer": "C"}]', "x.json", "“question” stands twice"),
        (TWICE, "x.json", "used twice"),
        (b" " * (IMPORT_BYTES + 1), "x.json", "larger than 4 MiB"),
        (b"[" + b"1" * 5000 + b"]", "x.json", "the file is not JSON"),
        (b"[NaN, 1e999, -0, true]", "x.json", "entry 4: must be a table"),
        ('[{"question": "\u202e[a](b)", "answer": "@everyone", "<@1>": 1}]', "x.json", "not a known key"),
    ],
    ids=range(14),
)  # fmt: skip
async def test_a_file_that_is_not_an_import_is_refused_in_words(world: World, data: Any, name: str, fault: str) -> None:
    refused = await import_file(world, data if isinstance(data, bytes) else data.encode(), name)
    assert refused.ephemeral
    assert "Nothing was imported" in text_of(refused)
    assert fault in text_of(refused).replace("\\", "")
    assert await own(world) == {}


async def test_a_byte_order_mark_does_no_harm(world: World) -> None:
    assert "3 new" in text_of(await import_file(world, b"\xef\xbb\xbf" + json.dumps(THREE).encode()))


async def test_an_empty_list_imports_nothing(world: World) -> None:
    shown = await import_file(world, [])
    assert "Nothing to import" in text_of(shown)
    assert labels_of(answer(shown)) == []


async def test_more_than_a_server_keeps_is_refused_at_once(world: World) -> None:
    many = [{"question": f"Question {n}?", "answer": "Yes."} for n in range(501)]
    refused = await import_file(world, many)
    assert "the file has 501 entries, and a server keeps 500 at most" in text_of(refused)
    await press(world, answer(await import_file(world, many[:500])), "Import")
    assert "can keep 500 entries and would have 502" in text_of(await import_file(world, THREE[:2]))
    assert len(await own(world)) == 500
    assert "would have 501" in text_of(await add(world))


async def test_a_question_that_another_entry_has_is_refused(world: World) -> None:
    await add(world, question="What is the wi-fi password?")
    assert "would have the same question" in text_of(await import_file(world, THREE))


async def test_an_id_made_from_a_question_overrides_no_essay_by_accident(world: World) -> None:
    question = ESSAY.id.replace("-", " ")
    shown = await import_file(world, [{"question": question, "answer": "No."}])
    await press(world, answer(shown), "Import")
    assert list(await own(world)) == [f"{ESSAY.id}-2"]


async def test_what_somebody_changed_since_the_preview_is_shown_first(world: World) -> None:
    await press(world, answer(await import_file(world, THREE)), "Import")
    shown = await import_file(world, [{**THREE[1], "answer": "Ask Ines."}])
    await edit(world, "wifi", answer="On the wall.")
    await press(world, answer(shown), "Import")
    assert "Somebody changed `wifi`" in words_of(answer(shown))
    assert (await own(world))["wifi"].answer == "On the wall."
    await press(world, answer(shown), "Import")
    assert (await own(world))["wifi"].answer == "Ask Ines."


async def test_a_preview_outlives_a_restart_and_is_its_authors_alone(world: World) -> None:
    shown = await import_file(world, THREE)
    await world.restart()
    await press(world, answer(shown), "Import")
    assert len(await own(world)) == 3


async def test_a_newer_file_replaces_an_older_one(world: World) -> None:
    first = await import_file(world, THREE)
    await import_file(world, THREE[:1])
    pressed = await press(world, answer(first), "Import")
    assert "sent already" in words_of(pressed.followups[0] if pressed.followups else answer(pressed))
    assert await own(world) == {}


def test_the_option_says_the_limit(world: World) -> None:
    command = world.bot.tree.get_command("faq-admin")
    assert isinstance(command, app_commands.Group)
    option = next(one for one in command.commands if one.name == "import")
    assert isinstance(option, app_commands.Command)
    assert f"{IMPORT_BYTES // 1024**2} MiB" in str(option.parameters[0].description)
