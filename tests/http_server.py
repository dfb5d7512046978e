"""A publisher's site on this machine, for tests: files with validators and ranges, and every way a server can fail.

``Site.put`` serves a file as NHS England's server does; ``Site.first`` gives the next requests for a path other answers
before. ``dashboard`` serves series as the UKHSA data dashboard does.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

Answer = Callable[["Handler"], None]
PAGE = b"<!DOCTYPE html><html><body>Please wait while we check your browser</body></html>"


class Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self.site.requests.append((path, dict(self.headers.items()), parse_qs(urlsplit(self.path).query)))
        script = self.site.scripts.get(path)
        if script:
            script.pop(0)(self)
        elif path in self.site.files:
            self._file(*self.site.files[path])
        elif self.site.otherwise:
            self.site.otherwise(self, path, parse_qs(urlsplit(self.path).query))
        else:
            self.send(404, b"<html>not found</html>")

    def send(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        (self.send_response_only if "Date" in (headers or {}) else self.send_response)(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _file(self, body: bytes, validators: Mapping[str, str], ranges: bool) -> None:
        etag = validators.get("ETag")
        if etag and self.headers.get("If-None-Match") == etag:
            self.send(304, headers=validators)
            return
        start = self.headers.get("Range", "").removeprefix("bytes=").removesuffix("-")
        if ranges and start and self.headers.get("If-Range") == etag:
            first = int(start)
            if first >= len(body):
                self.send(416, headers={"Content-Range": f"bytes */{len(body)}"})
                return
            told = {**validators, "Content-Range": f"bytes {first}-{len(body) - 1}/{len(body)}"}
            self.send(206, body[first:], told)
            return
        self.send(200, body, validators)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@dataclass
class Site:
    """One server; ``base`` is its address."""

    base: str = ""
    files: dict[str, tuple[bytes, dict[str, str], bool]] = field(default_factory=dict)
    scripts: dict[str, list[Answer]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str], dict[str, list[str]]]] = field(default_factory=list)
    otherwise: Callable[[Handler, str, dict[str, list[str]]], None] | None = None
    closing: threading.Event = field(default_factory=threading.Event)

    def put(self, path: str, body: bytes | str, *, etag: bool = True, ranges: bool = True) -> str:
        """Serve a file or page; return its address."""
        content = body.encode() if isinstance(body, str) else body
        validators = {"ETag": f'"{hashlib.md5(content).hexdigest()}"'} if etag else {}
        self.files[path] = (content, validators, ranges)
        return self.base + quote(path)

    def first(self, path: str, *answers: Answer) -> None:
        """Give these answers to the next requests for a path."""
        self.scripts[path] = list(answers)

    def asked(self, path: str) -> int:
        """How often a path has been asked for."""
        return sum(1 for asked, _, _ in self.requests if asked == path)


@contextmanager
def serving() -> Iterator[Site]:
    """Run a site in a thread of this process."""
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("SiteHandler", (Handler,), {"site": site}))
    server.daemon_threads = True
    site.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


def status(code: int, body: bytes = b"", **headers: str) -> Answer:
    """An answer with a status; header names with underscores for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.send(code, body, named)


def empty(handler: Handler) -> None:
    handler.send(200)


def web_page(handler: Handler) -> None:
    handler.send(200, PAGE, {"Content-Type": "text/html"})


def half(path: str, share: float = 0.5) -> Answer:
    """The beginning of a file under the length of all of it, then the connection breaks off."""

    def answer(handler: Handler) -> None:
        body, validators, _ = handler.site.files[path]
        handler.send_response(200)
        for name, value in {"Content-Length": str(len(body)), **validators}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body[: int(len(body) * share)])

    return answer


def silent(handler: Handler) -> None:
    """Never answer."""
    handler.site.closing.wait(5)


def page(*links: tuple[str, str]) -> str:
    """A publication page with links of (address, text)."""
    items = "".join(f'<p><a class="xls" href="{href}"><strong>{text}</strong></a></p>' for href, text in links)
    return f"<!DOCTYPE html><html><head><title>Statistics</title></head><body><main>{items}</main></body></html>"


class Time:
    """A clock that only waiting moves; what was waited is listed."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def clock(self) -> float:
        return self.now


@dataclass(frozen=True)
class Area:
    """An area of the dashboard and its metrics: each a list of (date, value, provisional)."""

    topic: str
    kind: str
    name: str
    code: str
    metrics: Mapping[str, list[tuple[str, float, bool]]]

    def rows(self, metric: str) -> list[dict[str, Any]]:
        return [
            {
                "theme": "infectious_disease",
                "sub_theme": "respiratory",
                "topic": self.topic,
                "geography_type": self.kind,
                "geography": self.name,
                "geography_code": self.code,
                "metric": metric,
                "metric_group": "healthcare",
                "stratum": "default",
                "sex": "all",
                "age": "all",
                "year": int(day[:4]),
                "month": int(day[5:7]),
                "epiweek": 1,
                "date": day,
                "metric_value": value,
                "in_reporting_delay_period": provisional,
            }
            for day, value, provisional in self.metrics[metric]
        ]


def dashboard(site: Site, areas: list[Area]) -> None:
    """Serve areas as the dashboard does: names at each level, pages of at most 365 rows, nothing for a wrong name."""

    def answer(handler: Handler, path: str, query: dict[str, list[str]]) -> None:
        parts = path.strip("/").split("/")
        topic, kind = parts[5], parts[7] if len(parts) > 7 else ""
        here = [area for area in areas if (area.topic, area.kind) == (topic, kind)]
        if len(parts) == 9:
            names = [area.name for area in here]
        else:
            here = [area for area in here if area.name == parts[9]]
            names = [metric for area in here for metric in area.metrics]
        if len(parts) < 12:
            body: Any = [{"name": name, "link": f"{site.base}{quote(path)}/{quote(name)}"} for name in names]
        else:
            rows = [row for area in here if parts[11] in area.metrics for row in area.rows(parts[11])]
            size = min(int(query.get("page_size", ["5"])[0]), 365)
            number = int(query.get("page", ["1"])[0])
            if number > 1 and (number - 1) * size >= len(rows):
                handler.send(404, b'{"detail": "Invalid page."}')
                return
            # as the framework writes it: commas and apostrophes stay as they are
            same = quote(path, safe="/,'")
            more = f"{site.base}{same}?age=all&page={number + 1}&page_size={size}"
            following = more if number * size < len(rows) else None
            shown = rows[(number - 1) * size : number * size]
            body = {"count": len(rows), "next": following, "previous": None, "results": shown}
        handler.send(200, json.dumps(body).encode(), {"Content-Type": "application/json"})

    site.otherwise = answer
