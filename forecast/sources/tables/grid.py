"""Where the numbers of a published table are: its header row, its row of dates, one day and one metric a column.

Nothing is found by position. A header that does not fit its neighbours, a day that is missing, stands twice or
lies outside the period of the title block is an error: a table shifted by a cell would read as plausible numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from forecast.errors import InputError
from forecast.sources.cells import folded, shown, words
from forecast.sources.publications.cadence import DAYS, Cadence
from forecast.sources.publications.measure import Measure, classify, needed_metrics
from forecast.sources.spreadsheet.titles import Period
from forecast.sources.spreadsheet.workbook import Sheet
from forecast.sources.tables.date_rows import date_row, dates_in, not_next

# Header rows stand near the top.
DEPTH = 60


@dataclass(frozen=True)
class Column:
    """One column of values: its day and its metric (None: a measure that is not read)."""

    index: int
    day: date
    metric: str | None
    part: bool = False


@dataclass(frozen=True)
class Layout:
    """A table with days across: the rows of its headers and dates, and its columns of values."""

    header: int
    dates: int
    first: int
    columns: tuple[Column, ...]
    skipped: tuple[str, ...] = ()


def measure_row(sheet: Sheet, measures: Sequence[Measure]) -> int | None:
    """Row that names all the measures most often; None where no row names all that the table must have."""
    needed = needed_metrics(measures)
    best, most = None, 0
    for row in range(min(DEPTH, len(sheet.rows))):
        # The same headers stand above every day: each is looked up once.
        times = Counter(cell for cell in sheet.rows[row] if cell and isinstance(cell, str))
        found = {cell: measure for cell in times if (measure := classify(folded(cell), measures))}
        columns = sum(times[cell] for cell in found)
        if needed <= {measure.metric for measure in found.values()} and columns > most:
            best, most = row, columns
    return best


def label_row(sheet: Sheet) -> int | None:
    """First row that heads the columns of organisations: one cell says code, another name or region."""
    return next((row for row in range(min(DEPTH, len(sheet.rows))) if is_label_row(sheet, row, sheet.width)), None)


def is_label_row(sheet: Sheet, row: int, before: int) -> bool:
    """Whether the cells of a row left of column ``before`` head the columns of organisations."""
    labels = [folded(cell) for cell in sheet.rows[row][:before]]
    codes = {i for i, text in enumerate(labels) if len(text) <= 40 and re.search(r"\bcode\b", text)}
    names = {
        i for i, text in enumerate(labels) if len(text) <= 60 and re.search(r"\b(?:name|region|organisation)\b", text)
    }
    return bool(codes) and bool(names - codes)


def columns_by_measure(
    sheet: Sheet, header: int, measures: Sequence[Measure], period: Period | None, cadence: Cadence = DAYS
) -> Layout:
    """Layout of a table with several columns a day or week, headed by the measures in row ``header``."""
    heads = [folded(cell) for cell in sheet.rows[header]]
    at = [i for i, text in enumerate(heads) if classify(text, measures)]
    first, last = at[0], at[-1]
    # A day may end with a column that is not read, such as a rate.
    while last + 1 < len(heads) and heads[last + 1] and heads[last + 1] in heads[first : at[-1]]:
        last += 1
    dates = date_row(sheet, header - 1, first, period, cadence, header_wins=False)
    _refuse_early(sheet, dates, first, cadence)
    found = dates_in(sheet, dates, first, cadence)
    if beyond := [column for column in found if column > last]:
        raise _shifted(sheet, dates, beyond[0], "has no measure under it")
    if first not in found:
        raise InputError(
            f"{sheet.at(dates, first)}: no date above {words(sheet.cell(header, first))!r}; "
            "the header looks shifted, correct the file or download it again"
        )
    columns: list[Column] = []
    current = found[first]
    for column in range(first, last + 1):
        text = heads[column] if column < len(heads) else ""
        if column in found and found[column] != current:
            if not cadence.follows(current, found[column]):
                raise not_next(sheet, dates, column, current, cadence)
            current = found[column]
        if not text and column not in found:
            continue
        measure = classify(text, measures)
        columns.append(Column(column, current, measure.metric if measure else None, bool(measure and measure.part)))
    _same_every_day(sheet, header, columns, measures, cadence)
    skipped = dict.fromkeys(words(sheet.cell(header, c.index)) for c in columns if c.metric is None)
    return Layout(header, dates, first, tuple(columns), tuple(skipped))


def columns_by_day(sheet: Sheet, header: int, metric: str, period: Period | None, cadence: Cadence = DAYS) -> Layout:
    """Layout of a table of one metric, one column a day, whose organisations are headed in row ``header``."""
    labels = [i for i, cell in enumerate(sheet.rows[header]) if folded(cell) and not cadence.means(cell)]
    first = _after_labels(sheet, header, labels)
    dates = date_row(sheet, header, first, period, cadence, header_wins=True)
    _refuse_early(sheet, dates, first, cadence)
    found = dates_in(sheet, dates, first, cadence)
    columns: list[Column] = []
    for column in range(first, max(found) + 1):
        if column not in found:
            raise InputError(
                f"{sheet.at(dates, column)}: {shown(sheet.cell(dates, column))} where a date belongs; "
                "the header looks shifted, correct the file or download it again"
            )
        if columns and not cadence.follows(columns[-1].day, found[column]):
            raise not_next(sheet, dates, column, columns[-1].day, cadence)
        columns.append(Column(column, found[column], metric))
    return Layout(header, dates, first, tuple(columns))


def _after_labels(sheet: Sheet, header: int, labels: list[int]) -> int:
    kinds = [i for i in labels if re.search(r"\b(?:code|name|region|type)\b|acute", folded(sheet.cell(header, i)))]
    return max(kinds) + 1


def _same_every_day(
    sheet: Sheet, header: int, columns: Sequence[Column], measures: Sequence[Measure], cadence: Cadence
) -> None:
    groups: dict[date, list[Column]] = {}
    for column in columns:
        groups.setdefault(column.day, []).append(column)
    pattern: list[str] = []
    needed = needed_metrics(measures)
    for found in groups.values():
        heads = [_plain(folded(sheet.cell(header, column.index))) for column in found]
        pattern = pattern or heads
        if heads != pattern:
            wrong = next((i for i, (a, b) in enumerate(zip(heads, pattern, strict=False)) if a != b), len(pattern))
            column = found[min(wrong, len(found) - 1)]
            raise InputError(
                f"{sheet.at(header, column.index)}: {words(sheet.cell(header, column.index))!r} on "
                f"{column.day:%Y-%m-%d} breaks the order of the columns of the first {cadence.unit}; "
                "the header looks shifted, correct the file or download it again"
            )
        read = [column.metric for column in found if column.metric and not column.part]
        if len(read) != len(set(read)) or not needed <= {column.metric for column in found}:
            names = ", ".join(repr(words(sheet.cell(header, column.index))) for column in found)
            raise InputError(
                f"{sheet.at(header, found[0].index)}: the columns of {found[0].day:%Y-%m-%d} are {names}; "
                f"each of {', '.join(sorted(needed))} must stand there once"
            )


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip()


def _refuse_early(sheet: Sheet, row: int, first: int, cadence: Cadence) -> None:
    for column in range(first):
        if cadence.means(sheet.cell(row, column)):
            raise _shifted(sheet, row, column, "stands over the names of organisations")


def _shifted(sheet: Sheet, row: int, column: int, why: str) -> InputError:
    return InputError(
        f"{sheet.at(row, column)}: the date {shown(sheet.cell(row, column))} {why}; "
        "the header looks shifted, correct the file or download it again"
    )
