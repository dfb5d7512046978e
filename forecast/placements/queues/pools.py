"""Lines of people by name, and the same as one array that all products are run in together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from forecast.placements.plans.names import PRODUCTS

ELSEWHERE = ""
"""In place of a product: nothing the plan has would do for these people."""
KINDS = (*PRODUCTS, ELSEWHERE)


@dataclass(frozen=True)
class Line:
    """People of one hospital and pathway who wait for one product, ``ELSEWHERE`` for none."""

    hospital: str
    pathway: str
    product: str


@dataclass(frozen=True)
class Pools:
    """Which line stands where in arrays of (line, pool): pools run over the products, in each over the sample paths."""

    by_product: Mapping[str, tuple[Line, ...]]
    samples: int

    @classmethod
    def of(cls, lines: Iterable[Line], samples: int) -> Pools:
        """Arrange lines by product, in the order of the products."""
        every = list(lines)
        found = {product: tuple(line for line in every if line.product == product) for product in KINDS}
        return cls({product: some for product, some in found.items() if some or product != ELSEWHERE}, samples)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line, product by product."""
        return tuple(line for some in self.by_product.values() for line in some)

    def pack(self, values: Mapping[Line, npt.NDArray[Any]], missing: int = 0) -> npt.NDArray[Any]:
        """Put (sample, ...) of each line into (line, pool, ...); ``missing`` where a product has fewer lines."""
        first = values[self.lines[0]]
        shape = (max(map(len, self.by_product.values())), len(self.by_product), *first.shape)
        packed = np.full(shape, missing, dtype=first.dtype)
        for column, some in enumerate(self.by_product.values()):
            for row, line in enumerate(some):
                packed[row, column] = values[line]
        return packed.reshape(shape[0], -1, *first.shape[1:])

    def unpack(self, packed: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Take (line, pool, ...) apart again: (line, sample, ...) in the order of ``lines``."""
        split = packed.reshape(packed.shape[0], len(self.by_product), self.samples, *packed.shape[2:])
        return np.stack(
            [split[row, column] for column, some in enumerate(self.by_product.values()) for row in range(len(some))]
        )

    def by_pool(self, values: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """Put (sample, ...) or (1, ...) of each product into (pool, ...)."""
        some = [values[product] for product in self.by_product]
        return np.concatenate([np.broadcast_to(one, (self.samples, *one.shape[1:])) for one in some])

    def of_pool(self, packed: npt.NDArray[Any]) -> dict[str, npt.NDArray[Any]]:
        """Take (pool, ...) apart: product to (sample, ...)."""
        return dict(zip(self.by_product, packed.reshape(-1, self.samples, *packed.shape[1:]), strict=True))
