"""People delayed, by the pathway they wait for, and the hospital months that cannot be right.

A reason may be of two pathways (end-of-life care: home or care home). Its people are shared out by the hospital's
other reasons of these pathways.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.observations.store import Store
from forecast.placements.waiting.published_counts import monthly_counts
from forecast.reference import Reference

REST = "rest"
NEWEST_FIRST = ("2024", "2022")
"""Specifications of the reasons; those of 2024 do not compare with earlier ones."""
FEWEST_PEOPLE = 10
"""With four in ten delays usually the hospital's own, ten without one happen once in two hundred months."""


def delay_counts(
    source: Store | pd.DataFrame, numbers: Sequence[str], tables: Reference, as_of: str | pd.Timestamp | None = None
) -> tuple[pd.DataFrame, str]:
    """Return people delayed by pathway in the newest specification that anybody told by a day, and its name.

    Parameters
    ----------
    source
        A store, or tidy observations.
    numbers
        Numbers of the pathways that need somebody else's care, such as 1, 2 and 3.
    tables
        Reference tables.
    as_of
        Only what was released on or before this day.

    Returns
    -------
    DataFrame, str
        Index (location, date), a column a pathway number and ``rest``: waiting for the hospital, for a decision or for
        a pathway that is not asked for. Empty, and an empty name, where nobody told.
    """
    ways = {row.code: row.pathway for row in tables.categories if row.kind == "reason"}
    for specification in NEWEST_FIRST:
        counts = monthly_counts(source, "reason", tables, specification=specification, as_of=as_of)
        counts = counts.fillna(0.0)
        if len(counts):
            return _by_pathway(counts, {str(code): ways[str(code)] for code in counts.columns}, numbers), specification
    return pd.DataFrame(columns=[*numbers, REST], dtype=float), ""


def unusable_months(counts: pd.DataFrame) -> pd.Series:
    """Say why a hospital month cannot be right: a text for each row, empty where it can.

    A hospital that counts ten people or more and none of them waits for the hospital itself, or none of them for
    onward care, has counted something else. A month of nobody tells nothing.
    """
    onward = counts.drop(columns=REST).sum(axis=1)
    people = onward + counts[REST]
    many = people >= FEWEST_PEOPLE
    reason = pd.Series("", index=counts.index, dtype=object)
    reason[people <= 0] = "nobody is counted"
    reason[many & (onward <= 0)] = "nobody is counted on a pathway of onward care"
    reason[many & (counts[REST] <= 0)] = "nobody is counted who waits for the hospital itself"
    return reason


def _by_pathway(counts: pd.DataFrame, ways: dict[str, tuple[str, ...]], numbers: Sequence[str]) -> pd.DataFrame:
    alone = {number: [code for code, own in ways.items() if own == (number,)] for number in {*numbers, "0"}}
    people = pd.DataFrame({number: counts[codes].sum(axis=1) for number, codes in alone.items()})
    usual = people.groupby(level="location").sum()
    everywhere = usual.sum()
    shared = people.copy()
    for own in {one for one in ways.values() if len(one) > 1}:
        among = [number for number in own if number in people]
        # one person spread as everywhere decides where a hospital counts nobody on these pathways
        weights = usual[among] + everywhere[among] / max(float(everywhere[among].sum()), 1.0)
        weights = weights.div(weights.sum(axis=1).replace(0.0, np.nan), axis=0).fillna(1 / len(among))
        of_both = counts[[code for code, ways_of in ways.items() if ways_of == own]].sum(axis=1)
        rows = weights.reindex(counts.index.get_level_values("location")).set_axis(counts.index)
        shared[among] += rows.mul(of_both, axis=0)
    found = shared[list(numbers)]
    return found.assign(**{REST: counts.sum(axis=1) - found.sum(axis=1)})
