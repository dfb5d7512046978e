"""Whether a run is too old to be planned from, in words."""

from __future__ import annotations

import pandas as pd

from forecast.observations.newest_due import overdue
from forecast.reference import reference
from forecast.wording import words

REMEDY = (
    "Ask whoever looks after this app to type 'forecast fetch' and then 'forecast refit', or to see why the weekly run "
    "did not do it; the page Data tells what was due and what came."
)


def stale(as_of: pd.Timestamp, today: pd.Timestamp, simulated: bool) -> str:
    """Say that forecasts are old, and what to do about it; empty for a run of these days, and for a simulated one.

    Parameters
    ----------
    as_of
        Day whose published figures the run knows.
    today
        The day on which it is looked at; see ``overdue`` for after how many days it is old.
    simulated
        Figures of no real day cannot grow old.
    """
    if simulated or not overdue(as_of, today, reference()):
        return ""
    age = (today - as_of).days
    return (
        f"These forecasts are {age:,} days old. They use what was published by {words.day(as_of)}; today is "
        f"{words.day(today)}. Do not plan from them before they are made anew. {REMEDY}"
    )
