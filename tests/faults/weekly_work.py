"""The weekly work in small: a store of one measure at three hospitals, and a refit of a few tenths of a second."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from forecast.forecasters import Persistence
from forecast.observations.store import Store
from forecast.refit import refit
from forecast.runs import Run
from forecast.runs.opening import run_folders
from tests.refitting import QUICK, observed

METRIC = "staff_absent_total"
SMALL = replace(QUICK, samples=20)
FIRST, SECOND = "2024-12-08", "2024-12-15"


def week(last: str = SECOND) -> pd.DataFrame:
    """Values of a week to a day."""
    return observed(METRIC, f"{pd.Timestamp(last) - pd.Timedelta(days=6):%Y-%m-%d}", last, level=310.0)


def stored(folder: Path) -> Store:
    """A store of ten weeks."""
    store = Store(folder)
    store.add(observed(METRIC, "2024-10-01", FIRST, level=300.0))
    return store


def refitted(store: Store, models: Path, **options: object) -> Run:
    """Refit quickly with the baseline alone."""
    return refit(store, models, settings=SMALL, forecaster=lambda metric: Persistence(), **options)  # type: ignore[arg-type]


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def left_overs(*folders: Path) -> list[Path]:
    """What is half written."""
    return [path for folder in folders for path in folder.rglob("*.tmp")]


def names(models: Path) -> list[str]:
    """Names of the runs, oldest first."""
    return sorted(path.name for path in run_folders(models))
