"""What a run holds of the waves of Covid and flu, read for a page; or why it does not hold it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from forecast.figures import wave_frames
from forecast.pages.kept import opened
from forecast.reading.waves import COVID as COVID
from forecast.reading.waves import DISEASES as DISEASES
from forecast.reading.waves import FLU as FLU
from forecast.reading.waves import METRICS as METRICS
from forecast.reading.waves import both as both
from forecast.reading.waves import earlier as earlier
from forecast.reading.waves import lag as lag
from forecast.reading.waves import off_season as off_season
from forecast.reading.waves import peaks as peaks
from forecast.reading.waves import subject as subject
from forecast.waves.season import Array


@st.cache_data(max_entries=20, show_spinner=False)
def usable(path: str, metric: str) -> pd.DataFrame:
    """Panel of a metric without the values that look wrong, of the run in ``path``."""
    run = opened(path)
    members = {county: run.members(county) for county in run.counties}
    return wave_frames.usable(run.history(metric), run.flags(metric), members)


@st.cache_data(max_entries=100, show_spinner=False)
def days_above(
    path: str, metric: str, place: str, beds: int, first: pd.Timestamp, last: pd.Timestamp
) -> tuple[Array, int]:
    """Days of the season above so many beds by sample, and how many of them are published already."""
    run = opened(path)
    panel = usable(path, metric)
    near = run.trajectories(metric)
    far = near if run.no_outlook(metric) else run.outlook(metric)
    days = wave_frames.above(near, far, beds, panel, (first, last), place)
    own = panel[place]
    seen = own[(own.index >= first) & (own.index <= min(last, near.origin))]
    return days, int(np.count_nonzero(seen > beds))
