"""Which publication a workbook is, and which of its tables a sheet holds, by the words inside."""

from __future__ import annotations

import re

from forecast.errors import InputError
from forecast.reference import Reference, reference
from forecast.sources.cells import folded, listed, shown
from forecast.sources.publications import PUBLICATIONS, Publication, Table
from forecast.sources.spreadsheet.titles import all_titles
from forecast.sources.spreadsheet.workbook import Sheet, Workbook
from forecast.sources.tables.headings import header_row
from forecast.sources.tables.stacked import block_rows

# How far down and across the words that describe a table may stand.
_HEAD_ROWS, _HEAD_COLUMNS = 20, 8


def recognise(book: Workbook) -> Publication:
    """Say which publication a workbook is.

    Raises
    ------
    InputError
        No publication fits; the message lists the sheets.
    """
    titles = all_titles(book).splitlines()
    for publication in PUBLICATIONS:
        if _fits(book, titles, publication):
            return publication
    names = listed(shown(name) for name in book.sheet_names) or "none"
    names += f" and hidden {listed(shown(name) for name in book.hidden)}" if book.hidden else ""
    title = f"title {shown(titles[0])}" if titles else "no title"
    raise InputError(
        f"{book.path}: not a publication this program knows: a workbook with {title} and sheets {names}; "
        "give the file as NHS England published it, or a table with columns date, location, metric, value"
    )


def table_of(book: Workbook, sheet: Sheet, publication: Publication, tables: Reference) -> Table | None:
    """The table that a sheet holds: by its headers; of one metric by the sheet's name, else by the words above it.

    Raises
    ------
    InputError
        The sheet has the name and the words of a table, but no row of its headers; or its name is that of one table
        and the words above its values are those of another.
    """
    for table in publication.tables:
        if table.stacked:
            if block_rows(sheet):
                return table
        elif table.one_metric:
            if table.names(sheet.name):
                _refuse_other_heading(sheet, table, publication)
                return table
            if not book.named(table.sheet) and says(sheet, table.heading):
                return table
        elif table.by_name and not table.names(sheet.name):
            continue
        elif header_row(sheet, table, tables) is not None:
            return table
    for table in publication.tables:
        if table.expects and table.names(sheet.name) and says(sheet, table.expects):
            metrics = ", ".join(dict.fromkeys(measure.metric for measure in table.measures))
            raise InputError(
                f"{sheet.file}, sheet {sheet.name!r}: no row of headers names the columns of {metrics}; "
                "a header is missing or its words have changed, compare it with the publication"
            )
    return None


def _refuse_other_heading(sheet: Sheet, table: Table, publication: Publication) -> None:
    others = [other for other in publication.tables if other.heading and other is not table]
    contrary = next((other for other in others if says(sheet, other.heading)), None)
    if contrary and not says(sheet, table.heading):
        raise InputError(
            f"{sheet.file}, sheet {sheet.name!r}: the name says {table.measures[0].metric}, the words above the table "
            f"say {contrary.measures[0].metric}; correct the one that is wrong or download the file again"
        )


def says(sheet: Sheet, pattern: str) -> bool:
    """Whether a cell at the head of a sheet holds the pattern."""
    return any(re.search(pattern, folded(cell)) for row in sheet.rows[:_HEAD_ROWS] for cell in row[:_HEAD_COLUMNS])


def _fits(book: Workbook, titles: list[str], publication: Publication) -> bool:
    names = [folded(name) for name in book.sheet_names]
    if publication.title and not any(re.search(publication.title, title) for title in titles):
        return False
    if publication.sheets and not any(re.search(publication.sheets, name) for name in names):
        return False
    if publication.without_sheets and any(re.search(publication.without_sheets, name) for name in names):
        return False
    if publication.untitled and (titles or not any(_headed(sheet, publication) for sheet in book.sheets)):
        return False
    return not publication.says or any(says(sheet, publication.says) for sheet in book.sheets)


def _headed(sheet: Sheet, publication: Publication) -> bool:
    return any(header_row(sheet, table, reference()) is not None for table in publication.tables)
