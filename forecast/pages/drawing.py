"""A chart on a page, the same everywhere: drawn for the screen as it is, with its text alternative for everybody."""

from __future__ import annotations

import altair as alt
import streamlit as st

from forecast.charts import fan_charts
from forecast.pages import cards, pictures, signing
from forecast.runs import Run


def ink() -> fan_charts.Ink:
    """Colours for the screen as it is."""
    return fan_charts.ink(st.context.theme.type)


def show(chart: alt.LayerChart, text: str, run: Run, name: str) -> None:
    """Draw a chart, and its text alternative under it.

    Parameters
    ----------
    text
        States what the chart finds, with figures.
    run, name
        Where its figures come from, and how a file of it is called.
    """
    st.altair_chart(chart, alt=text, key=f"chart {run.id} {name}")
    st.caption(text)
    pictures.offer(chart, run, name, text, signed=signing.signed(run))


def reading(text: str) -> None:
    """Say how a chart is read."""
    st.html(cards.reading(text))
