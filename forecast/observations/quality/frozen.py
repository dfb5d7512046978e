"""The same value day after day where the hospital's own record says that is improbable: carried forward, not counted.

How often two days running agree is learned from the hospital's other days at a similar level, with a weak prior from
how people come and go. A run of *k* repeats in *n* days is expected ``n p^k`` times by chance; it is flagged where
that is less than ``ONCE_IN``. The first day of a run may be a true count and is kept; its repeats are not.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from forecast.observations.quality.found import Found, Numbers, Truths, runs_by_column

FEWEST_REPEATS = 3
SMALLEST = 8.0  # fewer people than this repeat by chance
REJOIN_SMALLEST = 20.0
ONCE_IN = 1e-3  # expected runs by chance in a record; with 120 hospitals about one a metric in eight
SIMILAR = 1.5
PRIOR_DAYS = 20  # weight of the prior, in days of the hospital's own record
STAY_DAYS = 7.0  # mean stay behind the prior: people present change from day to day by sqrt(2 n / 7)
FEWEST_OTHERS = 14
LONGEST_HOLE = 2
REJOIN_DAYS = 3
WEEK = 7
DISTINCT = 4
USUAL_REPEATS = 0.5  # of its other days; King's Lynn repeats one in nine


def frozen(panel: pd.DataFrame) -> Iterator[Found]:
    """Repeats of one value over improbably many days, also where a weekend interrupts them."""
    values = panel.to_numpy(dtype=float)
    days = pd.DatetimeIndex(panel.index)
    filled = panel.ffill(limit=LONGEST_HOLE).to_numpy(dtype=float)
    same = np.zeros(values.shape, dtype=bool)
    same[1:] = (filled[1:] == filled[:-1]) & (filled[1:] >= SMALLEST)
    ties = same & ~np.isnan(values)
    spells: dict[int, list[tuple[int, int]]] = {}
    for column, first, last in runs_by_column(same):
        if np.count_nonzero(ties[first : last + 1, column]) >= FEWEST_REPEATS:
            spells.setdefault(column, []).append((first, last))
    for column, found in spells.items():
        own, tied = values[:, column], ties[:, column]
        for group in _joined(found, own):
            rows = np.concatenate([np.arange(first, last + 1) for first, last in group])
            repeats = int(np.count_nonzero(tied[rows])) + len(group) - 1
            if not _by_chance(own, tied, rows, repeats) < ONCE_IN:
                continue
            value, at = own[group[0][0] - 1], rows[tied[rows]]
            spans = f"on {repeats + 1} days from {days[group[0][0] - 1]:%-d %B %Y}"
            note = f"{value:,.0f} {spans}, where two days running seldom agree: carried forward, not counted"
            yield Found(days[at], str(panel.columns[column]), "frozen", note)


def repeated_weeks(panel: pd.DataFrame) -> Iterator[Found]:
    """Weeks whose figures are those of the week before, day for day; constant weeks are ``frozen``'s."""
    values = panel.to_numpy(dtype=float)
    days = pd.DatetimeIndex(panel.index)
    same = np.zeros(values.shape, dtype=bool)
    same[WEEK:] = (values[WEEK:] == values[:-WEEK]) & (values[WEEK:] >= SMALLEST)
    both = np.zeros(values.shape, dtype=bool)
    both[WEEK:] = ~np.isnan(values[WEEK:] + values[:-WEEK])
    for column, first, last in runs_by_column(same):
        own = values[first : last + 1, column]
        if len(own) < WEEK or len(np.unique(own[:WEEK])) < DISTINCT:
            continue
        others = both[:, column].copy()
        others[first : last + 1] = False
        repeated = np.count_nonzero(same[others, column])
        if np.count_nonzero(others) < FEWEST_OTHERS or repeated > USUAL_REPEATS * np.count_nonzero(others):
            continue  # a record that always repeats its week shows no usual change
        note = f"the same {len(own)} figures, day for day, as a week before: carried forward, not counted"
        yield Found(days[first : last + 1], str(panel.columns[column]), "frozen", note)


def _joined(found: list[tuple[int, int]], own: Numbers) -> list[list[tuple[int, int]]]:
    """Runs of one value that come back to it after a few days are one."""
    groups: list[list[tuple[int, int]]] = []
    for first, last in found:
        before = groups[-1][-1] if groups else None
        near = before is not None and first - 1 - before[1] <= REJOIN_DAYS + 1
        if before and near and own[first - 1] == own[before[1]] >= REJOIN_SMALLEST:
            groups[-1].append((first, last))
        else:
            groups.append([(first, last)])
    return groups


def _by_chance(own: Numbers, tied: Truths, rows: np.typing.NDArray[np.intp], repeats: int) -> float:
    """Expected number of such runs in the hospital's record if it counted every day."""
    value = own[rows[0] - 1]
    level = (own >= value / SIMILAR) & (own <= value * SIMILAR)
    level[rows] = False
    others = own > 0
    others[rows] = False
    if np.count_nonzero(others) < FEWEST_OTHERS:
        return np.inf  # a record that never moved shows no usual change
    prior = min(0.5, 0.4 / np.sqrt(2 * value / STAY_DAYS))
    agree = (np.count_nonzero(tied & level) + PRIOR_DAYS * prior) / (np.count_nonzero(level) + PRIOR_DAYS)
    return float(np.count_nonzero(~np.isnan(own)) * agree**repeats)
