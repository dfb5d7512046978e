"""Forecasters: one module a model family."""

from __future__ import annotations

from forecast.forecasters.arima import AutoRegression
from forecast.forecasters.base import Forecaster
from forecast.forecasters.climatology import SeasonalClimatology
from forecast.forecasters.ensemble import Ensemble
from forecast.forecasters.exponential_smoothing import ExponentialSmoothing
from forecast.forecasters.growth.wave_growth import WaveGrowth
from forecast.forecasters.holiday_effects import known_effects
from forecast.forecasters.national_lag import NationalLag
from forecast.forecasters.persistence import Persistence
from forecast.forecasters.pooled.boosting import PooledBoosting
from forecast.forecasters.prophet import ProphetModel
from forecast.forecasters.reconciled import Reconciled
from forecast.forecasters.season_curves import SeasonCurves
from forecast.forecasters.season_outlook import SeasonOutlook
from forecast.forecasters.seasonal_naive import SeasonalNaive
from forecast.forecasters.structural import StructuralModel
from forecast.reference import reference

__all__ = [
    "AutoRegression",
    "Ensemble",
    "ExponentialSmoothing",
    "Forecaster",
    "NationalLag",
    "Persistence",
    "PooledBoosting",
    "ProphetModel",
    "Reconciled",
    "SeasonCurves",
    "SeasonOutlook",
    "SeasonalClimatology",
    "SeasonalNaive",
    "StructuralModel",
    "WaveGrowth",
    "default_forecaster",
]

WAVE_SHARES = (2.0, 1.0, 1.0)
"""What growth, the pooled model and the autoregression weigh on waves before anything is known of them."""


def default_forecaster(metric: str) -> Forecaster:
    """Return the forecaster the weekly run uses for ``metric``.

    A model learned over all locations, an autoregression and a structural model, pooled by their recent scores and
    recalibrated. On waves of Covid and flu, which the last two follow too late, it is the growth of the wave, own and
    national, which weighs as much as the others, and the nation's curve some days later. Hospitals are moved to agree
    with a forecast of their county. From six weeks on the season outlook carries the paths further; waves go on along
    the curves of past waves, from four weeks on, those of the winter's flu from two: the short range has seen too few
    of its winters. Chosen by rolling origins of 2021 to 2023, on waves on half of the trusts; what each part buys
    stands in ``benchmarks/RESULTS.md``.

    Parameters
    ----------
    metric
        A metric of the reference tables; any other is taken for one that comes in no waves.

    Returns
    -------
    Forecaster
        Not yet fitted.

    Raises
    ------
    InputError
        The table of bank holidays' effects cannot be read; told here, since within a fit it would pass for a model that
        cannot be used.

    Examples
    --------
    >>> type(fc.default_forecaster("nctr_patients")).__name__
    'SeasonOutlook'
    >>> type(fc.default_forecaster("flu_beds")).__name__
    'SeasonCurves'
    """
    known_effects(metric)
    known = reference().metric(metric)
    if known is not None and known.wave:
        short = Reconciled(Ensemble([WaveGrowth(), PooledBoosting(), NationalLag()], shares=WAVE_SHARES))
        return SeasonCurves(short=short, handover=14 if known.winter else 28, seasonal=known.winter)
    return SeasonOutlook(Reconciled(Ensemble([PooledBoosting(), AutoRegression(), StructuralModel()])), handover=42)
