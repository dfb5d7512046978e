"""Dated events that leave only a share of what is normal: strike days, snow, an outbreak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError
from forecast.placements.plans.numbers import as_number, said
from forecast.placements.plans.schedule import as_day, short_day

NAME_LENGTH = 60
LONGEST_DAYS = 366
AFFECTED = ("assessments", "home_care_starts", "placements")


@dataclass(frozen=True, kw_only=True)
class Event:
    """What is left of a normal day's work from ``first`` to ``last``, both included.

    Parameters
    ----------
    name
        What a person calls it; up to 60 printable characters.
    first, last
        Days; at most 366 in all.
    assessments, home_care_starts, placements
        Share of a normal day that still happens, 0 to 1: assessments by social workers, people who start home care,
        people who move into a flat or bed.

    Raises
    ------
    InputError
        A name, a day or a share cannot be used.
    """

    name: str
    first: pd.Timestamp
    last: pd.Timestamp
    assessments: float = 1.0
    home_care_starts: float = 1.0
    placements: float = 1.0

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not (name := self.name.strip()) or not name.isprintable():
            raise InputError(
                f"an event is named {said(self.name)}; give it a name of 1 to {NAME_LENGTH} printable characters"
            )
        if len(name) > NAME_LENGTH:
            raise InputError(f"the name {name[:20]!r}... has {len(name)} characters; use at most {NAME_LENGTH}")
        first, last = as_day(self.first), as_day(self.last)
        if last < first:
            raise InputError(f"{name} ends on {short_day(last)}, before it begins on {short_day(first)}; swap the days")
        if (last - first).days >= LONGEST_DAYS:
            raise InputError(f"{name} lasts {(last - first).days + 1} days; an event may last {LONGEST_DAYS}")
        for field, value in {"name": name, "first": first, "last": last}.items():
            object.__setattr__(self, field, value)
        for field in AFFECTED:
            object.__setattr__(self, field, self._share(field))

    @classmethod
    def of(cls, value: object) -> Event:
        """Return an event from an event or a mapping of its fields."""
        if isinstance(value, Event):
            return value
        known = [field.name for field in fields(cls)]
        if not isinstance(value, Mapping):
            raise InputError(f"{said(value)} is no event; give {', '.join(known)}")
        if unknown := [key for key in value if key not in known]:
            raise InputError(f"an event has {said(unknown[0])}; it may have {', '.join(known)}")
        if missing := [key for key in ("name", "first", "last") if key not in value]:
            raise InputError(f"an event has no {missing[0]}; give at least name, first and last")
        return cls(**{str(key): item for key, item in value.items()})

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON knows them, days as text."""
        return {**asdict(self), "first": f"{self.first:%Y-%m-%d}", "last": f"{self.last:%Y-%m-%d}"}

    def in_words(self) -> str:
        """Return "strike, 9 January 2023 to 15 January 2023: assessments 50 %"."""
        days = short_day(self.first) + (f" to {short_day(self.last)}" if self.last > self.first else "")
        left = [f"{what.replace('_', '-', 1).replace('_', ' ')} {getattr(self, what):.0%}" for what in AFFECTED]
        shown = [text for what, text in zip(AFFECTED, left, strict=True) if getattr(self, what) < 1]
        return f"{self.name}, {days}: " + (", ".join(shown) if shown else "nothing is changed")

    def _share(self, field: str) -> float:
        value = getattr(self, field)
        number = as_number(value)
        if number is None or not 0 <= number <= 1:
            raise InputError(f"{self.name} leaves {said(value)} of {field}; give a share between 0 and 1")
        return number + 0.0


def share_left(events: Iterable[Event], what: str, dates: pd.DatetimeIndex) -> npt.NDArray[np.float64]:
    """Share of a normal day's ``what`` on each date; events that overlap take their share one of what the other left.

    Raises
    ------
    InputError
        ``what`` is none of ``AFFECTED``.
    """
    if what not in AFFECTED:
        raise InputError(f"{what!r} is nothing an event affects; choose among {', '.join(AFFECTED)}")
    days = pd.DatetimeIndex(dates).tz_localize(None).normalize()
    left = np.ones(len(dates))
    for event in events:
        left[(days >= event.first) & (days <= event.last)] *= getattr(event, what)
    return left
