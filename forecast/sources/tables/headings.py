"""What the headers of a table mean: its row of headers, and the metric of each text in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from forecast.categories import Category
from forecast.reference import Reference
from forecast.sources.cells import folded, words
from forecast.sources.publications.category_metrics import (
    USUAL_STAY,
    category_metric,
    may_name_category,
    unknown_category,
    usual_specification,
)
from forecast.sources.publications.measure import LONGEST_HEADER, Measure, classify
from forecast.sources.publications.stays import stay_of
from forecast.sources.publications.table import Headed, Table
from forecast.sources.spreadsheet.workbook import Sheet
from forecast.sources.tables.grid import DEPTH, measure_row

# So many known reasons or destinations make a row of headers: fewer may stand in a note.
_FEWEST_CATEGORIES = 3
# "No plan" is the shortest of them; a row of an organisation has its code and two longer texts.
_SHORTEST_CATEGORY = 7


def header_row(sheet: Sheet, table: Table, tables: Reference) -> int | None:
    """Row that names all the measures of the table, else most of its reasons or destinations; None where none does."""
    if table.measures:
        return measure_row(sheet, table.measures)
    if table.categories is None:
        return None
    known = {
        row: sum(1 for _ in _known(sheet, row, table.categories, tables))
        for row in range(min(DEPTH, len(sheet.rows)))
        if sum(len(words(cell)) >= _SHORTEST_CATEGORY for cell in set(sheet.rows[row])) >= _FEWEST_CATEGORIES
    }
    best = max(known, key=known.__getitem__, default=None)
    return best if best is not None and known[best] >= _FEWEST_CATEGORIES else None


def measures_of(sheet: Sheet, header: int, table: Table, tables: Reference, notes: list[str]) -> dict[int, Measure]:
    """The measure of each column that the row of headers names, those of reasons and destinations among them.

    Columns of categories that no metric is known for are left out with a note: nobody can say what they count.
    """
    heads = sheet.rows[header]
    measures = {
        column: measure
        for column, cell in enumerate(heads)
        if cell and (measure := classify(folded(cell), table.measures))
    }
    headed = table.categories
    known = dict(_known(sheet, header, headed, tables)) if headed else {}
    if headed is None or not known:
        return measures
    specification = usual_specification(known.values())
    nameless = 0
    for column in _among(sheet, header, known, table):
        text, category = words(heads[column]), known.get(column)
        if category is None and not may_name_category(text):
            continue
        metric = category_metric(category, text, headed, _stay(sheet, header, column), specification)
        if not metric:
            nameless += 1
            continue
        measures[column] = Measure(metric, rf"^{re.escape(folded(text))}$")
        if category is None:
            notes.append(f"sheet {sheet.name.strip()!r}: {unknown_category(headed.kind, text, metric)}")
    if nameless:
        notes.append(
            f"sheet {sheet.name.strip()!r}: {nameless} columns of a {headed.kind} not read, as the words above them do "
            "not say for which length of stay, or for one that no metric is known for"
        )
    return measures


def _stay(sheet: Sheet, header: int, column: int) -> int:
    """Length of stay of the patients of a column: by the nearest words above it or to the left of these.

    A table may hold stays of 7 and of 14 days or more side by side; where nothing is said they are of 14.
    """
    unclear = False
    for row in range(header - 1, -1, -1):
        for cell in reversed(sheet.rows[row][: column + 1]):
            stay = stay_of(folded(cell)) if cell else None
            if stay:
                return stay
            unclear |= stay == 0
    return 0 if unclear else USUAL_STAY


def _known(sheet: Sheet, row: int, headed: Headed, tables: Reference) -> Iterator[tuple[int, Category]]:
    """Columns of a row that are headed by a known reason or destination."""
    for column, cell in enumerate(sheet.rows[row]):
        text = words(cell) if cell else ""
        if 0 < len(text) <= LONGEST_HEADER and (category := _category(tables, text, headed.kind)):
            yield column, category


@lru_cache(maxsize=4096)
def _category(tables: Reference, text: str, kind: str) -> Category | None:
    return tables.category(text, kind)


def _among(sheet: Sheet, header: int, known: dict[int, Category], table: Table) -> Iterator[int]:
    """Columns with a text from the first category to the last header, and those that touch the first on its left."""
    first = min(known)
    while first and _may_head(words(sheet.cell(header, first - 1)), table):
        first -= 1
    for column in range(first, len(sheet.rows[header])):
        if _may_head(words(sheet.cell(header, column)), table):
            yield column


def _may_head(text: str, table: Table) -> bool:
    """Whether a text may head a column of values that no measure of the table names."""
    label = re.search(r"\b(?:code|name|region|date|week commencing)\b", folded(text)) and len(text) <= 40
    return 0 < len(text) <= LONGEST_HEADER and not label and classify(folded(text), table.measures) is None
