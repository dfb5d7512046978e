"""Why the peak of a location cannot be told: no forecast, no season yet, or a gap in which it may have passed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from forecast.waves.season import Array, Season

LONGEST_GAP_DAYS = 14
"""Two weekly returns: a peak may rise and fall again in a longer gap."""
COLLECTED_DAYS = 28
"""Figures so shortly before the window say that the collection does not start with the season: what is missing from
the window's first day on is a gap. Sitreps of winter alone stop in spring."""
NEAR_PEAK = 0.5
"""A gap matters where the figures beside it reach this share of the highest week."""


def first_known(season: Season, observed: pd.DataFrame | None) -> pd.Timestamp | None:
    """First date of the window with a value anywhere: before it nobody collected, which is no gap.

    The first day of the window where there are figures of the weeks before it.
    """
    if observed is None:
        return None
    first = season.window[0]
    found = observed.index[observed.notna().any(axis=1) & (observed.index <= season.origin)]
    inside = found[found >= first]
    if not len(inside):
        return None
    before = (found < first) & (found >= first - pd.Timedelta(days=COLLECTED_DAYS))
    return first if before.any() else pd.Timestamp(inside.min())


def missing(season: Season, known: Array, path: Array, dates: pd.DatetimeIndex, note: str) -> str:
    """Say why there is nothing to look at; empty where there is.

    Parameters
    ----------
    known
        Observed values at the season's dates.
    path, dates
        One sample path, which tells for all where there is no forecast, and its dates.
    note
        What the forecaster said of the location.
    """
    first, last = season.window
    ahead = np.asarray(season.inside & ~season.past)
    seen = season.inside & season.past & ~np.isnan(known)
    if ahead.any():
        wanted = np.isin(dates, season.dates[ahead])
        if np.isnan(path[wanted]).any():
            return note.removeprefix("cannot say: ").rstrip(". ") or "no forecast"
        return ""
    if season.middles[-1] < first:
        return f"the season begins on {_day(first)}, and the forecast ends before that"
    return "" if seen.any() else f"the season ended on {_day(last)}, and none of its figures is known"


def hidden(season: Season, known: Array, begins: pd.Timestamp | None, size: float) -> str:
    """Say which gap in the observed values may hide the peak; empty where none does.

    Parameters
    ----------
    begins
        First date on which anybody was counted; None where nothing was observed.
    size
        Middle size of the peak: beside a gap in which the wave had only begun, figures are far below it.
    """
    if begins is None:
        return ""
    looked = np.flatnonzero(season.inside & season.past & np.asarray(season.dates >= begins))
    there = looked[~np.isnan(known[looked])]
    # A size guessed from next to nothing is no yardstick.
    few = len(there) * season.step <= LONGEST_GAP_DAYS
    edges = np.r_[looked[:1] - 1, there, looked[-1:] + 1]
    for before, after in pairwise(edges):
        days = (after - before - 1) * season.step
        # The day before the window counts too, where it is known.
        beside = [known[place] for place in (before, after) if 0 <= place < len(known) and not np.isnan(known[place])]
        if days > LONGEST_GAP_DAYS and (few or max(beside, default=0.0) >= NEAR_PEAK * size):
            first, last = season.dates[before + 1], season.dates[after - 1]
            return f"no usable figures from {_day(first)} to {_day(last)}, when the peak may have passed unseen"
    return ""


def _day(date: pd.Timestamp) -> str:
    return f"{date.day} {date:%B %Y}"
