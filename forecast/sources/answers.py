"""What a server's answer means: whether it may be better next time, and what a person can do if it is not."""

from __future__ import annotations

import email.utils
from datetime import UTC

import httpx

from forecast.errors import FetchError

TRIES, TRIES_REFUSED, TRIES_UNREACHABLE = 5, 3, 2
_PASSING = {408, 425, 429, 500, 502, 503, 504}
_GONE = {404, 410}
TOO_MUCH = {403, 429}
"""Answers to a client that asks too much or too fast."""


class Again(Exception):
    """An answer that may be better next time: what was wrong, what to do if it stays so, how often to try."""

    def __init__(self, problem: str, remedy: str = "run the command again later", tries: int = TRIES) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.tries = tries
        self.wait: float | None = None
        self.status = 0


def refuse(url: str, response: httpx.Response) -> None:
    """Raise what a status that is no success means: `Again` where it may pass, `FetchError` where it will not."""
    status = response.status_code
    if status < 300 or status in {304, 416}:
        return
    if status in _GONE:
        raise FetchError(
            f"{url}: not there any more ({status}); look for it on the publisher's site, and if the page has "
            "moved correct data/reference/publication_pages.csv",
            status,
        )
    if status == 403:
        failure = Again(
            "refused (403)",
            "the publisher takes this program for a robot or counted too many requests: wait an hour and run the "
            "command again, or download the files in a browser and run 'forecast ingest' on them",
            TRIES_REFUSED,
        )
    elif status in _PASSING:
        many = status == 429
        failure = Again(
            "too many requests (429)" if many else f"the server is in trouble ({status})",
            "wait an hour and run the command again" if many else "run the command again later",
        )
        failure.wait = _retry_after(response)
    else:
        raise FetchError(f"{url}: the server answers {status}{_detail(response)}; check the address", status)
    failure.status = status
    raise failure


class NoConnection(Again):
    """Nobody answers at that address."""


def no_connection(url: str, error: httpx.TransportError) -> NoConnection:
    """Say why there is no connection, as far as is known."""
    if "CERTIFICATE" in str(error).upper():
        remedy = (
            "if your organisation inspects traffic, set SSL_CERT_FILE to its certificates and run the command again"
        )
        return NoConnection("its certificate could not be verified", remedy, tries=1)
    return NoConnection(
        "no connection",
        "check the network (a proxy is set with HTTPS_PROXY) and run the command again",
        TRIES_UNREACHABLE,
    )


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds that a server asks to wait, given as a number or as a date."""
    text = response.headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        due = email.utils.parsedate_to_datetime(text)
        since = email.utils.parsedate_to_datetime(response.headers["date"])
    except (KeyError, TypeError, ValueError):
        return None
    due, since = (day if day.tzinfo else day.replace(tzinfo=UTC) for day in (due, since))
    return max((due - since).total_seconds(), 0.0)


def _detail(response: httpx.Response) -> str:
    """What an error page says, shortened; nothing where it is a web page."""
    try:
        start = next(response.iter_bytes(300), b"").decode("utf-8", errors="replace").strip()
    except httpx.HTTPError:
        return ""
    plain = " ".join("".join(c if c.isprintable() else " " for c in start).split())
    return "" if not plain or plain.startswith("<") else f" ({plain})"
