"""Small CSV files in the layouts of NHS England's publications, for tests; counts are those of ``tests.workbooks``."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.workbooks import FIT, LEFT, STILL, TRUSTS, days_from, expected

Table = list[list[Any]]

HEADER = [
    "Period", "Level", "Region", "ICB", "Org Code", "Org Name", "Metric", "Metric Type", "Metric Group", "Value",
]  # fmt: skip
ICB = "NHS NORFOLK AND WAVENEY INTEGRATED CARE BOARD"
LEVELS = {
    "ENG": ("National", "", "", "ENGLAND"),
    "Y61": ("Region", "EAST OF ENGLAND", "", "EAST OF ENGLAND"),
    "QMM": ("ICB", "EAST OF ENGLAND", ICB, ICB),
    **{code: ("Provider", "EAST OF ENGLAND", ICB, name) for code, name in TRUSTS.items()},
}
MEASURES = {"nctr_patients": FIT, "nctr_discharged": LEFT, "nctr_remaining": STILL}
REASONS = {
    "home_rehab_capacity": "Capacity – Home-based rehabilitation, reablement or recovery services not yet available "
    "(Pathway 1)",
    "readiness_concerns": "Wellbeing concerns – Patient /family/carer concerns over discharge readiness",
}
DESTINATION = (
    "Pathway 1: Discharge to a domestic home, hotel, or other temporary accommodation, or hospice at home with "
    "rehabilitation, reablement and recovery"
)


def row(period: str, place: str, metric: str, value: Any, kind: str = "Daily metric", group: str = "NCTR") -> list[Any]:
    """A row of the discharge CSV."""
    level, region, icb, name = LEVELS[place]
    return [period, level, region, icb, place, name, metric, kind, group, value]


def discharge_rows(start: str = "2024-06-01", count: int = 30) -> Table:
    """The three counts for every place and day, and once a month two reasons in their groups and a destination."""
    rows = [
        row(f"{day:%d/%m/%Y}", place, MEASURES[name], value)
        for place in LEVELS
        for i, day in enumerate(days_from(start, count), 1)
        for name, value in expected(place, i).items()
    ]
    first = f"{days_from(start, 1)[0]:%d/%m/%Y}"
    for place in LEVELS:
        for i, text in enumerate(REASONS.values(), 1):
            for group, days in (("Delay reason LOS 7+", 20), ("Delay reason LOS 14+", 10)):
                rows.append(row(first, place, text, days + i, "Weekly snapshot", group))
        rows.append(row(first, place, DESTINATION, 300, "Monthly metric", "Discharge destination"))
    return rows


def write(
    path: Path,
    rows: Table,
    header: list[str] | None = None,
    encoding: str = "windows-1252",
    edit: Callable[[Table], None] | None = None,
) -> Path:
    """Write a CSV; ``edit`` changes the rows before."""
    if edit:
        edit(rows)
    with path.open("w", newline="", encoding=encoding) as handle:
        csv.writer(handle).writerows([header or HEADER, *rows])
    return path


EMERGENCY_HEADER = [
    "Period", "Org Code", "Parent Org", "Org name",
    *(f"A&E attendances {kind}" for kind in ("Type 1", "Type 2", "Other A&E Department")),
    *(f"A&E attendances Booked Appointments {kind}" for kind in ("Type 1", "Type 2", "Other Department")),
    *(f"Attendances over 4hrs {kind}" for kind in ("Type 1", "Type 2", "Other Department")),
    *(f"Attendances over 4hrs Booked Appointments {kind}" for kind in ("Type 1", "Type 2", "Other Department")),
    "Patients who have waited 4-12 hs from DTA to admission",
    "Patients who have waited 12+ hrs from DTA to admission",
    *(f"Emergency admissions via A&E - {kind}" for kind in ("Type 1", "Type 2", "Other A&E department")),
    "Other emergency admissions",
]  # fmt: skip
CENTRE = "ANY TOWN URGENT TREATMENT CENTRE"
PROVIDERS = {**TRUSTS, "NLX99": CENTRE}


def emergency_counts(number: int) -> list[int]:
    """Counts of provider ``number``, from 1, in the order of the header."""
    return [1000 * number, 20, 300, 4, 2, 1, 400 * number, 5, 6, 3, 2, 1, 70 * number, 8 * number, 200, 1, 2, 50]


def emergency_rows(period: str = "MSitAE-OCTOBER-2023", total: str = "TOTAL") -> Table:
    """A row for each provider, the last of them no trust, and England's."""
    counts = [emergency_counts(number) for number in range(1, len(PROVIDERS) + 1)]
    rows = [
        [period, code, "NHS ENGLAND EAST OF ENGLAND  ", name, *numbers]
        for (code, name), numbers in zip(PROVIDERS.items(), counts, strict=True)
    ]
    return [*rows, [total, "-", "", "", *map(sum, zip(*counts, strict=True))]]
