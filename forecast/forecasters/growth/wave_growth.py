"""The growth of a wave carried on, as growth has gone on before: own and national, learned over all locations."""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar

import numpy as np
import pandas as pd

from forecast.forecasters.base import Array
from forecast.forecasters.counts import counts_of
from forecast.forecasters.growth.features import Growth
from forecast.forecasters.growth.learner import LEVELS, SCORES, Learner, Sample
from forecast.forecasters.pooled.base import PooledForecaster
from forecast.forecasters.pooled.features import Whole
from forecast.forecasters.pooled.history import History

MIDDLE = LEVELS.index(0.5)
BAND_ENDS_DAYS = (14, 42)
FEWEST_ROWS = 150
FEWEST_DATES = 14
LEAST_COUNT = 2.0
"""Levels below this tell nothing about growth."""


class WaveGrowth(PooledForecaster):
    r"""Change from the last week's level, linear in how a wave has grown at the location and over all locations.

    On the stabilised scale of ``forecast.forecasters.counts``, whose changes are growth rates, the change of a value
    from the mean of its last week depends on growth at the location over one, two and four weeks, on how far its latest
    values are above the week, and on growth of the sum over all locations: counts at one hospital are noisy, and the
    nation tells first whether a wave still rises. How much of a growth goes on, fades or turns is learned from all
    locations' past, larger ones weighing more, as they do in every sum of people. Nothing is learned of the time of
    the year, so that weeks of a first wave are enough to begin. A range is the quantiles of past errors relative to
    their expected size, which grows with counting noise, with growth, and with the steps ahead.

    Daily values have their weekday's shape put back. Paths join the quantiles with the correlation over steps and
    between locations that the model's errors have had.

    Parameters
    ----------
    history
        Days of origins to learn from.
    longest
        Days ahead learned; beyond them the last range of the same weekday widens as a random walk's.
    rows
        About how many examples to learn from for each band of steps (``BAND_ENDS_DAYS``).
    penalty
        Of the ridge regression.
    random_state
        Seed of the choice of examples.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120)
    >>> counts = np.tile([200, 220, 224, 216, 240, 180, 170], 18)[:120] + np.random.default_rng(1).integers(-9, 10, 120)
    >>> panel = pd.DataFrame({"RM1": counts, "RGP": counts // 2}, index=days)
    >>> wave = 60 * np.exp(-(((np.arange(120) - 90) / 25) ** 2))
    >>> flu = pd.DataFrame({"RM1": np.rint(wave), "RGP": np.rint(wave / 2)}, index=days)
    >>> forecaster = fc.forecasters.WaveGrowth(rows=500, longest=14)
    >>> forecaster.fit(flu).predict(7, samples=100, seed=1).paths.shape
    (2, 100, 7)
    >>> origin, location, ahead = (np.array([k]) for k in (100, 0, 3))
    >>> forecaster.quantiles(origin, location, ahead).shape[0]
    1
    """

    called = "growth of the wave"
    scores: ClassVar[Array] = SCORES
    learn_again_days: ClassVar[int] = 28
    # A wave may truly grow tenfold from a handful of patients; the middle of a change is bounded in any case.
    gives_up: ClassVar[bool] = False

    learner_: list[Learner] | None
    earlier_: dict[int, list[Learner] | None]

    def __init__(
        self,
        *,
        history: int = 1095,
        longest: int = 42,
        rows: int = 15_000,
        penalty: float = 0.02,
        random_state: int = 0,
    ) -> None:
        self.history = history
        self.longest = longest
        self.rows = rows
        self.penalty = penalty
        self.random_state = random_state

    def _learn(self) -> None:
        self.steps_ = max(self.longest // self.step_days_, 1)
        weekday = pd.DatetimeIndex(self.panel_.index).day_of_week.to_numpy()
        self.past_ = History(self.panel_.to_numpy(dtype=np.float64), weekday, 7 // self.step_days_)
        self.growth_ = Growth(self.past_)
        ends = [end // self.step_days_ for end in BAND_ENDS_DAYS if end < self.longest]
        self.ends_ = [0, *(end for end in ends if 0 < end < self.steps_), self.steps_]
        self._begin(self.growth_.known)

    def _learner(self, last: int, rows: int | None = None) -> list[Learner] | None:
        rng = np.random.default_rng(self.random_state)
        found: list[Learner] = []
        for first, end in pairwise(self.ends_):
            sample = self._sample(last, first + 1, end, rows or self.rows, rng)
            if sample is None:
                break
            found.append(Learner(self.penalty).fit(sample))
        return found or None

    def _sample(self, last: int, first: int, end: int, rows: int, rng: np.random.Generator) -> Sample | None:
        """Growths at past origins, and the change from there to a value at or before ``last``; None from too few."""
        level = self.growth_.level
        start = max(0, last - self.history // self.step_days_)
        usable = self.growth_.known[start:last] & (counts_of(level[start:last]) >= LEAST_COUNT)
        t, j = np.nonzero(usable)
        t = t + start
        if not len(t):
            return None
        steps = np.arange(first, end + 1)
        if len(t) * len(steps) > rows:
            chosen, ahead = rng.integers(len(t), size=rows), rng.choice(steps, size=rows)
        else:
            chosen, ahead = np.repeat(np.arange(len(t)), len(steps)), np.tile(steps, len(t))
        t, j = t[chosen], j[chosen]
        came = np.where(t + ahead <= last, self.past_.trusted[np.minimum(t + ahead, last), j], np.nan)
        kept = ~np.isnan(came)
        t, j, ahead, came = t[kept], j[kept], ahead[kept], came[kept]
        if len(t) < FEWEST_ROWS or len(np.unique(t)) < FEWEST_DATES:
            return None
        change = came - level[t, j] - self._shape(t, j, ahead)
        weight = np.sqrt(counts_of(level[t, j]))
        return Sample(self.growth_.rows(t, j), self.growth_.restless(t, j), ahead / end, change, weight)

    def _shape(self, origin: Whole, location: Whole, ahead: Whole) -> Array:
        day = (self.past_.weekday[origin] + ahead * self.step_days_) % 7
        return np.asarray(self.past_.shape[day, origin, location])

    def quantiles(self, origin: Whole, location: Whole, ahead: Whole, learner: list[Learner] | None = None) -> Array:
        """Quantiles at ``LEVELS`` on the stabilised scale.

        Parameters
        ----------
        origin, location
            Rows and columns of the panel, (rows,).
        ahead
            Steps ahead, (rows,).
        learner
            What was learned; of the whole panel unless given.

        Returns
        -------
        array
            (rows, levels).
        """
        learners = learner or self.learner_
        assert learners  # nosec B101 # for mypy; fit has seen to it
        longest = self.ends_[len(learners)]
        week = min(self.past_.per_week, longest)
        near = np.where(ahead > longest, longest - (longest - ahead) % week, ahead)
        growth, restless = self.growth_.rows(origin, location), self.growth_.restless(origin, location)
        found = np.empty((len(near), len(LEVELS)))
        for one, (first, end) in zip(learners, pairwise(self.ends_), strict=False):
            there = (near > first) & (near <= end)
            found[there] = one.predict(growth[there], restless[there], near[there] / end)
        middle = found[:, [MIDDLE]]
        widened = middle + (found - middle) * np.sqrt(ahead / near)[:, None]
        return np.asarray(
            (self.growth_.level[origin, location] + self._shape(origin, location, near))[:, None] + widened
        )
