"""What is usual at the time of year: what a forecast of a whole season has to beat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri

from forecast.forecasters.base import Array
from forecast.forecasters.certainty import never_certain
from forecast.forecasters.per_location import CannotFitError, LocationForecaster
from forecast.forecasters.spread import log_counts, walk_ranks

YEAR_DAYS = 364
"""52 weeks, so that a year ago is the same weekday."""
NEAR_DAYS = 15
SETTLED_DAYS = 28
FEWEST_DAYS = 56


class SeasonalClimatology(LocationForecaster):
    r"""Departures of the same time of year in past years from their year, about the present usual level.

    With :math:`x_t = \log\max(y_t, 1)`, a departure :math:`a_t` is :math:`x_t` less the mean of the 364 days about
    :math:`t`, as far as they are known, and the present usual level :math:`\mu_T` is the mean of the last 364. The
    season's departure :math:`c` of a date is the mean of those within 15 days of it in the :math:`n` past years known,
    times :math:`n / (n + 1)`: one winter is half believed. The forecast of any date is :math:`\mu_T + c + r` where
    :math:`r` are the past errors of this, each against the season of the other years; without past years :math:`c` is
    zero. A path runs along a stretch of them from a random past week, and on from the first after the last, so its days
    hang together and keep their weekdays.

    The last value counts as one of a year and the range is the same at all steps ahead, as in any climatology: that is
    why it loses to the last value carried forward at first and may win later. Departures, not values, because backlogs
    have drifted by more than seasons move them in the two or three years published; from the year about a day, not the
    year before it, because a drift would else pass for a season.

    A count that is nearly always the same, or 0 or 1, which are one to the logarithm, would have a range without width;
    there it is that of random counts, and a note says so.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120)
    >>> counts = np.tile([200, 220, 224, 216, 240, 180, 170], 18)[:120] + np.random.default_rng(1).integers(-9, 10, 120)
    >>> panel = pd.DataFrame({"RM1": counts, "RGP": counts // 2}, index=days)
    >>> t = fc.forecasters.SeasonalClimatology().fit(panel).predict(28, samples=100, seed=1)
    >>> low, high = t.quantiles([0.05, 0.95]).query("location == 'RM1'").groupby("quantile")["value"].mean()
    >>> bool(low < counts.mean() < high)
    True
    """

    called = "usual for the time of year"

    def _fit_location(self, series: pd.Series) -> tuple[float, Array, Array]:
        step = self.step_days_
        year, near = YEAR_DAYS // step, NEAR_DAYS // step
        logs = pd.Series(log_counts(series.to_numpy(dtype=np.float64)))
        # The first weeks of a new collection are still finding their level.
        departures = (logs - logs.rolling(year, min_periods=1, center=True).mean()).iloc[SETTLED_DAYS // step :]
        week = 7 // step
        kept = np.asarray(departures.iloc[len(departures) % week :], dtype=np.float64)
        if np.isfinite(kept).sum() < FEWEST_DAYS // step:
            raise CannotFitError(f"too little history ({len(series)} steps) to say what is usual")
        smooth = pd.Series(kept).rolling(2 * near + 1, center=True, min_periods=1).mean()
        about = np.asarray(smooth, dtype=np.float64)
        errors = pd.Series(kept - _season(about, np.arange(len(kept)), year, both=True))
        filled = np.asarray(errors.interpolate(limit_direction="both"), dtype=np.float64)
        return float(logs.iloc[-year:].mean()), about, filled

    def _simulate(self, state: tuple[float, Array, Array], steps: int, samples: int, rng: np.random.Generator) -> Array:
        usual, about, errors = state
        week = 7 // self.step_days_
        ahead = np.arange(steps)
        season = _season(about, len(about) + ahead, YEAR_DAYS // self.step_days_)
        # Every past week starts as many paths as any other, so that quantiles carry little sampling error.
        starts = week * rng.permutation(np.arange(samples) % (len(errors) // week))
        return np.exp(usual + season + errors[(starts[:, None] + ahead) % len(errors)])

    def _draw(
        self, locations: list[str], horizon: int, samples: int, seed: int
    ) -> tuple[Sequence[Array], dict[str, str]]:
        drawn, notes = super()._draw(locations, horizon, samples, seed)
        guarded = []
        for code, paths in zip(locations, drawn, strict=True):
            scores = ndtri(walk_ranks(samples, horizon, self._stream(seed, code, "certainty")))
            varies = self.panel_[code].min() < self.panel_[code].max()
            own, note = never_certain(paths, self._as_counts(code, paths), scores) if varies else (paths, "")
            guarded.append(own)
            notes[code] = "; ".join(filter(None, [notes.get(code), note]))
        return guarded, {code: note for code, note in notes.items() if note}


def _season(about: Array, places: np.ndarray, year: int, *, both: bool = False) -> Array:
    """Mean over other years of departures about each place, shrunk to none; earlier years, or ``both`` ways."""
    reach = int(places[-1]) // year + 1
    total, count = np.zeros(len(places)), np.zeros(len(places))
    for years in [*range(1, reach + 1), *(range(-reach, 0) if both else ())]:
        at = places - years * year
        found = np.where((at >= 0) & (at < len(about)), about[np.clip(at, 0, len(about) - 1)], np.nan)
        count += ~np.isnan(found)
        total += np.nan_to_num(found)
    return np.asarray(total / (count + 1))
