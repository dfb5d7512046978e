"""What past forecasts were worth, worked out by hand where that can be done."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from forecast.forecasters.counts import counts_of
from forecast.forecasters.record import LEVELS, Record, outcomes, past_origins, quantile_loss

FIRST_WEEK, SECOND_WEEK = slice(0, 7), slice(7, 14)


def certain(values, origins: int, steps: int = 14) -> np.ndarray:
    """Members that say one value each at every quantile, (members, origins, steps, levels)."""
    said = np.asarray(values, dtype=float)
    return np.broadcast_to(said[:, None, None, None], (len(said), origins, steps, len(LEVELS))).copy()


def gaussian(said: float, origins: int, steps: int = 7, level: float = 5.0) -> Record:
    """Forecasts of standard deviation ``said`` on the stabilised scale, of outcomes whose own is 0.1."""
    rng = np.random.default_rng(7)
    quantiles = np.broadcast_to(counts_of(level + said * ndtri(LEVELS)), (1, origins, steps, len(LEVELS)))
    return Record(quantiles, counts_of(level + 0.1 * rng.standard_normal((origins, steps))), 1)


def alone(steps: int = 7) -> np.ndarray:
    return np.ones((1, steps))


def test_the_loss_of_a_certain_forecast_is_how_far_it_is_off():
    assert quantile_loss(np.full((2, len(LEVELS)), 10.0), np.array([13.0, 6.0])) == pytest.approx([3.0, 4.0])


def test_a_member_with_half_the_loss_gets_nearly_all_that_the_prior_leaves():
    record = Record(certain([13, 16], origins=12), np.full((12, 14), 10.0), 1)
    weights = record.weights(power=16, prior=5)
    better = 12 / 17 / (1 + 2.0**-16) + 5 / 17 / 2
    assert weights[:, 0] == pytest.approx([better, 1 - better])
    assert record.weights(power=16, prior=0)[0] == pytest.approx(1, abs=1e-4)
    assert record.weights(power=0, prior=5) == pytest.approx(0.5)


def test_more_origins_move_the_weights_further_from_equal():
    first = [Record(certain([13, 16], n), np.full((n, 14), 10.0), 1).weights(16, 5)[0, 0] for n in (4, 8, 26)]
    assert 0.5 < first[0] < first[1] < first[2] < 1


@pytest.mark.parametrize("known", [0, 3])
def test_weights_are_equal_and_the_width_stands_where_little_is_known(known):
    observed = np.full((12, 14), np.nan)
    observed[:known] = 10.0
    record = Record(certain([13, 16], origins=12), observed, 1)
    assert (record.weights(16, 5) == 0.5).all()
    assert (record.spread(record.weights(16, 5), 5) == 1).all()


def test_weights_are_the_shares_given_where_little_is_known_and_shrink_to_them_where_more_is():
    observed = np.full((12, 14), 10.0)
    unknown = Record(certain([13, 13], 12), np.full((12, 14), np.nan), 1, (3.0, 1.0))
    assert unknown.weights(16, 5)[:, 0] == pytest.approx([0.75, 0.25])
    alike = Record(certain([13, 13], 12), observed, 1, (3.0, 1.0))
    assert alike.weights(16, 5)[:, 0] == pytest.approx([0.75, 0.25])
    worse = Record(certain([16, 13], 12), observed, 1, (3.0, 1.0))
    # losses 6 and 3, so that the second is worth twice as much before the shares
    assert worse.weights(1, 12)[0, 0] == pytest.approx(0.5 * 1.5 / 2.5 + 0.5 * 0.75)
    assert worse.known_at(11, pd.date_range("2024-01-01", periods=12, freq="28D")).shares == (3.0, 1.0)


def test_each_band_of_steps_has_weights_of_its_own():
    quantiles = certain([11, 11], origins=20)
    quantiles[0, :, FIRST_WEEK] = quantiles[1, :, SECOND_WEEK] = 10.0
    weights = Record(quantiles, np.full((20, 14), 10.0), 1).weights(16, 5)
    assert weights[0, FIRST_WEEK] == pytest.approx(0.9)
    assert weights[1, SECOND_WEEK] == pytest.approx(0.9)


def test_bands_of_a_weekly_panel_are_the_same_days():
    quantiles = certain([11, 11], origins=20, steps=6)
    quantiles[0, :, 2:4] = 10.0
    weights = Record(quantiles, np.full((20, 6), 10.0), 7).weights(16, 5)
    assert weights[0].round(2).tolist() == [0.5, 0.5, 0.9, 0.9, 0.5, 0.5]


def test_members_are_compared_on_origins_where_all_of_them_spoke():
    quantiles = certain([11, 12], origins=20)
    quantiles[0, :10] = 500.0
    quantiles[1, :10] = np.nan
    weights = Record(quantiles, np.full((20, 14), 10.0), 1).weights(16, 5)
    assert weights[0, 0] == pytest.approx(10 / 15 + 5 / 15 / 2, abs=1e-4)


def test_ranges_half_as_wide_as_they_should_be_are_doubled_and_others_left():
    assert gaussian(0.05, 200).spread(alone(), prior=5) == pytest.approx(2.0, rel=0.1)
    assert gaussian(0.1, 200).spread(alone(), prior=5) == pytest.approx(1.0, rel=0.1)
    assert gaussian(0.2, 200).spread(alone(), prior=5) == pytest.approx(1.0)


def test_the_width_is_shrunk_to_no_change_as_the_weights_are():
    record = gaussian(0.05, 12)
    free, shrunk = (np.log(record.spread(alone(), prior=prior)) for prior in (0, 5))
    assert free[0] > 0.4
    assert shrunk == pytest.approx(free * 12 / 17)


def test_what_was_known_at_an_origin_is_earlier_forecasts_and_what_had_come_by_then():
    origins = pd.date_range("2024-01-01", periods=4, freq="7D")
    record = Record(certain([1, 2], origins=4), np.arange(56.0).reshape(4, 14), 1).known_at(2, origins)
    assert record.quantiles.shape[:2] == (2, 2)
    assert record.observed[0].tolist() == list(range(14))
    assert record.observed[1, :7].tolist() == list(range(14, 21))
    assert np.isnan(record.observed[1, 7:]).all()


def test_weeks_count_as_seven_days_for_what_was_known():
    origins = pd.date_range("2024-01-01", periods=3, freq="14D")
    record = Record(certain([1], origins=3, steps=3), np.ones((3, 3)), 7).known_at(1, origins)
    assert np.array_equal(record.observed, [[1, 1, np.nan]], equal_nan=True)


def test_past_origins_end_one_stride_before_the_last_date():
    index = pd.date_range("2024-01-01", periods=100)
    found = past_origins(index, every=14, count=3, least=60)
    assert list(found) == [index[99 - 28], index[99 - 14]]
    assert not len(past_origins(index[:20], every=14, count=3, least=60))


def test_outcomes_are_what_followed_each_origin_as_far_as_it_is_known_and_believed():
    series = pd.Series(100.0 + np.arange(60) % 9, pd.date_range("2024-01-01", periods=60))
    series.iloc[51] *= 10
    found = outcomes(series, series.index[[49, 57]], 4, 1)
    expected = [[series.iloc[50], np.nan, *series.iloc[52:54]], [*series.iloc[58:60], np.nan, np.nan]]
    assert np.array_equal(found, expected, equal_nan=True)
