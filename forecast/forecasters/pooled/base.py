"""What every model learned over all locations does the same way: when it can be used, its past, its paths."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from forecast.forecasters.base import Array, Forecaster
from forecast.forecasters.counts import counts_of
from forecast.forecasters.dependence import Dependence, scores_between, values_between
from forecast.forecasters.outliers import believed
from forecast.forecasters.per_location import BASELINE, CannotFitError, carried_forward, ceiling, held
from forecast.forecasters.persistence import MAX_AGE_DAYS, age_note
from forecast.forecasters.pooled.features import Whole
from forecast.forecasters.pooled.hindcast import past_quantiles
from forecast.forecasters.pooled.history import History

FEWEST_VALUES = 8
DEPENDENCE_ORIGINS = 20
DEPENDENCE_LOCATIONS = 40


class PooledForecaster(Forecaster):
    """Base of models that learn quantiles of (origin, location, steps ahead) from all locations together.

    A subclass sets ``steps_`` and ``past_`` in ``_learn`` and calls ``_begin``; it says what can be learned up to a
    date (``_learner``) and what a learner forecasts (``quantiles``).
    """

    scores: ClassVar[Array]
    """Normal scores of the levels at which quantiles are learned."""
    learn_again_days: ClassVar[int]
    """How long a model learned at one past origin speaks for later ones: an older one would do itself an injustice."""
    gives_up: ClassVar[bool] = True
    """Whether a location whose paths run away is left to the baseline; else they are held at the ceiling."""
    rows: int

    learner_: Any
    earlier_: dict[int, Any]
    newest_: Whole
    past_: History
    steps_: int
    dependence_: Dependence

    @property
    def joint(self) -> bool:
        """Whether locations are drawn together: they are."""
        return True

    @abstractmethod
    def _learner(self, last: int, rows: int | None = None) -> Any:
        """What can be learned from about so many examples up to the date in place ``last``; None from too few."""

    @abstractmethod
    def quantiles(self, origin: Whole, location: Whole, ahead: Whole, learner: Any = None) -> Array:
        """Quantiles at ``scores`` on the stabilised scale of (origin, location, steps ahead), (rows, levels)."""

    def _begin(self, usable: npt.NDArray[np.bool_]) -> None:
        """Take note of the dates and locations on which enough is known, learn, and check each location."""
        last = len(self.panel_) - 1
        usable = usable & (np.cumsum(~np.isnan(self.past_.trusted), axis=0) >= FEWEST_VALUES)
        self.newest_ = np.maximum.accumulate(np.where(usable, np.arange(last + 1)[:, None], -1), axis=0)
        self.earlier_ = {}
        self.learner_ = self._learner(last)
        for code in self.panel_.columns:
            self._check(code)
        self.dependence_ = self._dependence(last) if self.learner_ else Dependence.independent(self.steps_)

    def _check(self, code: str) -> None:
        series = self.panel_[code]
        if not series.notna().any():
            return
        trusted = int((~np.isnan(self.past_.trusted[:, self.panel_.columns.get_loc(code)])).sum())
        if self.learner_ is None:
            self.failed_[code] = "too little history at all places together to learn from"
        elif old := age_note(believed(series, self.step_days_)):
            self.failed_[code] = old
        elif trusted < FEWEST_VALUES:
            self.failed_[code] = f"too little history ({trusted} believable values, {FEWEST_VALUES} needed)"
        elif self._start(code) is None:
            self.failed_[code] = "too few believable values lately to tell its level"
        elif (series.dropna() == series.dropna().iloc[0]).all():
            self.failed_[code] = f"every value is {series.dropna().iloc[0]:g}"

    def _start(self, code: str, place: int | None = None) -> int | None:
        """Newest date, up to the date in a place (the last), on which the location's level is known; None if old."""
        place = len(self.panel_) - 1 if place is None else place
        start = int(self.newest_[place, self.panel_.columns.get_loc(code)])
        return start if start >= max(0, place - MAX_AGE_DAYS // self.step_days_) else None

    def _hindcast(self, locations: list[str], places: Whole, horizon: int, levels: Sequence[float]) -> Array:
        """Out of sample: smaller models, learned again every half-year from the values up to an origin.

        Where the model could not be used then, the quantiles are those of the baseline.
        """
        return past_quantiles(self, places, horizon, levels, locations)

    def _dependence(self, last: int) -> Dependence:
        steps, count = self.steps_, self.panel_.shape[1]
        past = self.past_
        first = 8 * past.per_week
        newest = max(last - steps, first)
        if newest >= last:
            return Dependence.independent(steps)
        origins = np.unique(
            np.linspace(max(first, newest - 52 * past.per_week), newest, DEPENDENCE_ORIGINS).astype(int)
        )
        chosen = np.unique(np.linspace(0, count - 1, DEPENDENCE_LOCATIONS).astype(int))
        t, j, h = (one.ravel() for one in np.meshgrid(origins, chosen, np.arange(1, steps + 1), indexing="ij"))
        came = np.where(t + h <= last, past.trusted[np.minimum(t + h, last), j], np.nan)
        scores = scores_between(self.scores, self.quantiles(t, j, h), came).reshape(len(origins), len(chosen), steps)
        return Dependence.learn(scores, [str(self.panel_.columns[place]) for place in chosen])

    def _draw(
        self, locations: list[str], horizon: int, samples: int, seed: int
    ) -> tuple[Sequence[Array], dict[str, str]]:
        drawn, notes = [], {}
        usable = [code for code in locations if code not in self.failed_]
        ranks = self.dependence_.ranks(usable, horizon, samples, lambda *names: self._stream(seed, *names))
        scores = dict(zip(usable, ndtri(ranks), strict=True))
        for code in locations:
            series = self.panel_[code]
            try:
                if code in self.failed_:
                    raise CannotFitError(self.failed_[code])
                paths, kept = self._paths(code, horizon, scores[code]), believed(series, self.step_days_)
                drawn.append(held(paths, kept) if self.gives_up else np.minimum(paths, ceiling(kept)))
            except CannotFitError as reason:
                rng = self._stream(seed, code)
                own, note = carried_forward(series, self.step_days_, horizon, samples, rng)
                drawn.append(own)
                notes[code] = "; ".join(filter(None, [f"not used ({reason}), {BASELINE}", note]))
        return drawn, notes

    def _paths(self, code: str, horizon: int, scores: Array) -> Array:
        start = self._start(code)
        assert start is not None  # nosec B101 # for mypy; fit has seen to it
        gap = len(self.panel_) - 1 - start
        ahead = np.arange(gap + 1, gap + horizon + 1)
        place = np.full(horizon, self.panel_.columns.get_loc(code))
        quantiles = self.quantiles(np.full(horizon, start), place, ahead)
        return counts_of(values_between(self.scores, quantiles[None], scores[..., None])[..., 0])
