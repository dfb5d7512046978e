"""Writing runs to an object store, which can neither rename nor lock nor append.

* A run: its pieces under its own prefix, the manifest last. A prefix without manifest is no run, so that a writer that
  is ended in the middle leaves nothing that is taken for one.
* ``latest``: one object, replaced in one request.
* The lock of a refit, and lines that are appended: numbered objects, each created exclusively, so that of two writers
  who want the same number the server refuses one. The newest number of the lock says who holds it and until when; a
  holder that was killed is waited for until then, and one that took longer serves nothing once another was let in.
  Numbers are never given again: a writer that acts on an old listing finds its number taken.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import cast

from upath import UPath

from forecast.errors import RefitAtWork, Refused
from forecast.observations.folders import File
from forecast.observations.remote import RemoteFolder
from forecast.runs.local_place import BUSY, LATEST
from forecast.setting_aside import DAMAGED

MANIFEST = "manifest.json"
LOCK = ".lock"
LOCK_HOURS = 2
"""How long a refit may take, and how long one that was killed keeps others out. Clocks may differ by minutes."""
_TRIES = 50
_HELD: ContextVar[tuple[str, int]] = ContextVar("lock that this refit holds", default=("", 0))
"""Prefix of the runs, and number of the lock."""


class ObjectWriter:
    """A prefix of an object store; see ``forecast.runs.place.Writer``."""

    def __init__(self, models: UPath) -> None:
        self._models = models

    @contextmanager
    def refitting(self) -> Iterator[None]:
        """Hold the lock: a numbered object with owner, time and end."""
        folder = folder_of(self._models / LOCK)
        with folder.writing():
            newest, held = _newest(folder)
            now = dt.datetime.now(dt.UTC)
            if held.get("until", "") > now.isoformat():
                raise RefitAtWork(
                    f"{self._models}: {BUSY}; it is {held.get('owner')}, since {held.get('at')}. One that was ended in "
                    f"the middle is waited for until {held.get('until')}, or until {folder.label(_name(newest))} is "
                    "removed"
                )
            mine = newest + 1
            owner = f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(4)}"
            until = now + dt.timedelta(hours=LOCK_HOURS)
            try:
                folder.create(_name(mine), _told(owner, now, until))
            except FileExistsError:
                raise RefitAtWork(f"{self._models}: {BUSY}") from None
            held_before = _HELD.set((str(self._models), mine))
            try:
                yield
            finally:
                _HELD.reset(held_before)
                _let_go(folder, mine, owner)

    def publish(self, name: str, write: Callable[[Path], None], *, serve: bool) -> None:
        """Write on this machine, then send the pieces, the manifest last, and the pointer after it."""
        if serve:
            self._still_held()
        final = self._models / name
        with tempfile.TemporaryDirectory(prefix="forecast-run-") as scratch:
            made = Path(scratch) / name
            write(made)
            self._set_aside(final)
            files = [path for path in sorted(made.rglob("*")) if path.is_file()]
            for path in sorted(files, key=lambda path: path.name == MANIFEST):
                (final / path.relative_to(made).as_posix()).write_bytes(path.read_bytes())
        if serve:
            self.point(name)

    def _still_held(self) -> None:
        prefix, mine = _HELD.get()
        if prefix == str(self._models) and _last(folder_of(self._models / LOCK)) != mine:
            raise Refused(
                f"{self._models}: nothing was published: this refit took longer than {LOCK_HOURS} hours, and another "
                "was let in meanwhile; if that one has not published either, forecast refit on a quicker machine"
            )

    def point(self, name: str) -> None:
        """Replace the pointer."""
        self._still_held()
        (self._models / LATEST).write_bytes(f"{name}\n".encode())

    def remove(self, folder: Path) -> None:
        """Remove a run, its manifest first."""
        system = self._models.fs
        # what is left for a moment is no run
        for path in sorted(system.find(UPath(folder).path), key=lambda path: not path.endswith(f"/{MANIFEST}")):
            system.rm_file(path)

    def append(self, path: Path, line: bytes, lock: Path) -> None:
        """Create the next numbered object below the name of the file."""
        folder = folder_of(UPath(path))
        with folder.writing():
            for _ in range(_TRIES):
                try:
                    folder.create(_name(_last(folder) + 1), line + b"\n")
                    return
                except FileExistsError:
                    continue
        raise OSError(f"{path}: {_TRIES} times another writer came first")

    def _set_aside(self, final: UPath) -> None:
        """Copy what lies in the place of a run to the damaged ones, and make room."""
        held = final.fs.find(final.path)
        if held:
            aside = self._models / DAMAGED / f"{final.name}.{secrets.token_hex(4)}"
            for path in held:
                final.fs.copy(path, f"{aside.path}/{path.removeprefix(final.path).lstrip('/')}")
            self.remove(cast(Path, final))

    @staticmethod
    def stamp(folder: UPath) -> tuple[tuple[str, str], ...]:
        """Hash or time of every object, in one request."""
        found = folder.fs.find(folder.path, detail=True)
        told = {name: entry.get("ETag") or entry.get("created") for name, entry in found.items()}
        return tuple(sorted((name, f"{found[name]['size']} {mark}") for name, mark in told.items()))


def read_lines(path: UPath) -> bytes:
    """Every line of a file of lines in its order.

    Raises
    ------
    FileNotFoundError
        There is none.
    """
    folder = folder_of(path)
    files = _numbered(folder)
    if not files:
        raise FileNotFoundError(str(path))
    return b"".join(folder.read([(file.name, 0, file.size) for file in files]))


def folder_of(path: UPath) -> RemoteFolder:
    """Return the prefix of a path as a folder in which files can be created exclusively."""
    protocols = {path.fs.protocol} if isinstance(path.fs.protocol, str) else set(path.fs.protocol)
    return RemoteFolder(path.fs, path.path, str(path), protocols)


def _newest(folder: RemoteFolder) -> tuple[int, dict[str, str]]:
    """Newest number of the lock and what it says; of a damaged one nothing, as of one that was let go."""
    files = _numbered(folder)
    if not files:
        return 0, {}
    name, size, _ = files[-1]
    try:
        told = json.loads(folder.read([(name, 0, size)])[0])
    except ValueError:
        told = {}
    return _number(name), {str(key): str(value) for key, value in told.items()} if isinstance(told, dict) else {}


def _let_go(folder: RemoteFolder, mine: int, owner: str) -> None:
    now = dt.datetime.now(dt.UTC)
    try:
        folder.create(_name(mine + 1), _told(owner, now, now))
    except FileExistsError:
        # it took so long that another was let in
        return
    for file in _numbered(folder):
        if _number(file.name) <= mine:
            folder.remove(file.name)


def _told(owner: str, at: dt.datetime, until: dt.datetime) -> bytes:
    return json.dumps({"owner": owner, "at": at.isoformat(), "until": until.isoformat()}).encode()


def _last(folder: RemoteFolder) -> int:
    return max((_number(file.name) for file in _numbered(folder)), default=0)


def _numbered(folder: RemoteFolder) -> list[File]:
    return [file for file in folder.files() if file.name[:8].isdigit()]


def _number(name: str) -> int:
    return int(name[:8])


def _name(number: int) -> str:
    return f"{number:08d}.json"
