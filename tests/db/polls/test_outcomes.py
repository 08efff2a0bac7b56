"""Outcomes on a real file: what the log keeps of a poll, and who may record what."""

import contextlib
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.decision_log.voids import VoidStore
from db.engine import opening
from db.engine.database import Database
from db.export.log_reader import ExportStore
from db.migrations import MIGRATIONS
from db.polls.outcome_rows import get_judged
from db.polls.outcomes import OutcomeStore
from db.polls.store import PollStore
from db.settings import SettingsStore
from domain.decision_log.entries import EntryType, LogEntry, Person
from domain.decision_log.voids import VoidEffect
from domain.errors import DomainError
from domain.people import Actor
from domain.polls.outcomes import OutcomeRecord, PollOutcome
from domain.polls.poll import Ballot, Choice, Poll, PollDraft, PollVerdict
from domain.settings import Settings
from domain.times import to_text
from tests.db.polls.acts import ADA, BO, CLOSES, CREW, CY, GRADING, GUILD, MOD, OTHER_GUILD, START, WHY, act, open_poll

NIK = Person(9, "Nik")
LATER = CLOSES + timedelta(days=1)
OLD_POLL = """
    INSERT INTO poll (guild_id, poll_id, interaction_id, channel_id, opener_id, task, details, quorum, ballot,
                      opened_at, closes_at, events, closed_at, verdict, ground)
    VALUES (?, ?, ?, 1, 1, ?, '', 1, 'open', '2026-11-20T10:00:00.000Z', '2026-11-20T11:00:00.000Z', 1, ?, ?, 'hold')
"""


async def closed(database: Database, task: str = "Rotoscope the crowd", **votes: Choice) -> Poll:
    """Make a poll on `task` that Ada opens, people vote on and the clock closes."""
    draft = PollDraft(task, "", CLOSES, 1, Ballot.OPEN, GRADING, CREW)
    poll = await PollStore(database).open(GUILD, act(ADA), 5, draft)
    for name, choice in (votes or {"bo": Choice.EXECUTION}).items():
        await PollStore(database).vote(GUILD, poll.poll_id, act({"ada": ADA, "bo": BO, "cy": CY}[name]), choice)
    [(_, poll)] = await PollStore(database).close_due(CLOSES)
    return poll


async def record(database: Database, poll_id: int, actor: Actor = ADA, **changes: Any) -> tuple[PollOutcome, LogEntry]:
    made = OutcomeRecord.of(changes.pop("decider", NIK), at=LATER, **changes)
    return await OutcomeStore(database).record(GUILD, poll_id, act(actor, LATER), made)


async def outcome(database: Database, poll_id: int) -> PollOutcome:
    found = await PollStore(database).outcome(GUILD, poll_id)
    assert found is not None
    return found


async def log_of(database: Database) -> list[LogEntry]:
    return await ExportStore(database).read(GUILD, lambda log: list(log.entries()))


async def test_closing_a_poll_by_the_clock_enters_its_outcome(database: Database) -> None:
    poll = await closed(database, ada=Choice.JUDGMENT, bo=Choice.EXECUTION, cy=Choice.EXECUTION)
    [entry] = await log_of(database)
    assert (entry.type, entry.verdict, entry.interaction, entry.at) == (EntryType.OUTCOME, "judgment", None, CLOSES)
    assert entry.facts == {
        "poll": poll.poll_id,
        "ground": "owner",
        "turnout": 3,
        "quorum": 1,
        "counts": {"execution": 2, "judgment": 1, "abstain": 0},
        "department": {"role": str(GRADING), "counts": {"execution": 0, "judgment": 1, "abstain": 0}},
        "ballot": "open",
        "late": False,
        "stage": "closed",
        "by": "clock",
    }
    assert entry.person == Person(ADA.id, "Ada")
    assert entry.value("work") == {"task": "Rotoscope the crowd"}
    assert await outcome(database, 1) == PollOutcome(poll, entry)


async def test_an_outcome_closed_by_hand_names_who_closed_it_and_who_asked(database: Database) -> None:
    poll, closing = await open_poll(database), act(MOD)
    await PollStore(database).close(GUILD, poll.poll_id, closing)
    await PollStore(database).close(GUILD, poll.poll_id, closing)
    [entry] = await log_of(database)
    assert entry.interaction == closing.interaction_id
    assert entry.person == Person(MOD.id, "Mo")
    assert entry.value("who")["opener"]["name"] == "Ada"


async def test_dissent_and_holds_are_kept_without_names(database: Database) -> None:
    poll, store = await open_poll(database), PollStore(database)
    for actor, choice in ((ADA, Choice.EXECUTION), (BO, Choice.JUDGMENT), (CY, Choice.ABSTAIN)):
        await store.vote(GUILD, poll.poll_id, act(actor), choice)
        await store.add_reason(GUILD, poll.poll_id, act(actor), f"{WHY} says {choice}")
    await store.hold(GUILD, poll.poll_id, act(CY), "The release is missing")
    await store.close_due(CLOSES)
    [entry] = await log_of(database)
    assert entry.value("text") == {
        "dissent": [{"choice": "execution", "reason": f"{WHY} says execution"}],
        "holds": ["The release is missing"],
    }


@pytest.mark.parametrize(("voters", "shown"), [((ADA,), False), ((ADA, 2), False), ((ADA, 2, 3), True)])
async def test_a_secret_ballot_shows_no_department_below_three_and_no_voter(
    database: Database, voters: tuple[Any, ...], *, shown: bool
) -> None:
    poll = await open_poll(database, ballot=Ballot.SECRET)
    for number, _ in enumerate(voters):
        colleague = Actor(7_000_000 + number, f"Grader {number}", frozenset({GRADING, CREW}))
        await PollStore(database).vote(GUILD, poll.poll_id, act(colleague), Choice.JUDGMENT)
    await PollStore(database).close_due(CLOSES)
    [entry] = await log_of(database)
    assert (entry.facts["department"]["counts"] is not None) is shown
    assert "700000" not in entry.body + str([entry.who, entry.work, entry.text])
    assert "Grader" not in str([entry.who, entry.work, entry.text])


async def test_a_record_is_a_new_entry_that_supersedes_the_outcome(database: Database) -> None:
    await closed(database)
    first, one = await record(database, 1, conditions="Wide shots only", note="Asked for by the DP")
    assert (first.decider, first.conditions, first.note) == (NIK, "Wide shots only", "Asked for by the DP")
    assert one.refs == {"supersedes": [1]}
    second, two = await record(database, 1, MOD, decider=Person(2, "Bo"), review_at=LATER + timedelta(days=90))
    assert two.refs == {"supersedes": [2]}
    assert (second.entry, second.conditions, second.review_at) == (two, "", LATER + timedelta(days=90))
    assert [entry.facts["stage"] for entry in await log_of(database)] == ["closed", "recorded", "recorded"]
    assert {entry.verdict for entry in await log_of(database)} == {"execution"}


async def test_a_record_sent_twice_is_one_entry(database: Database) -> None:
    await closed(database)
    sent, made = act(ADA, LATER), OutcomeRecord.of(NIK, at=LATER)
    answers = [await OutcomeStore(database).record(GUILD, 1, sent, made) for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(await log_of(database)) == 2


async def test_only_the_opener_and_moderators_record(database: Database) -> None:
    await closed(database)
    with pytest.raises(DomainError, match=r"outcomes\.not_yours"):
        await record(database, 1, BO)
    with pytest.raises(DomainError, match=r"outcomes\.not_yours"):
        await OutcomeStore(database).to_record(GUILD, 1, act(BO))
    await SettingsStore(database).change(GUILD, lambda _: Settings(moderator_role_id=CREW))
    assert (await record(database, 1, BO))[0].is_recorded


async def test_an_open_poll_has_nothing_to_record(database: Database) -> None:
    await open_poll(database)
    with pytest.raises(DomainError, match=r"outcomes\.none"):
        await record(database, 1)
    assert await PollStore(database).outcome(GUILD, 1) is None


async def test_a_later_outcome_on_the_same_task_takes_the_place_of_the_earlier(database: Database) -> None:
    await closed(database, "Rough cut of scene 4")
    await record(database, 1, conditions="Locked script")
    await closed(database, "  ROUGH cut of  scene 4.", bo=Choice.JUDGMENT)
    *_, entry = await log_of(database)
    assert entry.refs == {"supersedes": [2]}
    assert [(await outcome(database, number)).superseded_by for number in (1, 2)] == [2, None]
    assert (await outcome(database, 2)).supersedes == (1,)
    with pytest.raises(DomainError, match=r"outcomes\.superseded"):
        await record(database, 1)
    with pytest.raises(DomainError, match=r"outcomes\.superseded"):
        await OutcomeStore(database).to_record(GUILD, 1, act(ADA))


async def test_a_record_can_replace_another_verdict_and_only_one_that_stands(database: Database) -> None:
    await closed(database, "Clean up the location sound")
    await closed(database, "Denoise the dialogue")
    _, others = await OutcomeStore(database).to_record(GUILD, 2, act(ADA))
    assert [other.poll_id for other in others] == [1]
    both, entry = await record(database, 2, replaces=1)
    assert (both.supersedes, entry.refs) == ((1,), {"supersedes": [2, 1]})
    for wrong in (1, 2, 77):
        with pytest.raises(DomainError, match=r"outcomes\.cannot_replace"):
            await record(database, 2, replaces=wrong)
    assert len(await log_of(database)) == 3


async def test_precedents_and_judged_tasks_stand_and_carry_conditions(database: Database) -> None:
    await closed(database, "Rough cut of scene 4")
    await closed(database, "Rough cut of scene 4", bo=Choice.JUDGMENT)
    await record(database, 2, conditions="Mara sees it first")
    poll = await PollStore(database).open(GUILD, act(ADA), 5, PollDraft("Rough cut of scene 9", "", LATER, 1))
    own = [one for one in await PollStore(database).precedents(GUILD, poll) if one.poll_id]
    assert [(one.poll_id, one.verdict, one.conditions) for one in own] == [
        (2, PollVerdict.JUDGMENT, "Mara sees it first")
    ]
    async with database.snapshot() as snapshot:
        assert await get_judged(snapshot, GUILD) == own
        assert await get_judged(snapshot, OTHER_GUILD) == []


async def test_another_server_has_its_own_line(database: Database) -> None:
    await closed(database)
    store = OutcomeStore(database)
    assert await store.line(OTHER_GUILD) == ()
    with pytest.raises(DomainError, match=r"polls\.unknown"):
        await store.record(OTHER_GUILD, 1, act(MOD), OutcomeRecord.of(NIK, at=START))
    with pytest.raises(DomainError, match=r"polls\.unknown"):
        await PollStore(database).outcome(OTHER_GUILD, 1)


async def test_a_review_is_due_once_and_again_when_recorded_again(database: Database) -> None:
    store, day = OutcomeStore(database), LATER + timedelta(days=3)
    await closed(database)
    await record(database, 1, review_at=day)
    assert await store.next_review() == day
    assert await store.due_reviews(day - timedelta(seconds=1)) == []
    [(_, due, _)] = await store.due_reviews(day)
    again, _ = await record(database, 1, review_at=day + timedelta(days=1))
    await store.mark_review_told(GUILD, due, day)  # of the record before: the new one is still to be told
    assert await store.next_review() == day + timedelta(days=1)
    await store.mark_review_told(GUILD, again, day)
    assert await store.next_review() is None
    assert await store.due_reviews(day + timedelta(days=9)) == []


async def test_a_superseded_verdict_is_not_reviewed(database: Database) -> None:
    await closed(database)
    await record(database, 1, review_at=LATER + timedelta(days=3))
    await closed(database)
    assert await OutcomeStore(database).next_review() is None


async def test_what_was_erased_from_the_log_is_gone_from_the_line(database: Database) -> None:
    await closed(database)
    await record(database, 1, conditions="Wide shots", note="Nik knows why")

    def erase(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE decision_part SET salt = NULL, value = NULL, person_id = NULL, piece_key = NULL")

    await database.write(erase)
    erased = await outcome(database, 1)
    assert (erased.is_recorded, erased.decider, erased.conditions, erased.note) == (True, None, "", "")
    [one] = await OutcomeStore(database).line(GUILD)
    assert one.conditions == ""


async def test_a_hundred_polls_that_are_due_close_in_one_go(database: Database) -> None:
    for number in range(100):
        draft = PollDraft(f"Task {number}", "", CLOSES, 1, Ballot.OPEN, GRADING, CREW)
        await PollStore(database).open(GUILD, act(ADA), 5, draft)
    assert len(await PollStore(database).close_due(CLOSES)) == 100
    assert [entry.facts["poll"] for entry in await log_of(database)] == list(range(1, 101))


async def test_polls_closed_before_outcomes_were_kept_are_in_the_line(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA application_id={opening.APPLICATION_ID}")
        number = next(number for number, file in MIGRATIONS.items() if file.stem.endswith("_outcomes"))
        for before in range(1, number):
            connection.executescript(MIGRATIONS[before].read_text(encoding="utf-8"))
        for poll_id, task, verdict in ((1, "Grade", "judgment"), (2, "GRADE", "execution"), (3, "Pitch", None)):
            values = (GUILD, poll_id, poll_id, task, verdict and to_text(LATER), verdict)
            connection.execute(OLD_POLL, values)
        connection.execute(f"PRAGMA user_version={number - 1}")
    async with await Database.open(path) as database:
        line = await OutcomeStore(database).line(GUILD)
        assert [(one.poll_id, one.superseded_by) for one in line] == [(2, None), (1, 2)]
        assert await OutcomeStore(database).unposted() == []
        assert (await outcome(database, 2)).entry is None
        recorded, entry = await record(database, 2, MOD)
        assert recorded.decider == NIK
        assert entry.refs == {}


async def void(database: Database, entry: int, at: datetime = LATER) -> VoidEffect:
    store = VoidStore(database, lambda: None)
    mark = await store.void(GUILD, entry, act(MOD, at), "Opened in the wrong server")
    return await store.effect(GUILD, mark.seq)


async def standing(database: Database) -> list[int | None]:
    return [one.poll_id for one in await OutcomeStore(database).line(GUILD) if one.stands]


async def test_what_a_void_outcome_had_superseded_stands_again(database: Database) -> None:
    await closed(database)
    await closed(database, bo=Choice.JUDGMENT)
    assert await void(database, 2) == VoidEffect(changed=(1, 2), out=2, standing=(1,))
    assert await standing(database) == [1]
    assert (await outcome(database, 2)).void_by == 3
    again = await outcome(database, 1)
    assert (again.superseded_by, again.restored_after) == (None, 2)
    assert not (await outcome(database, 2)).supersedes


@pytest.mark.parametrize(
    ("order", "left"),
    [
        ((1,), {1: (None, 1), 2: (3, None), 3: (None, None)}),
        ((2,), {1: (3, None), 2: (None, 1), 3: (None, None)}),
        ((3,), {1: (2, None), 2: (None, None), 3: (None, 1)}),
        ((2, 3), {1: (None, None), 2: (None, 1), 3: (None, 1)}),
        ((3, 2), {1: (None, None), 2: (None, 1), 3: (None, 1)}),
        ((1, 3, 2), {1: (None, 1), 2: (None, 1), 3: (None, 1)}),
    ],
)
async def test_voids_in_a_chain_of_three_leave_the_newest_that_counts(
    database: Database, order: tuple[int, ...], left: dict[int, tuple[int | None, int | None]]
) -> None:
    for _ in range(3):
        await closed(database)
    for entry in order:
        await void(database, entry)
    found = {number: await outcome(database, number) for number in (1, 2, 3)}
    assert {n: (one.superseded_by, one.void_by and 1) for n, one in found.items()} == left
    assert len(await standing(database)) == (0 if len(order) == 3 else 1)


async def test_a_poll_closed_while_the_newest_is_void_supersedes_what_stands(database: Database) -> None:
    await closed(database)
    await closed(database)
    await void(database, 2)
    await closed(database)
    assert (await log_of(database))[-1].refs == {"supersedes": [1]}
    assert await standing(database) == [3]
    assert (await outcome(database, 1)).superseded_by == 3
    assert (await outcome(database, 2)).superseded_by is None


async def test_a_void_record_restores_the_closing_and_its_decider_conditions_and_review_go(database: Database) -> None:
    await closed(database)
    await record(database, 1, conditions="Wide shots", review_at=LATER + timedelta(days=3))
    assert await void(database, 2) == VoidEffect(changed=(1,), without_record=1)
    found = await outcome(database, 1)
    assert (found.is_recorded, found.decider, found.conditions, found.review_at) == (False, None, "", None)
    assert found.stands
    assert [(one.conditions, one.stands) for one in await OutcomeStore(database).line(GUILD)] == [("", True)]
    assert await OutcomeStore(database).next_review() is None
    again, entry = await record(database, 1, conditions="Night shots")
    assert (again.restored_after, entry.refs) == (None, {"supersedes": [1]})


async def test_a_void_record_brings_back_the_record_before_it_with_its_review(database: Database) -> None:
    await closed(database)
    await record(database, 1, decider=Person(2, "Bo"), review_at=LATER + timedelta(days=3))
    await record(database, 1)
    assert await OutcomeStore(database).next_review() is None
    await void(database, 3)
    assert (await outcome(database, 1)).decider == Person(2, "Bo")
    [(_, due, _)] = await OutcomeStore(database).due_reviews(LATER + timedelta(days=3))
    await OutcomeStore(database).mark_review_told(GUILD, due, LATER + timedelta(days=3))
    await closed(database, "Another task")
    await void(database, 5)
    assert await OutcomeStore(database).next_review() is None, "a later void tells nothing again"
    await void(database, 2)
    assert not (await outcome(database, 1)).is_recorded


async def test_a_void_closing_takes_its_record_out_too(database: Database) -> None:
    await closed(database)
    await record(database, 1, conditions="Wide shots", review_at=LATER + timedelta(days=3))
    await void(database, 1)
    store = OutcomeStore(database)
    assert await standing(database) == []
    assert await store.unposted() == []
    assert (await store.due_reviews(LATER + timedelta(days=9)), await store.next_review()) == ([], None)
    for refused in (record(database, 1), store.to_record(GUILD, 1, act(ADA))):
        with pytest.raises(DomainError, match=r"outcomes\.void"):
            await refused
    assert await void(database, 2) == VoidEffect()
    with pytest.raises(DomainError, match=r"decision_log\.void_already"):
        await void(database, 1)


async def test_a_void_record_gives_back_the_verdict_that_it_replaced(database: Database) -> None:
    await closed(database, "Clean up the location sound")
    await closed(database, "Denoise the dialogue")
    await record(database, 2, replaces=1)
    assert await void(database, 3) == VoidEffect(changed=(1, 2), without_record=2, standing=(1,))
    assert await standing(database) == [2, 1]
    await record(database, 2, replaces=1)
    await closed(database, "Something else")
    await void(database, 6)
    assert await standing(database) == [2], "the record that counts still replaces it"
    await void(database, 2)
    assert await standing(database) == [1]
    with pytest.raises(DomainError, match=r"outcomes\.cannot_replace"):
        await record(database, 1, replaces=2)


async def test_what_was_replaced_gives_way_to_a_later_poll_on_its_task(database: Database) -> None:
    await closed(database, "Clean up the location sound")
    await closed(database, "Denoise the dialogue")
    await record(database, 2, replaces=1)
    await closed(database, "Clean up the location sound")
    await void(database, 3)
    assert (await outcome(database, 1)).superseded_by == 3
    assert await standing(database) == [3, 2]


async def test_a_void_outcome_is_no_precedent_and_warns_nobody(database: Database) -> None:
    await closed(database, "Rough cut of scene 4", bo=Choice.JUDGMENT)
    poll = await PollStore(database).open(GUILD, act(ADA), 5, PollDraft("Rough cut of scene 9", "", LATER, 1))
    await void(database, 1)
    assert [one for one in await PollStore(database).precedents(GUILD, poll) if one.poll_id] == []
    async with database.snapshot() as snapshot:
        assert await get_judged(snapshot, GUILD) == []


async def test_cards_that_a_void_changed_are_redrawn_after_a_restart(database: Database) -> None:
    polls, later = PollStore(database), LATER + timedelta(days=40)
    for number in (1, 2, 3):
        await closed(database)
        await polls.set_message(GUILD, number, 5, number)
    await closed(database, "Another task")
    await polls.set_message(GUILD, 4, 5, 4)
    await void(database, 2, later)
    redrawn = await polls.to_redraw(later - timedelta(days=1))
    assert sorted(redrawn) == [(GUILD, 1), (GUILD, 2), (GUILD, 3)]
    assert await polls.to_redraw(later + timedelta(days=1)) == []


@pytest.mark.parametrize("entry", range(1, 8))
async def test_outcomes_that_were_void_before_the_upgrade_count_no_more(tmp_path: Path, entry: int) -> None:
    """Play the same acts in the newest schema, and with the mark entered before it; both have the same line."""
    lines = []
    for name, before in (("new", False), ("old", True)):
        async with await Database.open(tmp_path / name) as database:
            await closed(database, "Grade")
            await record(database, 1, conditions="Wide shots", review_at=LATER + timedelta(days=3))
            await closed(database, "Denoise")
            await record(database, 2, replaces=1)
            await closed(database, "Denoise")
            await record(database, 3)
            await closed(database, "Grade")
            if before:
                await database.write(unlearn)
            await void(database, entry)
        if before:
            upgrade(tmp_path / name)
        async with await Database.open(tmp_path / name) as database:
            found = await OutcomeStore(database).outcomes_of(GUILD, (1, 2, 3, 4))
            due = await OutcomeStore(database).next_review()
            lines.append(([place(one) for one in found], due))
    assert lines[0] == lines[1]


def place(outcome: PollOutcome) -> tuple[object, ...]:
    entry = outcome.entry.seq if outcome.entry else None
    return entry, outcome.superseded_by, outcome.supersedes, outcome.void_by, outcome.restored_after, outcome.decider


def unlearn(connection: sqlite3.Connection) -> None:
    """Make the recount do nothing, as before it existed."""
    connection.execute("DROP TRIGGER outcome_recount_now")
    connection.execute("CREATE TRIGGER outcome_recount_now INSTEAD OF INSERT ON outcome_recount BEGIN SELECT 1; END")


def upgrade(path: Path) -> None:
    """Take the last steps of the schema back, so that opening the file upgrades it."""
    number = next(number for number, file in MIGRATIONS.items() if file.stem.endswith("_void_outcomes"))
    assert number == max(MIGRATIONS)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for view in ("outcome_recount", "outcome_restored", "outcome_replacing", "void_outcome", "outcome_entry"):
            connection.execute(f"DROP VIEW {view}")
        for index in ("poll_outcome_changed", "decision_entry_of_poll"):
            connection.execute(f"DROP INDEX {index}")
        for column in ("void_by", "restored_by", "changed_by"):
            connection.execute(f"ALTER TABLE poll_outcome DROP COLUMN {column}")
        connection.execute(f"PRAGMA user_version={number - 1}")
