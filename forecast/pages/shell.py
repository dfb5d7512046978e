"""What every page shares: finding the run, the simulated banner, the dates, and plain words when there is no run."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import streamlit as st

from forecast import remarks as wording
from forecast import words
from forecast.errors import ForecastError
from forecast.fan import Fan, make_fan
from forecast.observations.store import Store
from forecast.pages import cards
from forecast.reference import reference
from forecast.runs import LATEST, Run, latest_run, open_run

BACKLOG = "nctr_patients"
REMAINING = "nctr_remaining"
TWIN = "twin"
PAGES = {
    "forecast/pages/this_week.py": "This week",
    "forecast/pages/fit_to_leave.py": "Fit to leave",
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
            st.title(title)
            st.markdown(NO_RUN)
        else:
            run = latest_run(models)
            _head(title, run)
            body(run)
    except ForecastError as error:
        st.error(f"This page cannot be shown: {error}")
    with st.container(horizontal=True):
        for path, name in PAGES.items():
            st.page_link(path, label=name)


def models_folder() -> Path:
    """Folder of runs: ``$FORECAST_MODELS``, else ``models``."""
    return Path(os.environ.get("FORECAST_MODELS") or "models")


def store_of(run: Run) -> Store:
    """Store that a run was made from: ``$FORECAST_DATA``, else ``data``; the twin's beside it."""
    folder = Path(os.environ.get("FORECAST_DATA") or "data")
    return Store(folder / TWIN if run.simulated else folder)


def _head(title: str, run: Run) -> None:
    if run.simulated:
        st.html(cards.banner(words.SIMULATED))
    st.title(title)
    newest = words.date_range([run.last_observed(metric) for metric in run.metrics])
    st.html(cards.facts({"As of": words.day(run.as_of), "Data to": newest, "Run": run.id}))


def label(metric: str) -> str:
    """Name of a metric on screen."""
    known = reference().metric(metric)
    return known.label if known else metric


def unit(metric: str) -> str:
    """Unit of a metric on screen."""
    known = reference().metric(metric)
    return known.unit if known else "count"


def places(run: Run) -> dict[str, str]:
    """Code to screen name: each county followed by its hospitals."""
    tables = reference()
    found: dict[str, str] = {}
    for county in run.counties:
        members = run.members(county)
        found[county] = f"{tables.label(county)} ({words.number(len(members))} hospitals)"
        found.update({code: tables.label(code) for code in members})
    return found


def remarks(run: Run, metric: str, only: Sequence[str] | None = None) -> list[str]:
    """Remarks of a run on one metric, in plain words."""
    said = run.notes(metric)
    chosen = {code: text for code, text in said.items() if only is None or code in only}
    return wording.notes(chosen, places(run))


def all_remarks(run: Run) -> list[str]:
    """Remarks of a run on all its metrics, each said once."""
    return wording.grouped({label(metric): remarks(run, metric) for metric in run.metrics})


def unsaid(run: Run) -> list[str]:
    """Everything the run cannot say, with the reasons."""
    names = places(run)
    said = [words.skipped(label(metric), reason) for metric, reason in run.skipped.items()]
    for metric in run.metrics:
        said += [words.cannot_say(label(metric), names[code], reason) for code, reason in not_said(run, metric).items()]
    return said


def not_said(run: Run, metric: str) -> dict[str, str]:
    """Locations without a forecast of a metric, with the reason in plain words."""
    return run.cannot_say(metric)


def choice(name: str, options: Mapping[str, str], draw: Callable[[str, Sequence[str]], str | None]) -> str:
    """Let a person choose, and keep the choice in the page's address.

    Parameters
    ----------
    name
        Parameter in the address and key of the widget.
    options
        Value in the address to text on screen; the first is the default.
    draw
        Called with the key and the values; draws the widget.
    """
    values = list(options)
    asked = st.query_params.get(name)
    written = f"{name} in the address"
    if name not in st.session_state or asked != st.session_state.get(written):
        if asked is not None and asked not in options:
            st.warning(
                f"The address asks for {name} {asked!r}, which this forecast does not have. "
                f"Showing {options[values[0]]} instead."
            )
        st.session_state[name] = asked if asked in options else values[0]
    chosen = draw(name, values) or values[0]
    st.query_params[name] = chosen
    st.session_state[written] = chosen
    return chosen


@st.cache_data(max_entries=100, show_spinner=False)
def fan_of(path: str, metric: str, location: str, days: int | None) -> Fan:
    """Fan of one metric and location of the run in ``path``."""
    run = open_run(path)
    members = run.members(location) if location in run.counties else []
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
        members=members,
        days=days,
        simulated=run.simulated,
    )
