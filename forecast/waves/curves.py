"""A hospital's counts and the nation's curve, made ready to be laid over each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError
from forecast.observations.table import step_days

Array = npt.NDArray[np.float64]
WEEK = 7
MIDDLE_OF_WEEK = 3
"""Days from the Monday that dates a week, or to the day that ends it, to its middle, for which its value stands."""
SHRINK_WEEKDAY = 20.0
"""Patients' worth of belief that a weekday is like any other."""
LEAST_MEAN = 0.5
"""The mean of a count is never taken as less."""
SMOOTHING_DAYS, SMOOTHING_ORDER = 11, 2
SHORT_GAP = 7
"""Days without a national value that are bridged as if they were known."""
SLOPE_DAYS = 7
SLOPE_HALF_LIFE = 21.0
"""Days after which half of the last growth is taken to be left beyond the nation's last value."""


@dataclass(frozen=True)
class Counts:
    """What a hospital reported, without its weekday shape.

    Parameters
    ----------
    days
        Day numbers of the values, rising; the middle of the week for weekly ones.
    flat
        Counts divided by their weekday's factor.
    mean
        What they scatter about, from the days around.
    """

    days: npt.NDArray[np.int64]
    flat: Array
    mean: Array

    @classmethod
    def of(cls, series: pd.Series) -> Counts:
        """Make ready a series without a missing value."""
        dates = pd.DatetimeIndex(series.index)
        values = series.to_numpy(dtype=np.float64)
        if spacing(dates) != 1:
            return cls(day_numbers(dates), values, np.maximum(values, LEAST_MEAN))
        every = series.reindex(pd.date_range(dates[0], dates[-1]))
        flat = every / weekday_factors(every)
        mean = flat.rolling(WEEK, center=True, min_periods=1).mean().reindex(dates).to_numpy(dtype=np.float64)
        return cls(day_numbers(dates), flat.reindex(dates).to_numpy(dtype=np.float64), np.maximum(mean, LEAST_MEAN))

    @property
    def response(self) -> Array:
        """Working response of a regression on the log scale: normal, of variance 1/mean and over-dispersion."""
        return np.asarray(np.log(self.mean) + (self.flat - self.mean) / self.mean)


@dataclass(frozen=True)
class Curve:
    """Logarithm of the nation's smoothed curve, on any day.

    Parameters
    ----------
    first
        Day number of the first known value.
    logs
        Logarithms from the first known day to the last.
    slopes
        Growth a day at the first and the last known day.
    gaps
        First and last known day number around each longer stretch without a value.
    """

    first: int
    logs: Array
    slopes: tuple[float, float]
    gaps: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, series: pd.Series) -> Curve:
        """Smooth and interpolate a series without a missing value, of which two at least are above zero."""
        # Loaded here: both take a second, and every page that only shows a run would wait for it.
        from scipy.interpolate import PchipInterpolator
        from scipy.signal import savgol_filter

        dates = pd.DatetimeIndex(series.index)
        daily = spacing(dates) == 1
        values = series.to_numpy(dtype=np.float64)
        positive = np.where(values > 0, values, values[values > 0].min() / 2)
        days = day_numbers(dates)
        if daily:
            every = pd.Series(positive, index=dates).reindex(pd.date_range(dates[0], dates[-1]))
            positive = (every / weekday_factors(every)).reindex(dates).to_numpy(dtype=np.float64)
        line = PchipInterpolator(days, np.log(positive))(np.arange(days[0], days[-1] + 1))
        if daily and len(line) >= SMOOTHING_DAYS:
            line = savgol_filter(line, SMOOTHING_DAYS, SMOOTHING_ORDER)
        around = min(SLOPE_DAYS, len(line) - 1)
        slopes = ((line[around] - line[0]) / around, (line[-1] - line[-1 - around]) / around)
        wide = np.flatnonzero(np.diff(days) > max(SHORT_GAP, 1 + WEEK))
        return cls(int(days[0]), line, slopes, tuple((int(days[i]), int(days[i + 1])) for i in wide))

    @property
    def last(self) -> int:
        """Day number of the last known value."""
        return self.first + len(self.logs) - 1

    def at(self, days: npt.NDArray[np.int64]) -> Array:
        """Logarithms on days; before the first and after the last known one the growth there, fading."""
        known = self.logs[np.clip(days - self.first, 0, len(self.logs) - 1)]
        fade = SLOPE_HALF_LIFE / np.log(2)
        early, late = self.beyond(days)
        before = -self.slopes[0] * fade * (1 - np.exp(-early / fade))
        after = self.slopes[1] * fade * (1 - np.exp(-late / fade))
        return np.asarray(known + before + after)

    def beyond(self, days: npt.NDArray[np.int64]) -> tuple[Array, Array]:
        """Days before the first known value, and days after the last; zero in between."""
        return np.maximum(self.first - days, 0).astype(np.float64), np.maximum(days - self.last, 0).astype(np.float64)


def checked_series(series: pd.Series, what: str) -> pd.Series:
    """Values that are known, on sorted whole days, or say what is wrong with them.

    Raises
    ------
    InputError
        It is no series of numbers on days, or holds a value below zero or without bound.
    """
    if not isinstance(series, pd.Series):
        raise InputError(f"{what} is a {type(series).__name__}; give a pandas Series of counts on a DatetimeIndex")
    if len(series) == 0:
        return pd.Series(dtype=np.float64, index=pd.DatetimeIndex([]))
    _check_dates(series.index, what)
    try:
        values = series.astype(np.float64).sort_index()
    except (TypeError, ValueError):
        raise InputError(f"{what} holds a value that is no number; give counts, NaN where missing") from None
    wrong = values[np.isinf(values) | (values < 0)]
    if len(wrong):
        raise InputError(
            f"{what} is {wrong.iloc[0]:g} on {wrong.index[0]:%Y-%m-%d}; give counts of zero and more, NaN where missing"
        )
    return values.dropna()


def _check_dates(index: pd.Index, what: str) -> None:
    if not isinstance(index, pd.DatetimeIndex):
        raise InputError(f"{what}: the index is {type(index).__name__}; set a DatetimeIndex of days or weeks")
    if index.tz is not None or index.hasnans or (index != index.normalize()).any():
        raise InputError(f"{what}: its dates are not all whole days without a time zone; normalise the index")
    if index.has_duplicates:
        raise InputError(f"{what}: {index[index.duplicated()][0]:%Y-%m-%d} stands twice; keep one value a date")


def spacing(dates: pd.DatetimeIndex) -> int:
    """Days in a step: 7 where every value lies whole weeks from the first, else 1."""
    return 1 if len(dates) < 2 else max(step_days(dates), 1)


def day_numbers(dates: pd.DatetimeIndex) -> npt.NDArray[np.int64]:
    """Whole days since 1970; of a week its middle: weeks that are dated by no Monday are taken to end on their date."""
    days = dates.to_numpy().astype("datetime64[D]").astype(np.int64)
    if spacing(dates) != WEEK:
        return np.asarray(days)
    return np.asarray(days + (MIDDLE_OF_WEEK if dates[0].day_of_week == 0 else -MIDDLE_OF_WEEK))


def weekday_factors(every: pd.Series) -> pd.Series:
    """Factor of each day's weekday: its counts over those of the weeks around, which have mean 1 over a week.

    The closed form of a Poisson regression with a factor a weekday, where the mean of the week around each day is
    given; shrunk to 1 by ``SHRINK_WEEKDAY`` patients.
    """
    around = every.rolling(WEEK, center=True, min_periods=WEEK).mean()
    known = around.notna()
    weekday = pd.DatetimeIndex(every.index).day_of_week
    counted = every[known].groupby(weekday[known]).sum().reindex(range(WEEK), fill_value=0.0)
    expected = around[known].groupby(weekday[known]).sum().reindex(range(WEEK), fill_value=0.0)
    logs = np.log((counted + SHRINK_WEEKDAY) / (expected + SHRINK_WEEKDAY))
    return pd.Series(np.exp(logs - logs.mean()).to_numpy()[weekday], index=every.index)
