"""What every page shares: finding the run, the simulated banner, the dates, and plain words when there is no run."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from forecast.errors import ForecastError
from forecast.figures.fan import Fan, make_fan, newest_usable, published, rarely_counts
from forecast.observations.remote import below
from forecast.observations.store import Store
from forecast.pages import cards, track
from forecast.reference import reference
from forecast.runs import LATEST, Run, latest_run, open_run
from forecast.wording import remarks as wording
from forecast.wording import words

NAME = "Hospital discharge forecast"
BACKLOG = "nctr_patients"
REMAINING = "nctr_remaining"
TWIN = "twin"
PAGES = {
    "forecast/pages/this_week.py": "This week",
    "forecast/pages/fit_to_leave.py": "Fit to leave",
    "forecast/pages/covid_flu.py": "Covid & flu",
    "forecast/pages/flats_beds.py": "Flats & beds",
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
    models = models_folder()
    try:
        if not (models / LATEST).is_file():
            st.title(title, anchor=False)
            st.markdown(NO_RUN)
        else:
            run = latest_run(models)
            _head(title, run)
            body(run)
    except ForecastError as error:
        st.error(f"This page cannot be shown: {words.literal(str(error))}")
    with st.container(horizontal=True):
        for path, name in PAGES.items():
            st.page_link(path, label=name)


def tab_title() -> str:
    """Title of the browser's tab, so that a simulated run is known by it too."""
    try:
        return f"SIMULATED: {NAME}" if latest_run(models_folder()).simulated else NAME
    except ForecastError:
        return NAME


def models_folder() -> Path:
    """Folder of runs: ``$FORECAST_MODELS``, else ``models``."""
    return Path(os.environ.get("FORECAST_MODELS") or "models")


def data_place() -> str:
    """Where published observations are kept: ``$FORECAST_DATA``, else ``data``."""
    return os.environ.get("FORECAST_DATA") or "data"


def store_of(run: Run) -> Store:
    """Store that a run was made from: that of the published observations, or the twin's beside it."""
    return Store(below(data_place(), TWIN) if run.simulated else data_place())


def _head(title: str, run: Run) -> None:
    if run.simulated:
        st.html(cards.banner(words.SIMULATED))
    st.title(title, anchor=False)
    newest = words.date_range([run.last_observed(metric) for metric in run.metrics])
    known = f"{words.day(run.as_of)}: uses only what was published by then"
    st.html(cards.facts({"As of": known, "Data to": newest, "Run": run.id}))


def label(metric: str) -> str:
    """Name of a metric on screen."""
    known = reference().metric(metric)
    return known.label if known else metric


def unit(metric: str) -> str:
    """Unit of a metric on screen."""
    known = reference().metric(metric)
    return known.unit if known else "count"


def named(text: str) -> str:
    """Put the names of hospitals in place of their codes in a text."""
    return re.sub(r"\bR[A-Z0-9]{2}\b", lambda found: reference().label(found[0]), text)


def places(run: Run) -> dict[str, str]:
    """Code to screen name: each county followed by its hospitals."""
    tables = reference()
    found: dict[str, str] = {}
    for county in run.counties:
        members = run.members(county)
        found[county] = f"{tables.label(county)}, {words.number(len(members))} hospitals together"
        found.update({code: tables.label(code) for code in members})
    return found


def remarks(run: Run, metric: str, only: Sequence[str] | None = None) -> list[str]:
    """Remarks of a run on one metric, in plain words."""
    said = run.notes(metric)
    chosen = {code: text for code, text in said.items() if only is None or code in only}
    return wording.notes(chosen, places(run))


def all_remarks(run: Run, only: Sequence[str] | None = None) -> list[str]:
    """Remarks of a run on all its metrics, each said once; on ``only`` these locations where given."""
    return wording.grouped({label(metric): remarks(run, metric, only) for metric in run.metrics})


def unsaid(run: Run, metrics: Sequence[str] | None = None) -> list[str]:
    """Everything the run cannot say of its hospitals, with the reasons; a county's follow from its hospitals'."""
    names = places(run)
    said = [words.skipped(label(metric), reason) for metric, reason in run.skipped.items()]
    for metric in run.metrics if metrics is None else metrics:
        said += [
            words.cannot_say(label(metric), names[code], reason)
            for code, reason in run.cannot_say(metric).items()
            if code not in run.counties
        ]
    return said


def rows(run: Run, metric: str, location: str) -> list[dict[str, Any]]:
    """Rows of the summary of one metric and location, the nearest week first."""
    frame = run.summary
    chosen = frame[(frame["metric"] == metric) & (frame["location"] == location)].sort_values("weeks_ahead")
    return [{str(name): value for name, value in row.items()} for row in chosen.to_dict("records")]


def known(run: Run, metric: str, location: str) -> str:
    """Return which hospitals of a county have a figure, where some have none."""
    if location not in run.counties:
        return ""
    names = places(run)
    return words.known({names[code]: rows(run, metric, code)[0] for code in run.members(location)})


def held(run: Run, metric: str, location: str) -> str:
    """Say how often the likely range of a place has held, and what that rests on; empty where too little is known."""
    return track.held(run, metric, location)


def data_to(run: Run, metric: str, location: str) -> pd.Timestamp | None:
    """Newest day with a usable value of a metric at a location."""
    return newest_usable(published(run.history(metric), run.flags(metric), location, _members(run, location)))


def rare(run: Run, metric: str, location: str) -> dict[str, tuple[int, int]]:
    """Hospitals of a location, by name, where the chosen count does not tell who waits: see ``rarely_counts``."""
    if metric != REMAINING or BACKLOG not in run.metrics:
        return {}
    remaining, patients = run.history(metric), run.history(BACKLOG)
    names = places(run)
    found = {
        names[code]: rarely_counts(remaining[code], patients[code]) for code in _members(run, location) or [location]
    }
    return {name: days for name, days in found.items() if days}


def _members(run: Run, location: str) -> list[str]:
    return run.members(location) if location in run.counties else []


@st.cache_data(max_entries=100, show_spinner=False)
def fan_of(path: str, metric: str, location: str, days: int | None) -> Fan:
    """Fan of one metric and location of the run in ``path``."""
    run = open_run(path)
    rarely = list(rare(run, metric, location))
    return make_fan(
        metric=label(metric),
        place=places(run)[location],
        unit=unit(metric),
        location=location,
        as_of=run.as_of,
        history=run.history(metric),
        flags=run.flags(metric),
        trajectories=run.trajectories(metric),
        baseline=run.baseline(metric),
        members=_members(run, location),
        days=days,
        simulated=run.simulated,
        left_out=f"on many days next to nobody is counted at {words.listed(rarely)}" if rarely else "",
    )
