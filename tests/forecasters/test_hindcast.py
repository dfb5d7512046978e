"""Forecasts from earlier origins: what each model would have said then."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError

from forecast.errors import InputError
from forecast.forecasters import AutoRegression, Persistence, SeasonalNaive, StructuralModel
from forecast.forecasters.base import SAMPLES
from forecast.forecasters.per_location import CannotFitError, LocationForecaster

QUANTILES = (0.1, 0.5, 0.9)


@pytest.fixture
def panel() -> pd.DataFrame:
    rng = np.random.default_rng(4)
    dates = pd.date_range(end="2024-01-31", periods=160)
    walks = np.exp(rng.normal(0, 0.03, (160, 2)).cumsum(axis=0))
    frame = pd.DataFrame(np.rint([200, 100] * walks), index=dates, columns=["RM1", "RGP"])
    frame.attrs["metric"] = "nctr_patients"
    return frame


class Spoken(LocationForecaster):
    """Says the number of values it was fitted on and the last value it was shown, one path in two each."""

    def __init__(self, *, trouble: str = "") -> None:
        self.trouble = trouble

    def _fit_location(self, series):
        if self.trouble == "refuses":
            raise CannotFitError("too short")
        if self.trouble == "breaks":
            raise ZeroDivisionError
        return float(len(series)), float(series.iloc[-1])

    def _simulate(self, state, steps, samples, rng):
        paths = np.repeat(np.resize(state, samples)[:, None], steps, axis=1) + np.arange(steps) / 1000
        return paths * (1000 if self.trouble == "runs away" else 1)


@pytest.mark.parametrize("model", [Persistence(), SeasonalNaive()])
def test_a_hindcast_is_the_forecast_of_the_model_learned_at_that_origin(panel, model):
    origins = panel.index[[100, 130]]
    found = model.fit(panel).hindcast(origins, 5, QUANTILES, ["RGP"])
    assert found.shape == (1, 2, 5, 3)
    for column, origin in enumerate(origins):
        then = type(model)().fit(panel.loc[:origin]).predict(5, ["RGP"], SAMPLES).paths[0]
        assert np.array_equal(found[0, column], np.quantile(then, QUANTILES, axis=0).T)


@pytest.mark.parametrize("model", [Persistence(), SeasonalNaive(), AutoRegression(), StructuralModel()])
def test_a_hindcast_knows_nothing_of_what_came_later(panel, model):
    later = panel.copy()
    later.iloc[131:] *= 3
    origins = panel.index[[100, 130]]
    one, other = (model.fit(frame).hindcast(origins, 5, QUANTILES) for frame in (panel, later))
    assert np.array_equal(one, other)


def test_the_first_step_is_that_after_the_origin_however_old_the_last_value(panel):
    panel.iloc[118:121] = np.nan
    found = Spoken().fit(panel + 0.5).hindcast(panel.index[[120]], 1, (0.99,), ["RM1"])
    assert found.item() % 0.5 == pytest.approx(0.003)


@pytest.mark.parametrize("trouble", ["refuses", "breaks", "runs away"])
def test_where_a_model_cannot_be_fitted_to_the_data_of_then_the_baseline_stands_in(panel, trouble):
    found = Spoken(trouble=trouble).fit(panel).hindcast(panel.index[[130]], 5, QUANTILES, ["RM1"])
    baseline = Persistence().fit(panel).hindcast(panel.index[[130]], 5, QUANTILES, ["RM1"])
    assert found[..., 1] == pytest.approx(baseline[..., 1], abs=2)
    assert found == pytest.approx(baseline, rel=0.1)


def test_before_its_first_value_a_location_has_no_past_forecasts(panel):
    panel.iloc[:120, 1] = np.nan
    for model in (Persistence(), AutoRegression()):
        found = model.fit(panel).hindcast(panel.index[[100, 150]], 3, QUANTILES)
        assert np.isnan(found[1, 0]).all()
        assert np.isfinite(found[:, 1]).all()
        assert np.isfinite(found[0]).all()


def test_origins_and_locations_that_are_not_there_are_refused(panel):
    with pytest.raises(NotFittedError):
        Persistence().hindcast(panel.index[[3]], 1, QUANTILES)
    model = Persistence().fit(panel)
    with pytest.raises(InputError, match=r"2024-03-01.*from 2023-08-25 to 2024-01-31"):
        model.hindcast(pd.DatetimeIndex(["2024-03-01"]), 1, QUANTILES)
    with pytest.raises(InputError, match="'RCX'"):
        model.hindcast(panel.index[[3]], 1, QUANTILES, ["RCX"])


def test_a_past_forecast_left_to_the_baseline_carries_no_slip_forward(panel):
    panel.iloc[20, 0] = 1e9
    found = Spoken().fit(panel).hindcast(panel.index[[20]], 5, QUANTILES, ["RM1"])
    assert found.max() < 1000
