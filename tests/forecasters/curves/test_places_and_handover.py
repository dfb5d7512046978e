"""Hospitals tied to the nation, and short paths that go on as curves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.forecasters.curves.handover import continued, matched
from forecast.forecasters.curves.places import follow, logs_at, nation_itself, wander, weekday_shape
from forecast.forecasters.curves.weekly import numbers, weeks_of

DAYS = pd.date_range(end="2023-01-15", periods=150)


def wave(peak: str, size: float) -> pd.Series:
    return pd.Series(5 + size * np.exp(-0.5 * ((DAYS - pd.Timestamp(peak)).days / 25) ** 2), index=DAYS)


def hospital(behind: int, share: float, seed: int = 1) -> pd.Series:
    nation = wave("2022-12-20", 5000).shift(behind).bfill()
    return pd.Series(np.random.default_rng(seed).poisson(share * nation), index=DAYS).astype(float)


@pytest.mark.parametrize("behind", [-4, 2, 10, 16])
def test_share_and_days_behind_are_found(behind):
    nation = weeks_of(wave("2022-12-20", 5000), 1, DAYS[-1])
    shifted = wave((pd.Timestamp("2022-12-20") + pd.Timedelta(days=behind)).isoformat(), 5000)
    local = pd.Series(np.random.default_rng(1).poisson(0.02 * shifted), index=DAYS).astype(float)
    place = follow(local, nation, 1)
    assert np.exp(place.share) == pytest.approx(0.02, rel=0.1)
    assert place.lags @ place.chances == pytest.approx(behind, abs=3)


def test_days_behind_can_be_given():
    nation = weeks_of(wave("2022-12-20", 5000), 1, DAYS[-1])
    given = pd.Series([0.5, 0.5], index=[7, 9])
    place = follow(hospital(0, 0.02), nation, 1, lambda local, national: given)
    assert place.lags.tolist() == [7, 9]
    assert place.chances.tolist() == [0.5, 0.5]


def test_a_flat_nation_leaves_what_was_believed_of_the_days_behind():
    flat = pd.Series(500.0, index=DAYS)
    local = pd.Series(np.random.default_rng(1).poisson(10, len(DAYS)), index=DAYS).astype(float)
    place = follow(local, weeks_of(flat, 1, DAYS[-1]), 1)
    assert place.lags @ place.chances == pytest.approx(5, abs=1)
    assert np.sqrt(np.square(place.lags - 5) @ place.chances) > 5


def test_a_hospital_goes_on_from_its_own_level_to_its_share_of_the_nation():
    nation = wave("2022-12-20", 5000)
    local = 0.02 * nation
    local.iloc[-10:] *= 2
    place = follow(local.round(), weeks_of(nation, 1, DAYS[-1]), 1, lambda one, other: pd.Series([1.0], index=[0]))
    nodes = numbers(DAYS[-1:])[0] + 7.0 * np.arange(-20, 20)
    flat = np.full((400, len(nodes)), np.log(nation.iloc[-1]))
    ahead = numbers(DAYS[-1:])[0] + np.arange(1.0, 120)
    paths = place.draw(flat, nodes, ahead, np.random.default_rng(1))
    middle = np.median(paths, axis=0)
    assert middle[0] == pytest.approx(local.iloc[-1], rel=0.15)
    assert middle[-20:].mean() == pytest.approx(0.02 * nation.iloc[-1], rel=0.3)


def test_the_nation_is_all_of_itself():
    nation = wave("2022-12-20", 5000)
    place = nation_itself(weeks_of(nation, 1, DAYS[-1]), nation, 1)
    assert (place.share, place.lags.tolist(), place.chances.tolist()) == (0.0, [0], [1])


def test_between_weeks_levels_run_straight_and_beyond_them_they_are_held():
    nation = np.array([[0.0, 7.0, 7.0]])
    found = logs_at(nation, np.array([0.0, 7.0, 14.0]), np.array([[-5.0, 2.0, 7.0, 10.0, 99.0]]))
    assert found[0] == pytest.approx([0, 2, 7, 7, 7], abs=1e-4)


def test_errors_start_from_none_and_grow_to_their_full_size():
    found = wander(4000, np.arange(1.0, 100), 0.5, np.random.default_rng(1))
    assert found[:, 0].std() == pytest.approx(np.sqrt(1 - 0.5 ** (2 / 7)), rel=0.05)
    assert found[:, -1].std() == pytest.approx(1, rel=0.05)
    assert np.corrcoef(found[:, -1], found[:, -8])[0, 1] == pytest.approx(0.5, abs=0.05)


def test_weekdays_keep_their_shape():
    series = pd.Series(np.where(DAYS.day_of_week == 6, 50.0, 100.0), index=DAYS)
    shape = weekday_shape(series, 1)
    assert shape[6] < -0.3 < 0 <= min(shape[:6]) + 0.06


def test_every_curve_is_used_once_and_paths_go_on_as_curves_like_them():
    rng = np.random.default_rng(1)
    near = 100 * np.exp(rng.standard_normal((400, 1)) * np.linspace(0, 0.4, 28))
    far = 120 * np.exp(rng.standard_normal((400, 1)) * np.linspace(0, 0.9, 60))
    pairs = matched(near, far[:, :28], 7)
    assert sorted(pairs) == list(range(400))
    assert np.corrcoef(near[:, -1], far[pairs, 27])[0, 1] > 0.9
    joined = continued(near, far[pairs], 7)
    assert np.array_equal(joined[:, :28], near)
    step = np.abs(np.diff(np.log(joined), axis=1))
    assert step[:, 27].mean() < 1.5 * step[:, 20:27].mean() + 0.02
    rising = near[:, -1] > np.quantile(near[:, -1], 0.8)
    assert joined[rising, -1].mean() > 1.5 * joined[~rising, -1].mean()
