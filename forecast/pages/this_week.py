"""The first page: the answer in six sentences and four figures, then what stands behind it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from forecast.briefing import Briefing, briefing
from forecast.pages import background, cards, changes, shell, side_by_side, signing, take_away
from forecast.reading import briefing_tables, by_name
from forecast.reading.briefing_tables import Table
from forecast.reading.waves import DISEASES
from forecast.runs import Run
from forecast.wording import explanations
from forecast.wording import placement_captions as places_said


def page(run: Run) -> None:
    """Draw the page."""
    signed = signing.signed(run)
    every = [briefing(run, county, signed=signed) for county in run.counties]
    for told in every:
        if len(every) > 1:
            st.header(told.place, anchor=False)
        st.html(cards.lead(told.sentences))
        st.html(cards.figures(told.figures))
        _fit_to_leave(run, told)
        _waves(told)
        _places(told)
        changes.section(run, told.county)
    _careful(run, every)
    take_away.section(run)
    signing.section(run)
    _how_to_read()


def _fit_to_leave(run: Run, told: Briefing) -> None:
    st.header("Fit to leave, at each hospital", anchor=False)
    st.html(cards.plain(background.what_is_counted(told.county)))
    if told.hospitals[0].rows:
        side_by_side.glance(run, by_name.BACKLOG, told.county)
    links = [f"fit_to_leave?hospital={one.code}" for one in told.hospitals]
    _table(briefing_tables.hospitals(told), told.hospitals[0].reason, links)
    st.page_link("forecast/pages/fit_to_leave.py", label="Day by day, and the season ahead: see Fit to leave")


def _waves(told: Briefing) -> None:
    st.header("Covid and flu", anchor=False)
    for disease in DISEASES:
        own = next(one.sentence for one in told.waves if one.disease == disease and one.code == told.county)
        _table(briefing_tables.waves(told, disease), own)
    st.page_link("forecast/pages/covid_flu.py", label="Week by week, and how far behind England: see Covid & flu")


def _places(told: Briefing) -> None:
    st.header("Flats and beds: needed against there", anchor=False)
    _table(briefing_tables.needs(told), told.no_places)
    if told.needs:
        st.html(cards.plain([places_said.TRUST[0]]))
    st.page_link("forecast/pages/flats_beds.py", label="Try another number of places: see Flats & beds")


def _table(found: Table | None, reason: str, links: Sequence[str] = ()) -> None:
    if found is None:
        st.html(cards.plain([reason]))
    else:
        st.html(cards.table(found.caption, found.columns, found.rows, "ff-folds ff-strong", links))


def _careful(run: Run, told: Sequence[Briefing]) -> None:
    """Give what a reader must be careful with; remarks on a county stand in full on Data."""
    hospitals = [code for code in by_name.places(run) if code not in run.counties]
    warnings = list(dict.fromkeys(warning for one in told for warning in one.warnings))
    if warnings:
        st.html(cards.bullets(warnings, heading="What to be careful with"))
    if remarks := by_name.all_remarks(run, hospitals):
        with st.expander("Notes on these forecasts"):
            st.html(cards.bullets(remarks))


def _how_to_read() -> None:
    with st.expander("How to read these figures"):
        st.html(cards.bullets(explanations.HOW_TO_READ))
    st.page_link("forecast/pages/data.py", label="What came, and how old it is: see Data")


shell.show("This week", page)
