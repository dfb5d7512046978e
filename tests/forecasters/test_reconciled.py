"""Hospitals moved to agree with a direct forecast of their sum."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import InputError
from forecast.forecasters import AutoRegression, Ensemble, Forecaster, Persistence, SeasonalNaive
from forecast.forecasters.reconciled import Reconciled, agreeing

MEMBERS = ["RM1", "RGP", "RCX"]
COUNTY = {"NORFOLK": MEMBERS}


def panel(days: int = 150, seed: int = 2) -> pd.DataFrame:
    """Three hospitals of the county and one of another: a walk they have in common, one of their own, and noise."""
    rng = np.random.default_rng(seed)
    dates = pd.date_range(end="2024-01-28", periods=days, name="date")
    walk = rng.normal(0, 0.01, (days, 4)) + rng.normal(0, 0.02, (days, 1))
    level = np.array([200, 110, 90, 150]) * np.exp(walk.cumsum(axis=0))
    made = np.rint(level + rng.normal(0, 6, (days, 4)))
    return pd.DataFrame(made, index=dates, columns=[*MEMBERS, "RGN"])


def county(forecaster: Forecaster, samples: int = 400) -> np.ndarray:
    made = forecaster.predict(14, MEMBERS, samples, seed=1).with_total("SUM", MEMBERS)
    return made.select(["SUM"]).paths[0]


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 4), st.integers(2, 60), st.integers(1, 5), st.integers(0, 10_000))
def test_the_sum_takes_the_values_of_its_own_forecast(members, samples, steps, seed):
    rng = np.random.default_rng(seed)
    paths = rng.gamma(50.0, 2.0, (members, samples, steps))
    total = rng.normal(paths.sum(axis=0).mean(), 20.0, (samples, steps))
    moved = agreeing(paths, total)
    np.testing.assert_allclose(np.sort(moved.sum(axis=0), axis=0), np.sort(total, axis=0))
    ranks = paths.sum(axis=0).argsort(axis=0)
    np.testing.assert_array_equal(moved.sum(axis=0).argsort(axis=0), ranks)


def test_the_less_certain_hospital_moves_more():
    sure, unsure = np.full((1, 4, 1), 100.0), np.array([90.0, 95.0, 105.0, 110.0]).reshape(1, 4, 1)
    total = np.array([200.0, 205.0, 215.0, 220.0])[:, None]
    moved = agreeing(np.concatenate([sure, unsure]), total)
    np.testing.assert_allclose(moved[0], sure[0])
    np.testing.assert_allclose(moved[1, :, 0], [100.0, 105.0, 115.0, 120.0])


def test_no_count_falls_below_zero():
    assert agreeing(np.array([[[1.0], [3.0]], [[5.0], [9.0]]]), np.array([[0.0], [1.0]])).min() >= 0.0


def test_the_county_has_the_range_of_a_forecast_of_the_county():
    made = panel()
    direct = Persistence().fit(made[MEMBERS].sum(axis=1).to_frame("NORFOLK")).predict(14, samples=400, seed=1)
    levels = [0.05, 0.5, 0.95]
    found = np.quantile(county(Reconciled(Persistence(), COUNTY).fit(made)), levels, axis=0)
    np.testing.assert_allclose(found, np.quantile(direct.paths[0], levels, axis=0), atol=3.0)
    apart = np.quantile(county(Persistence().fit(made)), levels, axis=0)
    assert np.mean(found[2] - found[0]) > 1.2 * np.mean(apart[2] - apart[0])


def test_hospitals_of_no_group_stay_as_they_were():
    made = panel()
    found = Reconciled(SeasonalNaive(), COUNTY).fit(made).predict(7, samples=60, seed=3)
    plain = SeasonalNaive().fit(made).predict(7, samples=60, seed=3)
    np.testing.assert_array_equal(found.samples.sel(location="RGN"), plain.samples.sel(location="RGN"))
    assert (found.samples.sel(location="RM1") != plain.samples.sel(location="RM1")).any()


def test_the_counties_of_the_reference_tables_are_the_groups():
    assert Reconciled(Persistence()).fit(panel()).groups_ == COUNTY
    assert Reconciled(Persistence()).fit(panel()[["RM1", "RGP"]]).groups_ == {}


def test_a_county_that_is_a_column_itself_is_left_alone():
    made = panel().assign(NORFOLK=lambda frame: frame[MEMBERS].sum(axis=1))
    assert Reconciled(Persistence(), COUNTY).fit(made).groups_ == {}


@pytest.mark.parametrize("fault", ["old", "never", "empty"])
def test_a_sum_that_is_not_known_moves_nobody(fault):
    made = panel()
    if fault == "old":
        made.loc[made.index[-8:], "RCX"] = np.nan
    elif fault == "never":
        made["RGP"] = made["RGP"].where(np.arange(len(made)) % 2 == 0)
        made["RCX"] = made["RCX"].where(np.arange(len(made)) % 2 == 1)
    else:
        made["RCX"] = np.nan
    found = Reconciled(Persistence(), COUNTY).fit(made).predict(7, samples=40, seed=3)
    plain = Persistence().fit(made).predict(7, samples=40, seed=3)
    np.testing.assert_array_equal(found.paths, plain.paths)
    assert found.notes == plain.notes


def test_a_slip_at_one_hospital_does_not_reach_the_others_through_the_sum():
    made = panel()
    medians = []
    for factor in (1, 10):
        slipped = made.copy()
        slipped.iloc[-1, slipped.columns.get_loc("RGP")] *= factor
        fitted = Reconciled(AutoRegression(), COUNTY).fit(slipped)
        medians.append(np.median(fitted.predict(7, ["RM1"], 200).paths[0], axis=0))
    assert medians[1] == pytest.approx(medians[0], rel=0.03)


def test_the_record_is_of_moved_forecasts():
    inner = Ensemble([AutoRegression(), SeasonalNaive()], memory=84, every=14)
    fitted = Reconciled(inner, COUNTY).fit(panel(240))
    fitted.predict(7, MEMBERS, 40)
    found = fitted.replay(MEMBERS)
    alone = fitted.forecaster_.replay(["NORFOLK"])
    assert list(found.paths) == MEMBERS
    summed = np.sort(sum(found.paths.values()), axis=1)
    np.testing.assert_allclose(summed, np.sort(alone.paths["NORFOLK"], axis=1))


def test_past_forecasts_stay_as_they_were_where_the_sum_was_not_known_then():
    made = panel(240)
    begun = made.index[-40]
    made.loc[: begun - pd.Timedelta(days=1), "RCX"] = np.nan
    # Silent for two weeks later on: the sum of meanwhile was an old one.
    made.loc[begun + pd.Timedelta(days=14) : begun + pd.Timedelta(days=28), "RGP"] = np.nan
    inner = Ensemble([Persistence()], memory=84, every=14, weigh=False)
    fitted = Reconciled(inner, COUNTY).fit(made)
    fitted.predict(7, MEMBERS, 40)
    found, alone = fitted.replay(MEMBERS), fitted.forecaster_.replay(MEMBERS)
    days = [(origin - begun).days for origin in found.origins]
    assert days == [-3, 11, 25]
    assert [bool((found.paths["RM1"][k] != alone.paths["RM1"][k]).any()) for k in range(3)] == [False, True, False]
    assert np.isfinite(found.paths["RM1"]).all()


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        (MEMBERS, "totals is .*give a sum's name with its members"),
        ({"SUM": "RM1"}, "'SUM' has the members 'RM1'; give a list"),
        ({"SUM": ["RM1", "RM1"]}, "'SUM' names a member of .* twice"),
    ],
)
def test_sums_that_are_none_are_refused(totals, said):
    with pytest.raises(InputError, match=said):
        Reconciled(Persistence(), totals).fit(panel())


def test_something_else_than_a_forecaster_is_refused():
    with pytest.raises(InputError, match="Reconciled: forecaster is 7"):
        Reconciled(7).fit(panel())
