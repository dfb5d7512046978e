"""Exponential smoothing: a level, a fading trend and a weekday shape that all drift."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.tsa.exponential_smoothing.ets import ETSModel, ETSResults

from forecast.forecasters.base import Array
from forecast.forecasters.per_location import CannotFitError, LocationForecaster
from forecast.forecasters.prepared import WEEK, Prepared
from forecast.forecasters.spread import shocks

LEAST_WEEKLY_STEPS = 52
RUN_IN = 14
"""First one-step errors left out: the starting state is a rough guess and the errors show it."""


@dataclass(frozen=True)
class _Smoothed:
    fitted: ETSResults
    prepared: Prepared
    shocks: Array


class ExponentialSmoothing(LocationForecaster):
    """State-space exponential smoothing, ETS(A,Ad,A) on the logarithm, or the square root of a small count.

    Additive errors, damped additive trend and, on daily panels, an additive weekly season (Hyndman and
    Athanasopoulos, *Forecasting: principles and practice*, 3rd edition, section 8.5), estimated by
    statsmodels. Paths start from the last state and are driven by resampled one-step errors, so that the
    tails are those of the series. Bank holidays are taken out before and put back after, slips of data entry are
    taken as missing. Gaps of up to three weeks (ten on weekly panels) are bridged by a straight line; of a series with
    a longer gap, only what follows the last one is used.

    Parameters
    ----------
    history
        Days of history to learn from; on weekly panels a year at least.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120)
    >>> counts = np.tile([200, 220, 224, 216, 240, 180, 170], 18)[:120] + np.random.default_rng(1).integers(-9, 10, 120)
    >>> panel = pd.DataFrame({"RM1": counts, "RGP": counts // 2}, index=days)
    >>> t = fc.forecasters.ExponentialSmoothing().fit(panel).predict(7, locations=["RM1"], samples=200, seed=1)
    >>> low, high = t.quantiles([0.05, 0.95]).groupby("quantile")["value"].mean()
    >>> bool(150 < low < high < 260), dict(t.notes)
    (True, {})
    """

    called = "smoothing model"

    def __init__(self, *, history: int = 365) -> None:
        self.history = history

    def _fit_location(self, series: pd.Series) -> _Smoothed:
        prepared = self._prepared(series)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitted = self._model(prepared).fit(disp=False)
        if not (fitted.mle_retvals["converged"] and np.isfinite(fitted.params).all()):
            raise CannotFitError("the model did not converge")
        return _Smoothed(fitted, prepared, shocks(np.asarray(fitted.resid, dtype=np.float64)[RUN_IN:]))

    def _simulate(self, state: _Smoothed, steps: int, samples: int, rng: np.random.Generator) -> Array:
        late = len(state.prepared.scaled) - int(state.fitted.nobs)
        drawn = rng.choice(state.shocks, size=(steps + late, samples))
        scaled = state.fitted.simulate(steps + late, anchor="end", repetitions=samples, random_errors=drawn)
        return state.prepared.counts(np.asarray(scaled, dtype=np.float64).reshape(steps + late, samples)[late:].T)

    def _prepared(self, series: pd.Series) -> Prepared:
        steps = self.history if self.step_days_ == 1 else max(self.history // WEEK, LEAST_WEEKLY_STEPS)
        prepared = Prepared.of(series, steps, self.step_days_, self.metric_)
        return prepared.after_long_gap(self.min_observations)

    def _model(self, prepared: Prepared) -> ETSModel:
        seasonal = {"seasonal": "add", "seasonal_periods": WEEK} if self.step_days_ == 1 else {}
        return ETSModel(
            prepared.bridged(prepared.weekday_shape),
            error="add",
            trend="add",
            damped_trend=True,
            initialization_method="heuristic",
            **seasonal,
        )
