"""Tables one below another on a sheet, as the daily Covid publication has them: a title, dates, England and regions.

A block begins with a row whose first words are ``Name``, the dates to its right; what it counts is said above it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from forecast.errors import InputError
from forecast.reference import Reference
from forecast.sources.cells import folded, reads_as_number, shortened, shown, words
from forecast.sources.codes import UNKNOWN_REMEDY
from forecast.sources.publications.cadence import DAYS
from forecast.sources.publications.measure import Measure, classify
from forecast.sources.publications.table import Table
from forecast.sources.spreadsheet.workbook import Sheet
from forecast.sources.tables.across import check_header, values_of_rows
from forecast.sources.tables.date_rows import Limits
from forecast.sources.tables.grid import Layout, columns_by_day
from forecast.sources.tables.organisations import Row
from forecast.sources.tables.totals import Value

# Names of areas stand in the first columns; a sheet of blocks has no codes at all.
_MARGIN = 4
_AREAS = frozenset({"country", "nhs_region"})


def block_rows(sheet: Sheet) -> list[int]:
    """Rows that head a block: ``Name``, no code, and a date to the right."""
    return [row for row in range(len(sheet.rows)) if _is_head(sheet, row)]


def stacked_values(sheet: Sheet, table: Table, limits: Limits, tables: Reference, notes: list[str]) -> list[Value]:
    """Values of the blocks of a sheet; what is left out is added to ``notes``.

    Raises
    ------
    InputError
        A block cannot be trusted, or two blocks count the same.
    """
    heads = block_rows(sheet)
    values: list[Value] = []
    seen: dict[str, int] = {}
    for above, head, below in zip([-1, *heads], heads, [*heads[1:], len(sheet.rows)], strict=False):
        titles, measure = _title(sheet, above, head, table.measures)
        if measure is None:
            notes.append(f"sheet {sheet.name.strip()!r}: the block of row {head + 1} is not read: {titles}")
            continue
        if measure.metric in seen:
            raise InputError(
                f"{sheet.at(head, 1)}: a second block of {measure.metric}, the first is that of row "
                f"{seen[measure.metric] + 1}; correct the title of one of them"
            )
        seen[measure.metric] = head
        values += _block_values(_only(sheet, head, below), head, measure.metric, table, limits, tables, notes)
    return values


def _is_head(sheet: Sheet, row: int) -> bool:
    labels = [folded(cell) for cell in sheet.rows[row][:_MARGIN]]
    if "name" not in labels or any("code" in label for label in labels):
        return False
    return any(DAYS.means(cell) for cell in sheet.rows[row][labels.index("name") + 1 :])


def _title(sheet: Sheet, above: int, head: int, measures: Sequence[Measure]) -> tuple[str, Measure | None]:
    """Words above a block, nearest first, and the measure they name; more than one is an error."""
    texts = [
        words(cell)
        for row in range(head - 1, above, -1)
        for cell in sheet.rows[row][:_MARGIN]
        if words(cell) and not any(reads_as_number(value) for value in sheet.rows[row][_MARGIN:])
    ]
    found = {measure.metric: measure for text in texts if (measure := classify(text.casefold(), measures))}
    if len(found) > 1:
        raise InputError(
            f"{sheet.at(head, 1)}: the words above the block name {' and '.join(found)}; "
            "give each block the title of what it counts"
        )
    return "; ".join(shortened(text) for text in texts[:2]) or "no title", next(iter(found.values()), None)


def _only(sheet: Sheet, head: int, below: int) -> Sheet:
    """The sheet with the rows of one block alone, at their places."""
    return replace(sheet, rows=[[]] * head + list(sheet.rows[head:below]))


def _block_values(
    sheet: Sheet, head: int, metric: str, table: Table, limits: Limits, tables: Reference, notes: list[str]
) -> list[Value]:
    layout = columns_by_day(sheet, head, metric, limits.period)
    check_header(sheet, table, layout, limits, notes)
    return values_of_rows(sheet, table, layout, _area_rows(sheet, head, layout, tables), tables, notes)


def _area_rows(sheet: Sheet, head: int, layout: Layout, tables: Reference) -> list[Row]:
    """Rows of England and its regions; a row of numbers beside any other name, or beside none, is an error."""
    found: list[Row] = []
    for row in range(head + 1, len(sheet.rows)):
        cells = sheet.rows[row][layout.first : layout.columns[-1].index + 1]
        if not any(reads_as_number(cell) for cell in cells):
            continue
        name = next((words(cell) for cell in reversed(sheet.rows[row][: layout.first]) if words(cell)), "")
        code = "ENG" if re.match(r"england\b", name.casefold()) else tables.find_location(name)
        if code is None or code not in tables.locations or tables.locations[code].kind not in _AREAS:
            raise InputError(
                f"{sheet.at(row, layout.first - 1)}: {shown(name)} where England or a region belongs; {UNKNOWN_REMEDY} "
                "if it is right"
            )
        found.append(Row(row, code))
    for before, after in pairwise(sorted(found, key=lambda row: row.location)):
        if before.location == after.location:
            raise InputError(
                f"{sheet.at(after.index, layout.first - 1)}: {after.location} stands twice in the block of row "
                f"{head + 1}; keep one of the rows"
            )
    return found
