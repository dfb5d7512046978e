"""The queues for places, day by day in every pool: first come, first served, over the hospitals.

Two plans are compared on the same people (``Lines``): who comes, when, who leaves by a way of his own, and how long he
would stay in a place. More places then never mean more waiting on a path. Take the first person, in order of rank, who
would enter under fewer places on a day when he may not under more. All before him have entered or left under fewer
places, and so have they, no later, under more; they left no later either, so that no more places are taken than under
fewer, and he finds one too. The argument needs that people who leave by a way of their own do so from a place as well
as from hospital, and that extra starts of care at home go to whoever has waited longest, wherever he waits.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecast.placements.queues.lines import Counts, Lines, Rules, Served
from forecast.placements.queues.queue import Queue


def serve(lines: Lines, rules: Rules, *, noted: Sequence[str] = Queue.TOLD) -> Served:
    """Run a plan over all days of ``lines.height``, in every pool; counts that are not to be ``noted`` stay 0."""
    queue = Queue(lines, rules)
    count, pools, days = lines.height.shape
    heights = _by_day(lines.height)
    # Half the memory, where no count can be larger.
    size = np.int16 if heights.max(initial=0) <= np.iinfo(np.int16).max else np.int32
    told = {name: np.zeros((days, count * pools), dtype=size) for name in queue.TOLD}
    already = np.zeros((days, pools), dtype=np.int32)
    noted = [name for name in noted if name != "went_home" or rules.extra_starts is not None]
    for day in range(days):
        queue.end_stays(day)
        queue.leave_by_own_way(day, heights[day])
        queue.join(day)
        queue.start_care_at_home(day)
        queue.move_in(day, queue.assessed(day), queue.places_free(day))
        for name in noted:
            told[name][day] = getattr(queue, name)
        already[day] = queue.already
    each = {name: kept.reshape(days, count, pools).transpose(1, 2, 0) for name, kept in told.items()}
    return Served(already=already.T, **each)


def heights_as_now(waiting: Counts, lines: Lines, rules: Rules) -> Counts:
    """Heights of the lines under which ``serve`` with the same rules leaves exactly ``waiting`` in hospital.

    A forecast queue already holds what today's places do. Who must have come, for the queue to be what it is although
    places became free and were filled? On each day at least the change of the queue and the places filled; nobody is
    made up beyond that. A place stands empty only where nobody waits.

    Parameters
    ----------
    waiting
        (line, pool, date), people in hospital at the end of the day.
    lines
        Their ``height`` gives the shape only.
    rules
        Capacity and who is in a place already, as now.

    Returns
    -------
    ndarray of int
        (line, pool, date).
    """
    queue = Queue(lines, rules)
    by_day = _by_day(waiting).reshape(-1, *waiting.shape[:2])
    heights = np.empty_like(by_day)
    for day, wanted in enumerate(by_day):
        queue.end_stays(day)
        left = queue.move_in(day, queue.top, queue.places_free(day))
        queue.come_and_move_in(day, np.where(wanted.any(axis=0), left, 0))
        heights[day] = queue.entered.reshape(wanted.shape) + wanted
        queue.leave_by_own_way(day, heights[day].ravel())
        queue.join(day)
    return heights.transpose(1, 2, 0)


def _by_day(counts: Counts) -> Counts:
    """Reorder (line, pool, date) to (date, line and sample), so that a day is one stretch of memory."""
    lines, pools, days = counts.shape
    return np.ascontiguousarray(counts.transpose(2, 0, 1).reshape(days, lines * pools))
