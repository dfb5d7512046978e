"""One season of a location: what was observed before the origin and the sample paths after it, on one row of dates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError
from forecast.observations.table import step_days
from forecast.trajectories import Trajectories

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Window = tuple[str | pd.Timestamp, str | pd.Timestamp]

WEEK_DAYS = 7
HALF_WEEK_DAYS = 3
FEWEST_OF_WEEK = 4
"""A mean of seven days is taken where at least so many of them are known."""
DATED = ("", "first", "last")


@dataclass(frozen=True)
class Season:
    """Dates that belong to a window, as a forecast and the values before it are dated.

    Parameters
    ----------
    dates
        Days or weeks, equally spaced, from before the window (so that means of its first days are whole) to the last
        forecast date.
    middles
        The day itself, or the middle day of the week: what decides of the window and of the calendar week.
    step
        1 daily, 7 weekly.
    last_dated
        A week stands under its last day, not under its first.
    origin
        Last day that may be observed.
    window
        First and last day.
    """

    dates: pd.DatetimeIndex
    middles: pd.DatetimeIndex
    step: int
    last_dated: bool
    origin: pd.Timestamp
    window: tuple[pd.Timestamp, pd.Timestamp]

    @classmethod
    def of(cls, t: Trajectories, window: Window, dated: str = "") -> Season:
        """Lay out the dates of a forecast and its past.

        Raises
        ------
        InputError
            The window is no pair of days in order, the step is neither a day nor a week, or ``dated`` is unknown.
        """
        first, last = checked(window)
        if t.step_days not in (1, WEEK_DAYS):
            raise InputError(f"peaks: the forecast has steps of {t.step_days} days; give a daily or a weekly one")
        if dated not in DATED:
            raise InputError(f"peaks: dated is {dated!r}; write 'first' or 'last', the day a week stands under")
        weekly = t.step_days == WEEK_DAYS
        last_dated = weekly and (dated == "last" or (not dated and t.dates[0].day_of_week != 0))
        back = max((t.dates[0] - first).days + WEEK_DAYS, 0) // t.step_days
        begin = t.dates[0] - pd.Timedelta(days=back * t.step_days)
        dates = pd.date_range(begin, t.dates[-1], freq=f"{t.step_days}D", unit="us")
        shift = 0 if not weekly else (-HALF_WEEK_DAYS if last_dated else HALF_WEEK_DAYS)
        middles = dates + pd.Timedelta(days=shift)
        return cls(dates, middles, t.step_days, last_dated, t.origin, (first, last))

    @property
    def inside(self) -> Mask:
        """Dates that belong to the window."""
        return np.asarray((self.middles >= self.window[0]) & (self.middles <= self.window[1]))

    @property
    def past(self) -> Mask:
        """Dates up to the origin."""
        return np.asarray(self.dates <= self.origin)

    def observed(self, panel: pd.DataFrame | None, location: str) -> Array:
        """Values of a panel as ``checked_observed`` gives it at each date up to the origin, NaN where none (dates,)."""
        if panel is None or location not in panel:
            return np.full(len(self.dates), np.nan)
        series = panel[location]
        series = series[series.index <= self.origin]
        if self.step == WEEK_DAYS and step_days(panel.index) == 1:
            series = self._weekly(series)
        return np.asarray(series.reindex(self.dates), dtype=np.float64)

    def joined(self, observed: Array, paths: Array, dates: pd.DatetimeIndex) -> Array:
        """Each sample's season (samples, dates): the observed values, then its path."""
        whole = np.tile(observed, (len(paths), 1))
        whole[:, self.dates.get_indexer(dates)] = paths
        return whole

    def _weekly(self, daily: pd.Series) -> pd.Series:
        """Means of the seven days that each date stands for."""
        if daily.empty:
            return daily
        days = pd.date_range(daily.index[0], daily.index[-1] + pd.Timedelta(days=WEEK_DAYS), freq="D", unit="us")
        means = daily.reindex(days).rolling(WEEK_DAYS, min_periods=FEWEST_OF_WEEK).mean()
        if not self.last_dated:
            means = means.set_axis(days - pd.Timedelta(days=WEEK_DAYS - 1))
        return means[means.index <= self.origin]


def smoothed(values: Array) -> Array:
    """Centred seven-day means along the last axis, of the days known; NaN where fewer than ``FEWEST_OF_WEEK`` are."""
    known = ~np.isnan(values)
    total, count = (_sums(part) for part in (np.where(known, values, 0.0), known.astype(np.float64)))
    return np.where(count >= FEWEST_OF_WEEK, total / np.maximum(count, 1.0), np.nan)


def _sums(values: Array) -> Array:
    padding = [(0, 0)] * (values.ndim - 1) + [(HALF_WEEK_DAYS + 1, HALF_WEEK_DAYS)]
    running = np.cumsum(np.pad(values, padding), axis=-1)
    found: Array = running[..., WEEK_DAYS:] - running[..., :-WEEK_DAYS]
    return found


def checked(window: Window) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and last day of a window.

    Raises
    ------
    InputError
        They are not two days in order.
    """
    try:
        first, last = (pd.Timestamp(day) for day in window)
    except (TypeError, ValueError) as error:
        raise InputError(f"window {window!r}: give two days, such as ('2024-10-01', '2025-04-30')") from error
    if pd.isna(first) or pd.isna(last):
        raise InputError(f"window {window!r}: a day is missing; give two days, such as ('2024-10-01', '2025-04-30')")
    if first.tzinfo is not None or last.tzinfo is not None:
        raise InputError(f"window {window!r}: a day has a time zone; remove it with tz_localize(None)")
    first, last = first.normalize(), last.normalize()
    if not first <= last:
        raise InputError(f"window {first:%Y-%m-%d} to {last:%Y-%m-%d}: the last day is before the first; swap them")
    return first, last


def mondays(window: tuple[pd.Timestamp, pd.Timestamp]) -> pd.DatetimeIndex:
    """Mondays of the calendar weeks that a window touches."""
    first, last = (day - pd.Timedelta(days=day.day_of_week) for day in window)
    return pd.date_range(first, last, freq="7D", unit="us", name="week")
