"""What a fault is: its name, how it is made, and what a reader can know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random


@dataclass(frozen=True)
class Made:
    """A malformed file: its name and content."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Kind:
    """One way of going wrong.

    Attributes
    ----------
    name
        In words.
    make
        Makes the file from the path of an original; None where that original has nothing to do it to.
    family
        What is changed: file, package, sheets, dates, columns, rows, codes, cells or table.
    keeps
        The meaning is kept: all values must be read as those of the original.
    undetectable
        Why no reader can know from the file alone that the values are wrong.
    """

    name: str
    make: Callable[[Path, Random], Made | None]
    family: str
    keeps: bool = False
    undetectable: str = ""


KINDS: list[Kind] = []
