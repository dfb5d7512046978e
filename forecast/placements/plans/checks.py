"""A setting as a person gave it -> the value a plan keeps, or a message that names the setting and what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

import numpy as np

from forecast.errors import InputError
from forecast.placements.plans.errors import SettingError
from forecast.placements.plans.events import Event
from forecast.placements.plans.fields import FIELDS, Field
from forecast.placements.plans.names import PATHWAYS, PRODUCTS, FrozenMap
from forecast.placements.plans.numbers import as_number, is_list, said
from forecast.placements.plans.schedule import Schedule

ROUNDING = 1e-9
"""Shares that sum to 1 but for the last digits of floating point are taken as summing to 1."""


def checked(name: str, value: object, usual: object = None) -> Any:
    """Return the value a plan keeps.

    Parameters
    ----------
    name
        Setting, one of ``FIELDS``.
    value
        As given; a mapping by pathway or product may name some of them only.
    usual
        What holds for the pathways or products that are not named.

    Raises
    ------
    SettingError
        The value is impossible.
    """
    field = FIELDS[name]
    if value is None and field.absent:
        return None
    try:
        return _KINDS[field.kind](field, value, usual)
    except SettingError:
        raise
    except InputError as error:
        raise SettingError(name, f"{field.label} ({name}): {error}. Allowed: {field.allowed}.") from error


def check_together(values: Mapping[str, Any]) -> None:
    """Raise a ``SettingError`` where settings that are possible each on their own exclude each other."""
    good, improving = values["usable_share"], values["requires_improvement_share"]
    if good + improving > 1 + ROUNDING:
        raise _refused(
            "requires_improvement_share",
            f"is {improving:g}, and with {good:g} good or outstanding (usable_share) that is more than all homes",
            "usable_share",
        )
    posts, vacancies = values["social_worker_posts"], values["social_worker_vacancies"]
    if vacancies > posts:
        raise _refused(
            "social_worker_vacancies",
            f"is {vacancies}, more than the {posts} posts (social_worker_posts) there are",
            "social_worker_posts",
        )


def _refused(name: str, what: str, *others: str) -> SettingError:
    field = FIELDS[name]
    return SettingError(name, f"{field.label} ({name}) {what}. Allowed: {field.allowed}.", *others)


def _number(field: Field, value: object, usual: object = None, *, where: str = "") -> float:
    number = as_number(value)
    if number is None:
        raise _refused(field.name, f"{where}is {said(value)}, not a number")
    if not field.low <= number <= field.high:
        raise _refused(field.name, f"{where}is {number:,.10g}, out of range")
    return number + 0.0


def _whole(field: Field, value: object, usual: object = None, *, where: str = "") -> int:
    number = _number(field, value, where=where)
    if not number.is_integer():
        raise _refused(field.name, f"{where}is {number:,.10g}, not a whole number")
    return int(number)


def _county(field: Field, value: object, usual: object = None) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _refused(field.name, f"is {said(value)}, not a code")
    return value.strip()


def _switch(field: Field, value: object, usual: object = None) -> bool:
    if not isinstance(value, bool | np.bool_):
        raise _refused(field.name, f"is {said(value)}")
    return bool(value)


def _schedule(field: Field, value: object, usual: object = None) -> Schedule:
    found = Schedule.of(value)
    for date, places in found.steps:
        _whole(field, places, where=f"from {date:%Y-%m-%d} " if len(found.steps) > 1 else "")
    return found


def _by(names: tuple[str, ...], field: Field, value: object, kind: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _refused(field.name, f"is {said(value)}; give a value for each {kind}")
    if unknown := [key for key in value if key not in names]:
        raise _refused(field.name, f"names the {kind} {said(unknown[0])}; choose among {', '.join(names)}")
    return {name: value[name] for name in names if name in value}


def _stays(field: Field, value: object, usual: object = None) -> FrozenMap[float]:
    given = {**_mapping(usual), **_by(PATHWAYS, field, value, "pathway")}
    if missing := [pathway for pathway in PATHWAYS if pathway not in given]:
        raise _refused(field.name, f"says nothing of {missing[0]}")
    return FrozenMap({pathway: _number(field, given[pathway], where=f"for {pathway} ") for pathway in PATHWAYS})


def _placed(field: Field, value: object, usual: object = None) -> FrozenMap[int] | None:
    given = {**_mapping(usual), **_by(PRODUCTS, field, value, "product")}
    kept = [product for product in PRODUCTS if given.get(product) is not None]
    return FrozenMap({product: _whole(field, given[product], where=f"for {product} ") for product in kept}) or None


def _routes(field: Field, value: object, usual: object = None) -> FrozenMap[FrozenMap[float]]:
    given = {**_mapping(usual), **_by(PATHWAYS, field, value, "pathway")}
    found = {}
    for pathway in PATHWAYS:
        of = _by(PRODUCTS, field, given.get(pathway, {}), "product")
        shares = {product: _number(field, share, where=f"{pathway} to {product} ") for product, share in of.items()}
        if (total := sum(shares.values())) > 1 + ROUNDING:
            raise _refused(field.name, f"sends {total:.0%} of pathway {pathway} to places")
        found[pathway] = FrozenMap({product: share for product, share in shares.items() if share > 0})
    if not any(found.values()):
        raise _refused(field.name, "sends nobody to any place: every share is 0")
    return FrozenMap(found)


def _events(field: Field, value: object, usual: object = None) -> tuple[Event, ...]:
    if isinstance(value, str | Mapping) or not is_list(value):
        raise _refused(field.name, f"is {said(value)}; give a list of events")
    # One more than may be, so that a list without an end is refused too.
    given = tuple(islice(value, int(field.high) + 1))
    if len(given) > field.high:
        raise _refused(field.name, f"has more than {field.high:g} events")
    return tuple(Event.of(event) for event in given)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


_KINDS: dict[str, Callable[[Field, object, object], Any]] = {
    "county": _county,
    "schedule": _schedule,
    "routes": _routes,
    "stays": _stays,
    "placed": _placed,
    "whole": _whole,
    "number": _number,
    "share": _number,
    "events": _events,
    "switch": _switch,
}
