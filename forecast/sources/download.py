"""One published file onto the disk: resumed where it broke off, not fetched again where it has not changed."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import httpx

from forecast.errors import FetchError
from forecast.sources.answers import TRIES_REFUSED, Again
from forecast.sources.spreadsheet.workbook import looks_like_html
from forecast.sources.web import Web

FILE_BYTES = 100_000_000
"""The largest publication so far is 4 MB; a file many times that is not what was looked for."""
FORMATS = (".xlsx", ".xlsm", ".xls", ".csv")
_ZIPPED = (".xlsx", ".xlsm")
_LONGEST_NAME = 100
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(frozen=True)
class Validators:
    """What a server said of a file, by which it can tell whether it has changed."""

    etag: str = ""
    last_modified: str = ""

    def conditions(self) -> dict[str, str]:
        """Headers that ask for the file only if it has changed."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}

    @property
    def unmistakable(self) -> str:
        """A validator that vouches for every byte, to resume by; empty where there is none."""
        return self.last_modified if self.etag.startswith("W/") or not self.etag else self.etag


def download(
    web: Web, url: str, partial: Path, known: Validators | None = None, limit: int = FILE_BYTES
) -> Validators | None:
    """Fetch a file to ``partial``; None where it is unchanged since ``known``.

    A broken download stays in ``partial``, with what the server said of it beside it, and is taken up by the next try
    or the next call. A server that cannot resume, or whose file is another by now, sends all of it.

    Raises
    ------
    FetchError
        The server refuses or fails, or sends something else than the file, or more than ``limit`` bytes.
    Unreachable
        There is no connection.
    """
    partial.parent.mkdir(parents=True, exist_ok=True)
    beside = partial.with_name(partial.name + ".json")

    def headers() -> Mapping[str, str]:
        begun = _begun(partial, beside, url)
        resume = {"Range": f"bytes={partial.stat().st_size}-", "If-Range": begun.unmistakable} if begun else {}
        # Compressed on the way, a broken file could not be taken up where it stopped.
        return {"Accept-Encoding": "identity", **(resume or (known.conditions() if known else {}))}

    def use(response: httpx.Response) -> Validators | None:
        if response.status_code == 304:
            if known is None:
                raise Again("called unchanged, but it was never fetched", tries=TRIES_REFUSED)
            return None
        if response.status_code == 416:
            partial.unlink(missing_ok=True)
            raise Again("the rest of the file is not there")
        said = Validators(response.headers.get("etag", ""), response.headers.get("last-modified", ""))
        total = _receive(response, partial, beside, said, url, limit)
        try:
            _check(partial, url, total)
        except Again:
            partial.unlink(missing_ok=True)
            raise
        beside.unlink(missing_ok=True)
        return said

    return web.ask(url, headers, use)


def file_name(url: str) -> str:
    """A plain name for the file of a URL: its last part without anything that means something to a file system."""
    last = PurePosixPath(unquote(urlsplit(url).path)).name
    stem, suffix = PurePosixPath(last).stem, ending(url)
    plain = re.sub(r"[^A-Za-z0-9_.()]+", "-", stem).strip("-.")[:_LONGEST_NAME]
    return f"{plain or 'file'}{suffix}"


def ending(url: str) -> str:
    """The ending of a URL's file, in small letters: ".xlsx"; empty where it is none of ``FORMATS``."""
    suffix = PurePosixPath(unquote(urlsplit(url).path)).suffix.casefold()
    return suffix if suffix in FORMATS else ""


def _begun(partial: Path, beside: Path, url: str) -> Validators | None:
    """What the server said of a partial file that can be resumed."""
    try:
        said = json.loads(beside.read_text(encoding="utf-8"))
        begun = Validators(str(said["etag"]), str(said["last_modified"]))
        resumable = said["url"] == url and partial.stat().st_size > 0
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return begun if resumable and begun.unmistakable else None


def _receive(
    response: httpx.Response, partial: Path, beside: Path, said: Validators, url: str, limit: int
) -> int | None:
    """Write the body; return how long the file should be, None where the server does not say."""
    packed = response.headers.get("content-encoding", "identity") != "identity"
    length = response.headers.get("content-length", "")
    total = int(length) if length.isdecimal() and not packed else None
    mode, held = "wb", 0
    if response.status_code == 206:
        told = _RANGE.fullmatch(response.headers.get("content-range", ""))
        mode, held = "ab", partial.stat().st_size if partial.exists() else 0
        if told is None or int(told[1]) != held:
            partial.unlink(missing_ok=True)
            raise Again("the server resumed at another place than asked for")
        total = int(told[2]) if told[2].isdecimal() else None
    else:
        partial.unlink(missing_ok=True)
        beside.write_text(
            json.dumps({"url": url, "etag": said.etag, "last_modified": said.last_modified}), encoding="utf-8"
        )
    with partial.open(mode) as handle:
        if total is not None:
            _refuse_long(total, url, limit, partial)
        for chunk in response.iter_bytes():
            held += len(chunk)
            _refuse_long(held, url, limit, partial)
            handle.write(chunk)
    return total


def _refuse_long(size: int, url: str, limit: int, partial: Path) -> None:
    if size > limit:
        partial.unlink(missing_ok=True)
        raise FetchError(f"{url}: longer than {limit / 1e6:.0f} MB, which no publication is; not fetched")


def _check(partial: Path, url: str, total: int | None) -> None:
    """Refuse what is no whole file of its kind."""
    size = partial.stat().st_size
    with partial.open("rb") as handle:
        start = handle.read(4096)
    download_by_hand = "run the command again later, or download it in a browser and run 'forecast ingest' on it"
    if not start.strip():
        raise Again("an empty file", download_by_hand, TRIES_REFUSED)
    if looks_like_html(start):
        raise Again("a web page instead of the file", download_by_hand, TRIES_REFUSED)
    if total is not None and size != total:
        raise Again(f"{size:,} bytes of {total:,}", download_by_hand, TRIES_REFUSED)
    if ending(url) in _ZIPPED and not zipfile.is_zipfile(partial):
        what = "only the beginning of the workbook" if start.startswith(b"PK") else "something else than a workbook"
        raise Again(what, download_by_hand, TRIES_REFUSED)
