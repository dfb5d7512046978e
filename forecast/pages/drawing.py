"""A chart on a page, the same everywhere: drawn for the screen as it is, with its text alternative for everybody.

Building a chart and checking it against Vega-Lite's rules takes a tenth of a second. What was drawn once for anybody is
therefore kept, by the function that draws it and by what it was given, and shown again as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import altair as alt
import streamlit as st

from forecast.charts import fan_charts
from forecast.pages import cards, pictures
from forecast.runs import Run

# A chart takes some tens of kilobytes.
CHARTS = 400


@dataclass(frozen=True)
class Drawing:
    """A chart to be drawn: the function that draws it, and what it is given."""

    make: Callable[..., alt.LayerChart]
    given: tuple[Any, ...]
    options: dict[str, Any]

    def chart(self) -> alt.LayerChart:
        """The chart itself."""
        return self.make(*self.given, **self.options)


def of(make: Callable[..., alt.LayerChart], *given: Any, **options: Any) -> Drawing:
    """Say which chart is to be drawn, without drawing it."""
    return Drawing(make, given, options)


def ink() -> fan_charts.Ink:
    """Colours for the screen as it is."""
    return fan_charts.ink(st.context.theme.type)


def show(drawing: Drawing, text: str, run: Run, name: str, *, what: str) -> None:
    """Draw a chart, and its text alternative under it.

    Parameters
    ----------
    text
        States what the chart finds, with figures.
    run, name
        Where its figures come from, and how a file of it is called.
    what
        The chart in two or three words, for the buttons of its pictures.
    """
    bare(drawing, text, key=f"chart {run.id} {name}")
    st.caption(text)
    pictures.offer(drawing.chart, run, name, text, what=what)


def bare(drawing: Drawing, text: str, key: str) -> None:
    """Draw a chart whose text alternative stands on the page in other words."""
    named = f"{drawing.make.__module__}.{drawing.make.__qualname__}"
    _drawn(named, drawing.given, drawing.options, text, key, drawing)


@st.cache_data(max_entries=CHARTS, show_spinner=False)
def _drawn(named: str, given: tuple[Any, ...], options: dict[str, Any], text: str, key: str, _drawing: Drawing) -> None:
    """Draw it: Streamlit shows again what was drawn when all but the last is as it was then."""
    st.altair_chart(_drawing.chart(), alt=text, key=key)


def reading(text: str) -> None:
    """Say how a chart is read."""
    st.html(cards.reading(text))
