"""The situation the toolkit was asked about: 600 people fit to leave, 150 of them waiting for social care, 44 flats."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.defaults import first_county
from forecast.placements.plans.names import FrozenMap
from forecast.reference import Reference, reference


@dataclass(frozen=True, kw_only=True)
class WorkedExample:
    """A county on one day, as reported, and two plans for it.

    Parameters
    ----------
    fit_to_leave
        People fit to leave and still in a bed at the county's hospitals.
    waiting_for_social_care
        Of them, people who wait for residential care, housing with care or care at home.
    people_helped
        People who lived in the flats when there were the fewer of them.
    day
        First day of the example; the reports are undated, so that it is assumed.
    hospitals
        Hospital -> its share of ``fit_to_leave``.
    plan
        As now: the newer number of flats, all full.
    fewer_flats
        What if: the older number of flats. Who is in one of the others stays to the end of his stay.
    source
        Where the figures are from.
    """

    fit_to_leave: int
    waiting_for_social_care: int
    people_helped: int
    day: pd.Timestamp
    hospitals: FrozenMap[float]
    plan: PlacementPlan
    fewer_flats: PlacementPlan
    source: str


def worked_example(location: str | None = None, *, tables: Reference | None = None) -> WorkedExample:
    """Return a county's situation as reported, from the reference tables; the first county's unless said otherwise.

    Raises
    ------
    InputError
        The county is unknown, or its report is not in the reference.
    """
    tables = tables or reference()
    location = location or first_county(tables)
    now = PlacementPlan.of(location, tables=tables)
    row = tables.assumption("fit_to_leave_patients", location)
    helped = int(tables.assumption("flats_people_helped", location).value)
    flats, fewer = (int(tables.assumption(name, location).value) for name in ("flats", "flats_early"))
    weights = {code: tables.assumption("fit_to_leave_winter_mean", code).value for code in tables.members(location)}
    return WorkedExample(
        fit_to_leave=int(row.value),
        waiting_for_social_care=int(tables.assumption("waiting_for_social_care", location).value),
        people_helped=helped,
        day=now.flats.steps[-1][0],
        hospitals=FrozenMap({code: weight / sum(weights.values()) for code, weight in weights.items()}),
        plan=now.changed(flats=flats),
        fewer_flats=now.changed(flats=fewer),
        source=row.source,
    )
