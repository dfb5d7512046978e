import numpy as np
import pandas as pd
import pytest
import xarray as xr

from forecast.summary import COLUMNS, summarise
from forecast.trajectories import Trajectories

ORIGIN = pd.Timestamp("2024-12-22")
AS_OF = pd.Timestamp("2024-12-26")


def paths(level: np.ndarray, days: int = 32, slope: float = 0.0) -> Trajectories:
    dates = pd.date_range(ORIGIN + pd.Timedelta(days=1), periods=days)
    values = np.maximum(level[None, :, None] + slope * np.arange(days), 0.0)
    samples = xr.DataArray(
        values, dims=("location", "sample", "date"), coords={"location": ["RM1"], "date": dates}
    ).assign_coords(sample=np.arange(len(level)))
    return Trajectories(samples, "nctr_patients", ORIGIN)


def history(value: float = 100.0) -> pd.DataFrame:
    return pd.DataFrame({"RM1": value}, index=pd.date_range("2024-12-01", ORIGIN))


def test_two_and_four_weeks_count_from_the_as_of_day():
    frame = summarise(paths(np.full(100, 100.0)), history(), AS_OF)
    assert tuple(frame.columns) == COLUMNS
    assert frame["date"].tolist() == [pd.Timestamp("2025-01-09"), pd.Timestamp("2025-01-23")]
    assert frame["weeks_ahead"].tolist() == [2, 4]


def test_figures_and_chances_are_those_of_the_paths():
    row = summarise(paths(np.arange(50.0, 151.0)), history(), AS_OF).iloc[0]
    assert (row["median"], row["low"], row["high"]) == (100, 55, 145)
    # 106..150 of 101 paths are more than 5 % above 100; 50..94 more than 5 % below
    assert row["chance_up"] == pytest.approx(45 / 101)
    assert row["chance_down"] == pytest.approx(45 / 101)
    assert row["chance_level"] == pytest.approx(11 / 101)
    assert row["word"] == "uncertain"


@pytest.mark.parametrize(("level", "word"), [(110.0, "up"), (101.0, "level"), (90.0, "down")])
def test_a_word_is_said_when_its_chance_is_large(level, word):
    assert summarise(paths(np.full(10, level)), history(), AS_OF)["word"].tolist() == [word, word]


def test_up_is_never_said_of_a_falling_middle_nor_down_of_a_rising_one():
    """55 paths of 100 a little higher, 45 much lower: the middle is up, but nothing is said."""
    frame = summarise(paths(np.r_[np.full(55, 106.0), np.full(45, 60.0)]), history(), AS_OF)
    assert frame["word"].tolist() == ["uncertain", "uncertain"]


def test_every_figure_is_the_mean_of_the_week_to_its_day():
    """Rising by 1 a day from 100 on 23 December: the week to 9 January (day 17) averages 114."""
    frame = summarise(paths(np.full(10, 100.0), slope=1.0), history(), AS_OF)
    assert frame["median"].tolist() == [114.0, 128.0]


def test_now_is_the_mean_of_the_last_week_not_of_older_days():
    known = history()
    known.iloc[:-3] = 500.0
    known.iloc[-7:-3] = np.nan
    row = summarise(paths(np.full(10, 100.0)), known, AS_OF).iloc[0]
    assert (row["now"], row["now_date"]) == (100.0, ORIGIN)


def test_a_figure_of_an_older_week_is_not_now():
    known = history()
    known.iloc[-7:] = np.nan
    row = summarise(paths(np.full(10, np.nan)), known, AS_OF).iloc[0]
    assert np.isnan(row["now"])


def test_without_a_forecast_it_cannot_say_and_without_a_figure_now_it_says_the_forecast_alone():
    nothing = summarise(paths(np.full(10, np.nan)), history(), AS_OF)
    assert nothing["word"].tolist() == ["cannot say", "cannot say"]
    assert nothing["median"].isna().all()
    unknown = summarise(paths(np.full(10, 100.0)), history(np.nan), AS_OF)
    assert unknown["word"].tolist() == ["uncertain", "uncertain"]
    assert unknown["median"].tolist() == [100.0, 100.0]
    assert unknown[["now", "chance_up", "chance_level", "chance_down"]].isna().all(axis=None)


def test_a_forecast_too_short_for_four_weeks_says_so_only_there():
    frame = summarise(paths(np.full(10, 100.0), days=20), history(), AS_OF)
    assert frame["word"].tolist() == ["level", "cannot say"]
