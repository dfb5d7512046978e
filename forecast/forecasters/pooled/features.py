"""Scale-free features of (origin, location, steps ahead): the same for a hospital of 50 patients and one of 500."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.forecasters.base import Array
from forecast.forecasters.counts import counting_noise, stabilised
from forecast.forecasters.pooled.days import day_table
from forecast.forecasters.pooled.history import SMOOTHINGS, WEEK_WINDOWS, History

Whole = npt.NDArray[np.int64]
Values = npt.NDArray[np.float32]
RECENT_STEPS = (0, 1, 2, 3, 6)
SLOPE_WEEKS = (1, 2, 4)
NATIONAL_WEEKS = (1, 2, 4, 8)
SAME_WEEKDAYS = 4
FAMILIES = (
    "ahead", "weekday", "recent", "slope", "level", "volatility", "certainty", "same weekday", "national", "year ago",
    "holidays", "season", "related",
)  # fmt: skip
YEARLY = ("year ago", "season")
"""Families that can only be told from chance when every time of the year has been seen more than once."""
YEARLY_BY_WEEK = ("holidays",)
"""On weekly panels these too: what one Christmas did to a wave is that winter's wave."""


@dataclass(frozen=True)
class Rows:
    """Features of some (origin, location, steps ahead), and what a forecast on their scale is relative to.

    A value ``z`` on the learning scale stands for ``base + unit * z`` on the stabilised scale.
    """

    features: Values
    base: Array
    unit: Array


class Features:
    """Features of every past origin of a panel.

    Parameters
    ----------
    panel
        Dates by location, regular, counts.
    step_days
        1 or 7.
    country, subdivision
        Whose bank holidays.
    related
        Name -> panel of another metric, on any dates and locations.
    longest
        Most steps ahead that will be asked for.

    Attributes
    ----------
    families
        Family of each feature, known once ``rows`` has been called.
    """

    def __init__(
        self,
        panel: pd.DataFrame,
        step_days: int,
        country: str,
        subdivision: str,
        related: Mapping[str, pd.DataFrame] | None = None,
        longest: int = 63,
    ) -> None:
        self.step_days = step_days
        self.per_week = 7 // step_days
        self.dates = pd.DatetimeIndex(panel.index)
        self.weekday = self.dates.day_of_week.to_numpy()
        self.past = History(panel.to_numpy(dtype=np.float64), self.weekday, self.per_week)
        self.days = day_table(
            self.dates[0], self.dates[-1] + pd.Timedelta(days=(longest + 1) * step_days), country, subdivision
        )
        self.national = {weeks: self.past.national(weeks) for weeks in NATIONAL_WEEKS}
        self.course = self.past.national_level()
        self.related = [
            _related(frame, panel, self.past, self.per_week) for _, frame in sorted((related or {}).items())
        ]
        self.families: list[str] = []

    def rows(self, origin: Whole, location: Whole, ahead: Whole) -> Rows:
        """Features of each triple, (rows, features) in 32 bits; NaN where nothing is known."""
        past, t, j = self.past, origin, location
        level, scale, unit = past.level[t, j], past.scale[t, j], past.unit(t, j, ahead)
        day = (self.weekday[t] + ahead * self.step_days) % 7
        shape = past.shape[day, t, j]
        base = level + shape
        named: list[tuple[str, Array]] = []

        def add(family: str, *columns: Array) -> None:
            named.extend((family, column) for column in columns)

        add("ahead", ahead.astype(float))
        add(
            "weekday",
            day.astype(float),
            self.weekday[t].astype(float),
            shape / unit,
            past.shape[self.weekday[t], t, j] / unit,
        )
        add(
            "recent",
            *((_back(past.plain, t, j, k) - level) / scale for k in RECENT_STEPS),
            (past.plain[t, j] - level) / unit,
        )
        add("recent", *((past.smooth[rate][t, j] - level) / scale for rate in SMOOTHINGS))
        add("slope", *((level - _back(past.level, t, j, k * self.per_week)) / scale for k in SLOPE_WEEKS))
        add("level", *((level - past.means[k][t, j]) / scale for k in WEEK_WINDOWS))
        add("level", level - past.highest[t, j], level - past.lowest[t, j], level)
        add("volatility", unit, scale / unit, *(one[t, j] / unit for one in (past.step, past.weekly, past.monthly)))
        add("certainty", 1.0 - counting_noise(level) / unit**2)
        add("same weekday", *self._same_weekday(t, j, ahead, base, unit))
        add("national", *(self.national[weeks][t] for weeks in NATIONAL_WEEKS))
        add("national", *(self.national[weeks][t] / unit for weeks in SLOPE_WEEKS))
        add("year ago", *self._year_ago(t, j, ahead, shape, unit))
        first = t * self.step_days
        target = self.days[first + ahead * self.step_days]
        here = self.days[first]
        add("holidays", *target[:, :2].T, *here[:, :2].T)
        add("season", *target[:, 2:].T, here[:, 2])
        for one in self.related:
            add("related", *(column[t, j] for column in one))
        self.families = [family for family, _ in named]
        return Rows(np.column_stack([column for _, column in named]).astype(np.float32), base, unit)

    def _same_weekday(self, t: Whole, j: Whole, ahead: Whole, base: Array, unit: Array) -> list[Array]:
        """Departure of the last values of the target's weekday, and means of two and four of them."""
        weeks = -(-ahead // self.per_week)
        found = np.array(
            [_back(self.past.trusted, t, j, (weeks + k) * self.per_week - ahead) for k in range(SAME_WEEKDAYS)]
        )
        known = ~np.isnan(found)
        total = np.where(known, found, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            means = [total[:k].sum(axis=0) / known[:k].sum(axis=0) for k in (1, 2, SAME_WEEKDAYS)]
        return [(mean - base) / unit for mean in means]

    def _year_ago(self, t: Whole, j: Whole, ahead: Whole, shape: Array, unit: Array) -> list[Array]:
        """How all locations, and this one, went on from here a year ago."""
        start = t - 52 * self.per_week
        end = start + ahead
        seen = (start >= 0) & (end <= t)
        a, b = np.where(seen, start, 0), np.where(seen, end, 0)
        level = self.past.level
        return [
            np.where(seen, self.course[b] - self.course[a], np.nan),
            np.where(seen, (level[b, j] - level[a, j]) / unit, np.nan),
            np.where(seen, (self.past.trusted[b, j] - level[a, j] - shape) / unit, np.nan),
        ]


def _back(table: Array, t: Whole, j: Whole, steps: int | Whole) -> Array:
    at = t - steps
    return np.where(at >= 0, table[np.maximum(at, 0), j], np.nan)


def _related(frame: pd.DataFrame, panel: pd.DataFrame, past: History, per_week: int) -> list[Array]:
    """Slope of another metric over one and four weeks, and its level against this metric's, less its own usual."""
    values = frame.reindex(index=panel.index, columns=panel.columns).clip(lower=0.0).to_numpy(dtype=np.float64)
    level = pd.DataFrame(stabilised(values)).rolling(per_week, min_periods=max(1, per_week // 2)).mean()
    ratio = level - past.level
    usual = [ratio.rolling(k * per_week, min_periods=k * per_week // 3).mean() for k in (4, 13)]
    columns = [
        level - level.shift(per_week),
        level - level.shift(4 * per_week),
        ratio - usual[0],
        ratio - usual[1],
        ratio,
    ]
    return [column.to_numpy() for column in columns]
