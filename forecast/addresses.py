"""Texts as they may be shown: without the names, passwords and keys of addresses and settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "[hidden]"
# https://name:password@host, s3://key:secret@bucket; a password may itself hold an @.
_PERSON = re.compile(r"(?P<scheme>\b[a-z][a-z0-9+.-]*://)(?:[^\s/?#'\"]*|[^\s/:@'\"]+:[^\s@'\"]+)@", re.IGNORECASE)
# The same where a program that was given the address tells it without its beginning.
_BARE = re.compile(r"(?<![\w/])(?!mailto:)[\w.+-]+:[^\s/@:'\"]+@(?=[\w\[])", re.IGNORECASE)
# Values in a query by whose name they open something: those of presigned and shared addresses among them.
_OPENS = re.compile(
    r"(?P<name>[?&](?:[^=&\s#]*(?:token|secret|passw|signature|credential|key)[^=&\s#]*|sig|pwd|auth|code)=)[^&\s#'\"]+",
    re.IGNORECASE,
)
_SETTING = re.compile(
    r"(?P<name>(?<![A-Za-z0-9_-])[\w-]*(?:token|secret|passwd|password|api[_-]?key|access[_-]?key|account[_-]?key"
    r"|storage[_-]?key)[\w-]*[\"']?\s*[=:]\s*)(?!\[hidden\])(?:(?P<quote>[\"'])[^\"']*(?P=quote)|[^\s\"'&,;)}\]]+)",
    re.IGNORECASE,
)
_HEADER = re.compile(r"(?P<what>\bbearer\s+|\bauthorization\W+\w+\s+)[A-Za-z0-9+/=._~-]{6,}", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """Return a text whose addresses carry no name, password or key.

    Examples
    --------
    >>> without_secrets("s3://key:secret@bucket/data: cannot be read; see https://a.org/b?page=2&sig=abc")
    's3://[hidden]@bucket/data: cannot be read; see https://a.org/b?page=2&sig=[hidden]'
    """
    text = _PERSON.sub(rf"\g<scheme>{HIDDEN}@", text)
    text = _OPENS.sub(rf"\g<name>{HIDDEN}", _BARE.sub(f"{HIDDEN}@", text))
    return _SETTING.sub(_hidden, _HEADER.sub(rf"\g<what>{HIDDEN}", text))


def all_without_secrets(told: Any) -> Any:
    """Return lists and dictionaries with every text in them as ``without_secrets`` gives it."""
    if isinstance(told, str):
        return without_secrets(told)
    if isinstance(told, Mapping):
        return {name: all_without_secrets(value) for name, value in told.items()}
    return [all_without_secrets(one) for one in told] if isinstance(told, list | tuple) else told


def _hidden(found: re.Match[str]) -> str:
    quote = found["quote"] or ""
    return f"{found['name']}{quote}{HIDDEN}{quote}"
