"""Small queues for tests of the simulation's core."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forecast.placements.queues import stays
from forecast.placements.queues.lines import Counts, Lines, Rules
from forecast.placements.queues.service import heights_as_now

STAYS = np.stack([stays.table(stays.lognormal_stay(6, 0.6)), stays.table(stays.lognormal_stay(3, 0.4))])


def made(seed: int, lines: int = 3, pools: int = 20, days: int = 25) -> tuple[Counts, Lines, Rules]:
    """Return a queue that wanders, the lines of its people, and rules as now."""
    random = np.random.default_rng(seed)
    steps = random.normal(0, 1.5, (lines, pools, days)).cumsum(axis=2)
    waiting = np.maximum(np.rint(random.uniform(0, 8) + steps), 0).astype(np.int32)
    places = int(random.integers(0, 8))
    given = Lines(
        height=np.zeros_like(waiting),
        first=waiting[:, :, 0],
        stays=STAYS,
        kinds=random.integers(0, 2, (lines, 1)).repeat(pools, axis=1),
        levels=random.integers(0, stays.LEVELS, (lines, pools, 64), dtype=np.uint16),
        starts=np.ones((lines, pools), dtype=bool),
    )
    rules = Rules(
        capacity=np.full((pools, days), places, dtype=np.int32),
        already=random.integers(0, 9, (pools, places)).astype(np.int16),
        turnaround=int(random.integers(0, 3)),
    )
    return waiting, given, rules


def people(seed: int) -> tuple[Counts, Lines, Rules]:
    """Return the same with the heights under which the rules as now leave the queue waiting."""
    waiting, lines, rules = made(seed)
    return waiting, replace(lines, height=heights_as_now(waiting, lines, rules)), rules


def harder(lines: Lines, rules: Rules, seed: int) -> Rules:
    """Return the rules with closed days, extra starts of care at home and people who have not been assessed."""
    random = np.random.default_rng(seed)
    _, pools, days = lines.height.shape
    lag = int(random.integers(0, 4))
    padded = np.concatenate([lines.first[:, :, None]] * (lag + 1) + [lines.height], axis=2)
    windows = np.lib.stride_tricks.sliding_window_view(padded, lag + 1, axis=2)
    return replace(
        rules,
        open_days=random.random((pools, days)) < 0.8,
        extra_starts=random.integers(0, 3, (pools, days)).astype(np.int32),
        assessed=windows.min(axis=3)[:, :, 1:].astype(np.int32),
    )


def fewer(lines: Lines) -> Lines:
    """Return a third of the people, so that hardly anybody need move in while people already there leave."""
    return replace(lines, height=lines.height // 3, first=lines.first // 3)
