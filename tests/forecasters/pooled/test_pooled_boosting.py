"""One model for all places: sensible on bad data, better than standing still on a wave, honest about its past."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecast.errors import InputError
from forecast.forecasters import Persistence
from forecast.forecasters.pooled.boosting import PooledBoosting

SMALL = {"rows": 800, "iterations": 5, "longest": 14, "folds": 0}


def hospitals(days: int = 130, places: int = 4, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    walk = np.exp(rng.normal(0, 0.03, (days, places)).cumsum(axis=0))
    level = np.linspace(40, 300, places)
    return pd.DataFrame(
        np.rint(level * walk),
        index=pd.date_range("2023-01-01", periods=days),
        columns=[f"R{k}X" for k in range(places)],
    )


def waves(weeks: int = 120, places: int = 6, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    course = 4 + 2 * np.sin(2 * np.pi * np.arange(weeks)[:, None] / 30 + rng.normal(0, 0.3, places))
    return (
        pd.DataFrame(rng.poisson(np.exp(course)), index=pd.date_range("2021-01-02", periods=weeks, freq="7D"))
        .rename(columns=lambda k: f"P{k}")
        .astype(float)
    )


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    return hospitals()


@pytest.fixture(scope="module")
def fitted(panel) -> PooledBoosting:
    return PooledBoosting(**SMALL).fit(panel)


def test_waves_are_forecast_better_than_by_the_last_value():
    table = waves()
    origins = table.index[[90, 104]]
    ratio = []
    for origin in origins:
        known = table.loc[:origin]
        came = table.loc[origin:].iloc[1:4].to_numpy().T
        models = (PooledBoosting(rows=1500, iterations=12, folds=2, longest=28), Persistence())
        ratio.append(
            [np.abs(np.median(m.fit(known).predict(3, samples=100).paths, axis=1) - came).mean() for m in models]
        )
    learned, still = np.mean(ratio, axis=0)
    assert learned < 0.75 * still


def test_ten_days_of_history_among_others_are_enough(panel):
    short = panel.copy()
    short.iloc[:-10, 0] = np.nan
    t = PooledBoosting(**SMALL).fit(short).predict(14, samples=100)
    assert t.notes == {}
    paths = t.select(["R0X"]).paths[0]
    assert 0.5 * short["R0X"].min() < np.median(paths) < 2 * short["R0X"].max()
    assert np.ptp(paths, axis=0).min() > 0


def test_too_little_history_everywhere_gives_the_baseline_with_a_note():
    t = PooledBoosting(**SMALL).fit(hospitals(12)).predict(5, samples=50)
    assert np.isfinite(t.paths).all()
    assert all("too little history at all places" in note for note in t.notes.values())


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("a tenfold slip yesterday", lambda series: series.where(series.index < series.index[-2], series * 10)),
        ("false zeros before the origin", lambda series: series.where(series.index < series.index[-8], 0.0)),
    ],
)
def test_the_forecast_stays_at_the_level_after(panel, name, spoil):
    spoiled = panel.copy()
    last = spoiled["R2X"].copy()
    spoiled["R2X"] = spoil(last) if "zeros" in name else last.where(last.index < last.index[-1], last * 10)
    middle = np.median(PooledBoosting(**SMALL).fit(spoiled).predict(7, ["R2X"], samples=100).paths)
    assert middle == pytest.approx(panel["R2X"].iloc[-21:].mean(), rel=0.3), name


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_bad_data_raises_or_gives_a_range_of_no_width(data):
    days = data.draw(st.integers(20, 90))
    table = hospitals(days, 3, seed=data.draw(st.integers(0, 5)))
    for _ in range(data.draw(st.integers(0, 4))):
        row, column = data.draw(st.integers(0, days - 1)), data.draw(st.integers(0, 2))
        length = data.draw(st.integers(1, days))
        table.iloc[row : row + length, column] *= data.draw(st.sampled_from([0.0, 10.0, 1e6, np.nan]))
    t = PooledBoosting(**SMALL).fit(table).predict(5, samples=60)
    for code, paths in zip(t.locations, t.paths, strict=True):
        known = table[code].dropna()
        if not len(known):
            assert "no values" in t.notes[code]
            continue
        assert np.isfinite(paths).all()
        assert paths.min() >= 0
        if np.ptp(known.iloc[-14:]) > 0:
            assert np.ptp(paths) > 0, code


def test_past_forecasts_know_nothing_of_what_came_later(panel):
    origins = panel.index[[90, 97]]
    later = panel.copy()
    later.loc[origins[0] + pd.Timedelta(days=1) :] *= 3
    one, other = (
        PooledBoosting(**SMALL).fit(table).hindcast(origins, 5, [0.1, 0.5, 0.9], ["R1X", "R3X"])
        for table in (panel, later)
    )
    assert one.shape == (2, 2, 5, 3)
    assert np.array_equal(one[:, 0], other[:, 0])
    assert not np.array_equal(one[:, 1], other[:, 1])
    assert (np.diff(one, axis=-1) >= 0).all()
    assert (one == np.rint(one)).all()


def test_past_forecasts_before_anything_could_be_learned_are_those_of_the_baseline(fitted, panel):
    found = fitted.hindcast(panel.index[[20]], 3, [0.25, 0.5, 0.75])
    assert found[:, 0, 0, 1] == pytest.approx(panel.iloc[20].to_numpy(), rel=0.2)


def test_past_forecasts_are_made_of_dates_of_the_panel_only(fitted):
    with pytest.raises(InputError, match="no step of the panel on 2031-01-01"):
        fitted.hindcast(pd.DatetimeIndex(["2031-01-01"]), 3, [0.5])


def test_beyond_the_longest_step_learned_the_range_goes_on_widening(fitted):
    low, high = np.quantile(fitted.predict(60, samples=400).paths, [0.05, 0.95], axis=1)
    width = (high - low)[:, [13, 30, 59]]
    assert (np.diff(width, axis=1) > 0).all()


def test_after_a_long_silence_an_unbelievable_value_is_not_carried_forward(panel):
    silent = panel.copy()
    silent.iloc[40:-1, 1] = np.nan
    silent.iloc[-1, 1] = 1e9
    model = PooledBoosting(**SMALL).fit(silent)
    t = model.predict(7, ["R1X"], samples=100)
    assert t.paths.max() < 10 * panel["R1X"].max()
    assert t.notes["R1X"].startswith("not used (last value is 90 days old")
    assert model.hindcast(panel.index[[-1]], 7, [0.05, 0.95], ["R1X"]).max() < 10 * panel["R1X"].max()


def test_a_location_with_a_value_a_week_is_left_to_the_baseline_and_the_note_says_why(panel):
    sparse = panel.copy()
    sparse.loc[sparse.index.day_of_week != 3, "R1X"] = np.nan
    note = PooledBoosting(**SMALL).fit(sparse).predict(7, ["R1X"], samples=50).notes["R1X"]
    assert note.startswith("not used (too few believable values lately to tell its level), the last value is carried")


class Wild(PooledBoosting):
    def quantiles(self, origin, location, ahead, learner=None):
        return super().quantiles(origin, location, ahead, learner) + 12


def test_paths_that_run_away_are_left_to_the_baseline_and_past_ones_are_held(panel):
    model = Wild(**SMALL).fit(panel)
    t = model.predict(7, ["R2X"], samples=100)
    highest = panel["R2X"].max()
    assert f"its figures ran away beyond {10 * highest:,.0f}" in t.notes["R2X"]
    assert t.paths.max() < 3 * highest
    assert (model.hindcast(panel.index[[100]], 7, [0.5], ["R2X"]) == 10 * panel["R2X"].iloc[:101].max()).all()


def test_weekdays_stand_out_beyond_the_longest_step_learned_as_before_it(panel):
    shaped = panel.copy()
    shaped[shaped.index.day_of_week == 6] *= 0.7
    t = PooledBoosting(**SMALL).fit(shaped.round()).predict(35, samples=100)
    middle = np.median(t.paths, axis=1)
    sunday = t.dates.day_of_week == 6
    for weeks in (slice(0, 14), slice(14, 35)):
        ratio = middle[:, weeks][:, sunday[weeks]].mean(axis=1) / middle[:, weeks][:, ~sunday[weeks]].mean(axis=1)
        assert (ratio < 0.85).all()


def test_a_past_forecast_is_not_made_from_zeros_after_a_long_silence(panel):
    silent = panel.copy()
    silent.iloc[40:100, 1] = np.nan
    silent.iloc[100:106, 1] = 0
    past = PooledBoosting(**SMALL).fit(silent).hindcast(panel.index[[105]], 7, [0.5], ["R1X"])
    assert past.min() > 0.5 * panel["R1X"].iloc[:40].min()


@pytest.mark.parametrize(
    ("table", "known"), [(hospitals(300), {"holidays"}), (waves(80), set()), (waves(120), {"holidays", "season"})]
)
def test_what_only_whole_years_tell_waits_for_two_of_them_and_by_the_week_christmas_does_too(table, known):
    learner = PooledBoosting(**SMALL).fit(table).learner_
    assert {"holidays", "season"}.intersection(learner.families) == known


def test_past_forecasts_come_from_models_learned_not_long_before(panel):
    table = hospitals(400, seed=3)
    model = PooledBoosting(**SMALL).fit(table)
    places = table.index[[150, 200, 340]]
    found = model.hindcast(places, 7, [0.5], ["R2X"])
    assert sorted(model.earlier_) == [150, 340]
    later = table.copy()
    later.iloc[341:] *= 3
    assert (PooledBoosting(**SMALL).fit(later).hindcast(places, 7, [0.5], ["R2X"]) == found).all()
