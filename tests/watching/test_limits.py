"""Limits that chance seldom crosses, checked by simulation anew, and that real shifts do cross."""

import numpy as np
import pytest

from benchmarks import drift
from forecast.watching import limits

SERIES = 36


def test_limits_widen_with_more_series_and_narrow_with_more_weeks():
    shares = [[limits.lowest_share(n, k) for k in (1, 4, 12, 36, 100)] for n in (6, 8, 10, 13)]
    leans = [[limits.furthest_lean(n, k) for k in (1, 4, 12, 36, 100)] for n in (6, 8, 10, 13)]
    middles = [[limits.highest_middle(n, k) for k in (1, 4, 12, 36, 100)] for n in (6, 8, 10, 13)]
    assert (np.diff(middles, axis=1) > 0).all()
    assert (np.diff(middles, axis=0) < 0).all()
    assert (np.diff(shares, axis=1) < 0).all()
    assert (np.diff(shares, axis=0) > 0).all()
    assert (np.diff(leans, axis=1) > 0).all()
    assert (np.diff(leans, axis=0) < 0).all()


def test_between_what_was_simulated_they_lie_between():
    assert limits.lowest_share(7, 36) == pytest.approx((0.50 + 0.56) / 2)
    assert limits.lowest_share(13, 12) > limits.lowest_share(13, 20) > limits.lowest_share(13, 36)
    assert limits.lowest_share(13, 1_000) == limits.lowest_share(13, 100)


@pytest.mark.parametrize("stays", [1.0, 0.9])
def test_forecasts_as_good_as_they_say_warn_at_most_once_in_two_years_of_all_series_together(stays):
    weeks = 250_000  # of one series: two years of 36 series 67 times over
    rows = drift.points(weeks, seed=99, stays=stays)
    for row, chart in zip(rows, drift.CHARTS, strict=True):
        found = drift.starts(drift.warned(row, 13, SERIES, chart))
        # 67 are allowed; three standard deviations of a count of them on top.
        assert found <= 67 + 3 * np.sqrt(67)


def test_ranges_that_hold_on_60_per_cent_or_are_twice_too_wide_are_warned_of_in_time_and_bias_within_13_weeks():
    narrow = drift.delay(SERIES, "share", tries=200, width=drift.NARROW)
    wide = drift.delay(SERIES, "middle", tries=200, width=2.0)
    low = drift.delay(SERIES, "lean", tries=200, off=1.0)
    assert wide[0] <= 18
    assert narrow[0] <= 13
    assert narrow[1] <= 26
    assert low[1] <= 13
