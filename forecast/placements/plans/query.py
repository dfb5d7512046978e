"""A plan's settings as short texts, as a link's query holds them: ``flats=2022-12-01_23~2023-01-01_60``.

The separators ``_``, ``~`` and ``.`` are those a browser's address shows as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from forecast.errors import InputError
from forecast.placements.plans.errors import SettingError
from forecast.placements.plans.events import AFFECTED, Event
from forecast.placements.plans.fields import FIELDS, KEYS, Field
from forecast.placements.plans.names import PATHWAYS, PRODUCTS
from forecast.placements.plans.numbers import said
from forecast.placements.plans.schedule import Schedule
from forecast.reference import reference

NONE = "none"
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.IGNORECASE)
LONGEST = 10_000
"""Most characters of a setting that is read; fifty events with the longest names have fewer."""


def to_query(values: Mapping[str, Any], usual: Mapping[str, Any]) -> dict[str, str]:
    """Key -> text of the settings that are not as ``usual``; the county is said where it is not ``usual``'s."""
    return {field.key: _written(field, values[name]) for name, field in FIELDS.items() if values[name] != usual[name]}


def from_query(query: Mapping[str, str]) -> dict[str, Any]:
    """Settings by name from a query, their numbers not yet checked.

    Raises
    ------
    InputError
        It is no mapping.
    SettingError
        A key is unknown, or a text cannot be read; the message names it.
    """
    if not isinstance(query, Mapping):
        raise InputError(f"the link is {said(query)}; give its keys with their texts")
    return {known_key(key).name: read(key, text) for key, text in query.items()}


def known_key(key: object) -> Field:
    """Return the setting a key of a link stands for.

    Raises
    ------
    SettingError
        It stands for none.
    """
    if key not in KEYS:
        raise SettingError(str(key), f"the link has {said(key)}, which is no setting; it may have {', '.join(KEYS)}")
    return KEYS[str(key)]


def read(key: str, text: str) -> Any:
    """Return the value of one setting of a link, its numbers not yet checked.

    Raises
    ------
    SettingError
        The key is unknown or the text cannot be read.
    """
    field = known_key(key)
    text = str(text).strip()
    if text.casefold() == NONE and field.kind != "county":
        return () if field.kind == "events" else None
    try:
        if len(text) > LONGEST:
            raise ValueError
        return _READERS[field.kind](text)
    except ValueError:
        raise SettingError(
            field.name,
            f"{field.label} ({field.name}) is {text[:80]!r} in the link ({key}), which cannot be read. "
            f"Allowed: {field.allowed}; for example {key}={example(field.kind)}.",
        ) from None


def example(kind: str) -> str:
    """How a kind of setting is written in a link; a county by the code of one that there is."""
    return reference().counties()[0].code if kind == "county" else EXAMPLES[kind]


EXAMPLES = {
    "schedule": "2022-12-01_23~2023-01-01_44",
    "routes": "home.flat_0.8~care-home.care-home-bed_1",
    "stays": "home_28~care-home_45.5",
    "placed": "flat_17",
    "whole": "28",
    "number": "1.5",
    "share": "0.5",
    "events": "2023-01-09_2023-01-15_0.5_0.8_1_Strike",
    "switch": "yes",
}
"""How each kind of setting is written in a link; of an event: days, shares of assessments, starts and moves, name."""


def _written(field: Field, value: Any) -> str:
    if value is None:
        return NONE
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Schedule):
        first, *later = value.steps
        return "~".join(f"{date:%Y-%m-%d}_{count}" for date, count in value.steps) if later else str(first[1])
    if field.kind == "routes":
        shares = [(f"{way}.{product}", share) for way, of in value.items() for product, share in of.items()]
        return "~".join(f"{_dashed(where)}_{_digits(share)}" for where, share in shares)
    if isinstance(value, Mapping):
        return "~".join(f"{_dashed(where)}_{_digits(number)}" for where, number in value.items())
    if isinstance(value, tuple):
        return "~".join(map(_event_text, value)) or NONE
    return _digits(value)


def _event_text(event: Event) -> str:
    # What separates events must not stand in a name.
    name = event.name.replace("%", "%25").replace("~", "%7E")
    shares = (_digits(getattr(event, what)) for what in AFFECTED)
    return "_".join([f"{event.first:%Y-%m-%d}", f"{event.last:%Y-%m-%d}", *shares, name])


def _digits(number: float) -> str:
    return str(int(number)) if float(number).is_integer() and abs(number) < 1e15 else repr(float(number))


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _number(text: str) -> float:
    if not NUMBER.fullmatch(text):
        raise ValueError
    return float(text)


def _schedule(text: str) -> Any:
    if "_" not in text:
        return _number(text)
    return [(date, _number(count)) for date, count in (step.split("_") for step in text.split("~"))]


def _by_name(text: str, names: tuple[str, ...]) -> dict[str, float]:
    dashed = {_dashed(name): name for name in names}
    found: dict[str, float] = {}
    for part in text.split("~"):
        name, number = part.split("_")
        if name not in dashed or dashed[name] in found:
            raise ValueError
        found[dashed[name]] = _number(number)
    return found


def _routes(text: str) -> dict[str, dict[str, float]]:
    # A link says the whole of the routes: a pathway it does not name goes nowhere.
    found: dict[str, dict[str, float]] = {pathway: {} for pathway in PATHWAYS}
    pairs = tuple(f"{pathway}.{product}" for pathway in PATHWAYS for product in PRODUCTS)
    for where, share in _by_name(text, pairs).items():
        pathway, product = where.split(".")
        found[pathway][product] = share
    return found


def _events(text: str) -> list[dict[str, Any]]:
    found = []
    for part in text.split("~"):
        first, last, *shares, name = part.split("_", 5)
        left = dict(zip(AFFECTED, map(_number, shares), strict=True))
        name = name.replace("%7E", "~").replace("%25", "%")
        found.append({"name": name, "first": first, "last": last, **left})
    return found


def _switch(text: str) -> bool:
    if text.casefold() not in {"yes", "no"}:
        raise ValueError
    return text.casefold() == "yes"


_READERS: dict[str, Callable[[str], Any]] = {
    "county": str,
    "schedule": _schedule,
    "routes": _routes,
    "stays": lambda text: _by_name(text, PATHWAYS),
    "placed": lambda text: _by_name(text, PRODUCTS),
    "whole": _number,
    "number": _number,
    "share": _number,
    "events": _events,
    "switch": _switch,
}
