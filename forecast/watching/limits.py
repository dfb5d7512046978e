"""Limits within which the record of a calibrated forecaster stays.

The charts are moving averages of a weekly figure, a standard control chart (S. W. Roberts, "Control Chart Tests Based
on Geometric Moving Averages", *Technometrics* 1(3), 1959; D. C. Montgomery, *Introduction to Statistical Quality
Control*, chapter on moving averages). Thirteen weeks of them are what is told in words too, so that the chart and the
sentence are one figure.

The textbook's three standard errors assume independent figures, which these are not: the days of one forecast move
together, and a fortnight's forecasts made weekly overlap by a week. Beyond the overlap the errors of a forecaster that
uses what it knows do not depend on each other (F. X. Diebold, T. A. Gunther, A. S. Tay, "Evaluating Density Forecasts",
*International Economic Review* 39(4), 1998). So the limits are taken from simulation: a random walk, whose days hang
together as closely as days can, forecast without fault each week. Of all the series of one kind of chart together
there is a new warning once in two years of weeks. ``benchmarks/drift.py`` makes the table and says what
it costs in delay.
"""

from __future__ import annotations

import numpy as np

WEEKS = 13
"""A quarter of a year: long enough for a share, short enough that a change of autumn shows in winter."""
AHEAD_DAYS = 14
"""Days ahead that are judged: what people act on, and windows of two runs in a row overlap by no more than half."""
FEWEST = 6
"""Fewer forecasts than this tell nothing: a calibrated one misses with any of them."""
SHOULD, MIDDLE_SHOULD = 0.9, 0.5
"""Share of days that the likely range is meant to hold on, and its middle half: from one quarter to three."""

POINTS = (6, 8, 10, 13)
FAMILIES = (1, 4, 12, 36, 100)
_SHARES = (
    (0.69, 0.60, 0.54, 0.50, 0.45),
    (0.73, 0.66, 0.60, 0.56, 0.52),
    (0.75, 0.69, 0.65, 0.60, 0.57),
    (0.78, 0.72, 0.68, 0.65, 0.62),
)
_LEANS = (
    (0.27, 0.32, 0.35, 0.37, 0.39),
    (0.24, 0.28, 0.31, 0.34, 0.35),
    (0.21, 0.25, 0.28, 0.31, 0.32),
    (0.18, 0.22, 0.25, 0.27, 0.29),
)
_MIDDLES = (
    (0.78, 0.84, 0.89, 0.91, 0.92),
    (0.74, 0.80, 0.83, 0.86, 0.89),
    (0.70, 0.76, 0.80, 0.83, 0.85),
    (0.67, 0.73, 0.76, 0.80, 0.82),
)
"""A row for each of ``POINTS``, a column for each of ``FAMILIES``: what was found, to the next whole per cent out."""


def lowest_share(points: int, series: int) -> float:
    """Lowest share of days inside the 9-in-10 range that is still chance.

    Parameters
    ----------
    points
        Weekly figures that the share is the mean of; from ``FEWEST``.
    series
        Series watched together: the more there are, the further one of them strays by chance.
    """
    return _between(_SHARES, points, series)


def furthest_lean(points: int, series: int) -> float:
    """Furthest that the mean place of outcomes in the forecast lies from the middle (0.5) by chance."""
    return _between(_LEANS, points, series)


def highest_middle(points: int, series: int) -> float:
    """Highest share of days on which what came lies in the middle half of the forecast by chance."""
    return _between(_MIDDLES, points, series)


def _between(table: tuple[tuple[float, ...], ...], points: int, series: int) -> float:
    at = np.log(np.clip(series, FAMILIES[0], FAMILIES[-1]))
    by_points = [float(np.interp(at, np.log(FAMILIES), row)) for row in table]
    return float(np.interp(points, POINTS, by_points))
