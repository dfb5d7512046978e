"""Small workbooks in the layouts of the monthly discharge and beds publications, beyond those of ``workbooks``.

Trust number ``n`` (in the order of ``TRUSTS``, from 1) has in column ``i`` of a table, from 0, the value of ``cell``;
England, East of England and the integrated care board are the sums of the three trusts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from tests import workbooks as wb

TRUSTS = tuple(wb.TRUSTS)
BED_DAYS = "Number of additional bed days, patients with length of stay of {}+ days"

# Headers as they are published, and the codes of the crosswalk.
DESTINATIONS = {
    "P0 - Domestic home without reablement support": "p0_home",
    "P1 - Domestic home with reablement support": "p1_home",
    "P1 - Hotel with reablement support": "p1_hotel",
    "P2 - Care Home \n(short term 24hr support)": "p2_care_home",
    "P2 - Hospice \n(short term 24hr support)": "p2_hospice",
    "P3 - Care Home\n(new admission, likely permanent)": "p3_care_home",
}
REASONS = {
    "Awaiting Diagnostic test": "diagnostic_test",
    "Awaiting medicines to take home ": "medicines",
    "Awaiting transport": "transport",
    "No Plan": "no_plan",
}
REASONS_2024 = {
    "Hospital process - Awaiting patient transport services": "patient_transport",
    "Capacity - Awaiting restart of existing social care arrangements (Pathway 0)": "social_care_restart",
    "Capacity - Residential/nursing home care not yet available (Pathway 3)": "care_home_capacity",
}
COMMUNITY_DESTINATIONS = {
    "P0 - Domestic home, no new support need": "p0_home_no_new_need",
    # An en dash and a narrow no-break space, as published.
    "P1 \u2013\u202fHospice at home for end-of-life care. ": "p1_hospice_home_eol",
    "P3b - Care Home\n(existing resident discharged back)": "p3b_care_home",
}
COMMUNITY_REASONS = {
    "Awaiting transport": "transport",
    "Awaiting readmission to an acute trust": "acute_readmission",
    "Awaiting equipment and adaptations to housing": "equipment_and_housing",
}


def cell(location: str, column: int, scale: float = 1) -> float:
    """Value of a location in a column of a table: no shift by a column repeats it."""
    if location in ("ENG", "Y61", "QMM"):
        return sum(cell(code, column, scale) for code in TRUSTS)
    n = TRUSTS.index(location) + 1 if location in TRUSTS else 0
    return scale * n * (7 * column * column % 97 + 10)


def bed_days(location: str, week: int, stay: int) -> float:
    """Additional bed days in a week, from 0: the fewer the longer the stay."""
    return cell(location, week) * (10 - stay // 7)


def weeks_from(start: str, count: int) -> list[date]:
    return [date.fromisoformat(start) + timedelta(weeks=i) for i in range(count)]


def monthly(
    path: Path,
    *,
    weeks: Sequence[date] | None = None,
    destinations: Sequence[str] = tuple(DESTINATIONS),
    reasons: Sequence[str] = tuple(REASONS),
    month: str = "January 2024 - ",
    stays: Sequence[int] = (7, 14, 21),
    extra: Sequence[tuple[Any, str]] = (),
    edit: wb.Edit | None = None,
    **options: Any,
) -> Path:
    """A monthly discharge workbook with its five tables; ``extra``: codes and names of more organisations."""
    weeks = weeks_from("2024-01-01", 4) if weeks is None else weeks

    def add(sheets: wb.Sheets) -> None:
        gap = [None] * (len(stays) - 1)
        starts = [text for week in weeks for text in (f"w/c {week:%d/%m/%Y} (daily snapshot)", *gap)]
        heads = [BED_DAYS.format(stay) for _ in weeks for stay in stays]
        days = lambda code: [bed_days(code, week, stay) for week in range(len(weeks)) for stay in stays]  # noqa: E731
        head: wb.Rows = [[], [None, "Table 3: Number of additional days"], [None, "Contents"], [None] * 4 + starts]
        sheets["Table 3"] = [*head, [None, "Notes: \n1. Any day of the week.", None, None, *heads], *_rows(days, extra)]
        for name, texts, scale in (("Table 4", destinations, 1), ("Table 5", reasons, 0.25)):
            values = partial(_columns, count=len(texts), scale=scale)
            above = [None, "Notes: \n1. Hospices are left out.", None, None, f"{month}Total number of patients"]
            sheets[name] = [[None, f"{name}: of the month"], [None, "Contents"], [], above]
            sheets[name] += [[None] * 4 + list(texts), *_rows(values, extra)]
        if edit:
            edit(sheets)

    return wb.discharge_monthly(path, edit=add, **options)


def community(path: Path, *, edit: wb.Edit | None = None, **options: Any) -> Path:
    """The community workbook: stays from 14 days, no month above its columns, Table 5 a column further left."""

    def move(sheets: wb.Sheets) -> None:
        sheets["Table 1"][1][2] = "Missing organisations"
        for rows in sheets.values():
            for row in rows:
                row[:] = ["ENGLAND" if text == "ENGLAND (Type 1 Trusts)" else text for text in row]
        sheets["Table 5"] = [row[1:] for row in sheets["Table 5"]]
        if edit:
            edit(sheets)

    given: dict[str, Any] = {
        "title": "Community Discharge Situation Report ",
        "destinations": tuple(COMMUNITY_DESTINATIONS),
        "reasons": tuple(COMMUNITY_REASONS),
        "month": "",
        "stays": (14, 21),
    }
    return monthly(path, edit=move, **{**given, **options})


def england_series(
    path: Path,
    *,
    start: str = "2022-05-06",
    days: int = 60,
    zero_days: int = 40,
    zero_weeks: int = 5,
    edit: wb.Edit | None = None,
) -> Path:
    """The England series: destinations by the day, bed days and reasons by the week; zeros before they were collected.

    Weeks run from Friday up to 10 June 2022 and from Monday 20 June 2022 on.
    """
    dates = wb.days_from(start, days)
    rows: wb.Rows = [[], [None, "Daily Series"], [None, "1. Discharge location data was not collected before"], []]
    rows += [[None, "Date", wb.FIT, wb.LEFT, wb.STILL, *DESTINATIONS]]
    for i, day in enumerate(dates, 1):
        counts = [0] * len(DESTINATIONS) if i <= zero_days else [100 + j for j in range(len(DESTINATIONS))]
        rows += [[None, day, *wb.expected("ENG", i).values(), *counts]]
    weeks = [date(2022, 5, 6) + timedelta(weeks=i) for i in range(6)]
    weeks += [date(2022, 6, 20) + timedelta(weeks=i) for i in range(2)]
    weekly: wb.Rows = [[], [None, "Weekly Series"], []]
    weekly += [[None, "Week commencing", *(BED_DAYS.format(stay) for stay in (7, 14, 21)), *REASONS]]
    for i, week in enumerate(weeks):
        longest = [0 if i < zero_weeks else 900, 800, 700]
        weekly += [[None, week, *longest, *[10 * i + j for j in range(1, len(REASONS) + 1)]]]
    front = wb.cover("Acute Daily Discharge Situation Report", dates[0], dates[-1], dates[-1] + timedelta(days=9))
    return wb.save(path, {"Cover Sheet": front, "Daily Series": rows, "Weekly Series": weekly}, edit)


BED_HEADS = tuple(
    f"{kind} {measure}"
    for kind in (
        "G&A",
        "Adult G&A",
        "Paediatric G&A",
        "Adult critical care",
        "Paediatric intensive care",
        "Neonatal intensive care",
    )
    for measure in ("beds available", "beds occupied", "occupancy rate")
)


def beds(location: str, column: int) -> float:
    """Value of a location in a column of the beds workbook: available, occupied, rate, for each kind of bed."""
    kind, measure = divmod(column, 3)
    available = 10 * cell(location, kind) + 100
    return (available, available - 10, 0.9)[measure]


def beds_monthly(
    path: Path,
    *,
    newer: bool = False,
    heads: Sequence[str] = BED_HEADS,
    period: Any = "April 2022",
    title: str = "Critical care and General & Acute Beds - Urgent and Emergency Care Daily Situation Reports",
    edit: wb.Edit | None = None,
) -> Path:
    """The monthly beds workbook; ``newer``: as from August 2023, with boards and the code before the name."""
    labels = ["Region", "Org Code", "Org Name"] if newer else ["Region", "Name", "Code"]

    def line(code: str, name: str, shown: str) -> list[Any]:
        values = [beds(code, BED_HEADS.index(text)) if text in BED_HEADS else "-" for text in heads]
        return [None, "East of England" if shown != "-" else "-", *([shown, name] if newer else [name, shown]), *values]

    def table(minus: float) -> wb.Rows:
        rows: wb.Rows = [[], [None, "Title:", title], [None, "Summary:", "Monthly means of daily beds"]]
        rows += [[None, "Period:", period], [None, "Source:", "NHS England"], [None, "Basis:", "Provider"]]
        rows += [[None, "Published:", date(2022, 5, 12)], [None, "Revised:", "-"], [], [], [], [], [], []]
        rows += [[None, *labels, *heads], line("ENG", "ENGLAND", "-"), line("Y61", "East of England", "-"), []]
        rows[15][4] = rows[15][4] - minus
        if newer:
            rows += [line("QMM", "NHS Norfolk and Waveney Integrated Care Board", "QMM"), []]
        rows += [[], [None, *labels, *heads], *(line(code, name.title(), code) for code, name in wb.TRUSTS.items())]
        return [*rows, [], [None, "Notes:"], [None, "1. Means of the days of the month."]]

    return wb.save(path, {"Type 1 acute trusts": table(5), "All acute trusts": table(0)}, edit)


def _columns(code: str, count: int, scale: float) -> list[float]:
    return [cell(code, i, scale) for i in range(count)]


def _rows(values: Any, extra: Sequence[tuple[Any, str]]) -> wb.Rows:
    """England, its regions, a board and the trusts, in the sections of the monthly workbook."""
    rows: wb.Rows = [[None, None, None, "ENGLAND (Type 1 Trusts)", *values("ENG")]]
    rows += [[None, None, None, "EAST OF ENGLAND", *values("Y61")], [None, None, None, "LONDON", *values("Y56")], []]
    rows += [[None, "Region", "ICB Code", "ICB Name"]]
    rows += [[None, "EAST OF ENGLAND", "QMM", "NHS NORFOLK AND WAVENEY INTEGRATED CARE BOARD", *values("QMM")], []]
    rows += [[None, "Region", "Org Code", "Org Name"]]
    rows += [[None, "EAST OF ENGLAND", code, name, *values(code)] for code, name in wb.TRUSTS.items()]
    return rows + [[None, "LONDON", code, name, *values("")] for code, name in extra]


def table(number: int, change: object) -> wb.Edit:
    return lambda sheets: change(sheets[f"Table {number}"])  # type: ignore[operator]


def row_of(rows: wb.Rows, name: str) -> list[object]:
    return next(row for row in rows if name in row[:5])
