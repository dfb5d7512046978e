"""How much there is to examine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from forecast.errors import StoreError
from forecast.incoming.archive import MANIFEST
from forecast.observations.store import Store
from forecast.runs.opening import run_folders
from forecast.runs.place import place


@dataclass(frozen=True)
class Counted:
    """What is kept: vintages of the stores, runs, and files that were fetched."""

    vintages: int
    runs: int
    files: int


def counted(stores: Sequence[Store], models: str | Path, raw: str | Path) -> Counted:
    """Count what can be read."""
    files = {path for manifest in Path(raw).glob(f"*/{MANIFEST}") for path in manifest.parent.iterdir()}
    shown = [path for path in files if path.is_file() and path.suffix not in {".jsonl", ".set-aside"}]
    return Counted(sum(map(_vintages, stores)), len(list(run_folders(place(models)))), len(shown))


def _vintages(store: Store) -> int:
    try:
        return len(store.vintages())
    except StoreError:
        return 0
