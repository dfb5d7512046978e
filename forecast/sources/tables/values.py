"""The values of tables as a frame and as a block of numbers, quickly: texts and dates are looked up, not compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

Numbers = np.ndarray[Any, np.dtype[np.float64]]


def frame_of(values: Sequence[tuple[date, str, str, float]]) -> pd.DataFrame:
    """Values as a frame: date (datetime64), location and metric (categories in the order they come in), value."""
    days, locations, metrics, numbers = (list(map(itemgetter(i), values)) for i in range(4))
    place, different = _coded(days)
    return pd.DataFrame(
        {
            "date": np.array(different, dtype="datetime64[us]")[place],
            "location": _categories(locations),
            "metric": _categories(metrics),
            "value": np.array(numbers, dtype=np.float64),
        }
    )


def block_of(frame: pd.DataFrame, metrics: Sequence[str]) -> pd.DataFrame:
    """Values of some metrics, one row a date and metric in order, one column a location; rows and columns with any.

    ``frame`` is that of ``frame_of``, one value for each date, location and metric. The index names the metrics.
    """
    days, place = np.unique(frame["date"].to_numpy(), return_inverse=True)
    locations = frame["location"].cat.categories
    numbers = np.full((len(days), len(metrics), len(locations)), np.nan)
    order = [metrics.index(name) if name in metrics else -1 for name in frame["metric"].cat.categories]
    metric = np.array(order, dtype=np.int64)[frame["metric"].cat.codes.to_numpy()]
    read = metric >= 0
    where = (place[read], metric[read], frame["location"].cat.codes.to_numpy()[read])
    numbers[where] = frame["value"].to_numpy()[read]
    block = pd.DataFrame(numbers.reshape(-1, len(locations)), columns=list(locations), index=list(metrics) * len(days))
    return block.dropna(axis=0, how="all").dropna(axis=1, how="all")


def _categories(texts: list[str]) -> pd.Categorical[Any]:
    codes, different = _coded(texts)
    return pd.Categorical.from_codes(codes, pd.Index(different, dtype="str"))


def _coded(items: list[Any]) -> tuple[np.ndarray[Any, np.dtype[np.int64]], list[Any]]:
    """Number of each item among the different ones, and these."""
    different = list(dict.fromkeys(items))
    number = {item: i for i, item in enumerate(different)}
    return np.fromiter(map(number.__getitem__, items), dtype=np.int64, count=len(items)), different
