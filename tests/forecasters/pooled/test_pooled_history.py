"""What is known on a day comes from that day and before; slips and false zeros are not believed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.forecasters.counts import counting_noise, counts_of, stabilised
from forecast.forecasters.pooled.days import day_table
from forecast.forecasters.pooled.features import FAMILIES, Features
from forecast.forecasters.pooled.history import History


def counts(dates: int, level: float = 100.0, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    table = np.rint(level * np.exp(rng.normal(0, 0.05, (dates, 2)).cumsum(axis=0) * 0.3))
    table[20:23, 0] = np.nan
    table[30, 1] *= 10
    return table


def history(table: np.ndarray, per_week: int) -> History:
    return History(table, np.arange(len(table)) % 7 if per_week == 7 else np.zeros(len(table), dtype=int), per_week)


@pytest.mark.parametrize("per_week", [7, 1])
def test_a_row_of_the_history_does_not_change_when_more_days_come(per_week):
    table = counts(120)
    whole, part = history(table, per_week), history(table[:90], per_week)
    for name in ("trusted", "plain", "level", "step", "weekly", "monthly", "highest", "lowest", "scale"):
        assert np.array_equal(getattr(whole, name)[:90], getattr(part, name), equal_nan=True), name
    assert np.array_equal(whole.shape[:, :90], part.shape)
    assert np.array_equal(whole.national_level()[:90], part.national_level())


def test_a_tenfold_slip_is_not_believed():
    assert np.isnan(history(counts(60), 7).trusted[30, 1])
    assert np.isnan(history(counts(60), 1).trusted[30, 1])


def test_a_week_that_triples_is_believed():
    table = np.array([40.0, 42, 39, 41, 120, 350])[:, None]
    assert not np.isnan(history(table, 1).trusted).any()


def test_zeros_after_a_high_level_are_not_believed_for_four_weeks():
    table = np.full((90, 1), 100.0)
    table[40:70] = 0.0
    doubted = np.isnan(history(table, 7).trusted[:, 0])
    assert doubted[40:68].all()
    assert not doubted[:40].any()
    few = np.full((90, 1), 3.0)
    few[40:70] = 0.0
    assert not np.isnan(history(few, 7).trusted).any()


def test_a_new_level_is_believed_once_days_have_followed_it():
    table = np.full((60, 1), 100.0)
    table[30:] = 400.0
    trusted = history(table, 7).trusted[:, 0]
    assert np.isnan(trusted[30])
    assert not np.isnan(trusted[35:]).any()


def test_the_weekday_shape_is_found():
    table = np.full((140, 1), 200.0)
    table[5::7] = 100.0
    found = history(table, 7)
    assert found.shape[:, -1, 0].argmin() == 5
    assert np.ptp(counts_of(found.plain[-7:, 0])) < 25


def test_days_are_counted_to_christmas_and_bank_holidays():
    table = day_table(pd.Timestamp("2023-12-20"), pd.Timestamp("2024-01-10"), "GB", "ENG")
    days = pd.date_range("2023-12-20", "2024-01-10")
    christmas, eve, new_year = (days.get_loc(pd.Timestamp(day)) for day in ("2023-12-25", "2023-12-24", "2024-01-01"))
    assert table[christmas, :3].tolist() == [0, 0, 0]
    assert table[eve, [0, 2]].tolist() == [1, -1]
    assert table[new_year, [0, 2]].tolist() == [0, 7]
    assert table[days.get_loc(pd.Timestamp("2023-12-29")), :2].tolist() == [3, 3]


def test_features_of_an_origin_do_not_change_when_more_days_come():
    dates = pd.date_range("2022-01-01", periods=120)
    panel = pd.DataFrame(counts(120), index=dates, columns=["RM1", "RGP"])
    t, j, h = np.array([60, 80]), np.array([0, 1]), np.array([3, 9])
    related = {"flu_beds": panel * 2}
    whole = Features(panel, 7 // 7, "GB", "ENG", related)
    part = Features(panel.iloc[:90], 1, "GB", "ENG", {"flu_beds": panel.iloc[:90] * 2})
    one, other = whole.rows(t, j, h), part.rows(t, j, h)
    assert np.array_equal(one.features, other.features, equal_nan=True)
    assert np.array_equal(one.base, other.base)
    assert len(whole.families) == one.features.shape[1]
    assert set(whole.families) == set(FAMILIES)


def test_the_scale_of_counts_is_a_logarithm_for_many_and_a_root_for_few():
    y = np.array([0.0, 1, 7, 100, 5000])
    assert counts_of(stabilised(y)) == pytest.approx(y)
    assert np.diff(stabilised(np.array([1000.0, 2000.0])))[0] == pytest.approx(np.log(2), abs=0.003)
    assert stabilised(np.array([0.04]))[0] == pytest.approx(0.2, abs=0.001)
    assert counting_noise(stabilised(y)) == pytest.approx(1 / (y + 4))
