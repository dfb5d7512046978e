"""The value of the same weekday, or of the same week a year ago."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.forecasters.base import Array
from forecast.forecasters.outliers import believed
from forecast.forecasters.per_location import CannotFitError, LocationForecaster
from forecast.forecasters.spread import MIN_ERRORS, at_ranks, log_counts, symmetric_errors, walk_ranks

WEEKS_A_YEAR = 52
YEAR_DAYS = 364


class SeasonalNaive(LocationForecaster):
    """The last believable value of the same weekday (daily panels) or of the same week of last year (weekly panels).

    What is believable is told by ``forecast.forecasters.outliers.believed``; the errors are those of such values too.
    The spread is that of the rule itself: log-ratio errors over the same lag whose target lies in the year
    up to the last value, values below 1 taken as 1, made symmetric so that the rule's value stays the
    median. A lag with fewer than ``MIN_ERRORS`` errors takes those of the longest shorter one that has
    enough, widened with the root of the lag. Along a path the ranks of the errors follow those of a random
    walk. A value below 1 stays as it is where the formula gives 1 or less, as in ``Persistence``. A weekly
    series of less than a year and ``MIN_ERRORS`` weeks falls back to the baseline.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120)
    >>> counts = np.tile([200, 220, 224, 216, 240, 180, 170], 18)[:120] + np.random.default_rng(1).integers(-9, 10, 120)
    >>> panel = pd.DataFrame({"RM1": counts, "RGP": counts // 2}, index=days)
    >>> t = fc.forecasters.SeasonalNaive().fit(panel).predict(7, samples=500, seed=1)
    >>> middle = t.quantiles([0.5]).query("location == 'RM1'")["value"].to_numpy()
    >>> bool((abs(middle - counts[-7:]) <= 3).all())
    True
    """

    called = "model of the last week or year"

    def _fit_location(self, series: pd.Series) -> tuple[Array, int]:
        season = WEEKS_A_YEAR if self.step_days_ == 7 else 7
        values = believed(series, self.step_days_).to_numpy(dtype=np.float64)
        if not _season_errors(values, season, season, self.step_days_).size:
            what = "year" if season == WEEKS_A_YEAR else "week"
            raise CannotFitError(f"too little history to compare with the {what} before")
        return values, season

    def _simulate(self, state: tuple[Array, int], steps: int, samples: int, rng: np.random.Generator) -> Array:
        values, season = state
        ranks = walk_ranks(samples, steps, rng)
        paths = np.empty((samples, steps))
        for h in range(steps):
            used, lag = _same_season(values, h, season)
            errors = _season_errors(values, lag, season, self.step_days_)
            paths[:, h] = max(used, 1.0) * np.exp(at_ranks(errors, ranks[:, h]))
            if used < 1.0:
                paths[paths[:, h] <= 1.0, h] = used
        return paths


def _same_season(values: Array, h: int, season: int) -> tuple[float, int]:
    """Newest value of the season of the ``h``-th step after the last one, and the steps between them."""
    target = len(values) + h
    for lag in range((h // season + 1) * season, target + 1, season):
        if not np.isnan(values[target - lag]):
            return float(values[target - lag]), lag
    raise CannotFitError("no earlier value of the same season")


def _season_errors(values: Array, lag: int, season: int, step_days: int) -> Array:
    """Sorted errors of the rule at ``lag``, or of the longest shorter lag that has enough, widened."""
    logs = log_counts(values)
    first = len(values) - YEAR_DAYS // step_days
    for shorter in range(lag, 0, -season):
        errors = symmetric_errors(logs, shorter, first_target=first)
        if len(errors) >= 2 * MIN_ERRORS:
            return errors * float(np.sqrt(lag / shorter))
    return np.empty(0)
