"""Models that treat each location alone, with the baseline where a model cannot be used."""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from forecast.forecasters.base import Array, Forecaster
from forecast.forecasters.outliers import believed
from forecast.forecasters.persistence import age_note, persist

log = logging.getLogger(__name__)

BASELINE = "the last value is carried forward instead"
DOUBTED = "its latest values are not believed, so an earlier one is taken"
RUNAWAY_FACTOR = 10.0
RUNAWAY_SHARE = 0.01
OLD_FACTOR = 2.0
"""The errors of the last value grow without end as it ages; the counts have stayed within a range."""


class CannotFitError(Exception):
    """A model cannot be used for a series; the message says why in plain English."""


class LocationForecaster(Forecaster):
    """Base of models fitted to one location at a time.

    A subclass implements ``_fit_location`` and ``_simulate``. A location it cannot model is forecast by
    ``Persistence`` from its believable values, with a note that says why; the others are unaffected. That
    happens where there are fewer than ``min_observations`` values, the last believable one is older than
    ``MAX_AGE_DAYS``, all are equal, the model raises, or its paths run away: more than ``RUNAWAY_SHARE`` of them
    pass ``RUNAWAY_FACTOR`` times the highest believable value of the history (taken as at least 10, so that a wave
    may rise from a handful of patients). Single paths beyond that ceiling are held at it.
    """

    min_observations: ClassVar[int] = 28

    states_: dict[str, Any]

    @abstractmethod
    def _fit_location(self, series: pd.Series) -> Any:
        """Learn one series, from its first to its last value, NaN where missing between them.

        Raises
        ------
        CannotFitError
            With the reason in plain English.
        """

    @abstractmethod
    def _simulate(self, state: Any, steps: int, samples: int, rng: np.random.Generator) -> Array:
        """Paths (samples, steps) from the step after the last value; random numbers from ``rng`` only."""

    def _learn(self) -> None:
        self.states_ = {}

    def _state(self, code: str) -> Any:
        """Return what was learned of a location; learned when it is first asked for, since most never are.

        Raises
        ------
        CannotFitError
            With the reason in plain English, which ``failed_`` keeps.
        """
        if code in self.failed_:
            raise CannotFitError(self.failed_[code])
        if code not in self.states_:
            try:
                self.states_[code] = self._fit_location(self._usable(self.panel_[code]))
            except CannotFitError as reason:
                self.failed_[code] = str(reason)
                raise
            except Exception as error:
                log.info("%s could not be fitted at %s", type(self).__name__, code, exc_info=True)
                self.failed_[code] = "the model could not be fitted"
                raise CannotFitError(self.failed_[code]) from error
        return self.states_[code]

    def _draw(
        self, locations: list[str], horizon: int, samples: int, seed: int
    ) -> tuple[Sequence[Array], dict[str, str]]:
        drawn, notes = [], {}
        for code in locations:
            try:
                drawn.append(self._paths(code, horizon, samples, self._stream(seed, code)))
                continue
            except CannotFitError as error:
                reason = str(error)
            except Exception:
                log.info("%s could not be simulated at %s", type(self).__name__, code, exc_info=True)
                reason = "the model could not be simulated"
            own, note = carried_forward(self.panel_[code], self.step_days_, horizon, samples, self._stream(seed, code))
            drawn.append(own)
            notes[code] = "; ".join(filter(None, [f"not used ({reason}), {BASELINE}", note]))
        return drawn, notes

    def _paths(self, code: str, horizon: int, samples: int, rng: np.random.Generator) -> Array:
        series = self.panel_[code]
        gap = len(series) - 1 - int(np.flatnonzero(series.notna())[-1])
        paths = self._simulate(self._state(code), gap + horizon, samples, rng)[:, gap:]
        return held(paths, believed(series, self.step_days_))

    def _needed(self, locations: list[str]) -> list[str]:
        return locations

    def _usable(self, series: pd.Series) -> pd.Series:
        found = series.dropna()
        if len(found) < self.min_observations:
            raise CannotFitError(f"too little history ({len(found)} values, {self.min_observations} needed)")
        if old := age_note(believed(series, self.step_days_)):
            raise CannotFitError(old)
        if (found == found.iloc[0]).all():
            raise CannotFitError(f"every value is {found.iloc[0]:g}")
        return series.loc[found.index[0] : found.index[-1]]


def carried_forward(
    series: pd.Series, step_days: int, horizon: int, samples: int, rng: np.random.Generator
) -> tuple[Array, str]:
    """Paths of the baseline from the believable values of a series that has a value, and a note or empty text.

    A slip of data entry, or zeros that stand for no return, would be carried forward for weeks, and its errors taken
    for how much the series varies. Paths from a value older than ``MAX_AGE_DAYS`` stay below ``OLD_FACTOR`` times
    the highest value of the history (taken as at least 10).
    """
    kept = believed(series, step_days)
    own, note = persist(kept, horizon, samples, rng)
    if age_note(kept):
        own = np.minimum(own, ceiling(kept, OLD_FACTOR))
    doubted = DOUBTED if kept.last_valid_index() != series.last_valid_index() else ""
    return own, "; ".join(filter(None, [doubted, note]))


def held(paths: Array, series: pd.Series) -> Array:
    """Return paths held at the ceiling that a history sets.

    Raises
    ------
    CannotFitError
        They ran away, or are no numbers.
    """
    if not np.isfinite(paths).all():
        raise CannotFitError("the model gave values that are no numbers")
    highest = ceiling(series)
    if (paths > highest).any(axis=1).mean() > RUNAWAY_SHARE:
        raise CannotFitError(f"its figures ran away beyond {highest:,.0f}")
    return np.minimum(paths, highest)


def ceiling(series: pd.Series, factor: float = RUNAWAY_FACTOR) -> float:
    """So many times the highest value of a history (taken as at least 10): more is not forecast."""
    return factor * max(float(series.max()), 10.0)
