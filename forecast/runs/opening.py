"""Finding a run: the one that is served, or one by its folder."""

from __future__ import annotations

import json
from pathlib import Path

from forecast.errors import RunError
from forecast.runs.run import FORMAT, Run
from forecast.runs.shape import fault

LATEST = "latest"


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
