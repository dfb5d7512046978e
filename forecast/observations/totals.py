"""A county or an NHS region from its hospitals, where nobody has published it.

On a day, an area's value is the first of these that there is:

1. the published one;
2. the sum of its members, if every member told its value;
3. a sum somebody compiled (source begins ``estimate:``), marked;
4. only when asked for: the sum completed by what the few missing members are likely to have, marked.

A rate or a share is never summed: of it there is only what was published. Members of an area are the trusts below it
in ``locations.csv``, with those that have become part of another one since. All of a county's must tell. Of a region,
which also has trusts that never send the return, those that report in the season: from ``NEAR_DAYS`` before their first
value to as long after their last. A season ends where no trust of the area tells anything for ``NEAR_DAYS``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from forecast.reference import Reference

NEAR_DAYS = 35
"""Five weeks: longer than the monthly discharge return takes to come, shorter than the gap between two winters."""
LARGEST_GAP = 0.10
"""The missing members' share of a total that may be estimated; Norfolk's smallest hospital is more, so a county's never
is."""
_SHARE_DAYS = 7
"""A share is that of the last seven days known, so that every weekday counts once."""
RATE = "rate"
"""The kind of metric that cannot be summed."""
_SUMMED = ("county", "nhs_region")


def members(area: str, tables: Reference) -> list[str]:
    """Codes of the trusts below an area, in the order of ``locations.csv``; none for a trust or a nation."""
    known = tables.locations.get(area)
    if known is None or known.kind not in _SUMMED:
        return []
    return [code for code, place in tables.locations.items() if place.kind == "trust" and area in _above(code, tables)]


def with_totals(
    panel: pd.DataFrame,
    known: pd.DataFrame,
    areas: Mapping[str, Sequence[str]],
    compiled: pd.DataFrame,
    tables: Reference,
    estimate: bool = False,
) -> pd.DataFrame:
    """Add or complete the columns of areas.

    Parameters
    ----------
    panel
        Values of one metric.
    known
        The same before any were masked: who reports is told from these.
    areas
        Members of each area.
    compiled
        True where a value of ``panel`` comes from a source that is an estimate.
    tables
        Reference tables in force.
    estimate
        Complete sums that few members are missing from.

    Returns
    -------
    DataFrame
        ``attrs["members"]``: of each area, the trusts summed. ``attrs["estimated"]``: of each area the days
        (2024-01-31) whose value is an estimate; see ``estimated``.
    """
    panel = panel.copy()
    marked: dict[str, list[str]] = {}
    summed: dict[str, list[str]] = {}
    for area, codes in areas.items():
        told = known.reindex(columns=pd.Index(codes))
        values = panel.reindex(index=known.index, columns=pd.Index(codes))
        expected = _all(told) if tables.locations[area].kind == "county" else reporting(told)
        complete = values.notna().any(axis=1) & (values.notna() | ~expected).all(axis=1)
        stored = panel[area] if area in panel else pd.Series(np.nan, index=panel.index)
        theirs = compiled.reindex(index=panel.index, columns=[area], fill_value=False)[area]
        published, ours = stored.where(~theirs), values.sum(axis=1).where(complete)
        result = published.fillna(ours).fillna(stored)
        guessed = _completed(values, expected) if estimate else pd.Series(np.nan, index=panel.index)
        doubtful = result.isna() & guessed.notna() | theirs & published.isna() & ours.isna()
        panel[area] = result.fillna(guessed)
        summed[area] = [str(code) for code in expected.columns[expected.any()]]
        if doubtful.any():
            marked[area] = [f"{day:%Y-%m-%d}" for day in panel.index[doubtful]]
    panel.attrs.update(members=summed, estimated=marked)
    return panel


def estimated(panel: pd.DataFrame) -> pd.DataFrame:
    """True where a value of a panel is an estimate, not published and not a sum of published values."""
    marked: Mapping[str, list[str]] = panel.attrs.get("estimated", {})
    found = pd.DataFrame(False, index=panel.index, columns=panel.columns)
    for area, days in marked.items():
        if area in found:
            found[area] = found.index.isin(pd.to_datetime(days))
    return found


def reporting(told: pd.DataFrame) -> pd.DataFrame:
    """True on the days on which a trust is expected to tell its value: near its values of that season."""
    expected = pd.DataFrame(False, index=told.index, columns=told.columns)
    near = pd.Timedelta(days=NEAR_DAYS)
    days = told.index[told.notna().any(axis=1)]
    for _, season in pd.Series(days, index=days).groupby((days.to_series().diff() > near).cumsum()):
        first, last = season.iloc[0], season.iloc[-1]
        for code, values in told.loc[first:last].items():
            own = values.dropna().index
            if len(own):
                expected.loc[max(own[0] - near, first) : min(own[-1] + near, last), code] = True
    return expected


def _completed(values: pd.DataFrame, expected: pd.DataFrame) -> pd.Series:
    """Sums with what the missing members had of the others' total when last they told, if that is little enough."""
    numbers, told, wanted = values.to_numpy(), values.notna().to_numpy(), expected.to_numpy()
    days = values.index.to_numpy()
    result = np.full(len(days), np.nan)
    for day in map(int, np.flatnonzero(told.any(axis=1) & (wanted & ~told).any(axis=1))):
        here = told[day] & wanted[day]
        recent = np.arange(int(np.searchsorted(days, days[day] - np.timedelta64(NEAR_DAYS, "D"))), day)
        recent = recent[told[recent][:, here].all(axis=1)]
        gone = map(int, np.flatnonzero(wanted[day] & ~told[day]))
        missing = sum(_share(numbers, recent[told[recent, member]], member, here) for member in gone)
        # the share of the completed total; an unknown one is infinite and never small
        if missing * (1 - LARGEST_GAP) <= LARGEST_GAP:
            result[day] = numbers[day, here].sum() * (1 + missing)
    return pd.Series(result, index=values.index)


def _share(numbers: np.ndarray, days: np.ndarray, member: int, others: np.ndarray) -> float:
    """A member's values over those of the others together; infinite where that is not known."""
    last = days[-_SHARE_DAYS:]
    total = float(numbers[last][:, others].sum())
    return float(numbers[last, member].sum()) / total if total > 0 else float("inf")


def _all(told: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(True, index=told.index, columns=told.columns)


def _above(code: str, tables: Reference) -> set[str]:
    """Codes of everything that a location lies in."""
    found: set[str] = set()
    while (place := tables.locations.get(code)) and place.parent and place.parent not in found:
        code = place.parent
        found.add(code)
    return found
