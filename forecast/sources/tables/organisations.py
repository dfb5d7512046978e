"""Who a row of a published table is about: an organisation by its code, England and the regions by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from forecast.errors import InputError
from forecast.reference import Reference
from forecast.sources.cells import (
    folded,
    is_missing,
    number,
    reads_as_number,
    shortened,
    shown,
    words,
)
from forecast.sources.codes import MARKS, UNKNOWN_REMEDY, clean_code, looks_like_code, unknown_kept
from forecast.sources.spreadsheet.workbook import Sheet
from forecast.sources.tables.grid import is_label_row

_PROVIDERS = frozenset({"provider", "site"})
# A helper row numbers the columns, those of each week anew: six steps of one in seven, as no counts of patients have.
_COUNTING = 0.8
_AREAS = frozenset({"country", "nhs_region"})


@dataclass(frozen=True)
class Row:
    """A row of values and the code of its location; for an organisation, of the region that the row names."""

    index: int
    location: str
    region: str = ""


def organisation_rows(
    sheet: Sheet,
    header: int,
    first: int,
    last: int,
    tables: Reference,
    notes: list[str],
    any_provider: bool = False,
) -> list[Row]:
    """Rows below ``header`` that hold the values of a location.

    Parameters
    ----------
    sheet
        The sheet.
    header
        Row of the column headers; sections below may repeat headers of their own.
    first, last
        First and last column of values; organisations are named left of them.
    tables
        Reference tables in force.
    notes
        Gets what was left out or kept with a doubt.
    any_provider
        Codes of organisations that are no NHS trusts are kept too, where a name stands beside them.

    Raises
    ------
    InputError
        A row with values names nobody known or two locations, or one location has two rows.
    """
    code_column = _code_column(sheet, header, first)
    found: list[Row] = []
    england: list[tuple[int, str]] = []
    for row in range(header + 1, len(sheet.rows)):
        values = sheet.rows[row][first : last + 1]
        if is_label_row(sheet, row, first):
            code_column = _code_column(sheet, row, first)
            continue
        if not _holds_values(sheet, row, code_column, values):
            continue
        code = clean_code(sheet.cell(row, code_column)) if not is_missing(sheet.cell(row, code_column)) else ""
        name = _name(sheet, row, code_column, first)
        if not code and not name:
            _refuse_nameless(sheet, row, first, last, notes)
            continue
        location = tables.find_location(code) if code else _area(sheet, row, first, name, tables)
        if code and location:
            _refuse_other_name(sheet, row, code_column, location, name, tables)
        if location == "ENG" or (not code and folded(name).startswith("england")):
            england.append((row, name))
            continue
        if location is None and code and looks_like_code(code, any_provider and bool(name)):
            location = code
            notes.append(unknown_kept(code, name, tables))
        if location is None:
            raise InputError(
                f"{sheet.at(row, code_column)}: unknown location {shown(code or name)}"
                f"{f' ({shortened(name)})' if code and name else ''}; {UNKNOWN_REMEDY} if it is right"
            )
        found.append(Row(row, location, _region(sheet, row, first, tables) if code else ""))
    found += _england(sheet, england, first, tables)
    _refuse_twice(sheet, found, first, tables)
    return sorted(found, key=lambda row: row.index)


def _code_column(sheet: Sheet, near: int, first: int) -> int:
    """Column headed by a word for code: in the row itself, else in the next label row below it."""
    for row in range(near, len(sheet.rows)):
        if is_label_row(sheet, row, first):
            return next(i for i in range(first) if re.search(r"\bcode\b", folded(sheet.cell(row, i))))
    raise InputError(
        f"{sheet.file}, sheet {sheet.name!r}: no column of organisation codes left of the values; "
        "expected headers such as Code and Name"
    )


def _holds_values(sheet: Sheet, row: int, code_column: int, values: object) -> bool:
    """Whether a row is data: it has a number, also as text, or stands beside a code and has any cell filled."""
    cells = list(values)  # type: ignore[call-overload]
    if any(reads_as_number(cell) for cell in cells):
        return True
    if any((row, column) in sheet.unreadable for column in range(len(sheet.rows[row]))):
        return True
    code = clean_code(sheet.cell(row, code_column))
    return bool(re.fullmatch(r"[A-Z0-9]{3,6}", code)) and any(cell not in ("", None) for cell in cells)


def _name(sheet: Sheet, row: int, code_column: int, first: int) -> str:
    """The rightmost text left of the values: the name of the organisation or area."""
    texts = [words(sheet.cell(row, i)) for i in range(first) if i != code_column and not is_missing(sheet.cell(row, i))]
    return next((text for text in reversed(texts) if text), "")


def _region(sheet: Sheet, row: int, first: int, tables: Reference) -> str:
    """The NHS region that a row names beside its organisation."""
    for column in range(first):
        location = tables.locations.get(tables.find_location(words(sheet.cell(row, column))) or "")
        if location and location.kind == "nhs_region":
            return location.code
    return ""


def _refuse_other_name(sheet: Sheet, row: int, column: int, code: str, name: str, tables: Reference) -> None:
    """Refuse a code beside the name of another organisation; names vary, so an unknown one says nothing."""
    named = tables.find_location(name.strip(MARKS))
    if named is None or named == code or code not in tables.locations or named not in tables.locations:
        return
    kind, other = tables.locations[code].kind, tables.locations[named].kind
    same = kind == other and kind in ("trust", "icb", "nhs_region")
    if same or (kind in _AREAS and other != kind):
        raise InputError(
            f"{sheet.at(row, column)}: code {code} stands beside the name {shown(name)}, which is {named}; "
            "correct the code or the name"
        )


def _area(sheet: Sheet, row: int, first: int, name: str, tables: Reference) -> str | None:
    location = tables.find_location(name.strip(MARKS))
    if location is None or location not in tables.locations:
        return None
    if tables.locations[location].kind not in _AREAS:
        raise InputError(
            f"{sheet.at(row, first - 1)}: {name!r} has no code in its row and organisations are read by code only; "
            "fill the code in"
        )
    return location


def _england(sheet: Sheet, rows: list[tuple[int, str]], first: int, tables: Reference) -> list[Row]:
    """England's rows: alone it is England whatever its words; of two, one counts type 1 trusts only."""
    if len(rows) == 1:
        return [Row(rows[0][0], "ENG")]
    found = []
    for row, name in rows:
        location = tables.find_location(name.strip(MARKS)) if name else "ENG"
        if location is None:
            raise InputError(
                f"{sheet.at(row, first - 1)}: unknown location {shown(name)}; {UNKNOWN_REMEDY} if it is right"
            )
        found.append(Row(row, location))
    return found


def _refuse_nameless(sheet: Sheet, row: int, first: int, last: int, notes: list[str]) -> None:
    """Refuse a row that may be an area or organisation whose name was lost; a helper row counts in even steps."""
    cells = [sheet.cell(row, column) for column in range(first, last + 1)]
    for column, cell in enumerate(cells, first):
        if not reads_as_number(cell) and not is_missing(cell):
            raise InputError(
                f"{sheet.at(row, column)}: {shown(cell)} where a number belongs, in a row without a code or name; "
                "the header looks shifted, correct the file or download it again"
            )
    numbers = [value for cell in cells if (value := number(cell)) is not None]
    steps = [after - before for before, after in pairwise(numbers)]
    counting = bool(steps) and steps.count(1) >= _COUNTING * len(steps)
    if 2 * len(numbers) >= len(cells) and len(set(steps)) > 1 and not counting:
        raise InputError(
            f"{sheet.at(row, first)}: row {row + 1} holds {len(numbers):,} numbers and neither code nor name; "
            "fill the name in or empty the row"
        )
    # The same helper row stands on many sheets: one note, which names none.
    where = "" if counting else f"sheet {sheet.name.strip()!r}: "
    notes.append(f"{where}row {row + 1} has numbers and neither code nor name; not read")


def _refuse_twice(sheet: Sheet, rows: list[Row], first: int, tables: Reference) -> None:
    """Refuse a location with two rows; a provider that is no NHS trust may have one for each region."""
    seen: dict[tuple[str, str], int] = {}
    for row in sorted(rows, key=lambda row: row.index):
        known = tables.locations.get(row.location)
        key = (row.location, row.region if known and known.kind in _PROVIDERS else "")
        if key in seen:
            raise InputError(
                f"{sheet.at(row.index, first - 1)}: location {row.location} stands twice, in rows "
                f"{seen[key] + 1} and {row.index + 1}; keep one of them"
            )
        seen[key] = row.index
