"""How members are pooled, left out and noted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from forecast.errors import InputError
from forecast.forecasters import (
    AutoRegression,
    Ensemble,
    Forecaster,
    Persistence,
    SeasonalNaive,
    WaveGrowth,
    default_forecaster,
)
from forecast.forecasters.counts import counts_of, stabilised
from forecast.forecasters.dependence import Dependence
from forecast.forecasters.per_location import BASELINE, CannotFitError, LocationForecaster


class Spread(Forecaster):
    """Evenly spread paths from ``low`` to ``high`` at every step, in random order; trouble as told."""

    def __init__(self, *, low: float = 100.0, high: float = 100.0, note: str = "", trouble: str = "") -> None:
        self.low = low
        self.high = high
        self.note = note
        self.trouble = trouble

    def _learn(self):
        if self.trouble == "fit":
            raise ZeroDivisionError

    def _draw(self, locations, horizon, samples, seed):
        if self.trouble == "predict" or (self.trouble == "predict RM1" and "RM1" in locations):
            raise ZeroDivisionError
        own = np.repeat(np.linspace(self.low, self.high, samples)[:, None], horizon, axis=1)
        if self.trouble == "no number":
            own[0, 0] = np.nan
        own = np.random.default_rng(seed).permuted(own, axis=0)
        return [own] * len(locations), dict.fromkeys(locations, self.note)

    def _hindcast(self, locations, places, horizon, levels):
        if self.trouble == "hindcast":
            raise ZeroDivisionError
        own = np.quantile(np.linspace(self.low, self.high, 1001), levels)
        return np.broadcast_to(own, (len(locations), len(places), horizon, len(levels))).copy()


class Endless(Spread):
    """One path in ten is a thousand times the others."""

    def _draw(self, locations, horizon, samples, seed):
        drawn, notes = super()._draw(locations, horizon, samples, seed)
        return [np.where(np.arange(samples)[:, None] % 10 == 0, 1000 * own, own) for own in drawn], notes


class Tied(Spread):
    """Learns that all locations move as one."""

    def _learn(self):
        self.dependence_ = Dependence(np.eye(3), {}, 0.95)


class Hopeless(LocationForecaster):
    """Can be fitted only where the last value is above a limit."""

    def __init__(self, *, limit: float = np.inf) -> None:
        self.limit = limit

    def _fit_location(self, series):
        if series.iloc[-1] < self.limit:
            raise CannotFitError("no hope")
        return None

    def _simulate(self, state, steps, samples, rng):
        return rng.normal(103.5, 3.0, (samples, steps))


@pytest.fixture
def panel() -> pd.DataFrame:
    """RM1 from 100 to 106, RGP from 50 to 56, 160 days, whole numbers and nothing at EMPTY."""
    dates = pd.date_range(end="2024-01-31", periods=160)
    values = np.random.default_rng(1).integers(0, 7, (160, 2))
    return pd.DataFrame({"RM1": 100.0 + values[:, 0], "RGP": 50.0 + values[:, 1], "EMPTY": np.nan}, index=dates)


def plain(members, **settings) -> Ensemble:
    """An ensemble that learns nothing from its record."""
    return Ensemble(members, weigh=False, calibrate=False, **settings)


def test_quantiles_are_the_mean_of_the_members_on_the_stabilised_scale(panel):
    members = [Spread(low=80, high=120), Spread(low=100, high=200)]
    t = plain(members).fit(panel + 0.25).predict(2, ["RM1"], samples=101)
    means = [counts_of((stabilised(np.array(a)) + stabilised(np.array(b))) / 2) for a, b in ((80, 100), (120, 200))]
    assert t.paths[0, :, 0].min() == pytest.approx(float(means[0]))
    assert t.paths[0, :, 1].max() == pytest.approx(float(means[1]))
    middle = counts_of((stabilised(np.array(100.0)) + stabilised(np.array(150.0))) / 2)
    assert np.median(t.paths[0, :, 0]) == pytest.approx(float(middle))


def test_the_better_member_of_the_record_leads_and_the_range_becomes_one_that_held(panel):
    members = [Spread(low=99, high=107), Spread(low=130, high=180)]
    t = Ensemble(members, every=14, prior=5).fit(panel).predict(28, ["RM1"], samples=400)
    equal = plain(members).fit(panel).predict(28, ["RM1"], samples=400)
    assert 103 <= np.median(t.paths) <= 115 < 120 <= np.median(equal.paths)
    narrow = Ensemble([Spread(low=102.9, high=103.1)], every=14, prior=5).fit(panel).predict(28, ["RM1"], samples=400)
    kept = Ensemble([Spread(low=102.5, high=103.5)], calibrate=False).fit(panel + 0.1)
    assert np.ptp(narrow.paths) >= 1
    assert np.ptp(kept.predict(7, ["RM1"], samples=400).paths) == pytest.approx(1, abs=0.01)


def test_the_width_beyond_the_record_is_that_of_its_last_band(panel):
    ensemble = Ensemble([Spread(low=102.5, high=103.5)], every=14, prior=5).fit(panel + 0.1)
    paths = ensemble.predict(60, ["RM1"], samples=200).paths[0]
    widths = np.ptp(paths, axis=0)
    assert (widths > 1.3).all()
    assert len(set(widths[41:])) == 1


def test_values_after_an_origin_change_nothing_and_a_refit_forgets(panel):
    later = pd.concat([panel, panel.iloc[-30:].shift(30, freq="D") * 3])
    ensemble = Ensemble([SeasonalNaive(), Persistence()], memory=56)
    first = ensemble.fit(panel).predict(5, samples=50).paths
    ensemble.fit(later).predict(5, samples=50)
    assert np.array_equal(
        ensemble.fit(later.loc[: panel.index[-1]]).predict(5, samples=50).paths, first, equal_nan=True
    )


def test_paths_of_a_location_are_the_same_whoever_else_is_asked_for(panel):
    def fitted() -> Ensemble:
        return Ensemble([SeasonalNaive(), Persistence()], memory=56).fit(panel)

    both, alone = fitted().predict(5, samples=50, seed=2), fitted().predict(5, ["RGP"], samples=50, seed=2)
    assert np.array_equal(both.select(["RGP"]).paths, alone.paths)
    again = fitted()
    again.predict(9, ["RM1"], samples=20)
    assert np.array_equal(again.predict(5, samples=50, seed=2).paths, both.paths, equal_nan=True)
    assert not np.array_equal(again.predict(5, ["RGP"], samples=50, seed=3).paths, alone.paths)


def test_the_dependence_a_member_learned_makes_the_total_of_paths(panel):
    members = [Spread(low=80, high=120)]
    for learned, spread in ((Tied(low=80, high=120), 0.95), (members[0], 0.71)):
        t = plain([learned]).fit(panel).predict(3, ["RM1", "RGP"], samples=1000)
        total = t.with_total("SUM", of=["RM1", "RGP"]).select(["SUM"]).paths
        assert np.array_equal(total[0], t.paths.sum(axis=0))
        assert total.std() / (2 * t.paths[0].std()) == pytest.approx(spread, abs=0.03)


def test_notes_say_which_member_spoke(panel):
    t = (
        Ensemble([Spread(note="careful", high=101), Spread(high=108)])
        .fit(panel)
        .predict(1, ["RM1", "EMPTY"], samples=4)
    )
    assert t.notes == {"RM1": "model: careful", "EMPTY": "cannot say: no values"}


@pytest.mark.parametrize(
    ("member", "why"),
    [
        (Spread(trouble="fit"), "it could not be fitted"),
        (Spread(trouble="predict"), "it could not be simulated"),
        (Spread(trouble="no number"), "it could not be simulated"),
        (Spread(trouble="hindcast"), "its past forecasts could not be made"),
        (Spread(low=420, high=440), "its figures went far beyond those of the last year"),
        (Spread(low=15, high=20), "its figures went far beyond those of the last year"),
        (Endless(low=95, high=112), "its figures went far beyond those of the last year"),
        (Hopeless(), "no hope"),
    ],
)
def test_a_member_in_trouble_is_left_out_and_named(panel, member, why):
    good = Spread(low=95, high=112)
    t = Ensemble([member, good]).fit(panel).predict(5, ["RM1"], samples=60)
    alone = Ensemble([good]).fit(panel).predict(5, ["RM1"], samples=60)
    assert t.notes["RM1"] == f"model: left out ({why})"
    assert np.array_equal(t.paths, alone.paths)


def test_a_member_that_ran_away_is_left_out_not_replaced_by_the_baseline(panel):
    class Runaway(Hopeless):
        def _simulate(self, state, steps, samples, rng):
            return np.full((samples, steps), 1e6)

    t = Ensemble([Runaway(limit=0), Spread(high=110)]).fit(panel).predict(5, ["RM1"], samples=60)
    assert t.notes["RM1"] == "model: left out (its figures ran away beyond 1,060)"


def test_trouble_of_a_member_at_one_location_leaves_it_in_at_the_others(panel):
    for member, why in ((Spread(trouble="predict RM1", high=60), "simulated"), (Hopeless(limit=90), "no hope")):
        t = Ensemble([member, Spread(low=45, high=110)]).fit(panel).predict(3, ["RM1", "RGP"], samples=40)
        where = {code for code, note in t.notes.items() if why in note}
        assert where == ({"RM1"} if why == "simulated" else {"RGP"})


def test_where_every_member_fails_the_last_value_is_carried_forward(panel):
    ensemble = Ensemble([Hopeless(), Spread(trouble="fit"), Spread(low=999, high=1000)]).fit(panel)
    t = ensemble.predict(3, ["RM1", "RGP"], samples=4000)
    assert t.notes["RM1"].startswith("model: left out (it could not be fitted); model: left out (no hope); ")
    assert t.notes["RM1"].endswith(BASELINE)
    levels = [0.1, 0.5, 0.9]
    baseline = Persistence().fit(panel).predict(3, ["RM1", "RGP"], samples=4000)
    pd.testing.assert_frame_equal(t.quantiles(levels), baseline.quantiles(levels), rtol=0.02)


def test_no_member_can_be_fitted_at_all(panel):
    t = Ensemble([Spread(trouble="fit")]).fit(panel).predict(3, samples=40)
    assert np.isfinite(t.select(["RM1", "RGP"]).paths).all()
    assert BASELINE in t.notes["RGP"]


@pytest.mark.parametrize(("value", "low", "high"), [(12.0, (4, 9), (16, 26)), (0.0, (0, 0), (1, 3))])
def test_a_count_that_never_changed_may_still_change(value, low, high):
    panel = pd.DataFrame({"RM1": value}, index=pd.date_range(end="2024-01-31", periods=100))
    t = Ensemble([AutoRegression(), Persistence()]).fit(panel).predict(5, samples=400)
    ends = np.quantile(t.paths[0], [0.05, 0.5, 0.97], axis=0)
    assert (ends[1] == value).all()
    assert ((low[0] <= ends[0]) & (ends[0] <= low[1])).all()
    assert ((high[0] <= ends[2]) & (ends[2] <= high[1])).all()
    assert t.notes["RM1"].endswith("the range is that of random counts")


def test_shares_are_the_weights_where_no_record_is_used_and_must_fit_the_members(panel):
    members = [Spread(low=100, high=100), Spread(low=400, high=400)]
    t = plain(members, shares=(3.0, 1.0)).fit(panel).predict(3, ["RM1"], samples=400)
    middle = counts_of(0.75 * stabilised(np.array(100.0)) + 0.25 * stabilised(np.array(400.0)))
    assert np.median(t.paths) == pytest.approx(middle, abs=1.0)
    for wrong in ((1.0,), (1.0, 0.0)):
        with pytest.raises(InputError, match="shares"):
            plain(members, shares=wrong).fit(panel)


def test_members_are_cloned_and_get_the_metric(panel):
    panel.attrs["metric"] = "nctr_patients"
    member = SeasonalNaive()
    ensemble = Ensemble([member]).fit(panel)
    assert not hasattr(member, "panel_")
    assert ensemble.members_[0].metric_ == "nctr_patients"


def test_parameters_are_stored_untouched_and_survive_cloning():
    members = [SeasonalNaive(), Persistence()]
    ensemble = Ensemble(members, power=3.0, every=7)
    assert ensemble.get_params(deep=False)["members"] is members
    copy = clone(ensemble)
    assert (copy.power, copy.every, copy.memory) == (3.0, 7, 364)
    assert [type(member) for member in copy.members] == [SeasonalNaive, Persistence]
    assert copy.members[0] is not members[0]


@pytest.mark.parametrize("members", [[], ["Persistence"]])
def test_members_must_be_forecasters(panel, members):
    with pytest.raises(InputError, match="at least one forecaster"):
        Ensemble(members).fit(panel)


@pytest.mark.parametrize("wrong", [{"every": 0}, {"memory": -1}, {"prior": -1.0}, {"power": -2.0}])
def test_settings_that_make_no_sense_are_named(panel, wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        Ensemble([Persistence()], **wrong).fit(panel)


def test_there_is_a_default_forecaster_for_every_metric():
    assert isinstance(default_forecaster("nctr_patients"), Forecaster)
    assert isinstance(default_forecaster("something new"), Forecaster)


@pytest.mark.parametrize(("metric", "grows"), [("flu_beds", True), ("nctr_patients", False), ("something new", False)])
def test_growth_of_the_wave_is_a_member_on_waves_only(metric, grows):
    members = default_forecaster(metric).short.forecaster.members
    assert any(isinstance(member, WaveGrowth) for member in members) == grows


def test_a_note_says_from_when_on_values_are_not_believed(panel):
    panel.loc["2024-01-30":, "RM1"] = 1000
    t = plain([Spread(low=95, high=112)]).fit(panel).predict(3, ["RM1", "RGP"], samples=40)
    assert t.notes == {"RM1": "values from 30 January 2024 on are not believed"}
