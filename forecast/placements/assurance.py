"""How many places make us how sure that nobody waits too long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.numbers import as_number, said
from forecast.placements.queues.lines import Counts, Lines, Rules, lowest_over
from forecast.placements.queues.people import People
from forecast.placements.queues.pools import ELSEWHERE
from forecast.placements.queues.service import serve
from forecast.placements.simulation import Inputs
from forecast.trajectories import Trajectories

LEVELS = (0.8, 0.9, 0.95)


@dataclass(frozen=True, eq=False)
class Assurance:
    """Places of each product with which nobody would wait longer than the plan's longest wait.

    Parameters
    ----------
    paths
        Product to (sample,): on each path the fewest usable places, open from the first day to the last; -1 where no
        number of places would do, because people wait for an assessment or on days when nobody may move in.
    needed
        Level by product: places that are enough on that share of paths; NaN where no number is.
    longest_wait
        Days that nobody waits longer than.
    """

    paths: Mapping[str, npt.NDArray[np.int64]]
    needed: pd.DataFrame
    longest_wait: int


def places_needed(
    people: People,
    plan: PlacementPlan | None = None,
    staff_absent: Trajectories | None = None,
    *,
    levels: Sequence[float] = LEVELS,
) -> Assurance:
    """Search, on every path at once, the fewest places with which nobody waits too long.

    More places never mean more waiting on a path, so that the search may halve its interval each time. Waiting is
    counted from the first day: nobody who waits now is too late yet. As waits are told at the most (see
    ``people_as_now``), so are places.

    Parameters
    ----------
    people
        Who comes.
    plan
        Everything but the number of places; as now unless given.
    staff_absent
        See ``placements``.
    levels
        Shares of paths, above 0 and below 1.

    Raises
    ------
    InputError
        A level is no share.
    """
    numbers = [as_number(level) for level in levels] if isinstance(levels, Sequence) else []
    if not numbers or not all(level is not None and 0 < level < 1 for level in numbers):
        raise InputError(f"assurance levels {said(levels)}: give shares between 0 and 1, such as 0.8, 0.9, 0.95")
    inputs = Inputs.of(people, plan, staff_absent)
    plan, lines, rules, pools = inputs.plan, inputs.lines(), inputs.rules(), inputs.pools
    fewest = fewest_places(lines, rules, plan.longest_wait)
    paths = {product: found for product, found in pools.of_pool(fewest).items() if product != ELSEWHERE}
    needed = {product: [_enough(found, level) for level in levels] for product, found in paths.items()}
    index = pd.Index(list(levels), name="level", dtype=float)
    return Assurance(paths, pd.DataFrame(needed, index=index, dtype=float), plan.longest_wait)


def most_taken(
    people: People, plan: PlacementPlan, staff_absent: Trajectories | None = None
) -> dict[str, npt.NDArray[np.int64]]:
    """Most places of each product taken at any time if there were places for everybody: product to (sample,)."""
    inputs = Inputs.of(people, plan, staff_absent)
    lines = inputs.lines()
    _, high, _ = _bounds(lines, inputs.rules(), lowest_over(lines.height, lines.first, plan.longest_wait))
    return {product: most for product, most in inputs.pools.of_pool(high).items() if product != ELSEWHERE}


def _enough(fewest: npt.NDArray[np.int64], level: float) -> float:
    """Fewest places that are enough on at least a share of paths."""
    reachable = np.sort(np.where(fewest < 0, np.iinfo(np.int64).max, fewest))
    found = reachable[int(np.ceil(level * len(reachable) - 1e-9)) - 1]
    return np.nan if found == np.iinfo(np.int64).max else float(found)


def fewest_places(lines: Lines, rules: Rules, longest_wait: int) -> npt.NDArray[np.int64]:
    """Fewest places in each pool, (pool,); -1 where none are enough."""
    before = lowest_over(lines.height, lines.first, longest_wait)
    low, high, possible = _bounds(lines, rules, before)
    # Throughout, ``high`` places are enough and ``low`` are not.
    while ((high - low)[possible] > 1).any():
        middle = (low + high) // 2
        given = with_places(rules, middle, before.shape[2])
        enough = ~too_late(before, serve(lines, given, noted=("entered",)).entered)
        open_yet = high - low > 1
        high, low = np.where(open_yet & enough, middle, high), np.where(open_yet & ~enough, middle, low)
    return np.where(possible, high, -1)


def _bounds(
    lines: Lines, rules: Rules, before: Counts
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Places that are too few, places that are enough, and whether any are, (pool,), from a run without bounds.

    With as many places as people everybody moves in as soon as he may. As many as are taken then, between two people
    too, are enough. Too few are those that cannot even hold the people who must have moved in by a day, less all who
    could have ended their stay by then, which nobody does sooner than there.
    """
    everybody = lines.height.sum(axis=0).max(axis=1).astype(np.int64) + (rules.already >= 0).sum(axis=1)
    served = serve(lines, with_places(rules, everybody, before.shape[2]))
    inside = served.inside.sum(axis=0) + served.already
    gone = np.diff(-inside, axis=1, prepend=-(rules.already >= 0).sum(axis=1)[:, None]) + served.placed.sum(axis=0)
    so_far = np.pad(gone.cumsum(axis=1), ((0, 0), (rules.turnaround, 0)))
    between = so_far[:, rules.turnaround :] - so_far[:, : gone.shape[1]]
    must = before.sum(axis=0) - (served.finished + served.went_home).sum(axis=0).cumsum(axis=1)
    # People already there may be more than there are places, as long as nobody has to move in.
    low = np.where(must > 0, must + served.already, 0).max(axis=1) - 1
    high = (inside + between).max(axis=1).astype(np.int64)
    return np.maximum(np.minimum(low, high - 1), -1), high, ~too_late(before, served.entered)


def too_late(before: Counts, entered: Counts) -> npt.NDArray[np.bool_]:
    """Whether in each pool anybody at any time is still waiting who came before so many days, (pool,)."""
    return np.asarray((before > entered).any(axis=(0, 2)))


def with_places(rules: Rules, places: npt.NDArray[np.int64], days: int) -> Rules:
    """Return the rules with so many places in each pool, (pool,), on every one of so many days."""
    return replace(rules, capacity=np.broadcast_to(places.astype(np.int32)[:, None], (len(places), days)))
