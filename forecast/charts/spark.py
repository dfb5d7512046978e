"""A fan of a few centimetres without axes, as a picture that stands in a line of text: an SVG drawn from numbers only.

Twenty charts that answer a pointer would take a page a second; twenty pictures take it nothing.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from itertools import groupby

import pandas as pd

from forecast.charts.fan_charts import Ink, every_day
from forecast.figures.fan import Fan

WIDTH, HEIGHT, EDGE = 260.0, 64.0, 4.0
Point = tuple[float, float]


def spark(fan: Fan, colours: Ink) -> str:
    """Draw published values, both bands, the middle and the as-of day; its own scale, not from nought.

    Returns
    -------
    str
        The SVG; it holds no text, so what it shows must be said beside it.
    """
    past, ahead = _daily(fan), fan.forecast
    dates = [*past["date"], *ahead["date"], fan.as_of]
    first, days = min(dates), max((max(dates) - min(dates)).days, 1)
    values = [*past["value"].dropna(), *ahead["low"], *ahead["high"]]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    height = max(float(high) - float(low), 1.0)

    def at(date: pd.Timestamp, value: float) -> Point:
        across = EDGE + (WIDTH - 2 * EDGE) * (date - first).days / days
        return across, HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (value - float(low)) / height

    def along(name: str) -> list[Point]:
        return [at(date, value) for date, value in zip(ahead["date"], ahead[name], strict=True)]

    upright = at(fan.as_of, float(low))[0]
    parts = [
        _line([(upright, 0.0), (upright, HEIGHT)], colours.text, 1.2, dash="3 3"),
        *(
            f'<polygon points="{_points([*along(lower), *reversed(along(upper))])}" fill="{colours.forecast}" '
            f'fill-opacity="{opacity}"/>'
            for lower, upper, opacity in (("low", "high", 0.25), ("quarter", "three_quarters", 0.4))
            if len(ahead)
        ),
        *(
            _line(along(name), colours.forecast, width)
            for name, width in (("low", 0.8), ("high", 0.8), ("median", 2.2))
        ),
        *(_line(run, colours.history, 1.8) for run in _runs(past, at)),
    ]
    body = "".join(part for part in parts if part)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}">{body}</svg>'


def as_source(svg: str) -> str:
    """Return a picture as the address of an image that needs no file."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _daily(fan: Fan) -> pd.DataFrame:
    """Published values on every day, those that look wrong and those missing left out as gaps."""
    usable = fan.published.assign(value=fan.published["value"].where(~fan.published["flagged"].astype(bool)))
    return pd.DataFrame({"date": every_day(usable["date"])}).merge(usable[["date", "value"]], on="date", how="left")


def _runs(past: pd.DataFrame, at: Callable[[pd.Timestamp, float], Point]) -> list[list[Point]]:
    """Points of each stretch without a gap."""
    rows = list(zip(past["date"], past["value"], strict=True))
    return [
        [at(date, value) for date, value in stretch]
        for known, stretch in groupby(rows, key=lambda row: not pd.isna(row[1]))
        if known
    ]


def _line(points: Sequence[Point], colour: str, width: float, dash: str = "") -> str:
    if len(points) < 2:
        return ""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{_points(points)}" fill="none" stroke="{colour}" stroke-width="{width}"{dashed}/>'


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
