"""What every forecaster must do. A new model joins by one line in ``MODELS``."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from forecast.errors import InputError
from forecast.forecasters import (
    AutoRegression,
    Ensemble,
    ExponentialSmoothing,
    Forecaster,
    Persistence,
    ProphetModel,
    Reconciled,
    SeasonalClimatology,
    SeasonalNaive,
    SeasonOutlook,
    StructuralModel,
    WaveGrowth,
)
from forecast.forecasters.national_lag import NationalLag
from forecast.forecasters.pooled.base import PooledForecaster
from forecast.forecasters.pooled.boosting import PooledBoosting
from forecast.forecasters.season_curves import SeasonCurves

MODELS = {
    "Persistence": Persistence(),
    "SeasonalNaive": SeasonalNaive(),
    "ExponentialSmoothing": ExponentialSmoothing(history=300),
    "ProphetModel": ProphetModel(history=400),
    "StructuralModel": StructuralModel(),
    "AutoRegression": AutoRegression(),
    "SeasonalClimatology": SeasonalClimatology(),
    "SeasonOutlook": SeasonOutlook(SeasonalNaive(), handover=7),
    "SeasonCurves": SeasonCurves(),
    "SeasonCurvesAfterShort": SeasonCurves(short=SeasonalNaive(), handover=7),
    "NationalLag": NationalLag(national="RM1"),
    "PooledBoosting": PooledBoosting(rows=1000, iterations=6, longest=28, folds=0),
    "WaveGrowth": WaveGrowth(rows=2000),
    "Ensemble": Ensemble([AutoRegression(), StructuralModel(), Persistence()], memory=84, every=28),
    "Reconciled": Reconciled(SeasonalNaive(), {"SUM": ["RM1", "RGP"]}),
}
SAMPLES = 50


@pytest.fixture(params=MODELS)
def model(request) -> Forecaster:
    return clone(MODELS[request.param])


def daily(days: int = 120, seed: int = 3) -> pd.DataFrame:
    """RM1 and RGP: a level, a weekday shape and noise, whole numbers."""
    rng = np.random.default_rng(seed)
    dates = pd.date_range(end="2024-01-31", periods=days, name="date")
    shape = 1 + 0.1 * np.sin(2 * np.pi * dates.day_of_week / 7).to_numpy()
    walk = np.exp(rng.normal(0, 0.03, (days, 2)).cumsum(axis=0) * 0.5)
    panel = pd.DataFrame(np.rint(np.array([200, 100]) * shape[:, None] * walk), index=dates, columns=["RM1", "RGP"])
    panel.attrs["metric"] = "nctr_patients"
    return panel


def weekly(weeks: int = 150) -> pd.DataFrame:
    dates = pd.date_range(end="2024-01-29", periods=weeks, freq="7D", name="date")
    rng = np.random.default_rng(5)
    season = 50 + 30 * np.cos(2 * np.pi * np.arange(weeks) / 52.18)
    return pd.DataFrame({"RM1": np.rint(season + rng.normal(0, 3, weeks))}, index=dates)


@pytest.fixture(scope="module", params=MODELS)
def fitted(request) -> Forecaster:
    return clone(MODELS[request.param]).fit(daily())


def test_a_forecast_starts_the_day_after_the_origin(fitted):
    t = fitted.predict(28, samples=SAMPLES)
    assert t.origin == pd.Timestamp("2024-01-31")
    assert (t.dates[0], t.dates[-1]) == (pd.Timestamp("2024-02-01"), pd.Timestamp("2024-02-28"))
    assert t.samples.shape == (2, SAMPLES, 28)
    assert (t.metric, t.model) == ("nctr_patients", type(fitted).__name__)
    assert t.notes == {}


def test_a_forecast_is_of_the_level_of_the_series(fitted):
    t = fitted.predict(7, samples=200)
    recent = daily().iloc[-14:]
    for code in t.locations:
        middle = t.quantiles([0.5]).query("location == @code")["value"].mean()
        assert 0.75 * recent[code].min() < middle < 1.25 * recent[code].max()


def test_counts_are_whole_and_never_negative(fitted):
    paths = fitted.predict(28, samples=SAMPLES).paths
    assert paths.min() >= 0
    assert (paths == np.rint(paths)).all()


def test_the_same_seed_gives_the_same_paths_and_another_seed_others(fitted):
    one, same, other = (fitted.predict(7, samples=SAMPLES, seed=seed).paths for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_location_is_forecast_the_same_alone_or_with_others(fitted):
    both = fitted.predict(7, samples=SAMPLES, seed=1)
    alone = fitted.predict(7, locations=["RGP"], samples=SAMPLES, seed=1)
    assert alone.locations == ["RGP"]
    assert np.array_equal(alone.paths[0], both.select(["RGP"]).paths[0])


def test_locations_are_drawn_independently_or_with_the_dependence_learned(fitted):
    if isinstance(fitted, SeasonCurves) and fitted.short is None:
        pytest.skip("hospitals follow one nation")
    rm1, rgp = fitted.predict(3, samples=400, seed=1).paths
    dependence = getattr(fitted, "dependence_", None)
    tie = dependence.ties["RM1"] * dependence.ties["RGP"] if dependence else 0.0
    assert np.corrcoef(rm1[:, -1], rgp[:, -1])[0, 1] == pytest.approx(tie, abs=0.2)


def test_the_range_widens_with_the_horizon(fitted):
    if isinstance(fitted, SeasonalClimatology):
        pytest.skip("what is usual at the time of year is as sure next month as tomorrow")
    t = fitted.predict(28, samples=400)
    low, high = np.quantile(t.paths, [0.05, 0.95], axis=1)
    width = high - low
    assert (width[:, -7:].mean(axis=1) > width[:, :7].mean(axis=1)).all()


def test_one_sample_one_step_is_enough(fitted):
    assert fitted.predict(1, samples=1).samples.shape == (2, 1, 1)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"horizon": 0}, "horizon is 0"),
        ({"horizon": 1.5}, "horizon is 1.5"),
        ({"horizon": 7, "samples": 0}, "samples is 0"),
        ({"horizon": 7, "seed": -1}, "seed is -1"),
        ({"horizon": 7, "locations": ["RCX"]}, "'RCX'.*RM1, RGP"),
        ({"horizon": 7, "locations": ["RM1", "RM1"]}, "once"),
        ({"horizon": 7, "locations": "RM1"}, "list"),
        ({"horizon": 7, "locations": []}, "list"),
    ],
)
def test_what_cannot_be_asked_is_refused(fitted, arguments, says):
    with pytest.raises(InputError, match=says):
        fitted.predict(**arguments)


def test_predicting_before_fitting_is_refused(model):
    with pytest.raises(NotFittedError):
        model.predict(7)


def test_parameters_survive_cloning_and_setting(model):
    parameters = model.get_params(deep=False)
    copy = clone(model)
    assert repr(copy.get_params(deep=False)) == repr(parameters)
    assert copy.set_params(**parameters) is copy
    with pytest.raises(ValueError, match="nonsense"):
        copy.set_params(nonsense=1)


def test_fitting_returns_itself_and_leaves_everything_else_alone(model):
    panel, parameters = daily(60), repr(model.get_params(deep=False))
    before, attrs = panel.copy(deep=True), dict(panel.attrs)
    np.random.seed(42)  # noqa: NPY002
    state = np.random.get_state()  # noqa: NPY002
    assert model.fit(panel) is model
    model.predict(3, samples=5)
    after = np.random.get_state()  # noqa: NPY002
    assert np.array_equal(state[1], after[1])
    assert state[2:] == after[2:]
    pd.testing.assert_frame_equal(panel, before)
    assert panel.attrs == attrs
    assert repr(model.get_params(deep=False)) == parameters


def test_trouble_at_one_location_does_not_touch_the_others(model):
    panel = daily()
    alone = clone(model).fit(panel).predict(7, ["RM1"], samples=SAMPLES).paths[0]
    if model.joint:
        alone = np.sort(alone, axis=0)
    panel["EMPTY"] = np.nan
    panel["SHORT"] = panel["RM1"].where(panel.index > "2024-01-27")
    panel["OLD"] = panel["RM1"].where(panel.index < "2023-12-01")
    panel["SAME"] = 12.0
    panel["ZERO"] = 0.0
    t = model.fit(panel).predict(7, samples=SAMPLES)
    rm1 = t.paths[t.locations.index("RM1")]
    if isinstance(model, (PooledForecaster, SeasonCurves)):
        # One model, or one nation, for all places: the others count, but trouble at them must not carry over.
        assert np.median(rm1, axis=0) == pytest.approx(np.median(alone, axis=0), rel=0.1)
    else:
        # What was learned of the others may tie the paths together anew, not change the range.
        assert np.array_equal(np.sort(rm1, axis=0) if model.joint else rm1, alone)
    assert np.isnan(t.select(["EMPTY"]).samples).all()
    assert t.notes["EMPTY"] == "cannot say: no values"
    assert not np.isnan(t.select(["SHORT", "OLD", "SAME", "ZERO"]).samples).any()
    assert "last value is 62 days old (30 November 2023)" in t.notes["OLD"]
    assert "too little history" in t.notes["SHORT"]
    assert (np.median(t.select(["SAME"]).paths, axis=1) == 12).all()
    assert (np.median(t.select(["ZERO"]).paths, axis=1) == 0).all()
    if not isinstance(model, Ensemble):
        assert (t.select(["SAME", "ZERO"]).paths == [[[12]], [[0]]]).all()
    assert "RM1" not in t.notes


def test_gaps_and_lone_missing_days_are_lived_with(model):
    panel = daily()
    panel.iloc[10:30, 0] = np.nan
    panel.iloc[[50, 60, 90, 91], 0] = np.nan
    t = model.fit(panel).predict(7, samples=SAMPLES)
    assert t.notes == {}
    assert np.isfinite(t.paths).all()


def test_days_left_out_of_the_index_are_missing_days(model):
    panel = daily()
    holes = panel.copy()
    holes.iloc[40:44] = np.nan
    left_out = panel.drop(panel.index[40:44]).iloc[::-1]
    one, other = (clone(model).fit(p).predict(5, samples=SAMPLES).paths for p in (holes, left_out))
    assert np.array_equal(one, other)


def test_the_origin_is_the_last_date_even_without_values(model):
    panel = daily()
    panel.iloc[-4:, 0] = np.nan
    t = model.fit(panel).predict(7, samples=SAMPLES)
    assert (t.origin, t.dates[0]) == (pd.Timestamp("2024-01-31"), pd.Timestamp("2024-02-01"))
    earlier = clone(model).fit(panel[["RM1"]].iloc[:-4]).predict(11, samples=SAMPLES)
    middle = t.quantiles([0.5]).query("location == 'RM1'")["value"].mean()
    assert middle == pytest.approx(earlier.after("2024-01-31").quantiles([0.5])["value"].mean(), rel=0.1)


def test_weekly_panels_step_by_weeks(model):
    t = model.fit(weekly()).predict(4, samples=SAMPLES)
    assert t.step_days == 7
    assert t.dates.tolist() == list(pd.date_range("2024-02-05", periods=4, freq="7D"))
    assert np.isfinite(t.paths).all()
    assert t.notes == {}


def test_nothing_after_the_origin_is_used(model):
    panel = daily()
    related = {"flu_beds": daily(seed=4)}
    later = {"flu_beds": pd.concat([related["flu_beds"], related["flu_beds"].shift(30, freq="D").iloc[-30:] * 99])}
    seen = clone(model).fit(panel.iloc[:80], related).predict(5, samples=SAMPLES).paths
    again = model.fit(panel, related).fit(panel.iloc[:80], later).predict(5, samples=SAMPLES).paths
    assert np.array_equal(seen, again)
    assert model.related_["flu_beds"].index[-1] <= model.origin_


def test_values_that_are_not_whole_are_not_rounded(model):
    paths = model.fit(daily() + 0.5).predict(3, samples=SAMPLES).paths
    assert (paths != np.rint(paths)).any()
