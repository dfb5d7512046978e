"""The A&E workbook made from the compiled monthly table and read back: the same names mean the same counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from forecast.sources import read_file
from tests.workbooks import save

REAL = Path(__file__).parents[2].parent / "shared" / "real"
# Headers of the published totals, which the compiled table was read from.
HEADERS = {
    "ae_total_attendances": "Total attendances",
    "ae_attendances_over_4hours": "Total Attendances > 4 hours",
    "ae_total_emergency_admissions": "Total Emergency Admissions",
    "ae_emergency_admissions_over_4hours": "Number of patients spending >4 hours from decision to admit to admission",
}

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason=f"NO REAL DATA: the published files are not at {REAL}"),
]


def test_totals_of_the_workbook_are_those_of_the_compiled_table(tmp_path: Path) -> None:
    compiled = read_file(REAL / "ae_monthly.csv.gz").frame
    month = compiled[(compiled["date"] == "2024-12-01") & compiled["metric"].isin(HEADERS)]
    wide = month.pivot_table(index="location", columns="metric", values="value")[list(HEADERS)]
    rows = [
        [None, "Title:", "A&E Attendances and Emergency Admissions"],
        [None, "Period:", "December 2024"],
        [None, "Published:", date(2025, 1, 9)],
        [],
        [None, None, None, "A&E attendances"],
        [None, "Code", "Name", *HEADERS.values()],
        [None, "-", "England", *wide.sum()],
        *[
            [None, code, None, *(None if value != value else value for value in row)]
            for code, *row in wide.itertuples()
        ],
    ]
    frame = read_file(save(tmp_path / "ae.xlsx", {"Provider Level Data": rows})).frame
    trusts = frame[frame["location"] != "ENG"]
    joined = month.merge(trusts, on=["date", "location", "metric"], how="outer", suffixes=("", "_book"))
    assert len(joined) == len(month) == len(trusts) > 500
    assert (joined["value"] == joined["value_book"]).all()
