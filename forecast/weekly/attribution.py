"""From a figure before to the same figure now, by way of forecasts made again: what each cause added.

Between the earlier forecast and today's stand two others: ``MODEL``, today's model on what was known then, and
``REVISION``, today's model on the same days as they are told today. Each differs from the one before it in one thing
alone, so the difference is what that thing added, and the differences sum to the whole change whatever the model does.
Where one of the two was not made, the causes on both sides of it are told as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.runs.changes_ahead import (
    ANY,
    BEFORE,
    MODEL,
    MODEL_OR_REVISION,
    NEW_DATA,
    NOW,
    REVISION,
    REVISION_OR_NEW,
)
from forecast.summary import LIKELY, week_means
from forecast.trajectories import Trajectories

Figures = npt.NDArray[np.float64]
STAGES = (BEFORE, MODEL, REVISION, NOW)
"""Forecasts from the earlier one to today's; each adds one cause."""
CAUSES = {
    (0, 1): MODEL,
    (1, 2): REVISION,
    (2, 3): NEW_DATA,
    (0, 2): MODEL_OR_REVISION,
    (1, 3): REVISION_OR_NEW,
    (0, 3): ANY,
}
"""What lies between two stages, by their numbers."""


def attributed(stages: Mapping[str, Figures | None]) -> dict[str, Figures]:
    """Return the figures before, what each cause added to them, and the figures now.

    Parameters
    ----------
    stages
        The figures of each of ``STAGES``; None where that forecast was not made or has none. Empty is the answer where
        there is nothing before or now.
    """
    known = [(number, found) for number, name in enumerate(STAGES) if (found := stages.get(name)) is not None]
    if not known or known[0][0] != 0 or known[-1][0] != len(STAGES) - 1:
        return {}
    added = {CAUSES[first, last]: after - before for (first, before), (last, after) in pairwise(known)}
    return {BEFORE: known[0][1], **added, NOW: known[-1][1]}


def week_figures(paths: Trajectories | None, location: str, date: pd.Timestamp) -> Figures | None:
    """Middle, low and high (9 in 10) of the mean of the week to a date; None where not all of it is forecast."""
    if paths is None or location not in paths.locations:
        return None
    means = week_means(paths, location, date)
    if means is None:
        return None
    found: Figures = np.quantile(means, [0.5, *LIKELY])
    return found


def week_rows(
    stages: Mapping[str, Trajectories | None], metric: str, location: str, date: pd.Timestamp
) -> list[dict[str, object]]:
    """Rows of ``FORECAST_COLUMNS`` on one week at one place; none where there was no forecast then, or is none now."""
    found = attributed({name: week_figures(paths, location, date) for name, paths in stages.items()})
    where = {"metric": metric, "location": location, "date": date}
    return [
        {**where, "part": part, "middle": float(middle), "low": float(low), "high": float(high)}
        for part, (middle, low, high) in found.items()
    ]


def place_rows(stages: Mapping[str, pd.DataFrame | None], county: str) -> list[dict[str, object]]:
    """Rows of ``PLACE_COLUMNS``: places needed, before and now, and what each cause added.

    Parameters
    ----------
    stages
        Columns level, product, places, for each of ``STAGES``; None where not planned.
    county
        Its code.
    """
    tables = {
        name: frame.set_index(["level", "product"])["places"] for name, frame in stages.items() if frame is not None
    }
    rows: list[dict[str, object]] = []
    for key in tables[BEFORE].index if {BEFORE, NOW} <= set(tables) else []:
        each = {name: np.array([float(table.get(key, np.nan))]) for name, table in tables.items()}
        level, product = key
        rows += [
            {"county": county, "level": level, "product": product, "part": part, "places": float(figures[0])}
            for part, figures in attributed(
                {name: None if np.isnan(figures[0]) else figures for name, figures in each.items()}
            ).items()
        ]
    return rows
