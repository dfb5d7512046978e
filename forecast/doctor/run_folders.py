"""The runs' part of the doctor: each piece compared with its hash, damaged runs set aside, the pointer moved back."""

from __future__ import annotations

from pathlib import Path

from forecast.doctor.finding import Finding
from forecast.errors import RunError
from forecast.runs.opening import LATEST, run_folders, told
from forecast.runs.run import FORMAT
from forecast.runs.serving import Served, served
from forecast.runs.whole import CANNOT_READ, fault_of, forget
from forecast.runs.writing import point_latest
from forecast.setting_aside import set_aside

REFIT = "'forecast refit' makes it again"


def of_runs(models: Path, *, mend: bool) -> list[Finding]:
    """Compare every piece of every run with its hash; set damaged runs aside and serve the whole one before.

    Parameters
    ----------
    models
        Folder of runs; who mends holds its lock.
    mend
        False: only look.

    Raises
    ------
    OSError
        Something could not be set aside.
    """
    folders = list(run_folders(models))
    for folder in folders:
        forget(folder)
    now = _served(models)
    found = []
    for folder in folders:
        if wrong := fault_of(folder):
            if _newer(folder):
                found.append(Finding(f"run {folder.name}", wrong, "", "install the version that made it"))
            elif CANNOT_READ in wrong:
                found.append(Finding(f"run {folder.name}", wrong, "", "give it read permission, or look at the disk"))
            elif mend:
                kept = set_aside(folder)
                found.append(Finding(f"run {folder.name}", wrong, f"set aside in {kept.parent}", REFIT))
            else:
                found.append(Finding(f"run {folder.name}", wrong, "", ""))
    return found + _pointer(models, now, mend)


def _pointer(models: Path, now: Served | None, mend: bool) -> list[Finding]:
    """Move the pointer to the run that was served in the place of the one that it names."""
    pointer = models / LATEST
    if now is None and not pointer.exists():
        return []
    if now is not None and not now.wrong:
        return []
    wrong = "names a run that cannot be used" if now is None or now.wanted else now.wrong
    to = now.run if now is not None and now.instead else None
    if not mend:
        return [Finding(f"{pointer}", wrong)]
    # A pointer that is a folder cannot be replaced by a file.
    if pointer.is_dir():
        set_aside(pointer)
    if to is None:
        pointer.unlink(missing_ok=True)
        return [Finding(f"{pointer}", wrong, "removed: there is no whole run", "'forecast refit' makes a new run")]
    point_latest(models, to.path.name)
    day = f"{to.as_of:%-d %B %Y}"
    return [Finding(f"{pointer}", wrong, f"now names the newest whole run, {to.path.name}, as of {day}")]


def _served(models: Path) -> Served | None:
    try:
        return served(models)
    except RunError:
        return None


def _newer(folder: Path) -> bool:
    """Whether a run was made by a newer version, which can read it."""
    try:
        made_in = told(folder).get("format")
    except (OSError, ValueError):
        return False
    return isinstance(made_in, int) and made_in > FORMAT
