"""Waves of a nation and its hospitals, made for tests."""

from __future__ import annotations

import numpy as np
import pandas as pd

FIRST = "2022-11-14"


def bell(days: np.ndarray, top: float, width: float = 15.0) -> np.ndarray:
    return np.asarray(0.01 + np.exp(-0.5 * np.square((days - top) / width)))


def nation(days: int = 150, top: float = 60.0, height: float = 5000.0) -> pd.Series:
    """England: a smooth wave without noise, highest on day ``top``."""
    return pd.Series(height * bell(np.arange(float(days)), top), pd.date_range(FIRST, periods=days))


def hospital(
    behind: int, peak: float = 60.0, seed: int = 0, days: int = 150, top: float = 60.0, departures: float = 0.15
) -> pd.Series:
    """A hospital so many days behind: negative binomial counts, a weekday shape, departures that last."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(0, departures * np.sqrt(1 - 0.9**2), days)
    apart = np.zeros(days)
    for day in range(1, days):
        apart[day] = 0.9 * apart[day - 1] + steps[day]
    week = np.array([1.1, 1.05, 1.0, 1.0, 0.95, 0.92, 0.98])[np.arange(days) % 7]
    mean = peak * bell(np.arange(float(days)), top + behind) * week * np.exp(apart)
    counts = rng.negative_binomial(30, 30 / (30 + mean)).astype(float)
    return pd.Series(counts, pd.date_range(FIRST, periods=days))
