"""What the functions of this package are given by people who call them: refused in words where it will not do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from forecast.errors import InputError
from forecast.placements.plans.numbers import as_number, said

Kind = TypeVar("Kind")


def wanted(where: str, value: object, kind: type[Kind], remedy: str) -> Kind:
    """Return the value where it is of the kind.

    Raises
    ------
    InputError
        It is not; the message begins with ``where`` and ends with ``remedy``.
    """
    if not isinstance(value, kind):
        raise InputError(f"{where}: {said(value)} is no {kind.__name__}; give {remedy}")
    return value


def wanted_seed(where: str, value: object) -> int:
    """Return a seed.

    Raises
    ------
    InputError
        It is not a whole number from 0 on.
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer) or value < 0:
        raise InputError(f"{where}: the seed is {said(value)}; give a whole number from 0 on, such as 1")
    return int(value)


def wanted_levels(where: str, values: object) -> list[float]:
    """Return quantile levels.

    Raises
    ------
    InputError
        There is none, or one is no number from 0 to 1.
    """
    given = list(values) if isinstance(values, Sequence | np.ndarray) and not isinstance(values, str) else []
    levels = [as_number(value) for value in given]
    if not levels or any(level is None or not 0 <= level <= 1 for level in levels):
        raise InputError(f"{where}: quantile levels {said(values)}; give numbers from 0 to 1, such as 0.05, 0.5, 0.95")
    return [level for level in levels if level is not None]
