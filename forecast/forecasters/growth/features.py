"""How fast a wave grows: at a location, and over all locations together; the same for large and small ones."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.forecasters.base import Array
from forecast.forecasters.counts import counting_noise, counts_of
from forecast.forecasters.pooled.history import History

Whole = npt.NDArray[np.int64]
BOUND = 1.0
"""Growth beyond this, nearly threefold in a week, is taken as this much, so that no slip is carried on."""
MONTH_WEEKS = 4
LATEST_SHARE = 3 / 7
"""Share of a week whose mean is the latest course of the nation."""
FAST, SLOW = 0.5, 0.25
USUAL_STEP = 0.1


class Growth:
    """Growth up to every date of a panel, on the stabilised scale.

    Parameters
    ----------
    past
        Summaries of the panel: levels of weeks, values without weekday shape.

    Attributes
    ----------
    level
        Mean of the last week, (dates, locations).
    own
        Names -> (dates, locations): growth over this week, the week before and four weeks, the height above the mean of
        four weeks, and how far the latest values are above the week's mean.
    nation
        Names -> (dates,): growth of the sum over all locations over this week and the week before, and of its latest
        days over those of a week ago.
    """

    def __init__(self, past: History) -> None:
        week, month = past.per_week, MONTH_WEEKS * past.per_week
        self.past = past
        self.level = level = past.level
        weekly = level - _before(level, week)
        monthly = pd.DataFrame(level).rolling(month, min_periods=week).mean().to_numpy()
        self.own = {
            "this week": weekly,
            "last week": _before(weekly, week),
            "four weeks": level - _before(level, month),
            "above the month": level - monthly,
            "today": past.plain - level,
            "fast": past.smooth[FAST] - level,
            "slow": past.smooth[SLOW] - level,
        }
        latest = pd.DataFrame(counts_of(past.plain)).rolling(max(1, round(LATEST_SHARE * week)), min_periods=1).mean()
        summed = summed_growth(counts_of(level), week)
        self.nation = {
            "this week": summed,
            "last week": _before(summed, week),
            "latest": summed_growth(latest.to_numpy(), week),
        }
        self.noise = np.sqrt(counting_noise(level))
        self.known = ~np.isnan(level) & ~np.isnan(weekly)

    def rows(self, origin: Whole, location: Whole) -> Array:
        """Growth of each pair, (rows, features), within ``BOUND``; what is not known stands as none."""
        found = [table[origin, location] for table in self.own.values()]
        found += [course[origin] for course in self.nation.values()]
        return np.asarray(np.nan_to_num(np.clip(np.column_stack(found), -BOUND, BOUND)))

    def restless(self, origin: Whole, location: Whole) -> Array:
        """What the size of errors goes with, (rows, 5).

        A constant, counting noise, the growth of the location and of the nation this week, and the usual daily change.
        """
        own, nation = self.own["this week"][origin, location], self.nation["this week"][origin]
        step = np.nan_to_num(self.past.step[origin, location], nan=USUAL_STEP)
        parts = [
            np.ones(len(origin)),
            self.noise[origin, location],
            *np.abs(np.clip([own, nation], -BOUND, BOUND)),
            step,
        ]
        return np.asarray(np.nan_to_num(np.column_stack(parts)))


def summed_growth(counts: Array, steps: int) -> Array:
    """Logarithm of the growth over so many steps of the sum over the locations known at both ends, (dates,)."""
    earlier = _before(counts, steps)
    both = ~np.isnan(counts) & ~np.isnan(earlier)
    # One patient more on either side: a sum of nothing grows from nothing.
    growth = np.log1p(np.where(both, counts, 0.0).sum(axis=1)) - np.log1p(np.where(both, earlier, 0.0).sum(axis=1))
    return np.asarray(np.where(both.any(axis=1), growth, np.nan))


def _before(table: Array, steps: int) -> Array:
    """The table so many dates earlier; NaN before its beginning."""
    found = np.full_like(table, np.nan)
    if steps < len(table):
        found[steps:] = table[:-steps]
    return found
