"""One run kept in memory for everybody who looks at it, so that each of its pieces is read and checked once."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from forecast.runs import Run, Served, open_run
from forecast.runs import served as found
from forecast.runs.serving import warn

# The run served, and the one before it until nobody looks at it: some tens of megabytes each.
RUNS = 2


def served(models: Path) -> Served:
    """Return the run that is served now: it is asked each time, since a refit moves the pointer."""
    now = found(models)
    warn(models, now)
    return Served(kept(now.run), now.wanted, now.wrong)


def latest(models: Path) -> Run:
    """Return the run that is served now."""
    return served(models).run


def opened(path: str) -> Run:
    """Return the run in a folder."""
    return kept(open_run(path))


def kept(run: Run) -> Run:
    """Return the same run with what has been read of it so far; another one where folder or manifest differ."""
    return _kept(str(run.path.resolve()), json.dumps(run.manifest, sort_keys=True, default=str), run)


@st.cache_resource(max_entries=RUNS, show_spinner=False)
def _kept(path: str, manifest: str, _run: Run) -> Run:
    return _run
