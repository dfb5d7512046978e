"""What is known on a day comes from that day and before; slips and false zeros are not believed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.forecasters.counts import counting_noise, counts_of, stabilised
from forecast.forecasters.pooled.days import day_table
from forecast.forecasters.pooled.features import FAMILIES, Features
from forecast.forecasters.pooled.history import FIRST_VALUES, History


def counts(dates: int, level: float = 100.0, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    table = np.rint(level * np.exp(rng.normal(0, 0.05, (dates, 2)).cumsum(axis=0) * 0.3))
    table[20:23, 0] = np.nan
    table[30, 1] *= 10
    return table


def history(table: np.ndarray, per_week: int) -> History:
    return History(table, np.arange(len(table)) % 7 if per_week == 7 else np.zeros(len(table), dtype=int), per_week)


def attributes(past: History) -> dict[str, np.ndarray]:
    """Every array of a history, (..., dates, locations), by name."""
    found = {name: value for name, value in vars(past).items() if isinstance(value, np.ndarray)}
    for name in ("means", "smooth", "errors"):
        found |= {f"{name} {key}": value for key, value in getattr(past, name).items()}
    del found["weekday"]
    return found


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    per_week=st.sampled_from([7, 1]),
    cut=st.integers(30, 89),
    seed=st.integers(0, 99),
    begun=st.integers(2, 8),
    broken=st.lists(
        st.tuples(st.integers(0, 80), st.integers(1, 40), st.sampled_from([np.nan, 0.0, 10.0, 1e7])), max_size=4
    ),
)
def test_no_row_changes_when_what_comes_after_it_is_another(per_week, cut, seed, begun, broken):
    table = counts(100, seed=seed)
    table[: cut - begun, 1] = np.nan
    table[cut - begun : cut - begun + 2, 1] *= 100
    for first, length, factor in broken:
        table[first : first + length, 0] *= factor
    other = table.copy()
    other[cut + 1 :] = np.random.default_rng(seed).choice([0.0, 3.0, 800.0, np.nan], (99 - cut, 2))
    dates = pd.date_range("2022-01-01", periods=100, freq=f"{7 // per_week}D")
    one, two = (
        Features(panel, 7 // per_week, "GB", "ENG", {"flu_beds": panel.shift(1)}, 20)
        for panel in (pd.DataFrame(values, dates, ["RM1", "RGP"]) for values in (table, other))
    )
    before, after = attributes(one.past), attributes(two.past)
    assert len(before) > 20
    for name, values in before.items():
        # The first values of a stretch are judged by the first four together, and no origin lies among them.
        told = ~np.isnan(one.past.means[2][: cut + 1])
        pair = [np.where(told, array[..., : cut + 1, :], 0.0) for array in (values, after[name])]
        assert np.array_equal(*pair, equal_nan=True), name
    t, j = np.nonzero(~np.isnan(one.past.means[2][: cut + 1]) & ~np.isnan(one.past.level[: cut + 1]))
    ahead = 1 + np.arange(len(t)) % 20
    first, second = one.rows(t, j, ahead), two.rows(t, j, ahead)
    assert np.array_equal(first.features, second.features, equal_nan=True)
    assert np.array_equal(first.base, second.base)
    assert np.array_equal(first.unit, second.unit)


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


@pytest.mark.parametrize("per_week", [7, 1])
def test_zeros_as_usual_as_a_level_are_believed(per_week):
    table = np.resize([500.0, 0.0], (90, 1))
    assert not np.isnan(history(table, per_week).trusted[32:]).any()
    table[60] = 9000
    assert np.isnan(history(table, per_week).trusted[60, 0])


@pytest.mark.parametrize(("per_week", "doubted"), [(7, [0]), (1, [0, 1])])
def test_a_slip_as_the_first_value_is_not_believed(per_week, doubted):
    table = np.full((90, 1), 200.0)
    table[0] = 1e9
    assert np.isnan(history(table, per_week).trusted[:, 0]).nonzero()[0].tolist() == doubted


def test_no_origin_lies_among_the_first_values_that_are_judged_together():
    table = np.full((90, 1), 200.0)
    table[30:60] = np.nan
    means = history(table, 7).means
    for weeks in (2, 4):
        assert np.isnan(means[weeks][: FIRST_VALUES - 1]).all()
        assert np.isnan(means[weeks][60 : 60 + FIRST_VALUES - 1]).all()
    assert not np.isnan(means[2][60 + FIRST_VALUES - 1])


def test_a_slip_as_the_first_value_after_a_silence_is_not_believed_and_a_new_level_is():
    table = np.full((90, 1), 200.0)
    table[30:60] = np.nan
    table[60:] = 20.0
    table[60] = 1e6
    assert np.isnan(history(table, 7).trusted[60:, 0]).nonzero()[0].tolist() == [0]


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


def test_every_feature_belongs_to_a_family_that_can_be_left_out():
    panel = pd.DataFrame(counts(90), pd.date_range("2022-01-01", periods=90), ["RM1", "RGP"])
    found = Features(panel, 1, "GB", "ENG", {"flu_beds": panel * 2})
    rows = found.rows(np.array([60, 80]), np.array([0, 1]), np.array([3, 9]))
    assert len(found.families) == rows.features.shape[1]
    assert set(found.families) == set(FAMILIES)


def test_the_scale_of_counts_is_a_logarithm_for_many_and_a_root_for_few():
    y = np.array([0.0, 1, 7, 100, 5000])
    assert counts_of(stabilised(y)) == pytest.approx(y)
    assert np.diff(stabilised(np.array([1000.0, 2000.0])))[0] == pytest.approx(np.log(2), abs=0.003)
    assert stabilised(np.array([0.04]))[0] == pytest.approx(0.2, abs=0.001)
    assert counting_noise(stabilised(y)) == pytest.approx(1 / (y + 4))
