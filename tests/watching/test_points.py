"""What a past forecast comes to in two figures, worked by hand and against an independent distribution."""

import numpy as np
import pandas as pd
import pytest
from made_points import FIRST, rows, told
from scipy.stats import norm

from forecast.forecasters.record import LEVELS
from forecast.watching.points import POINT_COLUMNS, places, weekly_points

NAMES = [f"{level:g}" for level in LEVELS]


def test_a_forecast_is_judged_by_its_next_fortnight_alone():
    # Ten days in the middle, four far above, then weeks that do not count.
    came = [100.0] * 10 + [500.0] * 4 + [100.0] * 14
    found = told(rows(came, ahead=28))
    assert tuple(found.columns) == POINT_COLUMNS
    (one,) = found.to_dict("records")
    assert one["made"] == FIRST
    assert one["inside"] == pytest.approx(10 / 14)
    assert one["middle"] == pytest.approx(10 / 14)
    assert one["place"] == pytest.approx((10 * 0.5 + 4 * (0.975 + 1) / 2) / 14)
    assert one["days"] == 14


def test_the_middle_half_is_from_the_first_quarter_to_the_third():
    frame = rows([np.nan])
    ends = [frame["0.25"], frame["0.75"], frame["0.25"] - 0.01, frame["0.75"] + 0.01]
    frame["observed"] = [ends[day % 4].iloc[day] for day in range(14)]
    assert told(frame)["middle"].item() == 8 / 14


def test_of_a_record_that_kept_likely_ranges_only_nothing_is_said_of_the_middle():
    frame = rows([100.0]).assign(**{"0.25": np.nan, "0.75": np.nan})
    assert np.isnan(told(frame)["middle"].item())
    assert told(frame)["inside"].item() == 1.0


def test_the_ends_of_the_range_are_inside():
    frame = rows([100.0])
    frame["observed"] = frame["0.05"].where(np.arange(14) % 2 == 0, frame["0.95"])
    assert told(frame)["inside"].item() == 1.0


def test_a_fortnight_that_is_not_over_is_not_judged_nor_one_of_which_little_is_known():
    assert told(rows([100.0] * 13 + [np.nan])).empty
    assert told(rows([np.nan] * 8 + [100.0] * 6)).empty
    assert told(rows([np.nan] * 7 + [100.0] * 7))["days"].item() == 7
    assert told(rows([np.nan])).empty


def test_other_models_and_empty_records_are_no_points():
    assert told(rows([100.0], model="Persistence")).empty
    assert told(rows([100.0]).iloc[:0]).empty


def test_of_two_forecasts_in_a_week_the_later_counts():
    frame = rows([100.0], weeks=3)
    extra = rows([100.0])
    extra[["as_of", "origin", "date"]] += pd.Timedelta(days=8)  # the day after the second
    found = told(pd.concat([frame, extra], ignore_index=True))
    # Within five days of it: the second. Of the first and the third none is near.
    assert list((found["made"] - FIRST).dt.days) == [0, 8, 14]


def test_forecasts_made_again_are_told_by_their_origin():
    frame = rows([100.0], weeks=2).drop(columns=["as_of", "at_the_time"])
    assert told(frame)["made"].tolist() == sorted(frame["origin"].unique().tolist())


def test_places_lie_close_to_those_of_the_distribution_itself():
    came = np.linspace(70, 130, 61)
    frame = pd.DataFrame({name: norm.ppf(u, 100, 10) for name, u in zip(NAMES, LEVELS, strict=True)}, index=range(61))
    found = places(frame.assign(observed=came))
    inner = (came > norm.ppf(0.025, 100, 10)) & (came < norm.ppf(0.975, 100, 10))
    assert np.abs(found - norm.cdf(came, 100, 10))[inner].max() < 0.03
    assert set(found[came < norm.ppf(0.025, 100, 10)]) == {0.0125}
    assert np.all(np.diff(found) >= 0)


def test_equal_quantiles_share_the_place_between_them():
    frame = pd.DataFrame([[0.0] * 7 + [1.0, 2.0]], columns=NAMES)
    # Nought came, and quantiles up to 0.9 are nought: the middle of 0.025 and 0.9.
    assert places(frame.assign(observed=0.0)).item() == pytest.approx((0.025 + 0.9) / 2)
    assert places(frame.assign(observed=0.5)).item() == pytest.approx(0.925)
    same = pd.DataFrame([[3.0] * 9], columns=NAMES)
    assert places(same.assign(observed=3.0)).item() == pytest.approx(0.5)
    assert places(same.assign(observed=4.0)).item() == pytest.approx(0.9875)


def test_places_are_judged_apart_each_by_what_is_known_of_it():
    here, there = rows([100.0], weeks=2), rows([500.0], weeks=2).assign(location="RGP")
    there.loc[there["as_of"] > FIRST, "observed"] = np.nan
    found = weekly_points(pd.concat([here, there], ignore_index=True))
    assert {code: (len(one), one["inside"].iloc[0]) for code, one in found.items()} == {
        "RM1": (2, 1.0),
        "RGP": (1, 0.0),
    }


def test_those_made_afterwards_are_told_apart():
    assert told(rows([100.0], weeks=2, at_the_time=False))["afterwards"].tolist() == [True, True]
    assert told(rows([100.0]))["afterwards"].tolist() == [False]
