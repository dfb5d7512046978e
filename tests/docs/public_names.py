"""What is public: the names of the library, its forecasters, and the values that their calls return."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import forecast as fc
from forecast import forecasters
from forecast.forecasters.replay import Replay
from forecast.observations.damage import Damage
from forecast.observations.vintages import Vintage
from forecast.placements.results import Placements
from forecast.placements.simulation import placements
from forecast.placements.waiting.shares import PathwayShares
from forecast.runs.changes_ahead import Changes
from forecast.waves.pooling import PooledLags

RETURNED = (Changes, Damage, PathwayShares, Placements, PooledLags, Replay, Vintage)


def public_objects() -> dict[str, object]:
    """Name to class or function."""
    found = {name: getattr(fc, name) for name in fc.__all__ if name not in ("forecasters", "placements")}
    found["placements"] = placements
    found |= {name: getattr(forecasters, name) for name in forecasters.__all__}
    return found | {cls.__name__: cls for cls in RETURNED}


def members(cls: type) -> Iterator[tuple[str, object]]:
    """Public methods and properties that a class defines itself, or one of the parts it is put together from."""
    parts = [base for base in cls.__mro__ if base is cls or base.__module__.startswith("forecast.runs.kept_")]
    for name, value in ((name, value) for part in parts for name, value in vars(part).items()):
        own = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
        if not name.startswith("_") and (inspect.isfunction(own) or is_property(own)):
            yield name, own


def is_property(value: object) -> bool:
    return isinstance(value, property) or type(value).__name__ == "cached_property"


def overrides(cls: type, name: str) -> bool:
    """Whether a public base of the class has told of that member already."""
    return any(name in vars(base) for base in cls.__mro__[1:] if base.__module__.startswith("forecast"))
