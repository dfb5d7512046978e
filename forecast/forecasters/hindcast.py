"""Forecasts that a fitted model would have made before: its parameters, and the data up to each earlier origin."""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from forecast.forecasters.base import SAMPLES, Array, Whole
from forecast.forecasters.outliers import believed
from forecast.forecasters.per_location import CannotFitError, LocationForecaster, carried_forward, held

log = logging.getLogger(__name__)


class HindcastForecaster(LocationForecaster):
    """Base of models that can be carried to an earlier origin without being fitted again.

    A subclass adds ``_carried``: the state of a fitted location with another history.
    """

    @abstractmethod
    def _carried(self, state: Any, series: pd.Series) -> Any:
        """State with the parameters of ``state`` and the data of ``series``, from first to last value.

        Raises
        ------
        CannotFitError
            The series is too short for it.
        """

    def _hindcast(self, locations: list[str], places: Whole, horizon: int, levels: Sequence[float]) -> Array:
        """Quantiles from the data up to each origin, with the parameters learned at the last one.

        Everything that follows the data (the level, the weekday shape of the moment, which values are believed) is
        worked out again. Where the model was not used, or has too little data, the quantiles are those of the baseline.
        """
        found = np.full((len(locations), len(places), horizon, len(levels)), np.nan)
        for row, code in enumerate(locations):
            for column, place in enumerate(places):
                known = self.panel_[code].iloc[: place + 1]
                if known.notna().any():
                    paths = self._past_paths(code, known, horizon)
                    found[row, column] = np.quantile(self._as_counts(code, paths), levels, axis=0).T
        return found

    def _past_paths(self, code: str, known: pd.Series, horizon: int) -> Array:
        rng = self._stream(0, code, f"{known.index[-1]:%Y-%m-%d}")
        try:
            usable = self._usable(known)
            gap = int((known.index > usable.index[-1]).sum())
            paths = self._simulate(self._carried(self._state(code), usable), gap + horizon, SAMPLES, rng)[:, gap:]
            return held(paths, believed(known, self.step_days_))
        except CannotFitError as reason:
            log.debug("%s at %s on %s: %s", type(self).__name__, code, known.index[-1], reason)
        except Exception:
            log.info("%s could not be carried back at %s", type(self).__name__, code, exc_info=True)
        return carried_forward(known, self.step_days_, horizon, SAMPLES, rng)[0]
