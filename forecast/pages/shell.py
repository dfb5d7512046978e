"""What every page shares: finding the run, the simulated banner, the dates, and plain words when there is no run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import streamlit as st

from forecast.errors import ForecastError, NoRunYet, RunError
from forecast.figures.fan import Fan, make_fan
from forecast.job.journal import last_attempt
from forecast.observations.remote import below
from forecast.observations.store import Store
from forecast.observations.twin_beside import TWIN
from forecast.pages import address, cards, signed_in, signing, track
from forecast.pages.kept import latest, opened, served
from forecast.pages.staleness import stale
from forecast.reading import by_name
from forecast.runs import Run, Served
from forecast.runs.place import place
from forecast.runs.whole import forget
from forecast.wording import job_words, served_words, words

NAME = "Hospital discharge forecast"
PAGES = {
    "forecast/pages/this_week.py": "This week",
    "forecast/pages/fit_to_leave.py": "Fit to leave",
    "forecast/pages/covid_flu.py": "Covid & flu",
    "forecast/pages/flats_beds.py": "Flats & beds",
    "forecast/pages/pressures.py": "Pressures",
    "forecast/pages/track_record.py": "Track record",
    "forecast/pages/data.py": "Data",
}
NO_RUN = """There is no forecast to show yet. Open a terminal in the folder of this project and type one of these.

To try everything with a simulated England:

    make app

To use published figures, with the files in a folder of yours:

    forecast ingest FOLDER
    forecast refit

To make the simulated England by hand:

    forecast demo
    forecast refit

Then reload this page."""


def show(title: str, body: Callable[[Run], None]) -> None:
    """Draw a page: its title, the dates of the run, and ``body``; or say in words why that cannot be done."""
    st.html(cards.STYLE)
    signed_in.bar()
    try:
        found = served(models_folder())
        _head(title, found, today())
        _drawn(found.run, body)
    except NoRunYet:
        st.title(title, anchor=False)
        st.markdown(NO_RUN)
    except ForecastError as error:
        st.error(f"This page cannot be shown: {words.literal(str(error))}")
    finally:
        address.settle()
    with st.container(horizontal=True):
        for path, name in PAGES.items():
            st.page_link(path, label=name)


def tab_title(page: str) -> str:
    """Title of the browser's tab: the page's first, since many tabs show only that; a simulated run is known by it."""
    title = f"{page} - {NAME}"
    try:
        return f"SIMULATED: {title}" if latest(models_folder()).simulated else title
    except ForecastError:
        return title


def models_folder() -> Path:
    """Folder of runs: ``$FORECAST_MODELS``, else ``models``; a URL too."""
    return place(os.environ.get("FORECAST_MODELS") or "models")


def data_place() -> str:
    """Where published observations are kept: ``$FORECAST_DATA``, else ``data``."""
    return os.environ.get("FORECAST_DATA") or "data"


def store_of(run: Run) -> Store:
    """Store that a run was made from: that of the published observations, or the twin's beside it."""
    return Store(below(data_place(), TWIN) if run.simulated else data_place())


def today() -> pd.Timestamp:
    """Day of this machine's clock: a page's outermost shell alone looks at it."""
    return pd.Timestamp.now().normalize()


def _drawn(run: Run, body: Callable[[Run], None]) -> None:
    """Draw the body of a page; where the run proves damaged while it is read, the page anew from the one before."""
    try:
        body(run)
    except RunError:
        forget(run.path)
        if latest(models_folder()).path != run.path:
            st.rerun()
        raise


def _head(title: str, found: Served, today: pd.Timestamp) -> None:
    run = found.run
    if run.simulated:
        st.html(cards.banner(words.SIMULATED))
    if wrong := served_words.banner(found):
        st.html(cards.stale(wrong))
    if held_back := _held_back(run):
        st.html(cards.stale(held_back))
    if old := stale(run.as_of, today, run.simulated):
        st.html(cards.stale(old))
    st.title(title, anchor=False)
    newest = words.date_range([run.last_observed(metric) for metric in run.metrics])
    until = f"{words.day(run.as_of)}: uses only what was published by then"
    st.html(
        cards.facts({"As of": until, "Data to": newest, "Run": run.id, "Sign-off": signing.signed(run, comments=False)})
    )


def _held_back(run: Run) -> str:
    """Say that the weekly job has published nothing since this run was made, and why; empty where it has."""
    attempt = last_attempt(models_folder())
    if attempt is None or (run.finished_at is not None and run.finished_at > pd.Timestamp(attempt.finished)):
        return ""
    return job_words.not_published(attempt, run.as_of)


def held(run: Run, metric: str, location: str) -> str:
    """Say how often the likely range of a place has held, and what that rests on; empty where too little is known."""
    return track.held(run, metric, location)


@st.cache_data(max_entries=100, show_spinner=False)
def fan_of(path: str, metric: str, location: str, days: int | None) -> Fan:
    """Fan of one metric and location of the run in ``path``."""
    run = opened(path)
    rarely = list(by_name.rare(run, metric, location))
    return make_fan(
        metric=by_name.label(metric),
        place=by_name.places(run)[location],
        unit=by_name.unit(metric),
        location=location,
        as_of=run.as_of,
        history=run.history(metric),
        flags=run.flags(metric),
        trajectories=run.trajectories(metric),
        baseline=run.baseline(metric),
        members=by_name.members(run, location),
        days=days,
        simulated=run.simulated,
        left_out=f"on many days next to nobody is counted at {words.listed(rarely)}" if rarely else "",
    )
