"""How a level goes on over weeks and months, learned over all locations: back towards its usual, ever less surely."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from forecast.forecasters.base import Array
from forecast.forecasters.dependence import Dependence
from forecast.forecasters.pooled.history import History

SCORES = np.linspace(-2.8, 2.8, 29)
"""Normal scores at which errors are kept, the middle one 0."""
USUAL_WEEKS = 52
UNIT_WEEKS = 26
CHANGE_WEEKS = 1
SHRINK_WEEKS = 13.0
"""Weeks of own changes that count as much as all locations' about how restless a location is."""
FEWEST_ORIGINS = 6
FEWEST_ERRORS = 20
LARGEST_ERROR = 12.0
STILL_ROWS = 0.2
"""Pull towards no return to the usual, as a share of the examples there are."""
SMALLEST_UNIT = 0.02
LARGEST_DEPARTURE = 0.6
FURTHEST_UNIT = 1.0
"""Logarithm of how many times as restless as most a location can be."""
GROWTH = 0.3
"""Power of the weeks with which errors grow beyond the longest lag known: a random walk's is a half, but levels
return."""


@dataclass(frozen=True)
class LongRange:
    r"""Weekly level :math:`L`, its usual value :math:`\mu`, and its unit :math:`u`, at every location.

    Over :math:`g` weeks, :math:`L_{t+g} = \mu + (1-\beta_g)(L_t - \mu) + u\,\varepsilon_g`. The return
    :math:`\beta_g` is the least-squares one over all locations and past weeks, :math:`\varepsilon_g` has the errors
    that this very rule made, made symmetric: which way all went together in the one or two years known says nothing of
    the next, how far does.

    Parameters
    ----------
    back
        :math:`\beta_g`, (weeks + 1,), rising from 0 at no weeks.
    quantiles
        Of :math:`\varepsilon_g` at ``SCORES``, (weeks + 1, scores), never narrowing with the weeks.
    dependence
        Of the errors, over weeks and between locations.
    usual, unit
        :math:`\mu` and :math:`u` by location.
    shape
        Departure of each weekday from its week, (7, locations).
    carry
        Share of the last day's departure from its week that the level keeps; the rest is gone within days.
    daily_sd, daily_tie
        Size by location of what a day departs from its week's level and weekday, and its correlation from day to day.
    """

    back: Array
    quantiles: Array
    dependence: Dependence
    usual: Array
    unit: Array
    shape: Array
    carry: float
    daily_sd: Array
    daily_tie: float

    @classmethod
    def learn(cls, past: History, season: Array, weeks: int, locations: list[str]) -> LongRange | None:
        """Learn from what was known of every location, less the curve of the year, (dates,); None with too little."""
        per_week = past.per_week
        plain = pd.DataFrame(past.plain - season[:, None])
        level = plain.rolling(per_week, min_periods=max(1, 3 * per_week // 7)).mean()
        usual = plain.rolling(USUAL_WEEKS * per_week, min_periods=1).mean()
        unit = _unit(level, per_week)
        carry, daily_tie = _carry(plain.to_numpy(), level.to_numpy(), per_week)
        state = level + carry * (plain - level).fillna(0.0)
        known = _Known(level.to_numpy(), state.to_numpy(), usual.to_numpy(), unit.to_numpy(), per_week)
        back, errors = [0.0], []
        for lag in range(1, weeks + 1):
            found = known.errors(lag, back[-1])
            if found is None:
                break
            back.append(found[0])
            errors.append(found[1])
        if not errors:
            return None
        quantiles = _quantiles(errors, weeks)
        scores = _scores(errors, quantiles)
        centred = plain - plain.rolling(per_week, center=True, min_periods=max(1, per_week // 2)).mean()
        return cls(
            back=np.append(back, np.full(weeks - len(errors), back[-1])),
            quantiles=quantiles,
            dependence=Dependence.learn(scores, locations),
            usual=_last(usual),
            unit=_last(unit),
            shape=_last_shape(past),
            carry=carry,
            daily_sd=_daily_sd(centred.iloc[-USUAL_WEEKS * per_week :]),
            daily_tie=daily_tie,
        )


@dataclass(frozen=True)
class _Known:
    """Levels, what is said of them, usual levels and units, (dates, locations); each week's last day is an origin."""

    level: Array
    state: Array
    usual: Array
    unit: Array
    per_week: int

    def errors(self, lag: int, at_least: float) -> tuple[float, Array] | None:
        """Return to the usual over ``lag`` weeks, and errors in units, (origins, locations); None if too few."""
        ends = np.arange(len(self.level) - 1, lag * self.per_week - 1, -self.per_week)[::-1]
        starts = ends - lag * self.per_week
        unit = self.unit[starts]
        change = (self.level[ends] - self.state[starts]) / unit
        off = (self.state[starts] - self.usual[starts]) / unit
        seen = ~np.isnan(change + off)
        if seen.sum() < FEWEST_ERRORS or seen.any(axis=1).sum() < FEWEST_ORIGINS:
            return None
        held = np.where(seen, np.clip(change, -LARGEST_ERROR, LARGEST_ERROR), 0.0)
        from_usual = np.where(seen, off, 0.0)
        size = float(np.square(from_usual).sum())
        still = STILL_ROWS * float(seen.sum())
        back = float(np.clip(-(held * from_usual).sum() / (size + still), at_least, 1.0))
        return back, np.where(seen, np.clip(change + back * off, -LARGEST_ERROR, LARGEST_ERROR), np.nan)


def _unit(level: pd.DataFrame, per_week: int) -> pd.DataFrame:
    """Typical change over a week in the last half year, shrunk to that of all locations and never far from it."""
    changes = level.diff(CHANGE_WEEKS * per_week).abs()
    window = changes.rolling(UNIT_WEEKS * per_week, min_periods=1)
    own = window.mean().clip(lower=SMALLEST_UNIT).apply(np.log)
    weight = window.count() / (window.count() + SHRINK_WEEKS * per_week)
    everyone = own.median(axis=1)
    apart = own.sub(everyone, axis=0).clip(-FURTHEST_UNIT, FURTHEST_UNIT)
    return (weight * apart).fillna(0.0).add(everyone, axis=0).apply(np.exp)


def _quantiles(errors: list[Array], weeks: int) -> Array:
    """Of errors by weeks ahead, (weeks + 1, scores): symmetric, not narrowing, and on as a random walk's."""
    half = len(SCORES) // 2
    found = np.zeros((weeks + 1, len(SCORES)))
    for lag, rows in enumerate(errors, start=1):
        size = np.quantile(np.abs(rows[~np.isnan(rows)]), 2 * ndtr(SCORES[half + 1 :]) - 1)
        upper = np.maximum(size, found[lag - 1, half + 1 :])
        found[lag, half + 1 :] = upper
        found[lag, :half] = -upper[::-1]
    last = len(errors)
    for lag in range(last + 1, weeks + 1):
        found[lag] = found[last] * (lag / last) ** GROWTH
    return found


def _scores(errors: list[Array], quantiles: Array) -> Array:
    """Normal scores of errors, (origins, locations, weeks); the first origins are the same day at all weeks."""
    origins = max(len(rows) for rows in errors)
    scores = np.full((origins, errors[0].shape[1], len(errors)), np.nan)
    for place, rows in enumerate(errors):
        # Origins count back from the newest end: those of a longer lag are the earlier ones.
        found = np.interp(rows, np.maximum.accumulate(quantiles[place + 1] + 1e-9 * np.arange(len(SCORES))), SCORES)
        scores[: len(rows), :, place] = np.where(np.isnan(rows), np.nan, found)
    return scores


def _carry(plain: Array, level: Array, per_week: int) -> tuple[float, float]:
    """Share of a day's departure from its week that the level keeps, and of the rest from one day to the next."""
    if per_week == 1:
        return 0.0, 0.0
    departure = np.clip(plain - level, -LARGEST_DEPARTURE, LARGEST_DEPARTURE)
    shares = []
    for lag in range(1, 2 * per_week + 1):
        later = np.clip(plain[lag:] - level[:-lag], -2 * LARGEST_DEPARTURE, 2 * LARGEST_DEPARTURE)
        now = np.where(np.isnan(later), np.nan, departure[:-lag])
        size = float(np.nansum(np.square(now)))
        shares.append(float(np.nansum(now * later)) / size if size > 0 else 0.0)
    kept = float(np.clip(np.mean(shares[per_week:]), 0.0, 0.9))
    return kept, float(np.clip((shares[0] - kept) / (1 - kept), 0.0, 0.9))


def _daily_sd(centred: pd.DataFrame) -> Array:
    """Size by location of a day's departure from its week; that of most where not known."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        size = 1.4826 * np.nanmedian(np.abs(centred.to_numpy()), axis=0)
    everyone = float(np.median(size[~np.isnan(size)])) if np.isfinite(size).any() else 0.0
    return np.where(np.isnan(size), everyone, size)


def _last(frame: pd.DataFrame) -> Array:
    return np.asarray(frame.ffill().iloc[-1].to_numpy(), dtype=np.float64)


def _last_shape(past: History) -> Array:
    """Weekday shape on the last date on which each location's level was known."""
    known = ~np.isnan(past.level)
    last = np.where(known.any(axis=0), len(known) - 1 - known[::-1].argmax(axis=0), 0)
    return np.asarray(past.shape[:, last, np.arange(known.shape[1])])
