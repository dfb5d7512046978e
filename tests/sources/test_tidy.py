from __future__ import annotations

import gzip
from datetime import datetime, time
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forecast.errors import InputError, NotObservations
from forecast.observations.editions import edition_date, marked
from forecast.observations.table import COLUMNS
from forecast.sources import read_file

HEADER = "date,org_code,org_name,metric,value,source"
ROWS = """\
2024-12-01,RM1,Norfolk and Norwich,nctr_patients,200,a paper
2024-12-02,RM1,"Norfolk, and Norwich",nctr_patients,,a paper
2024-12-02,RCX*,QEH,nctr_patients,81.5,a paper
"""


def write(folder: Path, text: str, name: str = "a.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode(encoding)) if name.endswith(".gz") else text.encode(encoding))
    return path


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252"])
def test_a_tidy_table(tmp_path: Path, name: str, encoding: str) -> None:
    text = f"{HEADER}\n{ROWS}".replace("QEH", "King’s Lynn")
    reading = read_file(write(tmp_path, text, name, encoding))
    assert tuple(reading.frame.columns) == COLUMNS
    assert reading.frame[["location", "value"]].to_numpy().tolist() == [["RM1", 200.0], ["RCX", 81.5]]
    assert reading.frame["date"].tolist() == [pd.Timestamp("2024-12-01"), pd.Timestamp("2024-12-02")]
    # Winter: released on the Thursday after the Sunday that ends the week.
    assert reading.frame["released"].tolist() == [pd.Timestamp("2024-12-05"), pd.Timestamp("2024-12-12")]
    assert reading.published is None


def test_parquet_gives_the_same_as_csv(tmp_path: Path) -> None:
    table = pd.read_csv(write(tmp_path, f"{HEADER}\n{ROWS}"))
    table.to_parquet(tmp_path / "a.parquet")
    table.assign(date=pd.to_datetime(table["date"]), metric=table["metric"].astype("category")).to_parquet(
        tmp_path / "b.parquet"
    )
    expected = read_file(tmp_path / "a.csv").frame
    for name in ("a.parquet", "b.parquet"):
        pd.testing.assert_frame_equal(read_file(tmp_path / name).frame, expected)


def test_other_spellings_and_region_names_by_whose_metric_it_is(tmp_path: Path) -> None:
    text = (
        "date,location,metric,value\n"
        "2023-01-02,East of England,flu_beds_ga,400\n"
        "2023-01-02,East of England,flu_hosp_admission_rate_per_100k,8.5\n"
        "2023-01-02,England,flu_beds_ga,5000\n"
    )
    frame = read_file(write(tmp_path, text)).frame
    assert set(zip(frame["location"], frame["metric"], strict=True)) == {
        ("Y61", "flu_ga_beds_occupied"),
        ("E45000017", "flu_hosp_admission_rate_per_100k"),
        ("ENG", "flu_ga_beds_occupied"),
    }
    assert set(frame["source"]) == {"a.csv"}


def test_only_all_ages(tmp_path: Path) -> None:
    text = "date,location,metric,value,source,age\n" + "".join(
        f"2023-01-02,England,flu_hosp_admission_rate_per_100k,{i},x,{age}\n"
        for i, age in enumerate(["00-04", "all", "85+"])
    )
    reading = read_file(write(tmp_path, text))
    assert reading.frame["value"].tolist() == [1]
    assert reading.notes == ("2 rows of single age bands left out; only age 'all' is read",)
    with pytest.raises(InputError, match="no row is of age 'all'"):
        read_file(write(tmp_path, text.replace(",all", ",65+")))


def test_a_monthly_metric_given_by_the_day_is_kept_apart(tmp_path: Path) -> None:
    name = "discharged_dest_p0_domestic_home_without_reablement_support"
    text = "date,org_code,metric,value\n"
    text += "".join(f"2023-0{month}-01,RM1,{name},{month}\n" for month in (1, 2))
    text += "".join(f"2023-01-0{day},ENG,{name},{day}\n" for day in (1, 2, 3))
    frame = read_file(write(tmp_path, text)).frame
    found = frame.groupby("location")["metric"].unique().map(list).to_dict()
    assert found == {"RM1": ["discharged_dest_p0_home"], "ENG": ["discharged_dest_p0_home_daily"]}


def test_sums_made_by_a_compiler_are_estimates_and_editions_have_dates(tmp_path: Path) -> None:
    text = (
        "date,location,metric,value,source\n"
        "2021-12-27,England,nctr_patients,1,nhse-sum-of-42-icbs\n"
        "2021-12-27,England,covid_hosp_admission_rate_per_100k,2,ukhsa-weekly-report-2022w01\n"
    )
    frame = read_file(write(tmp_path, text)).frame
    assert set(frame["source"]) == {"estimate: nhse-sum-of-42-icbs", "ukhsa-weekly-report-2022w01"}
    assert frame.attrs["published"] == {"ukhsa-weekly-report-2022w01": "2022-01-06"}
    late = text.replace("2021-12-27,England,covid", "2022-01-10,England,covid")
    with pytest.raises(InputError, match="2022-01-10 lies after the edition that its source names"):
        read_file(write(tmp_path, late))


@pytest.mark.parametrize(
    ("source", "day"),
    [
        ("ukhsa-weekly-report-2024w05", "2024-02-01"),
        ("nhse_covid19_weekly_publication_2021-03-25_xlsx", "2021-03-25"),
        ("NHS England report, published 2022-05-11, revised 2023-12-14", "2023-12-14"),
        ("ukhsa-dashboard-api-2025-12", "2025-12-31"),
        ("dashboard_api_to_2022-01-18", None),
        ("ukhsa-weekly-report-2024w99", None),
        ("nhse-winter-sitrep-2022-23", None),
    ],
)
def test_dates_of_editions(source: str, day: str | None) -> None:
    assert edition_date(source) == (pd.Timestamp(day) if day else None)


def test_marks_of_estimates() -> None:
    assert marked("derived: sum over trusts") == "estimate: derived: sum over trusts"
    assert marked("estimate: sum-of-7") == "estimate: sum-of-7"
    assert marked("summary of trusts") == "summary of trusts"


def test_released_of_the_table_itself_is_kept(tmp_path: Path) -> None:
    rows = "2024-12-01,RM1,nctr_patients,1,2025-03-01\n2024-12-02,RM1,nctr_patients,2,\n"
    text = f"date,location,metric,value,released\n{rows}"
    frame = read_file(write(tmp_path, text)).frame
    assert frame["released"].tolist() == [pd.Timestamp("2025-03-01"), pd.Timestamp("2024-12-12")]


def test_unknown_metrics_and_trusts_are_kept_with_a_note(tmp_path: Path) -> None:
    reading = read_file(write(tmp_path, "date,org_code,metric,value\n2024-12-01,R9Z,beds_painted_blue,3\n"))
    assert reading.frame["location"].tolist() == ["R9Z"]
    assert any("R9Z" in note for note in reading.notes)
    assert any("beds_painted_blue" in note for note in reading.notes)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("metric,value", "metric,number"), "column 'value' is missing"),
        (("org_code", "trust"), "column 'org_code or location' is missing"),
        (("200", "two hundred"), "line 2, column 'value': 'two hundred' is not a number"),
        (("2024-12-01", "01/12/2024"), "line 2, column 'date': '01/12/2024' is not a date; write it as 2024-01-31"),
        (("2024-12-01", "2024-12"), "line 2, column 'date': '2024-12' is not a date"),
        (("2024-12-01", "2024-13-01"), "line 2, column 'date'"),
        (("2024-12-01", ""), "line 2, column 'date': the cell is empty"),
        (("2024-12-01", "1024-12-01"), "line 2, column 'date': 1024-12-01 is before 2000"),
        (("01,RM1", "01,ATLANTIS"), "line 2, column 'org_code': unknown location 'ATLANTIS'; add a row to"),
        (("01,RM1", "01,"), "line 2, column 'org_code': the cell is empty"),
        (("2024-12-02,RCX*", "2024-12-01,RM1"), "stands twice"),
        (("200", "inf"), "line 2, column 'value': an infinite value"),
        (("200", "\u0663"), "line 2, column 'value': .* is not a number"),
        (("200", "1,2"), "line 2: Expected 6 columns, got 7"),
        (("81.5,a paper", "81.5,a paper,more"), "line 4: Expected 6 columns, got 7"),
        (("200", "x" * 5_000), "'x{57}[.]{3}' is not a number"),
        (("Norfolk and", "Norfolk and" + "x" * 5_000_000), "a row is longer than 1 MB"),
        (
            ("2024-12-01", "2024-12-01T00:00:00Z"),
            "line 2, column 'date': .* has an offset from UTC; write the day alone",
        ),
        (("2024-12-01", "2024-12-01T00:00:00+01:00"), "line 2, column 'date': .* has an offset from UTC"),
        (("2024-12-01", "2024-12-01 23:30+0500"), "line 2, column 'date': .* has an offset from UTC"),
        (("metric,value", "value,value"), "column 'metric' is missing"),
        (("org_name", "value"), "column 'value' stands twice"),
    ],
)
def test_faults_name_the_line_the_column_and_the_value(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    text = f"{HEADER}\n{ROWS}".replace(*change, 1)
    with pytest.raises(InputError, match=message) as caught:
        read_file(write(tmp_path, text))
    assert "a.csv" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "first line is empty"),
        (HEADER.encode(), "a header and no rows"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"date\x00", "not a CSV file"),
        (gzip.compress(f"{HEADER}\n{ROWS * 500}".encode(), mtime=0)[:-40], "cut short or damaged|correct the row"),
        (b"PAR1 and nothing else", "Parquet file cannot be read"),
        (HEADER.replace(",", ";").encode(), "parted by semicolons, not commas; save the table as CSV UTF-8"),
        (HEADER.replace(",", "\t").encode(), "parted by tabs or spaces, not commas"),
        (f"{HEADER}\n{ROWS}".encode("utf-16"), "the text is UTF-16; save the table as CSV UTF-8"),
        (f"{HEADER}\n{ROWS}".encode("utf-16-le"), "the text is UTF-16"),
        (f"{HEADER}\n{ROWS}".replace("\n", "\r").encode(), "the lines end in carriage returns alone"),
        (b"x" * 3_000_000, "the first line is no header"),
        (b"x," * 3_000_000, "the first line is longer than 1 MB"),
        (",".join(f"c{i}" for i in range(9_999)).encode(), r"column 'date' is missing .found c0.* and 9,987 more"),
    ],
)
def test_files_that_are_no_table(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_file(tmp_path / "a.csv")


def test_days_after_today_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEADER}\n{ROWS}")
    assert len(read_file(path, today=pd.Timestamp("2024-12-02")).frame) == 2
    with pytest.raises(InputError, match=r"2024-12-02 .* lies after today, 2024-12-01"):
        read_file(path, today=pd.Timestamp("2024-12-01"))


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("date,org_code,metric,value_healthyr,value_revised", "comparison"),
        ("trust_code,geo_code,p_trust,p_geo", "map"),
        ("series,release_date,first_data_date,latest_data_date,lag_days", "calendar"),
    ],
)
def test_tables_of_another_kind_are_left_alone(tmp_path: Path, header: str, words: str) -> None:
    with pytest.raises(NotObservations, match=words):
        read_file(write(tmp_path, f"{header}\n"))


def test_numbers_with_a_comma_between_thousands(tmp_path: Path) -> None:
    path = write(tmp_path, 'date,org_code,metric,value\n2024-12-01,RM1,nctr_patients,"17,756"\n')
    assert read_file(path).frame["value"].tolist() == [17_756]
    path = write(tmp_path, 'date,org_code,metric,value\n2024-12-01,RM1,nctr_patients,"17,75"\n')
    with pytest.raises(InputError, match="'17,75' is not a number"):
        read_file(path)


def test_the_name_of_a_known_metric_may_have_spaces_and_capitals(tmp_path: Path) -> None:
    text = "date,org_code,metric,value\n2024-12-01,RM1, NCTR_Patients ,3\n2024-12-01,RM1,Flu_Beds_GA,3\n"
    reading = read_file(write(tmp_path, text + "2024-12-01,RM1,Beds_Painted,3\n"))
    assert reading.frame["metric"].tolist() == ["nctr_patients", "flu_ga_beds_occupied", "Beds_Painted"]
    assert any("'Beds_Painted'" in note for note in reading.notes)


def parquet(folder: Path, metadata: dict[bytes, bytes] | None = None, **columns: object) -> Path:
    """Two rows in Parquet, some of the columns replaced."""
    rows = {"date": ["2024-12-01", "2024-12-02"], "org_code": ["RM1"] * 2, "metric": ["nctr_patients"] * 2}
    table = pa.table({**rows, "value": [1.0, 2.0], **columns})
    pq.write_table(table.replace_schema_metadata(metadata), folder / "a.parquet")
    return folder / "a.parquet"


TWO_DAYS = [datetime(2024, 6, 1), datetime(2024, 6, 2)]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"value": pa.array([1, 2], pa.duration("us"))},
            "column 'value': a column of type duration.us.; write numbers",
        ),
        ({"value": [[1], [2]]}, "column 'value': a column of type list.*; write numbers"),
        ({"value": [{"a": 1}, {"a": 2}]}, "column 'value': a column of type struct"),
        ({"value": [b"1", b"2"]}, "column 'value': a column of type binary"),
        ({"value": [True, False]}, "column 'value': a column of type bool"),
        ({"value": TWO_DAYS}, "column 'value': a column of type timestamp"),
        ({"value": [2**62 + 1, 1]}, "column 'value': a whole number is too large"),
        ({"Value": [9.0, 9.0]}, "column 'value' stands twice"),
        ({"org_code": [b"\xff", b"\xfe"]}, "column 'org_code': a column of type binary; write texts"),
        ({"metric": [{"a": "x"}] * 2}, "column 'metric': a column of type struct"),
        ({"date": [time(1), time(2)]}, "column 'date': a column of type time64.*; write dates"),
        ({"date": pa.array([1, 2], pa.duration("us"))}, "column 'date': a column of type duration"),
        ({"date": [20241201, 20241202]}, "column 'date': a column of type int64"),
        (
            {"date": pd.DatetimeIndex(TWO_DAYS, tz="Europe/London").tz_convert("UTC")},
            "in the time zone UTC that are no",
        ),
    ],
)
def test_parquet_columns_of_another_kind(tmp_path: Path, columns: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_file(parquet(tmp_path, **columns))


def test_midnights_of_a_time_zone_are_the_days_there(tmp_path: Path) -> None:
    path = parquet(tmp_path, date=pd.DatetimeIndex(TWO_DAYS, tz="Europe/London"))
    assert read_file(path).frame["date"].tolist() == [pd.Timestamp(day) for day in TWO_DAYS]


def test_a_file_of_the_store_is_no_publication(tmp_path: Path) -> None:
    with pytest.raises(NotObservations, match="a file of the store of this toolkit"):
        read_file(parquet(tmp_path, {b"forecast_index": b"{}"}))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "2024-12-01,RM1,nctr_patients,1",
            "ends within its last line.* may be cut short.*add a line break",
        ),
        ("2024-12-01,RM1,nctr\0_patients,1\n", r"column 'metric': 'nctr\\x00_patients' holds NUL bytes"),
        ('2024-12-01,RM1,nctr_pat"ients,1\n', "column 'metric': 'nctr_pat\"ients' holds a stray quote"),
    ],
)
def test_what_a_cut_or_damaged_table_leaves(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=rf"a\.csv.*{message}"):
        read_file(write(tmp_path, f"date,location,metric,value\n{text}"))


def test_a_table_that_ends_within_a_text_has_lost_no_number(tmp_path: Path) -> None:
    assert len(read_file(write(tmp_path, f"{HEADER}\n{ROWS}".rstrip())).frame) == 2
