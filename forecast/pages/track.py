"""The record behind the page Track record, and behind the sentence on it under every chart of a forecast."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from forecast.reading.held import held as say_held
from forecast.runs import Run, open_run, track
from forecast.runs.diary import Diary, Listing, diary_of, listing


def past_runs(run: Run, metric: str) -> Diary:
    """What earlier runs in the folder of ``run`` said of a metric, against what is known now."""
    return _diary(str(run.path), metric, listing(run.path.parent))


def made_again(run: Run, metric: str) -> pd.DataFrame:
    """Forecasts of a metric made again from earlier dates; see ``forecast.runs.track.replays``."""
    return _replays(str(run.path), metric)


def held(run: Run, metric: str, place: str) -> str:
    """Say how often the likely range of a place has held, and what that rests on; empty where too little is known.

    From past runs where there are enough of them, else from forecasts made again.
    """
    return _held(str(run.path), metric, place, listing(run.path.parent))


@st.cache_data(max_entries=50, show_spinner=False)
def _diary(path: str, metric: str, folders: Listing) -> Diary:
    return diary_of(open_run(path), metric, folders)


@st.cache_data(max_entries=50, show_spinner=False)
def _replays(path: str, metric: str) -> pd.DataFrame:
    return track.replays(open_run(Path(path)), metric)


@st.cache_data(max_entries=500, show_spinner=False)
def _held(path: str, metric: str, place: str, folders: Listing) -> str:
    return say_held(open_run(path), metric, place, _diary(path, metric, folders))
