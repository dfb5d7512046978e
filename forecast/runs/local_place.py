"""Writing runs into a folder of this machine: under a temporary name, renamed, and only then served."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from forecast.errors import RefitAtWork
from forecast.flushing import flush_all, flush_folder
from forecast.setting_aside import set_aside

LATEST = "latest"
BUSY = "another refit is running; wait for it to finish, then try again"
_APPEND_SECONDS = 10.0


class LocalWriter:
    """A folder of this machine; see ``forecast.runs.place.Writer``."""

    def __init__(self, models: Path) -> None:
        self._models = models

    @contextmanager
    def refitting(self) -> Iterator[None]:
        """Hold the lock of the folder; the system lets go of it when the process ends, however it ends."""
        self._models.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._models / ".lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise RefitAtWork(f"{self._models}: {BUSY}") from None
        try:
            yield
        finally:
            lock.release()

    def publish(self, name: str, write: Callable[[Path], None], *, serve: bool) -> None:
        """Write under a temporary name and rename; a damaged run of that name is set aside."""
        final = self._models / name
        temporary = self._models / f".{name}.{os.getpid()}.tmp"
        self._models.mkdir(parents=True, exist_ok=True)
        self._remove_left_overs()
        try:
            write(temporary)
            flush_all(temporary)
            # Written before the run has its name: what follows needs no room, so that it is served or not there at all.
            pointer = self._written_pointer(name) if serve else None
            if final.exists():
                set_aside(final)
            temporary.rename(final)
            flush_folder(self._models)
            if pointer:
                _move_pointer(pointer)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
            with suppress(OSError):
                self._pointer().unlink(missing_ok=True)

    def point(self, name: str) -> None:
        """Move the pointer, atomically."""
        self._models.mkdir(parents=True, exist_ok=True)
        self._remove_left_overs()
        _move_pointer(self._written_pointer(name))

    def remove(self, folder: Path) -> None:
        """Remove a run, as far as that can be done."""
        shutil.rmtree(folder, ignore_errors=True)

    def append(self, path: Path, line: bytes, lock: Path) -> None:
        """Add one whole line and have it on the disk."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(lock, timeout=_APPEND_SECONDS), path.open("ab+", buffering=0) as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(end - 1, 0))
            # After a write that was cut short the next line begins anew.
            cut = end > 0 and file.read(1) != b"\n"
            rest = b"\n" * cut + line + b"\n"
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())

    @staticmethod
    def stamp(folder: Path) -> tuple[tuple[str, str], ...]:
        """Size and times of every file; those that go while it looks are left out."""
        found = []
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            try:
                stat = path.stat()
            except OSError:
                continue
            told = f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns}"
            found.append((path.relative_to(folder).as_posix(), told))
        return tuple(found)

    def _remove_left_overs(self) -> None:
        for path in self._models.glob(".*.tmp"):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    def _pointer(self) -> Path:
        """Where a pointer is written before it is in force."""
        return self._models / f".{LATEST}.{os.getpid()}.tmp"

    def _written_pointer(self, name: str) -> Path:
        """Write a pointer beside the one that is in force."""
        temporary = self._pointer()
        try:
            with temporary.open("w", encoding="utf-8") as handle:
                handle.write(name + "\n")
                handle.flush()
                os.fsync(handle.fileno())
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        return temporary


def _move_pointer(temporary: Path) -> None:
    """Put a pointer in force, atomically."""
    try:
        temporary.replace(temporary.parent / LATEST)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    flush_folder(temporary.parent)
