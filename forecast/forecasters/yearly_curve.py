"""The course of the year that all locations share: a slow wave, the Christmas dip, and other bank holidays.

Published backlogs know one or two winters. A curve of weekly means would take all of what happened in them for the
season; here each part of the curve is believed only as far as it stands out from the wandering of all locations
together, and what is not known about it stays in the forecast as a possible curve that is the same for every location.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import holidays
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.linalg import cho_factor, cho_solve

from forecast.forecasters.base import Array

Whole = npt.NDArray[np.int64]
CHRISTMAS_NODES = (-13, -7, -3, 0, 4, 8, 13, 24)
"""Days after 25 December between which the dip is drawn in straight lines; nothing at the first and the last."""
HOLIDAY_NODES = (-5, -2, 0, 2, 5, 10)
"""The same for days after another bank holiday; neighbouring holidays add up."""
WAVE_SDS = (0.01, 0.005)
CHRISTMAS_SD = 0.08
HOLIDAY_SD = 0.03
"""How large the curve may be before anything is known. A wave of a year cannot be told from drift until several years
are known, hence the small ones; a holiday stands out from the days about it in one."""
WAVE_DEPARTURES = (0.025, 0.012)
CHRISTMAS_DEPARTURE = 0.04
HOLIDAY_DEPARTURE = 0.015
"""How far one season departs from the mean of seasons: the Christmases of 2022 and 2023 did by about half of what they
had in common, and two winters cannot say it better."""
LONGEST_DAYS = 1461
FEWEST_WEEKS = 8


@dataclass(frozen=True)
class YearlyCurve:
    r"""Curve of the year :math:`B(t)\beta` on the stabilised scale, with what is not known about :math:`\beta`.

    :math:`B` holds a yearly and a half-yearly wave and the days near Christmas and near other bank holidays. The mean
    course of all locations is the curve plus a random walk plus daily noise, and :math:`\beta` has a normal prior
    about zero, so that its posterior is in closed form (Rasmussen and Williams, *Gaussian Processes for Machine
    Learning*, 2006, section 2.7).

    Parameters
    ----------
    mean
        Posterior mean of the coefficients.
    root
        Matrix whose product with standard normals gives departures of a season from it.
    country, subdivision
        Whose bank holidays.
    """

    mean: Array
    root: Array
    country: str
    subdivision: str

    @classmethod
    def learn(
        cls, course: Array, dates: pd.DatetimeIndex, step_days: int, country: str, subdivision: str
    ) -> YearlyCurve:
        """Learn from the mean course of all locations, (dates,), NaN where not known."""
        prior = _sds(WAVE_SDS, CHRISTMAS_SD, HOLIDAY_SD)
        kept = np.flatnonzero(~np.isnan(course))[-(LONGEST_DAYS // step_days) :]
        per_week = 7 // step_days
        if len(kept) < FEWEST_WEEKS * per_week:
            return cls(np.zeros(len(prior)), _root(np.diag(prior**2)), country, subdivision)
        seen = course[kept]
        walk, noise = _variances(seen, per_week)
        place = (kept - kept[0] + 1).astype(np.float64)
        # The intercept is free: a very wide prior on it.
        spread = walk * np.minimum.outer(place, place) + 100.0 + noise * np.eye(len(kept))
        basis = curve_basis(dates[kept], step_days, country, subdivision)
        solved = cho_solve(cho_factor(spread), np.column_stack([basis, seen]))
        precision = basis.T @ solved[:, :-1] + np.diag(1 / prior**2)
        covariance = np.linalg.inv(precision)
        mean: Array = covariance @ (basis.T @ solved[:, -1])
        return cls(mean, _root(covariance), country, subdivision)

    def basis(self, dates: pd.DatetimeIndex, step_days: int) -> Array:
        """Parts of the curve on each date, (dates, coefficients)."""
        return curve_basis(dates, step_days, self.country, self.subdivision)


def curve_basis(dates: pd.DatetimeIndex, step_days: int, country: str, subdivision: str) -> Array:
    """Waves and holidays on each date, (dates, coefficients); a weekly date stands for the week that begins on it."""
    found = np.mean(
        [_of_days(dates + pd.Timedelta(days=day), country, subdivision) for day in range(step_days)], axis=0
    )
    return np.asarray(found)


def _of_days(days: pd.DatetimeIndex, country: str, subdivision: str) -> Array:
    angle = 2 * np.pi * days.day_of_year.to_numpy() / 365.25
    waves = [turn(k * angle) for k in range(1, len(WAVE_SDS) + 1) for turn in (np.cos, np.sin)]
    number = _numbers(days)
    christmas = _numbers(pd.DatetimeIndex([f"{year}-12-25" for year in range(days[0].year - 1, days[-1].year + 2)]))
    known = _bank_holidays(days[0].year - 1, days[-1].year + 1, country, subdivision)
    near = np.abs(known[:, None] - christmas).min(axis=1) <= CHRISTMAS_NODES[-2]
    return np.column_stack(
        [*waves, _bumps(number, christmas, CHRISTMAS_NODES), _bumps(number, known[~near], HOLIDAY_NODES)]
    )


def _bumps(number: Whole, centres: Whole, nodes: tuple[int, ...]) -> Array:
    """Broken lines through one at each inner node and zero at the others, summed over centres."""
    after = (number[:, None] - centres).astype(np.float64)
    units = np.eye(len(nodes))[1:-1]
    return np.column_stack([np.interp(after, nodes, unit).sum(axis=1) for unit in units])


def _numbers(days: pd.DatetimeIndex) -> Whole:
    return days.to_numpy().astype("datetime64[D]").astype(np.int64)


@cache
def _bank_holidays(first_year: int, last_year: int, country: str, subdivision: str) -> Whole:
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=range(first_year, last_year + 1))
    return _numbers(pd.DatetimeIndex(pd.to_datetime(sorted(found.keys()))))


def _sds(waves: tuple[float, ...], christmas: float, holiday: float) -> Array:
    """One standard deviation a coefficient."""
    pairs = [sd for sd in waves for _ in range(2)]
    return np.array(pairs + [christmas] * (len(CHRISTMAS_NODES) - 2) + [holiday] * (len(HOLIDAY_NODES) - 2))


def _root(covariance: Array) -> Array:
    """Root of what is not known about the mean of seasons plus how far one season departs from it."""
    departures = _sds(WAVE_DEPARTURES, CHRISTMAS_DEPARTURE, HOLIDAY_DEPARTURE)
    both = (covariance + covariance.T) / 2 + np.diag(departures**2)
    return np.asarray(np.linalg.cholesky(both), dtype=np.float64)


def _variances(seen: Array, per_week: int) -> tuple[float, float]:
    """Variance of a step of the random walk and of the noise about it, from typical changes over one and four weeks."""
    one, four = (_typical(seen[lag:] - seen[:-lag]) ** 2 for lag in (1, 4 * per_week))
    walk = max((four - one) / (4 * per_week - 1), 1e-7) if per_week > 1 else max(four / 4, 1e-7)
    return walk, max((one - walk) / 2, 1e-6)


def _typical(changes: Array) -> float:
    """Standard deviation as the middle half of changes has it: a holiday must not pass for restlessness."""
    return float(1.4826 * np.median(np.abs(changes))) if len(changes) else 0.0
