"""How levels go on: the return to the usual, the size of errors, and what locations have in common."""

from __future__ import annotations

import numpy as np
import pytest

from forecast.forecasters.counts import counts_of
from forecast.forecasters.long_range import SCORES, LongRange
from forecast.forecasters.pooled.history import History

WEEKS = 20


def learned(
    keep: float, dates: int = 260, places: int = 40, common: float = 0.0, weeks: int = WEEKS
) -> LongRange | None:
    """Of a weekly panel whose level keeps a share ``keep`` of its distance from the usual each week."""
    rng = np.random.default_rng(8)
    shocks = np.sqrt(1 - common) * rng.standard_normal((dates, places))
    shocks += np.sqrt(common) * rng.standard_normal((dates, 1))
    level = np.full((dates, places), 12.0)
    for week in range(1, dates):
        level[week] = 12 + keep * (level[week - 1] - 12) + 0.1 * shocks[week]
    past = History(counts_of(level), np.zeros(dates, dtype=int), 1)
    return LongRange.learn(past, np.zeros(dates), weeks, [f"R{k}" for k in range(places)])


def test_levels_that_return_are_seen_to_return_and_their_errors_stop_growing():
    found = learned(0.8)
    assert found.back[[1, 4, 10]] == pytest.approx(1 - 0.8 ** np.array([1, 4, 10]), abs=0.15)
    ninety = found.quantiles[:, np.searchsorted(SCORES, 1.6)]
    assert ninety[20] < 1.15 * ninety[10]


def test_levels_that_wander_return_little_and_their_errors_grow_as_the_root_of_time():
    found = learned(1.0)
    ninety = found.quantiles[:, np.searchsorted(SCORES, 1.6)]
    assert found.back[4] < 0.25
    assert ninety[16] / ninety[4] == pytest.approx(2.0, rel=0.2)


def test_errors_are_symmetric_none_at_no_weeks_and_never_narrow():
    found = learned(0.8)
    assert not found.quantiles[0].any()
    assert found.quantiles == pytest.approx(-found.quantiles[:, ::-1])
    assert (np.diff(found.quantiles[:, -1]) >= 0).all()
    assert (np.diff(found.back) >= 0).all()


def test_what_all_have_in_common_is_learned():
    assert learned(0.9, common=0.5).dependence.usual ** 2 == pytest.approx(0.5, abs=0.15)
    assert learned(0.9).dependence.usual ** 2 < 0.1


def test_longer_than_known_grows_slowly_and_too_little_is_nothing():
    found = learned(0.9, dates=14)
    known = 14 - 6
    ninety = found.quantiles[:, np.searchsorted(SCORES, 1.6)]
    assert 1.1 < ninety[20] / ninety[known] < np.sqrt(20 / 4)
    assert found.back[20] == found.back[known]
    assert learned(0.9, dates=6) is None
