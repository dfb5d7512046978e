"""What a wave at a hospital is set beside: the nation's own course, and the nation's past seasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from forecast.errors import InputError
from forecast.observations.store import Store
from forecast.reference import Reference

SIGNALS = "wave_signals.csv"
SEASONS = "peak_seasons.csv"
NATION, PAST = "nation", "past seasons"
_ANY_YEAR = 2001
"""No leap year: 29 February is a day of some years only."""


@dataclass(frozen=True)
class Signal:
    """A row of ``wave_signals.csv``: a series that tells of a metric's waves.

    ``role`` is "nation" (the same measure of the whole country) or "past seasons" (its course in earlier years).
    """

    metric: str
    role: str
    signal: str
    location: str


def signals(metric: str, tables: Reference) -> list[Signal]:
    """Series that tell of a metric's waves; none of a metric that comes in no waves.

    Raises
    ------
    InputError
        The table is missing, or a role is not one of the two.
    """
    rows = tables.table(SIGNALS, ("metric", "role", "signal", "location", "source"), national=True)
    for row in rows:
        if row["role"] not in (NATION, PAST):
            raise InputError(
                f"{tables.folder / SIGNALS}: {row['metric']} has the role {row['role']!r}; write {NATION!r} or {PAST!r}"
            )
    return [
        Signal(row["metric"], row["role"], row["signal"], row["location"]) for row in rows if row["metric"] == metric
    ]


def related_panels(store: Store, metric: str, as_of: pd.Timestamp | None, tables: Reference) -> dict[str, pd.DataFrame]:
    """Panels of the series that tell of a metric's waves, as known on a day, usable values only, by their metric.

    Parameters
    ----------
    store
        Observations.
    metric
        What is forecast.
    as_of
        Only what was released by then; None: everything.
    tables
        Say which series they are.

    Returns
    -------
    dict
        Name of the series' metric to dates x locations; without those of which nothing is known.
    """
    found: dict[str, list[pd.DataFrame]] = {}
    for one in signals(metric, tables):
        panel = store.panel(one.signal, [one.location], as_of=as_of, clean=True)
        if panel.notna().to_numpy().any():
            found.setdefault(one.signal, []).append(panel)
    return {name: pd.concat(panels, axis=1) for name, panels in found.items()}


def nation_of(metric: str, related: Mapping[str, pd.DataFrame], tables: Reference) -> pd.Series:
    """The nation's own course among the related panels, named by its code; empty where it is not told."""
    for one in signals(metric, tables):
        if one.role == NATION and one.signal in related and one.location in related[one.signal]:
            return related[one.signal][one.location].dropna()
    return pd.Series(dtype=float, index=pd.DatetimeIndex([], name="date"))


def window(metric: str, day: pd.Timestamp, tables: Reference) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """First and last day of the season that a day lies in, when a metric's peak is looked for; None off season.

    Raises
    ------
    InputError
        The table is missing or a day in it is none, with the row.
    """
    if (days := _season(metric, tables)) is None:
        return None
    for year in (day.year - 1, day.year):
        first = pd.Timestamp(f"{year}-{days[0]}")
        last = pd.Timestamp(f"{year + (days[1] < days[0])}-{days[1]}")
        if first <= day <= last:
            return first, last
    return None


def off_season(metric: str, tables: Reference) -> str:
    """Say from when to when a metric's peak is looked for."""
    days = _season(metric, tables)
    if days is None:
        return "there is no season in which its peak is looked for"
    first, last = (f"{pd.Timestamp(f'2000-{day}'):%-d %B}" for day in days)
    return f"out of season: a peak is looked for from {first} to {last}"


def _season(metric: str, tables: Reference) -> tuple[str, str] | None:
    """First and last month and day of a metric's season of peaks; None where it has none."""
    found = None
    for row in tables.table(SEASONS, ("metric", "first", "last", "source"), national=True):
        for key in ("first", "last"):
            if not _month_day(row[key]):
                raise InputError(
                    f"{tables.folder / SEASONS}: {row['metric']} has {row[key]!r} under {key}; write month and day, "
                    "such as 10-01"
                )
        if row["metric"] == metric:
            found = row["first"], row["last"]
    return found


def _month_day(text: str) -> bool:
    """Whether a text is a day that every year has, as 10-01."""
    try:
        return f"{pd.Timestamp(f'{_ANY_YEAR}-{text}'):%m-%d}" == text
    except ValueError:
        return False
