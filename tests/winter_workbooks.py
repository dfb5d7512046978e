"""Small workbooks in the layouts of the Covid publications and of the UEC situation reports, for tests.

Every organisation has on day ``i`` (from 1) and for count ``k`` (from 0) the value of ``count_of``; England and its
regions are the sums of their organisations, as they are in the published files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.workbooks import Edit, Rows, Sheets, save

EAST, LONDON = "East of England", "London"
# Code, region and name; a chain of independent hospitals has a row in each region, all with the same code.
TRUSTS = (
    ("RM1", EAST, "Norfolk and Norwich University Hospitals NHS Foundation Trust"),
    ("RGP", EAST, "James Paget University Hospitals NHS Foundation Trust"),
    ("RCX", EAST, "The Queen Elizabeth Hospital, King's Lynn, NHS Foundation Trust"),
    ("R1H", LONDON, "Barts Health NHS Trust"),
)
PROVIDERS = (
    ("DE8", EAST, "Elysium Healthcare"),
    ("DE8", LONDON, "Elysium Healthcare"),
    ("NMJ11", EAST, "Cygnet Hospital Stevenage"),
    ("9ZZ99", LONDON, "A new clinic"),
)
AREAS = {"ENG": (EAST, LONDON), "Y61": (EAST,), "Y56": (LONDON,)}


def count_of(code: str, region: str, day: int, kind: int = 0) -> int:
    """Value of one organisation's row: uneven from day to day, so that a shifted row is no other row."""
    place = next(i for i, row in enumerate(TRUSTS + PROVIDERS) if row[:2] == (code, region))
    return 20 * (place + 1) + 300 * kind + (day * day * (place + 3) + 5 * day) % 17


def total(location: str, day: int, kind: int = 0, organisations: Sequence[tuple[str, str, str]] = TRUSTS) -> int:
    """Value of an area or of an organisation, over all its rows."""
    regions = AREAS.get(location)
    return sum(
        count_of(code, region, day, kind)
        for code, region, _ in organisations
        if (region in regions if regions else code == location)
    )


def block(
    title: str, period: str, published: Any = "10 October 2024", column: int = 1, labels: str = "Summary:"
) -> Rows:
    """The title block, its labels in ``column``."""
    lines = [("Title:", title), (labels, "A workbook made for tests."), ("Period:", period), ("Source:", "NHS England")]
    lines += [("Basis:", "Provider"), ("Published:", published), ("Status:", "Published")]
    return [[], *([[None] * column + list(line) for line in lines])]


def covid_monthly(
    path: Path,
    sheets: dict[str, str],
    *,
    start: str = "2024-09-01",
    count: int = 10,
    blank_column: bool = False,
    edit: Edit | None = None,
) -> Path:
    """COVID-19 hospital activity by the month; ``blank_column``: column C is empty and row 23 numbers the columns."""
    days = [date.fromisoformat(start) + timedelta(days=i) for i in range(count)]
    blank: list[Any] = [None] if blank_column else []
    everyone = TRUSTS + PROVIDERS

    def table(heading: str, kind: int) -> Rows:
        rows = block("COVID-19 daily situation report", f"Data as reported on {days[-1]:%d-%b-%y}", days[-1])
        rows += [[], [None, f"Provider Level Data - {heading}"], []]
        rows += [[None, "NHS England Region", *blank, "Code", "Name", *days]]
        mark = "-" if blank_column else None
        england = [total("ENG", i, kind, everyone) for i in range(1, count + 1)]
        rows += [[None, mark, *blank, mark, "ENGLAND", *england], []]
        for code, name in (("Y61", EAST), ("Y56", LONDON)):
            values = [total(code, i, kind, everyone) for i in range(1, count + 1)]
            rows += [[None, None, *blank, None, name, *values]]
        rows += [[None] * (4 + len(blank)) + list(range(-3, count - 3))] if blank_column else [[]]
        for code, region, name in everyone:
            values = [count_of(code, region, i, kind) for i in range(1, count + 1)]
            rows += [[None, *blank, region, code, name, *values]]
        return [*rows, [], [None, "Data for the last day do not include one trust."]]

    return save(path, {name: table(heading, k) for k, (name, heading) in enumerate(sheets.items())}, edit)


def covid_weekly(path: Path, sheets: dict[str, tuple[str, str, int]], edit: Edit | None = None) -> Path:
    """COVID-19 hospital activity by the week; ``sheets``: heading, first day and number of days of each."""
    everyone = TRUSTS + PROVIDERS

    def table(heading: str, start: str, count: int, kind: int) -> Rows:
        days = [date.fromisoformat(start) + timedelta(days=i) for i in range(count)]
        title = "COVID-19 daily situation report COVID-19 admissions estimates in England"
        rows = block(title, f"{days[0]:%d %B %Y} to {days[-1]:%d %B %Y}", days[-1] + timedelta(days=2), column=0)
        rows += [[], [heading], ["For NHS trusts and independent sector providers"], ["Shows the number of patients."]]
        rows += [[], ["Type 1 Acute?", "NHS England Region", "Code", "Name", *days]]
        areas = (("-", "ENGLAND", "ENG"), (None, EAST, "Y61"), (None, LONDON, "Y56"))
        for code, name, location in areas:
            rows += [[None, None, code, name, *[total(location, i, kind, everyone) for i in range(1, count + 1)]]]
        for code, region, name in everyone:
            acute = "Yes" if code.startswith("R") else "No"
            values = [count_of(code, region, i, kind) for i in range(1, count + 1)]
            rows += [[acute, region, code, name.upper(), *values]]
        return rows

    made: Sheets = {name: table(*about, k) for k, (name, about) in enumerate(sheets.items())}
    made["Data quality notes"] = [["Data quality notes"], ["RXX has resubmitted its figures."]]
    return save(path, made, edit)


BLOCKS = (
    "1. Total reported admissions to hospital and diagnoses in hospital",
    "2. Estimated new hospital cases",
    "3. Estimated new admissions to hospital from the community",
    "4. Estimated new hospital admissions from the community with 3-7 day lagging",
    "5. Total reported hospital admissions and diagnoses from a care home",
    "Total beds - occupied by confirmed COVID-19 patients (as at 08:00)",
    "Mechanical Ventilation beds - occupied by confirmed COVID-19 patients (as at 08:00)",
)


def covid_daily(
    path: Path, *, blocks: Sequence[str] = BLOCKS, count: int = 10, notes_first: bool = True, edit: Edit | None = None
) -> Path:
    """COVID-19 hospital activity by the day: a block for each count, beds a day longer than admissions, serials."""
    first = date(2020, 8, 1)
    last = first + timedelta(days=count)
    title = "COVID-19 daily situation report COVID-19 admissions estimates in England"
    rows = block(title, f"{first:%d %B %Y} to {last:%d %B %Y}", last + timedelta(days=1))
    for kind, heading in enumerate(blocks):
        length = count + 1 if "beds" in heading else count
        serials = [(first + timedelta(days=i) - date(1899, 12, 30)).days for i in range(length)]
        rows += [[], [None, heading], [None, "Shows the number of patients in the previous 24 hours."]]
        rows += [[None, "Name", *serials]]
        for name, location in (("ENGLAND", "ENG"), (EAST, "Y61"), (LONDON, "Y56")):
            rows += [[None, name, *[total(location, i, kind) for i in range(1, length + 1)]]]
    sheets: Sheets = {"DQ notes": [["Data quality notes"], ["A trust has resubmitted."]]} if notes_first else {}
    return save(path, {**sheets, "Daily publication": rows}, edit)


def uec(
    path: Path,
    sheets: dict[str, Sequence[str]],
    *,
    days: Sequence[Any] = tuple(date(2022, 11, 14) + timedelta(days=i) for i in range(8)),
    period: str = "14 November 2022 - 21 November 2022",
    published: Any = date(2022, 11, 24),
    first_label: str = "NHS England Region",
    england: Sequence[str] = ("ENGLAND",),
    starts: dict[str, int] | None = None,
    edit: Edit | None = None,
) -> Path:
    """A UEC situation report: headers of each sheet by its name, empty headers one column a day.

    ``days`` may be texts; ``starts`` leaves out the first days of a sheet; a second England row is one less than the
    first in every cell. A header with ``rate`` holds a quotient.
    """

    def cells(location: str, heads: Sequence[str], offset: int, skip: int = 0) -> list[Any]:
        numbers = range(1 + skip, len(days) + 1)
        if not heads:
            return [total(location, i, offset) for i in numbers]
        return [
            0.5 if "rate" in head else total(location, i, offset + k) for i in numbers for k, head in enumerate(heads)
        ]

    def table(name: str, heads: Sequence[str], offset: int) -> Rows:
        skip = (starts or {}).get(name, 0)
        shown = days[skip:]
        what = "A&E Closures" if "closures" in name.casefold() else name
        rows = block(f"Daily Hospital Situation Report - {what.strip()}", period, published)
        rows += [[], [None, "Provider Level Data"]]
        labels = [None, first_label, None, "Code", "Name"]
        if heads:
            rows += [[None] * 5 + [cell for day in shown for cell in (day, *[None] * (len(heads) - 1))]]
            rows += [labels + list(heads) * len(shown)]
        else:
            rows += [[], labels + list(shown)]
        for i, label in enumerate(england):
            values = cells("ENG", heads, offset, skip)
            rows += [[None, "-", None, "-", label, *[v - i if isinstance(v, int) else v for v in values]]]
        # A row that numbers the columns of each week anew, as in 2019-20.
        rows += [[None] * 5 + [3 + i % 7 for i in range(len(shown))]] if not heads else [[]]
        for code, region, full in TRUSTS:
            values = cells(code, heads, offset, skip)
            rows += [[None, f"{region} Commissioning Region", None, code, full, *values]]
        return [*rows, [], [None, "Notes:"], [None, "1. Weekend figures reflect the last day of the period"]]

    made: Sheets = {name: table(name, heads, 10 * k) for k, (name, heads) in enumerate(sheets.items())}
    return save(path, made, edit)


def offset_of(sheets: dict[str, Sequence[str]], name: str) -> int:
    """Number of the first count of a sheet in a workbook made by ``uec``."""
    return 10 * list(sheets).index(name)


def on(name: str, change: Callable[[Rows], None]) -> Edit:
    """An edit of one sheet."""
    return lambda sheets: change(sheets[name])


def row_with(rows: Rows, cell: Any) -> list[Any]:
    """First row that holds the cell."""
    return next(row for row in rows if cell in row)
