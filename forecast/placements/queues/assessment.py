"""Assessments: who has been seen by a social worker, and may move into a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecast.placements.plan import PlacementPlan
from forecast.placements.queues.lines import Counts
from forecast.placements.queues.people import People
from forecast.placements.queues.pools import Line

Shares = npt.NDArray[np.float64]
TINY = 1e-9


@dataclass(frozen=True, eq=False)
class Assessed:
    """What the assessments of a plan come to.

    reached: line to (sample, date), how far up each line people have been assessed; None where all are.
    waiting: (sample, date), people who came to wait in hospital and have not been assessed yet, also those who leave by
    a way of their own as now: that way, too, takes an assessment.
    community: (sample, date), people in the community who wait for an assessment.
    """

    reached: Mapping[Line, Counts] | None
    waiting: npt.NDArray[np.float64]
    community: npt.NDArray[np.float64]


def assess(
    people: People,
    plan: PlacementPlan,
    heights: Mapping[Line, Counts],
    first: Mapping[Line, Counts],
    absence: Shares | None,
) -> Assessed:
    """Share a plan's assessments between hospital and community, day by day.

    As now social workers keep pace: everybody in hospital is seen on the day on which he comes to wait, on a quiet day
    there is time for as many as come on average, and as many in the community are seen as come new to its list. A plan
    with fewer social workers, or another share for hospital, can see that share of people a day; those it cannot see
    wait, and are seen later in the order in which they came, those who come on one day together. Who waits when the
    forecast begins has been seen. Everybody who comes takes an assessment, also who leaves by a way of his own before
    his turn; the queue for places is not made longer by that. Events, vacancies and absence leave less of a number of
    assessments that the plan gives, too.

    Parameters
    ----------
    heights, first
        Line to (sample, date), and to (sample,) before the first day.
    absence
        (sample, date), share of social workers absent, where it is known better than by the plan.
    """
    base = people.base
    usual = people.arrivals_a_day[:, None]
    power = plan.social_work_capacity(people.dates, now=base)[None, :] * _present(plan, absence)
    every = usual / base.hospital_share_of_assessments
    power = np.broadcast_to(power, (people.demand.samples, len(people.dates)))
    done = power * (every if plan.assessments_per_day is None else plan.assessments_per_day)
    here = done * plan.hospital_share_of_assessments
    part = np.divide(here, usual, out=np.full(here.shape, np.inf), where=usual > 0)
    community = _list_after(plan.waiting_for_assessment, every - usual - (done - here))
    if (part >= 1 - TINY).all():
        return Assessed(None, np.zeros(part.shape), community)
    came = _came(heights, first)
    there, seen = came.cumsum(axis=1), _seen(came, part * np.maximum(came, usual))
    reached = None if (seen >= there).all() else _reached(there, seen, heights, first)
    return Assessed(reached, there - seen, community)


def _came(heights: Mapping[Line, Counts], first: Mapping[Line, Counts]) -> Counts:
    """People who came to wait on each day, (sample, date); those who wait when the forecast begins left out."""
    rises = [np.maximum(np.diff(one, axis=1, prepend=first[line][:, None]), 0) for line, one in heights.items()]
    return np.asarray(np.sum(rises, axis=0))


def _present(plan: PlacementPlan, absence: Shares | None) -> Shares:
    """Social workers at work over those at work by the plan's own absence."""
    if absence is None:
        return np.ones((1, 1))
    return np.asarray((1 - absence) / max(1 - plan.social_worker_absence, TINY))


def _list_after(now: int, more: Shares) -> Shares:
    """People on a list that so many more join than leave a day, (sample, date); an empty list saves up no leavers."""
    people = now + more.cumsum(axis=1)
    return np.asarray(people - np.minimum(np.minimum.accumulate(people, axis=1), 0))


def _seen(came: Counts, most: Shares) -> Shares:
    """People seen so far, (sample, date): as many as may be a day, and never more than have come."""
    seen = np.empty(came.shape)
    so_far, there = np.zeros(len(came)), came.cumsum(axis=1)
    for day in range(came.shape[1]):
        so_far = np.minimum(so_far + most[:, day], there[:, day])
        seen[:, day] = so_far
    return seen


def _reached(
    there: Counts, seen: Shares, heights: Mapping[Line, Counts], first: Mapping[Line, Counts]
) -> dict[Line, Counts]:
    """How far up each line people have been seen: those who came up to the last day whose people all have been.

    Of the people who came by a day, a line still holds, some days later, the lowest height it had since.
    """
    samples, days = there.shape
    upto = np.empty((samples, days), dtype=np.intp)
    pointer = np.full(samples, -1)
    rows = np.arange(samples)
    for day in range(days):
        while True:
            further = (pointer < day) & (there[rows, np.minimum(pointer + 1, days - 1)] <= seen[:, day] + TINY)
            if not further.any():
                break
            pointer = pointer + further
        upto[:, day] = pointer
    return {line: _lowest_since(upto, height, first[line]) for line, height in heights.items()}


def _lowest_since(since: npt.NDArray[np.intp], height: Counts, first: Counts) -> Counts:
    """Lowest height from day ``since`` (-1: before the first) up to each day, (sample, date)."""
    samples, days = height.shape
    levels = [np.concatenate([first[:, None], height], axis=1)]
    while 2 ** len(levels) <= days + 1:
        half = 2 ** (len(levels) - 1)
        last = levels[-1]
        levels.append(np.minimum(last[:, :-half], last[:, half:]))
    start, stop = since + 1, np.broadcast_to(np.arange(days) + 1, since.shape)
    step = np.log2(stop - start + 1).astype(np.intp)
    rows = np.broadcast_to(np.arange(samples)[:, None], since.shape)
    found = np.empty(since.shape, dtype=np.int32)
    for power, table in enumerate(levels):
        here = step == power
        low, high = start[here], stop[here] - 2**power + 1
        found[here] = np.minimum(table[rows[here], low], table[rows[here], high])
    return found
