"""What bank holidays do to a count: a shape known in advance, scaled to each location by what it did before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import holidays
import numpy as np
import pandas as pd

from forecast.errors import InputError
from forecast.forecasters.base import Array
from forecast.forecasters.outliers import NORMAL
from forecast.reference import Reference, reference

FILE = "holiday_effects.csv"
COLUMNS = ("metric", "event", "offset", "effect", "known_from")
FAMILIES = {"christmas": 0, "new_year": 1, "easter": 1, "single": 1}
"""Christmas has a scale of its own; the other bank holidays share one."""
TRUST_IN_SHAPE = 0.5
"""Standard deviation of a location's scale about 1, before its own holidays are seen."""
AUTOCORRELATION = 3.0
"""By how much the departures of neighbouring days repeat one another: their variance is taken this much larger."""


@dataclass(frozen=True)
class HolidayEffects:
    """The effect of bank holidays on the logarithm of one location's count.

    Attributes
    ----------
    shapes
        Effect by event and by days from its first day.
    scales
        By how much this location's effect differs from the shapes: Christmas, other bank holidays.
    country, subdivision
        Whose bank holidays, in the codes of the ``holidays`` package.
    """

    shapes: Mapping[str, Mapping[int, float]]
    scales: tuple[float, float] = (1.0, 1.0)
    country: str = "GB"
    subdivision: str = "ENG"

    def at(self, dates: pd.DatetimeIndex) -> Array:
        """Effect on each date, as a difference of logarithms; zero on ordinary days."""
        effect: Array = self._columns(dates) @ np.array(self.scales)
        return effect

    def learned(self, logs: Array, dates: pd.DatetimeIndex) -> HolidayEffects:
        r"""Return the same shapes with this location's scales.

        Each scale is the mean of its posterior: a prior of :math:`N(1, \tau^2)` and the departures of the days
        of past events from the median of the ordinary days around them. As they are where too few days are known to
        have days around them.

        Parameters
        ----------
        logs
            Logarithms without their weekday shape, NaN where missing.
        dates
            Their days.
        """
        columns = self._columns(dates)
        special = columns.any(axis=1)
        if not special.any():
            return self
        ordinary = pd.Series(np.where(special, np.nan, logs))
        around = ordinary.rolling(29, center=True, min_periods=8).median().to_numpy()
        departures = logs - around
        usual = np.abs(departures[~special & ~np.isnan(departures)])
        if not len(usual):
            # values too far apart to say what is ordinary
            return self
        noise = AUTOCORRELATION * (NORMAL * float(np.median(usual))) ** 2
        scales = []
        for k in range(columns.shape[1]):
            used = (columns[:, k] != 0) & ~np.isnan(departures)
            shape, seen = columns[used, k], departures[used]
            precision = TRUST_IN_SHAPE**-2
            weight = max(noise, 1e-4)
            scales.append((precision + shape @ seen / weight) / (precision + shape @ shape / weight))
        return HolidayEffects(self.shapes, (float(scales[0]), float(scales[1])), self.country, self.subdivision)

    def _columns(self, dates: pd.DatetimeIndex) -> Array:
        """Unscaled effects (date, family)."""
        found = np.zeros((len(dates), 2))
        if not self.shapes or not len(dates):
            return found
        start = dates[0].toordinal()
        for event, first in _events(dates[0].year - 1, dates[-1].year + 1, self.country, self.subdivision):
            for offset, effect in self.shapes.get(event, {}).items():
                place = first - start + offset
                if 0 <= place < len(dates):
                    found[place, FAMILIES[event]] += effect
        return found


def known_effects(
    metric: str, day: pd.Timestamp | None = None, country: str = "GB", subdivision: str = "ENG"
) -> HolidayEffects:
    """Shapes of ``data/reference/holiday_effects.csv`` for a metric; none for a metric not listed there.

    Parameters
    ----------
    metric
        Its name.
    day
        Last day whose data a forecast may use: of each event the newest shape estimated from holidays up to it, so that
        a forecast from an earlier origin knows nothing of a later Christmas. None: the newest of all.
    country, subdivision
        Whose bank holidays.

    Raises
    ------
    InputError
        A column of the table is missing, or a cell cannot be read; the message names it.
    """
    shapes: dict[str, dict[int, float]] = {}
    for since, event, effects in _estimates(reference(), metric):
        if day is None or since <= day:
            shapes[event] = effects
    return HolidayEffects(shapes, country=country, subdivision=subdivision)


@lru_cache(maxsize=32)
def _estimates(tables: Reference, metric: str) -> list[tuple[pd.Timestamp, str, dict[int, float]]]:
    """Day from which it is known, event and shape of every estimate, oldest first."""
    if not (tables.folder / FILE).is_file():
        return []
    found: dict[tuple[pd.Timestamp, str], dict[int, float]] = {}
    for row in tables.table(FILE, COLUMNS):
        if row["metric"] != metric:
            continue
        if row["event"] not in FAMILIES:
            raise InputError(f"{tables.folder / FILE}: event {row['event']!r} is none of {', '.join(FAMILIES)}")
        try:
            since, offset, effect = pd.Timestamp(row["known_from"]), int(row["offset"]), float(row["effect"])
        except ValueError as error:
            raise InputError(f"{tables.folder / FILE}: a row of {row['event']!r} cannot be read ({error})") from None
        if pd.isna(since):
            raise InputError(
                f"{tables.folder / FILE}: a row of {row['event']!r} lacks known_from; give the day after the last "
                "holiday that it was estimated from"
            )
        found.setdefault((since, row["event"]), {})[offset] = effect
    return [(since, event, found[since, event]) for since, event in sorted(found)]


@lru_cache(maxsize=32)
def _events(first: int, last: int, country: str, subdivision: str) -> tuple[tuple[str, int], ...]:
    """Each event's first bank holiday of the working week, as an ordinal day.

    A holiday at the weekend counts when it is made up for.
    """
    listed = holidays.country_holidays(country, subdiv=subdivision, years=range(first, last + 1))
    days = [day for day in sorted(map(pd.Timestamp, listed)) if day.day_of_week < 5]
    found: list[tuple[str, pd.Timestamp]] = []
    for day in days:
        previous = found[-1] if found else ("", pd.Timestamp.min)
        if day.month == 12 and day.day >= 24:
            event = "christmas"
        elif day.month == 1 and day.day <= 4:
            event = "new_year"
        elif "Good Friday" in listed[day]:
            event = "easter"
        elif previous[0] == "easter" and (day - previous[1]).days == 3:
            continue
        else:
            event = "single"
        if event == "christmas" and previous[0] == event and (day - previous[1]).days < 5:
            continue
        found.append((event, day))
    return tuple((event, day.toordinal()) for event, day in found)
