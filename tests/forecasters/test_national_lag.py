"""Hospitals that follow the nation some days behind."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.forecasters import Persistence
from forecast.forecasters.base import SAMPLES
from forecast.forecasters.national_lag import NationalLag
from tests.waves.lagged_waves import bell

BEHIND = 14
SHARES = {"RM1": 0.012, "RGP": 0.006, "RCX": 0.008}
TOPS = (70.0, 200.0)


def england(days: np.ndarray) -> np.ndarray:
    """Two waves, the second half as high again, over a little that is always there."""
    return np.asarray(4000 * (bell(days, TOPS[0]) + 1.5 * bell(days, TOPS[1])))


def panel(until: int, seed: int = 1, behind: int = BEHIND) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    days = np.arange(float(until + 1))
    columns = {"ENG": rng.poisson(england(days)).astype(float)}
    for code, share in SHARES.items():
        columns[code] = rng.poisson(share * england(days - behind)).astype(float)
    frame = pd.DataFrame(columns, index=pd.date_range("2022-01-03", periods=until + 1))
    frame.attrs["metric"] = "flu_beds"
    return frame


def middle(frame: pd.DataFrame, horizon: int = 21, **related: pd.DataFrame) -> pd.DataFrame:
    t = NationalLag().fit(frame, related or None).predict(horizon, list(SHARES), samples=400)
    return pd.DataFrame(np.median(t.paths, axis=1).T, index=t.dates, columns=t.locations)


def test_a_hospital_two_weeks_behind_follows_what_the_nation_did():
    origin = int(TOPS[1]) + 4
    found = middle(panel(origin))
    ahead = np.arange(1.0, 22) + origin
    for code, share in SHARES.items():
        true = share * england(ahead - BEHIND)
        assert found[code][:14].to_numpy() == pytest.approx(true[:14], rel=0.25)
    # They still rise for ten days, as the nation did.
    now = sum(SHARES.values()) * england(np.array([origin - BEHIND]))[0]
    assert found.sum(axis=1).iloc[6:12].median() > 1.1 * now


def test_it_is_nearer_than_the_last_value_before_the_turn():
    origin = int(TOPS[1]) + 4
    frame = panel(origin)
    last = Persistence().fit(frame).predict(14, list(SHARES), samples=400)
    true = np.array([share * england(np.arange(1.0, 15) + origin - BEHIND) for share in SHARES.values()])
    own = np.abs(middle(frame, 14).to_numpy().T - true).mean()
    assert own < 0.75 * np.abs(np.median(last.paths, axis=1) - true).mean()


def test_nine_in_ten_ranges_hold_what_comes():
    held = []
    for seed in range(4):
        origin = 155 + 20 * seed
        t = NationalLag().fit(panel(origin, seed)).predict(14, list(SHARES), samples=300)
        came = panel(origin + 14, seed).loc[t.dates, list(SHARES)].to_numpy().T
        low, high = np.quantile(t.paths, [0.05, 0.95], axis=1)
        held.append(((came >= low) & (came <= high)).mean())
    assert 0.8 <= np.mean(held) <= 1.0


def test_the_lag_learned_is_the_true_one():
    model = NationalLag().fit(panel(130))
    model.predict(7, ["RM1"], samples=50)
    days = model.lags_["RM1"]
    assert days.index.to_numpy() @ days.to_numpy() == pytest.approx(BEHIND, abs=1.5)


def test_the_nation_may_be_given_beside_the_panel():
    frame = panel(204)
    beside = frame.drop(columns="ENG")
    beside.attrs["metric"] = "flu_beds"
    pd.testing.assert_frame_equal(middle(beside, flu_beds=frame[["ENG"]]), middle(frame))


def test_many_hospitals_make_a_nation_of_their_own():
    rng = np.random.default_rng(4)
    days = np.arange(205.0)
    frame = pd.DataFrame(
        {f"R{k:02d}": rng.poisson(0.01 * england(days)).astype(float) for k in range(20)},
        index=pd.date_range("2022-01-03", periods=205),
    )
    t = NationalLag().fit(frame).predict(7, ["R00"], samples=100)
    assert t.notes == {}


def test_without_a_nation_the_baseline_is_drawn_and_said():
    frame = panel(204).drop(columns="ENG")
    t = NationalLag().fit(frame).predict(7, samples=300, seed=2)
    assert "no national figures are known" in t.notes["RM1"]
    baseline = Persistence().fit(frame).predict(7, samples=300, seed=2)
    assert np.median(t.paths[:, :, 3], axis=1) == pytest.approx(np.median(baseline.paths[:, :, 3], axis=1), rel=0.1)


def test_a_nation_unknown_for_three_weeks_still_leads_and_one_unknown_for_months_does_not():
    frame = panel(204)
    short, long = frame.copy(), frame.copy()
    short.iloc[-21:, 0] = np.nan
    long.iloc[-90:, 0] = np.nan
    assert np.isfinite(middle(short).to_numpy()).all()
    assert NationalLag().fit(short).predict(7, ["RM1"], samples=50).notes == {}
    assert (
        "the nation's last value is 90 days old" in NationalLag().fit(long).predict(7, ["RM1"], samples=50).notes["RM1"]
    )


def test_hospitals_share_the_nations_paths():
    paths = NationalLag().fit(panel(190, behind=0)).predict(21, ["RM1", "RCX"], samples=400).paths
    rm1, rcx = np.log1p(paths[:, :, -1])
    assert np.corrcoef(rm1, rcx)[0, 1] > 0.5


def test_weekly_panels_follow_the_nation_too():
    frame = panel(209).resample("7D").mean()
    frame.attrs["metric"] = "flu_hosp_admission_rate_per_100k"
    t = NationalLag().fit(frame).predict(4, ["RM1"], samples=200)
    assert t.notes == {}
    ahead = np.array([england(np.arange(7.0) + 210 + 7 * week - BEHIND).mean() for week in range(4)])
    assert np.median(t.paths[0], axis=0)[:3] == pytest.approx(SHARES["RM1"] * ahead[:3], rel=0.3)


def test_no_range_runs_away_while_the_nation_rises():
    frame = panel(180)
    t = NationalLag().fit(frame).predict(28, samples=300)
    for code in SHARES:
        high = np.quantile(t.select([code]).paths[0], 0.99, axis=0).max()
        assert high <= 10 * max(frame[code].max(), 10)


def test_the_first_days_of_a_season_give_no_range_without_bounds():
    frame = panel(30)
    frame.iloc[:18] = np.nan
    frame["RM1"] = [np.nan] * 18 + [0, 1, 0, 2, 1, 3, 6, 9, 9, 14, 15, 20, 22]
    t = NationalLag().fit(frame).predict(28, ["RM1"], samples=300)
    assert np.quantile(t.paths, 0.99) <= 220


def test_three_weeks_of_a_new_collection_give_whole_paths():
    frame = panel(120)
    frame.iloc[20:99] = np.nan  # a summer without figures, then three weeks of them
    t = NationalLag().fit(frame).predict(14, ["RM1"], samples=100)
    assert np.isfinite(t.paths).all()


def test_past_forecasts_share_lags_and_know_nothing_of_what_came_after():
    frame = panel(120)
    origins = frame.index[[85, 99]]
    found = NationalLag().fit(frame).hindcast(origins, 7, [0.1, 0.5, 0.9], ["RM1"])
    spoilt = frame.copy()
    spoilt.iloc[100:] *= 3
    again = NationalLag().fit(spoilt).hindcast(origins, 7, [0.1, 0.5, 0.9], ["RM1"])
    assert np.array_equal(found, again)
    alone = NationalLag().fit(frame.iloc[:86]).predict(7, ["RM1"], samples=SAMPLES)
    assert np.allclose(found[0, 0], np.quantile(alone.paths[0], [0.1, 0.5, 0.9], axis=0).T)
