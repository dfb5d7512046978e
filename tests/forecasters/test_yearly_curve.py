"""The curve of the year: found where it stands out, unknown where it was never seen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.forecasters.yearly_curve import CHRISTMAS_NODES, HOLIDAY_NODES, YearlyCurve, curve_basis

CHRISTMAS = slice(4, 4 + len(CHRISTMAS_NODES) - 2)


def learned(course: np.ndarray, dates: pd.DatetimeIndex) -> YearlyCurve:
    return YearlyCurve.learn(course, dates, 1, "GB", "ENG")


def wandering(dates: pd.DatetimeIndex, size: float = 0.002) -> np.ndarray:
    return size * np.random.default_rng(4).standard_normal(len(dates)).cumsum()


def test_christmas_day_is_its_node_and_the_days_between_nodes_are_on_a_line():
    basis = curve_basis(pd.DatetimeIndex(["2023-12-25", "2023-12-27", "2023-11-30"]), 1, "GB", "ENG")[:, CHRISTMAS]
    at = CHRISTMAS_NODES[1:-1].index(0)
    assert basis[0] == pytest.approx(np.eye(len(CHRISTMAS_NODES) - 2)[at])
    assert basis[1, at : at + 2] == pytest.approx([0.5, 0.5])
    assert not basis[2].any()


def test_another_bank_holiday_is_its_node_and_christmas_holidays_are_not_counted_twice():
    others = curve_basis(pd.DatetimeIndex(["2023-08-28", "2023-12-26", "2024-01-01"]), 1, "GB", "ENG")[
        :, CHRISTMAS.stop :
    ]
    assert others[0] == pytest.approx(np.eye(len(HOLIDAY_NODES) - 2)[HOLIDAY_NODES[1:-1].index(0)])
    assert not others[1:].any()


def test_a_week_is_the_mean_of_its_days():
    monday = pd.DatetimeIndex(["2023-12-25"])
    days = pd.date_range("2023-12-25", periods=7)
    assert curve_basis(monday, 7, "GB", "ENG")[0] == pytest.approx(curve_basis(days, 1, "GB", "ENG").mean(axis=0))


def test_a_dip_seen_twice_is_found():
    dates = pd.date_range("2022-04-01", "2024-03-01")
    true = np.zeros(curve_basis(dates[:1], 1, "GB", "ENG").shape[1])
    true[CHRISTMAS] = [0.0, -0.05, -0.15, -0.1, 0.05, 0.0]
    curve = learned(wandering(dates) + curve_basis(dates, 1, "GB", "ENG") @ true, dates)
    assert curve.mean[CHRISTMAS] == pytest.approx(true[CHRISTMAS], abs=0.03)


def test_a_slow_drift_is_not_taken_for_a_season():
    dates = pd.date_range("2022-04-01", "2023-04-01")
    curve = learned(wandering(dates) + np.linspace(0, 0.3, len(dates)), dates)
    assert np.abs(curve.mean[:4]).max() < 0.02


def test_a_holiday_never_seen_is_nothing_on_average_and_much_less_sure_than_one_seen():
    short, long = pd.date_range("2023-02-01", "2023-11-01"), pd.date_range("2022-04-01", "2024-03-01")
    unseen, seen = (learned(wandering(dates), dates) for dates in (short, long))
    assert np.abs(unseen.mean[CHRISTMAS]).max() < 1e-9
    sds = [np.sqrt(np.diag(curve.root @ curve.root.T))[CHRISTMAS] for curve in (unseen, seen)]
    assert (sds[0] > 1.5 * sds[1]).all()
    assert (sds[1] > 0.03).all()


def test_with_a_few_weeks_nothing_is_learned():
    dates = pd.date_range("2023-10-01", periods=40)
    assert not learned(wandering(dates), dates).mean.any()
