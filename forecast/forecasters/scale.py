"""The scale on which a count is modelled: logarithm, or square root where it comes near zero.

Changes of a backlog of hundreds are shares of it, so its logarithm has an even spread. A count that is often a
handful or none (flu beds out of season) varies like a random count, whose square root has an even spread
(Bartlett, *Supplement to the Journal of the Royal Statistical Society* 3, 1936); its logarithm would turn the step
from 1 to 3 into a doubling at any level and let paths run away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.forecasters.base import Array
from forecast.forecasters.spread import log_counts

SMALL = 10.0
SMALL_SHARE = 0.05


@dataclass(frozen=True)
class Scale:
    """One of ``log`` (values below 1 taken as 1) and ``root`` (values below 0 taken as 0)."""

    name: str

    @classmethod
    def of(cls, values: Array) -> Scale:
        """Return ``root`` where more than ``SMALL_SHARE`` of the values are below ``SMALL``, else ``log``."""
        known = values[~np.isnan(values)]
        return cls("root" if len(known) and (known < SMALL).mean() > SMALL_SHARE else "log")

    def forward(self, values: Array) -> Array:
        """Counts to this scale; NaN stays NaN."""
        return log_counts(values) if self.name == "log" else np.sqrt(np.maximum(values, 0.0))

    def back(self, scaled: Array) -> Array:
        """Values of this scale to counts."""
        if self.name == "root":
            return np.square(np.maximum(scaled, 0.0))
        with np.errstate(over="ignore"):
            counts: Array = np.exp(scaled)
        return counts
