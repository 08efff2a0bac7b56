"""A server's own entries on a real file: rules, undo, two at once, other servers, drafts."""

import asyncio
import sqlite3
from dataclasses import replace

import pytest

from db.engine.database import Database
from domain.errors import DomainError
from domain.faq.changes import Change, ChangeKind
from domain.faq.matcher import FaqEntry, Origin
from domain.faq.own_entries import MOST_ENTRIES, FormDraft, FormText, Preview, entry_from_form
from tests.db.faq.acts import ELSEWHERE, ESSAYS, HERE, MOD, OTHER_MOD, act, entry, rows, stores


async def test_an_added_entry_joins_the_essays(database: Database) -> None:
    faq, entries, _ = stores(database)
    before = await faq.knowledge(HERE)
    assert (before.version, before.entries) == (0, ESSAYS)
    change = await entries.add(HERE, act(1), entry())
    after = await faq.knowledge(HERE)
    assert (after.version, after.entries[:-1]) == (change.change_id, ESSAYS)
    assert after.entries[-1] == entry()
    assert after.entries[-1].origin is Origin.SERVER


async def test_knowledge_is_the_same_object_until_something_changes(database: Database) -> None:
    faq, entries, _ = stores(database)
    await entries.add(HERE, act(1), entry())
    known = await faq.knowledge(HERE)
    assert await faq.knowledge(HERE) is known
    await entries.add(HERE, act(2), entry("Lunch?"))
    assert (await faq.knowledge(HERE)).version == known.version + 1


async def test_an_override_keeps_its_place_and_its_related_entries(database: Database) -> None:
    faq, entries, _ = stores(database)
    essay = ESSAYS[3]
    await entries.edit(HERE, act(1), replace(essay, answer="Ours."), 0)
    found = (await faq.knowledge(HERE)).entries[3]
    assert (found.id, found.answer, found.origin) == (essay.id, "Ours.", Origin.OVERRIDE)
    assert (found.related, found.source) == (essay.related, essay.source)


async def test_ids_that_are_taken_get_a_number(database: Database) -> None:
    _, entries, _ = stores(database)
    for number, question in enumerate(("Lunch?", "Lunch!", ESSAYS[0].id)):
        await entries.add(HERE, act(number), entry(question))
    assert sorted(await entries.own(HERE)) == sorted(["lunch", "lunch-2", f"{ESSAYS[0].id}-2"])


async def test_a_repeated_interaction_changes_nothing_and_says_the_same(database: Database) -> None:
    _, entries, _ = stores(database)
    first = await entries.add(HERE, act(1), entry())
    assert await entries.add(HERE, act(1), entry()) == first
    undone = await entries.undo(HERE, act(2), first.change_id)
    assert await entries.undo(HERE, act(2), first.change_id) == undone
    assert len(await entries.own(HERE)) == 0


async def test_of_two_editors_at_once_one_is_told(database: Database) -> None:
    _, entries, _ = stores(database)
    base = (await entries.add(HERE, act(1), entry())).change_id
    edits = [
        entries.edit(HERE, act(2 + n, who), replace(entry(), answer=f"Answer {n}."), base)
        for n, who in enumerate((MOD, OTHER_MOD))
    ]
    done = await asyncio.gather(*edits, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Change", "DomainError"]
    assert len(await rows(database, "SELECT * FROM faq_change")) == 2


@pytest.mark.parametrize(
    ("key", "bad"),
    [("faq.same_question", entry("where can trucks PARK?")), ("faq.entries_full", entry("One more?"))],
)
async def test_what_breaks_a_rule_leaves_no_trace(database: Database, key: str, bad: FaqEntry) -> None:
    _, entries, _ = stores(database)
    full = [entry(), *(entry(f"Question {n}?") for n in range(1, MOST_ENTRIES))]
    preview = await entries.preview_import(HERE, act(1), full)
    await entries.confirm_import(HERE, act(2), preview.draft_id)
    before = await rows(database, "SELECT * FROM faq_revision")
    with pytest.raises(DomainError, match=r"same_question|entries_full"):
        await entries.add(HERE, act(3), bad)
    if key == "faq.same_question":
        lunch = replace(entry("Question 1?"), question="Where can trucks park?")
        base = await entries.last_change_of(HERE, lunch.id)
        with pytest.raises(DomainError, match=key):
            await entries.edit(HERE, act(4), lunch, base)
    assert await rows(database, "SELECT * FROM faq_revision") == before
    assert len(await rows(database, "SELECT * FROM faq_change")) == 1


async def test_undoing_a_removal_keeps_to_the_rules_too(database: Database) -> None:
    _, entries, _ = stores(database)
    await entries.add(HERE, act(1), entry())
    removed = await entries.remove(HERE, act(2), "where-can-trucks-park")
    await entries.add(HERE, act(3), replace(entry(), id="parking"))
    with pytest.raises(DomainError, match=r"faq\.same_question"):
        await entries.undo(HERE, act(4), removed.change_id)
    assert list(await entries.own(HERE)) == ["parking"]


async def test_more_text_than_an_export_could_carry_is_refused(database: Database) -> None:
    _, entries, _ = stores(database)
    long = [entry(f"Question {n}?", "電" * 4000) for n in range(140)]
    with pytest.raises(DomainError, match=r"faq\.too_much_text"):
        await entries.preview_import(HERE, act(1), long)


async def test_another_servers_ids_reach_nothing(database: Database) -> None:
    faq, entries, _ = stores(database)
    added = await entries.add(HERE, act(1), entry())
    form = await entries.keep_form(HERE, act(2), FormDraft(FormText("Q", "A")))
    preview = await entries.preview_import(HERE, act(3, OTHER_MOD), [entry("Lunch?")])
    refusals = (
        entries.undo(ELSEWHERE, act(4), added.change_id),
        entries.edit(ELSEWHERE, act(5), replace(entry(), answer="Theirs."), 0),
        entries.remove(ELSEWHERE, act(6), "where-can-trucks-park"),
        entries.form_draft(ELSEWHERE, act(7), form),
        entries.confirm_import(ELSEWHERE, act(8, OTHER_MOD), preview.draft_id),
        entries.import_draft(ELSEWHERE, act(9, OTHER_MOD), preview.draft_id),
    )
    for refusal in refusals:
        with pytest.raises(DomainError):
            await refusal
    assert await entries.own(ELSEWHERE) == {}
    assert (await faq.knowledge(ELSEWHERE)).entries == ESSAYS
    assert await entries.recent(ELSEWHERE) == []
    assert await entries.own(HERE) == {"where-can-trucks-park": entry()}


async def test_a_draft_is_for_its_author_only_and_for_a_day(database: Database) -> None:
    _, entries, _ = stores(database)
    text = FormText("Q?", "A", "b\nc", "d")
    kept = await entries.keep_form(HERE, act(1), FormDraft(text, entry_id="x", base=3))
    assert await entries.form_draft(HERE, act(2), kept) == FormDraft(text, entry_id="x", base=3)
    for reader in (act(3, OTHER_MOD), act(4, days=1.1)):
        with pytest.raises(DomainError, match=r"faq\.draft_gone"):
            await entries.form_draft(HERE, reader, kept)
    with pytest.raises(DomainError, match=r"faq\.draft_gone"):
        await entries.import_draft(HERE, act(5), kept)
    await entries.keep_form(ELSEWHERE, act(6, OTHER_MOD, days=2), FormDraft(text))
    assert len(await rows(database, "SELECT * FROM faq_draft")) == 1


async def test_an_import_is_one_change_and_one_undo(database: Database) -> None:
    _, entries, _ = stores(database)
    await entries.add(HERE, act(1), entry("Lunch?", "At one."))
    file = [entry("Lunch?", "At two."), entry("Wrap?"), replace(entry("Ours?"), id=ESSAYS[0].id)]
    preview = await entries.preview_import(HERE, act(2), file)
    assert (preview.difference.new, preview.difference.changed) == (("wrap", ESSAYS[0].id), ("lunch",))
    assert preview.difference.overriding == (ESSAYS[0].id,)
    done = await entries.confirm_import(HERE, act(3), preview.draft_id)
    assert isinstance(done, Change)
    assert len(done.entries) == 3
    await entries.undo(HERE, act(4), done.change_id)
    assert await entries.own(HERE) == {"lunch": entry("Lunch?", "At one.")}


async def test_an_import_overwrites_nothing_newer_than_its_preview(database: Database) -> None:
    _, entries, _ = stores(database)
    preview = await entries.preview_import(HERE, act(1), [entry("Lunch?", "At two.")])
    await entries.add(HERE, act(2), entry("Lunch?", "At one."))
    again = await entries.confirm_import(HERE, act(3), preview.draft_id)
    assert isinstance(again, Preview)
    assert again.changed_since == ("lunch",)
    assert (await entries.own(HERE))["lunch"] == entry("Lunch?", "At one.")
    assert isinstance(await entries.confirm_import(HERE, act(4), preview.draft_id), Change)


async def test_history_says_who_changed_what_and_when(database: Database) -> None:
    _, entries, _ = stores(database)
    added = await entries.add(HERE, act(1), entry())
    await entries.undo(HERE, act(2, OTHER_MOD), added.change_id)
    newest, oldest = await entries.recent(HERE)
    assert (newest.kind, newest.editor_id, newest.at) == (ChangeKind.UNDO, OTHER_MOD.id, act(2).at)
    assert (oldest.kind, oldest.editor_id, oldest.keys) == (ChangeKind.ADD, MOD.id, ("where-can-trucks-park",))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE faq_revision SET after = NULL",
        "DELETE FROM faq_revision",
        "DELETE FROM faq_change",
        "UPDATE faq_change SET editor_id = 7",
        "UPDATE faq_change SET editor_id = NULL, at = ''",
    ],
)
async def test_the_history_is_append_only(database: Database, statement: str) -> None:
    _, entries, _ = stores(database)
    await entries.add(HERE, act(1), entry())
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        await database.write(lambda connection: connection.execute(statement))


async def test_an_editor_can_be_erased_from_the_history(database: Database) -> None:
    _, entries, _ = stores(database)
    await entries.add(HERE, act(1), entry())
    await database.write(lambda connection: connection.execute("UPDATE faq_change SET editor_id = NULL"))
    assert [change.editor_id for change in await entries.recent(HERE)] == [None]


async def test_an_entry_whose_alternates_alone_changed_stays_the_essays(database: Database) -> None:
    faq, entries, _ = stores(database)
    essay = ESSAYS[0]
    more = entry_from_form(replace(FormText.of(essay), alternates="why oh why"), essay)
    await entries.edit(HERE, act(1), more, 0)
    found = (await faq.knowledge(HERE)).entries[0]
    assert (found.origin, found.alternates) == (Origin.ESSAY, ("why oh why",))
