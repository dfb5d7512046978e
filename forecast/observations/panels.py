"""From stored rows to a panel as known on a day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.errors import InputError
from forecast.observations import table

_ISO = re.compile(r"\s*\d{4}-\d{2}-\d{2}(?!\d)")


def as_known(rows: pd.DataFrame, as_of: pd.Timestamp | None) -> pd.DataFrame:
    """Of each date and location the value released last on or before the day; of one day, that stored last.

    Parameters
    ----------
    rows
        date, location, value, released; in the order of ingest.
    as_of
        None: everything.
    """
    if as_of is not None:
        rows = rows[rows["released"] <= as_of]
    rows = rows.sort_values("released", kind="stable")
    days, day = np.unique(rows["date"].to_numpy(), return_inverse=True)
    codes, names = pd.factorize(rows["location"], sort=True)
    values = np.full((len(days), len(names)), np.nan)
    values[day, codes] = rows["value"].to_numpy()
    panel = pd.DataFrame(
        values,
        index=pd.DatetimeIndex(days, name="date").astype("datetime64[us]"),
        columns=pd.Index([str(name) for name in names], dtype="str", name="location"),
    )
    return table.regular(panel)


def trimmed(panel: pd.DataFrame) -> pd.DataFrame:
    """Drop leading and trailing dates on which no column has a value."""
    filled = panel.notna().any(axis=1).to_numpy()
    if not filled.any():
        return panel.iloc[:0]
    first, last = int(filled.argmax()), len(filled) - int(filled[::-1].argmax())
    return panel.iloc[first:last]


def as_codes(locations: Sequence[str] | None) -> Sequence[str] | None:
    """Return locations as given.

    Raises
    ------
    InputError
        They are one text, whose letters would be taken for codes.
    """
    if isinstance(locations, str):
        raise InputError(f"locations is the text {locations!r}; give a list of codes, such as [{locations!r}]")
    return locations


def as_day(day: str | dt.date | np.datetime64 | None) -> pd.Timestamp | None:
    """Return a day given as text (2024-01-31) or as a date; None stays None.

    Raises
    ------
    InputError
        It is no date, or one that reads otherwise in another country (03/01/2024).
    """
    if day is None:
        return None
    try:
        known = isinstance(day, (dt.date, np.datetime64)) or (isinstance(day, str) and _ISO.match(day))
        found = pd.Timestamp(day) if known else None
    except ValueError:
        found = None
    if not isinstance(found, pd.Timestamp):
        raise InputError(f"as_of {day!r} is not a date; write 2024-01-31")
    return found.tz_localize(None).normalize()
