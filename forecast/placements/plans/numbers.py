"""Numbers and values as people and files give them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, TypeGuard

import numpy as np

from forecast.errors import InputError

SHOWN = 80
"""Characters of a value that a message shows."""


def as_number(value: object) -> float | None:
    """Return a finite number; None where it is none (a truth value and a text are none)."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def is_list(value: object) -> TypeGuard[Iterable[Any]]:
    """Say whether something can be gone through; an array of no dimension cannot."""
    return isinstance(value, Iterable) and not (isinstance(value, np.ndarray) and value.ndim == 0)


def as_whole(value: object) -> int:
    """Return a whole number.

    Raises
    ------
    InputError
        It is no number, or not a whole one.
    """
    number = as_number(value)
    if number is None or not number.is_integer():
        raise InputError(f"{said(value)} is not a whole number")
    return int(number)


def said(value: object) -> str:
    """Return a value as a message shows it, cut short where it is long."""
    try:
        text = " ".join(repr(value).split())
    except ValueError:
        # Python does not write whole numbers of thousands of digits.
        return "a number of thousands of digits"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
