"""Providers that report once for each region they work in: their rows are checked apart and then added up.

In the Covid publication of 2020 a chain of independent hospitals has a row in every region, all with the same code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from forecast.sources.tables.organisations import Row
from forecast.sources.tables.totals import Value

_IN = " in "


def apart(rows: Sequence[Row]) -> list[Row]:
    """Rows with the locations that have several of them told apart by their regions."""
    count = Counter(row.location for row in rows)
    return [
        replace(row, location=f"{row.location}{_IN}{row.region}") if count[row.location] > 1 else row for row in rows
    ]


def together(rows: Sequence[Row], values: list[Value]) -> list[Value]:
    """Values of rows told apart by ``apart``, added up; missing where that of one region is missing."""
    parts = Counter(row.location.partition(_IN)[0] for row in rows if _IN in row.location)
    if not parts:
        return values
    cells: dict[tuple[date, str, str], list[float]] = {}
    whole: list[Value] = []
    for when, location, metric, value in values:
        code, several, _ = location.partition(_IN)
        if several:
            cells.setdefault((when, code, metric), []).append(value)
        else:
            whole.append((when, location, metric, value))
    return whole + [(*key, sum(cell)) for key, cell in cells.items() if len(cell) == parts[key[1]]]
