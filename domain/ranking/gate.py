"""Deciding from the scores of a question whether to answer, to ask back, or to say no.

Everything here is plain numbers and needs neither rankers nor essays. There are two ways to decide, because a host may
do without the ranking by meaning: `outcome_by_words` reads shared words alone, `outcome_by_meaning` meaning as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp
from typing import NamedTuple, Protocol

# By words. Chosen on 116 labelled questions (the development set, tests/data/faq_dev.jsonl, and T001 to T056 of
# faq_questions.jsonl beside it) for few wrong direct answers first and few lost questions second.
ANSWER_FROM = 0.38
CHOOSE_FROM = 0.265
CLEAR_LEAD = 0.05
DECOY_LEAD = 0.2


class FaqOutcome(StrEnum):
    """Sure of one entry, unsure between a few, or not covered."""

    ANSWER = "answer"
    CHOOSE = "choose"
    UNKNOWN = "unknown"


class Ranking(NamedTuple):
    """A ranker's result: a score for each entry, in their order, what to do, and how sure it is, 0 to 1."""

    scores: Sequence[float]
    outcome: FaqOutcome
    sureness: float


class Ranker(Protocol):
    """Ranks a fixed set of entries. Immutable once built, so threads may share it."""

    def rank(self, question: str) -> Ranking:
        """Rank the entries for a whole question; it may be any text."""

    def typed(self, text: str) -> Sequence[float]:
        """Score each entry, 0 to 1, for what has been typed so far; fast enough for every keystroke."""


def outcome_by_words(best: float, second: float, decoy: float = 0.0) -> FaqOutcome:
    """Return what to do, given the scores by words, 0 to 1, of the two best entries and of the best decoy."""
    if best < CHOOSE_FROM or decoy - best > DECOY_LEAD:
        return FaqOutcome.UNKNOWN
    sure = best >= ANSWER_FROM and best - second >= CLEAR_LEAD
    return FaqOutcome.ANSWER if sure else FaqOutcome.CHOOSE


@dataclass(frozen=True, slots=True)
class MatchFeatures:
    """What tells by meaning whether a question is covered. It has no mean over all entries, to be fair to new ones.

    Attributes:
        best: Score of the best entry.
        lead: Its lead over the second.
        margin: How much nearer the best entry is than the nearest decoy, in MaxSim.
        outside: How much the question looks like any decoy, about 0 to 1.
        cosine: Similarity of the question and the nearest text of the best entry as a whole.
        practised: Whether the best entry has dozens of known phrasings, as the essays' have, or just the one shown.
    """

    best: float
    lead: float
    margin: float
    outside: float
    cosine: float
    practised: bool = True


@dataclass(frozen=True, slots=True)
class Gate:
    """Two logistic regressions over the five numbers of `MatchFeatures` and a constant, and their thresholds.

    Attributes:
        covered: Weights for the chance that any entry answers.
        right: Weights for the chance that the best one does.
        covered_from: Below it the question is not covered.
        right_from: From it on the best entry is the answer.
    """

    covered: tuple[float, ...]
    right: tuple[float, ...]
    covered_from: float
    right_from: float


# By meaning. Fitted by `python -m benchmarks.training.calibrate` on labelled questions of tests/data that neither the
# entries nor the decoys knew. PRACTISED: each author of faq_train.jsonl with only the others' questions built in, and
# the 116 above. FRESH: questions about every third of the essays' topics, known by its question and answer alone, and
# about the made-up server of faq_server_train.json. The thresholds are for about 5 % of answerable questions lost and
# few wrong direct answers in these left-out runs; no question of the held-out sets had a part in them.
PRACTISED = Gate((4.47, 0.0, 21.21, -17.24, 0.0, -2.34), (3.23, 5.6, 14.45, -8.83, 0.0, -3.58), 0.45, 0.75)
FRESH = Gate((0.0, 0.0, 10.45, -10.43, 3.83, 0.11), (2.57, 9.55, 7.15, -6.39, 0.0, -1.52), 0.65, 0.85)


def outcome_by_meaning(features: MatchFeatures) -> tuple[FaqOutcome, float]:
    """Return what to do and the chance, 0 to 1, that the best entry is right."""
    gate = PRACTISED if features.practised else FRESH
    right = chance(gate.right, features)
    if chance(gate.covered, features) < gate.covered_from:
        return FaqOutcome.UNKNOWN, right
    return (FaqOutcome.ANSWER if right >= gate.right_from else FaqOutcome.CHOOSE), right


def chance(weights: Sequence[float], features: MatchFeatures) -> float:
    """Evaluate a logistic regression: weights of the five numeric features in their order, then the constant."""
    *slopes, constant = weights
    values = (features.best, features.lead, features.margin, features.outside, features.cosine)
    total = constant + sum(slope * value for slope, value in zip(slopes, values, strict=True))
    return 1 / (1 + exp(-max(-50.0, min(50.0, total))))
