from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.forecasters import (
    Ensemble,
    ExponentialSmoothing,
    Forecaster,
    Persistence,
    SeasonalNaive,
    default_forecaster,
)
from forecast.forecasters.per_location import CannotFitError, LocationForecaster


class Constant(Forecaster):
    """Every path at one value, with a note where asked for."""

    def __init__(self, *, value: float = 1.0, note: str = "") -> None:
        self.value = value
        self.note = note

    def _learn(self) -> None:
        pass

    def _draw(self, locations, horizon, samples, seed):
        return [np.full((samples, horizon), self.value)] * len(locations), dict.fromkeys(locations, self.note)


class Hopeless(LocationForecaster):
    """Can be fitted nowhere, or only where the last value is above a limit."""

    def __init__(self, *, limit: float = np.inf) -> None:
        self.limit = limit

    def _fit_location(self, series):
        if series.iloc[-1] < self.limit:
            raise CannotFitError("no hope")
        return None

    def _simulate(self, state, steps, samples, rng):
        return np.full((samples, steps), 77.0)


@pytest.fixture
def panel() -> pd.DataFrame:
    dates = pd.date_range(end="2024-01-31", periods=60)
    values = np.arange(60) % 7
    return pd.DataFrame({"RM1": 100.0 + values, "RGP": 50.0 + values, "EMPTY": np.nan}, index=dates)


@pytest.mark.parametrize(("samples", "counts"), [(9, [3, 3, 3]), (10, [4, 3, 3]), (11, [4, 4, 3]), (2, [1, 1, 0])])
def test_members_have_equal_shares_of_the_paths(panel, samples, counts):
    ensemble = Ensemble([Constant(value=value) for value in (1, 2, 3)]).fit(panel)
    first = ensemble.predict(2, samples=samples).paths[0, :, 0]
    assert [int((first == value).sum()) for value in (1, 2, 3)] == counts


def test_a_sample_comes_from_the_same_member_everywhere_so_totals_are_of_one_model(panel):
    t = Ensemble([Constant(value=10), Constant(value=30)]).fit(panel).predict(3, ["RM1", "RGP"], samples=100)
    total = t.with_total("SUM", of=["RM1", "RGP"]).select(["SUM"])
    assert set(np.unique(total.paths)) == {20.0, 60.0}


def test_shares_are_shuffled_not_in_blocks(panel):
    paths = Ensemble([Constant(value=1), Constant(value=2)]).fit(panel).predict(1, samples=100).paths
    assert len(set(paths[0, :50, 0])) == 2


def test_the_pool_is_as_wide_as_its_members_disagree(panel):
    ensemble = Ensemble([Constant(value=10), Constant(value=90)]).fit(panel).predict(1, samples=100)
    assert ensemble.quantiles([0.05, 0.95]).query("location == 'RM1'")["value"].tolist() == [10, 90]


def test_notes_say_which_member_spoke(panel):
    t = Ensemble([Constant(note="careful"), Constant()]).fit(panel).predict(1, samples=4)
    assert t.notes == {"RM1": "model: careful", "RGP": "model: careful", "EMPTY": "cannot say: no values"}


def test_a_member_that_fits_nowhere_is_left_out_and_named(panel):
    t = Ensemble([Hopeless(), Constant(value=5)]).fit(panel).predict(1, samples=10)
    assert (t.paths[:2] == 5).all()
    assert t.notes["RM1"] == "model: left out (no hope)"


def test_a_member_that_fits_somewhere_stays_with_the_baseline_elsewhere(panel):
    t = Ensemble([Hopeless(limit=90), Constant(value=5)]).fit(panel).predict(1, samples=10)
    assert "RM1" not in t.notes
    assert t.notes["RGP"] == "model: not used (no hope), the last value is carried forward instead"
    assert sorted(set(t.paths[0].ravel())) == [5, 77]


def test_when_every_member_fails_the_baseline_is_left(panel):
    ensemble = Ensemble([Hopeless(), Hopeless(limit=500)]).fit(panel)
    baseline = Persistence().fit(panel)
    assert ensemble.failed_ == {"RM1": "no hope", "RGP": "no hope"}
    levels = [0.1, 0.5, 0.9]
    ours, theirs = (one.predict(3, samples=4000).quantiles(levels) for one in (ensemble, baseline))
    pd.testing.assert_frame_equal(ours, theirs, rtol=0.02)


def test_members_are_cloned_and_get_the_metric(panel):
    panel.attrs["metric"] = "nctr_patients"
    member = SeasonalNaive()
    ensemble = Ensemble([member]).fit(panel)
    assert not hasattr(member, "panel_")
    assert ensemble.members_[0].metric_ == "nctr_patients"


@pytest.mark.parametrize("members", [[], ["Persistence"]])
def test_members_must_be_forecasters(panel, members):
    with pytest.raises(InputError, match="at least one forecaster"):
        Ensemble(members).fit(panel)


def test_there_is_a_default_forecaster_for_every_metric():
    assert isinstance(default_forecaster("nctr_patients"), Forecaster)
    assert isinstance(default_forecaster("something new"), Forecaster)


def test_members_that_fall_back_to_the_baseline_draw_paths_of_their_own():
    values = 100.0 + np.arange(60) % 5
    history = pd.DataFrame(
        {"RM1": np.where(np.arange(60) < 40, np.nan, values), "RGP": values},
        index=pd.date_range("2024-01-01", periods=60),
    )
    t = Ensemble([ExponentialSmoothing(), SeasonalNaive(), Persistence()]).fit(history).predict(5, samples=90)
    assert t.notes["RM1"].count("carried forward instead") == 2
    assert len({tuple(path) for path in np.round(t.paths[0] * 1e6)}) > 45
