"""One model learned over all locations: gradient-boosted quantiles of scale-free changes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from forecast.forecasters.base import Array, Forecaster
from forecast.forecasters.counts import counts_of
from forecast.forecasters.dependence import Dependence, scores_between, values_between
from forecast.forecasters.per_location import BASELINE
from forecast.forecasters.persistence import MAX_AGE_DAYS, age_note, persist
from forecast.forecasters.pooled.features import Features, Whole

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
SCORES = ndtri(np.array(LEVELS))
FEWEST_ROWS = 300
FURTHEST = 12.0
"""Changes learned from are held within this many units; a larger one is a slip or a new level."""
WEEKDAY_COLUMNS = (1, 2)
DEPENDENCE_ORIGINS = 20
DEPENDENCE_LOCATIONS = 40


class PooledBoosting(Forecaster):
    r"""Gradient-boosted trees for quantiles of the change from the last week's level, learned over all locations.

    With :math:`x` the count on the stabilised scale, :math:`b` the mean of its last week plus the weekday's shape and
    :math:`s` the typical size of its changes, the model learns quantiles of :math:`(x_{t+h} - b_{t,h}) / s_t` from
    features that mean the same at any location: recent departures and slopes in units of :math:`s`, weekdays,
    distance to Christmas and bank holidays, season, the course of all locations together and what it did a year ago,
    and related metrics where given. Every location and every number of steps share one model
    (Friedman, *Annals of Statistics* 29, 2001; scikit-learn's ``HistGradientBoostingRegressor``).

    Quantiles between and beyond the learned levels are linear in normal scores. Paths join them with the correlation
    over steps and between locations that the model's errors have had.

    Parameters
    ----------
    history
        Days of origins to learn from.
    longest
        Days ahead learned; beyond them the last range widens as a random walk's.
    rows
        About how many examples to learn from.
    iterations, leaves, learning_rate
        Size of the model.
    leave_out
        Families of features to leave out, of ``forecast.forecasters.pooled.features.FAMILIES``.
    country, subdivision
        Whose bank holidays, in the codes of the ``holidays`` package.
    random_state
        Seed of the choice of examples.
    """

    called = "model learned over all places"

    models_: list[HistGradientBoostingRegressor]
    dependence_: Dependence

    def __init__(
        self,
        *,
        history: int = 1095,
        longest: int = 63,
        rows: int = 30_000,
        iterations: int = 50,
        leaves: int = 15,
        learning_rate: float = 0.1,
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
        self.leave_out = leave_out
        self.country = country
        self.subdivision = subdivision
        self.random_state = random_state

    def _learn(self) -> None:
        self.steps_ = max(self.longest // self.step_days_, 1)
        self.features_ = Features(
            self.panel_, self.step_days_, self.country, self.subdivision, self.related_, self.steps_ + MAX_AGE_DAYS
        )
        last = len(self.panel_) - 1
        self.past_: dict[int, tuple[list[HistGradientBoostingRegressor], list[int]]] = {}
        self.models_ = self._models(last)
        for code in self.panel_.columns:
            self._check(code)
        self.dependence_ = self._dependence(last) if self.models_ else Dependence.independent(self.steps_)

    def _check(self, code: str) -> None:
        series = self.panel_[code]
        if not series.notna().any():
            return
        at = self._start(code)
        if not self.models_:
            self.failed_[code] = "too little history at all places together to learn from"
        elif old := age_note(series):
            self.failed_[code] = old
        elif at is None:
            self.failed_[code] = f"too little history ({series.notna().sum()} values)"
        elif (series.dropna() == series.dropna().iloc[0]).all():
            self.failed_[code] = f"every value is {series.dropna().iloc[0]:g}"

    def _start(self, code: str, origin: int | None = None) -> int | None:
        """Newest date up to an origin on which the location's level is known, if recent."""
        upto = len(self.panel_) if origin is None else origin + 1
        level = self.features_.past.level[:upto, self.panel_.columns.get_loc(code)]
        two = self.features_.past.means[2][:upto, self.panel_.columns.get_loc(code)]
        known = np.flatnonzero(~np.isnan(level) & ~np.isnan(two))
        oldest = len(level) - 1 - MAX_AGE_DAYS // self.step_days_
        return int(known[-1]) if len(known) and known[-1] >= oldest else None

    def _models(self, last: int) -> list[HistGradientBoostingRegressor]:
        """One model a quantile level, learned from values up to the date in place ``last``."""
        found = self._examples(last, np.random.default_rng(self.random_state))
        if found is None:
            return []
        features, target = found
        self.kept_ = self._columns(features)
        features = features[:, self.kept_]
        categories = [place for place, column in enumerate(self.kept_) if column in WEEKDAY_COLUMNS]
        models = []
        # More threads than free cores make them wait for each other many times over.
        with threadpool_limits(1, user_api="openmp"):
            for level in LEVELS:
                model = HistGradientBoostingRegressor(
                    loss="quantile",
                    quantile=level,
                    max_iter=self.iterations,
                    max_leaf_nodes=self.leaves,
                    learning_rate=self.learning_rate,
                    min_samples_leaf=min(100, max(5, len(target) // 50)),
                    l2_regularization=1.0,
                    early_stopping=False,
                    categorical_features=categories,
                    random_state=self.random_state,
                )
                models.append(model.fit(features, target))
        return models

    def _columns(self, features: Array) -> list[int]:
        """Columns with at least two different values, of the families not left out."""
        kept = []
        for column, family in enumerate(self.features_.families):
            values = features[:, column]
            known = values[~np.isnan(values)]
            if family not in self.leave_out and len(known) and known.min() < known.max():
                kept.append(column)
        return kept

    def _examples(self, last: int, rng: np.random.Generator) -> tuple[Array, Array] | None:
        """Features and targets of past origins whose target lies at or before ``last``."""
        past = self.features_.past
        first = max(4 * past.per_week, last - self.history // self.step_days_)
        usable = ~np.isnan(past.level) & ~np.isnan(past.means[4])
        usable[:first] = False
        usable[last:] = False
        t, j = np.nonzero(usable)
        if not len(t):
            return None
        chosen = (
            rng.integers(len(t), size=2 * self.rows)
            if len(t) * self.steps_ > self.rows
            else np.tile(np.arange(len(t)), self.steps_)
        )
        # Near steps are drawn more often: there are more things to learn about them.
        ahead = (
            np.ceil(self.steps_ * rng.random(len(chosen)) ** 1.5).astype(np.int64)
            if len(t) * self.steps_ > self.rows
            else np.repeat(np.arange(1, self.steps_ + 1), len(t))
        )
        t, j = t[chosen], j[chosen]
        target = np.where(t + ahead <= last, past.trusted[np.minimum(t + ahead, last), j], np.nan)
        known = np.flatnonzero(~np.isnan(target))[: self.rows]
        if len(known) < FEWEST_ROWS:
            return None
        rows = self.features_.rows(t[known], j[known], ahead[known])
        return rows.features, np.clip((target[known] - rows.base) / rows.unit, -FURTHEST, FURTHEST)

    def quantiles(self, origin: Whole, location: Whole, ahead: Whole) -> Array:
        """Quantiles at ``LEVELS`` on the stabilised scale of (origin, location, steps ahead), (rows, levels)."""
        near = np.minimum(ahead, self.steps_)
        rows = self.features_.rows(origin, location, near)
        features = rows.features[:, self.kept_]
        with threadpool_limits(1, user_api="openmp"):
            found = np.sort(np.column_stack([model.predict(features) for model in self.models_]), axis=1)
        middle = found[:, [len(LEVELS) // 2]]
        widened = middle + (found - middle) * np.sqrt(ahead / near)[:, None]
        return np.asarray(rows.base[:, None] + rows.unit[:, None] * widened)

    def _hindcast(self, locations: list[str], places: Whole, horizon: int, levels: Sequence[float]) -> Array:
        """Quantiles from models learned from targets up to the first of the origins only, and features up to each."""
        found = np.full((len(locations), len(places), horizon, len(levels)), np.nan)
        first = int(places.min())
        if first not in self.past_:
            self.past_[first] = (self._models(first), self.kept_)
        models, kept = self.past_[first]
        if not models:
            return found
        now = self.models_, self.kept_
        self.models_, self.kept_ = models, kept
        scores = np.broadcast_to(ndtri(np.asarray(levels)), (horizon, len(levels)))
        for row, code in enumerate(locations):
            for column, place in enumerate(places):
                start = self._start(code, int(place))
                if start is None:
                    continue
                ahead = np.arange(1, horizon + 1) + int(place) - start
                at = np.full(horizon, self.panel_.columns.get_loc(code))
                quantiles = self.quantiles(np.full(horizon, start), at, ahead)
                found[row, column] = counts_of(values_between(SCORES, quantiles, scores))
        self.models_, self.kept_ = now
        return found

    def _dependence(self, last: int) -> Dependence:
        steps, count = self.steps_, self.panel_.shape[1]
        newest = last - steps
        past = self.features_.past
        origins = np.unique(
            np.linspace(max(8 * past.per_week, newest - 52 * past.per_week), newest, DEPENDENCE_ORIGINS).astype(int)
        )
        origins = origins[origins >= 0]
        chosen = np.unique(np.linspace(0, count - 1, DEPENDENCE_LOCATIONS).astype(int))
        if not len(origins):
            return Dependence.independent(steps)
        t, j, h = (one.ravel() for one in np.meshgrid(origins, chosen, np.arange(1, steps + 1), indexing="ij"))
        scores = scores_between(SCORES, self.quantiles(t, j, h), past.values[t + h, j])
        return Dependence.learn(
            scores.reshape(len(origins), len(chosen), steps), [str(self.panel_.columns[k]) for k in chosen]
        )

    def _draw(
        self, locations: list[str], horizon: int, samples: int, seed: int
    ) -> tuple[Sequence[Array], dict[str, str]]:
        drawn, notes = [], {}
        usable = [code for code in locations if code not in self.failed_]
        ranks = self.dependence_.ranks(usable, horizon, samples, lambda *names: self._stream(seed, *names))
        scores = dict(zip(usable, ndtri(ranks), strict=True))
        for code in locations:
            if code in scores:
                drawn.append(self._paths(code, horizon, scores[code]))
                continue
            own, note = persist(self.panel_[code], horizon, samples, self._stream(seed, code))
            drawn.append(own)
            notes[code] = "; ".join(filter(None, [f"not used ({self.failed_[code]}), {BASELINE}", note]))
        return drawn, notes

    def _paths(self, code: str, horizon: int, scores: Array) -> Array:
        start = self._start(code)
        assert start is not None
        gap = len(self.panel_) - 1 - start
        ahead = np.arange(gap + 1, gap + horizon + 1)
        place = np.full(horizon, self.panel_.columns.get_loc(code))
        quantiles = self.quantiles(np.full(horizon, start), place, ahead)
        return counts_of(values_between(SCORES, quantiles[None], scores[..., None])[..., 0])
