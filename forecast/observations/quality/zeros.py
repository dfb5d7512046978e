"""Zeros that cannot be true: a return that was not filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd

from forecast.observations.quality.found import Found, Numbers, Truths, runs

LONE_DAYS = 3
LONE_LEVEL = 8.0
LONE_FLOOR = 5.0
NEWEST_LEVEL = 20.0
WEEK = 7
LONGEST_EMPTY = 4 * WEEK
WAVE_EXPECTED = 5.0
WAVE_HEIGHT = 0.25
WAVE_DAYS = 121
WAVE_RUN = 3
WAVE_QUIET = 0.3


def lone_zeros(panel: pd.DataFrame) -> Iterator[Found]:
    """Zeros of up to ``LONE_DAYS`` days between neighbours of ``LONE_LEVEL`` on average, none under ``LONE_FLOOR``.

    The newest zeros have no neighbour after them yet: they count where every value of the ``LONE_DAYS`` before is
    ``NEWEST_LEVEL`` or more, which no ward empties overnight.
    """
    for code, days, values in _with_zeros(panel):
        for first, last in runs(values == 0):
            if last - first + 1 > LONE_DAYS or first == 0:
                continue
            if last == len(values) - 1:
                if first >= LONE_DAYS and values[first - LONE_DAYS : first].min() >= NEWEST_LEVEL:
                    note = f"reported 0 after {values[first - 1]:,.0f}: a return that was not filled in"
                    yield Found(days[first : last + 1], code, "lone_zero", note)
                continue
            before, after = values[first - 1], values[last + 1]
            if min(before, after) < LONE_FLOOR or (before + after) / 2 < LONE_LEVEL:
                continue
            note = f"reported 0 between {before:,.0f} and {after:,.0f}: a return that was not filled in"
            yield Found(days[first : last + 1], code, "lone_zero", note)


def zero_weeks(panel: pd.DataFrame) -> Iterator[Found]:
    """Longer runs of zeros in a measure that is never near zero: a weekly return sent in empty."""
    for code, days, values in _with_zeros(panel):
        counted = values[values > 0]
        if len(counted) == 0 or not np.median(counted) >= LONE_LEVEL or np.quantile(counted, 0.05) < LONE_LEVEL / 2:
            continue
        for first, last in runs(values == 0):
            if LONE_DAYS < last - first + 1 <= LONGEST_EMPTY:
                note = (
                    f"reported 0 on {last - first + 1} days in a row where {np.median(counted):,.0f} is usual: "
                    "an empty weekly return"
                )
                yield Found(days[first : last + 1], code, "missing_submission", note)


def false_zeros(
    panel: pd.DataFrame, nation: pd.Series, shares: Mapping[str, float], label: Callable[[str], str]
) -> Iterator[Found]:
    """Runs of zeros while the nation is in full wave and the hospital's share of it is ``WAVE_EXPECTED`` or more.

    Full wave: at least ``WAVE_HEIGHT`` of the nation's highest value within ``WAVE_DAYS``; in the long tail of a
    wave one county can truly be free of it, and so can one whose own values within a week of the run are far below its
    share. A run that qualifies is flagged back to where one patient was due: the return was not filled in from the
    start.
    """
    highest = nation.rolling(WAVE_DAYS, center=True, min_periods=1).max()
    level = nation.to_numpy(dtype=float)
    full = level >= WAVE_HEIGHT * highest.to_numpy(dtype=float)
    for code, days, values in _with_zeros(panel):
        if not np.isfinite(shares.get(code, np.nan)):
            continue
        rows = panel.index.get_indexer(days)
        expected = level[rows] * shares[code]
        sure = (expected >= WAVE_EXPECTED) & full[rows]
        for first, last in runs(values == 0):
            run = slice(first, last + 1)
            if np.count_nonzero(sure[run]) < WAVE_RUN:
                continue
            if _quiet_on_both_sides(days, values, first, last, WAVE_QUIET * float(np.nanmax(expected[run]))):
                continue
            due = np.flatnonzero(expected[run] >= 1) + first
            top = due[int(np.argmax(expected[due]))]
            note = (
                f"reported 0 on {len(due)} days in a row while England had up to {level[rows[top]]:,.0f} patients; "
                f"about {expected[top]:,.0f} would be the share of {label(code)}: probably a return that was not "
                "filled in"
            )
            yield Found(days[due], code, "false_zeros", note)


def shares_of(panel: pd.DataFrame, nation: pd.Series, size: pd.Series | None, whole: float) -> dict[str, float]:
    """Each location's share of the nation, by its own non-zero days, else by its beds; NaN where neither says.

    Its own record must hold two weeks of non-zero days. The lower of the two shares is used: a flag should be sure.
    """
    level = nation.to_numpy(dtype=float)[:, None]
    values = panel.to_numpy(dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where((values > 0) & (level > 0), values / level, np.nan)
    found = {}
    for column, code in enumerate(panel.columns):
        own = ratio[:, column]
        own = own[~np.isnan(own)]
        shares = [float(np.median(own))] if len(own) >= 2 * WEEK else []
        if size is not None and code in size.index:
            shares.append(float(size[code]) / whole)
        shares = [share for share in shares if np.isfinite(share)]
        found[str(code)] = min(shares) if shares else np.nan
    return found


def _quiet_on_both_sides(days: pd.DatetimeIndex, values: Numbers, first: int, last: int, level: float) -> bool:
    """Whether the values next to a run, within a week of it, are all below ``level``; not where there are none."""
    week = pd.Timedelta(days=WEEK)
    sides = []
    if first > 0 and days[first] - days[first - 1] <= week:
        sides.append(values[first - 1])
    if last + 1 < len(values) and days[last + 1] - days[last] <= week:
        sides.append(values[last + 1])
    return bool(sides) and max(sides) < level


def _with_zeros(panel: pd.DataFrame) -> Iterator[tuple[str, pd.DatetimeIndex, Numbers]]:
    """Code, days and values of what each location reported, where it reported any zero."""
    days = pd.DatetimeIndex(panel.index)
    values = panel.to_numpy(dtype=float)
    zero: Truths = (values == 0).any(axis=0)
    for column in map(int, np.flatnonzero(zero)):
        own = values[:, column]
        reported = ~np.isnan(own)
        yield str(panel.columns[column]), days[reported], own[reported]
