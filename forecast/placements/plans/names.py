"""Pathways and products by the names the code uses, and what people call them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

Value = TypeVar("Value")

PATHWAYS = ("home", "rehabilitation", "care_home")
"""What a person who is fit to leave waits for: pathways 1, 2 and 3 of the national discharge guidance."""

PATHWAY_LABELS = {
    "home": "home care or reablement",
    "rehabilitation": "bed-based rehabilitation",
    "care_home": "residential or nursing care",
}

PRODUCTS = ("flat", "care_home_bed", "community_bed")
"""Kinds of places in which a person may wait outside the hospital."""

PRODUCT_LABELS = {
    "flat": "housing-with-care flats",
    "care_home_bed": "care-home beds",
    "community_bed": "community beds",
}

SCHEDULES = {"flat": "flats", "care_home_bed": "care_home_beds", "community_bed": "community_beds"}
"""Product -> field of the plan that says how many places there are."""


class FrozenMap(Mapping[str, Value], Generic[Value]):
    """A mapping that cannot be changed, equal and hashed by value."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Value]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: str) -> Value:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)
