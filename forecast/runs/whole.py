"""Whether every file of a run is what was written."""

from __future__ import annotations

from pathlib import Path

from forecast.errors import RunError
from forecast.runs.opening import open_run
from forecast.runs.pieces import digest_of
from forecast.runs.place import Stamp, stamp_of
from forecast.runs.run import Run
from forecast.runs.seal import BROKEN, broken

_NAMED = 3
"""Files named in a message; of more only how many."""

CANNOT_READ = "cannot be read, "
"""In what is said of a file that the machine would not give, whatever is in it."""
_verdicts: dict[str, tuple[Stamp, str]] = {}


def fault_of(folder: Path) -> str:
    """Say what is wrong with the run in a folder; empty where every file is there and is what was written.

    The files are hashed once: as long as none has another size or time, what was found holds. See ``forget``.
    """
    stamp = stamp_of(folder)
    known = _verdicts.get(str(folder.absolute()))
    if known is None or known[0] != stamp:
        known = (stamp, _fault(folder))
        # What could not be read may be readable in a moment: only what was read is remembered.
        if CANNOT_READ not in known[1]:
            _verdicts[str(folder.absolute())] = known
    return known[1]


def forget(folder: Path) -> None:
    """Look at every byte of a run again when next asked: somebody who read it found it damaged."""
    _verdicts.pop(str(folder.absolute()), None)


def harmed(run: Run) -> dict[str, str]:
    """Return the files of a run that are missing or not what was written, each with what is wrong with it."""
    found = {}
    for name, expected in run.manifest["files"].items():
        try:
            if digest_of(run.path / name) != expected:
                found[name] = "is not what was written"
        except FileNotFoundError:
            found[name] = "is missing"
        except OSError as error:
            found[name] = f"cannot be read, {error.strerror or error}"
    return found


def _fault(folder: Path) -> str:
    if not folder.is_dir():
        return "its folder is missing"
    try:
        run = open_run(folder)
        found = {} if broken(run.manifest) else harmed(run)
    except RunError as error:
        # The message of an error names the run, then what is wrong, then the remedy.
        return str(error).removeprefix(f"run {folder.name}: ").partition("; ")[0]
    if broken(run.manifest):
        return BROKEN
    named = ", ".join(f"{name} {wrong}" for name, wrong in list(found.items())[:_NAMED])
    more = len(found) - _NAMED
    return f"{named}, and {more} more of its files are damaged" if more > 0 else named
