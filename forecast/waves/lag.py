"""How many days a hospital runs behind the nation, as a distribution."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from forecast.errors import InputError
from forecast.reference import reference
from forecast.waves.curves import Counts, Curve, checked_series
from forecast.waves.doubts import before_fitting, of_the_fit, of_the_zeros
from forecast.waves.false_zeros import without_false_zeros
from forecast.waves.profile import log_likelihoods

PRIOR_ROW, RANGE_ROW = "days_behind_england", "days_behind_looked_at"
NORMAL_90 = 1.6448536269514722
"""Half the central 90 % range of a standard normal variable."""


@dataclass(frozen=True, eq=False)
class Lag:
    """Days behind the nation, as a distribution; positive is behind, negative ahead.

    Parameters
    ----------
    days
        Whole days behind -> probability, days rising, sum 1.
    identifiable
        Whether the data say how far behind; where not, ``days`` is not to be shown as a finding.
    reason
        Why it cannot be said, in plain English; empty where it can.
    prior
        What was believed before the data, on the same days.
    first, last
        First and last day of the hospital's values used; None where none was.

    Examples
    --------
    >>> days = pd.Series([0.1, 0.2, 0.4, 0.2, 0.1], index=range(8, 13))
    >>> lag = fc.Lag(days, identifiable=True, reason="", prior=days)
    >>> lag.median, lag.mean, lag.interval(0.9)
    (10.0, 10.0, (8.0, 12.0))
    >>> lag.quantile(0.25)
    9.0
    >>> lag.usable(4).median
    6.0
    >>> lag.draw(3, np.random.default_rng(1)).shape
    (3,)
    """

    days: pd.Series
    identifiable: bool
    reason: str
    prior: pd.Series = field(repr=False)
    first: pd.Timestamp | None = None
    last: pd.Timestamp | None = None

    @property
    def median(self) -> float:
        """The least number of days that is not exceeded with probability one half."""
        return self.quantile(0.5)

    @property
    def mean(self) -> float:
        """Expected days behind."""
        return float(self.days.index.to_numpy() @ self.days.to_numpy())

    def quantile(self, level: float) -> float:
        """The least number of days that is not exceeded with probability ``level``.

        Parameters
        ----------
        level
            From 0 to 1.

        Returns
        -------
        float
            Whole days.
        """
        place = int(np.searchsorted(self.days.to_numpy().cumsum(), level - 1e-12))
        return float(self.days.index[min(place, len(self.days) - 1)])

    def interval(self, level: float = 0.9) -> tuple[float, float]:
        """Central range that holds the days behind with probability ``level``, its ends rounded to whole days.

        A day stands for the 24 hours around it, so that a range of whole days is neither wider nor narrower than its
        level on average.

        Parameters
        ----------
        level
            Above 0 and below 1.

        Returns
        -------
        tuple of float
            First and last day.

        Raises
        ------
        InputError
            The level is not between 0 and 1.
        """
        if not 0 < level < 1:
            raise InputError(f"level is {level!r}; give a share between 0 and 1, such as 0.9")
        tail = (1 - level) / 2
        below = np.r_[0.0, self.days.to_numpy().cumsum()]
        ends = np.interp([tail, 1 - tail], below, np.r_[self.days.index, self.days.index[-1] + 1] - 0.5)
        low, high = np.rint(ends) + 0.0
        return float(low), float(high)

    def usable(self, delay_days: float) -> Lag:
        """Return the warning that is left: days behind less the days until the nation's figures are published.

        Parameters
        ----------
        delay_days
            Whole days from a day to the publication of its figures.

        Returns
        -------
        Lag
            The same distribution, moved.

        Raises
        ------
        InputError
            The days are not whole.
        """
        if not np.isfinite(delay_days) or delay_days != int(delay_days):
            raise InputError(f"delay_days is {delay_days!r}; give whole days")
        moved = [part.set_axis(part.index - int(delay_days)) for part in (self.days, self.prior)]
        return Lag(moved[0], self.identifiable, self.reason, moved[1], self.first, self.last)

    def draw(self, samples: int, rng: np.random.Generator) -> np.ndarray:
        """Draw whole days behind, (samples,).

        Parameters
        ----------
        samples
            How many.
        rng
            Where random numbers come from.

        Returns
        -------
        array
            (samples,), whole numbers.
        """
        return np.asarray(rng.choice(self.days.index.to_numpy(), size=samples, p=self.days.to_numpy()))


def lag_prior(location: str = "") -> pd.Series:
    """Belief about the days behind before any data: normal, its central 90 % range that of the reference row.

    Parameters
    ----------
    location
        County whose row is used, else the row that holds everywhere; of the reference tables' county where it is left
        out and they have one only.

    Returns
    -------
    Series
        Whole days behind -> probability.
    """
    tables = reference()
    counties = tables.counties()
    if not location and len(counties) == 1:
        location = counties[0].code
    centre, wide = (tables.assumption(name, location, national=True) for name in (PRIOR_ROW, RANGE_ROW))
    for row in (centre, wide):
        if row.low is None or row.high is None:
            raise InputError(f"assumptions.csv: row {row.name!r} of {row.location or 'everywhere'} needs low and high")
    days = np.arange(int(wide.low or 0), int(wide.high or 0) + 1)
    spread = ((centre.high or 0) - (centre.low or 0)) / (2 * NORMAL_90)
    chance = np.exp(-0.5 * np.square((days - centre.value) / spread))
    return pd.Series(chance / chance.sum(), index=pd.Index(days, name="days"), name="probability")


def estimate_lag(local: pd.Series, national: pd.Series, *, prior: pd.Series | None = None) -> Lag:
    """Estimate how many days a hospital runs behind the nation in one wave.

    Every whole number of days is weighed by how well the nation's curve, so many days later, explains the hospital's
    counts (``profile.py``). That the hospital is part of the nation is neglected: of 120 hospitals it is one, and a
    county of three or a region of fifteen pulls its own lag towards zero by no more than its share.

    Parameters
    ----------
    local
        Counts of one hospital (or county) by day or week, of one wave or season; NaN where missing.
    national
        The same of the nation, counts or a rate, by day or week.
    prior
        Whole days behind -> probability, such as a pooled distribution of earlier seasons; ``lag_prior()`` unless
        given.

    Returns
    -------
    Lag
        The distribution; where it cannot be said, ``identifiable`` is False and ``reason`` says why.

    Raises
    ------
    InputError
        A series or the prior cannot be used; the message says what is wrong.

    Examples
    --------
    A nation's wave, and a hospital that follows it ten days later with a fiftieth of its patients:

    >>> days = pd.date_range("2024-11-01", periods=120)
    >>> nation = pd.Series(5000 * np.exp(-(((np.arange(120) - 50) / 18) ** 2)), index=days).round()
    >>> hospital = np.random.default_rng(1).poisson(nation.shift(10, fill_value=nation.iloc[0]) / 50)
    >>> lag = fc.estimate_lag(pd.Series(hospital.astype(float), index=days), nation)
    >>> lag.identifiable, lag.median
    (True, 10.0)
    """
    belief = lag_prior() if prior is None else _checked(prior)
    nation = checked_series(national, "national")
    reported = checked_series(local, "local")
    kept, runs = without_false_zeros(reported)
    doubt = before_fitting(reported, kept, nation)
    if doubt:
        return Lag(belief, False, doubt, belief)
    counts, curve = Counts.of(kept), Curve.of(nation)
    likelihoods, none = log_likelihoods(counts, curve, belief.index.to_numpy())
    weights = np.log(np.maximum(belief.to_numpy(), 1e-300)) + likelihoods
    chance = np.exp(weights - weights.max())
    days = pd.Series(chance / chance.sum(), index=belief.index, name="probability")
    evidence = float(np.log(belief.to_numpy() @ np.exp(likelihoods - likelihoods.max())) + likelihoods.max() - none)
    reason = of_the_zeros(runs) or of_the_fit(days, belief, counts, evidence)
    return Lag(days, not reason, reason, belief, kept.index[0], kept.index[-1])


def _checked(prior: pd.Series) -> pd.Series:
    days = np.asarray(prior.index)
    if len(days) < 2 or not np.issubdtype(days.dtype, np.integer) or (np.diff(days) != 1).any():
        raise InputError("prior: its index is not every whole day in order; give a Series of days -> probability")
    chance = prior.to_numpy(dtype=np.float64)
    if not np.isfinite(chance).all() or (chance < 0).any() or chance.sum() <= 0:
        raise InputError("prior: its values are no probabilities; give numbers of zero and more, not all zero")
    return pd.Series(chance / chance.sum(), index=pd.Index(days, name="days"), name="probability")
