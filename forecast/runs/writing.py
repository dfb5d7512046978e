"""Writing a run: whole, under a temporary name, renamed, and only then served."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.errors import RunError, StoreError
from forecast.runs import changes_ahead, outlook, places_ahead, scores, track, wave_ahead
from forecast.runs.changes_ahead import Changes
from forecast.runs.opening import open_run, run_folders, written_at
from forecast.runs.pieces import digest_of
from forecast.runs.place import place, writer_of
from forecast.runs.places_ahead import PlacesAhead
from forecast.runs.run import FORMAT, Run
from forecast.runs.seal import sealed
from forecast.trajectories import Trajectories

REFUSED = "refused"
"""Folder below that of the runs in which those lie that were not published."""
_REFUSED_KEPT = 4
_FLAG_COLUMNS = ("metric", "date", "location", "flag", "note")


@dataclass(frozen=True)
class MetricForecast:
    """What a refit made of one metric."""

    metric: str
    trajectories: Trajectories
    baseline: Trajectories
    history: pd.DataFrame
    flags: pd.DataFrame
    summary: pd.DataFrame
    cannot_say: Mapping[str, str] = field(default_factory=dict)
    replays: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(track.REPLAY_COLUMNS)))
    season: outlook.SeasonAhead = field(default_factory=outlook.SeasonAhead)
    wave: wave_ahead.WaveAhead = field(default_factory=wave_ahead.WaveAhead)


def run_id(as_of: pd.Timestamp, inputs: Mapping[str, Any]) -> str:
    """Name of the run made from these inputs: as-of date and a hash."""
    text = json.dumps(inputs, sort_keys=True, default=str)
    return f"{as_of:%Y-%m-%d}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def write_run(
    models: str | Path,
    manifest: Mapping[str, Any],
    forecasts: Sequence[MetricForecast],
    places: Mapping[str, PlacesAhead] | None = None,
    changes: Changes | None = None,
    scored: pd.DataFrame | None = None,
    *,
    serve: bool = True,
) -> Run:
    """Write a run and move ``latest`` to it.

    Parameters
    ----------
    models
        Folder of runs.
    manifest
        At least id, as_of, simulated, code_version, settings, seed, vintages, counties, skipped, timings.
    forecasts
        One entry a metric, counties included in its trajectories.
    places
        County to what is kept of its places.
    changes
        What changed since the run before.
    scored
        How past runs did, by what is known now; columns ``forecast.runs.scores.COLUMNS``.
    serve
        Whether ``latest`` moves to it; a run as of an earlier day may stand beside the one that is served.

    Raises
    ------
    RunError
        The folder cannot be written; the last good run stands.
    """
    models = place(models)
    final = models / str(manifest["id"])
    told = changes or Changes(changes_ahead.NOT_ASKED)
    try:
        if not whole_run(models, final.name):
            writer_of(models).publish(
                final.name,
                lambda folder: _write_pieces(folder, manifest, forecasts, places or {}, told, scored),
                serve=serve,
            )
        elif serve:
            point_latest(models, final.name)
    except (OSError, StoreError) as error:
        raise RunError(
            f"{models}: the run cannot be written ({getattr(error, 'strerror', None) or error}); free some space or "
            "give the folder write permission and refit; the last run stands"
        ) from error
    return open_run(final)


def keep_refused(
    models: str | Path,
    manifest: Mapping[str, Any],
    forecasts: Sequence[MetricForecast],
    places: Mapping[str, PlacesAhead] | None = None,
    changes: Changes | None = None,
    scored: pd.DataFrame | None = None,
) -> Run:
    """Write a run that is not published below ``REFUSED``, where a person can look at it; the oldest of many go.

    Raises
    ------
    RunError
        The folder cannot be written.
    """
    folder = place(models) / REFUSED
    run = write_run(folder, manifest, forecasts, places, changes, scored, serve=False)
    kept = sorted(run_folders(folder), key=written_at, reverse=True)
    for path in kept[_REFUSED_KEPT:]:
        if path != run.path:
            writer_of(folder).remove(path)
    return run


def point_latest(models: Path, name: str) -> None:
    """Move the ``latest`` pointer, atomically."""
    writer_of(models).point(name)


def whole_run(models: str | Path, name: str) -> Run | None:
    """Return the run of a name where it is there, complete and unchanged."""
    try:
        run = open_run(place(models) / name)
        run.check()
    except RunError:
        return None
    return run


def _write_pieces(
    folder: Path,
    manifest: Mapping[str, Any],
    forecasts: Sequence[MetricForecast],
    places: Mapping[str, PlacesAhead],
    changes: Changes,
    scored: pd.DataFrame | None,
) -> None:
    for name in ("trajectories", "baseline", "history"):
        (folder / name).mkdir(parents=True)
    flags = []
    entries: dict[str, Any] = {}
    for one in forecasts:
        _save(one.trajectories.to_frame(), folder / "trajectories" / f"{one.metric}.parquet")
        _save(one.baseline.to_frame(), folder / "baseline" / f"{one.metric}.parquet")
        _save(one.history, folder / "history" / f"{one.metric}.parquet", index=True)
        if one.season.weeks is not None:
            (folder / outlook.FOLDER).mkdir(exist_ok=True)
            _save(one.season.weeks.to_frame(), folder / outlook.FOLDER / f"{one.metric}.parquet")
        for part, frame in one.wave.frames().items():
            (folder / wave_ahead.FOLDER).mkdir(exist_ok=True)
            _save(frame, folder / wave_ahead.FOLDER / f"{one.metric}-{part}.parquet")
        if len(one.replays):
            (folder / track.REPLAYS_FOLDER).mkdir(exist_ok=True)
            _save(one.replays, folder / track.REPLAYS_FOLDER / f"{one.metric}.parquet")
        flags.append(one.flags.assign(metric=one.metric))
        entries[one.metric] = {
            "origin": f"{one.trajectories.origin:%Y-%m-%d}",
            "model": one.trajectories.model,
            "locations": one.trajectories.locations,
            "cannot_say": dict(one.cannot_say),
            "notes": dict(one.trajectories.notes),
            "outlook": one.season.entry(),
            "wave": one.wave.entry(),
        }
    _save(pd.concat(flags, ignore_index=True)[list(_FLAG_COLUMNS)], folder / "flags.parquet")
    _save(pd.concat([one.summary for one in forecasts], ignore_index=True), folder / "summary.parquet")
    said = [track.quantiles_of(one.metric, one.trajectories, one.baseline) for one in forecasts]
    _save(pd.concat(said, ignore_index=True), folder / track.QUANTILES_FILE)
    for county, plan in places.items():
        for part, frame in plan.frames().items():
            (folder / places_ahead.FOLDER).mkdir(exist_ok=True)
            _save(frame, folder / places_ahead.FOLDER / f"{county}-{part}.parquet")
    for part, frame in changes.frames().items():
        (folder / changes_ahead.FOLDER).mkdir(exist_ok=True)
        _save(frame, folder / changes_ahead.FOLDER / f"{part}.parquet")
    if scored is not None:
        _save(scored, folder / scores.FILE)
    planned = {county: plan.entry() for county, plan in places.items()}
    files = {p.relative_to(folder).as_posix(): digest_of(p) for p in sorted(folder.rglob("*.parquet"))}
    told = {"metrics": entries, "placements": planned, "compared": changes.entry(), "files": files}
    whole = {"format": FORMAT, **manifest, **told}
    text = json.dumps(sealed(whole), indent=1)
    path = folder / "manifest.json"
    path.write_text(text, encoding="utf-8")


def _save(frame: pd.DataFrame, path: Path, index: bool = False) -> None:
    # By way of the memory: what the system says of a full disk comes through in its own words.
    path.write_bytes(frame.to_parquet(None, index=index, compression="zstd"))
