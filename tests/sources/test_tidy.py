from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
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
    assert frame.groupby("location")["metric"].unique().map(list).to_dict() == {"RM1": [name], "ENG": [f"{name}_daily"]}


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
        (("2024-12-01", "1024-12-01"), "before 2000"),
        (("01,RM1", "01,ATLANTIS"), "line 2, column 'org_code': unknown location 'ATLANTIS'; add a row to"),
        (("01,RM1", "01,"), "line 2, column 'org_code': the cell is empty"),
        (("2024-12-02,RCX*", "2024-12-01,RM1"), "stands twice"),
        (("200", "inf"), "infinite"),
        (("200,a paper", "200,a paper,more"), "Expected 6 columns"),
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
        (gzip.compress(f"{HEADER}\n{ROWS * 500}".encode())[:-40], "cut short or damaged|correct the row"),
        (b"PAR1 and nothing else", "Parquet file cannot be read"),
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
        ("Period,Level,Org Code,Org Name,Metric Type,Metric,Value", "monthly NHS England CSV"),
    ],
)
def test_tables_of_another_kind_are_left_alone(tmp_path: Path, header: str, words: str) -> None:
    with pytest.raises(NotObservations, match=words):
        read_file(write(tmp_path, f"{header}\n"))
