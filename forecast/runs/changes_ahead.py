"""What a run keeps of what changed since the run before it: by how much, and what made the change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from forecast.errors import RunError

FOLDER = "changes"
OLD_RUN = "this run was made before runs were compared; run 'forecast refit' to make a new one"
NOT_ASKED = "this run was not compared with an earlier one"
BEFORE, MODEL, REVISION, NEW_DATA, NOW = "before", "model", "revision", "new data", "now"
MODEL_OR_REVISION, REVISION_OR_NEW, ANY = "model or revision", "revision or new data", "not told apart"
PARTS = (BEFORE, MODEL, REVISION, MODEL_OR_REVISION, NEW_DATA, REVISION_OR_NEW, ANY, NOW)
"""In the order in which they add up: all but the last sum to the last."""
FORECAST_COLUMNS = ("metric", "location", "date", "part", "middle", "low", "high")
PLACE_COLUMNS = ("county", "level", "product", "part", "places")
WEEK_COLUMNS = ("metric", "location", "first", "last", "low", "middle", "high", "observed")
REVISED_COLUMNS = ("metric", "location", "date", "before", "now", "kind")
CORRECTED, LATE, DOUBTED, CLEARED = "corrected", "late", "now left out", "no longer left out"


def _empty(columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns))


@dataclass(frozen=True, eq=False)
class Changes:
    """What changed since an earlier run, and why.

    Parameters
    ----------
    reason
        Why nothing can be said; empty where something can.
    run
        The earlier run; empty where its forecast was made again, because there is no such run.
    as_of
        The earlier as-of day.
    model
        In words, what of the model differs from then: code, settings, reference tables.
    rerun
        Metric to the parts that another forecast was made for: ``before``, ``model``, ``revision``.
    left_out
        Metric or county, then location, to why it is not compared.
    remarks
        What else a reader must know, such as an earlier run that could not be read.
    peaks
        Metric to location to the chance that its peak has passed, before and now.
    elsewhere
        Metric to how many values of other hospitals, which the model learns from too, were told anew.
    seconds
        What the comparison took.
    forecasts
        Columns ``FORECAST_COLUMNS``: the mean of the week to ``date``, its middle and likely range (9 in 10), before
        and now; and what each cause added to each of them.
    places
        Columns ``PLACE_COLUMNS``: the same of the places needed for an assurance.
    week
        Columns ``WEEK_COLUMNS``: what was forecast for the newest days that have come since, and their mean.
    revised
        Columns ``REVISED_COLUMNS``: values of days known then that are told otherwise now; ``kind``: corrected, late
        (nothing was told then), now left out (looks wrong) or no longer left out.

    Examples
    --------
    >>> changes = fc.latest_run("models").compared
    >>> changes.reason, changes.run, changes.forecasts.empty
    ('this run was not compared with an earlier one', '', True)
    >>> sorted(changes.frames()), changes.entry()["revised"]
    ([], {})
    """

    reason: str = ""
    run: str = ""
    as_of: pd.Timestamp | None = None
    model: Sequence[str] = ()
    rerun: Mapping[str, Sequence[str]] = field(default_factory=dict)
    left_out: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    remarks: Sequence[str] = ()
    peaks: Mapping[str, Mapping[str, Sequence[float]]] = field(default_factory=dict)
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    forecasts: pd.DataFrame = field(default_factory=lambda: _empty(FORECAST_COLUMNS))
    places: pd.DataFrame = field(default_factory=lambda: _empty(PLACE_COLUMNS))
    week: pd.DataFrame = field(default_factory=lambda: _empty(WEEK_COLUMNS))
    revised: pd.DataFrame = field(default_factory=lambda: _empty(REVISED_COLUMNS))

    def entry(self) -> dict[str, Any]:
        """Return what the manifest says of it.

        Returns
        -------
        dict
            As JSON knows it.
        """
        day = None if self.as_of is None else f"{self.as_of:%Y-%m-%d}"
        told = {key: getattr(self, key) for key in ("reason", "run", "seconds")}
        lists = {"model": list(self.model), "remarks": list(self.remarks)}
        kept = {key: dict(getattr(self, key)) for key in ("rerun", "left_out", "peaks", "elsewhere")}
        return {**told, "as_of": day, **lists, **kept, "revised": _counted(self.revised)}

    def frames(self) -> dict[str, pd.DataFrame]:
        """Frames to keep, by the name of their file; what is not there is left out.

        Returns
        -------
        dict of str to DataFrame
            ``forecasts``, ``places``, ``week`` and ``revised``, those that have rows.
        """
        named = {key: getattr(self, key) for key in ("forecasts", "places", "week", "revised")}
        return {key: frame for key, frame in named.items() if len(frame)}


def changes_of(entry: Mapping[str, Any] | None, read: Callable[[str], pd.DataFrame], run: str) -> Changes:
    """Read what a run keeps of its comparison.

    Parameters
    ----------
    entry
        What its manifest says; None of a run made before there was any.
    read
        From the name of a piece to its frame; an empty one without columns where the run has none.
    run
        Its id.

    Raises
    ------
    RunError
        It cannot be read.
    """
    if entry is None:
        return Changes(OLD_RUN)
    try:
        day = entry["as_of"]
        kept = {key: entry[key] for key in ("rerun", "left_out", "peaks", "elsewhere")}
        found = Changes(
            str(entry["reason"]),
            str(entry["run"]),
            None if day is None else pd.Timestamp(day),
            tuple(entry["model"]),
            remarks=tuple(entry["remarks"]),
            seconds=float(entry["seconds"]),
            **kept,
            forecasts=_checked(read("forecasts"), FORECAST_COLUMNS),
            places=_checked(read("places"), PLACE_COLUMNS),
            week=_checked(read("week"), WEEK_COLUMNS),
            revised=_checked(read("revised"), REVISED_COLUMNS),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(
            f"run {run}: what changed since the run before cannot be read ({error}); run 'forecast refit' to make a "
            "new run"
        ) from error
    return found


def _checked(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    return frame[list(columns)] if len(frame) else _empty(columns)


def _counted(revised: pd.DataFrame) -> dict[str, Any]:
    """How many values of each metric are told otherwise, and the largest correction."""
    return {
        str(metric): {
            "kinds": {str(kind): int(many) for kind, many in rows["kind"].value_counts().items()},
            "largest": largest(rows),
        }
        for metric, rows in revised.groupby("metric")
    }


def largest(rows: pd.DataFrame) -> dict[str, Any] | None:
    """Return the correction that moved a value most: location, date, before and now; None where none was corrected."""
    corrected = rows[rows["kind"] == CORRECTED]
    if corrected.empty:
        return None
    moved = (corrected["now"] - corrected["before"]).abs()
    row = corrected.iloc[int(moved.to_numpy().argmax())]
    return {
        "location": str(row["location"]),
        "date": f"{row['date']:%Y-%m-%d}",
        "before": float(row["before"]),
        "now": float(row["now"]),
    }
