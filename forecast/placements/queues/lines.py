"""What goes into and comes out of the queues for places: lines of people, a plan's rules, what happened.

A *line* is the people of one hospital and pathway who wait for one product. A *pool* is the places of one product on
one sample path; lines of the same product on the same path share a pool, first come, first served. Products have
different numbers of lines: a line that does not exist has a height of 0 throughout.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Lines:
    """The people who wait; the same for every plan.

    height: (line, pool, date), people who have come and not left by a way of their own, by the end of the day; those
    who have been in a place and left it are among them.
    first: (line, pool), those of them who waited when the first day began.
    stays: (kind, level), stay in days at each level of chance (``stays.table``), for each kind of stay.
    kinds: (line, pool), the kind of stay of a line.
    levels: (line, pool, position), the level at which the stay of whoever holds a position is read; positions beyond
    the last begin again at the first.
    starts: (line, pool), whether extra starts of care at home go to this line.
    """

    height: Counts
    first: Counts
    stays: npt.NDArray[np.int16]
    kinds: npt.NDArray[np.intp]
    levels: npt.NDArray[np.uint16]
    starts: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Rules:
    """What a plan makes of the lines.

    capacity: (pool, date), places.
    already: (pool, person), day on which people already in a place leave it, counted from the first day, 0; -1: nobody.
    turnaround: days for which a place stands empty between two people.
    open_days: (pool, date), whether anybody may move in; None: every day.
    assessed: (line, pool, date), how far up each line people have been assessed; None: all.
    extra_starts: (pool, date), starts of care at home beyond those as now; None: none.
    """

    capacity: Counts
    already: npt.NDArray[np.int16]
    turnaround: int
    open_days: npt.NDArray[np.bool_] | None = None
    assessed: Counts | None = None
    extra_starts: Counts | None = None


@dataclass(frozen=True, eq=False)
class Served:
    """What happened, (line, pool, date) unless said otherwise.

    entered: people at the front who have been given a place, or gone home by an extra start, and not left by a way of
    their own; height less entered is who waits in hospital. placed: moved in that day. inside: in a place at the end of
    the day. finished: ended their stay. went_home: by an extra start. already: (pool, date), people of the first day
    still in a place.
    """

    entered: Counts
    placed: Counts
    inside: Counts
    finished: Counts
    went_home: Counts
    already: Counts


def lowest_over(height: Counts, first: Counts, days: int) -> Counts:
    """Lowest height of a line since more than ``days`` days ago: who came before and is still there, entered or not.

    Parameters
    ----------
    height
        (line, pool, date).
    first
        (line, pool), the height before the first day.
    days
        Whole days.

    Returns
    -------
    ndarray of int
        (line, pool, date): people who have not left by a way of their own and came more than ``days`` days before; none
        on the first ``days`` days.
    """
    lowest = np.concatenate([first[:, :, None], height], axis=2)
    window, want = 1, days + 2
    found = np.zeros_like(height)
    if want > lowest.shape[2]:
        return found
    while window < want:
        step = min(window, want - window)
        lowest = np.minimum(lowest[:, :, step:], lowest[:, :, :-step])
        window += step
    found[:, :, days:] = lowest
    return found
