"""People who press what is not theirs, or send ids of another server, change nothing and learn nothing."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.i18n import words
from bot.ui import PersistentItem, PersistentModal
from domain.decision_log.entries import EntryType
from sandbox.crew import Production
from tests.cogs.faq import acts as faq
from tests.cogs.polls import acts as polls
from tests.cogs.signoffs import acts as signoffs
from tests.fuzz.surface import Surface
from tests.security import raw
from tests.world import World

SECRET = "Quokka"
"""Is part of everything written in the first server."""

ANYONES = {
    "faq:{answer}": "whether an answer helped is counted, without a name",
    "faq:queue:form": "a question for the moderators",
    "poll:about:": "a poll of one's own",
    "poll:{poll_id}:vote": "one's own vote",
    "poll:{poll_id}:withdraw": "one's own vote",
    "poll:{poll_id}:form:HoldForm": "one's own hold",
    "signoff:{number}:next": "a form of one's own",
    "my-data:erase": "what is kept of oneself",
}
"""How the custom_ids begin of what changes something in the name of the person who uses it."""

TABLES = """
    SELECT kept.name FROM sqlite_schema AS kept WHERE kept.type = 'table'
    AND EXISTS (SELECT 1 FROM pragma_table_info(kept.name) AS info WHERE info.name = 'guild_id')
"""
Rows = dict[str, list[tuple[Any, ...]]]


class Stage:
    """A server with everything that a custom_id can name, none of it made by the gaffer."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.known: dict[str, list[str]] = {
            "poll_id": ["1", "2"], "question_id": ["1"], "entry_id": ["where-can-trucks-park"], "change_id": ["1"],
            "choice": ["execution"], "press": ["sign"], "verb": ["dismiss"], "scope": ["server"], "wanted": ["any"],
            "source": ["server"], "kind": ["all"], "file_format": ["jsonl"], "verdict": ["any"], "text": [SECRET[:3]],
            "answer": ["helpful", "any"], "slate": ["", ":slate"], "before": ["99"], "permit": ["0" * 16, "1794830000"],
            **{name: ["0"] for name in ("page", "section", "start", "first", "last", "person", "base")},
        }  # fmt: skip

    async def set(self) -> None:
        """Make all of it."""
        world = self.world
        await self._polls()
        await self._signoffs()
        await faq.queue_question(world, f"Who feeds the {SECRET} on Sundays?", "Ravi", tell=True)
        await faq.add(world, answer=f"Behind the {SECRET}.")
        refused = await faq.add(world, answer=f"Behind the {SECRET}.")
        imported = [{"question": f"When does the {SECRET} wrap?", "answer": "Late."}]
        shown = await faq.admin(world, "import", file=("entries.json", raw.json_of(imported)))
        drafts = [raw.ids_in(result) for result in (refused, shown)]
        self.known["draft_id"] = [self.known["draft_id"][0], *(one for found in drafts for one in found)]

    async def _polls(self) -> None:
        world = self.world
        ballot = await polls.open_poll(world, task=f"Rotoscope the {SECRET}")
        receipt = polls.answer(await world["Lena"].click(ballot, label="AI may execute"))
        form = await world["Lena"].click(receipt, label="Add reason")
        await world["Lena"].submit_modal(form, {"reason": f"Nobody sees the {SECRET}."})
        await polls.hold(world, ballot, "Ravi", f"The {SECRET} has not agreed.")
        await polls.open_poll(world, task=f"Grade the {SECRET}")
        await world["Lena"].slash(world.channel, "poll close", poll=2)
        self.known |= {"holder_id": [str(world["Ravi"].id)], "channel_id": ["1"], "message_id": ["1"]}

    async def _signoffs(self) -> None:
        world = self.world
        for cut in (1, 2):
            card = await signoffs.open_signoff(world, piece=f"{SECRET} {cut}", cut=cut)
            await world["Mara"].click(card, label="Yes, I sign")
        unsent = await signoffs.open_form(world, piece=f"{SECRET} 3")
        log = await signoffs.log_of(world)
        answers = [entry.seq for entry in log if entry.type is EntryType.DECISION]
        await world["Jonas"].slash(world.channel, "decision-log void", entry=answers[0], reason=f"Spam of the {SECRET}")
        requests = [str(entry.seq) for entry in log if entry.type is EntryType.REQUEST]
        self.known |= {
            "number": requests, "about": requests, "entry": [str(answers[-1]), requests[0]],
            "mark": [str(log[0].seq + 1)], "draft_id": [*raw.ids_in(unsent)],
        }  # fmt: skip

    async def rows(self) -> Rows:
        """Return every row of the server, in every table."""
        guild_id = self.world.guild_id
        async with self.world.database.snapshot() as snapshot:
            named = [table for (table,) in await snapshot.all(TABLES)]
            return {
                table: await snapshot.all(f"SELECT * FROM {table} WHERE guild_id = ?", (guild_id,)) for table in named
            }

    async def try_all(self, production: Production, name: str) -> dict[str, str]:
        """Let somebody press every item and send every form; what that changed in the first server, by custom_id."""
        changed: dict[str, str] = {}
        for target in (*self.world.bot._items, *self.world.bot._modals):
            for custom_id in raw.custom_ids(target, self.known):
                before = await self.rows()
                said = await self._try(target, custom_id, production, name)
                if production is not self.world.production:
                    assert SECRET not in said, (custom_id, said)
                if tables := [table for table, rows in (await self.rows()).items() if rows != before[table]]:
                    changed[target.id_format] = f"{custom_id} changed {tables}: {said[:500]}"
        return changed

    async def answers(self, production: Production, name: str) -> AsyncIterator[tuple[str, str]]:
        """Let somebody use every command, type into every option, press every item and send every form; all answers."""
        surface = Surface.of(self.world.bot, self.world.env.backend.commands[None].values())
        for leaf in surface.leaves:
            yield f"/{leaf.name}", await raw.command(self.world, production, name, leaf.data([], {}))
        for menu in surface.menus:
            data = {key: menu[key] for key in ("id", "name", "type")} | {"target_id": "1", "resolved": {}}
            yield menu["name"], await raw.command(self.world, production, name, data)
        for leaf, option in surface.typed:
            typed = {"name": option["name"], "type": option["type"], "value": "a", "focused": True}
            yield "autocomplete", await raw.keystroke(self.world, production, name, leaf.data([typed], {}))
        for target in (*surface.items, *surface.forms):
            for custom_id in raw.custom_ids(target, self.known):
                yield custom_id, await self._try(target, custom_id, production, name)

    async def _try(
        self, target: type[PersistentItem] | type[PersistentModal], custom_id: str, production: Production, name: str
    ) -> str:
        person, guild = production.person(name).id, self.world.env.backend.guilds[production.guild.id]
        if issubclass(target, PersistentModal):
            data = raw.fill(target, custom_id, {"name": guild.name, "question": "When is the wrap?"}, person)
            return await raw.submit(self.world, production, name, data)
        chosen = {"TopicSelect": "entry_id", "QuestionSelect": "question_id", "AlternateSelect": "entry_id"}
        values = {"SectionSelect": "all", "LiftSelect": self.known["holder_id"][0], "DueSelect": "tomorrow"}
        value = values.get(target.__name__) or self.known.get(chosen.get(target.__name__, ""), ["timezone"])[0]
        return await raw.press(self.world, production, name, target, custom_id, value)


@pytest.fixture
async def stage(world: World) -> Stage:
    stage = Stage(world)
    await stage.set()
    await polls.redrawn(world)
    return stage


async def test_a_bystander_changes_nothing_except_in_their_own_name(stage: Stage) -> None:
    changed = await stage.try_all(stage.world.production, "Gus")
    beginnings = {start for start in ANYONES for custom_id in changed if custom_id.startswith(start)}
    assert [one for one in changed if not one.startswith(tuple(ANYONES))] == []
    assert beginnings == ANYONES.keys()


@pytest.mark.parametrize("name", ["Gus", "Jonas"])
async def test_no_id_of_a_server_reaches_it_from_another(stage: Stage, name: str) -> None:
    elsewhere = Production.create(stage.world.env, "Another film")
    assert await stage.try_all(elsewhere, name) == {}


async def test_nothing_works_in_a_server_that_did_not_add_the_bot(stage: Stage) -> None:
    stage.world.env.invited = False
    production, before = stage.world.production, await stage.rows()
    said = [answer async for answer in stage.answers(production, "Jonas")]
    typed = [answer for name, answer in said if name == "autocomplete"]
    assert typed
    assert [answer for answer in typed if "'choices': []" not in answer] == []
    refusal = words("command.not_invited")
    assert [(name, answer) for name, answer in said if name != "autocomplete" and refusal not in answer] == []
    assert await stage.rows() == before
