"""Autoregression with moving averages: a small fixed set of seasonal ARIMA models, pooled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.forecasters.arma import Arma, Order
from forecast.forecasters.base import Array
from forecast.forecasters.per_location import LocationForecaster
from forecast.forecasters.prepared import WEEK, Prepared

LEAST_WEEKLY_STEPS = 104


@dataclass(frozen=True)
class _Recipe:
    """A model, the days it is learned from, and whether a fixed weekday shape is taken out first and put back."""

    order: Order
    days: int
    season_first: bool = False


DAILY = (
    _Recipe(Order(2, 0, 1, 1, 0, 1, (0.68, -0.03, -0.24, 0.98, -0.75)), 182),
    _Recipe(Order(2, 0, 1, 0, 1, 1, (0.68, -0.03, -0.24, -0.80)), 365),
    _Recipe(Order(2, 0, 1, 0, 0, 0, (0.99, -0.11, -0.58)), 182, season_first=True),
    _Recipe(Order(2, 1, 1, 1, 0, 0, (0.40, 0.0, -0.80, 0.10)), 365, season_first=True),
)
WEEKLY = (
    _Recipe(Order(2, 0, 0, 0, 0, 0, (1.2, -0.3)), 728),
    _Recipe(Order(1, 1, 0, 0, 0, 0, (0.4,)), 728),
)


@dataclass(frozen=True)
class _Fitted:
    recipe: _Recipe
    prepared: Prepared
    shape: Array
    arma: Arma


class AutoRegression(LocationForecaster):
    r"""Seasonal ARIMA models on the logarithm (square root of a small count), each giving a share of the paths.

    Four models on daily panels and two on weekly ones, in place of a search over orders: two that return to the
    mean of the last half-year, one that repeats the week and one that wanders. They are estimated by linear filters
    (``arma.py``), and paths continue the filter with resampled errors. Gaps of up to three weeks (ten on weekly
    panels) are bridged by a straight line between values freed of the week; of a series with a longer gap only what
    follows the last one is used.

    Parameters
    ----------
    longest
        Most days of history any of the models learns from; on weekly panels two years at least.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120)
    >>> counts = np.tile([200, 220, 224, 216, 240, 180, 170], 18)[:120] + np.random.default_rng(1).integers(-9, 10, 120)
    >>> panel = pd.DataFrame({"RM1": counts, "RGP": counts // 2}, index=days)
    >>> t = fc.forecasters.AutoRegression().fit(panel).predict(7, locations=["RM1"], samples=200, seed=1)
    >>> low, high = t.quantiles([0.05, 0.95]).groupby("quantile")["value"].mean()
    >>> bool(150 < low < high < 260), dict(t.notes)
    (True, {})
    """

    called = "autoregression"

    def __init__(self, *, longest: int = 365) -> None:
        self.longest = longest

    def _fit_location(self, series: pd.Series) -> list[_Fitted]:
        prepared = self._prepared(series)
        return [self._fitted(recipe, prepared) for recipe in (DAILY if self.step_days_ == 1 else WEEKLY)]

    def _simulate(self, state: list[_Fitted], steps: int, samples: int, rng: np.random.Generator) -> Array:
        shares = [len(part) for part in np.array_split(np.arange(samples), len(state))]
        scaled = np.concatenate([_ahead(one, steps, share, rng) for one, share in zip(state, shares, strict=True)])
        return state[0].prepared.counts(rng.permutation(scaled))

    def _prepared(self, series: pd.Series) -> Prepared:
        steps = self.longest if self.step_days_ == 1 else max(self.longest // WEEK, LEAST_WEEKLY_STEPS)
        prepared = Prepared.of(series, steps, self.step_days_, self.metric_)
        return prepared.after_long_gap(self.min_observations)

    def _fitted(self, recipe: _Recipe, prepared: Prepared) -> _Fitted:
        steps = max(recipe.days // self.step_days_, self.min_observations)
        own = prepared.since(max(len(prepared.scaled) - steps, 0))
        shape = own.weekday_shape
        values = own.bridged(shape)
        if recipe.season_first:
            values = values - shape[own.dates[: len(values)].day_of_week]
        return _Fitted(recipe, own, shape, Arma.of(recipe.order, values))


def _ahead(one: _Fitted, steps: int, samples: int, rng: np.random.Generator) -> Array:
    """Paths (samples, steps) on the model's scale from the step after the last date, known or not."""
    late = len(one.prepared.scaled) - len(one.arma.history)
    paths = one.arma.ahead(late + steps, samples, rng)[:, late:]
    return paths + one.shape[one.prepared.ahead(steps).day_of_week] if one.recipe.season_first else paths
