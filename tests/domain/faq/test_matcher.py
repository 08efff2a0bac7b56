import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.faq.knowledge import load_essays
from domain.faq.matcher import Answer, FaqEntry, FaqSource, Matcher
from domain.ranking.gate import FaqOutcome, outcome_by_words

ESSAYS = load_essays()
MATCHER = Matcher(ESSAYS)
QUESTIONS = Path(__file__).parents[2] / "data" / "faq_questions.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
UNSEEN = [row for row in ROWS if row["id"].startswith("H")]

LUNCH = FaqEntry(
    "lunch-box", "Where do I order a packed lunch?", "Ask Mira before nine.", None, ("veggie lunch box",), ()
)
PARKING = FaqEntry("parking", "Where can trucks park?", "Behind hall four.", None, (), ())


def is_sane(answer: Answer, entries: tuple[FaqEntry, ...] = ESSAYS) -> bool:
    best = answer.ranked[0] if answer.outcome is FaqOutcome.ANSWER else None
    return (
        0 <= answer.score <= 1
        and len(answer.ranked) >= min(3, len(entries))
        and len(set(answer.ranked)) == len(answer.ranked)
        and answer.entry is best
    )


def measure(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Return shares: of answerable questions, hits and losses; of uncovered ones, refusals and wrong direct answers."""
    answers = [(row, set(row["labels"] or []), MATCHER.ask(row["q"])) for row in rows]
    asked = [(labels, answer) for _, labels, answer in answers if labels]
    uncovered = [(row["kind"], answer) for row, labels, answer in answers if not labels]
    direct = [answer.ranked[0].id in labels for _, labels, answer in answers if answer.entry]

    def share(flags: list[bool]) -> float:
        return sum(flags) / len(flags)

    return {
        "hit@1": share([answer.ranked[0].id in labels for labels, answer in asked]),
        "hit@3": share([any(entry.id in labels for entry in answer.ranked[:3]) for labels, answer in asked]),
        "lost": share([answer.outcome is FaqOutcome.UNKNOWN for _, answer in asked]),
        "far refused": share([a.outcome is FaqOutcome.UNKNOWN for kind, a in uncovered if kind == "far"]),
        "near refused": share([a.outcome is FaqOutcome.UNKNOWN for kind, a in uncovered if kind == "near"]),
        "direct right": share(direct),
        "wrong direct": share([answer.entry is not None for _, answer in uncovered]),
        "direct": len(direct) / len(rows),
    }


@pytest.mark.parametrize("entry", ESSAYS, ids=lambda entry: entry.id)
def test_an_entrys_own_question_is_answered_with_it(entry: FaqEntry) -> None:
    assert MATCHER.ask(entry.question).entry == entry
    assert MATCHER.ask(f"  **{entry.question.upper()}** ").entry == entry
    assert MATCHER.ask(entry.id).entry == entry


def test_nearly_every_alternate_ranks_its_own_entry_first_even_inside_a_longer_question() -> None:
    asked = [(entry, f"hey folks, {alternate}, please") for entry in ESSAYS for alternate in entry.alternates]
    hits = sum(MATCHER.ask(question).ranked[0] == entry for entry, question in asked)
    assert hits / len(asked) > 0.97


def test_questions_never_used_for_choosing_the_thresholds_meet_the_floor() -> None:
    reached = measure(UNSEEN)
    assert reached["hit@1"] >= 0.75, reached
    assert reached["hit@3"] >= 0.88, reached
    assert reached["far refused"] >= 0.95, reached
    assert reached["near refused"] >= 0.60, reached
    assert reached["direct right"] >= 0.80, reached
    assert reached["wrong direct"] <= 0.15, reached
    assert reached["lost"] <= 0.17, reached
    assert reached["direct"] >= 0.25, reached


def test_our_own_questions_are_not_phrasings_of_the_knowledge_base() -> None:
    phrasings = {text.casefold() for entry in ESSAYS for text in (entry.question, *entry.alternates)}
    assert len({row["q"] for row in ROWS}) == len(ROWS) >= 60
    assert not [row["q"] for row in ROWS if row["q"].casefold() in phrasings]
    known = {entry.id for entry in ESSAYS}
    assert all(set(row["labels"] or []) <= known for row in ROWS)
    assert {row["kind"] for row in ROWS} == {"answerable", "near", "far"}


def test_the_gate_answers_only_what_is_close_and_clearly_ahead() -> None:
    assert outcome_by_words(0.9, 0.2) is FaqOutcome.ANSWER
    assert outcome_by_words(0.9, 0.89) is FaqOutcome.CHOOSE
    assert outcome_by_words(0.3, 0.0) is FaqOutcome.CHOOSE
    assert outcome_by_words(0.1, 0.0) is FaqOutcome.UNKNOWN


@pytest.mark.parametrize(
    "question",
    [
        "",
        " \n\t ",
        "🎬🎬🔥",
        "<@123456789012345678> <#987654321098765432> @everyone <:clap:123456789012345678>",
        "https://example.com/why-directors-adopt-ai?x=friction",
        "مرحبا، متى يبدأ التصوير غدا؟",
        "\u202eevil\u202c \u0000 \ud800",
        "``` **__~~||",
        "what is it and why",
    ],
)
def test_questions_without_a_topic_are_not_covered(question: str) -> None:
    answer = MATCHER.ask(question)
    assert answer.outcome is FaqOutcome.UNKNOWN
    assert is_sane(answer)


def test_mentions_markdown_typos_and_capitals_do_not_hide_the_topic() -> None:
    assert MATCHER.ask("<@42> what are **happy accidents**??").ranked[0].id == "happy-accidents"
    assert MATCHER.ask("ACCOUNTABILTY ON SET").ranked[0].id == "accountability"
    assert MATCHER.ask("is a gaffers idea for a practicle light any use").ranked[0].id == "creative-friction"
    assert MATCHER.ask("did they shoot for Nestle").ranked[0].id == "author-background"


def test_both_spellings_of_english_rank_alike() -> None:
    assert MATCHER.ask("could this democratise film").ranked[0].id == "democratize-filmmaking"
    assert MATCHER.ask("could this democratize film").ranked[0].id == "democratize-filmmaking"


def test_a_question_of_6000_characters_gets_an_honest_outcome_quickly() -> None:
    began = process_time()
    answer = MATCHER.ask("why does the wind in a shot help? " * 177)
    assert is_sane(answer)
    assert answer.ranked[0].id == "happy-accidents"
    assert process_time() - began < 1


@given(st.text(max_size=300))
def test_any_text_gets_a_sane_answer_and_the_same_one_again(question: str) -> None:
    answer = MATCHER.ask(question)
    assert answer.question == question
    assert is_sane(answer)
    assert MATCHER.ask(question) == answer
    assert len(MATCHER.suggest(question)) <= 25


@given(st.lists(st.sampled_from(" ".join(entry.answer for entry in ESSAYS).split()), max_size=40).map(" ".join))
def test_any_mixture_of_the_essays_words_gets_a_sane_answer(question: str) -> None:
    assert is_sane(MATCHER.ask(question))


@pytest.mark.parametrize("entries", [(), (LUNCH,), (LUNCH, PARKING)])
def test_a_few_entries_are_enough(entries: tuple[FaqEntry, ...]) -> None:
    matcher = Matcher(entries)
    answer = matcher.ask("where do trucks park")
    assert is_sane(answer, entries)
    assert len(answer.ranked) == len(entries)
    assert answer.entry == (PARKING if PARKING in entries else None)
    assert matcher.suggest("") == entries


def test_a_servers_own_entries_are_ranked_with_the_essays() -> None:
    matcher = Matcher((*ESSAYS, LUNCH, PARKING))
    assert matcher.ask("can I get a lunch box").entry == LUNCH
    assert matcher.ask("what is creative friction").entry == MATCHER.get("creative-friction")
    assert MATCHER.ask("can I get a lunch box").outcome is FaqOutcome.UNKNOWN


def test_an_entry_made_of_symbols_is_never_the_answer_to_symbols() -> None:
    symbols = FaqEntry("clap", "🎬?", "Slate first.", FaqSource("", "Camera wiki", ""), ("👏",), ())
    assert Matcher((symbols,)).ask("🎬?").outcome is FaqOutcome.UNKNOWN


def test_get_finds_only_by_id() -> None:
    assert MATCHER.get("accountability") in ESSAYS
    assert MATCHER.get("Accountability") is None


def test_suggestions_start_with_what_was_typed() -> None:
    assert MATCHER.suggest("creative fr")[0].id == "creative-friction"
    assert MATCHER.suggest("What is crea")[0].id == "creative-friction"
    assert MATCHER.suggest("hong ko")[0].id == "actor-face-deal"
    assert "crew-size-drop" in [entry.id for entry in MATCHER.suggest("crew siz", limit=3)]
    assert MATCHER.suggest("zzzzzz") == ()


def test_an_empty_text_suggests_a_spread_over_both_essays() -> None:
    first = MATCHER.suggest("", limit=4)
    assert [entry.source.essay for entry in first if entry.source] == ["desperate-truth", "numbers-are-real"] * 2
    assert len(MATCHER.suggest("")) == 25


def test_threads_share_one_matcher() -> None:
    questions = [row["q"] for row in ROWS]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(MATCHER.ask, questions)) == [MATCHER.ask(question) for question in questions]


def test_two_processes_give_identical_scores() -> None:
    code = (
        "from domain.faq.matcher import Matcher; from domain.faq.knowledge import load_essays\n"
        "m = Matcher(load_essays())\n"
        "print([(m.ask(q).score, [e.id for e in m.ask(q).ranked]) for q in ('is my job safe', 'dull ai output')])"
    )
    root = Path(__file__).parents[3]
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_a_query_over_a_hundred_entries_stays_within_five_milliseconds() -> None:
    more = [
        FaqEntry(f"more-{n}", f"{entry.question} ({n})", entry.answer, None, entry.alternates, ())
        for n, entry in enumerate((*ESSAYS, *ESSAYS[:28]))
    ]
    matcher = Matcher((*ESSAYS, *more))
    took = []
    for row in ROWS:
        began = process_time()
        matcher.ask(row["q"])
        took.append(process_time() - began)
    assert median(took) < 0.005


def test_an_unfinished_word_after_small_words_still_finds_its_topic() -> None:
    suggested = Matcher(ESSAYS).suggest("why do dir")
    assert "why-directors-adopt-ai" in [entry.id for entry in suggested[:3]]
