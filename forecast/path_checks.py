"""What sample paths have to be: equally spaced after their origin, finite and not negative, in all samples or none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError


def step_of(dates: pd.DatetimeIndex, origin: pd.Timestamp, given: int) -> int:
    """Return the days from one date to the next; ``given`` where there is one date only, or from the origin to it.

    Raises
    ------
    InputError
        Dates are missing, not equally spaced, not after the origin, or not ``given`` days apart (0: not given).
    """
    if dates.isna().any() or pd.isna(origin):
        raise InputError("trajectories: a date is missing; give the origin and every forecast date")
    if dates[0] <= origin:
        raise InputError(
            f"trajectories: first date {dates[0]:%Y-%m-%d} is not after the origin {origin:%Y-%m-%d}; "
            "a forecast begins the step after its origin"
        )
    gaps = np.unique(np.diff(dates.to_numpy()))
    if len(gaps) > 1 or (len(gaps) == 1 and gaps[0] <= np.timedelta64(0, "D")):
        raise InputError("trajectories: dates are not equally spaced and rising; reindex them to every day or week")
    found = int(gaps[0] / np.timedelta64(1, "D")) if len(gaps) else given or (dates[0] - origin).days
    if found < 1 or (given and given != found):
        raise InputError(
            f"trajectories: step_days is {given} but the dates are {found} days apart; correct one of them"
        )
    return found


def check_values(values: npt.NDArray[np.float64], locations: list[str], dates: pd.DatetimeIndex) -> None:
    """Refuse paths (location, sample, date) that are infinite, negative or known in some samples only.

    Raises
    ------
    InputError
        The message names the first such value's location and date.
    """
    for bad, word in ((np.isinf(values), "infinite"), (values < 0, "negative")):
        if bad.any():
            at = np.argwhere(bad)[0]
            raise InputError(
                f"trajectories: value {values[tuple(at)]} at {locations[at[0]]} on {dates[at[2]]:%Y-%m-%d} "
                f"is {word}; clip it or leave the location without a forecast (NaN)"
            )
    missing = np.isnan(values)
    partly = missing.any(axis=1) & ~missing.all(axis=1)
    if partly.any():
        at = np.argwhere(partly)[0]
        raise InputError(
            f"trajectories: {locations[at[0]]} on {dates[at[1]]:%Y-%m-%d} has some samples missing; "
            "either every sample has a value or none"
        )
