"""Where runs lie: a folder of this machine, or a prefix of an object store (``s3://bucket/prefix``).

Reading is the same for both: a place behind a URL is a ``UPath``, which does what a ``pathlib.Path`` does. Writing is
not, since an object store can neither rename nor lock nor append: a ``Writer`` knows how. Keys, region and address
(``AWS_ENDPOINT_URL``) are those of the environment, as the client of the store finds them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, cast

from upath import UPath

from forecast.errors import InputError, RunError
from forecast.runs.local_place import LocalWriter
from forecast.runs.object_place import ObjectWriter, read_lines

Stamp = tuple[tuple[str, str], ...]
_ANY_PATH: Any = UPath
"""It does what Path does without being one, which no type checker believes."""


class Writer(Protocol):
    """How a folder of runs is written; everything here raises ``OSError`` or ``StoreError`` where it cannot be."""

    def refitting(self) -> AbstractContextManager[None]:
        """Keep another refit out meanwhile.

        Raises
        ------
        Refused
            One is at work.
        """

    def publish(self, name: str, write: Callable[[Path], None], *, serve: bool) -> None:
        """Make the run of a name from what ``write`` puts into a folder, and serve it if so.

        For a reader it is there whole or not at all.
        """

    def point(self, name: str) -> None:
        """Let ``latest`` name a run, in one step."""

    def remove(self, folder: Path) -> None:
        """Remove a run."""

    def append(self, path: Path, line: bytes, lock: Path) -> None:
        """Add one whole line to a file of lines; writers wait for each other."""


def place(models: str | Path) -> Path:
    """Return the folder of runs as a path, be it a folder, a URL or such a path already.

    Raises
    ------
    InputError
        Nobody knows that kind of URL.
    RunError
        The package that reads it is not installed, or the place cannot be reached.
    """
    if isinstance(models, _ANY_PATH):
        return cast(Path, models)
    return _behind(models) if isinstance(models, str) and "://" in models else Path(models)


def writer_of(models: Path) -> Writer:
    """Return what writes a folder of runs."""
    return ObjectWriter(_remote(models)) if _is_remote(models) else LocalWriter(models)


def lines_of(path: Path) -> bytes:
    """Return everything that was ever appended to a file of lines.

    Raises
    ------
    FileNotFoundError
        Nothing was.
    """
    return read_lines(_remote(path)) if _is_remote(path) else path.read_bytes()


def stamp_of(folder: Path) -> Stamp:
    """Return what changes when a file of a folder does: of each its name, and its size, time or hash."""
    return ObjectWriter.stamp(_remote(folder)) if _is_remote(folder) else LocalWriter.stamp(folder)


def on_this_machine(models: str | Path, what: str) -> Path:
    """Return a folder of runs that is one of this machine.

    Raises
    ------
    InputError
        It is not; ``what`` says which command needs it to be.
    """
    found = place(models)
    if _is_remote(found):
        raise InputError(
            f"{found}: '{what}' works on runs in a folder of this machine; copy them down (aws s3 sync), run it there "
            "and copy them back"
        )
    return found


def _is_remote(path: Path) -> bool:
    return isinstance(path, _ANY_PATH) and not isinstance(path, Path)


def _remote(path: Path) -> Any:
    return path


@lru_cache(maxsize=8)
def _behind(url: str) -> Path:
    """Path of a URL that answers; asked once, since a first answer says that address and keys are right."""
    options = {"use_listings_cache": False} if url.partition(":")[0] in {"s3", "s3a"} else {}
    try:
        found = _ANY_PATH(url.rstrip("/"), **options)
        if isinstance(found, Path):
            return found
        found.fs.exists(found.path)
    except ImportError as error:
        raise RunError(f"{url}: {error}; for s3:// install the extra: pip install 'norfolk-forecast[s3]'") from error
    except ValueError as error:
        raise InputError(f"{url}: {error}; name a folder, or a URL such as s3://bucket/prefix") from error
    # Each client of a remote store raises errors of its own.
    except Exception as error:
        raise RunError(
            f"{url}: cannot be reached ({error or type(error).__name__}); check the address (AWS_ENDPOINT_URL), the "
            "keys and the network, then try again"
        ) from error
    return cast(Path, found)
