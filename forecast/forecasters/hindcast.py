"""Forecasts that a fitted model would have made before: its parameters, and the data up to each earlier origin."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from forecast.errors import InputError
from forecast.forecasters.base import Array
from forecast.forecasters.per_location import RUNAWAY_FACTOR, CannotFitError, LocationForecaster
from forecast.forecasters.persistence import persist

SAMPLES = 400


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

    def hindcast(self, origins: pd.DatetimeIndex, horizon: int, levels: Sequence[float]) -> Array:
        """Quantiles of the forecasts from earlier origins, each from the data up to it.

        The parameters are those learned at the last origin; everything that follows the data (the level, the
        weekday shape of the moment, which values are believed) is worked out from the data up to each origin.
        Where the model was not used, or has too little data, the quantiles are those of ``Persistence``.

        Parameters
        ----------
        origins
            Days of the panel's index.
        horizon
            Steps ahead.
        levels
            Quantile levels in (0, 1).

        Returns
        -------
        Array
            Counts (location, origin, horizon, level); NaN where a location has no value up to an origin.

        Raises
        ------
        InputError
            An origin is not a date of the panel.
        sklearn.exceptions.NotFittedError
            ``fit`` has not been called.
        """
        check_is_fitted(self, "failed_")
        places = self.panel_.index.get_indexer(pd.DatetimeIndex(origins))
        if (places < 0).any():
            wrong = pd.DatetimeIndex(origins)[places < 0][0]
            raise InputError(
                f"no step of the panel on {wrong:%Y-%m-%d}; give origins from {self.panel_.index[0]:%Y-%m-%d} to "
                f"{self.origin_:%Y-%m-%d}"
            )
        found = np.full((self.panel_.shape[1], len(places), horizon, len(levels)), np.nan)
        for row, code in enumerate(self.panel_.columns):
            for column, place in enumerate(places):
                known = self.panel_[code].iloc[: place + 1]
                if known.notna().any():
                    paths = self._past_paths(code, known, horizon)
                    found[row, column] = np.quantile(self._as_counts(code, paths), levels, axis=0).T
        return found

    def _past_paths(self, code: str, known: pd.Series, horizon: int) -> Array:
        rng = self._stream(0, code, f"{known.index[-1]:%Y-%m-%d}")
        if code in self.states_:
            try:
                usable = self._usable(known)
                gap = int((known.index > usable.index[-1]).sum())
                paths = self._simulate(self._carried(self.states_[code], usable), gap + horizon, SAMPLES, rng)[:, gap:]
                if np.isfinite(paths).all():
                    return np.minimum(paths, RUNAWAY_FACTOR * max(float(known.max()), 10.0))
            except CannotFitError:
                pass
        return persist(known, horizon, SAMPLES, rng)[0]
