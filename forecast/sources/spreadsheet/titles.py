"""The title block of a published workbook: what it is, which days it covers, when it came out."""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from forecast.errors import InputError
from forecast.sources.cells import Cell, day, folded, is_missing, shown, text_day, words
from forecast.sources.spreadsheet.workbook import Sheet, Workbook

Period = tuple[date, date]

_LABELS = ("title", "summary", "period", "published", "revised")
# Rows and columns among which a title block stands: above the table, in the left margin.
_DEPTH, _MARGIN = 25, 4
_MONTH_NAMES = {name.casefold(): i for i, name in enumerate(calendar.month_name) if name}
_MONTH_NAMES |= {name.casefold(): i for i, name in enumerate(calendar.month_abbr) if name}
_SPLIT = re.compile(r"\s+(?:to|and|until|-)\s+|(?<=[a-z]{3} \d{4})\s*-\s*(?=\d)")
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_DAY_ONLY = re.compile(r"^\d{1,2}(?:st|nd|rd|th)?$")
_DAY_MONTH = re.compile(r"^\d{1,2}(?:st|nd|rd|th)?\s+[a-z]+$")
_NUMERIC_DAY = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}", re.ASCII)
# A publication comes out after the period it covers ends, and no later than this.
_LATEST_PUBLICATION = timedelta(days=100)
_MONTH_YEAR = re.compile(r"^([a-z]+)[\s-]+(\d{4})$")


@dataclass(frozen=True)
class TitleBlock:
    """What the labelled lines above a table, or on a cover sheet, say."""

    title: str = ""
    summary: str = ""
    period: Period | None = None
    published: date | None = None
    revised: date | None = None

    @property
    def own_date(self) -> date | None:
        """The file's own date: of its revision, else of its publication."""
        known = [found for found in (self.published, self.revised) if found]
        return max(known) if known else None


def title_block(sheet: Sheet, trusted: bool = True) -> TitleBlock | None:
    """Read the title block of one sheet; None where it has none.

    A date whose value the file does not hold is an error where the block is ``trusted``, else unknown.
    """
    lines: dict[str, tuple[int, int]] = {}
    for row in range(min(_DEPTH, len(sheet.rows))):
        for column in range(_MARGIN):
            label = folded(sheet.cell(row, column))
            if label.rstrip(":").strip() in _LABELS and label.rstrip(":").strip() not in lines:
                lines[label.rstrip(":").strip()] = (row, column)
    if not {"title", "published"} & lines.keys():
        return None
    values = {label: _right_of(sheet, *where) for label, where in lines.items()}
    for label in ("period", "published", "revised"):
        if trusted and label in lines and not values[label]:
            row, column = lines[label]
            sheet.refuse_unreadable(range(row, row + 1), range(column + 1, column + 5))
    period = _period(sheet, lines["period"], values["period"]) if values.get("period") else None
    published = _single(sheet, lines["published"], values["published"], period) if "published" in lines else None
    return TitleBlock(
        title=" ".join(words(cell) for cell in values.get("title", [])),
        summary=" ".join(words(cell) for cell in values.get("summary", [])),
        period=period,
        published=published,
        revised=_single(sheet, lines["revised"], values["revised"], None) if "revised" in lines else None,
    )


def workbook_block(book: Workbook, trusted: Collection[str]) -> TitleBlock:
    """The block that speaks for the whole file: first title and period, latest dates; ``trusted`` sheets by name."""
    found = [title_block(sheet, sheet.name in trusted) for sheet in book.sheets]
    blocks = [block for block in found if block]
    return TitleBlock(
        title=next((block.title for block in blocks if block.title), ""),
        summary=next((block.summary for block in blocks if block.summary), ""),
        period=next((block.period for block in blocks if block.period), None),
        published=_latest(block.published for block in blocks),
        revised=_latest(block.revised for block in blocks),
    )


def all_titles(book: Workbook) -> str:
    """Every ``Title:`` in the workbook, folded, one a line: what recognises a publication."""
    blocks = [block for sheet in book.sheets if (block := title_block(sheet, trusted=False))]
    return "\n".join(dict.fromkeys(folded(block.title) for block in blocks))


def period_of(text: str) -> Period | None:
    """First and last day that a text such as ``14 November 2022 - 02 April 2023`` covers; None where it is unclear.

    Raises
    ------
    ValueError
        The first day comes after the last.
    """
    if len(stated := _ISO_DAY.findall(text)) == 2:
        text = " to ".join(stated)
    parts = [part.strip() for part in _SPLIT.split(folded(text)) if part.strip()]
    if len(parts) == 1:
        return _whole_month(parts[0])
    if len(parts) != 2:
        return None
    last = text_day(parts[1]) or (months[1] if (months := _whole_month(parts[1])) else None)
    if last is None:
        return None
    month = calendar.month_name[last.month].casefold()
    completed = parts[0]
    if _DAY_ONLY.match(completed):
        completed = f"{completed} {month} {last.year}"
    elif _DAY_MONTH.match(completed) or completed in _MONTH_NAMES:
        completed = f"{completed} {last.year}"
    first = text_day(completed) or (months[0] if (months := _whole_month(completed)) else None)
    if first and first > last and completed != parts[0]:
        first = first.replace(year=first.year - 1)
    return _in_order(first, last) if first else None


def _in_order(first: date, last: date) -> Period:
    if first > last:
        raise ValueError(f"it ends on {last:%Y-%m-%d}, before it begins on {first:%Y-%m-%d}")
    return first, last


def _whole_month(text: str) -> Period | None:
    found = _MONTH_YEAR.match(text)
    if not found or found[1] not in _MONTH_NAMES:
        return None
    year, month = int(found[2]), _MONTH_NAMES[found[1]]
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _right_of(sheet: Sheet, row: int, column: int) -> list[Cell]:
    return [cell for cell in sheet.rows[row][column + 1 :] if not (cell is None or (folded(cell) == "" and cell == ""))]


def _period(sheet: Sheet, where: tuple[int, int], values: list[Cell]) -> Period | None:
    try:
        days = [found for found in (day(cell) for cell in values) if found]
        if len(days) >= 2:
            return _in_order(days[0], days[1])
        return period_of(" ".join(f"{cell:%Y-%m-%d}" if isinstance(cell, date) else words(cell) for cell in values))
    except ValueError as error:
        raise InputError(f"{sheet.at(*where)}: the period cannot be read: {error}; correct it") from None


def _single(sheet: Sheet, where: tuple[int, int], values: list[Cell], period: Period | None) -> date | None:
    """The first date among the cells; ``period``: what a publication of that date would cover."""
    for cell in values:
        try:
            if found := _month_first(cell, period) or day(cell):
                return found
            tail = re.search(r"\d{1,2}(?:st|nd|rd|th)?\s+[a-z]+\s+\d{4}", folded(cell))
            if tail and (found := text_day(tail[0])):
                return found
        except ValueError as error:
            raise InputError(
                f"{sheet.at(*where)}: the date {shown(cell)} cannot be read: {error}; correct it"
            ) from None
        if not is_missing(cell):
            return None
    return None


def _month_first(cell: Cell, period: Period | None) -> date | None:
    """Day of a text such as ``02/08/2024`` read as 8 February, only where the period allows that and not 2 August."""
    if period is None or not _NUMERIC_DAY.fullmatch(folded(cell)):
        return None
    readings = []
    for month_first in (False, True):
        try:
            found = text_day(folded(cell), month_first)
        except ValueError:
            found = None
        readings.append(found if found and period[1] <= found <= period[1] + _LATEST_PUBLICATION else None)
    return readings[1] if readings[0] is None else None


def _latest(days: Iterable[date | None]) -> date | None:
    return max((found for found in days if found), default=None)
