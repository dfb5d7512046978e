"""The figures the simulated twin is made from, read from ``data/reference/twin.csv``."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from forecast.errors import InputError
from forecast.reference import Reference, reference

FILE = "twin.csv"
COLUMNS = ("name", "location", "when", "value", "unit", "source", "note")


@dataclass(frozen=True)
class Row:
    """One parameter; ``location`` and ``when`` are empty where it holds everywhere and always."""

    name: str
    location: str
    when: str
    value: str
    unit: str
    source: str
    note: str

    @property
    def number(self) -> float:
        """The value as one number."""
        return self.numbers[0]

    @cached_property
    def numbers(self) -> tuple[float, ...]:
        """The value as numbers separated by spaces."""
        try:
            found = tuple(float(part) for part in self.value.split())
        except ValueError:
            found = ()
        if not found:
            raise InputError(
                f"{FILE}: {self.name} at {self.location or 'every location'} is {self.value!r}; give numbers"
            )
        return found

    @property
    def span(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First and last day of ``when``: two dates with a slash between."""
        try:
            first, last = (pd.Timestamp(text) for text in self.when.split("/"))
        except ValueError:
            raise InputError(f"{FILE}: {self.name} has when {self.when!r}; write 2024-01-01/2024-01-31") from None
        return first, last


class Parameters:
    """Rows of ``twin.csv``, found by name, location and when.

    Parameters
    ----------
    tables
        The reference tables whose folder holds the file; default: those in force.

    Raises
    ------
    InputError
        The file or a column is missing, or a location is unknown to ``locations.csv``.
    """

    def __init__(self, tables: Reference | None = None) -> None:
        self.tables = tables or reference()
        self._rows = _read(self.tables.folder / FILE)
        unknown = sorted({row.location for row in self._rows} - set(self.tables.locations) - {""})
        if unknown:
            raise InputError(
                f"{FILE}: location {unknown[0]!r} is not in locations.csv; add it there or correct the code"
            )

    def rows(self, name: str, location: str = "") -> list[Row]:
        """Rows of that name for that location, in file order; those that hold everywhere when it has none."""
        named = self.named(name)
        return [row for row in named if row.location == location] or [row for row in named if not row.location]

    def named(self, name: str) -> list[Row]:
        """Rows of that name, whatever their location."""
        return [row for row in self._rows if row.name == name]

    def starting(self, prefix: str) -> list[Row]:
        """Rows whose name starts with ``prefix``, whatever their location."""
        return [row for row in self._rows if row.name.startswith(prefix)]

    def row(self, name: str, location: str = "", when: str = "") -> Row:
        """One row: that of the location, else the one that holds everywhere.

        Raises
        ------
        InputError
            There is no such row.
        """
        found = [row for row in self.rows(name, location) if row.when == when]
        if not found:
            where = "".join(f", {text}" for text in (location, when) if text)
            raise InputError(f"{self.tables.folder / FILE}: no row {name!r}{where}; add one with its source")
        return found[0]

    def number(self, name: str, location: str = "", when: str = "") -> float:
        """Return the value of one row as a number."""
        return self.row(name, location, when).number

    def date(self, name: str) -> pd.Timestamp:
        """Return the value of one row as a day."""
        try:
            return pd.Timestamp(self.row(name).value)
        except ValueError:
            raise InputError(f"{FILE}: {name} is {self.row(name).value!r}, not a date; write 2024-01-31") from None

    @cached_property
    def hospitals(self) -> tuple[str, ...]:
        """Codes of the simulated hospitals: those of the file in its order, then those of the counties beside them."""
        named = [row.location for row in self.named("ga_beds_open") if row.location]
        ours = [code for county in self.tables.counties() for code in self.tables.members(county.code)]
        return tuple(dict.fromkeys([*named, *ours]))

    @cached_property
    def days(self) -> pd.DatetimeIndex:
        """Every simulated day."""
        start, end = self.date("simulation_start"), self.date("simulation_end")
        return pd.date_range(start, end, name="date", unit="us")

    def each(self, name: str) -> list[float]:
        """Return the value of ``name`` at every hospital, in their order."""
        return [self.number(name, code) for code in self.hospitals]

    def season(self, day: pd.Timestamp) -> str:
        """Name of the season a day falls in, as ``2024-25``."""
        begun = f"{day:%m-%d}" >= self.row("season_start").value
        year = day.year if begun else day.year - 1
        return f"{year}-{(year + 1) % 100:02d}"


def _read(path: Path) -> tuple[Row, ...]:
    if not path.is_file():
        raise InputError(f"{path}: the parameters of the simulated twin are missing; restore data/reference/{FILE}")
    with path.open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise InputError(f"{path}: column {missing[0]!r} is missing; the file needs {', '.join(COLUMNS)}")
        return tuple(Row(**{column: (row[column] or "").strip() for column in COLUMNS}) for row in reader)
