"""The diary of past runs: what each said of every day, and what is known now to have come.

Nothing is copied from run to run: each keeps its quantiles, and the diary is read off the folder of runs, so that it is
the same whoever asks and one more run changes no row of another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from forecast.errors import RunError
from forecast.observations.quality import masking
from forecast.reference import reference
from forecast.runs import track
from forecast.runs.opening import MANIFEST, RUN_NAME, open_run
from forecast.runs.run import BACKFILL, Run

DIARY_COLUMNS = ("run", "as_of", "at_the_time", *track.REPLAY_COLUMNS)
LATE = "late_run"
_RUNS_READ, _PAGES_READ = 300, 2_000
"""Pieces of runs kept in memory: five years of runs, and a hundred of twenty measures. A run is never edited."""

Listing = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Diary:
    """Past runs of one metric against what is known now.

    Parameters
    ----------
    rows
        Columns ``DIARY_COLUMNS``: the forecast and the baseline of every run; ``at_the_time`` whether it was made in
        the week that it is of, not afterwards; ``origin`` is the newest day with data that the run knew, ``horizon``
        counts steps from it, ``observed`` is NaN where nothing usable has come.
    skipped
        Folder of a run that cannot be read, with the reason.
    """

    rows: pd.DataFrame
    skipped: Mapping[str, str]

    @property
    def runs(self) -> int:
        """How many past runs have anything to be judged by."""
        return int(self.rows.loc[self.rows["observed"].notna(), "run"].nunique())


def listing(models: Path) -> Listing:
    """Folders of runs with when each was written: as long as it is the same, so is the diary."""
    found = []
    for folder in sorted(models.iterdir()) if models.is_dir() else []:
        if RUN_NAME.fullmatch(folder.name):
            found.append((folder.name, _written(folder / MANIFEST)))
    return tuple(found)


def _written(manifest: Path) -> int:
    """When a manifest was written; 0 without one: a refit may be putting it there."""
    try:
        return manifest.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def diary_of(newest: Run, metric: str, folders: Listing | None = None) -> Diary:
    """Return what earlier runs beside ``newest`` said of a metric, against what ``newest`` knows.

    Runs as of an earlier day, on data of the same kind (published or simulated). Of several as of the same day one made
    at the time counts before one made afterwards, and of these the one written last: the one that was served last. A
    run that cannot be read, or whose figures are not those that it was written with, is skipped with the reason.

    Parameters
    ----------
    newest
        The run that is served.
    metric
        Its name; runs without it have no rows.
    folders
        ``listing`` of the folder that ``newest`` is in, where known.
    """
    models = newest.path.parent
    there = listing(models) if folders is None else folders
    chosen, skipped = _chosen(models, there, newest.as_of, newest.simulated)
    pages = []
    for as_of in sorted(chosen):
        then, written, run = chosen[as_of]
        try:
            pages.append(_page(run.path, metric, written).assign(at_the_time=then))
        except RunError as error:
            skipped[run.path.name] = str(error)
    pages = [page for page in pages if len(page)]
    if not pages:
        return Diary(pd.DataFrame(columns=list(DIARY_COLUMNS)), skipped)
    rows, came = pd.concat(pages, ignore_index=True), outcomes(newest, metric)
    return Diary(rows.assign(observed=values_on(came, rows["date"], rows["location"]))[list(DIARY_COLUMNS)], skipped)


def past_runs(models: Path, before: pd.Timestamp, simulated: bool) -> list[Run]:
    """Published runs as of a day before this one, on the same kind of data, oldest first; of each day one.

    Chosen as in ``diary_of``; a run that cannot be read is left out.
    """
    chosen, _ = _chosen(models, listing(models), before, simulated)
    return [chosen[day][2] for day in sorted(chosen)]


def _chosen(
    models: Path, folders: Listing, before: pd.Timestamp, simulated: bool
) -> tuple[dict[pd.Timestamp, tuple[bool, int, Run]], dict[str, str]]:
    """Of each as-of day whether its run was made at the time, when it was written, and the run; what was skipped."""
    late = int(reference().assumption(LATE, national=True).value)
    chosen: dict[pd.Timestamp, tuple[bool, int, Run]] = {}
    skipped: dict[str, str] = {}
    for name, written in folders:
        try:
            run = _opened(models / name, written)
        except RunError as error:
            skipped[name] = str(error)
            continue
        if run.as_of < before and run.simulated == simulated:
            one = (made_at_the_time(run, late), written, run)
            chosen[run.as_of] = max(chosen.get(run.as_of, one), one, key=_rank)
    return chosen, skipped


def outcomes(run: Run, metric: str) -> pd.DataFrame:
    """Values of a metric that a run knows and does not doubt, dates by location.

    A flagged value is no outcome, nor is a county's sum with one in it.
    """
    return outcomes_of(run.history(metric), run.flags(metric), {code: run.members(code) for code in run.counties})


def outcomes_of(history: pd.DataFrame, flags: pd.DataFrame, counties: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Values of a panel that are not doubted; see ``outcomes``."""
    known = history.astype(np.float64)
    doubted = masking(flags)
    for code in known.columns:
        members = [code, *counties.get(str(code), [])]
        known.loc[known.index.isin(doubted.loc[doubted["location"].isin(members), "date"]), code] = np.nan
    return known


def values_on(values: pd.DataFrame, dates: pd.Series, locations: pd.Series) -> np.ndarray:
    """Value of each row's day and location; NaN where there is none."""
    day = values.index.get_indexer(pd.DatetimeIndex(dates))
    place = values.columns.get_indexer(pd.Index(locations))
    found = values.to_numpy(dtype=np.float64)[day, place]
    return np.where((day < 0) | (place < 0), np.nan, found)


def made_at_the_time(run: Run, late_days: int) -> bool:
    """Whether a run is one of its week, not made long afterwards with a model that may have been chosen since.

    Parameters
    ----------
    late_days
        Days after its as-of day by which it must have been made. A simulated run has no clock, and one that does not
        tell when it was made was made before there were others.
    """
    if run.made == BACKFILL:
        return False
    if run.simulated or run.made_at is None:
        return True
    at = run.made_at if run.made_at.tzinfo is None else run.made_at.tz_convert("UTC").tz_localize(None)
    return (at.normalize() - run.as_of).days <= late_days


def _rank(one: tuple[bool, int, Run]) -> tuple[bool, int, str]:
    return one[0], one[1], one[2].id


@lru_cache(maxsize=_RUNS_READ)
def _opened(path: Path, written: int) -> Run:
    return open_run(path)


@lru_cache(maxsize=_RUNS_READ)
def _kept(path: Path, written: int) -> dict[str, pd.DataFrame]:
    """Quantiles that a run kept, by metric; empty for a run made before they were."""
    # Opened anew, so that what it has read goes with it.
    frame = open_run(path).piece(track.QUANTILES_FILE)
    if frame is None:
        return {}
    return {str(metric): rows for metric, rows in frame.groupby("metric")}


@lru_cache(maxsize=_PAGES_READ)
def _page(path: Path, metric: str, written: int) -> pd.DataFrame:
    """Rows of one run and metric, without what came."""
    run = _opened(path, written)
    if metric not in run.metrics:
        return pd.DataFrame(columns=list(DIARY_COLUMNS))
    kept = _kept(path, written)
    rows = kept[metric] if metric in kept else track.quantiles(open_run(path), metric)
    origin = run.last_observed(metric)
    # What a run knew it did not forecast: it is judged by later days only.
    rows = rows[rows["date"] > origin]
    days = (rows["date"] - origin).dt.days
    step = int(days.min()) if len(days) else 1
    return rows.assign(run=run.id, as_of=run.as_of, origin=origin, horizon=days // max(step, 1)).reset_index(drop=True)
