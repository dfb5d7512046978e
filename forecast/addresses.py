"""Web addresses as they may be shown: without the names, passwords and keys that some carry."""

from __future__ import annotations

import re

HIDDEN = "[hidden]"
# https://name:password@host, s3://key:secret@bucket; a password may itself hold an @.
_PERSON = re.compile(r"(?P<scheme>\b[a-z][a-z0-9+.-]*://)[^\s/?#'\"]*@", re.IGNORECASE)
# The same where a program that was given the address tells it without its beginning.
_BARE = re.compile(r"(?<![\w/])(?!mailto:)[\w.+-]+:[^\s/@:'\"]+@(?=[\w\[])", re.IGNORECASE)
# Values in a query by whose name they open something: those of presigned and shared addresses among them.
_OPENS = re.compile(
    r"(?P<name>[?&](?:[^=&\s#]*(?:token|secret|passw|signature|credential|key)[^=&\s#]*|sig|pwd|auth)=)[^&\s#'\"]+",
    re.IGNORECASE,
)


def without_secrets(text: str) -> str:
    """Return a text whose addresses carry no name, password or key.

    Examples
    --------
    >>> without_secrets("s3://key:secret@bucket/data: cannot be read; see https://a.org/b?page=2&sig=abc")
    's3://[hidden]@bucket/data: cannot be read; see https://a.org/b?page=2&sig=[hidden]'
    """
    text = _PERSON.sub(rf"\g<scheme>{HIDDEN}@", text)
    return _OPENS.sub(rf"\g<name>{HIDDEN}", _BARE.sub(f"{HIDDEN}@", text))
