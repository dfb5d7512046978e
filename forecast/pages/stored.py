"""What the pages read from the store, kept as long as nothing is added to it."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
import streamlit as st

from forecast.observations.due import due, releases
from forecast.observations.store import Store
from forecast.observations.told import changed
from forecast.reference import reference
from forecast.runs import Run

ENTRIES = 60
Key = tuple[str, ...]


class Rows(NamedTuple):
    """Stored rows of one measure at the hospitals of a run, and the days on which anybody reported it."""

    hospitals: pd.DataFrame
    days: pd.Series


def key_of(store: Store) -> Key:
    """Return what a store holds, so that what was read of it is read again only after it has changed."""
    held = [f"{vintage.number} {vintage.digest}" for vintage in store.vintages()]
    return (str(store.folder), str(reference().folder), *held)


def hospitals_of(run: Run) -> list[str]:
    """Hospitals of a run, each once."""
    return list(dict.fromkeys(code for county in run.counties for code in run.members(county)))


def parts_of(metric: str) -> tuple[str, ...]:
    """Stored measures that a measure is read from."""
    known = reference().metric(metric)
    return known.derived_from if known and known.derived_from else (metric,)


def rows_of(store: Store, metric: str, run: Run) -> pd.DataFrame:
    """Every stored row of a measure, or of what it is made of, at the hospitals of a run, in the order of ingest."""
    key, hospitals = key_of(store), tuple(hospitals_of(run))
    return pd.concat([_rows(store, key, part, hospitals).hospitals for part in parts_of(metric)], ignore_index=True)


def changed_of(store: Store, metric: str, run: Run) -> pd.DataFrame:
    """Figures of a measure at the hospitals of a run that were changed after they came out: see ``told.changed``."""
    return _changed(store, key_of(store), metric, tuple(hospitals_of(run)))


def owed_by(store: Store, run: Run) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the hospitals of a run owed of each of its measures, forecast or not: ``due``, and its ``releases``."""
    metrics = (*run.metrics, *(metric for metric in run.skipped if reference().metric(metric)))
    return _owed(store, key_of(store), metrics, tuple(hospitals_of(run)), run.as_of)


@st.cache_data(max_entries=ENTRIES, show_spinner=False)
def _rows(_store: Store, key: Key, metric: str, hospitals: tuple[str, ...]) -> Rows:
    return Rows(_store.history(metric, hospitals), _store.days(metric))


@st.cache_data(max_entries=ENTRIES, show_spinner=False)
def _changed(_store: Store, key: Key, metric: str, hospitals: tuple[str, ...]) -> pd.DataFrame:
    return changed(_rows(_store, key, metric, hospitals).hospitals)


@st.cache_data(max_entries=4, show_spinner=False)
def _owed(
    _store: Store, key: Key, metrics: tuple[str, ...], hospitals: tuple[str, ...], as_of: pd.Timestamp
) -> tuple[pd.DataFrame, pd.DataFrame]:
    frames = []
    for metric in metrics:
        read = [_rows(_store, key, part, hospitals) for part in parts_of(metric)]
        history = pd.concat([one.hospitals for one in read], ignore_index=True)
        frames.append(due(metric, history, hospitals, as_of, reported=pd.concat([one.days for one in read])))
    owed = pd.concat(frames, ignore_index=True)
    return owed, releases(owed)
