"""Every file fetched, as it came: a folder a publication, and beside the files a manifest that is only ever added to.

A file is moved into place whole before the manifest tells of it, so that a process killed in between leaves a file
that the next fetch finds again. The same content is kept once; another content at the same address is another file.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from forecast.errors import FetchAtWork, StoreError
from forecast.sources.download import Validators, file_name
from forecast.sources.landing import Link

logger = logging.getLogger(__name__)

MANIFEST, INGESTED = "manifest.jsonl", "ingested.jsonl"
NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"
KEPT_KEYS = frozenset({"url", "text", "page", "file", "sha256", "bytes", "retrieved"})
INGESTED_KEYS = frozenset({"sha256", "outcome", "program"})
"""What a line of the two has at least."""
_PARTIAL = ".partial"
_STORED, _SKIPPED, _RETURNED = "stored", "skipped", "returned"
"""Outcomes of an ingest; the last: the same content came back, so that it is to be ingested again."""
_HASH_SHOWN = 8


@dataclass(frozen=True)
class Kept:
    """A line of a manifest: what was fetched from where and when, and the file it is kept in.

    ``sha256``: of what tells a new content from an old one, which is the file itself unless it carries the time of its
    retrieval. ``dated``: the date that the link's text named. ``retrieved``: in UTC.
    """

    url: str
    text: str
    page: str
    file: str
    sha256: str
    bytes: int
    retrieved: str
    etag: str = ""
    last_modified: str = ""
    dated: str = ""

    @property
    def validators(self) -> Validators:
        """What the server said of the file."""
        return Validators(self.etag, self.last_modified)


class Archive:
    """Files fetched, under ``folder``.

    Attributes
    ----------
    problems
        What was found wrong with the archive and set aside, for a person.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.problems: list[str] = []
        self._lines: dict[Path, list[dict[str, Any]]] = {}

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other fetches out.

        Raises
        ------
        FetchAtWork
            Another fetch is at work.
        StoreError
            The folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / ".lock", timeout=0):
                yield
        except Timeout:
            raise FetchAtWork(f"{self.folder}: another fetch is at work; wait for it to finish or end it") from None
        except OSError as error:
            raise StoreError(
                f"{self.folder}: cannot be written ({error.strerror or error}); free some space or give the folder "
                "write permission, and run the command again; what was stored before is untouched"
            ) from error

    def entries(self, publication: str) -> list[Kept]:
        """What has been fetched of a publication, oldest first; files that are gone or damaged are left out."""
        return [kept for kept in self._kept(publication) if self._whole(publication, kept)]

    def newest(self, publication: str, url: str) -> Kept | None:
        """What was last fetched from an address."""
        return next((kept for kept in reversed(self.entries(publication)) if kept.url == url), None)

    def partial(self, publication: str, url: str) -> Path:
        """Where a download of an address is put until it is whole."""
        return self.folder / publication / _PARTIAL / hashlib.sha256(url.encode()).hexdigest()[:16]

    def path(self, publication: str, kept: Kept) -> Path:
        """The file of a line."""
        return self.folder / publication / kept.file

    def keep(
        self,
        publication: str,
        source: Path,
        name: str,
        link: Mapping[str, str],
        now: datetime,
        validators: Validators,
        sha256: str = "",
    ) -> tuple[str, Kept]:
        """Move a whole file into the archive and tell the manifest.

        Parameters
        ----------
        source
            The file; it is gone afterwards.
        name
            A plain file name, which the date and the hash are added to.
        link
            ``url``, ``text``, ``page`` and ``dated`` of the line.
        now
            Time of retrieval, in UTC.
        sha256
            Hash of what tells a new content from an old one; that of the file when left out.

        Returns
        -------
        state, kept
            ``NEW``, ``CHANGED`` (another content at the same address) or ``UNCHANGED``, and the line.
        """
        timed, sha256 = bool(sha256), sha256 or _hash(source)
        before = self.newest(publication, link["url"])
        same = next((kept for kept in self.entries(publication) if kept.sha256 == sha256), None)
        if same and before and before.sha256 != sha256:
            # Withdrawn, published again: what was stored in between counts until this is ingested once more.
            line = {"sha256": sha256, "file": same.file, "outcome": _RETURNED, "program": ""}
            self._add(self.folder / publication / INGESTED, line)
            same = None if timed else same
        if same:
            file, size = same.file, same.bytes
            source.unlink()
        else:
            size = source.stat().st_size
            file = self._place(publication, source, name, sha256, now)
        kept = Kept(
            **link,
            file=file,
            sha256=sha256,
            bytes=size,
            retrieved=now.isoformat(timespec="seconds"),
            **asdict(validators),
        )
        if not before or (before.sha256, before.validators) != (sha256, validators):
            self._add(self.folder / publication / MANIFEST, asdict(kept))
        if before and before.sha256 != sha256:
            return CHANGED, kept
        return (UNCHANGED if same else NEW), kept

    def pending(self, publication: str, program: str, held: Collection[str] = ()) -> list[Path]:
        """Files that are to be ingested, in the order in which they were put up.

        One that was skipped, as nothing in it is read, comes again with another version of the program. One that was
        stored comes again when the vintage it is in, or that stood last when nothing in it was new, is not there any
        more: it was damaged and set aside, or this is another store.

        Parameters
        ----------
        program
            Name and version of the program that would ingest.
        held
            Digests of the vintages of the store.
        """
        done: set[str] = set()
        for line in self._read(self.folder / publication / INGESTED, INGESTED_KEYS):
            if line["outcome"] == _RETURNED:
                done.discard(line["sha256"])
            elif line["program"] == program if line["outcome"] == _SKIPPED else f"{line.get('vintage')}" in held:
                done.add(line["sha256"])
        files = {kept.file: kept for kept in self.entries(publication) if kept.sha256 not in done}
        return [self.path(publication, kept) for kept in sorted(files.values(), key=_put_up)]

    def note(self, publication: str, file: Path, program: str, vintage: str = "") -> None:
        """Note that a file has been ingested.

        ``vintage``: digest of the newest vintage of the store, which holds what was new in the file; empty: the file
        was skipped.
        """
        sha256 = next((kept.sha256 for kept in self.entries(publication) if kept.file == file.name), "")
        outcome = _STORED if vintage else _SKIPPED
        line = {"sha256": sha256, "file": file.name, "outcome": outcome, "program": program, "vintage": vintage}
        self._add(self.folder / publication / INGESTED, line)

    def publications(self) -> list[str]:
        """Publications of which something has been fetched."""
        return sorted(path.parent.name for path in self.folder.glob(f"*/{MANIFEST}"))

    def _place(self, publication: str, source: Path, name: str, sha256: str, now: datetime) -> str:
        """Move a file under its final name; one that an interrupted fetch had moved is taken as it is."""
        folder = self.folder / publication
        stem, dot, suffix = name.rpartition(".")
        stem = stem if dot else name
        ending = f"{sha256[:_HASH_SHOWN]}.{suffix}" if dot else sha256[:_HASH_SHOWN]
        for path in folder.glob(f"*-{ending}"):
            if path.name.startswith(f"{stem}.") and _hash(path) == _hash(source):
                source.unlink()
                return path.name
        with source.open("rb") as handle:
            os.fsync(handle.fileno())
        final = folder / f"{stem}.{now:%Y%m%d}-{ending}"
        source.replace(final)
        return final.name

    def _kept(self, publication: str) -> list[Kept]:
        path = self.folder / publication / MANIFEST
        known = set(Kept.__dataclass_fields__)
        return [Kept(**{k: v for k, v in line.items() if k in known}) for line in self._read(path, KEPT_KEYS)]

    def _whole(self, publication: str, kept: Kept) -> bool:
        try:
            return self.path(publication, kept).stat().st_size == kept.bytes
        except OSError:
            return False

    def _read(self, path: Path, needed: Collection[str]) -> list[dict[str, Any]]:
        """Lines of a file; one that cannot be used is reported, put aside, and the others are used."""
        if path not in self._lines:
            content = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
            told = [(text, line_of(text, needed)) for text in content.split("\n") if text.strip()]
            self._lines[path] = [line for _, line in told if line]
            wrong = [text for text, line in told if not line]
            if wrong:
                self._set_aside(path, wrong)
            elif content and not content.endswith("\n"):
                self._rewrite(path)
        return self._lines[path]

    def _rewrite(self, path: Path) -> None:
        temporary = path.with_name(f".{path.stem}.tmp")
        with temporary.open("w", encoding="utf-8") as handle:
            handle.writelines(f"{json.dumps(line)}\n" for line in self._lines[path])
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(path)

    def _set_aside(self, path: Path, wrong: list[str]) -> None:
        aside = path.with_suffix(".set-aside")
        with aside.open("a", encoding="utf-8") as handle:
            handle.writelines(f"{text}\n" for text in wrong)
        self._rewrite(path)
        lines = "a line is" if len(wrong) == 1 else f"{len(wrong)} lines are"
        self.problems.append(
            f"{path}: {lines} damaged and put aside in {aside.name}; the others are used, and files that it told of "
            "are fetched again"
        )
        logger.warning(self.problems[-1])

    def _add(self, path: Path, line: dict[str, Any]) -> None:
        with path.open("a", encoding="utf-8") as handle:
            handle.write(f"{json.dumps(line)}\n")
            handle.flush()
            os.fsync(handle.fileno())
        if path in self._lines:
            self._lines[path].append(line)


def _put_up(kept: Kept) -> tuple[date, str]:
    """Sorts files as they were put up: by the month in the address, of one month "Book" before "Book-1".

    Of one name, as of one address, the order of retrieval stands.
    """
    uploaded = Link(kept.url, kept.text, kept.page).uploaded
    return uploaded or date.min, file_name(kept.url).rpartition(".")[0]


def line_of(text: str, needed: Collection[str]) -> dict[str, Any] | None:
    """Return a line of a manifest; None where it is none, or names a file outside its folder."""
    try:
        line = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(line, dict) or not set(needed) <= set(line):
        return None
    texts = set(needed) - {"bytes"}
    right = all(isinstance(line[name], str) for name in texts) and isinstance(line.get("bytes", 0), int)
    file = line.get("file", "x")
    return line if right and isinstance(file, str) and file == Path(file).name and file not in {"", ".", ".."} else None


def _hash(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
