"""Small workbooks in the layouts of NHS England's publications, for tests.

Organisation number ``n`` (in the order of ``PLACES``) has on day ``i``, both from 1, the values of ``expected``.
Every writer takes ``edit``, called with the sheets as lists of rows before they are saved, to plant a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook

Rows = list[list[Any]]
Sheets = dict[str, Rows]
Edit = Callable[[Sheets], None]

TRUSTS = {
    "RM1": "NORFOLK AND NORWICH UNIVERSITY HOSPITALS NHS FOUNDATION TRUST",
    "RGP": "JAMES PAGET UNIVERSITY HOSPITALS NHS FOUNDATION TRUST",
    "RCX": "THE QUEEN ELIZABETH HOSPITAL, KING’S LYNN, NHS FOUNDATION TRUST",
}
PLACES = ("ENG", "Y61", "Y56", "QMM", *TRUSTS)

FIT = "Number of patients who no longer meet the criteria to reside"
LEFT = "Number of patients discharged"
LEFT_BY_17 = "Number of patients discharged by 17:00"
LEFT_AFTER_17 = "Number of patients discharged between 17:01 and 23:59"
STILL = "Number of patients remaining in hospital who no longer meet the criteria to reside"


def expected(location: str, day: int) -> dict[str, float]:
    """Values of a location on a day of a generated workbook."""
    n = PLACES.index(location) + 1
    return {"nctr_patients": 100 * n + day, "nctr_discharged": 10 * n + 4, "nctr_remaining": 90 * n + day - 4}


def single(location: str, day: int) -> int:
    """Value of a location on a day in a workbook of one metric a sheet."""
    return 100 * (PLACES.index(location) + 1) + day


def days_from(start: str, count: int) -> list[date]:
    return [date.fromisoformat(start) + timedelta(days=i) for i in range(count)]


def serial(day: date) -> int:
    """Excel's number of a day."""
    return (day - date(1899, 12, 30)).days


def typed(day: date) -> str:
    """A day as the weekly workbooks type it."""
    return f"{day:%A}\n{day:%d-%b-%y}"


def save(
    path: Path, sheets: Sheets, edit: Edit | None = None, merged: Sequence[tuple[str, list[Any]]] = (), width: int = 1
) -> Path:
    """Write sheets; dates in the rows of ``merged`` are merged over ``width`` columns, as far as these are empty."""
    if edit:
        edit(sheets)
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for name, dates in merged:
        row = next((i for i, cells in enumerate(sheets.get(name, []), 1) if cells is dates), None)
        for first in [i for i, cell in enumerate(dates) if cell is not None and i >= 3] if row else []:
            last = first
            while last + 1 < min(first + width, len(dates)) and dates[last + 1] is None:
                last += 1
            if last > first:
                book[name].merge_cells(start_row=row, end_row=row, start_column=first + 1, end_column=last + 1)
    book.save(path)
    return path


def cover(title: str, first: date, last: date, published: Any, revised: Any = "-") -> Rows:
    return [
        [],
        [None, "Title:", title],
        [None, "Summary:", "A workbook made for tests."],
        [None, "Period:", first, "-", last],
        [None, "Source:", "NHS England data collection"],
        [None, "Published:", published],
        [None, "Revised:", revised],
    ]


def discharge_monthly(
    path: Path,
    *,
    start: str = "2024-01-01",
    count: int = 31,
    published: Any = date(2024, 2, 8),
    revised: Any = "-",
    split: bool = False,
    with_cover: bool = True,
    write_day: Callable[[date], Any] = lambda day: day,
    title: str = "Acute Daily Discharge Situation Report ",
    edit: Edit | None = None,
) -> Path:
    """The monthly acute discharge workbook; ``split``: four columns a day and helper rows, as in 2022."""
    days = days_from(start, count)
    measures = [FIT, LEFT_BY_17, LEFT_AFTER_17, STILL] if split else [FIT, LEFT, STILL]
    width = len(measures)
    dates: list[Any] = [None] * 4
    for day in days:
        dates += [write_day(day)] + [None] * (width - 1)
    heads = [
        None,
        "Notes: \n1. Trust-level data exclude patients discharged to a hospice.",
        None,
        None,
    ] + measures * count
    rows: Rows = [
        [
            None,
            "Table 2: Number of patients who no longer meet criteria to reside and number who were discharged",
        ],
        [None, "Contents"],
    ]
    if split:
        rows += [[None] * 4 + [f"{day:%y%m%d}DIS002_TOTAL" for day in days for _ in range(width)]]
        rows += [[None] * 4 + [day if i < width - 1 else None for day in days for i in range(width)]]
    rows += [dates]
    if split:
        rows += [[None] * 4 + ["DIS002_TOTAL", "DIS003_TOTAL", "DIS003b_TOTAL", "DIS004_TOTAL"] * count]
    rows += [heads, [None, None, None, "ENGLAND (Type 1 Trusts)", *_discharge("ENG", count, split)]]
    rows += [[None, None, None, "EAST OF ENGLAND", *_discharge("Y61", count, split)]]
    rows += [[None, None, None, "LONDON", *_discharge("Y56", count, split)], []]
    rows += [[None, "Region", "ICB Code", "ICB Name"]]
    rows += [
        [
            None,
            "EAST OF ENGLAND",
            "QMM",
            "NHS NORFOLK AND WAVENEY INTEGRATED CARE BOARD",
            *_discharge("QMM", count, split),
        ]
    ]
    rows += [[], [None, "Region", "Org Code", "Org Name"]]
    rows += [[None, "EAST OF ENGLAND", code, name, *_discharge(code, count, split)] for code, name in TRUSTS.items()]
    rows += [[], [None, "Note: No data are available for one trust."]]
    missing = [[None, "Table 1"], [None, "Date", "Missing organisations (Acute Trust with Type 1)"]]
    missing += [[None, day, 0] for day in days]
    front: Sheets = {"Cover Sheet": cover(title, days[0], days[-1], published, revised)} if with_cover else {}
    sheets: Sheets = {**front, "Table 1": missing, "Table 2": rows}
    return save(path, sheets, edit, [("Table 2", dates)], width)


def discharge_weekly(path: Path, *, start: str = "2025-11-24", count: int = 14, edit: Edit | None = None) -> Path:
    """The weekly winter discharge workbook: text dates, codes for every row, a table of stays of 21 days and more."""
    days = days_from(start, count)
    regions = {"ENG": "England", "Y61": "East of England", "Y56": "London"}

    def table(prefix: str) -> Rows:
        dates: list[Any] = ["Relevant notes: 1 and 2.", None, None, None]
        for day in days:
            dates += [typed(day), None, None]
        labels = ["Region", "Code (ICS or Org)", "Integrated Care Board Name", "Organisation Name"]
        rows: Rows = [["Number of patients who no longer meet criteria to reside"], dates]
        rows += [labels + [prefix + FIT, f"{prefix.strip()}\n{LEFT}" if prefix else LEFT, prefix + STILL] * count]
        rows += [[name, code, "[z]", "[z]", *_discharge(code, count, False)] for code, name in regions.items()]
        icb = "NHS Norfolk and Waveney Integrated Care Board"
        rows += [["East of England", "QMM", icb, "[z]", *_discharge("QMM", count, False)]]
        rows += [["East of England", code, icb, name, *_discharge(code, count, False)] for code, name in TRUSTS.items()]
        return rows

    front: Rows = [
        ["Title:", "Discharge Delays Acute Weekly Situation Report "],
        ["Period:", f"{days[0]:%d %B %Y}", "to", f"{days[-1]:%d %B %Y}"],
        ["Published:", days[-1] + timedelta(days=4)],
        ["Revised:", "-"],
    ]
    sheets: Sheets = {"Cover Sheet": front, "Table 2": table(""), "Table 3": table("Length of stay 21+ days, ")}
    return save(path, sheets, edit, [(name, sheets[name][1]) for name in ("Table 2", "Table 3")], 3)


def discharge_series(path: Path, *, start: str = "2024-01-01", count: int = 10, edit: Edit | None = None) -> Path:
    """The England time series: one row a day."""
    days = days_from(start, count)
    rows: Rows = [[], [None, "Daily Series: National daily metrics"], [None, "2. No data on 19/06/22"], []]
    rows += [[None, "Date", FIT, LEFT, STILL, "P0 - Domestic home"]]
    rows += [[None, day, *expected("ENG", i).values(), 5] for i, day in enumerate(days, 1)]
    front = cover("Acute Daily Discharge Situation Report", days[0], days[-1], days[-1] + timedelta(days=9))
    weekly = [[None, "Weekly Series"], [None, "Week commencing", "Number of additional bed days"]]
    return save(path, {"Cover Sheet": front, "Daily Series": rows, "Weekly Series": weekly}, edit)


def uec_flu(
    path: Path, *, start: str = "2022-11-14", count: int = 14, type_1: bool = True, edit: Edit | None = None
) -> Path:
    """The flu sheet of a UEC workbook: two columns a day, an empty column C, two England rows, footnotes."""
    days = days_from(start, count)
    pairs = lambda code: [v for i in range(1, count + 1) for v in (single(code, i), i)]  # noqa: E731
    rows = _front_block("Daily Hospital Situation Report - Number of beds occupied by flu patients", days, "-")
    dates = [None] * 5 + [v for day in days for v in (day, None)]
    rows += [[], [None, "Provider Level Data"], dates]
    rows += [[None, "NHS England Region", None, "Code", "Name", *["G&A flu beds", "CC flu beds"] * count]]
    rows += [[None, "-", None, "-", "ENGLAND (All Acute Trusts)", *pairs("ENG")]]
    if type_1:
        rows += [[None, "-", None, "-", "ENGLAND (Type 1 Acute Trusts)", *[v - 1 for v in pairs("ENG")]]]
    rows += [[]]
    rows += [[None, "East of England", None, code, name.title(), *pairs(code)] for code, name in TRUSTS.items()]
    rows += [[None, "Notes:"], [None, "1. Number of beds"], [], [None, "*Yeovil (RA4) and Somerset (RH5) merged."]]
    cancelled = _front_block("Daily Hospital Situation Report - Cancelled Operations", days, "-")
    other = [*cancelled, [None, "Code", "Name", *days]]
    return save(path, {"Cancelled operations": other, "Flu": rows}, edit, [("Flu", dates)], 2)


def winter_absences(
    path: Path, *, start: str = "2024-11-25", count: int = 14, upper_row_late: int | None = 1, edit: Edit | None = None
) -> Path:
    """The winter Covid and absence workbook; its second row of dates is ``upper_row_late`` days late, None: absent."""
    days = days_from(start, count)

    def table(what: str) -> Rows:
        upper = [] if upper_row_late is None else [None] * 4 + [day + timedelta(days=upper_row_late) for day in days]
        rows: Rows = [[None, None, None, *[0] * count], *_front_block("Weekly situation report ", days, None)[1:]]
        rows += [[], [None, what], upper, [None, "NHS England Region", "Code", "Name", *days]]
        rows += [[None, None, None, "ENGLAND", *_single("ENG", count)], []]
        rows += [[None, None, None, "East of England", *_single("Y61", count)]]
        rows += [[None, None, None, "London", *_single("Y56", count)], []]
        rows += [[None, "East of England", code, name, *_single(code, count)] for code, name in TRUSTS.items()]
        return rows

    sheets: Sheets = {
        "Covid Total Patients": table("Total beds - occupied by confirmed COVID-19 patients (as at 08:00)"),
        "Total Absences ": table("Provider Level Data - Total number of staff absent from work through sickness"),
        "COVID Absences": table("Provider Level Data - The number of COVID-19 related absences"),
    }
    return save(path, sheets, edit)


def titled(path: Path, title: str, sheet: str = "Table 2", rows: Rows | None = None) -> Path:
    """A workbook of some other collection."""
    front = cover(title, date(2024, 1, 1), date(2024, 1, 31), date(2024, 2, 8))
    return save(path, {"Cover Sheet": front, sheet: rows or [["Something"]]})


def _discharge(location: str, count: int, split: bool) -> list[float]:
    cells: list[float] = []
    for day in range(1, count + 1):
        values = expected(location, day)
        left = [values["nctr_discharged"] - 1, 1] if split else [values["nctr_discharged"]]
        cells += [values["nctr_patients"], *left, values["nctr_remaining"]]
    return cells


def _single(location: str, count: int) -> list[int]:
    return [single(location, day) for day in range(1, count + 1)]


def _front_block(title: str, days: list[date], revised: Any) -> Rows:
    return [
        [],
        [None, "Title:", title],
        [None, "Summary:", "A workbook made for tests."],
        [],
        [None, "Period:", f"{days[0]:%d %B %Y} - {days[-1]:%d %B %Y}"],
        [None, "Source:", "NHS England"],
        [None, "Basis:", "Provider"],
        [None, "Published:", f"{days[-1] + timedelta(days=4):%d %B %Y}"],
        [None, "Revised:", revised],
        [None, "Status:", "Published"],
    ]
