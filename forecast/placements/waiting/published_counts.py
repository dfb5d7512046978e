"""Monthly counts by reason or destination, as known on a day, of every hospital that told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from forecast.categories import Category, metric_name
from forecast.errors import InputError
from forecast.observations.store import Store
from forecast.observations.table import to_panel
from forecast.placements.plans.numbers import is_list, said
from forecast.reference import Reference

COLUMNS = ("date", "location", "metric", "value")


def monthly_counts(
    source: Store | pd.DataFrame,
    kind: str,
    tables: Reference,
    *,
    specification: str = "",
    as_of: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Return people by category: index (location, date), the date the first of the month; one column a category code.

    Parameters
    ----------
    source
        A store, or tidy observations.
    kind
        ``reason`` or ``destination``.
    tables
        Reference tables.
    specification
        That of the reasons, ``2022`` or ``2024``; of destinations all.
    as_of
        Only what was released on or before this day; everything when left out.

    Returns
    -------
    DataFrame
        Hospitals alone, no totals; NaN where a hospital told nothing of a category, or no number of people. Empty where
        nobody told.

    Raises
    ------
    InputError
        The source is neither a store nor a tidy frame, or ``as_of`` is no date.
    """
    as_of = None if as_of is None else as_of_day(as_of)
    wanted = [one for one in tables.categories if one.kind == kind and specification in ("", one.specification)]
    stored = set(source.metrics()["metric"]) if isinstance(source, Store) else None
    panels = {}
    for category in wanted:
        name = metric_name(category.code, kind, "monthly", specification=category.specification)
        panel = _panel(source, name, as_of) if name and (stored is None or name in stored) else None
        if panel is not None:
            told = panel[_hospitals(panel, tables)].melt(var_name="location", ignore_index=False)
            people = told.set_index("location", append=True).swaplevel()["value"]
            panels[category.code] = people.where((people >= 0) & (people < float("inf")))
    empty = pd.DataFrame(index=pd.MultiIndex.from_arrays([[], []], names=["location", "date"]))
    if not panels:
        return empty
    return pd.DataFrame(panels).dropna(how="all").sort_index()


def own_pathway(category: Category) -> str:
    """Number of the pathway that a category belongs to alone; empty of none or several."""
    return category.pathway[0] if len(category.pathway) == 1 else ""


def codes_of(hospitals: Sequence[str]) -> list[str]:
    """Return the codes of hospitals as a list.

    Raises
    ------
    InputError
        They are a single text, or not texts.
    """
    if isinstance(hospitals, str):
        raise InputError(f"hospitals: {hospitals!r} is one text; give a list of codes")
    codes = list(hospitals) if is_list(hospitals) else [None]
    if not all(isinstance(code, str) for code in codes):
        raise InputError(f"hospitals: {said(hospitals)}; give a list of codes, such as ['RM1']")
    return [str(code) for code in codes]


def as_of_day(as_of: str | pd.Timestamp) -> pd.Timestamp:
    """Return a day of a text or a timestamp; an ``InputError`` where it is none."""
    try:
        day = pd.Timestamp(as_of) if isinstance(as_of, str | dt.date) else None
    except ValueError:
        day = None
    if day is None or pd.isna(day):
        raise InputError(f"as_of is {said(as_of)}; give a date such as 2024-01-31")
    return day.tz_localize(None)


def _panel(source: Store | pd.DataFrame, metric: str, as_of: str | pd.Timestamp | None) -> pd.DataFrame | None:
    if isinstance(source, Store):
        return source.panel(metric, as_of=as_of)
    if not isinstance(source, pd.DataFrame) or not set(COLUMNS) <= set(source.columns):
        raise InputError(f"published counts: give a store or a frame with {', '.join(COLUMNS)}, not {said(source)}")
    rows = source[source["metric"] == metric]
    if as_of is not None and "released" in rows:
        rows = rows[rows["released"] <= pd.Timestamp(as_of)]
    if rows.empty:
        return None
    if isinstance(rows["date"].dtype, pd.DatetimeTZDtype):
        rows = rows.assign(date=rows["date"].dt.tz_localize(None))
    order = [column for column in ("released",) if column in rows]
    return to_panel(rows.sort_values(order) if order else rows, metric)


def _hospitals(panel: pd.DataFrame, tables: Reference) -> list[str]:
    return [str(c) for c in panel.columns if str(c) not in tables.locations or tables.locations[str(c)].kind == "trust"]
