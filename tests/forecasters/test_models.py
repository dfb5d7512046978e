"""What is particular to exponential smoothing and to Prophet, and when either gives way to the baseline."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecast.forecasters import ExponentialSmoothing, Persistence, ProphetModel, SeasonalNaive
from forecast.forecasters.per_location import CannotFitError, LocationForecaster
from forecast.forecasters.prophet import _private_randomness
from forecast.forecasters.spread import shocks


def panel(values, end="2024-01-31", freq="D", name="RM1") -> pd.DataFrame:
    dates = pd.date_range(end=end, periods=len(values), freq=freq)
    return pd.DataFrame({name: np.asarray(values, dtype=float)}, index=dates)


def shaped(days: int, noise: float = 0.02, seed: int = 1, end="2024-01-31") -> pd.DataFrame:
    """Level 100, a fifth more on Mondays, a fifth fewer on Sundays."""
    dates = pd.date_range(end=end, periods=days)
    shape = np.select([dates.day_of_week == 0, dates.day_of_week == 6], [1.2, 0.8], 1.0)
    return panel(100 * shape * np.exp(np.random.default_rng(seed).normal(0, noise, days)), end)


def medians(t) -> pd.Series:
    return pd.Series(np.median(t.paths[0], axis=0), index=t.dates)


@pytest.mark.parametrize("model", [ExponentialSmoothing(), ProphetModel()], ids=["ets", "prophet"])
def test_the_weekday_shape_is_learned(model):
    middle = medians(model.fit(shaped(180)).predict(14, samples=400))
    assert middle[middle.index.day_of_week == 0].to_numpy() == pytest.approx([120, 120], rel=0.05)
    assert middle[middle.index.day_of_week == 6].to_numpy() == pytest.approx([80, 80], rel=0.05)
    assert middle[middle.index.day_of_week == 2].to_numpy() == pytest.approx([100, 100], rel=0.05)


@pytest.mark.parametrize("model", [ExponentialSmoothing(), ProphetModel()], ids=["ets", "prophet"])
def test_the_nine_in_ten_range_holds_nine_times_in_ten_on_a_series_like_its_own(model):
    whole = shaped(420, noise=0.1)
    inside = []
    for origin in whole.index[[-120, -90, -60, -30]]:
        t = model.fit(whole.loc[:origin]).predict(28, samples=400)
        low, high = np.quantile(t.paths[0], [0.05, 0.95], axis=0)
        seen = whole["RM1"].reindex(t.dates).to_numpy()
        inside += list((seen >= low) & (seen <= high))
    assert np.mean(inside) == pytest.approx(0.9, abs=0.07)


def test_after_a_long_gap_smoothing_learns_from_what_follows_only():
    values = np.concatenate([np.full(200, 900.5), np.full(22, np.nan), shaped(60)["RM1"]])
    whole, after = panel(values), panel(values[-60:])
    both = [ExponentialSmoothing().fit(one).predict(7, samples=50).paths for one in (whole, after)]
    assert np.array_equal(*both)


def test_a_gap_of_three_weeks_is_bridged():
    values = shaped(80)["RM1"].to_numpy().copy()
    values[30:51] = np.nan
    model = ExponentialSmoothing().fit(panel(values))
    assert model.predict(3, samples=5).notes == {}
    assert model.states_["RM1"].fitted.nobs == 80


def test_too_little_after_a_long_gap_is_left_to_the_baseline():
    values = shaped(120)["RM1"].to_numpy().copy()
    values[78:100] = np.nan
    t = ExponentialSmoothing().fit(panel(values)).predict(7, samples=50)
    assert t.notes["RM1"].startswith("not used (too little history since the last long gap (20 values, 28 needed))")
    assert np.array_equal(t.paths, Persistence().fit(panel(values)).predict(7, samples=50).paths)


def test_a_year_without_change_is_left_to_the_baseline():
    t = ExponentialSmoothing(history=100).fit(panel([5.0] * 50 + [8.0] * 100)).predict(3, samples=20)
    assert t.notes["RM1"] == "not used (the values used never change), the last value is carried forward instead"


def test_prophet_continues_from_the_latest_values_not_from_its_trend_alone():
    values = shaped(200)["RM1"].to_numpy().copy()
    values[-10:] *= 1.3
    tomorrow = medians(ProphetModel().fit(panel(values)).predict(1, samples=400)).iloc[0]
    assert tomorrow > 115


def test_what_prophet_left_unexplained_is_continued_past_last_values_that_are_not_believed():
    class Counted:
        """A remainder of 0, a tenth, two tenths and so on from the last believed value."""

        def ahead(self, steps, samples, rng):
            return np.tile(np.arange(steps) / 10, (samples, 1))

    history = shaped(180)
    history.iloc[-2:] *= 10  # a typing error of two days
    model = ProphetModel().fit(history)
    state = model._state("RM1")
    told = model._simulate(replace(state, remainder=Counted()), 3, 4, np.random.default_rng(1))
    plain = model._simulate(replace(state, remainder=Counted(), late=0), 3, 4, np.random.default_rng(1))
    assert state.late == 2
    assert np.log(told / plain) == pytest.approx(np.full((4, 3), 0.2))


def test_prophet_knows_the_bank_holidays_of_england():
    values = shaped(400, end="2023-12-20")["RM1"].to_numpy().copy()
    dates = pd.date_range(end="2023-12-20", periods=400)
    values[dates == "2022-12-26"] *= 0.5
    values[dates == "2022-12-27"] *= 0.5
    middle = medians(ProphetModel().fit(panel(values, end="2023-12-20")).predict(8, samples=400))
    assert middle["2023-12-26"] < 0.75 * middle["2023-12-27"]


@pytest.mark.parametrize(("weeks", "yearly"), [(80, False), (120, True)])
def test_prophet_takes_a_yearly_shape_only_from_two_years(weeks, yearly):
    values = 60 + 30 * np.sin(2 * np.pi * np.arange(weeks) / 52.18) + np.random.default_rng(2).normal(0, 1, weeks)
    model = ProphetModel().fit(panel(values, freq="7D"))
    model.predict(1, samples=2)
    assert ("yearly" in model.states_["RM1"].model.seasonalities) is yearly


def test_prophet_is_silent_in_a_fresh_process():
    script = """
import pandas as pd
from forecast.forecasters import ProphetModel
panel = pd.DataFrame({"RM1": [5.0, 7.0, 6.0, 9.0] * 8}, index=pd.date_range("2024-01-01", periods=32))
ProphetModel().fit(panel).predict(2, samples=5)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_prophet_gives_the_same_paths_in_threads_that_run_at_once():
    models = [ProphetModel().fit(shaped(60, seed=seed)) for seed in (1, 2)]
    alone = [model.predict(5, samples=200, seed=3).paths for model in models]
    found = [np.empty(0)] * 2

    def draw(k: int) -> None:
        found[k] = models[k].predict(5, samples=200, seed=3).paths

    threads = [threading.Thread(target=draw, args=(k,)) for k in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(one, other) for one, other in zip(alone, found, strict=True))


def test_the_global_random_state_is_put_back_after_a_failure():
    np.random.seed(1)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002

    def fail():
        with _private_randomness(5):
            raise RuntimeError(np.random.random())  # noqa: NPY002

    with pytest.raises(RuntimeError):
        fail()
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_shocks_are_centred_and_slips_of_data_entry_held_in():
    errors = np.random.default_rng(1).normal(0, 0.1, 1000)
    plain = shocks(errors)
    assert plain.std() == pytest.approx(0.1, rel=0.05)
    assert plain.mean() == pytest.approx(0, abs=1e-12)
    spoilt = np.concatenate([errors, [5.0] * 20, [-5.0] * 20, [np.nan]])
    assert np.abs(shocks(spoilt)).max() < 0.5
    assert shocks(np.zeros(5)).tolist() == [0] * 5


class Stubborn(LocationForecaster):
    """Fails in the way its parameter says."""

    def __init__(self, *, way: str = "") -> None:
        self.way = way

    def _fit_location(self, series):
        if self.way == "refuses":
            raise CannotFitError("not today")
        if self.way == "breaks":
            raise ZeroDivisionError("internal detail")
        return float(series.iloc[-1])

    def _simulate(self, state, steps, samples, rng):
        if self.way == "breaks later":
            raise ZeroDivisionError("internal detail")
        paths = np.full((samples, steps), state)
        paths[: samples // 50, -1] = {"runs away": 5000.0, "no number": np.nan}.get(self.way, state)
        paths[0, -1] = 5000.0 if self.way == "one path" else paths[0, -1]
        return paths


@pytest.mark.parametrize(
    ("way", "why"),
    [
        ("refuses", "not today"),
        ("breaks", "the model could not be fitted"),
        ("breaks later", "the model could not be simulated"),
        ("runs away", "its figures ran away beyond 1,000"),
        ("no number", "the model gave values that are no numbers"),
    ],
)
def test_a_model_that_fails_gives_way_to_the_baseline_and_says_so(way, why):
    history = panel([100.0, 98.0, 95.0, 99.0] * 10)
    t = Stubborn(way=way).fit(history).predict(5, samples=200)
    assert t.notes == {"RM1": f"not used ({why}), the last value is carried forward instead"}
    assert np.array_equal(t.paths, Persistence().fit(history).predict(5, samples=200).paths)


def test_a_location_is_learned_when_it_is_first_asked_for_and_once():
    history = pd.concat([panel([100.0, 98.0, 95.0, 99.0] * 10, name=code) for code in ("RM1", "RGP")], axis=1)
    model = SeasonalNaive().fit(history)
    assert model.states_ == {}
    model.predict(2, ["RGP"], samples=5)
    learned = dict(model.states_)
    assert list(learned) == ["RGP"]
    model.predict(2, samples=5)
    assert model.states_["RGP"] is learned["RGP"]
    assert model.fit(history).states_ == {}


def test_a_location_that_cannot_be_learned_is_tried_once_and_remembered():
    model = Stubborn(way="breaks").fit(panel([100.0, 98.0, 95.0, 99.0] * 10))
    assert model.failed_ == {}
    model.predict(2, samples=5)
    assert model.failed_ == {"RM1": "the model could not be fitted"}
    model.way = ""
    assert "not used" in model.predict(2, samples=5).notes["RM1"]


def test_a_single_wild_path_is_held_at_ten_times_the_highest_value():
    t = Stubborn(way="one path").fit(panel([100.0, 98.0, 95.0, 99.0] * 10)).predict(5, samples=200)
    assert t.notes == {}
    assert t.paths.max() == 1000


def test_a_series_of_few_values_is_not_modelled():
    t = SeasonalNaive().fit(panel([5.0, 6.0, 7.0] * 9)).predict(2, samples=20)
    assert (
        t.notes["RM1"]
        == "not used (too little history (27 values, 28 needed)), the last value is carried forward instead"
    )


@pytest.mark.parametrize(("days", "slips"), [(10, 1), (20, 3)])
def test_a_location_left_to_the_baseline_does_not_carry_a_slip_forward(days, slips):
    values = panel(np.random.default_rng(2).integers(190, 211, days))
    values.iloc[-slips:] *= 10
    t = ExponentialSmoothing().fit(values).predict(7, samples=200)
    low, middle, high = np.quantile(t.paths[0], [0.05, 0.5, 0.95], axis=0)
    assert middle == pytest.approx(values["RM1"].iloc[-slips - 1], abs=1)
    assert ((low > 100) & (high < 300) & (low < high)).all()
    assert "too little history" in t.notes["RM1"]
    assert "its latest values are not believed, so an earlier one is taken" in t.notes["RM1"]


def test_false_zeros_in_its_history_do_not_widen_the_baseline_a_model_falls_back_to():
    values = panel(np.r_[np.full(20, np.nan), shaped(27)["RM1"].round()])
    values.iloc[30:40] = 0
    t = ExponentialSmoothing().fit(values).predict(28, samples=200)
    assert t.paths.max() < 300
    assert "not believed" not in t.notes["RM1"]


def test_a_slip_long_ago_does_not_raise_the_ceiling_of_what_may_be():
    history = panel([100.0, 98.0, 95.0, 99.0] * 10)
    history.iloc[20] = 1e9
    t = Stubborn(way="runs away").fit(history).predict(5, samples=200)
    assert "its figures ran away beyond 1,000" in t.notes["RM1"]


def test_a_location_that_vanished_is_forecast_within_what_it_has_been():
    wave = 50 * np.exp(1.5 * np.cos(np.arange(-199, 1) / 20))
    history = panel(np.r_[wave, np.full(300, np.nan)])
    paths = SeasonalNaive().fit(history).predict(28, samples=200).paths
    assert Persistence().fit(history).predict(28, samples=200).paths.max() > 8 * wave.max()
    assert paths.max() == pytest.approx(2 * wave.max())
    assert np.median(paths) == pytest.approx(wave[-1], rel=0.3)


def test_a_slip_after_a_long_silence_does_not_make_the_history_a_new_one():
    history = panel(np.r_[shaped(200)["RM1"].round(), np.full(59, np.nan), 1e9])
    t = ExponentialSmoothing().fit(history).predict(7, samples=100)
    assert t.notes["RM1"].startswith("not used (last value is 60 days old (2 December 2023)), ")
    assert t.paths.max() < 300


def test_prophet_keeps_its_warnings_to_itself():
    ProphetModel().fit(shaped(40)).predict(1, samples=5)
    assert not logging.getLogger("prophet.models").isEnabledFor(logging.WARNING)
