"""What several seasons and hospitals say together about the days behind the nation, as far as they agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError
from forecast.waves.lag import Lag, lag_prior

Array = npt.NDArray[np.float64]
SPREADS = np.array([0.5, 1.5, 3.0, 5.0, 8.0, 12.0])
"""Standard deviations, in days, between hospitals and between a hospital's seasons that are weighed."""
USUAL_SPREAD = 6.0
"""Scale of their half-normal prior, days."""
LEAST = 1e-12


@dataclass(frozen=True, eq=False)
class PooledLags:
    """Days behind of a season and a hospital to come, and of those that are known.

    Parameters
    ----------
    new_hospital
        Distribution of a hospital without a season of its own.
    hospitals
        Hospital -> distribution of a season of its own to come.
    seasons
        (hospital, season) -> distribution of that season, drawn towards the others as far as they agree.
    between_hospitals, between_seasons
        Expected standard deviations, days.
    used
        Pairs that say something: those that are identifiable.

    Examples
    --------
    >>> days = pd.Index(range(0, 21), name="days")
    >>> even = pd.Series(1 / 21, index=days)
    >>> said = pd.Series(np.exp(-0.5 * ((days.to_numpy() - 8) / 2) ** 2), index=days)
    >>> pooled = fc.pool_lags({("RM1", "2024-25"): fc.Lag(said / said.sum(), True, "", even)}, prior=even)
    >>> pooled.used, int(pooled.prior("RM1").idxmax()), sorted(pooled.hospitals)
    ((('RM1', '2024-25'),), 8, ['RM1'])
    """

    new_hospital: pd.Series
    hospitals: Mapping[str, pd.Series]
    seasons: Mapping[tuple[str, str], pd.Series] = field(repr=False)
    between_hospitals: float
    between_seasons: float
    used: tuple[tuple[str, str], ...]

    def prior(self, hospital: str) -> pd.Series:
        """Belief about a season to come: whole days behind -> probability, to be given to ``estimate_lag``.

        Parameters
        ----------
        hospital
            Its code; one without a season of its own gets ``new_hospital``.

        Returns
        -------
        Series
            Index days, values that sum to 1.
        """
        return self.hospitals.get(hospital, self.new_hospital)


def pool_lags(lags: Mapping[tuple[str, str], Lag], *, prior: pd.Series | None = None) -> PooledLags:
    r"""Pool the lags of several hospitals and seasons of one disease.

    .. math::

        L_{hs} \sim N(m_h, \omega^2), \quad m_h \sim N(\mu, \tau^2), \quad \mu \sim \text{prior}

    a random-effects meta-analysis (DerSimonian and Laird 1986) with the whole likelihood of each lag in place of its
    mean and variance, on the grid of days; both spreads are integrated out. A lag that is not identifiable says
    nothing and gets the distribution of its hospital.

    Parameters
    ----------
    lags
        (hospital, season) -> lag, all estimated with priors on the same days.
    prior
        Belief about the mean of all, whole days -> probability; ``lag_prior()`` unless given.

    Returns
    -------
    PooledLags
        Distributions of a season to come, and of those known.

    Raises
    ------
    InputError
        There is none, or the days of two differ.

    References
    ----------
    DerSimonian and Laird, *Meta-analysis in clinical trials*, Controlled Clinical Trials 7, 1986.

    Examples
    --------
    >>> days = np.arange(-14, 43)
    >>> def known(behind):
    ...     belief = pd.Series(1.0 / len(days), index=pd.Index(days, name="days"))
    ...     said = pd.Series(np.exp(-0.5 * ((days - behind) / 2.0) ** 2), index=belief.index)
    ...     return fc.Lag(said / said.sum(), True, "", belief)
    >>> even = known(0).prior
    >>> pooled = fc.pool_lags({("RM1", "2022-23"): known(6), ("RCX", "2022-23"): known(12)}, prior=even)
    >>> bool(6 < pooled.prior("RM1") @ days < pooled.prior("a new one") @ days < 12)
    True
    """
    belief = lag_prior() if prior is None else prior
    if not lags:
        raise InputError("pool_lags: no lag is given; give at least one hospital and season")
    for key, lag in lags.items():
        if not lag.days.index.equals(belief.index):
            raise InputError(
                f"pool_lags: the lag of {key[0]} in {key[1]} runs over {lag.days.index[0]} to {lag.days.index[-1]} "
                f"days, the prior over {belief.index[0]} to {belief.index[-1]}; estimate all with one prior"
            )
    days = belief.index.to_numpy().astype(np.float64)
    said = {key: _likelihood(lag) for key, lag in lags.items() if lag.identifiable}
    by_hospital: dict[str, list[Array]] = {hospital: [] for hospital, _ in lags}
    for (hospital, _), likelihood in said.items():
        by_hospital[hospital].append(likelihood)
    steps = [_kernel(days, spread) for spread in SPREADS]
    weighed = [
        _Given(by_hospital, belief.to_numpy(dtype=np.float64), across, within) for across in steps for within in steps
    ]
    spreads = np.array([(across, within) for across in SPREADS for within in SPREADS])
    logs = np.array([one.evidence for one in weighed]) - np.square(spreads / USUAL_SPREAD).sum(axis=1) / 2
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()

    def mixed(parts: list[Array]) -> pd.Series:
        chance = weights @ np.array([part / part.sum() for part in parts])
        return pd.Series(chance / chance.sum(), index=belief.index, name="probability")

    return PooledLags(
        mixed([one.new for one in weighed]),
        {hospital: mixed([one.of(hospital) for one in weighed]) for hospital in by_hospital},
        {
            key: mixed([one.season(key[0], said[key]) if key in said else one.of(key[0]) for one in weighed])
            for key in lags
        },
        float(weights @ spreads[:, 0]),
        float(weights @ spreads[:, 1]),
        tuple(said),
    )


class _Given:
    """The model with both spreads given; every array is over days."""

    def __init__(self, by_hospital: Mapping[str, list[Array]], belief: Array, across: Array, within: Array) -> None:
        self.across, self.within = across, within
        # Likelihood of a hospital's mean: each of its seasons departs from it.
        self.means = {
            code: np.prod([within @ own for own in parts], axis=0) if parts else np.ones(len(belief))
            for code, parts in by_hospital.items()
        }
        self.centres = {code: across @ mean for code, mean in self.means.items()}
        # Logarithms: the product over a hundred hospitals is too small for a float.
        logs = np.log(np.maximum(belief, LEAST)) + sum(np.log(centre) for centre in self.centres.values())
        centre = np.exp(logs - logs.max())
        self.evidence = float(np.log(centre.sum()) + logs.max())
        self.centre = centre / centre.sum()

    @property
    def new(self) -> Array:
        """A season of a hospital nobody knows."""
        return np.asarray((self.centre @ self.across) @ self.within)

    def of(self, hospital: str) -> Array:
        """A season to come of a hospital."""
        return np.asarray(self._mean(hospital) @ self.within)

    def season(self, hospital: str, likelihood: Array) -> Array:
        """A season that is known, its own likelihood counted once."""
        others = self._mean(hospital) / np.maximum(self.within @ likelihood, LEAST)
        return np.asarray((others @ self.within) * likelihood)

    def _mean(self, hospital: str) -> Array:
        others = self.centre / np.maximum(self.centres[hospital], LEAST)
        return np.asarray((others @ self.across) * self.means[hospital])


def _kernel(days: Array, spread: float) -> Array:
    """Chance of each day (columns) about each mean (rows); rows sum to 1."""
    chance = np.exp(-0.5 * np.square((days[:, None] - days) / spread))
    return np.asarray(chance / chance.sum(axis=1, keepdims=True))


def _likelihood(lag: Lag) -> Array:
    """Return what the data alone say, at most 1."""
    likelihood = lag.days.to_numpy() / np.maximum(lag.prior.to_numpy(), LEAST)
    return np.asarray(np.maximum(likelihood / likelihood.max(), LEAST))
