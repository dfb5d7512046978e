"""Forecasters: one module a model family."""

from __future__ import annotations

from forecast.forecasters.arima import AutoRegression
from forecast.forecasters.base import Forecaster
from forecast.forecasters.climatology import SeasonalClimatology
from forecast.forecasters.ensemble import Ensemble
from forecast.forecasters.exponential_smoothing import ExponentialSmoothing
from forecast.forecasters.persistence import Persistence
from forecast.forecasters.pooled.boosting import PooledBoosting
from forecast.forecasters.prophet import ProphetModel
from forecast.forecasters.season_outlook import SeasonOutlook
from forecast.forecasters.seasonal_naive import SeasonalNaive
from forecast.forecasters.structural import StructuralModel
from forecast.reference import reference

__all__ = [
    "AutoRegression",
    "Ensemble",
    "ExponentialSmoothing",
    "Forecaster",
    "Persistence",
    "PooledBoosting",
    "ProphetModel",
    "SeasonOutlook",
    "SeasonalClimatology",
    "SeasonalNaive",
    "StructuralModel",
    "default_forecaster",
]


def default_forecaster(metric: str) -> Forecaster:
    """Return the forecaster the weekly run uses for ``metric``.

    An equal-weight pair, chosen by rolling origins of 2021 to 2023 (``benchmarks/first_look.py``): exponential
    smoothing and Prophet for counts that come near zero, where the baseline's ranges run away; Prophet and the
    baseline for the others, where exponential smoothing adds nothing.
    """
    known = reference().metric(metric)
    near_zero = metric == "nctr_remaining" or (known is not None and known.wave)
    return Ensemble([ExponentialSmoothing() if near_zero else Persistence(), ProphetModel()])
