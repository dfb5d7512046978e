"""Particles: exact weights, paths that start where the season is."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from forecast.forecasters.curves.library import generic
from forecast.forecasters.curves.particles import SEASONAL, Course, Manner, weigh
from forecast.forecasters.curves.prior import Sizes

WEEKS = 30
PLAIN = Manner(departure=0.3, tie=0.7, forget=1.0, temper=1.0)
LIBRARY = generic()


def course(known: int, peak: float = 15.0, size: float = 6.0, noise: float = 0.0, seed: int = 1) -> Course:
    at = (np.arange(known) - peak) / 1.0
    rng = np.random.default_rng(seed)
    logs = size + LIBRARY[2].at(at) + noise * rng.standard_normal(known)
    return Course(7.0 * np.arange(WEEKS), logs, np.full(known, 0.01))


def test_weights_are_those_of_a_normal_density_with_the_size_integrated_out():
    seen = course(8, noise=0.2)
    peaks = np.zeros(WEEKS)
    peaks[[12, 15]] = 0.25, 0.75
    sizes = Sizes((1.0,), (5.0,), (0.8,))
    found = weigh(seen, PLAIN, LIBRARY[2:3], peaks, sizes)
    gap = np.abs(np.subtract.outer(np.arange(8), np.arange(8)))
    covariance = 0.09 * 0.7**gap + 0.01 * np.eye(8) + 0.8**2
    wanted = []
    for stretch, at in zip(found.stretch, found.peak, strict=True):
        mean = 5.0 + LIBRARY[2].at((np.arange(8) - at) / stretch)
        density = multivariate_normal(mean, covariance).pdf(seen.logs)
        wanted.append(density * peaks[int(at)] * np.exp(-0.5 * (np.log(stretch) / 0.15) ** 2))
    assert found.weight == pytest.approx(np.array(wanted) / sum(wanted), rel=1e-6)


def test_a_season_that_turns_is_told_where_it_turns():
    peaks = np.full(WEEKS, 1 / WEEKS)
    found = weigh(course(14, noise=0.05), SEASONAL, LIBRARY, peaks, Sizes((1.0,), (6.0,), (0.5,)))
    near = np.abs(found.peak - 15) <= 1
    assert found.weight[near].sum() > 0.6
    before = weigh(course(3, noise=0.05), SEASONAL, LIBRARY, peaks, Sizes((1.0,), (6.0,), (0.5,)))
    assert before.weight[np.abs(before.peak - 15) <= 1].sum() < 0.5


def test_nothing_seen_leaves_what_was_believed():
    peaks = np.arange(WEEKS, dtype=float)
    empty = Course(7.0 * np.arange(WEEKS), np.empty(0), np.empty(0))
    found = weigh(empty, SEASONAL, LIBRARY, peaks / peaks.sum(), Sizes((0.7, 0.3), (6.0, 3.0), (0.5, 1.0)))
    by_week = np.bincount(found.peak.astype(int), found.weight, WEEKS)
    assert by_week == pytest.approx(peaks / peaks.sum(), abs=1e-6)
    assert found.weight[found.size == 3.0].sum() == pytest.approx(0.3)


def test_paths_start_where_the_season_is_and_missing_weeks_are_lived_with():
    seen = course(12, noise=0.1)
    seen.logs[[4, 9]] = np.nan
    found = weigh(seen, SEASONAL, LIBRARY, np.full(WEEKS, 1 / WEEKS), Sizes((1.0,), (6.0,), (0.5,)))
    paths = found.draw(500, np.random.default_rng(1))
    assert paths.shape == (500, WEEKS)
    assert np.abs(paths[:, 11] - seen.logs[11]).max() < 0.5
    assert np.abs(np.diff(paths, axis=1)[:, 11]).mean() < 0.6
    assert paths[:, 20].std() > paths[:, 12].std() > paths[:, 11].std()


def test_no_wave_stays_at_its_level():
    flat = Course(7.0 * np.arange(WEEKS), np.full(12, 4.0), np.full(12, 0.01))
    found = weigh(flat, SEASONAL, LIBRARY, np.full(WEEKS, 1 / WEEKS), Sizes((1.0,), (8.0,), (0.7,)), still=0.3)
    assert found.weight[found.wave < 0].sum() > 0.5
    assert np.median(found.draw(300, np.random.default_rng(1))[:, -1]) == pytest.approx(4.0, abs=0.3)
