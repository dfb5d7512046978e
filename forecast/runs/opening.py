"""Opening a run by its folder, and finding the folders that hold runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from forecast.errors import RunError
from forecast.runs.place import place
from forecast.runs.run import FORMAT, Run
from forecast.runs.shape import fault

LATEST = "latest"
MANIFEST = "manifest.json"
RUN_NAME = re.compile(r"\d{4}-\d{2}-\d{2}-\w+")
"""What a folder of a run is called: its as-of day and a hash."""


def open_run(path: str | Path) -> Run:
    """Read one run by its folder.

    Parameters
    ----------
    path
        Folder of the run.

    Returns
    -------
    Run
        Read piece by piece as it is asked for.

    Raises
    ------
    RunError
        The folder or its manifest is missing, damaged or of another format.

    Examples
    --------
    >>> newest = sorted(Path("models").glob("20*"))[-1]
    >>> fc.open_run(newest).id == newest.name
    True
    """
    path = place(path)
    try:
        manifest = told(path)
    except (OSError, ValueError) as error:
        raise RunError(
            f"run {path.name}: its manifest cannot be read ({error.__class__.__name__}); "
            "run 'forecast refit' to make a new run"
        ) from error
    made_in = manifest.get("format")
    if isinstance(made_in, int) and made_in > FORMAT:
        raise RunError(
            f"run {path.name}: made in format {made_in}, this version reads {FORMAT}; install the newer version that "
            "made it, or run 'forecast refit' with this one"
        )
    if made_in != FORMAT:
        raise RunError(
            f"run {path.name}: made in format {made_in!r}, this version reads {FORMAT}; run 'forecast refit'"
        )
    if wrong := fault(manifest):
        raise RunError(f"run {path.name}: its manifest {wrong}; run 'forecast refit' to make a new run")
    return Run(path, manifest)


def told(path: Path) -> Mapping[str, Any]:
    """Return what stands in the manifest of a folder, whatever its format.

    Raises
    ------
    OSError, ValueError
        It cannot be read, or is not written as a manifest is.
    """
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(manifest, dict):
        raise ValueError("not an object")
    return manifest


def run_folders(models: Path) -> Iterator[Path]:
    """Folders that hold a run by their name, the newest as-of day first; of one day the one written last."""
    try:
        found = [path for path in models.iterdir() if RUN_NAME.fullmatch(path.name)]
    except OSError:
        return
    yield from sorted(found, key=lambda path: (path.name[:10], written_at(path), path.name), reverse=True)


def written_at(folder: Path) -> float:
    """When a run was written, by its manifest; 0 for a folder without one."""
    try:
        return (folder / MANIFEST).stat().st_mtime
    except OSError:
        return 0.0
