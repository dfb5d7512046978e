"""The monthly A&E workbook: its sheet of providers, two rows of headers, England in the first row."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pandas as pd

from forecast.errors import InputError, NotObservations
from forecast.reference import reference
from forecast.sources.cells import folded, shown, words
from forecast.sources.monthly.emergency import (
    PUBLICATION,
    TYPES,
    Row,
    is_total,
    month_of,
    provider_values,
    refuse_other_sum,
    tidy,
)
from forecast.sources.monthly.published_csv import reading
from forecast.sources.reading import Reading
from forecast.sources.spreadsheet.titles import title_block
from forecast.sources.spreadsheet.workbook import Sheet, Workbook
from forecast.sources.tables.grid import label_row
from forecast.sources.tables.row_values import number_at

_DEPARTMENTS = (
    ("type1", r"type 1 departments"),
    ("type2", r"type 2 departments"),
    ("other", r"type 3 departments"),
)
_GROUPS = (
    ("ae_attendances", r"^a&e attendances$", r"^total attendances$", "ae_total_attendances"),
    (
        "ae_attendances_over_4hours",
        r"^a&e attendances (?:>|greater than) ?4 hours",
        r"^total attendances (?:>|greater than) ?4 hours",
        "ae_attendances_over_4hours",
    ),
)
_SINGLE = (
    ("ae_emergency_admissions_type1", r"^emergency admissions via type 1 a&e$"),
    ("ae_emergency_admissions_type2", r"^emergency admissions via type 2 a&e$"),
    ("ae_emergency_admissions_other", r"^emergency admissions via type 3 and 4 a&e$"),
    ("ae_emergency_admissions_elsewhere", r"^other emergency admissions"),
    ("ae_total_emergency_admissions", r"^total emergency admissions$"),
    ("ae_emergency_admissions_over_4hours", r"^number of patients spending (?:>|more than) ?4 hours from decision"),
    ("ae_waits_over_12hours", r"^number of patients spending (?:>|more than) ?12 hours from decision"),
)
_NEEDED = ("ae_total_attendances", "ae_attendances_over_4hours", "ae_total_emergency_admissions")


def read_emergency_workbook(book: Workbook, today: pd.Timestamp | None = None) -> Reading:
    """Read the provider sheet of the monthly A&E workbook.

    Raises
    ------
    NotObservations
        The workbook has no sheet of providers: the England time series and the like.
    InputError
        The headers, the month or a cell cannot be read, or England is not the sum of the providers.
    """
    sheet = next(iter(book.named(r"^provider level data$")), None)
    if sheet is None:
        raise NotObservations(
            f"{book.path}: {PUBLICATION} (NHS England), a workbook without the sheet 'Provider Level Data', which is "
            "not read yet; nothing in it was used"
        )
    header = label_row(sheet)
    if header is None:
        raise InputError(f"{sheet.file}, sheet {sheet.name!r}: no header row with Code and Name; download it again")
    columns = _columns(sheet, header)
    block = title_block(sheet)
    period = block.period if block else None
    if period is None:
        period = _typed_month(sheet, header)
    rows, cells = _rows(sheet, header, columns)
    counts = {
        metric: np.array([number_at(sheet, row, column) for row in cells], dtype=float)
        for metric, column in columns.items()
    }
    refuse_other_sum(rows, counts)
    notes = [f"sheets not read yet: {', '.join(n for n in book.sheet_names if n != sheet.name.strip())}"]
    frame = provider_values(rows, counts, period[0], reference(), notes, sheet.file)
    _refuse_other_totals(sheet, frame)
    own = pd.Timestamp(block.own_date) if block and block.own_date else None
    ends = pd.Timestamp(period[0]), pd.Timestamp(period[1])
    return reading(book.path, f"{PUBLICATION}, workbook", tidy(frame), ends, own, today, notes)


def _columns(sheet: Sheet, header: int) -> dict[str, int]:
    """Column of each metric, by its own header and, where several share that, by the group above it."""
    group, found = "", {}
    for column in range(len(sheet.rows[header])):
        group = folded(sheet.cell(header - 1, column)) or group
        metric = _metric(group, folded(sheet.cell(header, column)))
        if metric in found:
            raise InputError(f"{sheet.at(header, column)}: a second column of {metric}; keep one")
        if metric:
            found[metric] = column
    missing = [metric for metric in _NEEDED if metric not in found]
    if missing:
        raise InputError(
            f"{sheet.file}, sheet {sheet.name!r}: no column of {missing[0]} in row {header + 1}; a header is missing "
            "or its words have changed, compare it with the publication"
        )
    return found


def _metric(group: str, text: str) -> str:
    for what, above, whole, total in _GROUPS:
        if re.search(whole, text):
            return total
        if re.search(above, group):
            for kind, words_ in _DEPARTMENTS:
                if re.search(words_, text):
                    return f"{what}_{kind}"
    return next((metric for metric, pattern in _SINGLE if re.search(pattern, text)), "")


def _typed_month(sheet: Sheet, header: int) -> tuple[date, date]:
    """The month beside ``Period:``, also where it is typed as a date."""
    for row in range(header):
        for column in range(4):
            if folded(sheet.cell(row, column)).rstrip(":") != "period":
                continue
            cell = sheet.cell(row, column + 1)
            try:
                found = month_of(f"{cell:%B %Y}" if isinstance(cell, date) else words(cell))
            except ValueError:
                found = None
            if found:
                return found
            raise InputError(f"{sheet.at(row, column + 1)}: {shown(cell)} is no month; write it as October 2023")
    raise InputError(f"{sheet.file}, sheet {sheet.name!r}: no line says which period it covers; download it again")


def _rows(sheet: Sheet, header: int, columns: dict[str, int]) -> tuple[list[Row], list[int]]:
    """Rows below the header with a number in one of the columns, and where they are."""
    heads = [folded(cell) for cell in sheet.rows[header]]
    code = next(i for i, text in enumerate(heads) if re.search(r"\bcode\b", text))
    name = next((i for i, text in enumerate(heads) if re.search(r"\bname\b", text)), code)
    first = min(columns.values())
    rows, places = [], []
    for row in range(header + 1, len(sheet.rows)):
        sheet.refuse_unreadable(range(row, row + 1), range(max(columns.values()) + 1))
        labels = [words(sheet.cell(row, column)) for column in range(first)]
        if all(number_at(sheet, row, column) is None for column in columns.values()) or not any(labels):
            continue
        at = f"{sheet.file}, sheet {sheet.name!r}, row {row + 1}"
        rows.append(Row(words(sheet.cell(row, code)), words(sheet.cell(row, name)), at, is_total(*labels)))
        places.append(row)
    return rows, places


def _refuse_other_totals(sheet: Sheet, frame: pd.DataFrame) -> None:
    """Refuse a sheet whose totals are not those of its departments."""
    for total, what in (("ae_total_attendances", "ae_attendances"), ("ae_attendances_over_4hours",) * 2):
        parts = [f"{what}_{kind}" for kind in TYPES]
        if not set(parts) <= set(frame):
            continue
        sums = frame[parts].sum(axis=1, min_count=len(parts))
        wrong = (frame[total] - sums).abs() > 0.5
        if wrong.any():
            row = frame[wrong].iloc[0]
            raise InputError(
                f"{sheet.file}, sheet {sheet.name!r}: {total} of {row['location']} is {row[total]:,.0f}, its "
                f"departments add up to {sums[wrong].iloc[0]:,.0f}; the columns look shifted, download the file again"
            )
