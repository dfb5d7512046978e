import numpy as np
import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.observations.table import COLUMNS, check, regular, step_days, to_panel


def rows(**changes: object) -> pd.DataFrame:
    frame = {"date": ["2024-01-01", "2024-01-02"], "location": "RM1", "metric": "nctr_patients", "value": [10, 12]}
    return pd.DataFrame({**frame, **changes})


def test_a_minimal_frame_gains_every_column_in_order():
    tidy = check(rows(), "notebook")
    assert tuple(tidy.columns) == COLUMNS
    assert tidy["source"].tolist() == ["notebook", "notebook"]
    assert tidy["released"].isna().all()
    assert tidy["value"].tolist() == [10.0, 12.0]


def test_spaces_around_a_code_make_no_other_hospital():
    tidy = check(rows(location=[" RM1", "RM1 "], metric=["nctr_patients", "nctr_patients\t"]))
    assert tidy["location"].tolist() == ["RM1", "RM1"]
    assert tidy["metric"].tolist() == ["nctr_patients", "nctr_patients"]


def test_missing_values_are_dropped_and_never_become_zero():
    assert check(rows(value=[np.nan, 0]))["value"].tolist() == [0.0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value": ["ten", "12"]}, ["column 'value'", "'ten'", "leave missing values empty"]),
        ({"value": [np.inf, 1.0]}, ["infinite"]),
        ({"date": ["2024-13-01", "2024-01-02"]}, ["column 'date'", "'2024-13-01'", "2024-01-31"]),
        ({"date": [45292, 45293]}, ["is a number, not a date"]),
        ({"date": ["1924-01-01", "2024-01-02"]}, ["1924-01-01", "correct the date"]),
        ({"date": [None, "2024-01-02"]}, ["1 rows have no date"]),
        ({"location": ["RM1", None]}, ["column 'location': 1 rows are empty"]),
        ({"location": ["RM1", " "]}, ["column 'location': 1 rows are empty"]),
        ({"metric": [None, None]}, ["column 'metric': 2 rows are empty"]),
        ({"date": ["2024-01-01", "2024-01-01"]}, ["nctr_patients at RM1 on 2024-01-01 stands twice"]),
        ({"released": ["2023-12-31", "2024-01-03"]}, ["released 2023-12-31", "before the day itself"]),
    ],
)
def test_a_bad_frame_is_refused_with_the_thing_the_value_and_the_remedy(changes, words):
    with pytest.raises(InputError) as error:
        check(rows(**changes), "file.csv")
    assert str(error.value).startswith("file.csv")
    for word in words:
        assert word in str(error.value)


def test_a_missing_column_is_named_with_those_found():
    with pytest.raises(InputError, match=r"column 'location' is missing .found date, metric, value"):
        check(rows().drop(columns="location"))


def test_time_zones_and_times_of_day_are_dropped():
    stamps = pd.to_datetime(["2024-01-01 08:00", "2024-01-02 08:00"]).tz_localize("UTC")
    assert check(rows(date=stamps))["date"].tolist() == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-02")]


def test_a_panel_has_every_day_and_holes_are_missing():
    panel = to_panel(check(rows(date=["2024-01-01", "2024-01-04"])), "nctr_patients")
    assert len(panel) == 4
    assert panel["RM1"].isna().sum() == 2


@pytest.mark.parametrize(
    ("dates", "step"),
    [
        (["2024-01-01", "2024-01-02", "2024-01-09"], 1),
        (["2024-01-01", "2024-01-08", "2024-01-22"], 7),
        (["2024-01-01", "2024-02-01", "2024-03-01"], 0),
        (["2024-01-01"], 1),
    ],
)
def test_the_step_is_read_off_the_dates(dates, step):
    assert step_days(pd.DatetimeIndex(dates)) == step


def test_a_weekly_panel_keeps_its_weekday():
    weekly = pd.DataFrame({"ENG": [1.0, 3.0]}, index=pd.DatetimeIndex(["2024-01-01", "2024-01-15"]))
    assert regular(weekly).index.tolist() == list(pd.date_range("2024-01-01", periods=3, freq="7D"))
