"""Known faults put into the simulated twin, so that it can be measured how many of them are found.

Each fault is what a published series has shown: a digit typed twice, a week carried forward, a hospital that halves.
They are laid at random places, apart from each other, from the traps the twin has of its own and, for faults that
need something to go wrong with, on counts that are large enough. What was laid is returned as the truth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.errors import InputError
from forecast.observations.publication import released
from forecast.reference import Reference, reference
from forecast.sources.twin_fault_kinds import KINDS, Array, Days, Fault

APART_DAYS = 21
MARGIN_DAYS = 35
TRIES = 400
EMPTY_SUMMER_DAYS = 60
SEASONAL = "flu_ga_beds_occupied"
MERGED = "nctr_patients"
COLUMNS = ["kind", "metric", "location", "first", "last", "flags"]
_ALIKE = (("nctr_patients", "nctr_discharged", "nctr_remaining"), ("ga_beds_open", "ga_beds_occupied"))


@dataclass(frozen=True, eq=False)
class Faulty:
    """Observations with faults in them, and the truth.

    Attributes
    ----------
    observations
        Tidy frame, as the twin has it.
    faults
        ``kind``, ``metric``, ``location``, ``first``, ``last``, ``flags`` (those that find it, with spaces between).
    """

    observations: pd.DataFrame
    faults: pd.DataFrame


@dataclass(frozen=True, eq=False)
class _Panel:
    """One metric as an array, days x places; where something is laid already; which places are sums."""

    days: pd.DatetimeIndex
    codes: list[str]
    counts: Array
    busy: NDArray[np.bool_]
    areas: frozenset[str]


def inject(
    observations: pd.DataFrame,
    *,
    seed: int,
    each: int = 10,
    kinds: Sequence[str] | None = None,
    traps: pd.DataFrame | None = None,
    tables: Reference | None = None,
) -> Faulty:
    """Lay faults into a tidy frame of the twin.

    Parameters
    ----------
    observations
        Tidy observations.
    seed
        Same seed, same faults.
    each
        How many of each kind; fewer where there is no room left. Of ``off season`` and ``merger``, which take up a
        whole panel, one at most.
    kinds
        Which kinds; all of ``twin_fault_kinds.KINDS`` with ``off season`` and ``merger`` when left out.
    traps
        ``location``, ``metric``, ``first``, ``last`` of what is wrong already; faults keep away from it.
    tables
        Reference tables; those in force when left out.

    Raises
    ------
    InputError
        A kind is not known.
    """
    known = [*_WHOLE_PANEL, *KINDS]
    wanted = known if kinds is None else list(kinds)
    if unknown := [kind for kind in wanted if kind not in known]:
        raise InputError(f"fault {unknown[0]!r} is not known; choose from {', '.join(known)}")
    rng = np.random.default_rng(seed)
    tables = tables or reference()
    panels = _panels(observations, traps, tables)
    laid: list[tuple[object, ...]] = []
    for kind in wanted:
        laid += _lay(KINDS[kind], each, panels, rng) if kind in KINDS else _WHOLE_PANEL[kind](panels, rng)
    faults = pd.DataFrame(laid, columns=COLUMNS)
    return Faulty(_tidy(observations, panels, tables), faults)


def _lay(fault: Fault, each: int, panels: Mapping[str, _Panel], rng: np.random.Generator) -> list[tuple[object, ...]]:
    laid: list[tuple[object, ...]] = []
    for _ in range(TRIES):
        if len(laid) == each:
            break
        metric = str(rng.choice([m for m in fault.metrics if m in panels]))
        panel = panels[metric]
        column = int(rng.integers(len(panel.codes)))
        many = int(rng.integers(fault.days[0], fault.days[1] + 1))
        if panel.codes[column] in panel.areas or len(panel.days) < many + 2 * MARGIN_DAYS:
            continue
        first = int(rng.integers(MARGIN_DAYS, len(panel.days) - many - MARGIN_DAYS))
        rows, around = slice(first, first + many), slice(first - APART_DAYS, first + many + APART_DAYS)
        before, now = panel.counts[first - MARGIN_DAYS : first, column], panel.counts[rows, column]
        other = panels[fault.other].counts[rows, column] if fault.other else now
        whole = not np.isnan(np.r_[before, now, other]).any()
        if panel.busy[around, column].any() or not whole or now[0] < fault.smallest:
            continue
        made = fault.make(Days(now.copy(), before.copy(), other.copy()), rng)
        if np.array_equal(made, now):
            continue
        panel.counts[rows, column] = made
        for name in _alike(metric, panels):
            panels[name].busy[around, column] = True
        span = panel.days[first], panel.days[first + many - 1]
        laid.append((fault.kind, metric, panel.codes[column], *span, " ".join(fault.flags)))
    return laid


def _off_season(panels: Mapping[str, _Panel], rng: np.random.Generator) -> list[tuple[object, ...]]:
    """Weeks of a summer filled with zeros at every hospital."""
    panel = panels[SEASONAL]
    summers = np.flatnonzero((panel.days.month == 6) & (panel.days.day == 1))
    if len(summers) == 0:
        return []
    first = int(rng.choice(summers))
    rows = slice(first, first + EMPTY_SUMMER_DAYS)
    panel.counts[rows] = 0.0
    span = panel.days[first], panel.days[first + EMPTY_SUMMER_DAYS - 1]
    return [("off season", SEASONAL, code, *span, "off_season") for code in panel.codes if code not in panel.areas]


def _merger(panels: Mapping[str, _Panel], rng: np.random.Generator) -> list[tuple[object, ...]]:
    """One hospital's counts go into another's from a day of the last year but one on."""
    panel = panels[MERGED]
    gone, into = (int(c) for c in rng.choice(len(panel.codes), 2, replace=False))
    if {panel.codes[gone], panel.codes[into]} & panel.areas:
        return _merger(panels, rng)
    first = len(panel.days) - int(rng.integers(200, 500))
    for name in _alike(MERGED, panels):
        values = panels[name].counts
        values[first:, into] += values[first:, gone]
        values[first:, gone] = np.nan
        panels[name].busy[first - APART_DAYS :, [gone, into]] = True
    span = panel.days[first - 7], panel.days[first + 13]
    return [("merger", MERGED, panel.codes[column], *span, "merger") for column in (gone, into)]


_WHOLE_PANEL = {"off season": _off_season, "merger": _merger}


def _alike(metric: str, panels: Mapping[str, _Panel]) -> list[str]:
    """The metric and those compared with it: a fault in one would be doubted in the others."""
    together = next((group for group in _ALIKE if metric in group), (metric,))
    return [name for name in together if name in panels]


def _panels(observations: pd.DataFrame, traps: pd.DataFrame | None, tables: Reference) -> dict[str, _Panel]:
    panels = {}
    areas = frozenset(code for code, place in tables.locations.items() if place.kind != "trust")
    for metric, rows in observations.groupby("metric"):
        wide = rows.pivot_table(index="date", columns="location", values="value").asfreq("D").astype(float)
        values = wide.to_numpy(copy=True)
        codes = [str(code) for code in wide.columns]
        panels[str(metric)] = _Panel(
            pd.DatetimeIndex(wide.index), codes, values, np.zeros(values.shape, dtype=bool), areas
        )
    apart = pd.Timedelta(days=APART_DAYS)
    for row in [] if traps is None else traps.to_dict("records"):
        for name in _alike(str(row["metric"]), panels):
            panel = panels[name]
            near = (panel.days >= row["first"] - apart) & (panel.days <= row["last"] + apart)
            panel.busy[near, panel.codes.index(str(row["location"]))] = True
    return panels


def _tidy(observations: pd.DataFrame, panels: Mapping[str, _Panel], tables: Reference) -> pd.DataFrame:
    """Rows of the panels' values, each with the day its publication rule gives it."""
    parts = []
    for metric, panel in panels.items():
        release = released(panel.days.to_series(), metric, tables).to_numpy()
        rows, columns = np.nonzero(~np.isnan(panel.counts))
        parts.append(
            pd.DataFrame(
                {
                    "date": panel.days[rows],
                    "location": np.asarray(panel.codes, dtype=object)[columns],
                    "metric": metric,
                    "value": panel.counts[rows, columns],
                    "released": release[rows],
                    "source": observations["source"].iloc[0],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)[list(observations.columns)]
