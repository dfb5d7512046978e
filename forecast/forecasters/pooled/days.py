"""What the calendar says of a day: how far it is from bank holidays and from Christmas, and where in the year."""

from __future__ import annotations

from functools import cache

import holidays
import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.forecasters.base import Array

NEAR_HOLIDAY_DAYS = 8
NEAR_CHRISTMAS_DAYS = 28
Whole = npt.NDArray[np.int64]


def day_table(first: pd.Timestamp, last: pd.Timestamp, country: str, subdivision: str) -> Array:
    """Features of every day from ``first`` to ``last``, (days, 5).

    Days to the next bank holiday and since the last one (each at most ``NEAR_HOLIDAY_DAYS``), days after 25 December
    (from minus to plus ``NEAR_CHRISTMAS_DAYS``), and sine and cosine of the day of the year.
    """
    days = pd.date_range(first, last)
    number = _numbers(days)
    known = _bank_holidays(first.year - 1, last.year + 1, country, subdivision)
    at = np.searchsorted(known, number)
    ahead = known[np.minimum(at, len(known) - 1)] - number
    since = number - known[np.maximum(np.searchsorted(known, number, side="right") - 1, 0)]
    year = days.year.to_numpy() - (days.month.to_numpy() <= 6)
    christmas = number - _numbers(pd.to_datetime([f"{one}-12-25" for one in year]))
    angle = 2 * np.pi * days.day_of_year.to_numpy() / 365.25
    return np.column_stack(
        [
            np.clip(ahead, 0, NEAR_HOLIDAY_DAYS),
            np.clip(since, 0, NEAR_HOLIDAY_DAYS),
            np.clip(christmas, -NEAR_CHRISTMAS_DAYS, NEAR_CHRISTMAS_DAYS),
            np.sin(angle),
            np.cos(angle),
        ]
    ).astype(np.float64)


def _numbers(days: pd.DatetimeIndex) -> Whole:
    return (days.to_numpy().astype("datetime64[D]")).astype(np.int64)


@cache
def _bank_holidays(first_year: int, last_year: int, country: str, subdivision: str) -> Whole:
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=range(first_year, last_year + 1))
    return _numbers(pd.DatetimeIndex(sorted(pd.to_datetime(list(found.keys())))))
