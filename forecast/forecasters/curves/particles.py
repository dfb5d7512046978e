"""Particles of the nation: past waves shifted, stretched and scaled, weighted by the season so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecast.forecasters.base import Array, Whole
from forecast.forecasters.curves.library import Wave
from forecast.forecasters.curves.prior import Sizes

STRETCHES = (0.7, 0.85, 1.0, 1.18, 1.4)
STRETCH_SPREAD = 0.15
"""Of the logarithm of the stretch."""
LEAST_CHANCE = 1e-6


@dataclass(frozen=True)
class Manner:
    """How a season is compared with a curve.

    Parameters
    ----------
    departure
        Standard deviation of a season's departure from its curve, in logarithms.
    tie
        Correlation of the departure from one week to the next.
    forget
        Share of its say that an observation keeps a week as it ages: the variance of what is old counts as larger.
    temper
        Power of the density of the season so far in a particle's weight.
    """

    departure: float
    tie: float
    forget: float
    temper: float


SEASONAL = Manner(departure=0.3, tie=0.6, forget=0.8, temper=2.0)
"""Chosen on American states' flu of 2022-23 and, season by season, on the other seasons of England's flu.

Old weeks are forgotten fast, and the density is sharpened in return: how a season began says little of how it turns.
"""
OPEN = Manner(departure=0.5, tie=0.9, forget=0.6, temper=1.4)
"""Of a disease without season: waves follow each other, and restrictions bend them.

Chosen on Covid in the regions of 2020 to 2022 and in England of 2020-21 and 2022-23.
"""


@dataclass(frozen=True)
class Course:
    """What is known of the nation's course.

    Parameters
    ----------
    days
        Middle day of each week as a number of days, past and future, seven apart, (weeks,).
    logs
        Logarithm of the level of the past weeks, NaN where not known, (past,).
    variance
        Of those, by counting and noise, (past,).
    """

    days: Array
    logs: Array
    variance: Array


@dataclass(frozen=True)
class Particles:
    """Weighted particles; each a wave with its peak, stretch and a normal distribution of its size.

    Parameters
    ----------
    course, manner
        What they were weighted by, and how.
    waves
        The library.
    wave, stretch, peak
        Of each particle: place in the library (-1: no wave, the level stays), stretch, and peak in weeks on the
        course (the first week is 0), each (particles,).
    size, spread
        Mean and standard deviation of the logarithm of the peak, given the season so far, (particles,).
    weight
        Their sum is 1, (particles,).
    """

    course: Course
    manner: Manner
    waves: Sequence[Wave]
    wave: Whole
    stretch: Array
    peak: Array
    size: Array
    spread: Array
    weight: Array

    def draw(self, samples: int, rng: np.random.Generator) -> Array:
        """Logarithm of the level in every week of the course, past and future, (samples, weeks).

        Particles are resampled systematically; each gets a peak within its week at random, and its departure from the
        season so far goes on from today's and decays: paths start where the season is.
        """
        at = (np.arange(samples) + rng.random()) / samples
        chosen = np.minimum(np.searchsorted(np.cumsum(self.weight), at), len(self.weight) - 1)
        chosen = chosen[rng.permutation(samples)]
        peak = self.peak[chosen] + rng.random(samples) - 0.5
        weeks = np.arange(len(self.course.days), dtype=np.float64)
        base = np.empty((samples, len(weeks)))
        for place in np.unique(self.wave[chosen]):
            rows = np.flatnonzero(self.wave[chosen] == place)
            since = (weeks[None, :] - peak[rows, None]) / self.stretch[chosen[rows], None]
            base[rows] = self.waves[place].at(since) if place >= 0 else 0.0
        base += (self.size[chosen] + self.spread[chosen] * rng.standard_normal(samples))[:, None]
        return base + self._departure(base, rng)

    def _departure(self, base: Array, rng: np.random.Generator) -> Array:
        """Departure from the curves: what the season so far says of it, and a random course about that."""
        weeks = np.arange(base.shape[1], dtype=np.float64)
        tie = self.manner.departure**2 * self.manner.tie ** np.abs(weeks[:, None] - weeks[None, :])
        known = np.flatnonzero(~np.isnan(self.course.logs))
        if len(known):
            noisy = tie[np.ix_(known, known)] + np.diag(self.course.variance[known])
            gain = np.linalg.solve(noisy, tie[known]).T
            mean = (self.course.logs[known] - base[:, known]) @ gain.T
            tie = tie - gain @ tie[known]
        else:
            mean = np.zeros_like(base)
        root = np.linalg.cholesky(tie + 1e-9 * np.eye(len(tie)))
        return np.asarray(mean + rng.standard_normal(base.shape) @ root.T)


def weigh(
    course: Course, manner: Manner, waves: Sequence[Wave], peaks: Array, sizes: Sizes, still: float = 0.0
) -> Particles:
    r"""Weight every wave of the library at every peak week and stretch by the season so far.

    With the logarithms :math:`z` of the weeks so far, a particle's curve :math:`c` and its size
    :math:`\sigma \sim N(m, s^2)`, :math:`z = c + \sigma + d + e`, where the departure :math:`d` is an autoregression of
    the first order and :math:`e` counting noise. All is Gaussian given the curve, so the size is integrated out and its
    distribution updated exactly; the weight is the curve's prior times the density of :math:`z`, which a Cholesky
    factor reads week by week: each week multiplies the weight by the density of what it added. What is ``a`` weeks old
    counts with a variance larger by ``forget ** -a``, and the density is raised to the power ``temper``.

    Parameters
    ----------
    course, manner
        The weeks, and how they are compared with curves.
    waves
        Library; weights say how much each counts.
    peaks
        Chance of each week of the course to be the peak, (weeks,).
    sizes
        Of the peak.
    still
        Chance that there is no wave and the level stays as it is.
    """
    weeks = np.arange(len(course.days), dtype=np.float64)
    places = np.flatnonzero(peaks > LEAST_CHANCE * peaks.max())
    total = sum(wave.weight for wave in waves)
    stretch_chance = np.exp(-0.5 * (np.log(STRETCHES) / STRETCH_SPREAD) ** 2)
    stretch_chance /= stretch_chance.sum()
    wave, stretch, peak = (
        grid.ravel() for grid in np.meshgrid(np.arange(len(waves)), np.array(STRETCHES), places, indexing="ij")
    )
    curves = np.concatenate(
        [
            one.at((weeks[None, :] - places[:, None]) / factor)[:, : len(course.logs)]
            for one in waves
            for factor in STRETCHES
        ]
    )
    chance = np.array([one.weight / total for one in waves])
    prior = (
        np.log(chance)[:, None, None]
        + np.log(stretch_chance)[None, :, None]
        + np.log(peaks[places] / peaks[places].sum())[None, None, :]
    ).ravel() + np.log(max(1.0 - still, LEAST_CHANCE))
    parts = []
    for sort_chance, mean, spread in zip(sizes.chance, sizes.mean, sizes.spread, strict=True):
        fit = _fit(course, manner, curves, mean, spread)
        parts.append(
            (wave, stretch, peak.astype(np.float64), prior + np.log(sort_chance) + manner.temper * fit[0], *fit[1:])
        )
    if still > 0:
        known = course.logs[~np.isnan(course.logs)]
        level = float(known[-4:].mean()) if len(known) else float(np.mean(sizes.mean))
        fit = _fit(course, manner, np.zeros((1, len(course.logs))), level, 1.0)
        one = np.ones(1)
        parts.append((np.array([-1]), one, 0 * one, np.log(still) + manner.temper * fit[0], *fit[1:]))
    wave, stretch, peak, score, size, width = (np.concatenate(column) for column in zip(*parts, strict=True))
    weight = np.exp(score - score.max())
    return Particles(course, manner, waves, wave, stretch, peak, size, width, weight / weight.sum())


def _fit(course: Course, manner: Manner, curves: Array, mean: float, spread: float) -> tuple[Array, Array, Array]:
    """Log density of the season so far under each curve, and mean and spread of its size."""
    known = np.flatnonzero(~np.isnan(course.logs))
    count = len(curves)
    if not len(known):
        return np.zeros(count), np.full(count, mean), np.full(count, spread)
    age = len(course.logs) - 1.0 - known
    tie = manner.departure**2 * manner.tie ** np.abs(age[:, None] - age[None, :])
    tie = tie + np.diag(course.variance[known])
    older = manner.forget ** (-age / 2)
    root = np.linalg.inv(np.linalg.cholesky(tie * older[:, None] * older[None, :]))
    ones = root.sum(axis=1)
    rest = (course.logs[known] - mean - curves[:, known]) @ root.T
    precision = float(ones @ ones) + spread**-2
    moved = rest @ ones / precision
    density = -0.5 * ((rest**2).sum(axis=1) - precision * moved**2) - 0.5 * np.log(precision * spread**2)
    return density, mean + moved, np.full(count, precision**-0.5)
