"""The run before this one: the last that was served, or else the newest one with an earlier as-of day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from forecast.errors import RunError
from forecast.runs import LATEST, Run, open_run
from forecast.runs.opening import run_folders, written_at


@dataclass(frozen=True)
class Previous:
    """The run before this one.

    Parameters
    ----------
    run
        None where there is none that can be compared.
    remarks
        Runs that were passed over, and why.
    """

    run: Run | None = None
    remarks: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its name; empty where there is none."""
        return self.run.id if self.run else ""


def previous_run(models: Path, day: pd.Timestamp, simulated: bool, reaching: pd.Timestamp) -> Previous:
    """Find the run before one of a day.

    Parameters
    ----------
    models
        Folder of runs.
    day
        As-of day of the new run: an earlier run has an earlier one.
    simulated
        Whether the new run's data are the simulated twin's; real and simulated runs are never compared.
    reaching
        Day that the earlier run's forecast must reach.
    """
    remarks: list[str] = []
    too_short = ""
    for folder in _folders(models, day):
        try:
            run = open_run(folder)
            if run.simulated != simulated or run.as_of >= day:
                continue
            if _reach(run) < reaching:
                too_short = too_short or f"the forecast of the run of {run.as_of:%-d %B %Y} ends too early to compare"
                continue
            run.check()
        except RunError as error:
            remarks.append(f"an earlier run was passed over ({error})")
            continue
        return Previous(run, tuple(remarks))
    return Previous(None, (*remarks, *filter(None, [too_short])))


def _folders(models: Path, day: pd.Timestamp) -> Iterator[Path]:
    """Runs by name that may be earlier: the one served first, then from the newest as-of day back."""
    try:
        served = (models / LATEST).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        served = ""
    found = [path for path in run_folders(models) if path.name[:10] < f"{day:%Y-%m-%d}"]
    # Of one day the run written last: its as-of day was forecast again for a reason.
    yield from sorted(found, key=lambda path: (path.name == served, path.name[:10], written_at(path)), reverse=True)


def _reach(run: Run) -> pd.Timestamp:
    """Last day that a run forecasts."""
    settings = run.manifest.get("settings")
    days = settings.get("horizon_days") if isinstance(settings, dict) else None
    if not isinstance(days, int):
        raise RunError(f"run {run.id}: its manifest does not say how far it forecasts")
    return run.as_of + pd.Timedelta(days=days)
