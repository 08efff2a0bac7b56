"""The ridge head: which entry a sentence vector belongs to, solved in closed form, nothing trained ahead."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from bot.semantic.vectors import Floats

_PENALTY = 1.0


@dataclass(frozen=True, slots=True)
class RidgeHead:
    """Ridge regression from sentence vectors to one column a class."""

    weights: Floats
    offset: Floats

    @classmethod
    def fit(cls, rows: Floats, classes: list[int], count: int) -> Self:
        """Fit `count` classes to `rows`; each class weighs the same, however many rows it has, so new entries count."""
        labels = np.array(classes)
        target = np.zeros((len(rows), count))
        target[np.arange(len(rows)), labels] = 1
        weight = 1 / np.bincount(labels, minlength=count)[labels].astype(np.float64)
        weight *= len(rows) / weight.sum()
        middle, mean = np.average(rows, 0, weight), np.average(target, 0, weight)
        centred = rows.astype(np.float64) - middle
        weighed = centred.T * weight
        solved = np.linalg.solve(weighed @ centred + _PENALTY * np.eye(rows.shape[1]), weighed @ (target - mean))
        return cls(solved.astype(np.float32), (mean - middle @ solved).astype(np.float32))

    def scores(self, sentence: Floats) -> Floats:
        """About 1 for the class that a sentence belongs to, about 0 for the others."""
        return np.asarray(sentence @ self.weights + self.offset, np.float32)
