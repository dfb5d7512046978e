"""What goes into and comes out of the queue for one product: lines of people, a plan's rules, what happened.

A *line* is the people of one hospital and pathway who wait for the product. On a path the line is a stack of positions:
whoever comes takes the next free position, and who leaves by a way of his own is the one who came last, so that at any
time the people of a line hold positions 0 to height - 1 in the order of their arrival. Those at the front have moved
into a place; ``entered`` counts them. The height is a matter of the people, not of the plan: two plans differ only in
how far ``entered`` has come. Stays belong to positions.

More places therefore never mean more waiting on the same path: where a person enters under fewer places, all before him
have entered or left; with more places they entered no later and left no later, so that he finds a place too. The proof
needs that people who leave by a way of their own do so from a place as well as from hospital, and that extra starts of
care at home go to whoever has waited longest, wherever he waits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int32]

@dataclass(frozen=True, eq=False)
class Lines:
    """The people who wait for one product; plan-independent.

    height: (line, sample, date), people who have come and not left by a way of their own, by the end of the day.
    first: (line, sample), those of them who waited when the first day began.
    stays: line to a table of days at each level of chance (``stays.table``).
    levels: (line, position, sample), the level at which the stay of whoever holds a position is read; positions beyond
    the last begin again at the first.
    starts: (line,), whether extra starts of care at home go to this line.
    """

    height: Counts
    first: Counts
    stays: tuple[npt.NDArray[np.int16], ...]
    levels: npt.NDArray[np.uint16]
    starts: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Rules:
    """What a plan makes of the lines of one product.

    capacity: (date,) or (sample, date), places.
    open_days: (sample, date), whether anybody may move in; None: every day.
    assessed: (line, sample, date), how far up each line people have been assessed; None: all.
    extra_starts: (date,), starts of care at home beyond those as now; None: none.
    already: (sample, person), day on which people already in a place leave it, counted from the first day, 0.
    turnaround: days for which a place stands empty between two people.
    """

    capacity: Counts
    already: npt.NDArray[np.int16]
    turnaround: int
    open_days: npt.NDArray[np.bool_] | None = None
    assessed: Counts | None = None
    extra_starts: Counts | None = None


@dataclass(frozen=True, eq=False)
class Served:
    """What happened, (line, sample, date) unless said otherwise.

    entered: people at the front who have been given a place, or gone home by an extra start, and not left by a way of
    their own; height less entered is who waits in hospital. placed: moved in that day. inside: in a place at the end of
    the day. finished: ended their stay. went_home: by an extra start. already: (sample, date), people of the first day
    still in a place.
    """

    entered: Counts
    placed: Counts
    inside: Counts
    finished: Counts
    went_home: Counts
    already: Counts
