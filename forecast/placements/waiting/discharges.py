"""Discharges by pathway and month, with what cannot be right left out and put in from other months and hospitals.

A hospital records every discharge of some months as pathway 0, or hardly any person who goes home with support: habits
of recording, not of care. Such figures are flagged and imputed; what was published stays beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from forecast.errors import InputError
from forecast.observations.store import Store
from forecast.placements.waiting.pathways import pathways
from forecast.placements.waiting.published_counts import as_of_day, codes_of, monthly_counts, own_pathway
from forecast.reference import Reference, reference

ALL = "all"
HOME = "1"
FEWEST_PEOPLE = 100
"""Of a month with fewer discharges none need be to onward care."""
LOW_MONTH = 0.4
"""Of the hospital's own median month: below it a month's record of onward care is not finished."""
LEAST_HOME_SHARE = 0.2
"""Of discharges to onward care; 5 of 121 trusts were below it in 2023, half of them between 0.47 and 0.67."""
NOT_RECORDED = "every discharge is recorded as pathway 0"
LOW = "far fewer discharges to onward care than in its other months"
HOME_NOT_RECORDED = "hardly any discharge home with support is recorded"


@dataclass(frozen=True, eq=False)
class Discharges:
    """Discharges to onward care by hospital and month.

    Attributes
    ----------
    published
        Index (location, date), the date the first of the month; a column a pathway code, in people a month.
    people
        The same, with imputed values where what was published cannot be right; NaN where nothing can be said.
    reasons
        The same, with the reason why a value is imputed; empty where it is as published.
    """

    published: pd.DataFrame
    people: pd.DataFrame
    reasons: pd.DataFrame

    def a_day(self, first: str | pd.Timestamp | None = None, last: str | pd.Timestamp | None = None) -> pd.DataFrame:
        """People a day, hospital by pathway, over the months from that of ``first`` to that of ``last``.

        Raises
        ------
        InputError
            There is no month.
        """
        months = pd.DatetimeIndex(self.people.index.get_level_values("date"))
        within = pd.Series(True, index=self.people.index)
        if first is not None:
            within &= months >= as_of_day(first).replace(day=1)
        if last is not None:
            within &= months <= as_of_day(last)
        if not within.any():
            raise InputError(f"discharges: no month from {first} to {last}; those told are {_span(months)}")
        chosen = self.people[within]
        days = pd.Series(months[within.to_numpy()].days_in_month, index=chosen.index)
        known = chosen.notna()
        total = chosen.groupby(level="location").sum(min_count=1)
        return total / known.mul(days, axis=0).groupby(level="location").sum()


def pathway_discharges(
    source: Store | pd.DataFrame,
    hospitals: Sequence[str],
    as_of: str | pd.Timestamp | None = None,
    *,
    tables: Reference | None = None,
) -> Discharges:
    """Return the discharges of hospitals by pathway and month, as known on a day.

    A month whose record of onward care is missing or unfinished is given the hospital's own shares of all discharges
    in its other months, else those of all hospitals. Discharges home with support that are hardly recorded are given
    the number that would make them the same share of those to onward care as at all usable hospitals.

    Parameters
    ----------
    source
        A store, or tidy observations with ``date``, ``location``, ``metric``, ``value`` and perhaps ``released``.
    hospitals
        Codes.
    as_of
        Only what was released on or before this day; everything when left out.
    tables
        Reference tables; those in force when left out.

    Returns
    -------
    Discharges
        Of the hospitals and months that told of any discharge.

    Raises
    ------
    InputError
        ``hospitals`` is no list of codes, ``source`` neither a store nor a tidy frame, or ``as_of`` no date.
    """
    hospitals = codes_of(hospitals)
    tables = tables or reference()
    ways = pathways(tables)
    numbers, codes = [way.number for way in ways], [way.code for way in ways]
    counts = _by_pathway(source, numbers, tables, as_of)
    unfinished = _unfinished(counts[numbers], counts[ALL])
    usable = counts[unfinished == ""].groupby(level="location").sum()
    silent = usable[HOME] < LEAST_HOME_SHARE * usable[numbers].sum(axis=1)
    pooled = usable[~silent]
    chosen = counts[counts.index.get_level_values("location").isin(list(hospitals))]
    people, reasons = chosen[numbers].copy(), chosen[numbers].astype(object)
    reasons.loc[:, :] = ""
    everywhere = pooled[numbers].sum() / pooled[ALL].sum() if len(pooled) else None
    for key in chosen.index[unfinished.loc[chosen.index] != ""]:
        own = usable.loc[key[0]] if key[0] in usable.index else None
        shares = own[numbers] / own[ALL] if own is not None else everywhere
        people.loc[key] = float("nan") if shares is None else shares * chosen.loc[key, ALL]
        reasons.loc[key] = unfinished[key]
    others = [number for number in numbers if number != HOME]
    elsewhere = float(pooled[others].sum().sum())
    odds = pooled[HOME].sum() / elsewhere if elsewhere > 0 else float("nan")
    for code in hospitals:
        if silent.get(code, False):
            people.loc[[code], HOME] = people.loc[[code], others].sum(axis=1) * odds
            reasons.loc[[code], HOME] = HOME_NOT_RECORDED
    named = dict(zip(numbers, codes, strict=True))
    return Discharges(*(one.rename(columns=named) for one in (chosen[numbers], people, reasons)))


def _by_pathway(
    source: Store | pd.DataFrame, numbers: list[str], tables: Reference, as_of: str | pd.Timestamp | None
) -> pd.DataFrame:
    """People by pathway number, and all of them: index (location, date)."""
    counts = monthly_counts(source, "destination", tables, as_of=as_of).fillna(0.0)
    ways = {row.code: own_pathway(row) for row in tables.categories if row.kind == "destination"}
    found = {n: counts[[c for c in counts.columns if ways[str(c)] == n]].sum(axis=1) for n in numbers}
    table = pd.DataFrame({**found, ALL: counts.sum(axis=1)}, index=counts.index)
    return table[table[ALL] > 0]


def _unfinished(onward: pd.DataFrame, everybody: pd.Series) -> pd.Series:
    """Say why a month's record of onward care cannot be right: a text a row, empty where it can."""
    people = onward.sum(axis=1)
    reason = pd.Series("", index=onward.index, dtype=object)
    nobody = (people == 0) & (everybody >= FEWEST_PEOPLE)
    usual = people.where(~nobody).groupby(level="location").transform("median")
    reason[(people < LOW_MONTH * usual) & (everybody >= FEWEST_PEOPLE)] = LOW
    reason[nobody] = NOT_RECORDED
    return reason


def _span(months: pd.DatetimeIndex) -> str:
    return f"{months.min():%B %Y} to {months.max():%B %Y}" if len(months) else "none"
