"""The queues of all paths at once against the same told person by person."""

from dataclasses import replace

import numpy as np
import pytest
from made_lines import harder, people
from one_by_one import Pool

from forecast.placements.queues.lines import Lines, Rules
from forecast.placements.queues.service import serve


def _varied(seed: int) -> tuple[Lines, Rules]:
    """Return people under another plan than as now: closed days, extra starts, some not assessed, places by the day."""
    random = np.random.default_rng(seed)
    _, lines, rules = people(seed)
    moved = np.maximum(lines.height + random.integers(-6, 7, lines.height.shape), 0).astype(np.int32)
    lines = replace(lines, height=moved, starts=random.random(lines.starts.shape) < 0.7)
    rules = harder(lines, replace(rules, turnaround=int(random.integers(0, 6))), seed)
    if seed % 2:
        rules = replace(rules, assessed=None)
    if seed % 3:
        rules = replace(rules, capacity=random.integers(0, 15, rules.capacity.shape).astype(np.int32))
    return lines, rules


@pytest.mark.parametrize("seed", range(20))
def test_every_count_is_that_of_the_people_one_by_one(seed: int) -> None:
    lines, rules = _varied(seed)
    served = serve(lines, rules)
    for pool in range(0, 20, 4):
        for name, expected in Pool(lines, rules, pool).counts().items():
            assert getattr(served, name)[:, pool].tolist() == expected.tolist(), (name, pool)


def test_positions_beyond_those_with_a_stay_of_their_own_take_the_stays_of_the_first_again() -> None:
    lines, rules = _varied(1)
    lines = replace(lines, levels=lines.levels[:, :, :3])
    assert lines.height.max() > 3
    expected = Pool(lines, rules, 0).counts()["inside"]
    assert serve(lines, rules).inside[:, 0].tolist() == expected.tolist()
