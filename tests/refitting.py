"""Small data and quick settings for tests of the weekly job."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.forecasters import Persistence
from forecast.weekly.settings import Settings

QUICK = Settings(horizon_days=28, samples=50, freshness_days=21, fewest_values=7, history_days=365)
HOSPITALS = ("RM1", "RGP", "RCX")


def observed(
    metric: str, first: str, last: str, level: float = 100.0, locations: tuple[str, ...] = HOSPITALS
) -> pd.DataFrame:
    days = pd.date_range(first, last)
    values = level + 10 * np.sin(np.arange(len(days)))
    return pd.concat(
        [
            pd.DataFrame({"date": days, "location": code, "metric": metric, "value": values.round(), "source": "test"})
            for code in locations
        ]
    )


class Joint(Persistence):
    """The baseline, said to draw hospitals together."""

    joint = True
