"""Scores against hand-worked values and against scoringrules."""

import numpy as np
import pandas as pd
import pytest
import scoringrules as sr
import xarray as xr

from forecast.evaluation.measures import crps, middle_pit, quantiles_of, weighted_interval_score
from forecast.trajectories import DIMS, HUBVERSE_QUANTILES, Trajectories

LEVELS = np.array(HUBVERSE_QUANTILES)


def test_a_score_worked_by_hand_is_the_sum_of_width_and_misses():
    # 80 % range 90 to 120, median 100; what happened: inside, above, below
    quantiles = {0.1: np.full(3, 90.0), 0.5: np.full(3, 100.0), 0.9: np.full(3, 120.0)}
    found = weighted_interval_score(quantiles, np.array([100.0, 125.0, 84.0]))
    assert found.dispersion == pytest.approx([0.2 * 30 / 3] * 3)
    assert found.underprediction == pytest.approx([0, (2 * 5 + 25) / 3, 0])
    assert found.overprediction == pytest.approx([0, 0, (2 * 6 + 16) / 3])
    assert found.wis == pytest.approx([2, 2 + 35 / 3, 2 + 28 / 3])


def test_wis_is_the_mean_of_twice_the_pinball_loss():
    rng = np.random.default_rng(1)
    observed = rng.normal(100, 20, 50)
    forecast = np.sort(rng.normal(100, 15, (50, 23)), axis=1)
    found = weighted_interval_score({level: forecast[:, k] for k, level in enumerate(LEVELS)}, observed)
    oracle = 2 * sr.quantile_score(observed[:, None], forecast, LEVELS[None, :]).mean(axis=1)
    np.testing.assert_allclose(found.wis, oracle)


def test_wis_is_the_weighted_interval_score_of_bracher():
    rng = np.random.default_rng(2)
    observed = rng.normal(100, 20, 50)
    forecast = np.sort(rng.normal(100, 15, (50, 23)), axis=1)
    found = weighted_interval_score({level: forecast[:, k] for k, level in enumerate(LEVELS)}, observed)
    alphas = 2 * LEVELS[:11]
    # its own weighted_interval_score (0.10) adds the median itself in place of its error
    ranges = sr.interval_score(observed, forecast[:, :11], forecast[:, :11:-1], alphas)
    oracle = (np.abs(observed - forecast[:, 11]) / 2 + (ranges * alphas / 2).sum(axis=1)) / 11.5
    np.testing.assert_allclose(found.wis, oracle)


def test_crps_is_that_of_the_samples_as_they_are():
    rng = np.random.default_rng(3)
    samples = np.rint(rng.gamma(4, 25, (6, 5, 80)))
    observed = rng.gamma(4, 25, (6, 5))
    oracle = sr.crps_ensemble(observed, samples, estimator="nrg")
    np.testing.assert_allclose(crps(np.sort(samples), observed), oracle)


def test_pit_counts_half_of_what_is_equal_and_knows_what_it_cannot_say():
    samples = np.array([[1.0, 2, 2, 3], [1, 2, 2, 3], [1, 2, 2, 3], [np.nan] * 4])
    found = middle_pit(samples, np.array([2.0, 5.0, np.nan, 1.0]))
    np.testing.assert_allclose(found, [0.5, 1.0, np.nan, np.nan])


def test_quantiles_are_those_of_trajectories():
    samples = np.random.default_rng(4).gamma(4, 25, (2, 101, 3))
    dates = pd.date_range("2024-01-02", periods=3)
    paths = xr.DataArray(samples, dims=DIMS, coords={"location": ["A", "B"], "sample": np.arange(101), "date": dates})
    told = Trajectories(paths, "m", pd.Timestamp("2024-01-01")).quantiles(LEVELS)["value"].to_numpy()
    ordered = np.sort(np.moveaxis(samples, 1, -1), axis=-1)
    np.testing.assert_allclose(quantiles_of(ordered, LEVELS).ravel(), told)
