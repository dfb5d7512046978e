"""Two tables of a workbook against each other: what is counted by the day, and again for the whole month.

In every published workbook that was compared (2022 to 2024) the discharges of the days of a location are its discharges
to all destinations in the month, without exception. Where that holds for England and not for others, rows have slipped
or stand beside the code of another; where it does not hold for England, the tables count different things.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

import pandas as pd

from forecast.errors import InputError
from forecast.sources.cells import listed

# More locations than these, and than this share of them, are no slip of the pen.
_FEW, _MANY = 2, 0.1


def check_months(file: str, frame: pd.DataFrame, daily: str, monthly: str) -> list[str]:
    """Refuse rows that stand beside another code or day in one of two tables; return what is odd and no proof.

    Parameters
    ----------
    file
        What to call the workbook.
    frame
        Its values: date, location, metric and value.
    daily
        Metric counted by the day.
    monthly
        Pattern of the metrics that divide the same count, by the month.

    Raises
    ------
    InputError
        England agrees, and many others do not; or two agree once their rows change places; or one that does not agree
        lacks the first or the last day alone.
    """
    days = frame[frame["metric"] == daily]
    parts = [name for name in frame["metric"].unique() if fnmatchcase(name, monthly)]
    months = frame[frame["metric"].isin(parts)]
    sums = pd.DataFrame({"days": _by_location(days), "month": _by_location(months)}).dropna()
    apart = sums[(sums["days"] - sums["month"]).abs() > 0.5]
    if apart.empty or "ENG" in apart.index or "ENG" not in sums.index:
        return []
    about = f"{daily} of {listed(map(str, apart.index), 6)} by the day does not add up to the month in {monthly}"
    if len(apart) > max(_FEW, _MANY * len(sums)) or _exchanged(apart) or _slipped(days, apart.index):
        raise InputError(
            f"{file}: {about}, as that of England does; rows are shifted or stand beside the code of another, correct "
            "the file or download it again"
        )
    return [f"{about}, as everywhere else; look which is right"]


def _by_location(rows: pd.DataFrame) -> pd.Series:
    return rows.groupby("location", observed=True)["value"].sum()


def _exchanged(apart: pd.DataFrame) -> bool:
    """Whether two locations agree once they change places: each has the month of the other."""
    return len(apart) == 2 and list(apart["days"]) == list(apart["month"])[::-1]


def _slipped(days: pd.DataFrame, locations: pd.Index) -> bool:
    """Whether a location has every day but the first or the last: its row has moved by a day."""
    every = sorted(days["date"].unique())
    theirs = days[days["location"].isin(locations)].groupby("location", observed=True)["date"]
    dates = theirs.agg(["min", "max", "size"])
    cut = (dates["min"] > every[0]) ^ (dates["max"] < every[-1])
    return bool((cut & (dates["size"] == len(every) - 1)).any())
