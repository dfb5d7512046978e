"""The run that is served: the one that ``latest`` names, or the newest whole one before it where that is damaged."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from forecast.errors import NoRunYet, RunError
from forecast.runs.opening import LATEST, open_run, run_folders, told
from forecast.runs.place import place
from forecast.runs.run import BACKFILL, Run
from forecast.runs.seal import BROKEN
from forecast.runs.whole import fault_of

REMEDY = "run 'forecast doctor' to set it right"
_POINTER = "the pointer to the latest run"
_MISSING = "is missing"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Served:
    """The run that is shown, and what is wrong where it is not the one that should be.

    Parameters
    ----------
    run
        Every figure comes from it.
    wanted
        Name of the run that ``latest`` names; empty where the pointer itself is damaged or lost.
    wrong
        What is wrong with that run, or with the pointer, in words; empty where nothing is.
    """

    run: Run
    wanted: str = ""
    wrong: str = ""

    @property
    def instead(self) -> bool:
        """Whether another run than the newest is shown, or might be."""
        return bool(self.wrong) and self.run.id != self.wanted

    @property
    def problem(self) -> str:
        """What is wrong, which run is shown and what to do, in one sentence; empty where nothing is wrong."""
        if not self.wrong:
            return ""
        if not self.instead:
            return (
                f"run {self.wanted} is damaged ({self.wrong}) and there is no other: what cannot be read of it is not "
                f"shown; {REMEDY}, then 'forecast refit' to make a new run"
            )
        what = f"run {self.wanted} cannot be used ({self.wrong})" if self.wanted else f"{_POINTER} {self.wrong}"
        return f"{what}: the run of {self.run.as_of:%-d %B %Y}, {self.run.id}, is shown instead; {REMEDY}"


def served(models: str | Path = "models") -> Served:
    """Return the run that is served, and what is wrong where it is not the one that ``latest`` names.

    The run that ``latest`` names, where every file of it is what was written. Otherwise the whole run before it: of
    data of the same kind (published or simulated), with the newest as-of day that is no later, of one day the one
    written last; one made long after its day (``forecast backfill``) only for want of any other. Where there is none,
    the damaged one as far as it can be read: each of its files is compared with its hash before a figure is shown.

    Parameters
    ----------
    models
        Folder of runs.

    Raises
    ------
    RunError
        There is none that can be read; the message names the remedy. ``NoRunYet``: there has never been one.

    Examples
    --------
    >>> found = served("models")  # doctest: +SKIP
    >>> found.run.id, found.problem  # doctest: +SKIP
    """
    models = place(models)
    wanted, wrong = _pointed(models)
    if wanted:
        wrong = fault_of(models / wanted)
        if not wrong:
            return Served(open_run(models / wanted), wanted)
    for folder in _others(models, wanted):
        if not fault_of(folder):
            return Served(open_run(folder), wanted, wrong)
    if wanted and wrong == BROKEN:
        # Nothing that it tells can be relied on: not its days, nor the hashes of its files.
        raise RunError(f"run {wanted}: {wrong}; run 'forecast doctor' to set it aside, then 'forecast refit'")
    if wanted:
        return Served(open_run(models / wanted), wanted, wrong)
    if wrong == _MISSING:
        raise NoRunYet(f"{models}: no run yet; run 'forecast refit' (after 'forecast ingest' or 'forecast demo')")
    raise RunError(f"{models / LATEST}: {_POINTER} {wrong}; remove it and run 'forecast refit'")


def latest_run(models: str | Path = "models") -> Run:
    """Return the run that is served; see ``served``, which also says what is wrong where it is not the newest.

    Parameters
    ----------
    models
        Folder of runs.

    Returns
    -------
    Run
        The run that the ``latest`` pointer names; where it is damaged, the whole one before it, and a warning is
        logged that says so.

    Raises
    ------
    RunError
        There is no run yet, or none that can be read; the message names the remedy.

    Examples
    --------
    >>> run = fc.latest_run("models")
    >>> run.as_of
    Timestamp('2025-01-09 00:00:00')
    """
    found = served(models)
    warn(models, found)
    return found.run


def warn(models: str | Path, found: Served) -> None:
    """Log what is wrong with what is served, once as long as it stays so."""
    if found.problem:
        _warned(str(models), found.problem)


@lru_cache(maxsize=100)
def _warned(models: str, problem: str) -> None:
    _log.warning("%s", problem)


def _pointed(models: Path) -> tuple[str, str]:
    """Name in the pointer, or why there is none to be had."""
    try:
        name = (models / LATEST).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return "", _MISSING
    except (OSError, UnicodeDecodeError) as error:
        return "", f"cannot be read ({error.__class__.__name__})"
    if not name or Path(name).name != name or name in {".", ".."}:
        return "", f"names no run ({name[:80]!r})"
    return name, ""


def _others(models: Path, wanted: str) -> Iterator[Path]:
    """Folders of runs that may be shown in the place of one, the best first; their files are not compared yet."""
    kind = _simulated(models / wanted) if wanted else None
    later: list[Path] = []
    rather_not: list[Path] = []
    for folder in run_folders(models):
        if folder.name == wanted:
            continue
        try:
            run = open_run(folder)
        except RunError:
            continue
        if kind is not None and run.simulated != kind:
            continue
        if run.made == BACKFILL or (kind is None and run.simulated):
            # Where nobody knows what was shown, figures of real hospitals are what is waited for.
            rather_not.append(folder)
        elif wanted and folder.name[:10] > wanted[:10]:
            later.append(folder)
        else:
            yield folder
    # A later run that nothing points at was put back by somebody, or was about to be served.
    yield from [*reversed(later), *rather_not]


def _simulated(folder: Path) -> bool | None:
    """Whether a run is of simulated data, as far as its manifest can still be read."""
    try:
        kind = told(folder).get("simulated")
    except (OSError, ValueError):
        return None
    return kind if isinstance(kind, bool) else None
