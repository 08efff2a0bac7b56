"""`python -m benchmarks.training.calibrate`: fit both gates of `domain.ranking.gate` and test them on other questions.

PRACTISED is fitted where neither the entries nor the decoys know the question: each of the four authors of
tests/data/faq_train.jsonl (A to D) is asked with only the others' practice questions and decoys built in; then the
development set and T001 to T056 of faq_questions.jsonl, with everything built in. H001 to H072 of it are left out.

FRESH is fitted where the best entry is known by its question and answer alone: every third topic of the essays in turn,
asked what all authors ask of it and what C asks that is not covered, with nothing of C's built in; and the made-up
server of faq_server_train.json (S).

faq_heldout.jsonl and the two servers' questions were never used for any choice: tests/bot/semantic/test_quality.py.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace

from bot import semantic

semantic.prepare_environment()

import numpy as np
from numpy.typing import NDArray

from benchmarks.tools.questions import DATA, Question, read
from bot.semantic.library import Library
from bot.semantic.model import Model
from bot.semantic.ranker import SemanticRanker, Studied
from domain.faq.knowledge import load_essays, parse_entries
from domain.faq.matcher import FaqEntry
from domain.ranking.gate import FRESH, PRACTISED, Gate, MatchFeatures, chance

PENALTY = 1.0
SHARES = {"A": 1.0, "B": 1.0, "S": 10.0}
OTHER_SHARE = 3.0
"""Weight of a short question (C, D, development, T), relative to A and B, who wrote the longest and hardest."""

FOLDS = 3
LEFT_OUT = "H, left out"

BY = {PRACTISED: ((0, 2, 3), (0, 1, 2, 3)), FRESH: ((2, 3, 4), (0, 1, 2, 3))}
"""Which features the two regressions of each gate use, by their place in `MatchFeatures`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its features, and whether the best entry, or any, answers it."""

    question: Question
    features: MatchFeatures
    right: bool
    among_three: bool


def ask(
    library: Library, known: Iterable[Question], questions: Sequence[Question], entries: Sequence[FaqEntry] = ()
) -> list[Asked]:
    """Ask a ranker that has `known` as practice questions and decoys; by default it has the essays' entries."""
    entries, known = entries or load_essays(), list(known)
    topics = [Studied(entry, tuple(one.text for one in known if entry.id in one.labels)) for entry in entries]
    decoys = [question.text for question in known if not question.labels]
    texts = list(dict.fromkeys((*(text for topic in topics for text in topic.texts), *decoys)))
    found = library.find(texts)
    found |= library.read([text for text in texts if text not in found])
    ranker = SemanticRanker(library.model, topics, decoys, found)
    return [_one(ranker, entries, question) for question in questions]


def ask_fresh(library: Library, train: Sequence[Question]) -> list[Asked]:
    """Ask about topics known only by what they show; leave out questions that come nearest to another entry."""
    essays = load_essays()
    asked: list[Asked] = []
    for fold in range(FOLDS):
        new = {entry.id for entry in essays[fold::FOLDS]}
        known = [one for one in train if not (new & set(one.labels) or one.id.startswith("C"))]
        questions = [one for one in train if new & set(one.labels) or (one.id.startswith("C") and not one.labels)]
        entries = [replace(entry, alternates=()) if entry.id in new else entry for entry in essays]
        asked += ask(library, known, questions, entries)
    return [one for one in asked if not one.features.practised]


def ask_server(library: Library, train: Sequence[Question]) -> list[Asked]:
    """Ask the made-up server its crew's questions, and the uncovered ones of C and of the development set."""
    own = parse_entries(json.loads((DATA / "faq_server_train.json").read_text(encoding="utf-8")))
    known = [one for one in train if not one.id.startswith("C")]
    strange = [one for one in (*train, *read("faq_dev.jsonl")) if one.id[0] in "CD" and one not in known]
    questions = [*read("faq_server_train.jsonl"), *(one for one in strange if not one.labels)]
    return ask(library, known, questions, [*load_essays(), *own])


def _one(ranker: SemanticRanker, entries: Sequence[FaqEntry], question: Question) -> Asked:
    scores, features = ranker.features(question.text)
    order = sorted(range(len(entries)), key=lambda n: -scores[n])
    hits = [entries[n].id in question.labels for n in order[:3]]
    return Asked(question, features, hits[0], any(hits))


def fit(asked: Sequence[Asked], wanted: Sequence[bool], used: Sequence[int]) -> tuple[float, ...]:
    """Fit a ridge logistic regression on standardised features (Newton): five weights, 0 if unused, and a constant."""
    features = np.array([astuple(one.features)[:5] for one in asked])[:, list(used)]
    middle, spread = features.mean(0), features.std(0) + 1e-9
    rows = np.c_[(features - middle) / spread, np.ones(len(features))]
    share = np.array([SHARES.get(one.question.id[0], OTHER_SHARE) for one in asked])
    penalty = PENALTY * np.eye(rows.shape[1])
    penalty[-1, -1] = 0
    found = np.zeros(rows.shape[1])
    for _ in range(50):
        guess = 1 / (1 + np.exp(-rows @ found))
        slope = rows.T @ (share * (guess - np.array(wanted))) + penalty @ found
        found -= np.linalg.solve((rows.T * (share * guess * (1 - guess))) @ rows + penalty, slope)
    return _unstandardised(found, middle, spread, used)


def _unstandardised(
    found: NDArray[np.float64], middle: NDArray[np.float64], spread: NDArray[np.float64], used: Sequence[int]
) -> tuple[float, ...]:
    weights = np.zeros(6)
    weights[list(used)] = found[:-1] / spread
    weights[5] = found[-1] - (found[:-1] * middle / spread).sum()
    return tuple(round(float(weight), 2) for weight in weights)


def fit_gate(asked: Sequence[Asked], now: Gate) -> Gate:
    """Fit both regressions of a gate; the thresholds stay as they are."""
    covered_by, right_by = BY[now]
    covered = fit(asked, [bool(one.question.labels) for one in asked], covered_by)
    return replace(now, covered=covered, right=fit(asked, [one.right for one in asked], right_by))


def table(name: str, asked: Sequence[Asked], practised: Gate, fresh: Gate) -> str:
    """Format how the gates handle these questions in one line."""
    known = [one for one in asked if one.question.labels]
    others = [one for one in asked if not one.question.labels]
    gates = {id(one): practised if one.features.practised else fresh for one in asked}
    lost = {id(one) for one in asked if chance(gates[id(one)].covered, one.features) < gates[id(one)].covered_from}
    passed = [one for one in asked if id(one) not in lost]
    sure = [one for one in passed if chance(gates[id(one)].right, one.features) >= gates[id(one)].right_from]

    def share(part: int, whole: int) -> str:
        return f"{part / whole:.3f}" if whole else "  -  "

    kinds = {kind: [one for one in others if one.question.kind == kind] for kind in ("near", "far")}
    refused = " ".join(f"{kind} {share(sum(id(o) in lost for o in ones), len(ones))}" for kind, ones in kinds.items())
    return (
        f"{name:<12} hit@1 {share(sum(o.right for o in known), len(known))}"
        f" hit@3 {share(sum(o.among_three for o in known), len(known))}"
        f" lost {share(sum(id(o) in lost for o in known), len(known))} refused {refused}"
        f" direct precision {share(sum(o.right for o in sure), len(sure))}"
        f" direct {share(sum(o.right for o in sure), len(known))}"
        f" wrong direct {share(sum(not o.question.labels for o in sure), len(others))}"
    )


def _apart(train: Sequence[Question], author: str) -> tuple[list[Question], list[Question]]:
    """Split questions into those of other authors and those of `author`."""
    known = [question for question in train if not question.id.startswith(author)]
    return known, [question for question in train if question.id.startswith(author)]


def main() -> None:
    """Fit both gates and print them with a table."""
    argparse.ArgumentParser(prog="python -m benchmarks.training.calibrate", description=__doc__).parse_args()
    library = Library(Model())
    train = read("faq_train.jsonl")
    earlier = read("faq_questions.jsonl")
    sets = {f"author {one}": ask(library, *_apart(train, one)) for one in "ABCD"} | {
        "development": ask(library, train, read("faq_dev.jsonl")),
        "T": ask(library, train, [q for q in earlier if q.id.startswith("T")]),
        LEFT_OUT: ask(library, train, [q for q in earlier if q.id.startswith("H")]),
    }
    new = {"fresh": ask_fresh(library, train), "server": ask_server(library, train)}
    practised = fit_gate([one for name, found in sets.items() if name != LEFT_OUT for one in found], PRACTISED)
    fresh = fit_gate([one for found in new.values() for one in found if not one.features.practised], FRESH)
    print(f"PRACTISED = {practised}\nFRESH = {fresh}")
    for name, found in (sets | new).items():
        print(table(name, found, practised, fresh))


if __name__ == "__main__":
    main()
