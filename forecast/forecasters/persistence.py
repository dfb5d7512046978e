"""The baseline: no change, with the spread that "no change" has had before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri

from forecast.forecasters.base import Array, Forecaster
from forecast.forecasters.spread import MIN_ERRORS, at_ranks, log_counts, symmetric_errors, walk_ranks

WINDOW_DAYS = 180
MAX_AGE_DAYS = 35
"""Older than this, a last value is too old to model from, and the forecast says so."""
COUNTING_NOISE = "too little history to learn how much it varies; the range is that of random counts"


class Persistence(Forecaster):
    r"""The last value, with the errors that rule made over the last 180 days.

    The denominator of every relative score, so it has no parameters. With :math:`x_t = \log\max(y_t, 1)` and
    the last value :math:`g` steps before the origin, the forecast :math:`h` steps ahead of the origin is

    .. math:: \max(y_{T-g}, 1)\, e^{E}, \qquad E \sim \{x_{t+g+h} - x_t\} \cup \{x_t - x_{t+g+h}\}

    over all :math:`t` with both values observed in the 180 days up to the origin. E is sorted and read by
    linear interpolation; along a path its ranks follow those of a random walk.

    Notes
    -----
    - A last value below 1 stands as it is wherever the formula gives 1 or less, because 1 there means "at
      most 1": a run of zeros is forecast as zero, and can still rise.
    - With fewer than ``MIN_ERRORS`` errors at a lag, those of the longest shorter lag :math:`k` that has
      enough are used times :math:`\sqrt{(g+h)/k}`; where only longer lags have enough, those of the
      shortest.
    - With too few at every lag, E is Gaussian with variance :math:`2 / \max(y_{T-g}, 1)`, that of the
      difference of two random (Poisson) counts, and a note says so.
    - A location silent for 180 days is given the errors of the 180 days up to its last value.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120)
    >>> counts = np.tile([200, 220, 224, 216, 240, 180, 170], 18)[:120] + np.random.default_rng(1).integers(-9, 10, 120)
    >>> panel = pd.DataFrame({"RM1": counts, "RGP": counts // 2}, index=days)
    >>> t = fc.forecasters.Persistence().fit(panel).predict(7, samples=500, seed=1)
    >>> middle = t.quantiles([0.5]).query("location == 'RM1'")["value"].iloc[-1]
    >>> bool(abs(middle - counts[-1]) <= 3)
    True
    """

    called = "last value carried forward"

    def _learn(self) -> None:
        """Nothing to learn beyond the panel: errors depend on the horizon asked for."""

    def _draw(
        self, locations: list[str], horizon: int, samples: int, seed: int
    ) -> tuple[Sequence[Array], dict[str, str]]:
        drawn, notes = [], {}
        for code in locations:
            series = self.panel_[code]
            own, note = persist(series, horizon, samples, self._stream(seed, code))
            drawn.append(own)
            notes[code] = "; ".join(filter(None, [age_note(series), note]))
        return drawn, notes


def persist(series: pd.Series, horizon: int, samples: int, rng: np.random.Generator) -> tuple[Array, str]:
    """Paths of the baseline for one series that has a value, (samples, horizon), and a note or empty text."""
    values = series.to_numpy(dtype=np.float64)
    last = int(np.flatnonzero(~np.isnan(values))[-1])
    gap = len(values) - 1 - last
    errors = _errors(log_counts(values), series.index, last, gap + horizon)
    ranks = walk_ranks(samples, gap + horizon, rng, gap)
    level = max(values[last], 1.0)
    if not errors:
        spread = np.sqrt(2.0 / level) * ndtri(ranks)
    else:
        spread = np.column_stack([_spread(errors, gap + 1 + h, ranks[:, h]) for h in range(horizon)])
    paths: Array = level * np.exp(spread)
    if values[last] < 1.0:
        paths[paths <= 1.0] = values[last]
    return paths, "" if errors else COUNTING_NOISE


def _errors(logs: Array, dates: pd.Index, last: int, longest: int) -> dict[int, Array]:
    """Sorted errors by lag, where there are enough of them."""
    for end in (len(logs) - 1, last):
        window = logs[(dates > dates[end] - pd.Timedelta(days=WINDOW_DAYS)) & (dates <= dates[end])]
        found = {lag: symmetric_errors(window, lag) for lag in range(1, min(longest, len(window) - 1) + 1)}
        enough = {lag: errors for lag, errors in found.items() if len(errors) >= 2 * MIN_ERRORS}
        if enough:
            return enough
    return {}


def _spread(errors: dict[int, Array], lag: int, ranks: Array) -> Array:
    used = max((have for have in errors if have <= lag), default=min(errors))
    return at_ranks(errors[used], ranks) * float(max(1.0, np.sqrt(lag / used)))


def age_note(series: pd.Series) -> str:
    """Say how old the last value is where that is more than ``MAX_AGE_DAYS``; empty text otherwise."""
    last = series.index[series.notna()][-1]
    days = (series.index[-1] - last).days
    return f"last value is {days} days old ({last:%-d %B %Y})" if days > MAX_AGE_DAYS else ""
