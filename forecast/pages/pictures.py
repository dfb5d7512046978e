"""A chart of a page as a picture to take away: always on white, with its source, drawn when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import altair as alt
import streamlit as st

from forecast.charts.ink import Ink
from forecast.runs import Run
from forecast.takeaway.origin import Origin, slug
from forecast.wording import offer_words

Chart = alt.TopLevelMixin | Callable[[Ink], alt.TopLevelMixin]
MIMES = {"svg": "image/svg+xml", "png": "image/png"}


def offer(chart: Chart, run: Run, name: str, text: str = "", *, what: str = "", signed: str = "") -> None:
    """Offer a chart as SVG and as PNG.

    Parameters
    ----------
    chart
        As it is drawn on the page; where that is for a dark screen, its colours are changed to those of paper. Or what
        draws it in given colours, where the page has no chart at hand.
    name
        Of the file, without date: "nctr_patients-RM1"; unlike those of all other charts of the page.
    text
        Text alternative: what the chart shows and finds.
    what
        The chart in words, where a page offers more than one.
    signed
        Who signed the run off, in words.
    """
    origin = Origin.of(run, signed)
    with st.container(horizontal=True):
        for kind, mime in MIMES.items():
            st.download_button(
                offer_words.picture_label(kind, what),
                partial(_drawn, chart, origin, text, kind),
                file_name=origin.file(slug(name), kind),
                mime=mime,
                on_click="ignore",
                type="tertiary",
                key=f"picture {kind} {name}",
            )


def _drawn(chart: Chart, origin: Origin, text: str, kind: str) -> bytes:
    # What draws it takes a second to load: not before somebody asks.
    from forecast.takeaway import drawing

    drawn = drawing.png if kind == "png" else drawing.svg
    if isinstance(chart, alt.TopLevelMixin):
        ready = chart
        return drawn(lambda _: ready, origin, text)
    return drawn(chart, origin, text)
