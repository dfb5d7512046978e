"""What goes into a run, as its manifest says it, and from which its name is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from forecast import runs
from forecast.forecasters.base import Forecaster
from forecast.observations.store import Store
from forecast.reference import Reference
from forecast.weekly.settings import Settings


def inputs_of(
    store: Store,
    day: pd.Timestamp,
    settings: Settings,
    forecaster: Callable[[str], Forecaster],
    tables: Reference,
    compared_with: str = "",
) -> dict[str, Any]:
    """Return everything that a run as of a day is made from; ``compared_with``: name of the run before it."""
    return {
        "as_of": f"{day:%Y-%m-%d}",
        "simulated": store.simulated,
        "code_version": runs.code_version(),
        "model_version": runs.model_version(),
        "compared_with": compared_with,
        "settings": vars(settings),
        "seed": settings.seed,
        "vintages": [{"file": v.name, "hash": v.digest, "rows": v.rows} for v in store.vintages()],
        "counties": {county.code: tables.members(county.code) for county in tables.counties()},
        "reference": tables.digest,
        "forecasters": {metric.name: repr(forecaster(metric.name)) for metric in tables.forecast_metrics()},
    }
