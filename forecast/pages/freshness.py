"""What a run used and how old it was, as tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from forecast.observations.store import Store
from forecast.reference import reference
from forecast.runs import Run


def stored(store: Store, metric: str) -> dict[str, Any] | None:
    """Return what the store holds of a metric, or of the metrics it is made of: released, rows, publications."""
    known = reference().metric(metric)
    every = store.metrics()
    parts = every[every["metric"] == metric]
    if parts.empty and known and known.derived_from:
        parts = every[every["metric"].isin(known.derived_from)]
    if parts.empty:
        return None
    return {
        "released": parts["released"].max(),
        "rows": int(parts["rows"].sum()),
        "publications": store.sources(metric),
    }


def flags_of(run: Run) -> pd.DataFrame:
    """Return the flagged values of every metric of a run: metric, date, location, flag, note."""
    frames = [run.flags(metric).assign(metric=metric) for metric in run.metrics]
    every = pd.concat(frames, ignore_index=True)
    ordered = every[["metric", "date", "location", "flag", "note"]]
    return ordered.sort_values("date", ascending=False, kind="stable").reset_index(drop=True)
