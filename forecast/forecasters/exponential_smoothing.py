"""Exponential smoothing: a level, a fading trend and a weekday shape that all drift."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from forecast.forecasters.base import Array
from forecast.forecasters.per_location import CannotFitError, LocationForecaster
from forecast.forecasters.scale import Scale
from forecast.forecasters.spread import shocks

LONGEST_GAP_DAYS = 10
RUN_IN = 14
"""First one-step errors left out: the starting state is a rough guess and the errors show it."""


class ExponentialSmoothing(LocationForecaster):
    """State-space exponential smoothing, ETS(A,Ad,A) on the logarithm, or the square root of a small count.

    Additive errors, damped additive trend and, on daily panels, an additive weekly season (Hyndman and
    Athanasopoulos, *Forecasting: principles and practice*, 3rd edition, section 8.5), estimated by
    statsmodels. Paths start from the last state and are driven by resampled one-step errors, so that the
    tails are those of the series. Gaps of up to ``LONGEST_GAP_DAYS`` are bridged by a straight line; of a
    series with a longer gap, only what follows the last one is used.

    Parameters
    ----------
    history
        Days of history to learn from.
    """

    called = "smoothing model"

    def __init__(self, *, history: int = 365) -> None:
        self.history = history

    def _fit_location(self, series: pd.Series) -> tuple[Any, Scale]:
        recent = self._after_last_long_gap(series.iloc[-max(self.history // self.step_days_, 1) :])
        values = recent.interpolate("linear").to_numpy(dtype=np.float64)
        scale = Scale.of(values)
        scaled = scale.forward(values)
        if len(scaled) < self.min_observations:
            raise CannotFitError(
                f"too little history since the last long gap ({len(scaled)} values, {self.min_observations} needed)"
            )
        if np.ptp(scaled) == 0:
            raise CannotFitError("the values used never change")
        seasonal = {"seasonal": "add", "seasonal_periods": 7} if self.step_days_ == 1 else {}
        model = ETSModel(
            scaled, error="add", trend="add", damped_trend=True, initialization_method="heuristic", **seasonal
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitted = model.fit(disp=False)
        if not (fitted.mle_retvals["converged"] and np.isfinite(fitted.params).all()):
            raise CannotFitError("the model did not converge")
        return fitted, scale

    def _simulate(self, state: tuple[Any, Scale], steps: int, samples: int, rng: np.random.Generator) -> Array:
        fitted, scale = state
        past = shocks(np.asarray(fitted.resid, dtype=np.float64)[RUN_IN:])
        drawn = rng.choice(past, size=(steps, samples))
        scaled = fitted.simulate(steps, anchor="end", repetitions=samples, random_errors=drawn)
        return scale.back(np.asarray(scaled, dtype=np.float64).reshape(steps, samples)).T

    def _after_last_long_gap(self, series: pd.Series) -> pd.Series:
        places = np.flatnonzero(series.notna())
        long_gaps = np.flatnonzero(np.diff(places) > LONGEST_GAP_DAYS // self.step_days_ + 1)
        start = places[long_gaps[-1] + 1] if len(long_gaps) else places[0]
        return series.iloc[start:]
