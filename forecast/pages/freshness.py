"""What a run used and how old it was, as tables."""

from __future__ import annotations

import pandas as pd

from forecast.observations.store import Store
from forecast.pages.stored import rows_of
from forecast.runs import Run


def stored(store: Store, metric: str) -> list[str]:
    """Return the publications that the store's rows of a metric, or of what it is made of, were read from."""
    return [] if store.empty else store.sources(metric)


def newest_release(store: Store, metric: str, run: Run) -> pd.Timestamp | None:
    """Return the last day, the as-of day at the latest, on which figures of the run's hospitals became public."""
    released = rows_of(store, metric, run)["released"]
    there = released[released <= run.as_of]
    return there.max() if len(there) else None


def flags_of(run: Run) -> pd.DataFrame:
    """Return the flagged values of every metric of a run: metric, date, location, flag, note."""
    frames = [run.flags(metric).assign(metric=metric) for metric in run.metrics]
    every = pd.concat(frames, ignore_index=True)
    ordered = every[["metric", "date", "location", "flag", "note"]]
    return ordered.sort_values("date", ascending=False, kind="stable").reset_index(drop=True)


def together(found: pd.DataFrame) -> pd.DataFrame:
    """Put the spells of one reason and the same days in one row: first, last, flag, note, metrics, locations."""
    what = ["first", "last", "flag", "note"]
    by_metric = found.groupby([*what, "metric"], sort=False)["location"].agg(tuple).rename("locations").reset_index()
    rows = by_metric.groupby([*what, "locations"], sort=False)["metric"].agg(tuple).rename("metrics").reset_index()
    return rows.sort_values(["last", "first"], ascending=False, kind="stable", ignore_index=True)


def spells(flagged: pd.DataFrame) -> pd.DataFrame:
    """Return one row a run of days flagged for one reason, newest first: metric, location, flag, note, first, last."""
    same = ["metric", "location", "flag", "note"]
    rows = flagged.sort_values([*same, "date"])
    begins = rows.groupby(same)["date"].diff() != pd.Timedelta(days=1)
    found = rows.groupby([*same, begins.cumsum().rename("spell")])["date"].agg(["min", "max"]).reset_index()
    found = found.rename(columns={"min": "first", "max": "last"}).drop(columns="spell")
    return found.sort_values("last", ascending=False, kind="stable").reset_index(drop=True)
