"""Lines of a file put aside, and whether somebody is at work in a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout


def set_lines_aside(path: Path, kept: Sequence[str], wrong: Sequence[str]) -> Path:
    """Leave only some lines in a file of lines, and add the others to one of the same name that ends ``.set-aside``."""
    aside = path.with_suffix(".set-aside")
    with aside.open("a", encoding="utf-8") as handle:
        handle.writelines(f"{line}\n" for line in wrong)
        handle.flush()
        os.fsync(handle.fileno())
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8") as handle:
            handle.writelines(f"{line}\n" for line in kept)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return aside


def busy(lock: Path) -> bool:
    """Whether a process holds a lock; nothing is created by asking."""
    if not lock.exists():
        return False
    # Who may not write here cannot ask, and only looks.
    with suppress(OSError):
        try:
            with FileLock(lock, timeout=0):
                return False
        except Timeout:
            return True
    return False
