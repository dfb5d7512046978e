"""How long people stay in a place."""

import numpy as np
import pytest
from scipy import stats

from forecast.placements.queues import stays


def test_a_lognormal_stay_ends_on_the_day_in_which_the_time_is_up() -> None:
    chance = stays.lognormal_stay(38.5, 0.6)
    time = stats.lognorm(0.6, scale=38.5 * np.exp(-(0.6**2) / 2))
    assert chance[:3] == pytest.approx(np.diff(time.cdf([0, 1, 2, 3])))
    assert chance.sum() == pytest.approx(1)
    assert stays.mean_days(chance) == pytest.approx(39.0, abs=0.05)


def test_without_spread_everybody_stays_equally_long() -> None:
    assert set(stays.table(stays.lognormal_stay(28, 0))) == {28}
    assert set(stays.table(stays.lognormal_stay(28.2, 0))) == {29}


def test_keeping_the_limit_moves_those_who_would_stay_longer_to_the_day_of_the_limit() -> None:
    free = stays.lognormal_stay(38.5, 0.6)
    half, all_ = stays.with_limit(free, 28, 0.5), stays.with_limit(free, 28, 1)
    assert half.sum() == pytest.approx(1)
    assert half[28:].sum() == pytest.approx(free[28:].sum() / 2)
    assert all_[28:].sum() == 0
    assert all_[27] == pytest.approx(free[27:].sum())
    assert stays.with_limit(free, 28, 0) == pytest.approx(free)


def test_a_28_day_rule_without_overrun_understates_stays_by_a_quarter_or_more() -> None:
    free = stays.lognormal_stay(38.5, 0.6)
    assert stays.mean_days(stays.with_limit(free, 28, 1)) < 0.75 * stays.mean_days(free)


def test_who_is_met_in_a_place_stays_on_as_renewal_theory_says() -> None:
    chance = np.array([0.5, 0.0, 0.5])
    # Stays of 1 and 3 days, each half of them: mean 2. Of four days of stay three are of the long one.
    assert stays.remaining(chance) == pytest.approx([0.5, 0.25, 0.25])


def test_who_is_met_in_a_place_of_exponential_stay_has_a_whole_stay_before_him() -> None:
    chance = stays.exponential_stay(20)
    assert stays.remaining(chance)[:100] == pytest.approx(chance[:100], rel=1e-6)


@pytest.mark.parametrize("chance", [stays.lognormal_stay(38.5, 0.6), stays.exponential_stay(12)])
def test_the_table_gives_back_the_distribution_it_was_made_from(chance: stays.Chances) -> None:
    table = stays.table(chance)
    assert table.dtype == np.int16
    assert table.min() >= 1
    assert (np.diff(table) >= 0).all()
    assert table.mean() == pytest.approx(stays.mean_days(chance), rel=2e-3)
    assert (table <= 10).mean() == pytest.approx(chance[:10].sum(), abs=2 / stays.LEVELS)


def test_a_longer_distribution_has_a_longer_stay_at_every_level() -> None:
    assert (stays.table(stays.lognormal_stay(45, 0.6)) >= stays.table(stays.lognormal_stay(38, 0.6))).all()
