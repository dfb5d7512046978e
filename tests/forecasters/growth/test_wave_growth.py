"""The growth of a wave carried on: what is seen of it, what is learned, and that it is told as it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from forecast.forecasters import Persistence, WaveGrowth
from forecast.forecasters.counts import stabilised
from forecast.forecasters.growth.features import BOUND, Growth, summed_growth
from forecast.forecasters.growth.learner import LARGEST_CHANGE, LEVELS, Learner, Sample
from forecast.forecasters.pooled.history import History

NAN = float("nan")
SEEN_BEFORE = 150


def waves(days: int = 400, places: int = 12, seed: int = 0) -> pd.DataFrame:
    """Beds in waves of 80 days that begin within a week of each other, on 5 to 100 patients, with counting noise."""
    rng = np.random.default_rng(seed)
    when = np.arange(days)[:, None] + rng.integers(-3, 4, places)
    course = np.exp(1.5 * np.sin(2 * np.pi * when / 80)) * np.linspace(5, 100, places)
    index = pd.date_range("2021-01-01", periods=days, name="date")
    panel = pd.DataFrame(rng.poisson(course), index=index, columns=[f"R{k:02}" for k in range(places)]).astype(float)
    panel.attrs["metric"] = "flu_beds"
    return panel


def growth(panel: pd.DataFrame) -> Growth:
    return Growth(History(panel.to_numpy(), panel.index.day_of_week.to_numpy(), 7))


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    return waves()


@pytest.fixture(scope="module")
def fitted(panel) -> WaveGrowth:
    return WaveGrowth(rows=4000).fit(panel)


def test_the_nation_grows_as_the_sum_over_those_known_at_both_ends():
    counts = np.array([[9.0, 50.0, NAN], [19.0, NAN, 700.0]])
    assert summed_growth(counts, 1) == pytest.approx([NAN, np.log(20 / 10)], nan_ok=True)
    assert np.isnan(summed_growth(np.array([[9.0, NAN], [NAN, 5.0]]), 1)).all()
    assert np.isnan(summed_growth(counts, 5)).all()


def test_steady_growth_is_seen_at_the_location_and_in_the_nation():
    days = np.arange(60)
    table = pd.DataFrame(
        {"A": 1000 * 1.02**days, "B": 4000 * 1.02**days}, index=pd.date_range("2023-01-01", periods=60)
    )
    seen = growth(table)
    weekly, last = 7 * np.log(1.02), np.array([59])
    row = dict(
        zip([*seen.own, *(f"nation, {name}" for name in seen.nation)], seen.rows(last, last * 0)[0], strict=True)
    )
    assert row["this week"] == pytest.approx(weekly, rel=0.01)
    assert row["last week"] == pytest.approx(weekly, rel=0.01)
    assert row["four weeks"] == pytest.approx(4 * weekly, rel=0.01)
    assert row["today"] == pytest.approx(3 * np.log(1.02), rel=0.05)
    for name in ("this week", "last week", "latest"):
        assert row[f"nation, {name}"] == pytest.approx(weekly, rel=0.01)


def test_growth_is_held_and_what_is_not_known_stands_as_none():
    table = pd.DataFrame({"A": [5.0] * 20 + [80.0] * 7, "B": [NAN] * 27}, index=pd.date_range("2023-01-01", periods=27))
    seen = growth(table)
    last = np.array([26, 26])
    rows = seen.rows(last, np.array([0, 1]))
    assert rows.max() == BOUND
    assert (rows[1, : len(seen.own)] == 0).all()
    assert np.isfinite(seen.restless(last, np.array([0, 1]))).all()


def test_a_linear_rule_and_the_size_of_its_errors_are_found_again():
    rng = np.random.default_rng(1)
    rows, size = 20_000, 0.1
    own, share = rng.uniform(-0.5, 0.5, (rows, 2)), rng.choice([0.25, 0.5, 1.0], rows)
    restless = np.column_stack([np.ones(rows), np.zeros((rows, 4))])
    change = 0.6 * own[:, 0] * share - 0.4 * own[:, 1] * share**2 + size * rng.standard_normal(rows)
    learner = Learner(penalty=1e-6).fit(Sample(own, restless, share, change, np.ones(rows)))
    asked = np.array([[0.5, 0.0], [0.0, 0.5], [0.5, 0.5]])
    found = learner.predict(asked, restless[:3], np.array([1.0, 0.5, 1.0]))
    assert found[:, LEVELS.index(0.5)] == pytest.approx([0.3, -0.05, 0.1], abs=0.01)
    assert found - found[:, [LEVELS.index(0.5)]] == pytest.approx(np.tile(size * ndtri(LEVELS), (3, 1)), abs=0.02)


def test_a_heavier_example_counts_as_so_many():
    rng = np.random.default_rng(2)
    own, restless = rng.uniform(-0.5, 0.5, (600, 2)), np.ones((600, 5))
    share, weight = rng.choice([0.5, 1.0], 600), rng.integers(1, 4, 600)
    change = own[:, 0] * share + 0.05 * rng.standard_normal(600)
    times = np.repeat(np.arange(600), weight)
    heavy = Learner(1e-4).fit(Sample(own, restless, share, change, weight.astype(float)))
    many = Learner(1e-4).fit(Sample(own[times], restless[times], share[times], change[times], np.ones(len(times))))
    one, other = (model.predict(own[:50], restless[:50], share[:50]) for model in (heavy, many))
    quartiles = [LEVELS.index(level) for level in (0.25, 0.5, 0.75)]
    assert one[:, quartiles] == pytest.approx(other[:, quartiles], abs=0.01)


def test_no_middle_goes_further_than_has_been_learned():
    rng = np.random.default_rng(3)
    own, restless, share = rng.uniform(-0.1, 0.1, (500, 2)), np.ones((500, 5)), np.ones(500)
    learner = Learner(0.0).fit(Sample(own, restless, share, 9 * own[:, 0], np.ones(500)))
    found = learner.predict(np.array([[5.0, 0.0], [-5.0, 0.0]]), restless[:2], share[:2])
    assert found[:, LEVELS.index(0.5)] == pytest.approx([LARGEST_CHANGE, -LARGEST_CHANGE], abs=0.01)


def test_a_wave_is_forecast_better_than_by_the_last_value(panel):
    off = []
    for origin in panel.index[[310, 340, 370]]:
        came = panel.loc[origin:].iloc[[7, 14]].to_numpy().T
        middles = [
            np.median(model.fit(panel.loc[:origin]).predict(14, samples=100).paths[..., [6, 13]], axis=1)
            for model in (WaveGrowth(rows=4000), Persistence())
        ]
        off.append([np.abs(middle - came).mean() for middle in middles])
    learned, still = np.mean(off, axis=0)
    assert learned < 0.65 * still


def test_the_nation_tells_what_a_noisy_hospital_cannot():
    table = waves(places=12, seed=4)
    table["TINY"] = np.random.default_rng(5).poisson(table.mean(axis=1) / 12)
    alone, among = [], []
    for origin in table.index[[310, 340, 370]]:
        known, came = table.loc[:origin], table["R11"].loc[origin:].iloc[1:15].mean() / table["R11"].loc[origin]
        for found, columns in ((alone, ["TINY"]), (among, list(table.columns))):
            t = WaveGrowth(rows=4000).fit(known[columns]).predict(14, ["TINY"], samples=200)
            middle = np.median(t.paths[0], axis=0).mean()
            found.append(abs(np.log((middle + 1) / (known["TINY"].iloc[-7:].mean() * came + 1))))
    assert np.mean(among) < np.mean(alone)


def test_nine_in_ten_outcomes_lie_in_the_range_of_past_forecasts(fitted, panel):
    origins = panel.index[200:380:10]
    found = fitted.hindcast(origins, 14, (0.05, 0.95), list(panel.columns[4:]))
    places = panel.index.get_indexer(origins)
    came = np.stack([panel.iloc[place + 1 : place + 15, 4:].to_numpy().T for place in places], axis=1)
    assert 0.8 < ((came >= found[..., 0]) & (came <= found[..., 1])).mean() < 0.98


def test_a_past_forecast_does_not_depend_on_what_came_later(panel):
    place = 300
    cut = WaveGrowth(rows=4000).fit(panel.iloc[: place + 40]).hindcast(panel.index[[place]], 14, (0.1, 0.5, 0.9))
    other = panel.copy()
    other.iloc[place + 1 :] = 3.0
    later = WaveGrowth(rows=4000).fit(other).hindcast(panel.index[[place]], 14, (0.1, 0.5, 0.9))
    assert np.array_equal(cut, later)


def test_weeks_of_a_first_wave_are_enough_to_begin_and_days_are_not(panel):
    begun = WaveGrowth(rows=4000).fit(panel.iloc[:45])
    assert begun.predict(14, samples=50).notes == {}
    early = WaveGrowth(rows=4000).fit(panel.iloc[:12]).predict(14, samples=50)
    assert all("too little history at all places together to learn from" in note for note in early.notes.values())


def test_beyond_what_can_be_learned_the_range_widens_as_a_random_walk(fitted, panel):
    last, place = np.array([len(panel) - 1] * 2), np.array([8, 8])
    near, far = np.diff(fitted.quantiles(last, place, np.array([42, 84]))[:, [0, -1]], axis=1).ravel()
    assert far == pytest.approx(near * np.sqrt(2))


def test_nobody_is_forecast_from_a_slip_in_the_newest_value(panel):
    wrong = panel.copy()
    wrong.iloc[-1, 11] = 9000.0
    usual, slipped = (WaveGrowth(rows=4000).fit(one).predict(14, samples=100).paths for one in (panel, wrong))
    assert np.median(slipped[11]) == pytest.approx(np.median(usual[11]), rel=0.25)
    assert np.median(slipped[:11], axis=1) == pytest.approx(np.median(usual[:11], axis=1), rel=0.2, abs=2)


def test_a_season_of_nothing_but_zeros_is_told_and_a_weekly_panel_is_learned():
    empty = waves() * 0
    notes = WaveGrowth(rows=1000).fit(empty).predict(7, samples=20).notes
    assert all("too little history" in note for note in notes.values())
    weekly = waves(places=6).resample("7D").mean().round()
    t = WaveGrowth(rows=1000).fit(weekly).predict(4, samples=50)
    assert t.step_days == 7
    assert t.notes == {}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scale=st.floats(0.01, 200.0), start=st.integers(0, 320), holes=st.integers(0, 60))
def test_any_stretch_of_any_size_gives_counts_that_stay_within_ten_times_its_own(scale, start, holes):
    table = (waves(places=3) * scale).round().iloc[start : start + SEEN_BEFORE]
    table.iloc[20 : 20 + holes, 0] = NAN
    t = WaveGrowth(rows=1000).fit(table).predict(14, samples=50)
    paths = t.paths
    assert np.isfinite(paths).all()
    assert (paths >= 0).all()
    assert (paths.max(axis=(1, 2)) <= 10 * np.maximum(table.max().to_numpy(), 10)).all()
    assert np.isfinite(stabilised(paths)).all()


def test_a_wave_that_begins_at_a_handful_of_patients_is_not_left_to_the_baseline():
    when = np.arange(400)[:, None] + np.zeros(12)
    course = np.linspace(2, 30, 12) * np.exp(3.0 * np.maximum(np.sin(2 * np.pi * when / 130), 0))
    index = pd.date_range("2021-01-01", periods=400, name="date")
    whole = pd.DataFrame(np.random.default_rng(2).poisson(course), index, [f"R{k:02}" for k in range(12)]).astype(float)
    # The third wave has risen for a week and a half; at R00 nobody has seen an earlier one.
    known = whole.iloc[:272].copy()
    known.iloc[:255, 0] = NAN
    paths = WaveGrowth(rows=4000).fit(known).predict(28, ["R00"], samples=300, seed=1)
    assert not paths.notes
    assert paths.paths[0].max() <= 10 * max(known["R00"].max(), 10)
