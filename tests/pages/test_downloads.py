import csv
import io
from dataclasses import replace
from io import BytesIO

import pandas as pd
import pytest
from made_runs import AS_OF, make_run

from forecast.pages import downloads, shell
from forecast.wording import words


@pytest.fixture
def run(folders):
    return make_run(folders / "models")


def test_downloads_carry_what_they_are_where_they_come_from_and_no_formulas(run):
    fan = shell.fan_of(str(run.path), "nctr_patients", "RCX", 60)
    table = downloads.with_origin(downloads.fan_table(fan).assign(place="=1+1"), run, fan.data_to)
    text = downloads.to_csv(table)
    read = pd.read_csv(BytesIO(text))
    assert set(read["figures"]) == {words.SIMULATED}
    assert set(read["run"]) == {run.id}
    assert set(read["as_of"]) == {f"{AS_OF:%Y-%m-%d}"}
    assert set(read["data_to"]) == {"2025-01-05"}
    assert set(read["place"]) == {"'=1+1"}
    last = read.iloc[-1]
    assert (last["kind"], last["date"]) == ("forecast", "2025-02-20")
    assert last["likely_low"] <= last["half_low"] <= last["middle"] <= last["half_high"] <= last["likely_high"]
    flagged = read[read["note"].notna()]
    assert flagged["published"].tolist() == [0]
    assert flagged["note"].str.startswith("looks wrong: reported 0").all()
    assert b".0," not in text  # whole numbers


def test_a_download_of_published_figures_says_so(folders):
    real = make_run(folders / "models", simulated=False)
    assert set(downloads.with_origin(pd.DataFrame({"a": [1]}), real)["figures"]) == {"real data"}


def test_a_fraction_stays_a_fraction_in_a_download(run):
    fan = shell.fan_of(str(run.path), "nctr_patients", "RCX", 60)
    assert downloads.fan_table(fan)["published"].dtype == "Int64"
    half = replace(fan, published=fan.published.assign(value=0.5))
    assert set(downloads.fan_table(half)["published"].dropna()) == {0.5}


@pytest.mark.parametrize("kind", ["object", "string", "category"])
@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\tx", "\nx", "|x", " =1+1", "\u00a0=1", "\uff1d1+1", "\uff201"]
)
def test_no_text_and_no_heading_of_a_file_is_taken_for_a_formula(kind, text):
    table = pd.DataFrame({text: pd.Series([text, None], dtype=kind), "n": [-1, 2], "day": pd.Timestamp("2025-01-01")})
    rows = list(csv.reader(io.StringIO(downloads.to_csv(table).decode("utf-8-sig"), newline="")))
    assert rows == [[f"'{text}", "n", "day"], [f"'{text}", "-1", "2025-01-01"], ["", "2", "2025-01-01"]]
