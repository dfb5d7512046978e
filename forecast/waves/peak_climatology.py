"""When and how high past seasons peaked: what a forecast of this season's peak has to beat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from forecast.errors import InputError
from forecast.observations.table import step_days
from forecast.trajectories import HUBVERSE_QUANTILES
from forecast.waves.curves import checked_series
from forecast.waves.season import Array, Window, checked, mondays, smoothed

FEWEST_SEASONS = 2
NARROWEST_WEEKS = 1.0
"""Least width of a season's kernel: a handful of seasons that agree may agree by chance."""
NARROWEST_LOG = 0.1
GRID = 2001
GRID_WIDTHS = 5.0


@dataclass(frozen=True, eq=False)
class PastPeaks:
    """What past seasons say of the peak of one series.

    Parameters
    ----------
    week_probabilities
        Monday of each week of the window to the chance that it holds the peak; sums to 1.
    size_quantiles
        Quantile level (the 23 of the forecasting hubs) to size.
    """

    week_probabilities: pd.Series
    size_quantiles: pd.Series


def season_peak(series: pd.Series, window: Window) -> tuple[int, float]:
    """Find in which week after the window's first Monday a past season peaked (0 the first), and how high.

    Parameters
    ----------
    series
        Daily values, or weekly ones dated by their Monday, as ``peak`` takes them; of equal days the first counts.
    window
        First and last day of that season.

    Raises
    ------
    InputError
        No value of the window is known, or it is no series of numbers of zero and more on whole days.
    """
    first, last = checked(window)
    values = checked_series(series, "season")
    if len(values) and step_days(values.index) == 1:
        days = pd.date_range(values.index[0], values.index[-1], freq="D", unit="us")
        values = pd.Series(smoothed(np.asarray(values.reindex(days), dtype=np.float64)), index=days)
    inside = values[(values.index >= mondays((first, last))[0]) & (values.index <= last)].dropna()
    if inside.empty:
        raise InputError(f"season {first:%Y-%m-%d} to {last:%Y-%m-%d}: no value is known; leave the season out")
    at = pd.DatetimeIndex(inside.index)[int(inside.argmax())]
    days_in = (at - mondays((first, last))[0]).days
    return days_in // 7, float(inside.max())


def season_peaks(series: pd.Series, windows: Iterable[Window]) -> list[tuple[int, float]]:
    """``season_peak`` of each season of which a value above zero is known."""
    found = []
    series = checked_series(series, "season")
    for window in windows:
        first, last = checked(window)
        within = series[(series.index >= first) & (series.index <= last)]
        if within.max() > 0:
            found.append(season_peak(series, window))
    return found


def peak_climatology(
    past: Iterable[tuple[int, float]],
    *,
    window: Window,
    origin: str | pd.Timestamp | None = None,
    highest: float = 0.0,
) -> PastPeaks:
    r"""Kernel density of past peak weeks and of the logarithm of past peak sizes.

    Each past week :math:`x_i` of :math:`n` is a normal kernel of width :math:`h = 0.9 \min(s, \mathrm{IQR}/1.34)
    n^{-1/5}` (Silverman, *Density Estimation for Statistics and Data Analysis*, 1986, 3.31), one week at least; the
    chance of week :math:`w` is the kernels' mass from :math:`w - 1/2` to :math:`w + 1/2`, made to sum to 1 over the
    window. Weeks that have gone by without a peak give their chance to those that are left, in proportion. Sizes are
    treated alike on the logarithm, above the highest value so far.

    Parameters
    ----------
    past
        Peak week and size of each past season, from ``season_peaks``.
    window
        First and last day of the season to forecast.
    origin
        Newest date that is known: weeks before its own have gone by. None: before the season.
    highest
        Highest week so far; the peak is no lower.

    Raises
    ------
    InputError
        Fewer than two past seasons, a size that is not above zero, or no week of the window is left.
    """
    known = list(past)
    if len(known) < FEWEST_SEASONS:
        raise InputError(f"past peaks: {len(known)} season given; give {FEWEST_SEASONS} or more")
    weeks, sizes = (np.asarray(column, dtype=np.float64) for column in zip(*known, strict=True))
    if not (sizes > 0).all():
        raise InputError(f"past peaks: a size of {sizes.min():g}; leave out a season without a wave")
    return PastPeaks(_weeks(weeks, window, origin), _sizes(np.log(sizes), highest))


def _weeks(past: Array, window: Window, origin: str | pd.Timestamp | None) -> pd.Series:
    all_weeks = mondays(checked(window))
    number = np.arange(len(all_weeks), dtype=np.float64)
    width = _width(past, NARROWEST_WEEKS)
    mass = (ndtr((number[:, None] + 0.5 - past) / width) - ndtr((number[:, None] - 0.5 - past) / width)).mean(axis=1)
    left = np.ones(len(number), dtype=bool)
    if origin is not None:
        left = np.asarray(all_weeks > pd.Timestamp(origin) - pd.Timedelta(days=7))
    if not left.any():
        raise InputError(f"past peaks: no week is left after {origin}; the season is over")
    mass = np.where(left, mass, 0.0)
    # Later than any past season ever was: nothing tells the weeks that are left apart.
    mass = mass if mass.sum() > 0 else left.astype(np.float64)
    return pd.Series(mass / mass.sum(), index=all_weeks, name="probability")


def _sizes(past: Array, highest: float) -> pd.Series:
    width = _width(past, NARROWEST_LOG)
    low, high = past.min() - GRID_WIDTHS * width, past.max() + GRID_WIDTHS * width
    floor = np.log(highest) if highest > 0 else -np.inf
    if floor >= high:
        return pd.Series(highest, index=_levels(), name="size")
    grid = np.linspace(max(low, floor), high, GRID)
    share = ndtr((grid[:, None] - past) / width).mean(axis=1)
    share = (share - share[0]) / (share[-1] - share[0])
    return pd.Series(np.exp(np.interp(HUBVERSE_QUANTILES, share, grid)), index=_levels(), name="size")


def _levels() -> pd.Index:
    return pd.Index(HUBVERSE_QUANTILES, name="quantile")


def _width(values: Array, narrowest: float) -> float:
    quarters = np.subtract(*np.quantile(values, [0.75, 0.25])) / 1.34
    spread = values.std(ddof=1)
    least = min(spread, quarters) if quarters > 0 else spread
    return max(float(0.9 * least * len(values) ** -0.2), narrowest)
