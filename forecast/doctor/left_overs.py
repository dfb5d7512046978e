"""What killed processes left half written, and nobody reads."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from forecast.doctor.aside import busy
from forecast.doctor.finding import Finding
from forecast.observations.folders import OBSERVATIONS
from forecast.runs.writing import REFUSED

HALF = ".*.tmp"
BACKFILL = ".backfill"
_LOCK = ".lock"


def of_left_overs(models: Path, stores: list[Path], raw: Path, *, mend: bool) -> list[Finding]:
    """Find what was begun by processes that are not at work any more, and remove it.

    Whoever writes in a folder holds its lock: what lies half written under a lock that is free belongs to nobody.

    Parameters
    ----------
    models, raw
        Folders of runs and of what was fetched.
    stores
        Folders of stores.
    mend
        False: only look.

    Raises
    ------
    OSError
        Something could not be removed.
    """
    places = [(models, ("", REFUSED)), (raw, ("*",)), *((store / OBSERVATIONS, ("**",)) for store in stores)]
    found = []
    for folder, below in places:
        left = sorted({path for part in below for path in folder.glob(f"{part}/{HALF}".lstrip("/"))})
        found += _removed(left, folder / _LOCK, mend)
    staging = models / BACKFILL
    return found + _removed(list(_folders(staging)), staging / _LOCK, mend)


def _removed(left: list[Path], lock: Path, mend: bool) -> list[Finding]:
    if not left or (not mend and busy(lock)):
        return []
    if mend:
        try:
            with FileLock(lock, timeout=0):
                for path in left:
                    _remove(path)
        except Timeout:
            return []
    return [Finding(f"{path}", "left by a process that was ended", "removed" if mend else "") for path in left]


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _folders(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if path.is_dir())
