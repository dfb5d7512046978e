"""How good the chances of a wave's peak week were, once it is known."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from forecast.errors import InputError
from forecast.evaluation.measures import ranked_probability_score


class PeakWeekScore(NamedTuple):
    """``rps``: ranked probability score, weeks; ``on``: chance of the very week; ``near``: of it or one beside it."""

    rps: float
    on: float
    near: float


def peak_week_score(probabilities: pd.Series, week: str | pd.Timestamp) -> PeakWeekScore:
    """Score chances by week against the week in which the wave peaked.

    Parameters
    ----------
    probabilities
        Monday of every week of the season, in order, to its chance.
    week
        The Monday of the week of the peak.

    Raises
    ------
    InputError
        The week is none of them, or the chances do not sum to 1.
    """
    weeks = pd.DatetimeIndex(probabilities.index)
    at = int(weeks.get_indexer(pd.DatetimeIndex([week]))[0])
    if at < 0:
        raise InputError(f"peak week {week}: the chances go from {weeks[0]:%Y-%m-%d} to {weeks[-1]:%Y-%m-%d} by Monday")
    chances = probabilities.to_numpy(dtype=np.float64)
    rps = float(ranked_probability_score(chances, np.asarray(at)))
    return PeakWeekScore(rps, float(chances[at]), float(chances[max(at - 1, 0) : at + 2].sum()))
