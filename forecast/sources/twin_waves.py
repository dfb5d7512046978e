"""Flu and Covid of the simulated twin: one national curve a disease, each hospital some days behind it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.signal import lfilter

from forecast.sources.twin_parameters import Parameters

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Wave:
    """One disease at every hospital.

    ``expected`` is the curve the counts scatter about, days x hospitals; ``beds`` is occupied at 08:00 and
    ``admissions`` are those of the 24 hours after it; ``lags`` has a row a hospital and season.
    """

    expected: Array
    beds: Array
    admissions: Array
    lags: pd.DataFrame


def simulate_wave(disease: str, parameters: Parameters, rng: np.random.Generator) -> Wave:
    """Simulate one disease.

    Hospital *h* expects ``share_h x beds_h x C(t - lag_h) x exp(noise)`` occupied beds, where *C* is a sum of
    ``peak_shape`` waves over a baseline. The lags of the hospitals without one of their own are centred to
    make the weighted mean lag zero: the sum over hospitals, which the twin publishes as England, then peaks
    with *C*, and a lag is days behind England.
    """
    codes, days = parameters.hospitals, parameters.days
    weights = _shares(disease, parameters, rng) * np.array(parameters.each("ga_beds_open")) / 1000
    waves = parameters.rows(f"{disease}_wave")
    seasons = sorted({parameters.season(pd.Timestamp(row.when)) for row in waves})
    lags = {season: _lags(disease, season, weights, parameters, rng) for season in seasons}
    curve = np.full((len(days) + 1, len(codes)), parameters.number(f"{disease}_baseline"))
    # One day more than is published: the admissions of a day are in bed at the next day's census.
    clock = np.arange(len(days) + 1.0)[:, None]
    for row in waves:
        peak = pd.Timestamp(row.when)
        size, growth, decline = row.numbers
        since = clock - (peak - days[0]).days - lags[parameters.season(peak)]
        curve = curve + size * peak_shape(since, growth, decline)
    noise = parameters.row("wave_noise").numbers
    expected = weights * curve * np.exp(autoregression(rng, curve.shape, *noise))
    beds, arrivals = occupied(expected, parameters.number(f"{disease}_stay"), rng)
    table = [
        {"location": code, "disease": disease, "season": season, "days_behind": int(lag)}
        for season in seasons
        for code, lag in zip(codes, lags[season], strict=True)
    ]
    return Wave(expected[:-1], beds[:-1], arrivals[1:], pd.DataFrame(table))


def peak_shape(days: Array, growth: float, decline: float) -> Array:
    """Curve of height 1 at day 0 with exponential growth long before it and exponential decline long after.

    ``1 / (w exp(-growth t) + (1 - w) exp(decline t))`` with ``w = decline / (growth + decline)``, which puts
    the maximum at 0.
    """
    w = decline / (growth + decline)
    shape: Array = 1 / (w * np.exp(-growth * days) + (1 - w) * np.exp(decline * days))
    return shape


def occupied(expected: Array, stay: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Beds occupied and arrivals a day whose means follow ``expected``.

    Each patient stays another day with probability ``1 - 1/stay`` and arrivals are Poisson, so counts are
    Poisson about their mean and change from day to day no faster than patients come and go.
    """
    keep = 1 - 1 / stay
    arrivals = np.empty(expected.shape, dtype=np.int64)
    beds = np.empty(expected.shape, dtype=np.int64)
    arrivals[0] = rng.poisson(expected[0] / stay)
    beds[0] = rng.poisson(expected[0])
    arrivals[1:] = rng.poisson(np.clip(expected[1:] - keep * expected[:-1], 0, None))
    for day in range(1, len(expected)):
        beds[day] = rng.binomial(beds[day - 1], keep) + arrivals[day]
    return beds.astype(float), arrivals.astype(float)


def autoregression(rng: np.random.Generator, shape: tuple[int, int], deviation: float, persistence: float) -> Array:
    """Gaussian noise with that standard deviation and day-to-day autocorrelation; columns are independent."""
    steps = rng.normal(0, deviation, shape)
    steps[1:] *= np.sqrt(1 - persistence**2)
    noise: Array = lfilter([1.0], [1.0, -persistence], steps, axis=0)
    return noise


def _shares(disease: str, parameters: Parameters, rng: np.random.Generator) -> Array:
    own = {row.location for row in parameters.named(f"{disease}_share")}
    drawn = np.exp(rng.normal(0, parameters.number("wave_share_spread"), len(parameters.hospitals)))
    free = np.array([code not in own for code in parameters.hospitals])
    shares: Array = np.array(parameters.each(f"{disease}_share")) * np.where(free, drawn, 1.0)
    return shares


def _lags(
    disease: str, season: str, weights: Array, parameters: Parameters, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Whole days behind England of every hospital in one season."""
    own = {row.location: row.number for row in parameters.named(f"{disease}_days_behind") if row.location}
    change = parameters.number(f"{disease}_days_behind_change", when=season)
    drawn = rng.normal(0, parameters.number("days_behind_spread"), len(parameters.hospitals))
    fixed = np.array([code in own for code in parameters.hospitals])
    lags = np.array([own[code] + change if code in own else 0.0 for code in parameters.hospitals])
    lags[~fixed] = drawn[~fixed]
    lags[~fixed] -= (weights @ lags) / weights[~fixed].sum()
    return lags.round().astype(np.int64)
