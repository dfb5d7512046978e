"""What forecasters learn from: the usable values of every hospital trust, as known on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import pandas as pd

from forecast.observations.store import Store
from forecast.reference import Reference


def trusts(codes: Iterable[object], tables: Reference) -> list[str]:
    """Hospital trusts among the codes: areas are their sums, and would count them twice.

    All codes where none is a trust: a panel of somebody else's places.
    """
    named = [str(code) for code in codes]
    found = [code for code in named if code in tables.locations and tables.locations[code].kind == "trust"]
    return found or named


def usable_values(
    store: Store, metric: str, as_of: pd.Timestamp | None, tables: Reference, also: Sequence[str] = ()
) -> pd.DataFrame:
    """Panel of every trust that has told the metric by a day, without the values that cannot be right.

    Parameters
    ----------
    store
        Observations.
    metric
        Its name.
    as_of
        Only what was released by then; None: everything.
    tables
        Say which locations are trusts.
    also
        Further columns, such as counties; all NaN where nobody told them.

    Raises
    ------
    InputError, StoreError
        As ``Store.panel``.
    """
    told = trusts(store.panel(metric, as_of=as_of).columns, tables)
    return store.panel(metric, list(dict.fromkeys([*told, *also])), as_of=as_of, clean=True)


def learning_panel(
    values: pd.DataFrame, last: pd.Timestamp, step: int, days: int, keep: Collection[str]
) -> pd.DataFrame:
    """Steps up to a date, of the locations that have a value in them.

    Parameters
    ----------
    values
        Dates by location.
    last
        Last date of the result, whether or not anybody has a value on it.
    step
        Days in a step: 1, or 7 counted back from ``last``.
    days
        Days to learn from.
    keep
        Locations that stay, and come into being, though they have no value: those to forecast.

    Returns
    -------
    DataFrame
        A copy, from the first date with a value; ``attrs`` are those of ``values``.
    """
    dates = pd.date_range(end=last, periods=max(days // step, 1), freq=f"{step}D", unit="us", name="date")
    absent = [code for code in keep if code not in values.columns]
    found = values.reindex(index=dates, columns=[*values.columns, *absent])
    known = found.notna()
    found = found.loc[known.any(axis=1).cummax(), known.any() | found.columns.isin(list(keep))].copy()
    found.columns.name = "location"
    found.attrs = dict(values.attrs)
    return found
