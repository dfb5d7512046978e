"""What was observed before a forecast, as somebody gives it: checked, and said what is wrong with it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.errors import InputError
from forecast.observations.table import step_days

WEEK_DAYS = 7


def checked_observed(panel: pd.DataFrame | None, forecast_step: int) -> pd.DataFrame | None:
    """Return the panel with its dates in order, the last of those that stand twice; None stays None.

    Parameters
    ----------
    panel
        Dates by location.
    forecast_step
        Days in a step of the forecast: days can be made weeks, never weeks days.

    Raises
    ------
    InputError
        It is no panel of numbers on whole days, or weekly beside a daily forecast.
    """
    if panel is None:
        return None
    if not isinstance(panel, pd.DataFrame):
        raise InputError(f"observed is a {type(panel).__name__}; give a DataFrame, dates by location")
    index = panel.index
    if not isinstance(index, pd.DatetimeIndex):
        raise InputError(f"observed: the index is {type(index).__name__}; set a DatetimeIndex of days or weeks")
    if index.tz is not None or index.hasnans or (index != index.normalize()).any():
        raise InputError("observed: its dates are not all whole days without a time zone; normalise the index")
    if panel.columns.has_duplicates:
        twice = panel.columns[panel.columns.duplicated()][0]
        raise InputError(f"observed: column {str(twice)!r} stands twice; keep one column a location")
    try:
        values = panel.astype(np.float64)
    except (TypeError, ValueError):
        raise InputError("observed holds a value that is no number; give numbers, NaN where missing") from None
    endless = np.isinf(values.to_numpy()).any(axis=0)
    if endless.any():
        code = str(values.columns[int(endless.argmax())])
        raise InputError(f"observed: column {code!r} has an infinite value; give NaN where missing")
    values = values[~index.duplicated(keep="last")].sort_index()
    if forecast_step == 1 and len(values) > 1 and step_days(pd.DatetimeIndex(values.index)) == WEEK_DAYS:
        raise InputError("observed is weekly and the forecast daily; give the daily values that the forecast rests on")
    return values
