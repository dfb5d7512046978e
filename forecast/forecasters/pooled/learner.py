"""What is learned from examples: a linear forecast, boosted trees, and how far to trust both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

import numpy as np
from scipy.special import ndtri
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from forecast.forecasters.base import Array
from forecast.forecasters.dependence import scores_between
from forecast.forecasters.pooled.features import Values, Whole

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
SCORES = ndtri(np.array(LEVELS))
MIDDLE = len(LEVELS) // 2
LINEAR_FAMILIES = ("recent", "slope", "level", "same weekday", "national")
CERTAINTY = "certainty"
LINEAR_BOUND = 6.0
"""Linear terms see no feature or target beyond this, so that no slip is extrapolated."""
RIDGE = 0.1
MAX_BINS = 63
FEWEST_TO_LEARN, FEWEST_TO_JUDGE = 200, 50
MOST_WIDENED = 2.0
LEAST_WIDENED = 0.9
SHARES = np.linspace(0.0, 1.0, 11)


@dataclass(frozen=True)
class Examples:
    """Examples to learn from: place of the origin among the dates, steps ahead, features and target, by row."""

    origin: Whole
    ahead: Whole
    features: Values
    target: Array

    def __len__(self) -> int:
        return len(self.target)

    def of(self, chosen: Whole) -> Examples:
        """Return the chosen rows."""
        return Examples(self.origin[chosen], self.ahead[chosen], self.features[chosen], self.target[chosen])


@dataclass(frozen=True)
class Size:
    """How large a model: rounds of boosting, leaves of a tree, learning rate, and the seed."""

    iterations: int = 50
    leaves: int = 15
    learning_rate: float = 0.1
    seed: int = 0


class Linear:
    """Ridge regression of the target on clipped features.

    Each has a coefficient that goes with the steps ahead, and with how little of a change is counting noise.
    """

    def __init__(self, columns: Sequence[int], steps: int, certainty: int | None = None) -> None:
        self.columns = list(columns)
        self.certainty = certainty
        self.steps = steps

    def fit(self, examples: Examples) -> Self:
        """Learn; near steps, which are surer, weigh more."""
        terms = self._terms(examples.features, examples.ahead)
        self.size = terms.std(axis=0) + 1e-9
        terms /= self.size
        weight = 1.0 / np.sqrt(examples.ahead)
        left = (terms * weight[:, None]).T
        penalty = RIDGE * weight.sum() * np.eye(terms.shape[1])
        target = np.clip(examples.target, -LINEAR_BOUND, LINEAR_BOUND)
        self.slopes = np.linalg.solve(left @ terms + penalty, left @ target) / self.size
        return self

    def predict(self, features: Values, ahead: Whole) -> Array:
        """Return the forecast of every row."""
        return np.asarray(self._terms(features, ahead) @ self.slopes)

    def _terms(self, features: Values, ahead: Whole) -> Array:
        own = np.nan_to_num(np.clip(features[:, self.columns].astype(np.float64), -LINEAR_BOUND, LINEAR_BOUND))
        share = ahead / self.steps
        bases = [np.ones(len(ahead)), np.sqrt(share), share]
        if self.certainty is not None:
            bases.append(np.nan_to_num(features[:, self.certainty].astype(np.float64)))
        return np.column_stack([own * base[:, None] for base in bases] + bases)


class Trees:
    """Boosted trees of some quantile levels, of the target or of what the linear forecast leaves of it."""

    def __init__(
        self, levels: Sequence[float], size: Size, categories: Sequence[int], linear: Linear | None = None
    ) -> None:
        self.levels = levels
        self.size = size
        self.categories = list(categories)
        self.linear = linear

    def fit(self, examples: Examples) -> Self:
        """Learn one model a level."""
        target = examples.target
        if self.linear is not None:
            target = target - self.linear.fit(examples).predict(examples.features, examples.ahead)
        features = _without_empty(examples.features)
        self.models = []
        # More threads than free cores make them wait for each other many times over.
        with threadpool_limits(1, user_api="openmp"):
            for level in self.levels:
                model = HistGradientBoostingRegressor(
                    loss="quantile",
                    quantile=level,
                    max_iter=self.size.iterations,
                    max_leaf_nodes=self.size.leaves,
                    learning_rate=self.size.learning_rate,
                    min_samples_leaf=min(100, max(5, len(target) // 50)),
                    max_bins=MAX_BINS,
                    l2_regularization=1.0,
                    early_stopping=False,
                    categorical_features=self.categories,
                    random_state=self.size.seed,
                )
                self.models.append(model.fit(features, target))
        return self

    def predict(self, features: Values, ahead: Whole) -> Array:
        """Quantiles of every row, (rows, levels), rising."""
        with threadpool_limits(1, user_api="openmp"):
            found = np.sort(np.column_stack([model.predict(features) for model in self.models]), axis=1)
        return found if self.linear is None else found + self.linear.predict(features, ahead)[:, None]


@dataclass
class Learner:
    r"""Boosted quantiles of what a linear forecast leaves of the target, checked out of fold.

    Quantiles that fit the examples are too narrow and too bold where the examples come from few seasons. Each of
    ``folds`` stretches of time is therefore forecast by models that saw none of it (no example whose origin or
    target lies in it): the learned centre is multiplied by the share from 0 to 1 that would have been best there, and
    the range by how far off the observations were (cross-conformal prediction: Vovk, *Annals of Mathematics and
    Artificial Intelligence* 74, 2015), for every band of steps ahead.

    Parameters
    ----------
    columns
        Columns of the features used.
    families
        Family of each of them.
    categories
        Which of them name a weekday, by place among ``columns``.
    steps
        Steps ahead learned.
    size
        Size of the trees.
    folds
        Stretches of time to check on; fewer than two trust the fit.
    fold_rows
        At most so many examples in the models of a fold.
    with_linear
        Whether to use the linear forecast.
    """

    columns: Sequence[int]
    families: list[str]
    categories: Sequence[int]
    steps: int
    size: Size = field(default_factory=Size)
    folds: int = 4
    fold_rows: int = 4_000
    with_linear: bool = True

    def fit(self, examples: Examples) -> Self:
        """Learn from examples."""
        used = _without_empty(examples.features[:, list(self.columns)])
        examples = Examples(examples.origin, examples.ahead, used, examples.target)
        self.trust = np.ones(self.steps + 1)
        self.wide = np.ones(self.steps + 1)
        if self.folds > 1:
            self._check(examples)
        self.trees = self._trees(examples, LEVELS)
        return self

    def predict(self, features: Values, ahead: Whole) -> Array:
        """Quantiles at ``LEVELS`` of every row, (rows, levels), rising."""
        features = features[:, list(self.columns)]
        found = self.trees.predict(features, ahead)
        middle = found[:, [MIDDLE]]
        wide = self.wide[ahead][:, None]
        # The half range is off by less than the whole: it holds the errors that every stretch of time has.
        outer = (np.abs(np.arange(len(LEVELS)) - MIDDLE) > 1)[None, :]
        factor = np.where(outer, wide, np.sqrt(wide))
        return np.asarray(np.sort(self.trust[ahead][:, None] * middle + (found - middle) * factor, axis=1))

    def _trees(self, examples: Examples, levels: Sequence[float]) -> Trees:
        columns = [place for place, family in enumerate(self.families) if family in LINEAR_FAMILIES]
        linear = None
        if self.with_linear and columns:
            certainty = self.families.index(CERTAINTY) if CERTAINTY in self.families else None
            linear = Linear(columns, self.steps, certainty)
        return Trees(levels, self.size, self.categories, linear).fit(examples)

    def _check(self, examples: Examples) -> None:
        levels = (LEVELS[0], LEVELS[MIDDLE], LEVELS[-1])
        found = np.full((len(examples), len(levels)), np.nan)
        rng = np.random.default_rng(self.size.seed)
        origin, target = examples.origin, examples.origin + examples.ahead
        # Stretches with as many examples each: most of a series with a long gap may lie on one side of it.
        edges = np.quantile(origin, np.linspace(0.0, 1.0, self.folds + 1))
        edges[-1] += 1
        for low, high in pairwise(edges):
            held = np.flatnonzero((origin >= low) & (origin < high))
            rest = np.flatnonzero((target < low) | (origin > high))
            if not len(held) or len(rest) < FEWEST_TO_LEARN:
                continue
            few = [one if len(one) <= most else rng.choice(one, most, replace=False)
                   for one, most in ((held, self.fold_rows), (rest, self.fold_rows))]  # fmt: skip
            shown = examples.of(few[0])
            found[few[0]] = self._trees(examples.of(few[1]), levels).predict(shown.features, shown.ahead)
        known = ~np.isnan(found[:, 0])
        for first, last in _bands(self.steps):
            there = known & (examples.ahead >= first) & (examples.ahead <= last)
            if there.sum() >= FEWEST_TO_JUDGE:
                self.trust[first : last + 1], self.wide[first : last + 1] = judged(found[there], examples.target[there])


def judged(found: Array, observed: Array) -> tuple[float, float]:
    """Share of the learned centre to keep and factor of the range, from forecasts out of fold.

    Parameters
    ----------
    found
        Quantiles at 5, 50 and 95 %, (rows, 3).
    observed
        What came, (rows,).
    """
    middle = found[:, 1]
    off = [float(np.abs(observed - share * middle).mean()) for share in SHARES]
    trust = float(SHARES[int(np.argmin(off))])
    moved = found + ((trust - 1.0) * middle)[:, None]
    scores = np.abs(scores_between(SCORES[[0, MIDDLE, -1]], moved, observed))
    return trust, float(np.clip(np.quantile(scores, 0.9) / SCORES[-1], LEAST_WIDENED, MOST_WIDENED))


def _bands(steps: int) -> list[tuple[int, int]]:
    """First and last step of each band: the first step, and up to a quarter, half and all of the steps."""
    ends = sorted({1, max(1, -(-steps // 4)), max(1, -(-steps // 2)), steps})
    return list(zip([1, *(end + 1 for end in ends[:-1])], ends, strict=True))


def _without_empty(features: Values) -> Values:
    """Columns without any value as zeros: scikit-learn cannot bin them."""
    empty = np.isnan(features).all(axis=0)
    return np.asarray(np.where(empty, np.float32(0), features)) if empty.any() else features
