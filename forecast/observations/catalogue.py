"""What a store holds, told from the footers of its vintages alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from forecast.observations.vintages import Vintage

COLUMNS = ("metric", "locations", "first", "last", "released", "rows")


def metrics(vintages: Sequence[Vintage]) -> pd.DataFrame:
    """One row a stored metric: columns ``COLUMNS``; locations is a count, rows include revisions."""
    entries = [(name, entry) for vintage in vintages for name, entry in vintage.metrics.items()]
    rows = []
    for metric in sorted({name for name, _ in entries}):
        parts = [entry for name, entry in entries if name == metric]
        rows.append(
            {
                "metric": metric,
                "locations": len({code for part in parts for code in part["locations"]}),
                "first": min(part["first"] for part in parts),
                "last": max(part["last"] for part in parts),
                "released": max(part["released"] for part in parts),
                "rows": sum(part["rows"] for part in parts),
            }
        )
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    for column in ("first", "last", "released"):
        frame[column] = pd.to_datetime(frame[column], format="%Y-%m-%d")
    return frame


def sources(vintages: Sequence[Vintage], wanted: Collection[str]) -> list[str]:
    """Publications whose rows are stored for any of the wanted metrics."""
    parts = [entry for vintage in vintages for name, entry in vintage.metrics.items() if name in wanted]
    return sorted({source for part in parts for source in part["sources"]})


def newest_release(vintages: Sequence[Vintage], wanted: Collection[str]) -> pd.Timestamp | None:
    """Last release among the wanted metrics, among all where none of them is stored; None for an empty store."""
    released = [(name, entry["released"]) for vintage in vintages for name, entry in vintage.metrics.items()]
    chosen = [day for name, day in released if name in wanted] or [day for _, day in released]
    return pd.Timestamp(max(chosen)) if chosen else None
