"""What the commands do, as one JSON object a line, for whoever watches over an unattended job.

Each line has ``time`` (UTC, ISO 8601), ``level``, ``logger`` and ``message``, ``exception`` where one was raised, and
whatever else the record was given (``extra``): ``step``, ``run``, ``seconds``. No line has a secret in it: addresses
lose their names and passwords, and whatever is called a token, key, secret or password loses its value.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from forecast.addresses import HIDDEN, without_secrets

_OWN = frozenset([*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"])
_NAME = (
    r"(?:[\w-]*(?:token|secret|passwd|password|signature|credential|api[_-]?key|access[_-]?key|storage[_-]?key"
    r"|client[_-]?id)[\w-]*|sig|pwd|key|auth)"
)
_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            rf"(?P<name>(?<![A-Za-z0-9_-]){_NAME}[\"']?\s*[=:]\s*)(?P<quote>[\"']?)(?!\[hidden\]|\s)[^\s\"'&,;)}}\]]+",
            re.IGNORECASE,
        ),
        rf"\g<name>\g<quote>{HIDDEN}",
    ),
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), HIDDEN),
    (re.compile(r"\bgh[pousr]_[A-Za-z0-9]{20,}\b"), HIDDEN),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"), HIDDEN),
)
_CALLED = re.compile(_NAME, re.IGNORECASE)


def harmless(text: str) -> str:
    """Return a text without the secrets in it.

    Examples
    --------
    >>> harmless("cannot read https://ann:hunter2@example.org/a?token=abc123&page=2")
    'cannot read https://[hidden]@example.org/a?token=[hidden]&page=2'
    """
    text = without_secrets(text)
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


class NoSecrets(logging.Filter):
    """Takes the secrets out of every record that passes, message and traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Hide them; every record passes."""
        record.msg, record.args = harmless(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = harmless(record.exc_text)
        for name in vars(record).keys() - _OWN:
            setattr(record, name, _hidden(name, getattr(record, name)))
        return True


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {
            "time": at.replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _OWN and name not in line}
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            line["exception"] = record.exc_text
        return json.dumps(line, default=str, ensure_ascii=False)


def to_file(path: Path) -> Callable[[], None]:
    """Write what this package logs to a file as well, a line a record, after what is there; return what ends it.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(JsonLines())
    handler.addFilter(NoSecrets())
    handler.setLevel(logging.INFO)
    root, own = logging.getLogger(), logging.getLogger("forecast")
    before = own.level
    for other in root.handlers:
        # The terminal goes on showing no more than it did.
        if other.level == logging.NOTSET:
            other.setLevel(logging.WARNING)
    root.addHandler(handler)
    own.setLevel(logging.INFO)

    def end() -> None:
        root.removeHandler(handler)
        own.setLevel(before)
        handler.close()

    return end


def _hidden(name: str, value: Any) -> Any:
    """Return a value with the secrets in it hidden: all of it where its name says that it is one."""
    if isinstance(value, dict):
        return {key: _hidden(str(key), one) for key, one in value.items()}
    if _CALLED.fullmatch(name):
        return HIDDEN
    if isinstance(value, list | tuple):
        return [_hidden("", one) for one in value]
    return value if isinstance(value, bool | int | float) or value is None else harmless(str(value))
