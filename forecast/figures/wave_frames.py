"""What the charts of Covid and flu are made of: chances by week, size and week, days behind, days above. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.figures.fan import published
from forecast.observations.table import step_days
from forecast.trajectories import Trajectories
from forecast.waves.peaks import FEWEST_BEDS, Peak, days_above
from forecast.waves.season import Array, smoothed

LEAST_SHOWN = 0.005
"""A week or a day with less than half a per cent is left out: it would be printed as nothing."""
DAY_BANDS = (0, 1, 8, 15, 29, 57)
BEDS = (5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 100, 125, 150, 200, 250, 300, 400, 500, 750, 1000)
HALF_WEEK = 3
ECHO_DAYS = 200
BEGUN = 0.05
"""Curves are drawn from a fortnight before either first reaches this share of its height."""
BEFORE = pd.Timedelta(days=14)
USUAL_SHARE = 0.75


@dataclass(frozen=True)
class Subject:
    """Which illness at which place, in words.

    Parameters
    ----------
    disease
        As in the middle of a sentence: "flu", "Covid".
    place
        The place's name.
    patients
        Whom the figures count: "flu patients in hospital".
    simulated
        Whether the figures are the simulated twin's.
    """

    disease: str
    place: str
    patients: str
    simulated: bool = False


@dataclass(frozen=True)
class Echo:
    """A place's curve with England's moved to it.

    Parameters
    ----------
    rows
        date, own, england: seven-day means, England scaled to the place; NaN where not known.
    moved
        Days by which England's curve was moved: later where positive.
    share
        Of England's figures, the place's: what England's curve was multiplied by.
    """

    rows: pd.DataFrame
    moved: int
    share: float


def usable(history: pd.DataFrame, flags: pd.DataFrame, members: dict[str, list[str]]) -> pd.DataFrame:
    """Panel without the values that look wrong; ``members``: location to the locations summed into it."""
    found = {}
    for code in history.columns:
        rows = published(history, flags, str(code), members.get(str(code), []))
        found[str(code)] = rows["value"].where(~rows["flagged"]).set_axis(pd.DatetimeIndex(rows["date"]))
    return pd.DataFrame(found).reindex(history.index)


def week_rows(peak: Peak, location: str) -> pd.DataFrame:
    """Chance of each week to hold the peak, those with next to none left out: week, share, past."""
    chances = peak.week_probabilities[location]
    kept = chances[chances >= LEAST_SHOWN]
    ended = pd.DatetimeIndex(kept.index) + pd.Timedelta(days=6) <= peak.origin
    return pd.DataFrame({"week": kept.index, "share": kept.to_numpy(), "past": ended})


def size_rows(peak: Peak, location: str) -> pd.DataFrame:
    """Chance of each size and week together, the weeks of ``week_rows``: week, low, high, share."""
    table = peak.size_by_week(location)
    weeks = week_rows(peak, location)["week"]
    bands = pd.IntervalIndex(list(table.index))
    return pd.DataFrame(
        {
            "week": np.repeat(weeks.to_numpy(), len(bands)),
            "low": np.tile(bands.left, len(weeks)),
            "high": np.tile(bands.right, len(weeks)),
            "share": table[list(weeks)].to_numpy().T.ravel(),
        }
    )


def lag_rows(days: pd.Series) -> pd.DataFrame:
    """Chance of each number of days behind, the first to the last that count: days, share."""
    there = np.flatnonzero(days.to_numpy() >= LEAST_SHOWN)
    kept = days.iloc[there[0] : there[-1] + 1]
    return pd.DataFrame({"days": kept.index.astype(int), "share": kept.to_numpy(dtype=np.float64)})


def echo(own: pd.Series, nation: pd.Series, moved: int) -> Echo | str:
    """Lay England's curve, moved and scaled, under a place's own.

    Parameters
    ----------
    own, nation
        Usable values by day or by week.
    moved
        Days to move England's by.

    Returns
    -------
    Echo or str
        The wave of the last ``ECHO_DAYS`` days of the place, and England's beyond them as far as known; scaled so that
        both have the same total on the days that both have. A reason in words where that cannot be done.
    """
    here, there = _daily_means(own), _daily_means(nation)
    if here.empty or there.empty:
        return "no usable figures of " + ("this place" if here.empty else "England")
    there = there.set_axis(pd.DatetimeIndex(there.index) + pd.Timedelta(days=moved))
    first = max(here.index[-1] - pd.Timedelta(days=ECHO_DAYS), here.index[0] - BEFORE)
    rows = pd.DataFrame({"own": here, "england": there})
    rows = rows[rows.index >= first].dropna(how="all")
    both = rows.dropna()
    total = both["england"].sum()
    if not total > 0:
        return "no patients were counted in England on the days known here"
    if both["own"].max() < FEWEST_BEDS:
        return f"fewer than {FEWEST_BEDS:.0f} patients here at any time, too few to scale England's curve to"
    share = float(both["own"].sum() / total)
    rows = rows.assign(england=rows["england"] * share).rename_axis("date")
    begun = (rows >= BEGUN * rows.max()).any(axis=1).to_numpy()
    rows = rows[rows.index >= rows.index[int(begun.argmax())] - BEFORE]
    return Echo(rows.reset_index(), moved, share)


def _daily_means(series: pd.Series) -> pd.Series:
    """Seven-day means by day, from the first known day to the last; between weekly values a straight line."""
    known = series.dropna()
    if known.empty:
        return known
    index = pd.DatetimeIndex(known.index)
    days = pd.date_range(index[0], index[-1], freq="D", unit="us")
    if step_days(index) != 1:
        return known.reindex(days).interpolate()
    values = np.asarray(known.reindex(days), dtype=np.float64)
    # Of the last days half of the week around them is not known yet.
    return pd.Series(smoothed(values), index=days).iloc[:-HALF_WEEK]


def above(
    near: Trajectories,
    far: Trajectories,
    beds: float,
    observed: pd.DataFrame,
    window: tuple[pd.Timestamp, pd.Timestamp],
    location: str,
) -> Array:
    """Days of the season above a number of beds, by sample: observed days, forecast days, then weeks of the outlook.

    ``near`` and ``far`` are the same paths; the outlook counts where the days end. NaN without a forecast.
    """
    days = days_above(near.select([location]), beds, observed=observed, window=window)[location]
    later = far.select([location])
    if later.dates[-1] > near.dates[-1]:
        weeks = later.after(near.dates[-1])
        days = days + days_above(weeks, beds, window=window, dated="last")[location]
    return np.asarray(days, dtype=np.float64)


def above_rows(days: Array) -> pd.DataFrame:
    """Chance of each band of ``DAY_BANDS``: first, last (inclusive, NaN for the open one), share."""
    edges = [*DAY_BANDS, np.inf]
    counts, _ = np.histogram(days, bins=[edge - 0.5 for edge in edges])
    last = [edge - 1 for edge in edges[1:-1]] + [np.nan]
    return pd.DataFrame({"first": DAY_BANDS, "last": last, "share": counts / len(days)})


def usual_beds(sizes: npt.ArrayLike) -> int:
    """Bed threshold of a first visit: the one nearest to three quarters of the middle peak."""
    wanted = USUAL_SHARE * float(np.median(np.asarray(sizes, dtype=np.float64)))
    return min(BEDS, key=lambda beds: abs(beds - wanted))
