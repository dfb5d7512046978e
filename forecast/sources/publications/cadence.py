"""How the dates of a table follow one another: by the day, or by the week."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from forecast.sources.cells import Cell, day, folded, text_day
from forecast.sources.spreadsheet.titles import Period

_WEEK = re.compile(r"^(?:w/?c|week (?:commencing|beginning|starting))\b[:.]?\s*(.*?)\s*(?:\([^()]*\))?$")
# Weeks ran from Friday until the collection changed in June 2022, and from Monday since: one step is ten days long.
_FRIDAY, _MONDAY, _CHANGE_OF_WEEKDAY = 4, 0, 10


@dataclass(frozen=True)
class Cadence:
    """A step of dates: ``length`` days from the first day of one to the first day of the next.

    ``unit`` and ``example`` are its words in messages; ``without`` are days that need no column or row of their own.
    """

    unit: str
    length: int
    example: str
    without: frozenset[date] = frozenset()

    def read(self, cell: Cell, serials: bool = True) -> date | None:
        """First day of the step that a header cell names; None where it names none.

        Raises
        ------
        ValueError
            As ``cells.day``.
        """
        if self.length > 1 and (named := _WEEK.match(folded(cell))):
            return text_day(named[1])
        return day(cell, serials)

    def means(self, cell: Cell) -> bool:
        """Whether a header cell is meant as a step, be it of a date that does not exist such as 25/13/2024."""
        try:
            return self.read(cell) is not None
        except ValueError:
            return True

    def follows(self, before: date, after: date) -> bool:
        """Whether ``after`` is the next step: no hole and no repeat."""
        gap = (after - before).days
        changed = (before.weekday(), after.weekday(), gap) == (_FRIDAY, _MONDAY, _CHANGE_OF_WEEKDAY)
        between = (before + timedelta(days=i) for i in range(self.length, gap, self.length))
        return (
            gap == self.length
            or (self.length > 1 and changed)
            or (gap > self.length and all(day in self.without for day in between))
        )

    def within(self, start: date, period: Period) -> bool:
        """Whether any day of the step lies in the period."""
        return period[0] - self._rest <= start <= period[1]

    def begins(self, start: date, period: Period) -> bool:
        """Whether the step may be the first of the period: it holds its first day, or is the first whole one."""
        return abs((start - period[0]).days) < self.length

    def ends(self, start: date, period: Period) -> bool:
        """Whether the step may be the last of the period: it holds its last day, or is the last whole one."""
        return timedelta(0) <= period[1] - start <= 2 * self._rest

    @property
    def _rest(self) -> timedelta:
        return timedelta(days=self.length - 1)


DAYS = Cadence("day", 1, "24-Nov-25")
WEEKS = Cadence("week", 7, "w/c 24/11/2025")
