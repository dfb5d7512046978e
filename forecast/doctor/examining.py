"""Everything examined, one part after the other: what cannot be examined is said, and the other parts still are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from forecast.doctor.archives import of_archive
from forecast.doctor.finding import Finding
from forecast.doctor.journals import of_journal
from forecast.doctor.left_overs import of_left_overs
from forecast.doctor.run_folders import of_runs
from forecast.doctor.stores import of_store
from forecast.observations.store import Store
from forecast.runs.place import on_this_machine

Progress = Callable[[str], None]
_LOCK = ".lock"


def examine(
    stores: Sequence[Store], models: str | Path, raw: str | Path, *, mend: bool = True, progress: Progress | None = None
) -> list[Finding]:
    """Compare everything that is kept with its hashes, say what is wrong, and set it right.

    Damaged vintages, runs, fetched files and lines are set aside and never deleted; ``latest`` is moved to the newest
    whole run; what ended processes left half written is removed. Nothing is touched that another process is at work
    on. A second call finds nothing but what a person has to set right.

    Parameters
    ----------
    stores
        Stores of observations.
    models, raw
        Folders of runs, and of what was fetched.
    mend
        False: only look.
    progress
        Called with what is examined next, in words.

    Returns
    -------
    list of Finding
        What is wrong, what was done about it and what is left to do. What says neither was only looked at, or could
        not be set right.
    """
    models, raw = on_this_machine(models, "forecast doctor"), Path(raw)
    say = progress or (lambda _: None)
    # First of all: who writes to a store removes what was left there, and nobody would hear of it.
    say("what was left half written")
    folders = [store.folder for store in stores if isinstance(store.folder, Path)]
    found = _tried(models, lambda: of_left_overs(models, folders, raw, mend=mend))
    for store in stores:
        say(f"store {store.folder}")
        if not _nothing(store):
            found += of_store(store, mend=mend)
    say("runs")
    found += _under(models, "a refit", lambda mending: of_runs(models, mend=mending), mend)
    say("journal")
    found += _tried(models, lambda: of_journal(models, mend=mend))
    say("files fetched")
    return found + _under(raw, "a fetch", lambda mending: of_archive(raw, mend=mending), mend)


def _nothing(store: Store) -> bool:
    return isinstance(store.folder, Path) and not store.folder.exists()


def _under(folder: Path, who: str, act: Callable[[bool], list[Finding]], mend: bool) -> list[Finding]:
    """Act under the lock of a folder where there is anything to do; only look where somebody else holds it."""
    looked = _tried(folder, lambda: act(False)) if folder.is_dir() else []
    if not looked or not mend:
        return looked
    try:
        with FileLock(folder / _LOCK, timeout=0):
            return _tried(folder, lambda: act(True))
    except Timeout:
        later = f"{who} is at work, so nothing was touched; run 'forecast doctor' again when it has finished"
        return [Finding(one.where, one.wrong, "", later) for one in looked]
    except OSError as error:
        return [*looked, _refused(folder, error)]


def _tried(folder: Path, act: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return act()
    except OSError as error:
        return [_refused(folder, error)]


def _refused(folder: Path, error: OSError) -> Finding:
    where = error.filename or folder
    remedy = "free some space or give the folder read and write permission, then run 'forecast doctor' again"
    return Finding(f"{where}", f"cannot be read or written ({error.strerror or error})", "", remedy)
