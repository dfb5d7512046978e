"""Lags of several seasons and hospitals, pooled as far as they agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.waves.lag import Lag, lag_prior
from forecast.waves.lag_frames import lags_from_frame, lags_to_frame
from forecast.waves.pooling import pool_lags

DAYS = lag_prior().index.to_numpy()


def lag(centre: float, spread: float, identifiable: bool = True) -> Lag:
    """A lag whose data say so, under the usual prior."""
    prior = lag_prior()
    chance = prior.to_numpy() * np.exp(-0.5 * np.square((DAYS - centre) / spread))
    days = pd.Series(chance / chance.sum(), index=prior.index)
    return Lag(days, identifiable, "" if identifiable else "flat", prior)


def mean(days: pd.Series) -> float:
    return float(days.index.to_numpy() @ days.to_numpy())


def spread(days: pd.Series) -> float:
    return float(np.sqrt(np.square(days.index.to_numpy() - mean(days)) @ days.to_numpy()))


def test_hospitals_that_agree_narrow_the_next_season():
    agreed = pool_lags({(code, year): lag(6, 2) for code in ("RM1", "RGP", "RCX") for year in ("21", "22")})
    one = pool_lags({("RM1", "21"): lag(6, 2)})
    assert mean(agreed.new_hospital) == pytest.approx(6, abs=0.7)
    assert spread(agreed.new_hospital) < 0.6 * spread(one.new_hospital)
    assert agreed.between_hospitals < 3


def test_hospitals_that_differ_keep_their_own_lag():
    pooled = pool_lags({(code, year): lag(at, 1) for code, at in (("A", 0), ("B", 20)) for year in "123"})
    assert mean(pooled.prior("A")) == pytest.approx(0, abs=1.5)
    assert mean(pooled.prior("B")) == pytest.approx(20, abs=1.5)
    assert spread(pooled.new_hospital) > 8
    assert pooled.between_hospitals > pooled.between_seasons


def test_seasons_that_differ_leave_the_next_one_open():
    steady = pool_lags({("A", str(year)): lag(10, 1) for year in range(4)})
    moody = pool_lags({("A", str(year)): lag(at, 1) for year, at in enumerate((0, 8, 16, 24))})
    assert spread(moody.prior("A")) > 2 * spread(steady.prior("A"))
    assert moody.between_seasons > steady.between_seasons + 3


def test_a_season_that_cannot_be_told_gets_what_its_hospital_is_used_to():
    pooled = pool_lags(
        {
            ("A", "1"): lag(5, 1),
            ("A", "2"): lag(5, 1),
            ("A", "3"): lag(30, 1, identifiable=False),
            ("B", "1"): lag(8, 1),
        }
    )
    pd.testing.assert_series_equal(pooled.seasons[("A", "3")], pooled.prior("A"))
    assert ("A", "3") not in pooled.used
    assert pooled.prior("NEW") is pooled.new_hospital


def test_an_uncertain_season_is_drawn_towards_the_others_and_a_sure_one_is_not():
    others = {("B", "1"): lag(4, 1), ("C", "1"): lag(5, 1), ("D", "1"): lag(4, 1)}
    loose = pool_lags({("A", "1"): lag(14, 6), **others}).seasons[("A", "1")]
    sure = pool_lags({("A", "1"): lag(14, 0.7), **others}).seasons[("A", "1")]
    assert mean(loose) < 10
    assert mean(sure) == pytest.approx(14, abs=0.7)


def test_with_nothing_to_go_by_the_prior_is_left_with_the_spreads_added():
    pooled = pool_lags({("A", "1"): lag(5, 1, identifiable=False)})
    assert mean(pooled.new_hospital) == pytest.approx(14, abs=0.5)
    assert spread(pooled.new_hospital) > spread(lag_prior())
    assert pooled.used == ()


def test_the_spreads_are_those_of_simulated_hospitals():
    rng = np.random.default_rng(3)
    found = {}
    for hospital in range(25):
        usual = rng.normal(8, 5)
        for season in range(3):
            found[(str(hospital), str(season))] = lag(rng.normal(usual, 1.5), 1.5)
    pooled = pool_lags(found)
    assert pooled.between_hospitals == pytest.approx(5, abs=1.5)
    assert pooled.between_seasons == pytest.approx(1.5, abs=1)
    assert mean(pooled.new_hospital) == pytest.approx(8, abs=2.5)


def test_two_hundred_hospitals_do_not_run_out_of_numbers():
    pooled = pool_lags({(str(k), "1"): lag(k % 5, 1) for k in range(200)})
    assert np.isfinite(pooled.new_hospital).all()
    assert mean(pooled.new_hospital) == pytest.approx(2, abs=0.5)


def test_nothing_to_pool_or_other_days_are_refused():
    with pytest.raises(InputError, match="no lag is given"):
        pool_lags({})
    with pytest.raises(InputError, match=r"RM1 in 22.*-18 to 38"):
        pool_lags({("RM1", "22"): lag(5, 1).usable(4)})


def test_lags_survive_being_stored():
    first = Lag(lag(5, 1).days, True, "", lag_prior(), pd.Timestamp("2022-11-14"), pd.Timestamp("2023-03-01"))
    lags = {"RM1": first, "RGP": lag(9, 3, identifiable=False)}
    back = lags_from_frame(lags_to_frame(lags))
    assert list(back) == ["RM1", "RGP"]
    for code, own in lags.items():
        assert (back[code].identifiable, back[code].reason) == (own.identifiable, own.reason)
        assert (back[code].first, back[code].last) == (own.first, own.last)
        pd.testing.assert_series_equal(back[code].days, own.days, check_names=False)
        pd.testing.assert_series_equal(back[code].prior, own.prior, check_names=False)
    assert lags_from_frame(lags_to_frame({})) == {}
