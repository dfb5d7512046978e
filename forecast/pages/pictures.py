"""A chart of a page as a picture to take away: always on white, with its source, drawn when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import altair as alt
import streamlit as st

from forecast.pages import signing
from forecast.runs import Run
from forecast.takeaway.origin import Origin, slug
from forecast.wording import offer_words

MIMES = {"svg": "image/svg+xml", "png": "image/png"}


def offer(chart: Callable[[], alt.TopLevelMixin], run: Run, name: str, text: str = "", *, what: str = "") -> None:
    """Offer a chart as SVG and as PNG.

    Parameters
    ----------
    chart
        Draws it as it is on the page, once somebody asks; where that is for a dark screen, its colours are changed to
        those of paper.
    name
        Of the file, without date: "nctr_patients-RM1"; unlike those of all other charts of the page.
    text
        Text alternative: what the chart shows and finds.
    what
        The chart in words, where a page offers more than one.
    """
    origin = Origin.of(run, "")
    with st.container(horizontal=True):
        for kind, mime in MIMES.items():
            st.download_button(
                offer_words.picture_label(kind, what),
                partial(_drawn, chart, run, text, kind),
                file_name=origin.file(slug(name), kind),
                mime=mime,
                on_click="ignore",
                type="tertiary",
                key=f"picture {kind} {name}",
            )


def _drawn(chart: Callable[[], alt.TopLevelMixin], run: Run, text: str, kind: str) -> bytes:
    # What draws it takes a second to load: not before somebody asks.
    from forecast.takeaway import drawing

    drawn = drawing.png if kind == "png" else drawing.svg
    # Who signed the run off is read when somebody asks, not when the page was drawn.
    return drawn(lambda _: chart(), Origin.of(run, signing.signed(run)), text)
