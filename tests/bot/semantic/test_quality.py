"""How well questions are answered that no choice was made on; what was reached, less a margin for other processors.

faq_heldout.jsonl and the two made-up servers (a, b) come from authors who saw neither the entries' phrasings nor the
practice questions. They are only for scoring: improvements use faq_train.jsonl and faq_dev.jsonl.
"""

import json
import re
from dataclasses import dataclass
from functools import cache

import pytest

from benchmarks.tools.questions import DATA, read
from benchmarks.training import practice
from benchmarks.training.vectors import texts
from bot.answers import by_words
from bot.semantic.engine import Engine
from domain.faq.knowledge import Knowledge, load_essays, parse_entries
from domain.faq.matcher import Matcher
from domain.faq.own_entries import combine
from domain.faq.practice import QUESTIONS
from domain.ranking.gate import FaqOutcome

ESSAYS = load_essays()
HELD_OUT = ("faq_heldout.jsonl", "faq_server_a.jsonl", "faq_server_b.jsonl")


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares: of answerable questions first, among three, lost; of others refused (near, far) and still answered."""

    first: float
    among_three: float
    lost: float
    near_refused: float
    far_refused: float
    wrong_direct: float
    direct_right: float


def measure(matcher: Matcher, name: str) -> Shares:
    asked = [(one, matcher.ask(one.text)) for one in read(name)]
    known = [(one.labels, answer) for one, answer in asked if one.labels]
    others = [(one.kind, answer) for one, answer in asked if not one.labels]
    direct = [answer.entry.id in one.labels for one, answer in asked if answer.entry]

    def share(flags: list[bool]) -> float:
        return sum(flags) / len(flags) if flags else 1.0

    return Shares(
        share([answer.ranked[0].id in labels for labels, answer in known]),
        share([any(entry.id in labels for entry in answer.ranked[:3]) for labels, answer in known]),
        share([answer.outcome is FaqOutcome.UNKNOWN for _, answer in known]),
        share([answer.outcome is FaqOutcome.UNKNOWN for kind, answer in others if kind == "near"]),
        share([answer.outcome is FaqOutcome.UNKNOWN for kind, answer in others if kind == "far"]),
        share([answer.entry is not None for _, answer in others]),
        share(direct),
    )


@cache
def server(name: str) -> Knowledge:
    own = parse_entries(json.loads((DATA / f"faq_server_{name}.json").read_text(encoding="utf-8")))
    return Knowledge(1, combine(ESSAYS, {entry.id: entry for entry in own}))


def test_held_out_questions_about_the_essays(engine: Engine) -> None:
    found = measure(engine.build(Knowledge(0, ESSAYS)), "faq_heldout.jsonl")
    assert found.first >= 0.89
    assert found.among_three >= 0.945
    assert found.lost <= 0.055
    assert found.near_refused >= 0.79
    assert found.far_refused >= 0.95
    assert found.wrong_direct <= 0.03
    assert found.direct_right >= 0.94


def test_the_development_set(engine: Engine) -> None:
    found = measure(engine.build(Knowledge(0, ESSAYS)), "faq_dev.jsonl")
    assert found.first >= 0.92
    assert found.far_refused == 1
    assert found.lost <= 0.03
    assert found.wrong_direct == 0


@pytest.mark.parametrize(("name", "first", "among_three"), [("a", 0.63, 0.82), ("b", 0.78, 0.9)])
def test_entries_never_seen_before(engine: Engine, name: str, first: float, among_three: float) -> None:
    found = measure(engine.build(server(name)), f"faq_server_{name}.jsonl")
    assert found.first >= first
    assert found.among_three >= among_three
    assert found.lost <= 0.06


def test_words_alone_do_no_worse_than_they_did() -> None:
    found = measure(by_words(Knowledge(0, ESSAYS)), "faq_dev.jsonl")
    assert found.first >= 0.76
    assert found.among_three >= 0.92
    assert found.lost <= 0.14
    assert found.near_refused >= 0.92
    assert found.wrong_direct == 0


def test_nothing_that_is_held_out_for_scoring_is_built_in() -> None:
    def folded(text: str) -> str:
        return " ".join(re.findall(r"\w+", text.casefold()))

    known = {folded(one.text) for one in read("faq_train.jsonl")}
    assert not known & {folded(one.text) for name in (*HELD_OUT, "faq_dev.jsonl") for one in read(name)}


def test_what_is_built_in_is_what_was_written_for_training() -> None:
    known = read("faq_train.jsonl")
    for name, lists in (("practice", practice.practice(known)), ("decoys", practice.decoys(known))):
        assert (QUESTIONS / f"{name}.toml").read_text(encoding="utf-8").endswith(practice.as_toml(lists))


def test_no_text_of_the_essays_has_to_be_computed_at_start(engine: Engine) -> None:
    assert not set(texts()) - engine.find(texts(), {}).keys()
