"""The metrics of one row against each other: a whole is the sum of its parts, a part is no larger than its whole.

In every published table that was compared these hold without exception; a few slips of the pen are left as published,
many say that the columns are not what their headers say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from forecast.errors import InputError
from forecast.sources.publications import Table
from forecast.sources.spreadsheet.workbook import Sheet
from forecast.sources.tables.totals import Value

# Share of all cells, or of the cells of one location or of one date, that a slip of the pen does not reach.
BROKEN_SUMS, _BROKEN_LINE = 0.1, 0.5
_FEWEST_CELLS = 4

_Cells = Mapping[tuple[date, str], Mapping[str, float]]


def refuse_broken(sheet: Sheet, table: Table, values: Sequence[Value]) -> None:
    """Refuse a table, or a row of it, that breaks the sums or the order of its metrics.

    Raises
    ------
    InputError
        More than a few cells do.
    """
    cells: dict[tuple[date, str], dict[str, float]] = {}
    if table.whole or table.nested:
        for when, location, metric, value in values:
            cells.setdefault((when, location), {})[metric] = value
    if table.whole:
        complete = _with_all(cells, (table.whole, *table.parts))
        wrong = [
            key for key, cell in complete.items() if abs(cell[table.whole] - sum(cell[p] for p in table.parts)) > 0.5
        ]
        _refuse(sheet, table, complete, wrong, table.whole, f"is not the sum of {' and '.join(table.parts)}")
    for larger, smaller in pairwise(table.nested):
        complete = _with_all(cells, (larger, smaller))
        wrong = [key for key, cell in complete.items() if cell[smaller] > cell[larger]]
        _refuse(sheet, table, complete, wrong, smaller, f"is larger than {larger}, of which it is a part")


def _with_all(cells: _Cells, metrics: Sequence[str]) -> _Cells:
    return {key: cell for key, cell in cells.items() if set(metrics) <= cell.keys()}


def _refuse(
    sheet: Sheet, table: Table, complete: _Cells, wrong: Sequence[tuple[date, str]], metric: str, what: str
) -> None:
    dates = Counter(location for _, location in complete)
    for location, count in Counter(location for _, location in wrong).items():
        if count > _BROKEN_LINE * dates[location] and dates[location] >= _FEWEST_CELLS:
            raise InputError(
                f"{sheet.file}, sheet {sheet.name!r}: on {count:,} of {dates[location]:,} {table.unit}s {metric} of "
                f"{location} {what}; its row or the header looks shifted, correct the file or download it again"
            )
    rows = Counter(when for when, _ in complete)
    for when, count in Counter(when for when, _ in wrong).items():
        if count > _BROKEN_LINE * rows[when] and rows[when] >= _FEWEST_CELLS:
            raise InputError(
                f"{sheet.file}, sheet {sheet.name!r}: on {when:%Y-%m-%d} {metric} {what} in {count:,} of "
                f"{rows[when]:,} rows; the columns of that {table.unit} look shifted, correct the file or download it "
                "again"
            )
    if len(wrong) > BROKEN_SUMS * len(complete):
        raise InputError(
            f"{sheet.file}, sheet {sheet.name!r}: in {len(wrong):,} of {len(complete):,} cells {metric} {what}; "
            "the header looks shifted, correct the file or download it again"
        )
