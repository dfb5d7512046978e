"""Hospitals tied to the nation: share, days behind, and what is their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.forecasters.base import Array
from forecast.forecasters.counts import counting_noise, counts_of, stabilised
from forecast.forecasters.curves.weekly import Weeks, middle_of, numbers, weeks_of
from forecast.reference import reference

LagDays = Callable[[pd.Series, pd.Series], pd.Series]
"""Local and national values -> whole days behind (index) with their probabilities (values)."""
LAGS = np.arange(-14, 29, 2)
USUAL_LAG = "days_behind_usual"
NORMAL_90 = 1.645
"""Half the central 90 % range of a standard normal variable."""
MEMORY_WEEKS = 40.0
"""Half-life of what the past says of a hospital's share."""
WEEKS_PER_VALUE = 3.0
"""Weekly departures are tied: so many of them tell as much as one."""
LEAST_SPREAD, FURTHEST = 0.05, 1.5
DOUBTED_ZERO = 5.0
"""Patients expected of a week above which a zero is not believed."""
USUAL_SPREAD, PRIOR_WEEKS = 0.3, 12.0
"""Spread of a hospital about its share of the nation in logarithms, and the weeks by which its own counts as much."""
TIE = 0.85
"""Of a hospital's departure from its share, from one week to the next."""
COUNTING_TIE = 0.6
"""Of the random part of a count, from one week to the next: patients stay."""
ANCHOR_DAYS = 2.0
"""Age in days by which a value says half as much of today's departure."""
SHAPE_WEEKS, FEWEST_OF_WEEKDAY, SURE = 10, 3, 2.0


@dataclass(frozen=True)
class Place:
    """How a location follows the nation.

    Parameters
    ----------
    share
        Logarithm of the location's level over the nation's.
    spread
        Standard deviation of its departure from that.
    lags, chances
        Days behind and their chances.
    values, days
        Newest values and their day numbers, for where it stands today.
    shape
        Departure of each weekday from its week, stabilised scale, (7,).
    unit
        Counts in one unit of its values.
    """

    share: float
    spread: float
    lags: Array
    chances: Array
    values: Array
    days: Array
    shape: Array
    unit: float

    def draw(self, nation: Array, nodes: Array, ahead: Array, rng: np.random.Generator) -> Array:
        """Values on days ahead, (samples, steps), along national paths.

        Parameters
        ----------
        nation
            Logarithm of the nation's level at ``nodes``, (samples, nodes).
        nodes, ahead
            Day numbers of the nation's weeks, and of the days ahead.
        rng
            Random numbers.
        """
        samples = len(nation)
        lag = rng.choice(self.lags, size=samples, p=self.chances)
        now = logs_at(nation, nodes, self.days[None, :] - lag[:, None])
        weight = 0.5 ** ((self.days[-1] - self.days) / ANCHOR_DAYS)
        own = np.log(self.values + 0.5 / self.unit) - self.share
        departure = (own[None, :] - now) @ (weight / weight.sum())
        since = ahead - self.days[-1]
        later = logs_at(nation, nodes, ahead[None, :] - lag[:, None])
        decay = TIE ** (since / 7.0)
        course = self.spread * wander(samples, since, TIE, rng)
        level = later + self.share + departure[:, None] * decay + course
        return self._counted(level, ahead, since, rng)

    def _counted(self, level: Array, ahead: Array, since: Array, rng: np.random.Generator) -> Array:
        """Counts about a level: their random part grows from none today, and weekdays have their shape."""
        scaled = stabilised(np.exp(np.minimum(level, 50.0)) * self.unit)
        random = np.sqrt(counting_noise(scaled)) * wander(len(level), since, COUNTING_TIE, rng)
        weekday = np.asarray(ahead, dtype=np.int64) % 7
        return np.asarray(counts_of(scaled + random + self.shape[weekday]) / self.unit)


def nation_itself(weeks: Weeks, series: pd.Series, step_days: int) -> Place:
    """The nation as a location of its own: all of itself, no days behind."""
    values, days = newest(series, step_days)
    one = np.zeros(1)
    return Place(0.0, weeks.noise, one, one + 1, values, days, weekday_shape(series, step_days), weeks.unit)


def follow(series: pd.Series, national: Weeks, step_days: int, lag_days: LagDays | None = None) -> Place:
    """Learn how a location follows the nation, from the weeks that both have; recent ones count more.

    Parameters
    ----------
    series
        The location's values, with at least one.
    national
        The nation's weeks.
    step_days
        1 or 7.
    lag_days
        Gives the distribution of days behind; learned here where None.
    """
    own = weeks_of(series, step_days, series.index[-1])
    place = numbers(pd.DatetimeIndex(own.levels.index))
    known = ~np.isnan(own.levels.to_numpy())
    nodes = numbers(pd.DatetimeIndex(national.levels.index))
    there = ~np.isnan(national.levels.to_numpy())
    weight = 0.5 ** ((place[-1] - place) / (7 * MEMORY_WEEKS))
    found = []
    for lag in LAGS:
        at = place - lag
        inside = known & (at >= nodes[there].min(initial=np.inf)) & (at <= nodes[there].max(initial=-np.inf))
        gap = np.abs(at[:, None] - nodes[there][None, :]).min(axis=1, initial=np.inf) <= 7
        use = inside & gap
        there_then = np.exp(np.interp(at[use], nodes[there], national.logs[there]))
        found.append(_fitted(own.levels.to_numpy()[use], there_then, weight[use], own.unit))
    share, spread, square, count = (np.array(column) for column in zip(*found, strict=True))
    # Lags use different weeks; a longer series must not look like a better fit.
    likelihood = -0.5 * count.min() / WEEKS_PER_VALUE * np.log(square + LEAST_SPREAD**2)
    if lag_days is not None:
        given = lag_days(series, national.levels)
        lags, chances = given.index.to_numpy(dtype=np.float64), given.to_numpy(dtype=np.float64)
    else:
        usual = reference().assumption(USUAL_LAG, national=True)
        spread_of_lags = ((usual.high or 0.0) - (usual.low or 0.0)) / (2 * NORMAL_90)
        score = likelihood - 0.5 * ((LAGS - usual.value) / spread_of_lags) ** 2
        lags, chances = LAGS.astype(np.float64), np.exp(score - score.max())
    chances = chances / chances.sum()
    best = np.interp(lags, LAGS, share) @ chances
    sent = _sent(series, float(best), float(lags @ chances), national, step_days)
    values, days = newest(sent, step_days)
    width = float(np.interp(lags, LAGS, spread) @ chances)
    return Place(float(best), width, lags, chances, values, days, weekday_shape(sent, step_days), own.unit)


def _sent(series: pd.Series, share: float, lag: float, national: Weeks, step_days: int) -> pd.Series:
    """The series without zeros where the nation leads to expect many patients; as it is where nothing would be left."""
    known = national.levels.dropna()
    dates = pd.DatetimeIndex(series.index)
    at = numbers(dates) + middle_of(dates, step_days) - lag
    logs = np.log(np.maximum(known.to_numpy(dtype=np.float64), 0.5 / national.unit))
    expected = np.exp(share + np.interp(at, numbers(pd.DatetimeIndex(known.index)), logs))
    kept = series.mask((series == 0) & (expected >= DOUBTED_ZERO))
    return kept.loc[: kept.last_valid_index()] if kept.notna().any() else series


def _fitted(values: Array, nation: Array, weight: Array, unit: float) -> tuple[float, float, float, float]:
    """Logarithm of a location's share, its spread beyond counting, mean square departure, and weeks it rests on.

    The share of the sums is a first guess; weeks with few patients expected say little of the departure from it.
    """
    if not len(values) or weight @ values <= 0:
        return float(np.log(0.5 / unit) - np.log(nation.max(initial=1.0))), USUAL_SPREAD, 1.0, 0.0
    some = values > 0
    share = float(weight[some] @ values[some] / (weight[some] @ nation[some]))
    # No chance makes a zero of so many patients: nothing was sent.
    sent = some | (share * nation * unit < DOUBTED_ZERO)
    values, nation, weight = values[sent], nation[sent], weight[sent]
    share = float(weight @ values / (weight @ nation))
    rest = np.log(values + 0.5 / unit) - np.log(share * nation + 0.5 / unit)
    variance = 1.0 / (share * nation * unit + 1.0)
    sure = weight / (USUAL_SPREAD**2 + variance)
    mean = _weighted_median(rest, sure)
    count = float(sure.sum() ** 2 / np.square(sure).sum())
    square = float(np.average(np.minimum((rest - mean) ** 2, FURTHEST**2), weights=sure))
    beyond = max(square - float(np.average(variance, weights=sure)), LEAST_SPREAD**2)
    spread = np.sqrt((count * beyond + PRIOR_WEEKS * USUAL_SPREAD**2) / (count + PRIOR_WEEKS))
    return float(np.log(share)) + mean, float(spread), square, count


def _weighted_median(values: Array, weight: Array) -> float:
    order = values.argsort()
    total = weight[order].cumsum()
    return float(values[order][np.searchsorted(total, total[-1] / 2)])


def wander(samples: int, since: Array, tie: float, rng: np.random.Generator) -> Array:
    """Autoregression of the first order, variance one in the end and zero on the last known day, (samples, steps)."""
    per_step = tie ** (np.diff(since, prepend=0.0) / 7.0)
    shocks = rng.standard_normal((samples, len(since))) * np.sqrt(1 - per_step**2)
    found, state = np.empty_like(shocks), np.zeros(samples)
    for step in range(len(since)):
        state = per_step[step] * state + shocks[:, step]
        found[:, step] = state
    return found


def logs_at(nation: Array, nodes: Array, days: Array) -> Array:
    """National logs between weeks in straight lines, held beyond the ends, (samples, days)."""
    place = np.clip((days - nodes[0]) / 7.0, 0.0, len(nodes) - 1.000001)
    left = place.astype(np.int64)
    share = place - left
    low, high = (np.take_along_axis(nation, np.broadcast_to(at, place.shape), axis=1) for at in (left, left + 1))
    return np.asarray((1 - share) * low + share * high)


def newest(series: pd.Series, step_days: int) -> tuple[Array, Array]:
    """Believable values of the week up to the newest one, without weekday shape, and their day numbers."""
    known = series.dropna().iloc[-(7 // step_days) :]
    known = known[known.index > known.index[-1] - pd.Timedelta(days=7)]
    dates = pd.DatetimeIndex(known.index)
    shape = weekday_shape(series, step_days)[dates.day_of_week]
    values = counts_of(stabilised(known.to_numpy(dtype=np.float64)) - shape)
    return np.asarray(values), numbers(dates) + middle_of(dates, step_days)


def weekday_shape(series: pd.Series, step_days: int) -> Array:
    """Departure of each weekday from its week on the stabilised scale over the last weeks, (7,).

    It is shrunk by what chance alone would make of it: beds have next to none, admissions have much.
    """
    if step_days == 7:
        return np.zeros(7)
    scaled = pd.Series(stabilised(series.to_numpy(dtype=np.float64)), index=series.index)
    rest = (scaled - scaled.rolling(7, center=True, min_periods=7).mean()).dropna().iloc[-7 * SHAPE_WEEKS :]
    by_day = rest.groupby(pd.DatetimeIndex(rest.index).day_of_week)
    count = by_day.count().reindex(range(7), fill_value=0).to_numpy()
    if count.min() < FEWEST_OF_WEEKDAY:
        return np.zeros(7)
    mean = by_day.mean().to_numpy(dtype=np.float64)
    chance = float((by_day.var().to_numpy(dtype=np.float64) / count).mean())
    found = float(np.square(mean).mean())
    return np.asarray(mean * (max(0.0, 1.0 - SURE * chance / found) if found > 0 else 0.0))
