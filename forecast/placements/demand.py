"""From the forecast of people fit to leave to who waits in hospital for which onward care."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError
from forecast.placements.plans.wanted import wanted, wanted_levels, wanted_seed
from forecast.placements.waiting.backlog_paths import Backlog
from forecast.placements.waiting.pathways import pathways
from forecast.placements.waiting.queue_rules import QueueRule, queue_rules
from forecast.placements.waiting.shares import PathwayShares, reference_shares
from forecast.placements.waiting.whole_people import whole_people
from forecast.reference import Reference, reference
from forecast.trajectories import Trajectories

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, eq=False)
class Demand:
    """People at the end of a day who wait in hospital for onward care, with the places and services of today.

    Attributes
    ----------
    queue
        Whole people, (hospital, pathway, sample, date); read-only. The same sample number was drawn together.
    hospitals, pathways
        Codes along the first two axes.
    dates
        Days, one after the other.
    origin
        Last day whose data the forecast may have used.
    county
        The planning area in which all the hospitals lie; empty where they lie in none or in several.
    residents_only
        Whether only people who live in the hospital's county are counted.
    rules, shares
        How the queue was read off the count, and which pathways its people wait for.
    notes
        Hospital to plain words on how its queue was made.
    missing
        Hospital to the reason why it is left out.
    """

    queue: npt.NDArray[np.int32]
    hospitals: tuple[str, ...]
    pathways: tuple[str, ...]
    dates: pd.DatetimeIndex
    origin: pd.Timestamp
    county: str
    residents_only: bool
    rules: Mapping[str, QueueRule]
    shares: PathwayShares
    notes: Mapping[str, str]
    missing: Mapping[str, str]

    @property
    def samples(self) -> int:
        """Number of sample paths."""
        return int(self.queue.shape[2])

    def quantiles(self, levels: Sequence[float] = QUANTILES) -> pd.DataFrame:
        """Quantiles of who waits: columns location, pathway, date, quantile, value.

        Pathway ``all`` is the sum over pathways; of several hospitals in one county, the county is a location too.

        Raises
        ------
        InputError
            A level is no number from 0 to 1.
        """
        levels = wanted_levels("demand", levels)
        queue = np.concatenate([self.queue, self.queue.sum(axis=1, keepdims=True)], axis=1)
        places = [*self.hospitals]
        if self.county and len(places) > 1:
            queue = np.concatenate([queue, queue.sum(axis=0, keepdims=True)], axis=0)
            places.append(self.county)
        values = np.moveaxis(np.quantile(queue, levels, axis=2), 0, -1)
        axes: list[Any] = [places, [*self.pathways, "all"], self.dates, list(levels)]
        keys: pd.MultiIndex = pd.MultiIndex.from_product(axes, names=["location", "pathway", "date", "quantile"])
        return pd.DataFrame({"value": values.ravel()}, index=keys).reset_index()


def demand(
    trajectories: Trajectories | Mapping[str, Trajectories],
    *,
    shares: PathwayShares | None = None,
    queue_shares: Mapping[str, float] | None = None,
    residents_only: bool = False,
    tables: Reference | None = None,
    seed: int = 1,
) -> Demand:
    """Say who waits in hospital for which onward care, on every sample path of the backlog.

    A path's queue is its count of people fit to leave, times the share of them who wait for onward care, times the
    share of each pathway. Shares are drawn once a path; people are made whole so that the pathways sum to the queue.

    Parameters
    ----------
    trajectories
        Sample paths of ``nctr_patients`` or ``nctr_remaining`` at hospitals, or of both by metric: each hospital uses
        the count that its rule names, on the days that all are forecast. Counties, regions and nations in them are
        left aside. Weekly means, dated by the last day of the week, are read as days between the middles of weeks.
    shares
        Shares of delays by pathway; those of the reference tables when left out, or for a hospital that has none.
    queue_shares
        Hospital to the share of its count who wait for onward care, in place of what its rule says.
    residents_only
        Count only people who live in the hospital's county, by its ``catchment_share``.
    tables
        Reference tables; those in force when left out.
    seed
        Of the draws of shares and of rounding. A hospital's draws do not depend on which others there are.

    Returns
    -------
    Demand
        The queues; a hospital without a forecast on every day, or of another count than its rule needs, is in
        ``missing`` with the reason.

    Raises
    ------
    InputError
        No hospital can be told of, two forecasts differ in samples or have no day in common, or a setting is
        impossible.
    """
    tables, seed = tables or reference(), wanted_seed("demand", seed)
    if shares is not None:
        wanted("demand", shares, PathwayShares, "what pathway_shares returns, or leave it out")
    backlog = Backlog.of(trajectories, tables)
    rules = queue_rules(backlog.hospitals, tables, shares=queue_shares)
    found = {code: backlog.queue_of(rule) for code, rule in rules.items()}
    missing = {code: one for code, one in found.items() if isinstance(one, str)}
    counts = {code: one for code, one in found.items() if not isinstance(one, str)}
    if not counts:
        raise InputError(
            "demand: no hospital can be told of; " + "; ".join(f"{c}: {why}" for c, why in missing.items())
        )
    split = _split(shares, list(counts), tables)
    queue, notes = [], {}
    for code, (paths, words) in counts.items():
        live = _resident_share(code, tables) if residents_only else 1.0
        drawn = _of_queue(split.draws(backlog.samples, seed, [code])[0], rules[code].share)
        offsets = np.random.default_rng([seed, 1, *code.encode()]).random(backlog.samples)
        queue.append(whole_people(live * drawn[:, :, None] * paths[None], offsets))
        of_them = "" if live == 1 else f"; of them the {live:.0%} who live in the county"
        notes[code] = f"{words}{of_them}; {split.notes.get(code, '')}".removesuffix("; ")
    people = np.stack(queue)
    people.setflags(write=False)
    return Demand(
        queue=people,
        hospitals=tuple(counts),
        pathways=tuple(way.code for way in pathways(tables)),
        dates=backlog.dates,
        origin=backlog.origin,
        county=_county(list(counts), tables),
        residents_only=residents_only,
        rules={code: rules[code] for code in counts},
        shares=split,
        notes=notes,
        missing=missing,
    )


def _of_queue(drawn: npt.NDArray[np.float64], share: float | None) -> npt.NDArray[np.float64]:
    """Shares of the count by pathway: as drawn, or made to sum to the share that waits for onward care."""
    if share is None:
        return drawn
    total = drawn.sum(axis=0)
    return np.asarray(share * np.where(total > 0, drawn / np.where(total > 0, total, 1.0), 1 / len(drawn)))


def _split(shares: PathwayShares | None, hospitals: list[str], tables: Reference) -> PathwayShares:
    ways = tuple(way.code for way in pathways(tables))
    if shares is None:
        return reference_shares(hospitals, tables)
    if shares.pathways != ways:
        raise InputError(f"pathway shares are of {', '.join(shares.pathways)}; give those of {', '.join(ways)}")
    fallback = reference_shares([code for code in hospitals if code not in shares], tables)
    chosen = {code: fallback if code not in shares else shares for code in hospitals}
    return PathwayShares(
        ways,
        {code: one.means[code] for code, one in chosen.items()},
        {code: one.people[code] for code, one in chosen.items()},
        {code: one.notes.get(code, "") for code, one in chosen.items()},
    )


def _resident_share(code: str, tables: Reference) -> float:
    place = tables.locations.get(code)
    if place is None or place.catchment_share is None:
        raise InputError(
            f"residents only: nobody knows which share of the patients of {code} live in its county; add its "
            "catchment_share to locations.csv or count everybody"
        )
    if not 0 <= place.catchment_share <= 1:
        raise InputError(
            f"residents only: the catchment_share of {code} is {place.catchment_share:g} in "
            f"{tables.folder / 'locations.csv'}; give the share of its patients who live in the county, from 0 to 1"
        )
    return place.catchment_share


def _county(hospitals: list[str], tables: Reference) -> str:
    parents = {tables.locations[code].parent if code in tables.locations else "" for code in hospitals}
    counties = {county.code for county in tables.counties()}
    return parents.pop() if len(parents) == 1 and parents <= counties else ""
