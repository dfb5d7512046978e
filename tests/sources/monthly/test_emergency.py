from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from forecast.errors import InputError, NotObservations
from forecast.sources import read_file
from tests.published_csv import EMERGENCY_HEADER, PROVIDERS, emergency_counts, emergency_rows, write
from tests.workbooks import save

Table = list[list[Any]]
Edit = Callable[[Table], None]
# Of the first provider, by hand: 1000 + 4 booked, 20 + 2, 300 + 1; late 400 + 3, 5 + 2, 6 + 1; beds 70 and 8.
FIRST = {
    "ae_attendances_type1": 1004,
    "ae_attendances_type2": 22,
    "ae_attendances_other": 301,
    "ae_booked_attendances": 7,
    "ae_total_attendances": 1327,
    "ae_attendances_over_4hours_type1": 403,
    "ae_attendances_over_4hours_type2": 7,
    "ae_attendances_over_4hours_other": 7,
    "ae_attendances_over_4hours": 417,
    "ae_emergency_admissions_type1": 200,
    "ae_emergency_admissions_type2": 1,
    "ae_emergency_admissions_other": 2,
    "ae_emergency_admissions_elsewhere": 50,
    "ae_total_emergency_admissions": 253,
    "ae_waits_over_12hours": 8,
    "ae_emergency_admissions_over_4hours": 78,
}


def csv_file(folder: Path, edit: Edit | None = None, **given: str) -> Path:
    return write(folder / "ae.csv", emergency_rows(**given), EMERGENCY_HEADER, edit=edit)


def values(frame: pd.DataFrame, location: str) -> dict[str, float]:
    rows = frame[frame["location"] == location]
    return dict(zip(rows["metric"], rows["value"], strict=True))


def test_counts_of_a_provider_contain_booked_appointments_and_add_up(tmp_path: Path) -> None:
    reading = read_file(csv_file(tmp_path))
    assert values(reading.frame, "RM1") == FIRST
    assert set(reading.frame["date"]) == {pd.Timestamp("2023-10-01")}
    # The second Thursday of the month after.
    assert set(reading.frame["released"]) == {pd.Timestamp("2023-11-09")}


def test_england_is_the_total_row_and_holds_the_centres_that_are_no_trusts(tmp_path: Path) -> None:
    reading = read_file(csv_file(tmp_path))
    assert set(reading.frame["location"]) == {"RM1", "RGP", "RCX", "ENG"}
    england = values(reading.frame, "ENG")
    assert england["ae_attendances_type1"] == 1000 + 2000 + 3000 + 4000 + 4 * 4
    assert england["ae_waits_over_12hours"] == 8 + 16 + 24 + 32
    assert any("1 providers that data/reference/locations.csv does not have left out" in n for n in reading.notes)


@pytest.mark.parametrize(
    "edit",
    [
        lambda rows: rows[-1].__setitem__(slice(0, 4), ["TOTAL", "TOTAL", "TOTAL", "TOTAL"]),
        lambda rows: rows[-1].__setitem__(slice(0, 4), ["MSitAE-OCTOBER-2023", "-", "TOTAL", "-"]),
        lambda rows: rows[-1].__setitem__(slice(0, 4), ["MSitAE-OCTOBER-2023", "Total", "", ""]),
        lambda rows: rows[-1].__setitem__(slice(0, 4), ["", "", "", "England"]),
    ],
)
def test_the_total_row_is_known_however_it_is_named(tmp_path: Path, edit: Edit) -> None:
    assert values(read_file(csv_file(tmp_path, edit)).frame, "ENG")["ae_booked_attendances"] == 28


def test_files_before_booked_appointments_and_with_stray_columns(tmp_path: Path) -> None:
    header = [*EMERGENCY_HEADER, "", "a"]
    kept = [i for i, name in enumerate(header) if "Booked" not in name]
    rows = [[[*row, "", ""][i] for i in kept] for row in emergency_rows()]
    rows.append([""] * len(kept))
    older = {"A&E attendances": "Number of A&E attendances", "Attendances over": "Number of attendances over"}
    names = [header[i] for i in kept]
    for new, old in older.items():
        names = [name.replace(new, old) for name in names]
    found = values(read_file(write(tmp_path / "ae.csv", rows, names)).frame, "RM1")
    assert found["ae_attendances_type1"] == 1000
    assert found["ae_attendances_over_4hours"] == 411
    assert "ae_booked_attendances" not in found


def test_a_provider_that_sent_nothing_has_no_values_and_no_total(tmp_path: Path) -> None:
    def edit(rows: Table) -> None:
        del rows[3]
        rows[1][4:] = ["-"] * len(rows[1][4:])
        rows[2][5] = ""
        rows[-1][4:] = [a + b for a, b in zip(rows[0][4:], [v or 0 for v in rows[2][4:]], strict=True)]

    frame = read_file(csv_file(tmp_path, edit)).frame
    assert values(frame, "RGP") == {}
    rcx = values(frame, "RCX")
    assert rcx["ae_attendances_type1"] == 3004
    assert not {"ae_attendances_type2", "ae_total_attendances"} & set(rcx)


def put(row: int, column: int, value: object) -> Edit:
    def edit(rows: Table) -> None:
        rows[row][column] = value

    return edit


def swap(rows: Table) -> None:
    for row in rows:
        row[4], row[10] = row[10], row[4]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (put(0, 4, "many"), "line 2, column 'a&e attendances type 1': 'many' is not a number"),
        (
            put(0, 4, 1001),
            "line 6: column 'a&e attendances type 1' of England is 10,000, the sum of the providers 10,001; a row",
        ),
        (put(1, 0, "MSitAE-MAY-2023"), "line 3, column 'period': 'MSitAE-MAY-2023' differs from October 2023 above"),
        (put(1, 0, "2023"), "line 3, column 'period': '2023' is no month such as MSitAE-OCTOBER-2023"),
        (put(1, 1, "RM1"), "line 3: code RM1 stands beside the name 'JAMES PAGET"),
        (put(1, 1, "Gorleston"), "line 3: 'Gorleston' where the code of a provider belongs"),
        (lambda rows: rows.insert(1, rows[0]), "sum of the providers"),
        (lambda rows: rows.append(rows[-1]), "line 7: England stands twice, also in .*line 6"),
        (swap, r"line 2: 1,003 waited over 4 hours of 404 who came \(type1\), and so in 5 rows"),
    ],
)
def test_what_cannot_be_right_is_named(tmp_path: Path, edit: Edit, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_file(csv_file(tmp_path, edit))


def test_a_provider_twice_a_missing_column_and_a_future_month_are_refused(tmp_path: Path) -> None:
    def twice(rows: Table) -> None:
        rows.insert(1, rows[0])
        del rows[-1]

    with pytest.raises(InputError, match=r"line 3: RM1 stands twice, also in .*line 2"):
        read_file(csv_file(tmp_path, twice))
    path = write(tmp_path / "b.csv", [row[:-2] for row in emergency_rows()], EMERGENCY_HEADER[:-2])
    with pytest.raises(InputError, match="no column for ae_emergency_admissions_other"):
        read_file(path)
    with pytest.raises(InputError, match="holds 2023-10-31, after today"):
        read_file(csv_file(tmp_path), today=pd.Timestamp("2023-10-20"))


DEPARTMENTS = [
    "Type 1 Departments - Major A&E",
    "Type 2 Departments - Single Specialty",
    "Type 3 Departments - Other A&E/Minor Injury Unit",
]
COUNTS = ["A&E attendances", "A&E attendances greater than 4 hours from arrival to admission, transfer or discharge"]
ADMISSIONS = [
    "Emergency Admissions via Type 1 A&E",
    "Emergency Admissions via Type 2 A&E",
    "Emergency Admissions via Type 3 and 4 A&E",
    "Total Emergency Admissions via A&E",
    "Other Emergency admissions (i.e not via A&E)",
    "Total Emergency Admissions",
    "Number of patients spending >4 hours from decision to admit to admission",
    "Number of patients spending >12 hours from decision to admit to admission",
]


def workbook(
    path: Path, period: object = "October 2023", sheet: str = "Provider Level Data", edit: Edit | None = None
) -> Path:
    """The same counts as the CSV in the layout of the workbook, booked appointments added."""

    def cells(c: list[int]) -> list[object]:
        came = [c[i] + c[3 + i] for i in range(3)]
        late = [c[6 + i] + c[9 + i] for i in range(3)]
        via = c[14:17]
        soon = [a - b for a, b in zip(came, late, strict=True)]
        return [
            *came, sum(came), *soon, sum(soon), *late, sum(late), 0.6,
            *via, sum(via), c[17], sum(via) + c[17], c[12] + c[13], c[13],
        ]  # fmt: skip

    groups = [None] * 4 + [
        COUNTS[0], None, None, None,
        "A&E attendances less than 4 hours from arrival to admission, transfer or discharge", None, None, None,
        COUNTS[1], None, None, None, "Percentage of attendances within 4 hours", "Emergency Admissions",
    ]  # fmt: skip
    heads = [None, "Code", "Region", "Name", *DEPARTMENTS, "Total attendances", *DEPARTMENTS]
    heads += ["Total Attendances < 4 hours", *DEPARTMENTS, "Total Attendances > 4 hours"]
    heads += ["Percentage in 4 hours or less (all)", *ADMISSIONS]
    counts = [emergency_counts(i) for i in range(1, len(PROVIDERS) + 1)]
    rows: Table = [
        [],
        [None, "Title:", "A&E Attendances and Emergency Admissions"],
        [None, "Period:", period],
        [None, "Published:", date(2023, 11, 9)],
        [None, "Revised:", "-"],
        [],
        groups,
        heads,
        [None, "-", "-", "England", *cells([sum(column) for column in zip(*counts, strict=True)])],
        [],
    ]
    rows += [
        [None, code, "NHS England East of England", name, *cells(numbers)]
        for (code, name), numbers in zip(PROVIDERS.items(), counts, strict=True)
    ]
    rows += [[], [None, "Note: 1. Some providers did not submit."]]
    if edit:
        edit(rows)
    return save(path, {sheet: rows, "System Level Data": [["Something"]]})


def test_the_workbook_gives_what_the_csv_gives(tmp_path: Path) -> None:
    from_csv = read_file(csv_file(tmp_path))
    reading = read_file(workbook(tmp_path / "ae.xlsx"))
    for location in ("RM1", "RGP", "RCX", "ENG"):
        expected = values(from_csv.frame, location)
        del expected["ae_booked_attendances"]
        assert values(reading.frame, location) == expected
    assert reading.published == pd.Timestamp("2023-11-09")
    assert set(reading.frame["released"]) == {pd.Timestamp("2023-11-09")}
    dated = read_file(workbook(tmp_path / "b.xlsx", period=date(2023, 10, 1)))
    pd.testing.assert_frame_equal(dated.frame, reading.frame)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (put(8, 7, 1), "row 9: ae_total_attendances of England is 1, the sum of the providers"),
        (put(10, 4, "x"), "cell E11: 'x' where a number belongs"),
        (put(7, 7, "Sum"), "no column of ae_total_attendances in row 8"),
        (put(7, 5, DEPARTMENTS[0]), "cell F8: a second column of ae_attendances_type1"),
        (put(2, 2, "lately"), "cell C3: 'lately' is no month"),
        (
            lambda rows: [row.__setitem__(7, row[7] + 1) for row in rows[10:14]] and put(8, 7, rows[8][7] + 4)(rows),
            "ae_total_attendances of ENG is 11,312, its departments add up to 11,308",
        ),
    ],
)
def test_a_workbook_that_cannot_be_right_is_named(tmp_path: Path, edit: Edit, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_file(workbook(tmp_path / "ae.xlsx", edit=edit))


def test_the_england_time_series_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(NotObservations, match="without the sheet 'Provider Level Data'"):
        read_file(workbook(tmp_path / "ae.xlsx", sheet="Activity"))
