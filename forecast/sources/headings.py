"""What the headers of a table mean: its row of headers, and the metric of each text in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from forecast.categories import Category, canonical
from forecast.reference import Reference
from forecast.sources.cells import folded, shown, words
from forecast.sources.grid import DEPTH, LONGEST_HEADER, Measure, classify, measure_row
from forecast.sources.publications.table import Headed, Table
from forecast.sources.workbook import Sheet

# So many known reasons or destinations make a row of headers: fewer may stand in a note.
_FEWEST_CATEGORIES = 3
# "No plan" is the shortest of them; a row of an organisation has its code and two longer texts.
_SHORTEST_CATEGORY = 7
# Headers among the reasons or destinations that name none: sums and means of the others.
_NO_CATEGORY = re.compile(r"^(?:grand |sub ?-?)?total|\baverage\b|\brolling\b|%")
_REMEDY = (
    "add its text to data/reference/discharge_categories.csv, in the row of the category that it renames or its own"
)


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


def measures_of(sheet: Sheet, header: int, table: Table, tables: Reference, notes: list[str]) -> tuple[Measure, ...]:
    """The measures of the table, and one for each reason or destination that its row of headers names.

    A text that nobody knows, among reasons or destinations, is a category too: left out, it would make the shares of
    the others too large. It is kept under a name made of its words, and noted.
    """
    if table.categories is None:
        return table.measures
    found = dict(_known(sheet, header, table.categories, tables))
    if not found:
        return table.measures
    measures = list(table.measures)
    for column in _among(sheet, header, found, table):
        text = words(sheet.cell(header, column))
        category = found.get(column)
        if category is None and _NO_CATEGORY.search(folded(text)):
            continue
        metric = _metric(category, text, table.categories)
        measures.append(Measure(metric, rf"^{re.escape(folded(text))}$"))
        if category is None:
            notes.append(
                f"sheet {sheet.name.strip()!r}: {table.categories.kind} {shown(text)} is not known; kept as {metric}; "
                f"{_REMEDY}"
            )
    return tuple(measures)


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


def _metric(category: Category | None, text: str, headed: Headed) -> str:
    newer = category is not None and category.kind == "reason" and category.specification == "2024"
    before = headed.before_2024 if newer and headed.before_2024 else headed.before
    return before + (category.code if category else canonical(text)) + headed.after
