"""NHS England workbooks: recognised by their words, read by their headers, values as published."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from forecast.errors import InputError, NotObservations
from forecast.observations.table import check
from forecast.reference import Reference, reference
from forecast.sources.cells import Cell, day, folded, is_number, number, shown
from forecast.sources.grid import (
    Column,
    Layout,
    check_days,
    classify,
    columns_by_day,
    columns_by_measure,
    label_row,
    measure_row,
)
from forecast.sources.organisations import UNKNOWN_REMEDY, organisation_rows
from forecast.sources.publications import PUBLICATIONS, Publication, Table
from forecast.sources.reading import Reading, first_released
from forecast.sources.titles import TitleBlock, all_titles, title_block, workbook_block
from forecast.sources.workbook import Sheet, Workbook, open_workbook

Value = tuple[date, str, str, float]

# Sheets that never hold a table of values.
_FRONT_MATTER = re.compile(r"^(?:cover ?(?:sheet)?|contents|notes?|data quality.*|definitions?|information)$")
_HEAD_ROWS = 20


def read_workbook(path: Path, today: pd.Timestamp | None = None) -> Reading:
    """Read an NHS England workbook.

    Raises
    ------
    NotObservations
        The workbook is of a publication that is known and not read.
    InputError
        It cannot be recognised, or one of its tables cannot be trusted.
    """
    tables = reference()
    book = open_workbook(path)
    publication = recognise(book)
    if not publication.tables:
        raise NotObservations(
            f"{path}: {publication.words} (NHS England), a publication that is not read yet; nothing in it was used"
        )
    front = workbook_block(book)
    limit = today.date() if today is not None else None
    values: list[Value] = []
    notes: list[str] = []
    unread: list[str] = []
    for sheet in book.sheets:
        table = _table_of(book, sheet, publication)
        if table is None:
            if not _FRONT_MATTER.match(folded(sheet.name)):
                unread.append(sheet.name.strip())
            continue
        values += _read_sheet(sheet, table, title_block(sheet) or front, front, limit, tables, notes)
    if not values:
        raise InputError(
            f"{path}: recognised as {publication.words}, but no table with values was found in its sheets "
            f"({', '.join(book.sheet_names)}); download the file again"
        )
    if unread:
        notes.append(f"sheets not read yet: {', '.join(unread)}")
    if book.hidden:
        notes.append(f"hidden sheets left out: {', '.join(book.hidden)}")
    return _reading(path, publication, front, values, notes, tables)


def recognise(book: Workbook) -> Publication:
    """Say which publication a workbook is, from the words inside it.

    Raises
    ------
    InputError
        No publication fits; the message lists the sheets.
    """
    titles = all_titles(book)
    for publication in PUBLICATIONS:
        if _fits(book, titles, publication):
            return publication
    names = ", ".join(repr(name) for name in book.sheet_names) or "none"
    title = f" and title {titles.splitlines()[0]!r}" if titles else " and no title"
    raise InputError(
        f"{book.path}: not a publication this program knows: a workbook with sheets {names}{title}; "
        "give the file as NHS England published it, or a table with columns date, location, metric, value"
    )


def _fits(book: Workbook, titles: str, publication: Publication) -> bool:
    names = [folded(name) for name in book.sheet_names]
    if publication.title and not any(re.search(publication.title, title) for title in titles.splitlines()):
        return False
    if publication.sheets and not any(re.search(publication.sheets, name) for name in names):
        return False
    if publication.without_sheets and any(re.search(publication.without_sheets, name) for name in names):
        return False
    if publication.untitled and (titles or not any(_headed(sheet, publication) for sheet in book.sheets)):
        return False
    return not publication.says or _says(book, publication.says)


def _headed(sheet: Sheet, publication: Publication) -> bool:
    return any(measure_row(sheet, table.measures) is not None for table in publication.tables)


def _says(book: Workbook, pattern: str) -> bool:
    return any(
        re.search(pattern, folded(cell)) for sheet in book.sheets for row in sheet.rows[:_HEAD_ROWS] for cell in row[:8]
    )


def _table_of(book: Workbook, sheet: Sheet, publication: Publication) -> Table | None:
    """The table of the publication that a sheet holds: by its headers, or for one metric by name or heading."""
    name = folded(sheet.name)
    for table in publication.tables:
        if table.measures[0].header:
            if measure_row(sheet, table.measures) is not None:
                return table
        elif re.search(table.sheet, name) or (not book.named(table.sheet) and _heads(sheet, table.heading)):
            return table
    for table in publication.tables:
        if table.measures[0].header and table.required and re.search(table.sheet, name):
            metrics = ", ".join(dict.fromkeys(measure.metric for measure in table.measures))
            raise InputError(
                f"{sheet.file}, sheet {sheet.name!r}: no row of headers names the columns of {metrics}; "
                "the header is missing or its words have changed, compare it with the publication"
            )
    return None


def _heads(sheet: Sheet, pattern: str) -> bool:
    return any(re.search(pattern, folded(cell)) for row in sheet.rows[:_HEAD_ROWS] for cell in row[:3])


def _read_sheet(
    sheet: Sheet,
    table: Table,
    block: TitleBlock,
    front: TitleBlock,
    today: date | None,
    tables: Reference,
    notes: list[str],
) -> list[Value]:
    period = block.period or front.period
    published = block.own_date or front.own_date
    if not table.measures[0].header:
        header = label_row(sheet)
        if header is None:
            raise InputError(
                f"{sheet.file}, sheet {sheet.name!r}: no header row with Code and Name was found; "
                "the header is missing or its words have changed, compare it with the publication"
            )
        layout = columns_by_day(sheet, header, table.measures[0].metric, period)
    else:
        header = measure_row(sheet, table.measures) or 0
        if (column := _dates_down(sheet, header, table)) is not None:
            return _read_down(sheet, table, header, column, (period, published, today), notes)
        layout = columns_by_measure(sheet, header, table.measures, period)
    days = dict.fromkeys((layout.dates, c.index, c.day) for c in layout.columns)
    check_days(sheet, list({found[2]: found for found in reversed(days)}.values())[::-1], period, published, today)
    if layout.skipped:
        notes.append(f"sheet {sheet.name.strip()!r}: columns not read: {', '.join(layout.skipped)}")
    last = layout.columns[-1].index
    rows, unknown = organisation_rows(sheet, layout.header, layout.first, last, tables)
    if not rows:
        raise InputError(
            f"{sheet.file}, sheet {sheet.name!r}: no row below the header holds values of an organisation; "
            "download the file again"
        )
    notes += [f"unknown organisation kept: {who}; {UNKNOWN_REMEDY}" for who in unknown]
    sheet.refuse_unreadable(range(layout.dates, layout.header + 1), range(layout.first, last + 1))
    values: list[Value] = []
    for row in rows:
        sheet.refuse_unreadable(range(row.index, row.index + 1), range(last + 2))
        _refuse_headless(sheet, row.index, layout)
        values += _row_values(sheet, row.index, row.location, layout)
    return values


def _row_values(sheet: Sheet, row: int, location: str, layout: Layout) -> Iterator[Value]:
    parts: dict[tuple[date, str], list[float | None]] = {}
    for column in layout.columns:
        if column.metric is None:
            continue
        value = _number(sheet, row, column.index)
        if column.part:
            parts.setdefault((column.day, column.metric), []).append(value)
        elif value is not None:
            yield column.day, location, column.metric, value
    for (when, metric), found in parts.items():
        whole = [value for value in found if value is not None]
        if len(whole) == len(found) and not _has_whole(layout.columns, when, metric):
            yield when, location, metric, sum(whole)


def _has_whole(columns: Sequence[Column], when: date, metric: str) -> bool:
    return any(column.day == when and column.metric == metric and not column.part for column in columns)


def _number(sheet: Sheet, row: int, column: int) -> float | None:
    cell: Cell = sheet.cell(row, column)
    try:
        return number(cell)
    except ValueError:
        raise InputError(
            f"{sheet.at(row, column)}: {shown(cell)} where a number belongs; correct the cell or leave it empty"
        ) from None


def _refuse_headless(sheet: Sheet, row: int, layout: Layout) -> None:
    """Refuse a number beside the dated columns: the header or the row has slipped."""
    headed = {column.index for column in layout.columns}
    last = layout.columns[-1].index
    for column in range(layout.first - 1, last + 2):
        if column not in headed and is_number(sheet.cell(row, column)):
            raise InputError(
                f"{sheet.at(row, column)}: {shown(sheet.cell(row, column))} has no date above it; the header or the row "
                "looks shifted, correct the file or download it again"
            )


def _dates_down(sheet: Sheet, header: int, table: Table) -> int | None:
    """Column headed Date, in a table with one row a day for the whole of England."""
    heads = [folded(cell) for cell in sheet.rows[header]]
    first = next(i for i, text in enumerate(heads) if classify(text, table.measures))
    return next((i for i in range(first) if heads[i] in ("date", "day")), None)


def _read_down(
    sheet: Sheet,
    table: Table,
    header: int,
    column: int,
    limits: tuple[tuple[date, date] | None, date | None, date | None],
    notes: list[str],
) -> list[Value]:
    heads = [folded(cell) for cell in sheet.rows[header]]
    measures = {i: found for i, text in enumerate(heads) if (found := classify(text, table.measures))}
    metrics = [measure.metric for measure in measures.values() if not measure.part]
    if len(metrics) != len(set(metrics)):
        raise InputError(f"{sheet.at(header, min(measures))}: one of the measures stands twice in the header; remove one")
    rows: list[tuple[int, int, date]] = []
    for row in range(header + 1, len(sheet.rows)):
        when = _down_day(sheet, row, column, range(min(measures), max(measures) + 1))
        if when is None:
            continue
        if rows and (when - rows[-1][2]).days != 1:
            raise InputError(
                f"{sheet.at(row, column)}: {shown(sheet.cell(row, column))} follows {rows[-1][2]:%Y-%m-%d}; "
                "days must follow one another without a hole or a repeat: correct the dates or download the file again"
            )
        rows.append((row, column, when))
    if not rows:
        raise InputError(f"{sheet.at(header + 1, column)}: no dates below the header; download the file again")
    check_days(sheet, rows, *limits)
    others = [i for i, text in enumerate(heads) if text and i not in measures and i != column]
    if others:
        notes.append(f"sheet {sheet.name.strip()!r}: {len(others)} columns not read yet")
    columns = tuple(Column(i, rows[0][2], found.metric, found.part) for i, found in measures.items())
    values: list[Value] = []
    for row, _, when in rows:
        sheet.refuse_unreadable(range(row, row + 1), range(column, max(measures) + 1))
        dated = tuple(Column(c.index, when, c.metric, c.part) for c in columns)
        values += _row_values(sheet, row, "ENG", Layout(header, header, min(measures), dated))
    return values


def _down_day(sheet: Sheet, row: int, column: int, values: range) -> date | None:
    try:
        when = day(sheet.cell(row, column))
    except ValueError as error:
        raise InputError(f"{sheet.at(row, column)}: {error}; correct the date") from None
    if when is None and any(is_number(sheet.cell(row, i)) for i in values):
        raise InputError(f"{sheet.at(row, column)}: {shown(sheet.cell(row, column))} where a date belongs; correct it")
    return when


def _reading(
    path: Path, publication: Publication, front: TitleBlock, values: list[Value], notes: list[str], tables: Reference
) -> Reading:
    days, locations, metrics, numbers = zip(*values, strict=True)
    source = f"NHS England {publication.words}, {_edition(front, min(days), max(days))}"
    frame = pd.DataFrame(
        {
            "date": pd.to_datetime(pd.Series(days)).astype("datetime64[us]"),
            "location": locations,
            "metric": metrics,
            "value": pd.Series(numbers, dtype=float),
            "source": source,
        }
    )
    own = front.own_date
    editions = {source: own} if own else {}
    frame["released"] = first_released(frame, editions, tables)
    frame.attrs["published"] = {source: f"{when:%Y-%m-%d}" for source, when in editions.items()}
    if own is None:
        notes.append("the file states no date of publication: its values are dated by the rule of publication alone")
    return Reading(
        path=path,
        publication=publication.words,
        published=pd.Timestamp(own) if own else None,
        frame=check(frame, path.name),
        notes=tuple(dict.fromkeys(notes)),
    )


def _edition(front: TitleBlock, first: date, last: date) -> str:
    parts = []
    if front.published:
        parts.append(f"published {front.published:%Y-%m-%d}")
    if front.revised:
        parts.append(f"revised {front.revised:%Y-%m-%d}")
    return ", ".join(parts) or f"data {first:%Y-%m-%d} to {last:%Y-%m-%d}, no date of publication given"
