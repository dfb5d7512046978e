"""Changes of level that came at once."""

from __future__ import annotations

import numpy as np
import pytest

from forecast.forecasters.breaks import Break, level_breaks, on_the_last_level


def steady(days: int = 200, noise: float = 0.03, seed: int = 1) -> np.ndarray:
    return 5 + np.random.default_rng(seed).normal(0, noise, days)


@pytest.mark.parametrize("shift", [-0.7, 0.35])
@pytest.mark.parametrize("after", [7, 10, 30, 100])
def test_a_change_of_level_is_found_a_week_after_it_came(shift, after):
    values = steady()
    values[-after:] += shift
    (found,) = level_breaks(values)
    assert found.place == len(values) - after
    assert found.shift == pytest.approx(shift, abs=0.05)


def test_it_is_not_said_before_a_week_has_passed():
    values = steady()
    values[-6:] += 0.7
    assert level_breaks(values) == []


def test_a_walk_and_a_slope_are_no_breaks():
    for seed in range(20):
        walk = 5 + np.random.default_rng(seed).normal(0, 0.04, 200).cumsum()
        assert level_breaks(walk) == []
    assert level_breaks(steady() + np.linspace(0, 2, 200)) == []


def test_a_dip_of_a_few_days_is_no_break():
    values = steady()
    values[100:105] -= 0.5
    assert level_breaks(values) == []


def test_two_breaks_are_found_in_order_and_missing_days_do_not_matter():
    values = steady()
    values[80:] += 0.5
    values[140:] -= 0.8
    values[[60, 81, 100, 139]] = np.nan
    assert [one.place for one in level_breaks(values)] == [80, 140]


@pytest.mark.parametrize("days", [0, 1, 20, 40])
def test_a_short_series_has_none(days):
    assert level_breaks(steady(days)) == []


def test_what_came_before_is_moved_to_the_last_level():
    values = np.array([1.0, 1.0, 3.0, 3.0, 2.0])
    moved = on_the_last_level(values, [Break(2, 2.0), Break(4, -1.0)])
    assert moved.tolist() == [2, 2, 2, 2, 2]
    assert values[0] == 1
