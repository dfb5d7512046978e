"""Tables as one Excel file, a sheet each: text and numbers only, never formulas."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT, DATE_FORMAT = "s", "yyyy-mm-dd"
WIDEST, NARROWEST = 60, 9


def to_xlsx(sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """Write tables as the sheets of one workbook; a sheet's name has at most 31 characters."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, table in sheets.items():
        _fill(book.create_sheet(name), table)
    with BytesIO() as found:
        book.save(found)
        return found.getvalue()


def _fill(sheet: Worksheet, table: pd.DataFrame) -> None:
    widths = [len(str(name)) for name in table.columns]
    for column, name in enumerate(table.columns, start=1):
        cell = sheet.cell(row=1, column=column)
        _write(cell, str(name))
        cell.font = Font(bold=True)
        for row, value in enumerate(table[name], start=2):
            _write(sheet.cell(row=row, column=column), value)
            widths[column - 1] = max(widths[column - 1], len(str(value)) if isinstance(value, str) else 0)
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(max(width + 2, NARROWEST), WIDEST)
    sheet.freeze_panes = "A2"


def _write(cell: Cell, value: object) -> None:
    """Write a value; a text stays a text, whatever it begins with."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return
    if isinstance(value, pd.Timestamp):
        cell.value, cell.number_format = value.to_pydatetime(), DATE_FORMAT
    elif isinstance(value, str):
        cell.value = "".join(letter for letter in value if letter.isprintable() or letter == "\n")
        cell.data_type = TEXT
    else:
        cell.value = value.item() if hasattr(value, "item") else value
