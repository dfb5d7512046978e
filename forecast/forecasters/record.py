"""What members of an ensemble said before, and what came: how far to trust each, and how wide their ranges should be.

Everything here is worked out from values up to the origin, one location at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.forecasters.base import Array
from forecast.forecasters.counts import counts_of, stabilised
from forecast.forecasters.outliers import robust

LEVELS = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)
BAND_ENDS_DAYS = (7, 14, 28)
SPREADS = np.geomspace(1.0, 3.0, 25)
"""Factors tried on the width of the ranges. A dozen origins cannot tell that ranges may be narrower than they are."""
FEWEST_ORIGINS = 4


@dataclass(frozen=True)
class Record:
    """Past forecasts of one location by every member.

    Parameters
    ----------
    quantiles
        Counts (members, origins, steps, levels) at ``LEVELS``; NaN where a member said nothing.
    observed
        Counts (origins, steps); NaN where not known by the last origin, or not to be believed.
    step_days
        1 or 7.
    shares
        What the members weigh, against each other, where nothing is known of them; the same unless given.
    """

    quantiles: Array
    observed: Array
    step_days: int
    shares: tuple[float, ...] = ()

    def weights(self, power: float, prior: float) -> Array:
        r"""Weight of each member at each step, (members, steps); they sum to one.

        Within a band of steps, with :math:`L_m` the mean quantile loss of member :math:`m` over :math:`n` past
        origins, weights are :math:`k\,a_m L_m^{-p}/\sum a L^{-p} + (1-k)\,a_m` with :math:`k = n/(n + n_0)`: recent
        scores, shrunk to the shares :math:`a` (each :math:`1/M` unless given).

        Parameters
        ----------
        power
            :math:`p`: how sharply a better score raises the weight.
        prior
            :math:`n_0`: origins worth as much as the shares.
        """
        steps = self.quantiles.shape[2]
        loss = np.stack([quantile_loss(one, self.observed) for one in self.quantiles])
        loss[:, np.isnan(loss).any(axis=0)] = np.nan
        shares = self.prior_shares()
        weights = np.repeat(shares[:, None], steps, axis=1)
        for band in self._bands(steps):
            part = loss[:, :, band]
            origins = int((~np.isnan(part)).any(axis=(0, 2)).sum())
            if origins < FEWEST_ORIGINS:
                continue
            mean = np.maximum(np.nanmean(part, axis=(1, 2)), 1e-9)
            relative = shares * (mean.min() / mean) ** power
            known = origins / (origins + prior)
            weights[:, band] = (known * relative / relative.sum() + (1 - known) * shares)[:, None]
        return weights

    def prior_shares(self) -> Array:
        """Weight of each member where nothing is known of it, (members,); they sum to one."""
        shares = np.array(self.shares or (1.0,) * len(self.quantiles))
        return np.asarray(shares / shares.sum())

    def spread(self, weights: Array, prior: float) -> Array:
        """Factor of at least one on the width of the pooled range at each step, (steps,).

        Within a band, the factor whose ranges would have had the smallest quantile loss, its logarithm shrunk to zero
        as the weights are to equal. That loss is smallest where as many outcomes fall below each quantile as should,
        so this is conformal recalibration with one number a band, which few origins can carry.
        """
        pooled = np.einsum("ms,mosl->osl", weights, stabilised(self.quantiles))
        middle = pooled[..., [len(LEVELS) // 2]]
        tried = np.stack([quantile_loss(counts_of(middle + one * (pooled - middle)), self.observed) for one in SPREADS])
        factors = np.ones(pooled.shape[1])
        for band in self._bands(pooled.shape[1]):
            part = tried[:, :, band]
            origins = int((~np.isnan(part[0])).any(axis=1).sum())
            if origins < FEWEST_ORIGINS:
                continue
            best = SPREADS[int(np.nanmean(part, axis=(1, 2)).argmin())]
            factors[band] = best ** (origins / (origins + prior))
        return factors

    def known_at(self, place: int, origins: pd.DatetimeIndex) -> Record:
        """Return the record as it stood at one of its origins: earlier forecasts, and what had come by then.

        Which outcomes are believed is judged as at the last date, not as at that origin.
        """
        steps = np.arange(1, self.observed.shape[1] + 1)
        ends = origins[:place].to_numpy()[:, None] + (steps * self.step_days).astype("timedelta64[D]")
        observed = np.where(ends <= origins[place].to_numpy(), self.observed[:place], np.nan)
        return Record(self.quantiles[:, :place], observed, self.step_days, self.shares)

    def _bands(self, steps: int) -> list[npt.NDArray[np.int64]]:
        ends = [max(days // self.step_days, 1) for days in BAND_ENDS_DAYS]
        at = np.arange(1, steps + 1)
        place = np.searchsorted(ends, at)
        return [np.flatnonzero(place == k) for k in np.unique(place)]


def quantile_loss(quantiles: Array, observed: Array) -> Array:
    """Mean over ``LEVELS`` of twice the pinball loss; ``quantiles`` (..., levels), ``observed`` (...)."""
    error = observed[..., None] - quantiles
    levels = np.array(LEVELS)
    return np.asarray(2.0 * np.maximum(levels * error, (levels - 1.0) * error).mean(axis=-1))


def past_origins(index: pd.DatetimeIndex, every: int, count: int, least: int) -> pd.DatetimeIndex:
    """Origins ``every`` steps apart before the last date, newest last, with at least ``least`` steps before each."""
    places = len(index) - 1 - every * np.arange(count, 0, -1)
    return index[places[places >= least]]


def outcomes(series: pd.Series, origins: pd.DatetimeIndex, steps: int, step_days: int) -> Array:
    """What came after each origin, (origins, steps); NaN where unknown or not to be believed."""
    values = np.r_[robust(series.to_numpy(dtype=np.float64), step_days), np.full(steps, np.nan)]
    first = series.index.get_indexer(origins) + 1
    return np.asarray(values[first[:, None] + np.arange(steps)])
