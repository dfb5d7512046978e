"""The immutable record of one refit: everything the app shows.

``models/<as-of date>-<hash>/`` holds a manifest, the sample paths of every metric and of its baseline, the
history they were learned from, the flags, and the summary. A run is written under a temporary name, flushed,
renamed, and only then does the ``latest`` pointer move. The hash is over what went in, so the same data, code and
settings give the same run.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from forecast import outlook
from forecast.errors import RunError
from forecast.trajectories import Trajectories

FORMAT = 1
LATEST = "latest"
_MANIFEST_KEYS = ("id", "as_of", "simulated", "code_version", "vintages", "counties", "metrics", "skipped", "files")
RECORD_COLUMNS = ("location", "origin", "horizon", "date", "low", "high", "observed")
"""Forecasts replayed from earlier origins: central 9-in-10 range and what came."""
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
    record: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(RECORD_COLUMNS)))
    season: outlook.SeasonAhead = field(default_factory=outlook.SeasonAhead)


@dataclass(frozen=True)
class Run:
    """A finished run, read from its folder piece by piece as a page needs it.

    ``manifest`` keys: id, as_of, simulated, code_version, settings, seed, vintages, metrics, skipped, timings, files.
    """

    path: Path
    manifest: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Name of the run's folder."""
        return str(self.manifest["id"])

    @property
    def as_of(self) -> pd.Timestamp:
        """Day whose published data the run knows; horizons count from it."""
        return pd.Timestamp(self.manifest["as_of"])

    @property
    def simulated(self) -> bool:
        """Whether the data are the simulated twin's."""
        return bool(self.manifest["simulated"])

    @property
    def metrics(self) -> list[str]:
        """Forecast metrics in the order of the reference table."""
        return list(self.manifest["metrics"])

    @property
    def skipped(self) -> Mapping[str, str]:
        """Metrics that were not forecast, with the reason."""
        return dict(self.manifest["skipped"])

    def members(self, county: str) -> list[str]:
        """Hospitals summed into a county."""
        return list(self.manifest["counties"][county])

    @property
    def counties(self) -> list[str]:
        """Counties of the run."""
        return list(self.manifest["counties"])

    def last_observed(self, metric: str) -> pd.Timestamp:
        """Newest day with data of a metric; the forecast begins the day after."""
        return pd.Timestamp(self.manifest["metrics"][metric]["origin"])

    def cannot_say(self, metric: str) -> dict[str, str]:
        """Locations without a forecast of a metric, with the reason in words."""
        return dict(self.manifest["metrics"][metric]["cannot_say"])

    def notes(self, metric: str) -> dict[str, str]:
        """Locations whose forecast needs a remark, with the remark."""
        return dict(self.manifest["metrics"][metric]["notes"])

    def trajectories(self, metric: str) -> Trajectories:
        """Sample paths of a metric at each hospital and county, from the day after the newest datum."""
        return self._paths("trajectories", metric)

    def baseline(self, metric: str) -> Trajectories:
        """Return the same for the baseline, ``Persistence``."""
        return self._paths("baseline", metric)

    def outlook(self, metric: str) -> Trajectories:
        """Weekly means of the sample paths of a metric, to the end of the season outlook (30 weeks).

        Parameters
        ----------
        metric
            Its name; see ``no_outlook`` for whether the run looks at it a season ahead.

        Returns
        -------
        Trajectories
            Hospitals and counties, step 7 days; a date is the last day of its week, a whole number of weeks from
            ``as_of``; values are patients a day on average. Its paths are those of ``trajectories`` carried further,
            with the same sample numbers; the means of shared weeks agree to the seven digits of a 32-bit float.

        Raises
        ------
        RunError
            The run has no such metric, or no outlook of it; the message says why.

        Examples
        --------
        >>> paths = latest_run("models").outlook("nctr_patients")  # doctest: +SKIP
        >>> paths.quantiles([0.05, 0.5, 0.95])  # doctest: +SKIP
        """
        self._looks_ahead(metric)
        return Trajectories.from_frame(self._parquet(f"{outlook.FOLDER}/{metric}.parquet"))

    def no_outlook(self, metric: str) -> str:
        """Say why the run has no season outlook of a metric; empty where it has one."""
        return outlook.lacking(self.manifest["metrics"][self._known(metric)])

    def season_dates(self, metric: str) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First day that the season outlook was learned from, and last day that is the short range's own."""
        told = self._looks_ahead(metric)
        return pd.Timestamp(told["learned_from"]), pd.Timestamp(told["handover"])

    def history(self, metric: str) -> pd.DataFrame:
        """Panel of a metric as published and known on the as-of day; a county only where all members reported."""
        frame = self._parquet(f"history/{self._known(metric)}.parquet")
        frame.index = pd.DatetimeIndex(frame.index, name="date")
        frame.columns.name = "location"
        return frame

    def flags(self, metric: str) -> pd.DataFrame:
        """Flagged values of a metric: date, location, flag, note."""
        frame = self._parquet("flags.parquet")
        return frame[frame["metric"] == self._known(metric)].drop(columns="metric").reset_index(drop=True)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Figures for cards and reports, one row a metric, location and day ahead; see ``forecast.summary``."""
        return self._parquet("summary.parquet")

    def record(self, metric: str) -> pd.DataFrame:
        """Forecasts of a metric replayed from earlier origins, against what came; columns ``RECORD_COLUMNS``.

        Empty where the forecaster keeps no record, and in runs made before there was one.
        """
        self._known(metric)
        if "record.parquet" not in self.manifest["files"]:
            return pd.DataFrame(columns=list(RECORD_COLUMNS))
        frame = self._parquet("record.parquet")
        return frame[frame["metric"] == metric].drop(columns="metric").reset_index(drop=True)

    def check(self) -> None:
        """Compare every file with its hash in the manifest.

        Raises
        ------
        RunError
            A file is missing or differs.
        """
        for name, digest in self.manifest["files"].items():
            path = self.path / name
            if not path.is_file():
                raise RunError(f"run {self.id}: {name} is missing; run 'forecast refit' to make a new run")
            if _digest(path) != digest:
                raise RunError(f"run {self.id}: {name} has been changed; run 'forecast refit' to make a new run")

    def _known(self, metric: str) -> str:
        if metric not in self.manifest["metrics"]:
            raise RunError(
                f"run {self.id} has no forecast of {metric!r}; it has {', '.join(self.metrics)}"
                + (f" ({self.skipped[metric]})" if metric in self.skipped else "")
            )
        return metric

    def _looks_ahead(self, metric: str) -> Mapping[str, Any]:
        if reason := self.no_outlook(metric):
            raise RunError(f"run {self.id} has no season outlook of {metric!r}: {reason}")
        told: Mapping[str, Any] = self.manifest["metrics"][metric]["outlook"]
        return told

    def _paths(self, kind: str, metric: str) -> Trajectories:
        entry = self.manifest["metrics"][self._known(metric)]
        return Trajectories.from_frame(
            self._parquet(f"{kind}/{metric}.parquet"),
            metric=metric,
            origin=entry["origin"],
            notes=entry["notes"],
            model=entry["model"] if kind == "trajectories" else "Persistence",
        )

    def _parquet(self, name: str) -> pd.DataFrame:
        path = self.path / name
        try:
            return pd.read_parquet(path)
        except (OSError, pa.ArrowInvalid) as error:
            raise RunError(
                f"run {self.id}: {name} cannot be read ({error.__class__.__name__}); "
                "run 'forecast refit' to make a new run"
            ) from error


def latest_run(models: str | Path = "models") -> Run:
    """Return the run that the ``latest`` pointer names.

    Raises
    ------
    RunError
        There is no run yet, or the one pointed at cannot be read; the message names the remedy.
    """
    pointer = Path(models) / LATEST
    try:
        name = pointer.read_text(encoding="utf-8").strip()
    except (UnicodeDecodeError, IsADirectoryError, NotADirectoryError, PermissionError) as error:
        raise RunError(
            f"{pointer}: the pointer to the latest run cannot be read ({error.__class__.__name__}); remove it and run "
            "'forecast refit'"
        ) from error
    except FileNotFoundError:
        raise RunError(
            f"{models}: no run yet; run 'forecast refit' (after 'forecast ingest' or 'forecast demo')"
        ) from None
    if not name or Path(name).name != name:
        raise RunError(f"{pointer}: names no run ({name!r}); remove it and run 'forecast refit'")
    return open_run(Path(models) / name)


def open_run(path: str | Path) -> Run:
    """Read one run by its folder.

    Raises
    ------
    RunError
        The folder or its manifest is missing, damaged or of another format.
    """
    path = Path(path)
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        if not isinstance(manifest, dict):
            raise ValueError("not an object")
        pd.Timestamp(manifest.get("as_of", "missing"))
    except (OSError, ValueError) as error:
        raise RunError(
            f"run {path.name}: its manifest cannot be read ({error.__class__.__name__}); "
            "run 'forecast refit' to make a new run"
        ) from error
    missing = [key for key in _MANIFEST_KEYS if key not in manifest]
    if manifest.get("format") == FORMAT and missing:
        raise RunError(f"run {path.name}: its manifest lacks {missing[0]!r}; run 'forecast refit' to make a new run")
    if manifest.get("format") != FORMAT:
        raise RunError(
            f"run {path.name}: made in format {manifest.get('format')!r}, this version reads {FORMAT}; "
            "run 'forecast refit'"
        )
    return Run(path, manifest)


def _whole(path: Path) -> bool:
    """Whether a run of that name is there, complete and unchanged."""
    try:
        open_run(path).check()
    except RunError:
        return False
    return True


def run_id(as_of: pd.Timestamp, inputs: Mapping[str, Any]) -> str:
    """Name of the run made from these inputs: as-of date and a hash."""
    text = json.dumps(inputs, sort_keys=True, default=str)
    return f"{as_of:%Y-%m-%d}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def write_run(models: str | Path, manifest: Mapping[str, Any], forecasts: Sequence[MetricForecast]) -> Run:
    """Write a run and move ``latest`` to it.

    Parameters
    ----------
    models
        Folder of runs.
    manifest
        At least id, as_of, simulated, code_version, settings, seed, vintages, counties, skipped, timings.
    forecasts
        One entry a metric, counties included in its trajectories.

    Raises
    ------
    RunError
        The folder cannot be written; the last good run stands.
    """
    models = Path(models)
    final = models / str(manifest["id"])
    temporary = models / f".{manifest['id']}.{os.getpid()}.tmp"
    try:
        models.mkdir(parents=True, exist_ok=True)
        _remove_left_overs(models)
        if not _whole(final):
            _write_pieces(temporary, manifest, forecasts)
            if final.exists():
                shutil.rmtree(final)
            temporary.rename(final)
        point_latest(models, final.name)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise RunError(
            f"{models}: the run cannot be written ({error.strerror or error}); free some space or give the folder "
            "write permission and refit; the last run stands"
        ) from error
    return open_run(final)


def point_latest(models: Path, name: str) -> None:
    """Move the ``latest`` pointer, atomically."""
    temporary = models / f".{LATEST}.{os.getpid()}.tmp"
    with temporary.open("w", encoding="utf-8") as handle:
        handle.write(name + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(models / LATEST)


@lru_cache(maxsize=1)
def code_version() -> str:
    """Version of the package and a hash of its source, so that a run says which code made it."""
    root = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    try:
        version = metadata.version("norfolk-forecast")
    except metadata.PackageNotFoundError:
        version = "not installed"
    return f"{version}+{digest.hexdigest()[:8]}"


def _write_pieces(folder: Path, manifest: Mapping[str, Any], forecasts: Sequence[MetricForecast]) -> None:
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
        flags.append(one.flags.assign(metric=one.metric))
        entries[one.metric] = {
            "origin": f"{one.trajectories.origin:%Y-%m-%d}",
            "model": one.trajectories.model,
            "locations": one.trajectories.locations,
            "cannot_say": dict(one.cannot_say),
            "notes": dict(one.trajectories.notes),
            "outlook": one.season.entry(),
        }
    _save(pd.concat(flags, ignore_index=True)[list(_FLAG_COLUMNS)], folder / "flags.parquet")
    _save(pd.concat([one.summary for one in forecasts], ignore_index=True), folder / "summary.parquet")
    records = [one.record.assign(metric=one.metric) for one in forecasts if len(one.record)]
    if records:
        _save(pd.concat(records, ignore_index=True), folder / "record.parquet")
    files = {p.relative_to(folder).as_posix(): _digest(p) for p in sorted(folder.rglob("*.parquet"))}
    text = json.dumps({"format": FORMAT, **manifest, "metrics": entries, "files": files}, indent=1, default=str)
    path = folder / "manifest.json"
    with path.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())


def _save(frame: pd.DataFrame, path: Path, index: bool = False) -> None:
    frame.to_parquet(path, index=index, compression="zstd")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _remove_left_overs(models: Path) -> None:
    for path in models.glob(".*.tmp"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
