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

    A model learned over all locations, an autoregression, a structural model and Prophet, pooled by their recent
    scores and recalibrated; from six weeks on the season outlook carries their paths further. Chosen by rolling
    origins of 2022 and 2023, on which Prophet neither helped nor hurt: it stays for the shape of the year, which it
    knows from two years on. What each part buys stands in ``benchmarks/RESULTS.md``.
    """
    return SeasonOutlook(Ensemble([PooledBoosting(), AutoRegression(), StructuralModel(), ProphetModel()]), handover=42)
