"""How well each number of days behind explains a hospital's counts."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from forecast.waves.curves import Array, Counts, Curve

Whole = npt.NDArray[np.int64]

DEPARTURE = (0.02, 0.06, 0.15, 0.3, 0.5, 0.8)
"""Standard deviations of the departures of a hospital from its share of the nation, on the log scale."""
LASTING = (5.0, 14.0, 40.0)
"""Days after which a departure has faded to a third."""
COUNTING = ((0.0, 0.0), (0.0, 0.04), (0.8, 0.0))
"""Part of the counting noise that lasts as departures do (patients in bed today are mostly those of yesterday), and
over-dispersion of the negative binomial, 1/size."""
DEPARTURE_USUAL, DEPARTURE_SPREAD = 0.15, 1.2
"""Prior of the departures: lognormal, median and standard deviation of the logarithm."""
TEMPER = 0.9
"""Power of the likelihood of a lag: a wave is also wider and more lopsided than the nation's, and departures are not
quite an autoregression. Chosen so that 90 % ranges of simulated waves with departures of 0.25 and 0.4 hold in 85 to
95 % of them."""
STEEPER = 0.25
"""Standard deviation of how much steeper or flatter, on the log scale, a hospital's wave is than the nation's."""
SLOPE_UNSURE, BEND_UNSURE = 0.03, 0.004
"""Standard deviations of growth a day, and of its change a day, beyond the nation's first and last value."""
NOISES = np.array([(*most, *counting) for *most, counting in itertools.product(DEPARTURE, LASTING, COUNTING)])


def log_likelihoods(counts: Counts, nation: Curve, lags: Whole) -> tuple[Array, float]:
    r"""Log likelihood of each lag, and of no likeness to the nation at all.

    With :math:`C` the nation's curve, expected counts are :math:`\mu_t = \exp(a + g \log C(t - L) + x_t)`: share
    :math:`a` of any size, steepness :math:`g` about 1, and departures :math:`x` that fade like an autoregression of
    first order. Counts are negative binomial about :math:`\mu`. Their likelihood enters in its quadratic form about
    the smoothed counts :math:`m`, which is that of a normal variable :math:`\log m + (y - m)/m` of variance
    :math:`1/m + 1/k` (the working response of a generalised linear model; McCullagh and Nelder 1989, 2.5). What is
    linear (share, steepness, the nation's course where it is not known) is integrated out in closed form, the noise
    over the grid ``NOISES``, each a Kalman filter (Rasmussen and Williams 2006, 2.7, for the integral).

    Parameters
    ----------
    counts
        A hospital's, n of them.
    nation
        The nation's curve.
    lags
        Days behind, (m,).

    Returns
    -------
    tuple
        Log likelihoods (m,) and that of a level with departures only, up to one constant.
    """
    response = counts.response
    shifted = nation.at(counts.days[:, None] - lags)
    weights = counts.mean / counts.mean.sum()
    shifted -= weights @ shifted
    response = response - weights @ response
    columns = np.stack([shifted, *_unknown(counts.days, nation, lags)], axis=1).reshape(len(response), -1)
    shared = np.stack([response, np.ones_like(response)], axis=1)
    white, scales = _whitened(np.concatenate([shared, columns], axis=1), counts)
    prior = _noise_prior()
    products = _products(white, len(lags))
    of_lags = _integrated(_as_used(products)) + scales[:, None]
    of_none = _integrated(products[:, 0, :2, :2]) + scales
    found = _log_mean(of_lags, prior[:, None])
    return TEMPER * (found - found.max()) + found.max(), float(_log_mean(of_none, prior))


def _products(white: Array, lags: int) -> Array:
    """Inner products of each lag's columns, two that all share and its own, under each noise: (noises, lags, k, k)."""
    parts = [white[:, :, [0]], white[:, :, [1]]]
    parts += [white[:, :, first : first + lags] for first in range(2, white.shape[2], lags)]
    products = np.empty((len(white), lags, len(parts), len(parts)))
    for one, other in itertools.combinations_with_replacement(range(len(parts)), 2):
        products[:, :, one, other] = np.einsum("ntl,ntl->nl", parts[one], parts[other])
        products[:, :, other, one] = products[:, :, one, other]
    return products


def _as_used(products: Array) -> Array:
    """Inner products where the first column is the response less the nation's curve, and the curve is of its size."""
    mixed = np.eye(products.shape[-1])
    mixed[0, 2] = -1.0
    mixed[2, 2] = STEEPER
    return np.asarray(mixed @ products @ mixed.T)


def _unknown(days: Whole, nation: Curve, lags: Whole) -> list[Array]:
    """Courses that the nation may have taken where nobody saw it, each (n, lags) and of standard normal size."""
    at = days[:, None] - lags
    courses = []
    for beyond in nation.beyond(at):
        courses += [SLOPE_UNSURE * beyond, BEND_UNSURE * np.square(beyond) / 2]
    for first, last in nation.gaps:
        courses.append(BEND_UNSURE / 2 * np.clip(at - first, 0, None) * np.clip(last - at, 0, None))
    found: list[Array] = []
    for course in filter(np.any, courses):
        # Two courses that are never unknown at the same lag share their place.
        free = next((own for own in found if not (own.any(axis=0) & course.any(axis=0)).any()), None)
        if free is None:
            found.append(course.copy())
        else:
            free += course
    return found


def _whitened(columns: Array, counts: Counts) -> tuple[Array, Array]:
    """Standardised innovations (noises, n, columns), and the log likelihood's part that depends on noise alone."""
    deviation, lasting, turnover, dispersion = (part[:, None] for part in NOISES.T)
    gaps = np.diff(counts.days, prepend=counts.days[0]).astype(np.float64)
    white = np.empty((len(NOISES), *columns.shape))
    state = np.zeros((len(NOISES), columns.shape[1]))
    variance = np.ones((len(NOISES), 1))
    scales = np.zeros(len(NOISES))
    for place, gap in enumerate(gaps):
        kept = np.exp(-gap / lasting)
        state *= kept
        variance = np.square(kept) * variance + 1 - np.square(kept) if place else variance
        counting = 1 / counts.mean[place]
        shown = np.sqrt(np.square(deviation) + turnover * counting)
        total = np.square(shown) * variance + (1 - turnover) * counting + dispersion
        error = columns[place] - shown * state
        gain = variance * shown / total
        state += gain * error
        variance = variance * (1 - gain * shown)
        white[:, place] = error / np.sqrt(total)
        scales -= 0.5 * np.log(total[:, 0])
    return white, scales


def _integrated(gram: Array) -> Array:
    """Log likelihood of the first column, less what the others explain, from inner products (..., k, k).

    The coefficient of the second is free, those of the rest are standard normal.
    """
    size = gram.shape[-1] - 1
    inner = gram[..., 1:, 1:] + np.diag(np.r_[0.0, np.ones(size - 1)])
    across = gram[..., 1:, :1]
    solved = np.linalg.solve(inner, across)
    explained = (across * solved).sum(axis=(-1, -2))
    _, determinant = np.linalg.slogdet(inner)
    return np.asarray(-0.5 * (gram[..., 0, 0] - explained + determinant))


def _noise_prior() -> Array:
    logs = -0.5 * np.square(np.log(NOISES[:, 0] / DEPARTURE_USUAL) / DEPARTURE_SPREAD)
    return np.asarray(logs - np.log(np.exp(logs).sum()))


def _log_mean(values: Array, prior: Array) -> Array:
    """Logarithm of the mean over noises, by prior."""
    top = values.max(axis=0)
    return np.asarray(top + np.log(np.exp(values + prior - top).sum(axis=0)))
