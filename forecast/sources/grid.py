"""Where the numbers of a published table are: its header row, its row of dates, one day and one metric a column.

Nothing is found by position. A header that does not fit its neighbours, a day that is missing, stands twice or
lies outside the period of the title block is an error: a table shifted by a cell would read as plausible numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from forecast.errors import InputError
from forecast.sources.cells import day, folded, is_number, means_day, shown, words
from forecast.sources.titles import Period
from forecast.sources.workbook import Sheet

# Header rows stand near the top; a header is a short text, a footnote that happens to hold its words is not.
_DEPTH, _LONGEST_HEADER = 60, 200
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Measure:
    """A column header, as a pattern over its folded text, and the metric below it.

    ``part``: the metric is the sum of several such columns of the same day.
    """

    metric: str
    header: str
    part: bool = False

    def fits(self, text: str) -> bool:
        """Whether a folded header text is this measure."""
        return len(text) <= _LONGEST_HEADER and re.search(self.header, text) is not None


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
    """Row that names all the measures most often; None where no row names them all."""
    needed = {measure.metric for measure in measures}
    best, most = None, 0
    for row in range(min(_DEPTH, len(sheet.rows))):
        found = [measure for cell in sheet.rows[row] if (measure := classify(folded(cell), measures))]
        if needed <= {measure.metric for measure in found} and len(found) > most:
            best, most = row, len(found)
    return best


def label_row(sheet: Sheet) -> int | None:
    """First row that heads the columns of organisations: one cell says code, another name or region."""
    return next((row for row in range(min(_DEPTH, len(sheet.rows))) if is_label_row(sheet, row, sheet.width)), None)


def is_label_row(sheet: Sheet, row: int, before: int) -> bool:
    """Whether the cells of a row left of column ``before`` head the columns of organisations."""
    labels = [folded(cell) for cell in sheet.rows[row][:before]]
    codes = {i for i, text in enumerate(labels) if len(text) <= 40 and re.search(r"\bcode\b", text)}
    names = {
        i for i, text in enumerate(labels) if len(text) <= 60 and re.search(r"\b(?:name|region|organisation)\b", text)
    }
    return bool(codes) and bool(names - codes)


def classify(text: str, measures: Sequence[Measure]) -> Measure | None:
    """First measure whose pattern fits the header text."""
    return next((measure for measure in measures if text and measure.fits(text)), None)


def columns_by_measure(sheet: Sheet, header: int, measures: Sequence[Measure], period: Period | None) -> Layout:
    """Layout of a table with several columns a day, headed by the measures in row ``header``."""
    heads = [folded(cell) for cell in sheet.rows[header]]
    at = [i for i, text in enumerate(heads) if classify(text, measures)]
    first, last = at[0], at[-1]
    dates = _date_row(sheet, header - 1, first, period, header_wins=False)
    _refuse_early(sheet, dates, first)
    found = _days_in(sheet, dates, first)
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
            if found[column] != current + _ONE_DAY:
                raise _not_next(sheet, dates, column, current)
            current = found[column]
        if not text and column not in found:
            continue
        measure = classify(text, measures)
        columns.append(Column(column, current, measure.metric if measure else None, bool(measure and measure.part)))
    _same_every_day(sheet, header, columns, measures)
    skipped = dict.fromkeys(words(sheet.cell(header, c.index)) for c in columns if c.metric is None)
    return Layout(header, dates, first, tuple(columns), tuple(skipped))


def columns_by_day(sheet: Sheet, header: int, metric: str, period: Period | None) -> Layout:
    """Layout of a table of one metric, one column a day, whose organisations are headed in row ``header``."""
    labels = [i for i, cell in enumerate(sheet.rows[header]) if folded(cell) and not means_day(cell)]
    first = _after_labels(sheet, header, labels)
    dates = _date_row(sheet, header, first, period, header_wins=True)
    _refuse_early(sheet, dates, first)
    found = _days_in(sheet, dates, first)
    columns: list[Column] = []
    for column in range(first, max(found) + 1):
        if column not in found:
            raise InputError(
                f"{sheet.at(dates, column)}: {shown(sheet.cell(dates, column))} where a date belongs; "
                "the header looks shifted, correct the file or download it again"
            )
        if columns and found[column] != columns[-1].day + _ONE_DAY:
            raise _not_next(sheet, dates, column, columns[-1].day)
        columns.append(Column(column, found[column], metric))
    return Layout(header, dates, first, tuple(columns))


def check_days(
    sheet: Sheet,
    cells: Sequence[tuple[int, int, date]],
    period: Period | None,
    published: date | None,
    today: date | None,
) -> None:
    """Refuse days outside the period the file states, after its own date or after ``today``.

    ``cells`` are the dates of the table in order, each with its row and column.
    """
    first, last = cells[0], cells[-1]
    for limit, what in ((published, "the day this file was published"), (today, "today")):
        if limit and last[2] > limit:
            row, column, late = next(cell for cell in cells if cell[2] > limit)
            raise InputError(
                f"{sheet.at(row, column)}: {late:%Y-%m-%d} lies after {what}, {limit:%Y-%m-%d}; "
                "correct the dates or download the file again"
            )
    if period is None:
        return
    for row, column, found in (first, last):
        if not period[0] <= found <= period[1]:
            raise InputError(
                f"{sheet.at(row, column)}: {found:%Y-%m-%d} lies outside the period the file states, "
                f"{period[0]:%Y-%m-%d} to {period[1]:%Y-%m-%d}; correct the dates or the period"
            )
    if first[2] != period[0] and last[2] != period[1]:
        raise InputError(
            f"{sheet.at(*first[:2])}: the dates run from {first[2]:%Y-%m-%d} to {last[2]:%Y-%m-%d}, the file states "
            f"{period[0]:%Y-%m-%d} to {period[1]:%Y-%m-%d} and neither end agrees; correct the dates or the period"
        )


def _after_labels(sheet: Sheet, header: int, labels: list[int]) -> int:
    kinds = [i for i in labels if re.search(r"\b(?:code|name|region|type)\b|acute", folded(sheet.cell(header, i)))]
    return max(kinds) + 1


def _date_row(sheet: Sheet, lowest: int, first: int, period: Period | None, header_wins: bool) -> int:
    """Row of dates: the one that agrees with the period; else the one nearest to the header.

    Winter workbooks of 2024-25 have a second row of dates, a day late, above the right one.
    """
    rows = {row: found for row in range(lowest + 1) if (found := _days_in(sheet, row, first)) and _is_date_row(found)}
    if not rows:
        raise InputError(
            f"{sheet.at(lowest, first)}: no row of dates above the values; expected one date a day, such as 24-Nov-25"
        )
    most = max(len(set(found.values())) for found in rows.values())
    rows = {row: found for row, found in rows.items() if 2 * len(set(found.values())) >= most}
    agreeing = {row: _agreement(found, period) for row, found in rows.items()}
    best = max(rows, key=lambda row: (agreeing[row], row))
    rivals = [row for row in rows if row != best and agreeing[row] == agreeing[best]]
    for row in rivals:
        if _conflict(rows[row], rows[best]) and not (header_wins and best == lowest):
            raise InputError(
                f"{sheet.at(row, first)}: rows {row + 1} and {best + 1} give different dates and the period of the "
                "file does not say which is right; correct one of them"
            )
    return best


def _days_in(sheet: Sheet, row: int, first: int) -> dict[int, date]:
    found = {}
    serials = [cell for cell in sheet.rows[row][first:] if is_number(cell)]
    use_serials = all(day(cell) for cell in serials)
    for column in range(first, len(sheet.rows[row])):
        try:
            value = day(sheet.cell(row, column), serials=use_serials)
        except ValueError as error:
            raise InputError(f"{sheet.at(row, column)}: {error}; correct the date") from None
        if value:
            found[column] = value
    return found


def _is_date_row(found: dict[int, date]) -> bool:
    """Whether most neighbours are the same or the next day: a row of counts can read as Excel serial numbers."""
    days = list(found.values())
    steps = [(after - before).days for before, after in pairwise(days)]
    return sum(step in (0, 1) for step in steps) >= 0.5 * len(steps)


def _agreement(found: dict[int, date], period: Period | None) -> int:
    days = list(found.values())
    return (days[0] == period[0]) + (days[-1] == period[1]) if period else 0


def _conflict(one: dict[int, date], other: dict[int, date]) -> bool:
    return any(one[column] != other[column] for column in one.keys() & other.keys())


def _same_every_day(sheet: Sheet, header: int, columns: Sequence[Column], measures: Sequence[Measure]) -> None:
    groups: dict[date, list[Column]] = {}
    for column in columns:
        groups.setdefault(column.day, []).append(column)
    pattern: list[str] = []
    needed = {measure.metric for measure in measures}
    for found in groups.values():
        heads = [_plain(folded(sheet.cell(header, column.index))) for column in found]
        pattern = pattern or heads
        if heads != pattern:
            wrong = next((i for i, (a, b) in enumerate(zip(heads, pattern, strict=False)) if a != b), len(pattern))
            column = found[min(wrong, len(found) - 1)]
            raise InputError(
                f"{sheet.at(header, column.index)}: {words(sheet.cell(header, column.index))!r} on "
                f"{column.day:%Y-%m-%d} breaks the order of the columns of the first day; the header looks shifted, "
                "correct the file or download it again"
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


def _refuse_early(sheet: Sheet, row: int, first: int) -> None:
    for column in range(first):
        if means_day(sheet.cell(row, column)):
            raise _shifted(sheet, row, column, "stands over the names of organisations")


def _shifted(sheet: Sheet, row: int, column: int, why: str) -> InputError:
    return InputError(
        f"{sheet.at(row, column)}: the date {shown(sheet.cell(row, column))} {why}; "
        "the header looks shifted, correct the file or download it again"
    )


def _not_next(sheet: Sheet, row: int, column: int, before: date) -> InputError:
    return InputError(
        f"{sheet.at(row, column)}: {shown(sheet.cell(row, column))} follows {before:%Y-%m-%d}; "
        "days must follow one another without a hole or a repeat: correct the header or download the file again"
    )
