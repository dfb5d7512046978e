"""What was known of every location on every day: levels, slopes, weekday shapes, volatility; nothing from later."""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.forecasters.base import Array
from forecast.forecasters.counts import counting_noise, stabilised
from forecast.forecasters.outliers import ENOUGH_TO_DOUBT_ZERO

Whole = npt.NDArray[np.int64]
WEEK_WINDOWS = (2, 4, 13, 26, 52)
SMOOTHINGS = (0.5, 0.25, 0.1, 0.03)
LAGS_DAYS = (1, 3, 7, 14, 28, 56)
LAGS_WEEKS = (1, 2, 4, 8)
OWN_ERRORS_LAGS = 40
SHAPE_WEEKS = 10
LARGEST_STEP = 1.2
"""On the stabilised scale: a value more than threefold off its last week's is a slip until others follow it."""
LARGEST_WEEKLY_STEP = 1.9
"""The same for weekly values, which an epidemic can triple in a week."""
ENOUGH = float(stabilised(np.array(ENOUGH_TO_DOUBT_ZERO)))
COUNTING_SPREADS = 4.0
USUAL_ZEROS = 0.5
"""Where this share of values is zero, a zero is nothing unusual."""
FIRST_VALUES = 4
"""Fewer daily values make no mean of two or four weeks, hence no origin: the first may be judged by all of them."""


class History:
    """Rolling summaries of a panel of counts on the stabilised scale, each (dates, locations).

    Row ``t`` of every attribute uses values of dates up to ``t`` only, so one table serves all past origins. (Whether
    the first values of a location are slips is told from the first ``FIRST_VALUES``, before which ``means`` are NaN.)

    Parameters
    ----------
    counts
        Values by date and location, NaN where missing.
    weekday
        Day of the week of each date, 0 Monday.
    per_week
        Steps in a week: 7 daily, 1 weekly.

    Attributes
    ----------
    trusted
        Counts on the stabilised scale; slips and false zeros left out.
    shape
        (7, dates, locations): departure of each weekday from its week (zero on weekly panels).
    plain
        Values less their weekday's shape; slips left out.
    level
        Mean of ``plain`` over the last week (the last value on weekly panels).
    means
        Weeks -> mean of ``plain`` over that many weeks.
    smooth
        Rate -> exponentially weighted mean of ``plain``.
    step, weekly, monthly
        Typical size of a change over one step, one week and four weeks.
    scale
        Unit in which changes are measured.
    highest, lowest
        Extremes of ``level`` over the last year and half year.
    """

    def __init__(self, counts: Array, weekday: Array, per_week: int) -> None:
        self.per_week = per_week
        self.weekday = weekday
        trusted = pd.DataFrame(_without_slips(stabilised(counts), per_week))
        self.trusted = trusted.to_numpy()
        self.shape = _weekday_shape(trusted, weekday, per_week)
        own = np.take_along_axis(self.shape, weekday.astype(int)[None, :, None], axis=0)[0]
        plain = trusted - own
        self.plain = plain.to_numpy()
        self.level = _mean(plain, per_week, least=max(1, 3 * per_week // 7))
        self.means = {k: _mean(plain, k * per_week, least=max(2, k * per_week // 3)) for k in WEEK_WINDOWS}
        lately = plain.rolling(2 * per_week, min_periods=1).count() > 0
        self.smooth = {
            rate: plain.ewm(alpha=rate, ignore_na=True).mean().where(lately).to_numpy() for rate in SMOOTHINGS
        }
        level = pd.DataFrame(self.level)
        self.step = _mean(plain.diff().abs(), 8 * per_week, least=2 * per_week)
        self.weekly = _mean((level - level.shift(per_week)).abs(), 13 * per_week, least=3 * per_week)
        self.monthly = _mean((level - level.shift(4 * per_week)).abs(), 26 * per_week, least=4 * per_week)
        self.highest = level.rolling(52 * per_week, min_periods=4 * per_week).max().to_numpy()
        self.lowest = level.rolling(26 * per_week, min_periods=4 * per_week).min().to_numpy()
        typical = [np.where(np.isnan(one), 0.1, one) for one in (self.step, self.weekly)]
        self.scale = np.sqrt(0.5 * typical[0] ** 2 + 0.5 * typical[1] ** 2 + counting_noise(self.level) + 0.02**2)
        self.errors = self._past_errors(trusted)

    def unit(self, origin: Whole, location: Whole, ahead: Whole) -> Array:
        """Typical error of carrying the level on so many steps ahead, (rows,); by their trend between lags.

        A hospital with quiet days and restless weeks has a small unit for tomorrow and a large one for next month.
        """
        measured = np.log([self.errors[lag][origin, location] for lag in self.lags])
        place = np.log(np.clip(ahead, self.lags[0], self.lags[-1]))
        known = np.log(np.array(self.lags, dtype=np.float64))
        after = np.clip(np.searchsorted(known, place, side="right"), 1, len(known) - 1)
        share = (place - known[after - 1]) / (known[after] - known[after - 1])
        rows = np.arange(len(place))
        return np.asarray(np.exp((1 - share) * measured[after - 1, rows] + share * measured[after, rows]))

    def _past_errors(self, trusted: pd.DataFrame) -> dict[int, Array]:
        """Lag -> mean size of the error of level and weekday shape so many steps ahead, over the last half year.

        A location's own is shrunk to what all have, in proportion to its scale, while it has few.
        """
        lags = [lag * self.per_week // 7 for lag in LAGS_DAYS] if self.per_week == 7 else list(LAGS_WEEKS)
        self.lags = lags
        noise = counting_noise(self.level)
        found = {}
        for lag in lags:
            shape = np.take_along_axis(self.shape[:, :-lag], self.weekday[lag:].astype(int)[None, :, None], axis=0)[0]
            error = np.full_like(self.level, np.nan)
            error[lag:] = np.abs(trusted.to_numpy()[lag:] - self.level[:-lag] - shape)
            frame = pd.DataFrame(np.minimum(error, LARGEST_STEP))
            window = frame.rolling(26 * self.per_week, min_periods=1)
            count = window.count().to_numpy()
            own = window.mean().to_numpy()
            ratio = pd.Series(_across(own / self.scale)).expanding().mean().fillna(1.0).to_numpy()
            usual = ratio[:, None] * self.scale
            own = np.where(count > 0, np.nan_to_num(own), 0.0)
            # Errors of overlapping stretches tell little anew.
            weight = count / (count + 4 * self.per_week + OWN_ERRORS_LAGS * lag)
            found[lag] = np.sqrt((weight * own + (1 - weight) * usual) ** 2 + 0.25 * noise + 0.01**2)
        return found

    def national(self, weeks: int) -> Array:
        """Mean change of the level over so many weeks at all locations, (dates,)."""
        lag = weeks * self.per_week
        change = np.full_like(self.level, np.nan)
        change[lag:] = self.level[lag:] - self.level[:-lag] if lag < len(change) else np.nan
        return _across(np.clip(change, -1.0, 1.0))

    def national_level(self) -> Array:
        """Sum of mean daily changes: the course of all locations together, (dates,)."""
        change = np.diff(self.level, axis=0, prepend=np.nan)
        return np.nancumsum(_across(np.clip(change, -0.5, 0.5)))


def _without_slips(values: Array, per_week: int) -> Array:
    """Values without zeros and slips that nothing about them speaks for; what goes on is the new level.

    A daily value is not believed far from the median of the week before (of four weeks where the week has fewer than
    three), a weekly one not far from both of the two before it; where zeros are as usual as a level, either is believed
    near its like. A first value has nothing before it: the first three daily ones, also after four weeks without any,
    are judged by the first four, the first weekly one by the next.
    """
    month = 4 * per_week
    table, apart = _without_false_zeros(pd.DataFrame(values), month)
    if per_week == 1:
        before = table.ffill(limit=3)
        earlier = before.shift(1).where(table.notna().cumsum() > 1, table.bfill().shift(-1))
        off = np.fmin((table - earlier).abs(), (table - before.shift(2)).abs())
        slips = (np.fmin(off, apart) > LARGEST_WEEKLY_STEP) & (np.fmax(table, earlier) > ENOUGH)
        return np.asarray(table.mask(slips).to_numpy())
    start = pd.DataFrame(_starts(table.to_numpy(), month))
    table = table.mask((table - start).abs() > _largest_step(start))
    before = table.shift(1)
    middle = before.rolling(per_week, min_periods=3).median().fillna(before.rolling(month, min_periods=1).median())
    return np.asarray(table.mask(np.fmin((table - middle).abs(), apart) > _largest_step(middle)).to_numpy())


def _without_false_zeros(table: pd.DataFrame, month: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Values without the zeros not to be believed, and how far each is from its like where zeros are usual.

    A zero is not believed for four weeks after a level above ``ENOUGH_TO_DOUBT_ZERO``, unless half or more of the
    values of the four weeks before it and its like were zero.
    """
    nothing = table == 0
    usual = table.mask(nothing).shift(1).rolling(month, min_periods=1).median()
    share = nothing.astype(float).where(table.notna()).shift(1).rolling(month, min_periods=1).mean()
    begins = nothing & (table.ffill().shift(1) != 0)
    rare = share.fillna(0.0).where(begins).ffill() < USUAL_ZEROS
    apart = (table - usual).abs()
    apart = apart.where(apart < table, table).where((usual > ENOUGH) & (share >= USUAL_ZEROS))
    return table.mask(nothing & rare & (usual > ENOUGH)), apart


def _largest_step(middle: pd.DataFrame) -> Array:
    """Farthest from a level that a value is believed: of a handful of patients all may go home in a day."""
    return np.sqrt(LARGEST_STEP**2 + COUNTING_SPREADS**2 * counting_noise(middle.to_numpy()))


def _starts(values: Array, silence: int) -> Array:
    """Median of the first values, at all but the last of them; after a silence of so many dates there are new ones."""
    found = np.full_like(values, np.nan)
    for column in range(values.shape[1]):
        known = np.flatnonzero(~np.isnan(values[:, column]))
        breaks = np.flatnonzero(np.diff(known) >= silence) + 1
        for stretch in np.split(known, breaks) if len(known) else []:
            first = stretch[:FIRST_VALUES]
            found[first[: FIRST_VALUES - 1], column] = np.median(values[first, column])
    return found


def _weekday_shape(trusted: pd.DataFrame, weekday: Array, per_week: int) -> Array:
    dates, locations = trusted.shape
    shape = np.zeros((7, dates, locations))
    if per_week == 1:
        return shape
    centred = trusted - trusted.rolling(7, center=True, min_periods=5).mean()
    for day in range(7):
        own = centred.where(np.repeat((weekday == day)[:, None], locations, axis=1))
        shape[day] = own.rolling(7 * SHAPE_WEEKS, min_periods=2).median().shift(3).to_numpy()
    shape = np.where(np.isnan(shape), 0.0, shape)
    return np.asarray(shape - shape.mean(axis=0, keepdims=True))


def _mean(frame: pd.DataFrame, steps: int, least: int) -> Array:
    return np.asarray(frame.rolling(steps, min_periods=min(least, steps)).mean().to_numpy())


def _across(changes: Array) -> Array:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(np.nanmean(changes, axis=1))
