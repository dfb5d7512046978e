"""A folder of vintages: what a store needs of the place it lies in, and a folder of this machine.

The one promise everything else rests on: ``create`` makes a file whole or not at all, and never over another. On this
machine a lock lets one writer in; the file is written under a temporary name, flushed and renamed. A writer killed in
between leaves a temporary file that nobody reads and the next writer removes. Other places: ``remote``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, Protocol

from filelock import FileLock, Timeout

from forecast.errors import StoreError
from forecast.flushing import flush_folder

OBSERVATIONS = "observations"
LOCK_SECONDS = 600.0


class File(NamedTuple):
    """A file of a folder: ``stamp`` changes when its content does."""

    name: str
    size: int
    stamp: str


Span = tuple[str, int, int]
"""A file name, the first byte wanted and the one after the last."""


class Folder(Protocol):
    """What a store needs of the place it lies in; names are relative, with forward slashes."""

    alone: bool
    """Whether ``writing`` lets only one writer in."""

    def label(self, name: str = "") -> Path | str:
        """What a message calls a file, or the folder itself."""

    def files(self, below: str = "") -> list[File]:
        """Files of the folder, or of one below it, by name; none where it does not exist."""

    def read(self, spans: Sequence[Span]) -> list[bytes]:
        """Bytes of each span, in order."""

    def writing(self, wait: float = LOCK_SECONDS) -> AbstractContextManager[None]:
        """What ``create``, ``move`` and ``remove`` happen within; ``wait``: seconds to wait for another writer.

        Raises
        ------
        StoreError
            The folder cannot be written, or not safely.
        """

    def create(self, name: str, content: bytes) -> None:
        """Make a file, whole or not at all.

        Raises
        ------
        FileExistsError
            There is one of that name already; it is untouched.
        """

    def move(self, name: str, to: str) -> None:
        """Give a file another name."""

    def remove(self, name: str) -> None:
        """Delete a file."""


class LocalFolder:
    """A folder of this machine."""

    alone = True

    def __init__(self, path: Path) -> None:
        self._path = path

    def label(self, name: str = "") -> Path:
        """Path or URL of a file, or of the folder itself."""
        return self._path / name

    def files(self, below: str = "") -> list[File]:
        """List the files of the folder, or of one below it."""
        held = []
        try:
            with os.scandir(self._path / below) as entries:
                for entry in entries:
                    # a writer's temporary file may be gone between the two looks at it
                    with suppress(FileNotFoundError):
                        if entry.is_file():
                            held.append((entry.name, entry.stat()))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._unreadable(error) from error
        return sorted(File(name, stat.st_size, str(stat.st_mtime_ns)) for name, stat in held)

    def read(self, spans: Sequence[Span]) -> list[bytes]:
        """Read the bytes of each span."""
        content = []
        try:
            for name, start, end in spans:
                with (self._path / name).open("rb") as handle:
                    handle.seek(start)
                    content.append(handle.read(end - start))
        except OSError as error:
            raise self._unreadable(error) from error
        return content

    @contextmanager
    def writing(self, wait: float = LOCK_SECONDS) -> Iterator[None]:
        """Let one writer in, and remove what a killed one left."""
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            with FileLock(self._path / ".lock", timeout=wait):
                for left in self._path.glob("**/.*.tmp"):
                    left.unlink(missing_ok=True)
                yield
        except Timeout:
            waited = f"{wait / 60:.0f} minutes" if wait >= 60 else f"{wait:.0f} seconds"
            raise StoreError(
                f"{self._path}: another process has been writing for {waited}; "
                "wait for it to finish or end it, then ingest again"
            ) from None
        except OSError as error:
            raise StoreError(
                f"{self._path}: cannot be written ({error.strerror or error}); free some space, give the folder write "
                "permission or name another with --data or FORECAST_DATA, then ingest again; what was stored before "
                "is untouched"
            ) from error

    def create(self, name: str, content: bytes) -> None:
        """Make a file, whole or not at all, never over another."""
        final = self._path / name
        final.parent.mkdir(parents=True, exist_ok=True)
        if final.exists():
            raise FileExistsError(str(final))
        temporary = final.with_name(f".{final.stem}-{os.getpid()}.tmp")
        try:
            with temporary.open("wb") as handle:
                handle.write(content)
                handle.flush()
                os.fsync(handle.fileno())
            temporary.replace(final)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        flush_folder(final.parent)

    def move(self, name: str, to: str) -> None:
        """Give a file another name."""
        target = self._path / to
        target.parent.mkdir(parents=True, exist_ok=True)
        (self._path / name).replace(target)
        flush_folder(self._path)

    def remove(self, name: str) -> None:
        """Delete a file."""
        (self._path / name).unlink(missing_ok=True)

    def _unreadable(self, error: OSError) -> StoreError:
        where = error.filename or self._path
        return StoreError(f"{where}: cannot be read ({error.strerror or error}); check that it is there and readable")
