"""What all charts share: colours for a light and a dark screen, the axis of dates, labels that do not overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Ink:
    """Colours of a chart on one background; each at least 3:1 against it."""

    text: str
    history: str
    forecast: str
    baseline: str
    grid: str


LIGHT = Ink(text="#0b0c0c", history="#12436D", forecast="#801650", baseline="#3D3D3D", grid="#d9dcdf")
DARK = Ink(text="#f3f2f1", history="#6fb1ea", forecast="#F46A25", baseline="#d0d3d6", grid="#3a3f47")


def ink(theme: str | None) -> Ink:
    """Return the colours for a light or dark screen."""
    return DARK if theme == "dark" else LIGHT


def spread_labels(values: Sequence[float], gap: float, floor: float = 0.0) -> list[float]:
    """Move ascending label positions apart so that none is closer than ``gap`` to the next, none under ``floor``.

    The group keeps its centre where it can: pushed up from below, then shifted back by half of what was pushed.
    """
    if not values:
        return []
    wanted = np.asarray(values, dtype=float)
    placed = wanted.copy()
    for k in range(1, len(placed)):
        placed[k] = max(placed[k], placed[k - 1] + gap)
    placed -= (placed - wanted).mean()
    if placed[0] < floor:
        placed += floor - placed[0]
    return [float(value) for value in placed]


def every_day(dates: pd.Series) -> pd.DatetimeIndex:
    """Every step between the first and the last date, so that a gap in the record is a gap in the line."""
    if len(dates) < 2:
        return pd.DatetimeIndex(dates)
    step = dates.diff().min()
    return pd.date_range(dates.iloc[0], dates.iloc[-1], freq=step, unit="us")


def time_axis(colours: Ink) -> alt.X:
    """Axis of days, with the year where it begins."""
    return alt.X(
        "date:T",
        title=None,
        axis=alt.Axis(
            labelExpr="datum.index == 0 || month(datum.value) == 0 && date(datum.value) < 8"
            " ? [timeFormat(datum.value, '%-d %b'), timeFormat(datum.value, '%Y')]"
            " : [timeFormat(datum.value, '%-d %b')]",
            labelAngle=0,
            labelFlush=False,
            labelOverlap="greedy",
            grid=False,
            tickCount=6,
            tickColor=colours.text,
        ),
    )
