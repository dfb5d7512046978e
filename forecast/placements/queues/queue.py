"""The state of the queue for one product while the days go by.

A line is a stack of positions: whoever comes takes the next free position, and who leaves by a way of his own is the
one who came last, so that at any time the people of a line hold positions 0 to height - 1 in the order of their coming.
Those below ``entered`` have been given a place; the others wait in hospital.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from forecast.placements.queues.lines import Counts, Lines, Rules

Index = npt.NDArray[np.intp]
RANKS_A_DAY = 4096
"""Order within a day: people of the first day are ranked evenly over the lines, whoever is in them."""
NOBODY = np.iinfo(np.int32).max
LONG_AGO = -10_000
"""End of the stay of somebody who is not to be looked at again."""
ONE = np.int32(1)
"""NumPy adds at an index thirty times faster where the types agree."""


class Queue:
    """Lines, places and stays on one day. A line in a pool is one number: ``line * pools + pool``."""

    TOLD = ("entered", "placed", "inside", "finished", "went_home")

    def __init__(self, lines: Lines, rules: Rules) -> None:
        self._lines, self._rules = lines, rules
        self._count, self._pools, self._days = lines.height.shape
        paths = self._count * self._pools
        self._stay_of = np.maximum(lines.kinds.ravel(), 0) * lines.stays.shape[1]
        self._stays, self._levels = lines.stays.ravel(), lines.levels.ravel()
        self._positions = lines.levels.shape[2]
        self._rank = np.zeros((int(lines.height.max(initial=0)) + 1, paths), dtype=np.int32)
        self._end = np.zeros(self._rank.shape, dtype=np.int32)
        self.top = lines.first.ravel().astype(np.int32)
        self._height = self.top
        self._rank_first()
        self.entered, self.inside, self._front, self._nobody = (np.zeros(paths, dtype=np.int32) for _ in range(4))
        self.finished = self.placed = self.went_home = self._nobody
        self._leaving = np.zeros((self._days + 1, paths), dtype=np.int32)
        self._freed = np.zeros((self._days + rules.turnaround + 1, self._pools), dtype=np.int32)
        self._leaving_already = np.zeros((self._days + 1, self._pools), dtype=np.int32)
        pool, person = np.nonzero(rules.already >= 0)
        day = np.minimum(rules.already[pool, person], self._days)
        _count(self._leaving_already, day, pool, 1)
        _count(self._freed, day + rules.turnaround, pool, 1)
        self.already = (rules.already >= 0).sum(axis=1, dtype=np.int32)
        self._taken = self.already.copy()

    def end_stays(self, day: int) -> None:
        """Let those whose stay ends today go; places that are ready again are free."""
        self.finished = self._leaving[day]
        self.inside -= self.finished
        self.already -= self._leaving_already[day]
        self._taken -= self._freed[day]
        self.placed = self.went_home = self._nobody

    def leave_by_own_way(self, day: int, height: Counts) -> None:
        """Take out those who leave by a way of their own: who came last leaves first, also from a place."""
        self._height = height
        paths = np.flatnonzero(self.entered > height)
        if paths.size:
            each, position = _people(paths, height[paths], self.entered[paths])
            self._vacate(day, each, self._end[position, each])
            self.entered[paths] = height[paths]
            np.minimum(self._front, self.entered, out=self._front)

    def join(self, day: int) -> None:
        """Give those who have come today their positions and ranks: line by line, another line first each day."""
        paths = np.flatnonzero(self._height > self.top)
        if paths.size:
            self._make_room(int(self._height.max()))
            each, position = _people(paths, self.top[paths], self._height[paths])
            self._rank[position, each] = day * RANKS_A_DAY + self._order(day, each // self._pools)
        self.top = self._height

    def start_care_at_home(self, day: int) -> None:
        """Send home whoever has waited longest, in a place or in hospital, as many as there are extra starts.

        Who has ended his stay counts as there until his place is ready again: his start only readies it at once. That
        keeps plans with more places from waiting more (see ``service``).
        """
        if self._rules.extra_starts is None:
            return
        left = self._rules.extra_starts[:, day].copy()
        self.went_home = np.zeros_like(self._nobody)
        every = np.arange(self._count * self._pools).reshape(self._count, -1)
        while (pools := np.flatnonzero(left > 0)).size:
            self._pass_by_ended(day, every[:, pools].ravel())
            top = np.where(self._lines.starts.ravel(), self.top, 0)
            oldest = self._oldest(every[:, pools], self._front, top)
            position = self._front[oldest]
            inside = position < self.entered[oldest]
            at_home = inside & (self._end[position, oldest] <= day)
            self._vacate(day, oldest[inside], self._end[position[inside], oldest[inside]])
            self._end[position, oldest] = LONG_AGO
            self._front[oldest] += 1
            self.entered[oldest[~inside]] += 1
            self.went_home[oldest[~at_home]] += 1
            # Where nobody is left to go, nor is there anybody for the other starts.
            fewer, served = np.zeros_like(left), oldest % self._pools
            fewer[served] = left[served] - 1
            left = fewer

    def assessed(self, day: int) -> Counts:
        """How far up each line people may move in."""
        if self._rules.assessed is None:
            return self.top
        return np.minimum(self.top, self._rules.assessed[:, :, day].ravel())

    def places_free(self, day: int) -> Counts:
        """Places that somebody may move into today, by pool."""
        free = np.maximum(self._rules.capacity[:, day] - self._taken, 0)
        return free if self._rules.open_days is None else np.where(self._rules.open_days[:, day], free, 0)

    def move_in(self, day: int, top: Counts, free: Counts) -> Counts:
        """Fill free places, first come first served; return the places left over, by pool."""
        waiting = np.maximum(top - self.entered, 0)
        wanted = waiting.reshape(self._count, -1).sum(axis=0)
        entering = np.where(np.tile(free >= wanted, self._count), waiting, 0)
        contested = np.flatnonzero((free > 0) & (free < wanted))
        if contested.size:
            self._who_came_first(entering, top, contested, free[contested])
        self._enter(day, entering)
        return np.asarray(np.maximum(free - wanted, 0))

    def _who_came_first(self, entering: Counts, top: Counts, pools: Index, left: Counts) -> None:
        """Choose who may enter in pools with fewer places left than people who wait, one person a pool at a time."""
        paths = np.arange(self._count)[:, None] * self._pools + pools
        position, last = self.entered[paths], top[paths]
        rank = np.where(position < last, self._rank[np.minimum(position, last), paths], NOBODY)
        columns = np.arange(len(pools))
        while columns.size:
            line = rank[:, columns].argmin(axis=0)
            position[line, columns] += 1
            here, end = position[line, columns], last[line, columns]
            rank[line, columns] = np.where(here < end, self._rank[here, paths[line, columns]], NOBODY)
            left[columns] -= 1
            columns = columns[left[columns] > 0]
        entering[paths] = position - self.entered[paths]

    def come_and_move_in(self, day: int, many: Counts) -> None:
        """Let so many people a pool come and move in on the same day, in the line served first; nobody else waits."""
        if many.any():
            order = self._order(day, np.arange(self._count))[:, None]
            first = np.where(self._lines.kinds >= 0, order, self._count).argmin(axis=0)
            entering = np.zeros_like(self.entered)
            entering[first * self._pools + np.arange(self._pools)] = many
            self._enter(day, entering)

    def _order(self, day: int, line: Index) -> Index:
        """Which line is served first of those who come on the same day; another one each day."""
        return np.asarray((line + day) % self._count)

    def _rank_first(self) -> None:
        """Rank those of the first day evenly: nobody knows who of them came first."""
        place = np.arange(int(self.top.max(initial=0)))[:, None]
        ranks = RANKS_A_DAY * (place + 0.5) / np.maximum(self.top, 1)
        self._make_room(len(place))
        self._rank[: len(place)] = ranks.astype(np.int32) - RANKS_A_DAY

    def _make_room(self, height: int) -> None:
        if height >= len(self._rank):
            more = np.zeros((height + 1, self._rank.shape[1]), dtype=np.int32)
            self._rank, self._end = np.concatenate([self._rank, more]), np.concatenate([self._end, more])

    def _oldest(self, paths: Index, position: Counts, top: Counts) -> Index:
        """Of lines on the same pools, (line, pool), the one whose person at ``position`` came first.

        Samples where nobody is there are left out.
        """
        here = position[paths]
        there = here < top[paths]
        rank = np.where(there, self._rank[np.where(there, here, 0), paths], NOBODY)
        first = rank.argmin(axis=0)
        pools = np.flatnonzero(there.any(axis=0))
        return np.asarray(paths[first[pools], pools])

    def _enter(self, day: int, entering: Counts) -> None:
        """Move so many of the next people of each line into places."""
        paths = np.flatnonzero(entering)
        if not paths.size:
            return
        low = self.entered[paths]
        high = low + entering[paths]
        self._make_room(int(high.max()))
        each, position = _people(paths, low, high)
        level = self._levels.take(each * self._positions + position % self._positions)
        end = np.minimum(self._stays.take(self._stay_of.take(each) + level) + day, self._days)
        self._end[position, each] = end
        _count(self._leaving, end, each, 1)
        _count(self._freed, end + self._rules.turnaround, each % self._pools, 1)
        self._taken += entering.reshape(self._count, -1).sum(axis=0)
        self.inside += entering
        self.placed = self.placed + entering
        self.entered += entering

    def _vacate(self, day: int, paths: Index, end: Counts) -> None:
        """Free today the places of these people; of those whose stay has ended, places that are still got ready.

        A place is free at once, not after the turnaround. With more places somebody may be in one who would have left
        from hospital on that day and kept nobody waiting: nor must his place then.
        """
        ready = end + self._rules.turnaround
        held = ready > day
        paths, end, ready = paths[held], end[held], ready[held]
        pool, inside = paths % self._pools, end > day
        np.subtract.at(self._taken, pool, ONE)
        _count(self._freed, ready, pool, -1)
        np.subtract.at(self.inside, paths[inside], ONE)
        _count(self._leaving, end[inside], paths[inside], -1)

    def _pass_by_ended(self, day: int, paths: Index) -> None:
        """Move the front of each line past people whose stay has ended and whose place is ready again."""
        while True:
            paths = paths[self._front[paths] < self.entered[paths]]
            paths = paths[self._end[self._front[paths], paths] + self._rules.turnaround <= day]
            if not paths.size:
                return
            self._front[paths] += 1


def _people(paths: Index, low: Counts, high: Counts) -> tuple[Index, Index]:
    """Name the people of these lines at positions ``low`` to ``high`` - 1: line and pool of each, and position."""
    many = high - low
    each = np.repeat(paths, many)
    return each, np.arange(len(each)) + np.repeat(low - (many.cumsum() - many), many)


def _count(kept: Counts, day: npt.NDArray[np.integer[Any]] | int, path: Index, many: int) -> None:
    """Add people to ``kept``, (day, path); adding at one flat index, of one type, is much the quickest."""
    np.add.at(kept.reshape(-1), np.asarray(day, dtype=np.intp) * kept.shape[1] + path, np.int32(many))
