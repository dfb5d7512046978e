"""One location's history, made ready for a model: believed, on its scale, without bank holidays and old levels."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecast.forecasters.base import Array
from forecast.forecasters.breaks import level_breaks, on_the_last_level
from forecast.forecasters.holiday_effects import HolidayEffects, known_effects
from forecast.forecasters.outliers import robust
from forecast.forecasters.per_location import CannotFitError
from forecast.forecasters.scale import Scale

WEEK = 7
WEEKS_OF_SHAPE = 26
LONGEST_GAP = {1: 21, WEEK: 10}
"""Days in a step -> most steps without a value that a model can go on across: some trusts send a week twice over."""
FEWEST_DAYS_A_WEEK = 3


@dataclass(frozen=True)
class Prepared:
    """A history on a model's scale.

    Attributes
    ----------
    scaled
        On ``scale``, the effect of bank holidays taken out, moved to the level since the last break; NaN where missing
        or not believed. The first is known.
    dates
        Their days.
    scale
        The scale.
    effects
        Bank holidays' effect, to be put back with ``counts``; none on weekly panels and on the root scale.
    """

    scaled: Array
    dates: pd.DatetimeIndex
    scale: Scale
    effects: HolidayEffects

    @classmethod
    def of(cls, series: pd.Series, steps: int, step_days: int, metric: str) -> Prepared:
        """Prepare the last ``steps`` steps of a series.

        Raises
        ------
        CannotFitError
            Nothing of the series is believed, what is believed never changes, or a daily series has a value on few
            days of a week.
        """
        dates = pd.DatetimeIndex(series.index)
        believed = robust(series.to_numpy(dtype=np.float64), step_days)
        recent = believed[-steps:]
        known = recent[~np.isnan(recent)]
        if len(known) == 0:
            raise CannotFitError("none of the latest values can be believed")
        if np.ptp(known) == 0:
            raise CannotFitError("the values used never change")
        if step_days == 1 and _days_a_week(recent) < FEWEST_DAYS_A_WEEK:
            raise CannotFitError(f"values on fewer than {FEWEST_DAYS_A_WEEK} days a week")
        scale = Scale.of(recent)
        scaled = scale.forward(believed)
        if step_days == 1 and scale.name == "log":
            effects = known_effects(metric, dates[-1])
            if effects.shapes:
                effects = effects.learned(without_week(scaled, dates), dates)
        else:
            effects = HolidayEffects({})
        start = len(recent) - np.flatnonzero(~np.isnan(recent))[0]
        chosen = dates[-start:]
        values = scaled[-start:] - effects.at(chosen)
        if step_days == 1 and scale.name == "log":
            values = on_the_last_level(values, level_breaks(without_week(values, chosen)))
        return cls(values, chosen, scale, effects)

    def counts(self, paths: Array) -> Array:
        """Counts of paths (samples, steps) that start the step after the last date, bank holidays put back."""
        return self.scale.back(paths + self.effects.at(self.ahead(paths.shape[1])))

    def ahead(self, steps: int) -> pd.DatetimeIndex:
        """The ``steps`` dates after the last one."""
        step = self.dates[1] - self.dates[0]
        return pd.date_range(self.dates[-1], periods=steps + 1, freq=step)[1:]

    def since(self, place: int) -> Prepared:
        """Return only what follows ``place``."""
        return replace(self, scaled=self.scaled[place:], dates=self.dates[place:])

    def after_long_gap(self, least: int) -> Prepared:
        """Return only what follows the last gap of more than ``LONGEST_GAP`` allows.

        Raises
        ------
        CannotFitError
            Fewer than ``least`` values are left, or they never change.
        """
        places = np.flatnonzero(~np.isnan(self.scaled))
        step = (self.dates[1] - self.dates[0]).days if len(self.dates) > 1 else 1
        long_gaps = np.flatnonzero(np.diff(places) > LONGEST_GAP[step] + 1)
        after = self.since(places[long_gaps[-1] + 1]) if len(long_gaps) else self
        known = after.scaled[~np.isnan(after.scaled)]
        if len(known) < least:
            raise CannotFitError(f"too little history since the last long gap ({len(known)} values, {least} needed)")
        if np.ptp(known) == 0:
            raise CannotFitError("the values used never change")
        return after

    def bridged(self, shape: Array) -> Array:
        """Values up to the last known one, gaps bridged by a straight line between values freed of the week.

        Parameters
        ----------
        shape
            Weekday shape, Monday first: taken out before and put back after.
        """
        week = shape[self.dates.day_of_week]
        flat = self.scaled - week
        known = ~np.isnan(flat)
        places = np.arange(np.flatnonzero(known)[-1] + 1)
        bridged: Array = np.interp(places, np.flatnonzero(known), flat[known]) + week[: len(places)]
        return bridged

    @property
    def every_weekday(self) -> Array:
        """Values with a straight line on weekdays that never have one, of which a fit could say anything."""
        known = ~np.isnan(self.scaled)
        weekday = self.dates.day_of_week.to_numpy()
        never = ~np.isin(weekday, weekday[known])
        places = np.arange(len(known))
        never &= places < np.flatnonzero(known)[-1]
        line: Array = np.where(never, np.interp(places, places[known], self.scaled[known]), self.scaled)
        return line

    @property
    def weekday_shape(self) -> Array:
        """Weekday shape of the values, Monday first; zero on weekly panels."""
        daily = len(self.dates) > 1 and (self.dates[1] - self.dates[0]).days == 1
        return weekday_shape(self.scaled, self.dates) if daily else np.zeros(WEEK)


def _days_a_week(values: Array) -> float:
    """Mean number of known values in the weeks, counted back from the end, that have any."""
    known = ~np.isnan(values[::-1])
    weeks = np.add.reduceat(known, np.arange(0, len(known), WEEK))
    return float(weeks[weeks > 0].mean())


def weekday_shape(values: Array, dates: pd.DatetimeIndex) -> Array:
    """Weekday shape, Monday first: medians of the last half-year's departures from the mean of the week around."""
    around = pd.Series(values).rolling(WEEK, center=True, min_periods=WEEK).mean().to_numpy()
    departures = values - around
    weekdays = dates.day_of_week.to_numpy()
    shape = np.zeros(WEEK)
    for day in range(WEEK):
        seen = departures[weekdays == day]
        seen = seen[~np.isnan(seen)][-WEEKS_OF_SHAPE:]
        shape[day] = np.median(seen) if len(seen) else 0.0
    centred: Array = shape - shape.mean()
    return centred


def without_week(values: Array, dates: pd.DatetimeIndex) -> Array:
    """Values without their weekday shape."""
    flat: Array = values - weekday_shape(values, dates)[dates.day_of_week]
    return flat
