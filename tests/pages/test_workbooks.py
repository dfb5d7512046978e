"""The Excel file: text and numbers, dates as dates, and nothing that a spreadsheet would run."""

from io import BytesIO

import numpy as np
import pandas as pd
from openpyxl import load_workbook

from forecast.pages.workbooks import to_xlsx


def test_a_text_stays_a_text_whatever_it_begins_with():
    table = pd.DataFrame({"=name": ["=1+1", "+44 flats", "@here", "a\x00b"], "number": [1, 2, 3, 4]})
    sheet = load_workbook(BytesIO(to_xlsx({"Text": table})))["Text"]
    assert [cell.value for cell in sheet["A"]] == ["=name", "=1+1", "+44 flats", "@here", "ab"]
    assert {cell.data_type for cell in sheet["A"]} == {"s"}


def test_numbers_and_dates_keep_their_kind_and_what_is_missing_is_empty():
    table = pd.DataFrame(
        {
            "date": pd.to_datetime(["2025-01-13", None]),
            "value": [1.5, np.nan],
            "whole": pd.array([3, None], dtype="Int64"),
            "changed": [True, False],
        }
    )
    book = load_workbook(BytesIO(to_xlsx({"First": table, "Second": table.iloc[:0]})))
    assert book.sheetnames == ["First", "Second"]
    header, first, second = book["First"].iter_rows(values_only=True)
    assert header == ("date", "value", "whole", "changed")
    assert (first[0].date().isoformat(), *first[1:]) == ("2025-01-13", 1.5, 3, True)
    assert second == (None, None, None, False)
    assert book["Second"].max_row == 1
