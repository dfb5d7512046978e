"""What is known at an origin: the panel a forecaster learns from, and nothing later."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import cast

import numpy as np
import pandas as pd

from forecast.errors import InputError
from forecast.forecasters.panel import checked_panel
from forecast.observations.panels import as_day
from forecast.observations.table import regular

PanelAt = Callable[[pd.Timestamp], pd.DataFrame]
Panel = pd.DataFrame | PanelAt
"""A panel as finally known, or a function from a day to the panel as known on that day."""


def known_at(panel: Panel, origin: pd.Timestamp, history: int | None = None, what: str = "panel") -> pd.DataFrame:
    """Return the panel up to the origin.

    Parameters
    ----------
    panel
        A frame is cut at the origin; a function is asked what was known on that day.
    origin
        Day.
    history
        Days kept, up to the last date; None: all.
    what
        What to call it in a message.

    Raises
    ------
    InputError
        It is no panel, or holds nothing by then.
    """
    found: object = panel(origin) if callable(panel) else panel
    if not isinstance(found, pd.DataFrame):
        raise _no_panel(found, what)
    if not isinstance(found.index, pd.DatetimeIndex):
        raise InputError(f"{what}: the index is {type(found.index).__name__}; set a DatetimeIndex of days or weeks")
    kept = found.loc[found.index <= origin].sort_index()
    if kept.empty:
        raise InputError(f"{what}: nothing is known at the origin {origin:%Y-%m-%d}; begin with a later origin")
    if history is not None:
        kept = kept.loc[kept.index > kept.index[-1] - pd.Timedelta(days=history)]
    kept.attrs = dict(found.attrs)
    return kept


def truth_of(
    panel: Panel, observed: pd.DataFrame | None, totals: Mapping[str, Sequence[str]], zeros_missing: bool
) -> pd.DataFrame:
    """Return what happened: the panel given for it, else the one learned from, as last known, with the totals added.

    A total is the sum of its members on the days on which all are known; where a member is no column, the column of
    that name.

    Raises
    ------
    InputError
        There is no such panel, or nothing to make a total of.
    """
    found: object = observed
    if observed is None:
        found = panel if isinstance(panel, pd.DataFrame) else _latest(panel)
    if not isinstance(found, pd.DataFrame):
        raise InputError(f"observed is a {type(found).__name__}; give a DataFrame, dates by location")
    checked_panel(found)
    truth = regular(found.astype(np.float64))
    truth.columns = truth.columns.astype(str)
    if zeros_missing:
        truth = truth.mask(truth == 0)
    for name, members in totals.items():
        if set(members) <= set(truth.columns):
            truth[name] = truth[list(members)].sum(axis=1, min_count=len(members))
        elif name not in truth.columns:
            raise InputError(
                f"total {name!r}: the observed panel has neither it nor all of {', '.join(members)}; add the columns"
            )
    return truth


def checked_origins(origins: Iterable[object], panel: Panel, truth: pd.DataFrame) -> list[pd.Timestamp]:
    """Return origins as days in order, or say which cannot be one."""
    if isinstance(origins, (str, pd.Timestamp)):
        raise InputError(f"origins is {origins!r}; give a list of days, such as ['2024-01-07', '2024-01-14']")
    try:
        days = [cast(pd.Timestamp, as_day(day)) for day in origins]  # type: ignore[arg-type]
    except InputError as error:
        raise InputError(str(error).replace("as_of", "origin")) from None
    except TypeError:
        raise InputError(f"origins is {origins!r}; give a list of days, such as ['2024-01-07']") from None
    if not days or None in days:
        raise InputError(f"origins is {list(days)!r}; give at least one day")
    data = panel.index if isinstance(panel, pd.DataFrame) else truth.index
    latest = data.max() if isinstance(panel, pd.DataFrame) else None
    for day in days:
        if day < data.min() or (latest is not None and day > latest):
            raise InputError(
                f"origin {day:%Y-%m-%d} lies outside the data, {data.min():%Y-%m-%d} to {data.max():%Y-%m-%d}; choose "
                "origins within"
            )
    return sorted(set(days))


def _latest(panel: object) -> object:
    if not callable(panel):
        raise _no_panel(panel, "panel")
    try:
        return panel(None)
    except (TypeError, ValueError, AttributeError):
        raise InputError(
            "observed: the panel is a function that does not answer to None with all that is known; give the panel to "
            "score against with observed="
        ) from None


def _no_panel(found: object, what: str) -> InputError:
    return InputError(
        f"{what} is a {type(found).__name__}; give a DataFrame, dates by location, or a function from a day to one, "
        "such as store.panel_at(metric)"
    )
