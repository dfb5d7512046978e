"""Places by date: 23 flats, then 44 from January."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError
from forecast.placements.plans.numbers import as_number, as_whole, is_list, said

ALWAYS = pd.Timestamp("2000-01-01")
"""Date of the only step of a number of places that never changes."""
FIRST, LAST = ALWAYS, pd.Timestamp("2100-12-31")
STEPS = 60
"""Most steps a schedule may have: one a month for five years."""


@dataclass(frozen=True)
class Schedule:
    """Number of places from each date on.

    Parameters
    ----------
    steps
        ``((date, places), ...)``, dates rising. Before the first date the first number holds, so that a schedule of one
        step never changes and its date does not matter: it is kept as ``ALWAYS``.

    Raises
    ------
    InputError
        There is no step, dates do not rise or are not between 2000 and 2100, or a number is not whole.
    """

    steps: tuple[tuple[pd.Timestamp, int], ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.steps) <= STEPS:
            many = f"more than {STEPS}" if self.steps else "0"
            raise InputError(f"a schedule has {many} steps; give 1 to {STEPS} dates with their numbers of places")
        steps = tuple((as_day(date), as_whole(places)) for date, places in self.steps)
        for (before, _), (after, _) in pairwise(steps):
            if after <= before:
                raise InputError(
                    f"{short_day(after)} stands after {short_day(before)}; put the dates in order, each once"
                )
        object.__setattr__(self, "steps", steps if len(steps) > 1 else ((ALWAYS, steps[0][1]),))

    @classmethod
    def of(cls, value: object) -> Schedule:
        """Return a schedule from a number, a mapping date -> places, or pairs (date, places)."""
        if isinstance(value, Schedule):
            return value
        if as_number(value) is not None:
            return cls(((ALWAYS, as_whole(value)),))
        if isinstance(value, pd.Series):
            value = value.to_dict()
        pairs = value.items() if isinstance(value, Mapping) else value
        if isinstance(pairs, str) or not is_list(pairs):
            raise InputError(f"{said(value)} is no schedule; give a number, or dates with their numbers of places")
        found = []
        # One more than may be, so that a list without an end is refused too.
        for pair in islice(pairs, STEPS + 1):
            if isinstance(pair, str) or not is_list(pair) or len(both := tuple(islice(pair, 3))) != 2:
                raise InputError(f"{said(pair)} is no step of a schedule; give a date and a number of places")
            found.append(both)
        return cls(tuple(found))

    @property
    def counts(self) -> tuple[int, ...]:
        """Numbers of places, in the order of the dates."""
        return tuple(places for _, places in self.steps)

    def on(self, dates: pd.DatetimeIndex) -> npt.NDArray[np.int64]:
        """Places on each of ``dates``; of dates with a time zone, the day there."""
        begins = pd.DatetimeIndex([date for date, _ in self.steps])
        step = begins.searchsorted(pd.DatetimeIndex(dates).tz_localize(None), side="right") - 1
        found: npt.NDArray[np.int64] = np.array(self.counts, dtype=np.int64)[np.maximum(step, 0)]
        return found

    def plus(self, places: int) -> Schedule:
        """Return the schedule with so many more places at all times, never fewer than none."""
        return Schedule(tuple((date, max(count + places, 0)) for date, count in self.steps))

    def in_words(self) -> str:
        """Return "23, and 44 from 1 January 2023"."""
        first, *later = self.steps
        return ", and ".join([f"{first[1]:,}", *(f"{count:,} from {short_day(date)}" for date, count in later)])


def short_day(date: pd.Timestamp) -> str:
    """Return "12 January 2025"."""
    return f"{date.day} {date:%B %Y}"


def as_day(value: object) -> pd.Timestamp:
    """Return a date from a text such as 2024-01-31, a date or a timestamp.

    Raises
    ------
    InputError
        It is no date, or not between 2000 and 2100.
    """
    try:
        if isinstance(value, str):
            found = pd.Timestamp(dt.datetime.strptime(value.strip(), "%Y-%m-%d"))
        elif isinstance(value, dt.date | np.datetime64):
            found = pd.Timestamp(value)
            if pd.isna(found):
                raise ValueError
            found = found.tz_localize(None).normalize()
        else:
            raise ValueError
    except (ValueError, OverflowError):
        raise InputError(f"{said(value)} is no date; write 2024-01-31") from None
    if not FIRST <= found <= LAST:
        raise InputError(f"{said(value)} is not a date between {FIRST.year} and {LAST.year}; write 2024-01-31")
    return found.as_unit("us")
