"""Setting things aside: nothing that was stored, made or fetched is ever deleted."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

DAMAGED = "damaged"
"""Folder, beside what is whole, of what is not."""
HIDDEN = ".damaged"
"""The same where a folder is searched for files: hidden ones are left out."""


def set_aside(path: Path, below: str = DAMAGED) -> Path:
    """Move a file or folder to a folder beside it, under a name that is free, and return where it is now."""
    folder = path.parent / below
    folder.mkdir(exist_ok=True)
    names = (f"{path.name}.{number}" if number > 1 else path.name for number in count(1))
    return path.rename(next(folder / name for name in names if not os.path.lexists(folder / name)))
