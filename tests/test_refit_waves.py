"""Waves of flu and Covid, as the weekly job makes them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecast.errors import RunError
from forecast.forecasters import Persistence, SeasonCurves, SeasonOutlook
from forecast.observations.store import Store
from forecast.refit import refit
from forecast.runs import Run, latest_run
from forecast.waves.lag import estimate_lag
from forecast.waves.pooling import pool_lags
from tests.refitting import HOSPITALS, QUICK, Joint, observed

BEHIND = {"ENG": 0, "RM1": 5, "RGP": 12, "RCX": 20}
SIZE = {"ENG": 4000.0, "RM1": 90.0, "RGP": 60.0, "RCX": 70.0}


def wave(peak: str, first: str, last: str) -> pd.DataFrame:
    """One winter: every place's curve is the nation's, so many days later, and counts scatter about it."""
    rng = np.random.default_rng(3)
    days = pd.date_range(first, last)
    frames = []
    for code, behind in BEHIND.items():
        off = (days - pd.Timestamp(peak)).days.to_numpy() - behind
        counts = rng.poisson(SIZE[code] * np.exp(-0.5 * (off / 16) ** 2) + 1)
        frames.append(pd.DataFrame({"date": days, "location": code, "value": counts.astype(float)}))
    return pd.concat(frames).assign(metric="flu_beds", source="test")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    made = Store(tmp_path_factory.mktemp("waves") / "data")
    made.add(wave("2023-12-28", "2023-11-20", "2024-03-31"))
    made.add(wave("2024-12-30", "2024-11-20", "2025-03-31"))
    made.add(observed("nctr_patients", "2024-01-01", "2025-01-26"))
    return made


@pytest.fixture(scope="module")
def run(store, tmp_path_factory):
    return made(store, tmp_path_factory.mktemp("runs") / "models", "2025-01-30")


def made(store: Store, models: object, as_of: str) -> Run:
    settings = replace(QUICK, horizon_days=42, history_days=800, outlook_days=210)
    return refit(store, models, as_of, settings=settings, forecaster=lambda _: SeasonOutlook(Joint()))


def test_each_hospital_has_its_days_behind_the_nation(run):
    lags = run.lags("flu_beds")
    assert set(lags) == {*HOSPITALS, "NORFOLK"}
    for code in HOSPITALS:
        assert lags[code].identifiable, lags[code].reason
        low, high = lags[code].interval(0.9)
        assert low - 1 <= BEHIND[code] <= high + 1
    assert run.delay_days("flu_beds") == 4  # a Thursday, data to the Sunday before


def test_what_is_believed_of_the_county_rests_on_its_hospitals_each_counted_once(run, store):
    winter = store.panel("flu_beds", [*HOSPITALS, "ENG"]).loc["2023-07-01":"2024-06-30"]
    pooled = pool_lags({(code, "2023"): estimate_lag(winter[code], winter["ENG"]) for code in HOSPITALS})
    for code in (*HOSPITALS, "NORFOLK"):
        prior = run.lags("flu_beds")[code].prior
        assert prior.to_numpy() == pytest.approx(pooled.prior(code).to_numpy(), abs=1e-9)
    assert run.lag_seasons("flu_beds") == [2023]


def test_the_run_keeps_the_nation_beside_its_hospitals(run):
    nation = run.nation("flu_beds")
    assert nation.index[-1] == pd.Timestamp("2025-01-26")
    assert nation.idxmax().year in (2023, 2024)
    assert run.nation("nctr_patients").empty
    assert run.lags("nctr_patients") == {}


def test_peaks_are_those_of_the_paths_of_the_season(run):
    peaks = run.peaks("flu_beds")
    assert set(peaks.locations) == {*run.outlook("flu_beds").locations, "ENG"}
    assert peaks.window == (pd.Timestamp("2024-10-01"), pd.Timestamp("2025-04-30"))
    assert run.outlook("flu_beds").dates[-1] >= pd.Timestamp("2025-04-24")
    known = run.history("flu_beds")["RM1"].loc["2024-10-01":].rolling(7, center=True).mean()
    passed = peaks.seen["RM1"]
    assert 0 < passed.mean() <= 1
    # Where the peak has passed it is the highest week observed.
    assert (peaks.sizes["RM1"][passed] == known.max()).mean() > 0.9
    assert peaks.week_probabilities["RM1"].sum() == pytest.approx(1)


def test_what_comes_in_no_waves_has_no_peak_and_the_run_says_why(run):
    assert "does not come in waves" in run.no_peaks("nctr_patients")
    with pytest.raises(RunError, match="looks for no peak of 'nctr_patients'"):
        run.peaks("nctr_patients")


def test_a_run_read_again_says_the_same(run):
    again = latest_run(run.path.parent)
    for code, lag in run.lags("flu_beds").items():
        pd.testing.assert_series_equal(again.lags("flu_beds")[code].days, lag.days)
    again.check()


def test_out_of_season_no_peak_is_looked_for(tmp_path):
    store = Store(tmp_path / "data")
    store.add(observed("covid_beds_occupied", "2024-01-01", "2024-08-31", 50.0, (*HOSPITALS, "ENG")))
    run = made(store, tmp_path / "models", "2024-08-15")
    assert run.no_peaks("covid_beds_occupied") == "out of season: a peak is looked for from 1 October to 30 April"


def test_without_a_nation_there_is_a_peak_and_no_lag(tmp_path):
    store = Store(tmp_path / "data")
    frame = wave("2024-12-30", "2024-11-20", "2025-03-31")
    store.add(frame[frame["location"] != "ENG"])
    run = made(store, tmp_path / "models", "2025-01-30")
    assert run.lags("flu_beds") == {}
    assert run.nation("flu_beds").empty
    assert set(run.peaks("flu_beds").locations) == {*HOSPITALS, "NORFOLK"}


def test_the_nation_s_own_peak_is_told_and_it_is_no_place_of_the_run(run):
    peaks = run.peaks("flu_beds")
    assert peaks.passed["ENG"] >= peaks.passed["RCX"]  # which runs twenty days behind
    assert run.trajectories("flu_beds").locations == [*HOSPITALS, "NORFOLK"]


def test_a_run_of_before_there_were_waves_says_so(run):
    entry = {name: part for name, part in run.manifest["metrics"]["flu_beds"].items() if name != "wave"}
    old = Run(run.path, {**run.manifest, "metrics": {"flu_beds": entry}})
    assert "before there was one" in old.no_peaks("flu_beds")
    assert old.delay_days("flu_beds") == 0


def test_beyond_the_short_range_hospitals_follow_one_nation_and_rise_and_fall_together(store, tmp_path):
    settings = replace(QUICK, samples=300, horizon_days=42, history_days=800, outlook_days=210)
    curves = SeasonCurves(short=Persistence())
    run = refit(store, tmp_path / "models", "2025-01-09", settings=settings, forecaster=lambda _: curves)
    weeks = run.outlook("flu_beds").select(list(HOSPITALS)).paths
    near, far = (np.corrcoef(np.log1p(weeks[:, :, week]))[np.triu_indices(3, 1)].mean() for week in (1, 9))
    assert near < 0.15  # the baseline draws hospitals independently
    assert far > 0.2
    found = run.peaks("flu_beds")
    assert found.reasons == {}
    assert found.passed["RCX"] < 0.5  # it peaks on 19 January
