"""Having what was written on the disk before anything tells of it, lest a power cut leave a name without content."""

from __future__ import annotations

import os
from pathlib import Path


def flush_all(folder: Path) -> None:
    """Have every file below a folder, and the folder itself, on the disk."""
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            flush_folder(path)
        else:
            with path.open("rb+") as handle:
                os.fsync(handle.fileno())
    flush_folder(folder)


def flush_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, where folders can be flushed."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
