"""One model learned over all locations: gradient-boosted quantiles of scale-free changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from forecast.forecasters.base import Array
from forecast.forecasters.pooled.base import PooledForecaster
from forecast.forecasters.pooled.features import YEARLY, YEARLY_BY_WEEK, Features, Values, Whole
from forecast.forecasters.pooled.learner import MIDDLE, SCORES, Examples, Learner, Size

FEWEST_ROWS = 300
FURTHEST = 12.0
"""Changes learned from are held within this many units; a larger one is a slip or a new level."""
WEEKDAY_COLUMNS = (1, 2)
TWO_YEARS = 730
DATES_A_LEAF, FEWEST_LEAVES = 20, 4
ROWS_A_DATE = 75
MANY_DATES = 300


class PooledBoosting(PooledForecaster):
    r"""Gradient-boosted trees for quantiles of the change from the last week's level, learned over all locations.

    With :math:`x` the count on the stabilised scale, :math:`b` the mean of its last week plus the weekday's shape and
    :math:`s` the typical size of its changes, the model learns quantiles of :math:`(x_{t+h} - b_{t,h}) / s_t` from
    features that mean the same at any location: recent departures and slopes in units of :math:`s`, weekdays,
    distance to Christmas and bank holidays, season, the course of all locations together and what it did a year ago,
    and related metrics where given. Every location and every number of steps share one model
    (Friedman, *Annals of Statistics* 29, 2001; scikit-learn's ``HistGradientBoostingRegressor``).

    Where few dates are known, a few seasons at most, trees alone take chance for rule: there they are smaller, they
    learn what a linear forecast leaves, what only whole years tell is left out until two of them
    are known, and the centre is shrunk and the range widened as forecasts of stretches of time not learned from ask
    for (``forecast.forecasters.pooled.learner``).

    Quantiles between and beyond the learned levels are linear in normal scores. Paths join them with the correlation
    over steps and between locations that the model's errors have had.

    Parameters
    ----------
    history
        Days of origins to learn from.
    longest
        Days ahead learned; beyond them the last range of the same weekday widens as a random walk's.
    rows
        About how many examples to learn from.
    iterations, leaves, learning_rate
        Size of the model; trees have fewer leaves where few dates are known.
    folds
        Stretches of time on which trust and range are checked out of fold where few dates are known; 0 for none.
    leave_out
        Families of features to leave out, of ``forecast.forecasters.pooled.features.FAMILIES``.
    country, subdivision
        Whose bank holidays, in the codes of the ``holidays`` package.
    random_state
        Seed of the choice of examples.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120)
    >>> counts = np.tile([200, 220, 224, 216, 240, 180, 170], 18)[:120] + np.random.default_rng(1).integers(-9, 10, 120)
    >>> panel = pd.DataFrame({"RM1": counts, "RGP": counts // 2}, index=days)
    >>> forecaster = fc.forecasters.PooledBoosting(rows=500, iterations=5, longest=14, folds=0)
    >>> t = forecaster.fit(panel).predict(7, samples=100, seed=1)
    >>> t.paths.shape, forecaster.joint
    ((2, 100, 7), True)
    >>> origin, location, ahead = (np.array([k]) for k in (100, 0, 3))
    >>> forecaster.quantiles(origin, location, ahead).shape[0]
    1
    """

    called = "model learned over all places"
    scores: ClassVar[Array] = SCORES
    learn_again_days: ClassVar[int] = 182

    learner_: Learner | None
    earlier_: dict[int, Learner | None]

    def __init__(
        self,
        *,
        history: int = 1095,
        longest: int = 63,
        rows: int = 20_000,
        iterations: int = 50,
        leaves: int = 15,
        learning_rate: float = 0.1,
        folds: int = 4,
        leave_out: Sequence[str] = (),
        country: str = "GB",
        subdivision: str = "ENG",
        random_state: int = 0,
    ) -> None:
        self.history = history
        self.longest = longest
        self.rows = rows
        self.iterations = iterations
        self.leaves = leaves
        self.learning_rate = learning_rate
        self.folds = folds
        self.leave_out = leave_out
        self.country = country
        self.subdivision = subdivision
        self.random_state = random_state

    def _learn(self) -> None:
        self.steps_ = max(self.longest // self.step_days_, 1)
        # A nation's course is no feature of its hospitals': there is none of them in it.
        beside = {name: one for name, one in self.related_.items() if one.columns.isin(self.panel_.columns).any()}
        self.features_ = Features(self.panel_, self.step_days_, self.country, self.subdivision, beside, self.steps_)
        self.past_ = self.features_.past
        self._begin(~np.isnan(self.past_.level) & ~np.isnan(self.past_.means[2]))

    def _learner(self, last: int, rows: int | None = None) -> Learner | None:
        """What can be learned from about so many examples up to the date in place ``last``; None from too few."""
        examples = self._examples(last, rows or self.rows, np.random.default_rng(self.random_state))
        if examples is None:
            return None
        kept = self._columns(examples.features, last)
        dates = len(np.unique(examples.origin))
        size = Size(
            self.iterations,
            int(np.clip(dates // DATES_A_LEAF, FEWEST_LEAVES, self.leaves)),
            self.learning_rate,
            self.random_state,
        )
        learner = Learner(
            kept,
            [self.features_.families[column] for column in kept],
            [place for place, column in enumerate(kept) if column in WEEKDAY_COLUMNS],
            self.steps_,
            size,
            # Many dates need neither: there the check on fewer examples only made the range too wide.
            folds=self.folds if dates < MANY_DATES else 0,
            with_linear=dates < MANY_DATES,
        )
        return learner.fit(examples)

    def _columns(self, features: Values, last: int) -> list[int]:
        """Columns with at least two different values, of the families to use."""
        unused = set(self.leave_out)
        if last * self.step_days_ < TWO_YEARS:
            unused |= set(YEARLY if self.step_days_ == 1 else (*YEARLY, *YEARLY_BY_WEEK))
        kept = []
        for column, family in enumerate(self.features_.families):
            values = features[:, column]
            known = values[~np.isnan(values)]
            if family not in unused and len(known) and known.min() < known.max():
                kept.append(column)
        return kept

    def _examples(self, last: int, most: int, rng: np.random.Generator) -> Examples | None:
        """Features and targets of past origins whose target lies at or before ``last``."""
        past = self.features_.past
        first = max(4 * past.per_week, last - self.history // self.step_days_)
        usable = ~np.isnan(past.level) & ~np.isnan(past.means[4])
        usable[:first] = False
        usable[last:] = False
        t, j = np.nonzero(usable)
        if not len(t):
            return None
        # The locations of one date tell much the same: a few dates do not make many examples.
        rows = min(most, ROWS_A_DATE * len(np.unique(t)))
        if len(t) * self.steps_ > rows:
            chosen = rng.integers(len(t), size=2 * rows)
            # Near steps are drawn more often: there are more things to learn about them.
            ahead = np.ceil(self.steps_ * rng.random(len(chosen)) ** 1.5).astype(np.int64)
        else:
            chosen = np.tile(np.arange(len(t)), self.steps_)
            ahead = np.repeat(np.arange(1, self.steps_ + 1), len(t))
        t, j = t[chosen], j[chosen]
        target = np.where(t + ahead <= last, past.trusted[np.minimum(t + ahead, last), j], np.nan)
        known = np.flatnonzero(~np.isnan(target))[:rows]
        if len(known) < FEWEST_ROWS:
            return None
        found = self.features_.rows(t[known], j[known], ahead[known])
        change = np.clip((target[known] - found.base) / found.unit, -FURTHEST, FURTHEST)
        return Examples(t[known], ahead[known], found.features, change)

    def quantiles(self, origin: Whole, location: Whole, ahead: Whole, learner: Learner | None = None) -> Array:
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
        learner = learner or self.learner_
        assert learner is not None  # nosec B101 # for mypy; fit has seen to it
        week = min(self.features_.per_week, self.steps_)
        near = np.where(ahead > self.steps_, self.steps_ - (self.steps_ - ahead) % week, ahead)
        rows = self.features_.rows(origin, location, near)
        found = learner.predict(rows.features, near)
        middle = found[:, [MIDDLE]]
        widened = middle + (found - middle) * np.sqrt(ahead / near)[:, None]
        return np.asarray(rows.base[:, None] + rows.unit[:, None] * widened)
