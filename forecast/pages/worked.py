"""The situation the toolkit was asked about, answered when a person opens it."""

from __future__ import annotations

import streamlit as st

from forecast.pages import cards
from forecast.placements.brief_answer import answer
from forecast.reference import reference

REPORTED = "waiting_for_social_care"


def example(county: str) -> None:
    """Offer the reported situation of a county with its answer; nothing where nobody reported one."""
    if not any(row.location == county for row in reference().assumptions_named(REPORTED, national=True)):
        return
    shown = st.expander(
        "A worked example: the winter of the newspaper reports", on_change="rerun", key="worked example"
    )
    if shown.open:
        with shown:
            source, said = _answered(county)
            intro = f"What was reported ({source}), carried on for six weeks as backlogs move in the published record:"
            st.html(cards.plain([intro]))
            st.html(cards.bullets(said))


@st.cache_data(max_entries=4, show_spinner="Working it out")
def _answered(county: str) -> tuple[str, list[str]]:
    found = answer(county)
    return found.example.source, found.in_words()
