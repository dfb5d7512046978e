"""Where a store lies: a folder of this machine, or any fsspec URL (``s3://bucket/prefix``, ``memory://name``).

How ``create`` keeps its promise (see ``folders``):

* On S3: one conditional request (``If-None-Match: *``), which of two writers refuses the second. A server that ignores
  the condition is found out before the first write, and refused.
* In memory: one process, one lock.
* Anywhere else files are read but not written: without exclusive creation two writers could overwrite each other.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fsspec

from forecast.errors import InputError, StoreError
from forecast.observations.folders import LOCK_SECONDS, OBSERVATIONS, File, Folder, LocalFolder, Span

_EXCLUSIVE = {"s3", "s3a"}
"""Protocols whose exclusive creation is one request that the server decides (tested with s3fs)."""
_KEYS_ELSEWHERE = ("s3://", "s3a://")
_PROBE = ".exclusive"
_IN_MEMORY = threading.RLock()


def found(place: str | Path, options: Mapping[str, Any] | None) -> tuple[Path | str, Folder]:
    """Return the place as a store shows it (a path on this machine, else a URL) and the folder of its vintages.

    Raises
    ------
    InputError
        Nobody knows that kind of URL.
    StoreError
        The package that reads it is not installed, or the place cannot be reached.
    """
    text = str(place)
    if "://" not in text:
        return Path(place), LocalFolder(Path(place) / OBSERVATIONS)
    if text.startswith(_KEYS_ELSEWHERE) and "@" in text.split("/")[2]:
        raise InputError(
            f"{text}: keys do not belong in the address, which stands in messages; set AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY, or give them as storage_options"
        )
    try:
        system, path = fsspec.core.url_to_fs(text, **(options or {}))
    except ImportError as error:
        raise StoreError(f"{text}: {error}; for s3:// install the extra: pip install 'norfolk-forecast[s3]'") from error
    except ValueError as error:
        raise InputError(f"{text}: {error}; name a folder, or a URL such as s3://bucket/prefix") from error
    protocols = {system.protocol} if isinstance(system.protocol, str) else set(system.protocol)
    if "file" in protocols:
        return Path(path), LocalFolder(Path(path) / OBSERVATIONS)
    url = text.rstrip("/")
    return url, RemoteFolder(system, f"{path.rstrip('/')}/{OBSERVATIONS}", f"{url}/{OBSERVATIONS}", protocols)


def below(place: str | Path, name: str) -> str | Path:
    """Return a folder below a place, be it a path or a URL."""
    return f"{str(place).rstrip('/')}/{name}" if "://" in str(place) else Path(place) / name


class RemoteFolder:
    """A folder behind an fsspec URL."""

    def __init__(self, system: fsspec.AbstractFileSystem, root: str, url: str, protocols: set[str]) -> None:
        self._system = system
        self._root = root
        self._url = url
        self._protocols = protocols
        self._exclusive = self.alone = "memory" in protocols

    def label(self, name: str = "") -> str:
        """Path or URL of a file, or of the folder itself."""
        return f"{self._url}/{name}".rstrip("/")

    def files(self, below: str = "") -> list[File]:
        """List the files of the folder, or of one below it."""
        path = f"{self._root}/{below}".rstrip("/")
        with self._reached():
            try:
                self._system.invalidate_cache(path)
                held = self._system.ls(path, detail=True)
            except FileNotFoundError:
                return []
        return sorted(
            File(str(e["name"]).rpartition("/")[2], int(e["size"]), str(e.get("ETag") or e.get("created") or ""))
            for e in held
            if e["type"] == "file" and not str(e["name"]).endswith("/")
        )

    def read(self, spans: Sequence[Span]) -> list[bytes]:
        """Read the bytes of each span."""
        if not spans:
            return []
        names, starts, ends = map(list, zip(*spans, strict=True))
        with self._reached():
            paths = [self._path(name) for name in names]
            return [bytes(held) for held in self._system.cat_ranges(paths, starts, ends, on_error="raise")]

    @contextmanager
    def writing(self, wait: float = LOCK_SECONDS) -> Iterator[None]:
        """Make sure that two writers cannot overwrite each other."""
        if self.alone:
            with _IN_MEMORY:
                yield
            return
        if not self._exclusive:
            self._prove_exclusive()
        yield

    def create(self, name: str, content: bytes) -> None:
        """Make a file, whole or not at all, never over another."""
        path = self._path(name)
        with self._reached():
            try:
                self._system.pipe_file(path, content, mode="create")
            except OSError as error:
                # an answer may be lost and the request sent again: what lies there says what happened
                self._system.invalidate_cache()
                if not self._system.exists(path):
                    raise
                if self._system.cat_file(path) != content:
                    raise FileExistsError(path) from error

    def move(self, name: str, to: str) -> None:
        """Give a file another name."""
        with self._reached():
            self._system.pipe_file(self._path(to), self._system.cat_file(self._path(name)))
            self._system.rm_file(self._path(name))

    def remove(self, name: str) -> None:
        """Delete a file."""
        with self._reached():
            self._system.rm_file(self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _prove_exclusive(self) -> None:
        """Create one file twice: the second must be refused."""
        refusal = (
            "two writers could overwrite each other here, so nothing is written: {}; keep the store in a local folder "
            "or on an S3 server that honours If-None-Match"
        )
        takes_mode = "mode" in inspect.signature(getattr(self._system, "_pipe_file", self._system.pipe_file)).parameters
        if not (_EXCLUSIVE & self._protocols and takes_mode):
            why = f"exclusive creation is not known to be safe on {'/'.join(sorted(self._protocols))}://"
            raise StoreError(f"{self._url}: {refusal.format(why)}")
        with self._reached():
            made = 0
            for content in (b"1", b"2"):
                try:
                    self._system.pipe_file(self._path(_PROBE), content, mode="create")
                    made += 1
                except OSError:
                    self._system.invalidate_cache()
                    if not self._system.exists(self._path(_PROBE)):
                        raise
        if made == 2:
            raise StoreError(f"{self._url}: {refusal.format('the server ignores the condition of exclusive creation')}")
        self._exclusive = True

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Turn whatever a client of a remote server raises into one message; each client has errors of its own."""
        try:
            yield
        except (StoreError, FileExistsError):
            raise
        except Exception as error:
            raise StoreError(
                f"{self._url}: cannot be reached, read or written ({error or error.__class__.__name__}); check the "
                "address, the permissions and the network, then try again; what was stored before is untouched"
            ) from error
