"""Fit-to-leave backlogs and winter peaks, from published NHS data to places needed.

The names below are the library; they are loaded when first used, so that ``import forecast`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from forecast import forecasters
    from forecast.errors import ForecastError, InputError, NotObservations, Refused, RunError, StoreError
    from forecast.evaluation import backtest, score
    from forecast.forecasters import default_forecaster
    from forecast.observations.store import Added, Store
    from forecast.placements.plan import PlacementPlan
    from forecast.placements.simulation import placements
    from forecast.runs import Run, latest_run, open_run
    from forecast.sources import read
    from forecast.trajectories import Trajectories
    from forecast.waves.lag import Lag, estimate_lag
    from forecast.waves.peak_value import Peak
    from forecast.waves.peaks import peak
    from forecast.waves.pooling import pool_lags

__all__ = [
    "Added",
    "ForecastError",
    "InputError",
    "Lag",
    "NotObservations",
    "Peak",
    "PlacementPlan",
    "Refused",
    "Run",
    "RunError",
    "Store",
    "StoreError",
    "Trajectories",
    "backtest",
    "default_forecaster",
    "estimate_lag",
    "forecasters",
    "latest_run",
    "open_run",
    "peak",
    "placements",
    "pool_lags",
    "read",
    "score",
]

_HOMES = {
    "Added": "forecast.observations.store",
    "Lag": "forecast.waves.lag",
    "Peak": "forecast.waves.peak_value",
    "PlacementPlan": "forecast.placements.plan",
    "Store": "forecast.observations.store",
    "Trajectories": "forecast.trajectories",
    "backtest": "forecast.evaluation",
    "default_forecaster": "forecast.forecasters",
    "estimate_lag": "forecast.waves.lag",
    "peak": "forecast.waves.peaks",
    "placements": "forecast.placements.simulation",
    "pool_lags": "forecast.waves.pooling",
    "read": "forecast.sources",
    "score": "forecast.evaluation",
    **dict.fromkeys(("Run", "latest_run", "open_run"), "forecast.runs"),
    **dict.fromkeys(
        ("ForecastError", "InputError", "NotObservations", "Refused", "RunError", "StoreError"), "forecast.errors"
    ),
}


def __getattr__(name: str) -> Any:
    if name == "forecasters":
        return import_module("forecast.forecasters")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'forecast' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
