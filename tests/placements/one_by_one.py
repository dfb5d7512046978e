"""The queue for places told person by person: slow, and as plain as the rules are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from forecast.placements.queues.lines import Lines, Rules
from forecast.placements.queues.queue import RANKS_A_DAY


@dataclass(eq=False)
class Person:
    """Somebody who came: where he is, and from which day on the place he is or was in is free for another."""

    line: int
    position: int
    rank: int
    is_in: str = "hospital"
    ends: int = -1
    holds_until: int = -1

    @property
    def turn(self) -> tuple[int, int, int]:
        return self.rank, self.line, self.position


@dataclass
class Pool:
    """One pool of ``lines`` under ``rules``, day after day."""

    lines: Lines
    rules: Rules
    pool: int
    stacks: list[list[Person]] = field(default_factory=list)

    def counts(self) -> dict[str, np.ndarray]:
        """Counts as in ``Served``, (line, date)."""
        height = self.lines.height[:, self.pool]
        found = {name: np.zeros(height.shape, int) for name in ("entered", "placed", "inside", "finished", "went_home")}
        for line, many in enumerate(self.lines.first[:, self.pool]):
            ranks = [int(RANKS_A_DAY * (place + 0.5) / many) - RANKS_A_DAY for place in range(many)]
            self.stacks.append([Person(line, place, rank) for place, rank in enumerate(ranks)])
        for day in range(height.shape[1]):
            moves = {"finished": self._end_stays(day)}
            self._leave_and_come(day, height[:, day])
            moves["went_home"] = self._go_home(day)
            moves["placed"] = self._move_in(day)
            for line, stack in enumerate(self.stacks):
                found["inside"][line, day] = sum(one.is_in == "place" for one in stack)
                found["entered"][line, day] = sum(one.is_in != "hospital" for one in stack)
                for name, many in moves.items():
                    found[name][line, day] = many[line]
        return found

    def _everybody(self) -> list[Person]:
        return [one for stack in self.stacks for one in stack]

    def _end_stays(self, day: int) -> Counter[int]:
        ending = [one for one in self._everybody() if one.is_in == "place" and one.ends == day]
        for one in ending:
            one.is_in = "away"
        return Counter(one.line for one in ending)

    def _leave_and_come(self, day: int, height: np.ndarray) -> None:
        for line, stack in enumerate(self.stacks):
            del stack[height[line] :]
            rank = day * RANKS_A_DAY + (line + day) % len(self.stacks)
            stack += [Person(line, place, rank) for place in range(len(stack), height[line])]

    def _go_home(self, day: int) -> Counter[int]:
        went: Counter[int] = Counter()
        starts = self.rules.extra_starts
        for _ in range(0 if starts is None else int(starts[self.pool, day])):
            # A start that is offered to somebody whose place is still got ready for the next only frees his place.
            asked = [one for one in self._everybody() if self.lines.starts[one.line, self.pool]]
            asked = [one for one in asked if one.is_in == "hospital" or one.holds_until > day]
            if asked:
                one = min(asked, key=lambda each: each.turn)
                went[one.line] += one.is_in != "away"
                one.is_in, one.holds_until = "away", day
        return went

    def _move_in(self, day: int) -> Counter[int]:
        moved: Counter[int] = Counter()
        rules, pool = self.rules, self.pool
        if rules.open_days is not None and not rules.open_days[pool, day]:
            return moved
        already = sum(leaves + rules.turnaround > day for leaves in rules.already[pool] if leaves >= 0)
        free = rules.capacity[pool, day] - already - sum(one.holds_until > day for one in self._everybody())
        waiting = [one for one in self._everybody() if one.is_in == "hospital"]
        if rules.assessed is not None:
            waiting = [one for one in waiting if one.position < rules.assessed[one.line, pool, day]]
        for one in sorted(waiting, key=lambda each: each.turn)[: max(free, 0)]:
            level = self.lines.levels[one.line, pool, one.position % self.lines.levels.shape[2]]
            one.is_in, one.ends = "place", day + int(self.lines.stays[self.lines.kinds[one.line, pool], level])
            one.holds_until = one.ends + rules.turnaround
            moved[one.line] += 1
        return moved
