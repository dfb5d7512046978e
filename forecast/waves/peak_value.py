"""When and how high a wave peaks, as a value: one peak a sample path."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from forecast.errors import InputError
from forecast.trajectories import HUBVERSE_QUANTILES
from forecast.waves.season import Array, mondays

SIZE_BANDS = 5
FAR_APART = 5.0


@dataclass(frozen=True, eq=False)
class Peak:
    """When and how high the wave of one metric peaks within a window, by sample path and location.

    Parameters
    ----------
    dates
        Sample by location: the day of the highest seven-day mean, or the middle day of the highest week; NaT where
        nothing can be said.
    sizes
        The value there: centred seven-day mean of daily data, the week's value of weekly data.
    seen
        Whether that day or week lies in the observed part, up to ``origin``.
    origin
        Last day whose data the forecast may have used.
    window
        First and last day of the season looked at.
    reach
        Last day of the window that the forecast reaches: a later peak is not seen.
    metric
        Name of the metric.
    reasons
        Location to why nothing can be said there.

    Examples
    --------
    >>> top = fc.latest_run("models").peaks("flu_beds")
    >>> top.locations, top.over
    (['RM1', 'RGP', 'RCX', 'NORFOLK'], False)
    >>> week, chance = top.week_probabilities["NORFOLK"].idxmax(), top.week_probabilities["NORFOLK"].max()
    >>> bool(week in set(top.weeks["NORFOLK"])), bool(0 < chance <= 1)
    (True, True)
    >>> top.likely_weeks(0.9).columns.tolist()
    ['first', 'middle', 'last']
    >>> low, high = top.size_quantiles.loc[[0.05, 0.95], "NORFOLK"]
    >>> bool(low <= high), bool(0 <= top.passed["NORFOLK"] <= 1)
    (True, True)
    >>> round(float(top.size_by_week("NORFOLK").to_numpy().sum()), 6)
    1.0
    >>> fc.Peak.from_frame(top.to_frame()).metric == top.metric
    True
    """

    dates: pd.DataFrame
    sizes: pd.DataFrame
    seen: pd.DataFrame
    origin: pd.Timestamp
    window: tuple[pd.Timestamp, pd.Timestamp]
    reach: pd.Timestamp
    metric: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def locations(self) -> list[str]:
        """Codes of the locations, in order, also of those where nothing can be said."""
        return [str(code) for code in self.dates.columns]

    @property
    def over(self) -> bool:
        """Whether the window ended by the origin, so that peaks are facts."""
        return self.origin >= self.window[1]

    @cached_property
    def weeks(self) -> pd.DataFrame:
        """Sample by location: the Monday of the week of the peak."""
        each = {code: days - pd.to_timedelta(days.dt.day_of_week, unit="D") for code, days in self.dates.items()}
        return pd.DataFrame(each).rename_axis(columns="location")

    @cached_property
    def week_probabilities(self) -> pd.DataFrame:
        """Chance of each week of the window, by its Monday, to hold the peak: week by location, NaN with a reason."""
        weeks = mondays(self.window)
        each = {
            code: np.full(len(weeks), np.nan)
            if code in self.reasons
            else column.value_counts(normalize=True).reindex(weeks, fill_value=0.0).to_numpy()
            for code, column in self.weeks.items()
        }
        return pd.DataFrame(each, index=weeks).rename_axis(columns="location")

    @property
    def size_quantiles(self) -> pd.DataFrame:
        """Quantiles of the size, the 23 levels of the forecasting hubs by location."""
        found = self.sizes.quantile(list(HUBVERSE_QUANTILES))
        return found.rename_axis(index="quantile", columns="location")

    @property
    def passed(self) -> pd.Series:
        """Chance by location that the peak lies in the observed part; NaN with a reason."""
        known = self.dates.notna().all()
        return self.seen.mean().where(known).rename("passed")

    def likely_weeks(self, level: float = 0.9) -> pd.DataFrame:
        """First, middle and last week of the central range of ``level``, by location; NaT with a reason.

        Parameters
        ----------
        level
            Above 0 and below 1.

        Returns
        -------
        DataFrame
            Locations by first, middle, last: Mondays.

        Raises
        ------
        InputError
            The level is not between 0 and 1.
        """
        if not 0 < level < 1:
            raise InputError(f"level is {level!r}; give a share between 0 and 1, such as 0.9")
        cut = {"first": (1 - level) / 2, "middle": 0.5, "last": (1 + level) / 2}
        # A week is a week, never a day between two: the first by which so many paths have peaked.
        weeks = {code: days.sort_values(ignore_index=True) for code, days in self.weeks.items()}
        row = {name: max(math.ceil(round(at * len(self.dates), 6)) - 1, 0) for name, at in cut.items()}
        found = {name: [days.iloc[k] for days in weeks.values()] for name, k in row.items()}
        return pd.DataFrame(found, index=pd.Index(self.locations, name="location"))

    def size_by_week(self, location: str, edges: Array | None = None) -> pd.DataFrame:
        """Chance of each size and week together.

        Parameters
        ----------
        location
            Its code.
        edges
            Rising bounds of the bands of size, lower ends included; unless given, five or six even bands over the
            likely sizes (9 in 10), one below them from 0 and one above them without end.

        Returns
        -------
        DataFrame
            Bands of size (intervals closed on the left) by week (Monday); sums to 1 where the edges hold every size.

        Raises
        ------
        InputError
            The location is unknown, or nothing can be said there, or the edges do not rise; the message says why.
        """
        sizes = self._said(location)
        bounds = _edges(sizes.to_numpy()) if edges is None else np.asarray(edges, dtype=np.float64)
        if len(bounds) < 2 or not (np.diff(bounds) > 0).all():
            raise InputError(f"edges {bounds.tolist()}: give two or more rising numbers, such as [0, 50, 100]")
        bands = pd.cut(sizes, list(bounds), right=False)
        table = pd.crosstab(bands, self.weeks[location], dropna=False) / len(sizes)
        order = pd.IntervalIndex.from_breaks(bounds, closed="left", name="size")
        return table.reindex(index=order, columns=mondays(self.window), fill_value=0.0)

    def to_frame(self) -> pd.DataFrame:
        """Long frame for Parquet: location, sample, date, size, seen; the rest in ``attrs``.

        Returns
        -------
        DataFrame
            One row a location and sample.
        """
        draws, places = self.dates.shape
        frame = pd.DataFrame(
            {
                "location": np.repeat(np.asarray(self.locations, dtype=object), draws),
                "sample": np.tile(np.arange(draws, dtype=np.int32), places),
                "date": pd.DatetimeIndex(self.dates.to_numpy().T.ravel()).as_unit("us"),
                "size": self.sizes.to_numpy(dtype=np.float64).T.ravel(),
                "seen": self.seen.to_numpy(dtype=bool).T.ravel(),
            }
        )
        days = {"origin": self.origin, "first": self.window[0], "last": self.window[1], "reach": self.reach}
        told = {name: f"{day:%Y-%m-%d}" for name, day in days.items()}
        frame.attrs.update({"metric": self.metric, "reasons": dict(self.reasons), **told})
        return frame

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Peak:
        """Read what ``to_frame`` wrote.

        Parameters
        ----------
        frame
            What ``to_frame`` returned, or read back from Parquet.

        Returns
        -------
        Peak
            Equal to what was written.

        Raises
        ------
        InputError
            A column or a fact of ``attrs`` is missing.
        """
        columns = ("location", "sample", "date", "size", "seen")
        lacking = [name for name in columns if name not in frame]
        lacking += [name for name in ("origin", "first", "last", "reach") if name not in frame.attrs]
        if lacking:
            raise InputError(f"peaks frame: {lacking[0]!r} is missing; give the frame made by to_frame")
        order = pd.Index(frame["location"].drop_duplicates(), name="location")
        wide = frame.set_index(["sample", "location"]).unstack("location")  # noqa: PD010
        wide.index = pd.RangeIndex(len(wide), name="sample")
        day = {name: pd.Timestamp(frame.attrs[name]) for name in ("origin", "first", "last", "reach")}
        return cls(
            wide["date"][order],
            wide["size"][order],
            wide["seen"][order].astype(bool),
            day["origin"],
            (day["first"], day["last"]),
            day["reach"],
            str(frame.attrs.get("metric", "")),
            dict(frame.attrs.get("reasons", {})),
        )

    def _said(self, location: str) -> pd.Series:
        if location not in self.locations:
            raise InputError(f"peaks: no location {location!r}; there are {', '.join(self.locations)}")
        if location in self.reasons:
            raise InputError(f"peaks: nothing can be said of {location}: {self.reasons[location]}")
        return self.sizes[location]


def _edges(sizes: Array) -> Array:
    """Round bounds of bands over the likely sizes, with an open band at either end.

    Even bands; where the likely sizes lie far apart, bands that grow: 1, 2, 5, 10, 20 and so on.
    """
    low, high = np.quantile(sizes, [0.05, 0.95])
    if high > FAR_APART * max(low, 1.0):
        ladder = np.outer(10.0 ** np.arange(np.ceil(np.log10(high)) + 1), [1, 2, 5]).ravel()
        first, last = np.searchsorted(ladder, [low, high], side="right")
        return np.asarray(np.r_[0.0, ladder[max(first - 1, 0) : last + 1], np.inf], dtype=np.float64)
    rough = max((high - low) / SIZE_BANDS, 1.0)
    unit = 10.0 ** np.floor(np.log10(rough))
    width = next(unit * times for times in (1, 2, 5, 10) if unit * times >= rough)
    first, last = np.floor(low / width), np.floor(high / width) + 1
    even = np.arange(first, last + 1) * width
    return np.asarray(np.r_[0.0, even[even > 0], np.inf], dtype=np.float64)
