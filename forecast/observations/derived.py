"""Metrics computed from published ones: sums and differences of their values, today's or of days before.

A formula is a chain of terms such as ``nctr_patients(t) - nctr_remaining(t-1)``: t is the day, t-1 the day before. The
formulas stand in ``data/reference/derived_metrics.csv``. A computed value is missing where any term is. It is never
altered: a difference below zero stays as computed and is flagged, since one of the returns that it comes from is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from forecast.formulas import Term
from forecast.observations import table
from forecast.observations.quality.found import first_of_each
from forecast.observations.quality.kinds import findings, masking

NEGATIVE = "negative"


def computed(terms: Sequence[Term], read: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """The panel of a formula; a value is missing where any term's is.

    Parameters
    ----------
    terms
        Those of the formula.
    read
        From a metric to its panel.
    """
    total = pd.DataFrame()
    for place, term in enumerate(terms):
        values = term.sign * _on_its_day(read(term.metric), term)
        total = values if place == 0 else total.add(values)
    return table.regular(total) if len(total) else total


def is_sum(terms: Sequence[Term]) -> bool:
    """Whether a formula adds values of one day, so that its result can be judged as a published count can."""
    return all(term.sign > 0 and not term.days for term in terms)


def flags(
    panel: pd.DataFrame, terms: Sequence[Term], flags_of: Callable[[str], pd.DataFrame], locations: Sequence[str] | None
) -> pd.DataFrame:
    """Flags of a difference: where a value that it comes from is wrong, or where it falls below zero.

    What is told about a series that it comes from, as a whole, is told of the difference from the same day.

    Parameters
    ----------
    panel
        The computed values.
    terms
        Those of the formula.
    flags_of
        From a metric to its flags (date, location, flag, note).
    locations
        Judge only these; None: all.
    """
    wrong, told = [], []
    for term in terms:
        flagged = flags_of(term.metric)
        flagged = flagged.assign(note=f"{term.metric}: " + flagged["note"].astype(str))
        carried = masking(flagged)
        wrong.append(carried.assign(date=carried["date"] + pd.Timedelta(days=term.days)))
        told.append(findings(flagged))
    values = panel.rename_axis(index="date", columns="location").reset_index().melt("date").dropna()
    wanted = values if locations is None else values[values["location"].isin(list(locations))]
    negative = wanted.loc[wanted["value"] < 0, ["date", "location"]].assign(
        flag=NEGATIVE,
        note=f"below zero as computed from {' and '.join(map(str, terms))}: one of the returns is wrong",
    )
    every = pd.concat([*wrong, negative], ignore_index=True)
    key = ["date", "location"]
    here = pd.MultiIndex.from_frame(every[key]).isin(pd.MultiIndex.from_frame(wanted[key]))
    return first_of_each(pd.concat([every[here], *told], ignore_index=True))


def _on_its_day(panel: pd.DataFrame, term: Term) -> pd.DataFrame:
    return panel.set_axis(panel.index + pd.Timedelta(days=term.days), axis=0) if len(panel) else panel
