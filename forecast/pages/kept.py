"""One run kept in memory for everybody who looks at it, so that each of its pieces is read and checked once."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from forecast.runs import Run, latest_run, open_run

# The run served, and the one before it until nobody looks at it: some tens of megabytes each.
RUNS = 2


def latest(models: Path) -> Run:
    """Return the run that the pointer names now: it is asked each time, since a refit moves it."""
    return kept(latest_run(models))


def opened(path: str) -> Run:
    """Return the run in a folder."""
    return kept(open_run(path))


def kept(run: Run) -> Run:
    """Return the same run with what has been read of it so far; another one where folder or manifest differ."""
    return _kept(str(run.path.resolve()), json.dumps(run.manifest, sort_keys=True, default=str), run)


@st.cache_resource(max_entries=RUNS, show_spinner=False)
def _kept(path: str, manifest: str, _run: Run) -> Run:
    return _run
