"""A forecast that moved, and no figure explains it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from forecast.gate.limits import Limits
from forecast.gate.verdict import Finding
from forecast.runs.changes_ahead import ANY, BEFORE, MODEL, MODEL_OR_REVISION, NOW, Changes
from forecast.weekly.candidate import Candidate
from forecast.wording import gate_words as said

CHECK = "unexplained jump"
_KEYS = ["metric", "location", "date"]
_NOT_TOLD_APART = (MODEL_OR_REVISION, ANY)


def jumps(candidate: Candidate, limits: Limits) -> Iterator[Finding]:
    """Find forecasts of the weeks compared that moved further than figures explain.

    What the model alone moved is known where the earlier forecast was made again. Where it was not, a forecast that
    left the earlier likely range counts, unless the figures that came left it too. A measure counts where it moved in
    any week compared; each is told once, by the place and week that moved most.

    Parameters
    ----------
    candidate
        What a refit has made, compared with the run before.
    limits
        ``jump``.
    """
    changes = candidate.changes
    if changes.reason or not changes.run:
        return
    found = unexplained(changes)
    width = found["high"] - found["low"]
    far = found[(found["moved"].abs() > limits.jump * width) & (found["moved"].abs() >= 1)]
    for metric, rows in far.groupby("metric", sort=False):
        most = rows.iloc[int((rows["moved"].abs() / (rows["high"] - rows["low"]).clip(lower=1)).argmax())]
        known = candidate.today.tables.metric(str(metric))
        place = candidate.today.tables.label(str(most["location"]))
        label = known.label if known else str(metric)
        yield Finding(CHECK, said.jumped(label, place, most, len(rows), changes.model))


def unexplained(changes: Changes) -> pd.DataFrame:
    """How far each week's middle moved without figures that explain it.

    Returns
    -------
    DataFrame
        Columns metric, location, date, low, high (the earlier likely range), before, now, moved.
    """
    rows = changes.forecasts.set_index(_KEYS)
    middle = {part: rows.loc[rows["part"] == part, "middle"] for part in (BEFORE, NOW, MODEL, *_NOT_TOLD_APART)}
    then = rows.loc[rows["part"] == BEFORE, ["low", "high"]]
    found = then.assign(before=middle[BEFORE], now=middle[NOW])
    moved, *others = (middle[part].reindex(found.index).fillna(0.0) for part in (MODEL, *_NOT_TOLD_APART))
    rest = pd.concat(others, axis=1).sum(axis=1)
    outside = (found["now"] < found["low"]) | (found["now"] > found["high"])
    surprised = _surprised(changes)
    expected = pd.Series([key[:2] not in surprised for key in found.index], index=found.index)
    return found.assign(moved=moved + rest.where(outside & expected, 0.0)).reset_index()


def _surprised(changes: Changes) -> set[tuple[str, str]]:
    """Measures and places whose newest figures left their likely range, or are not told."""
    week = changes.week
    held = week[(week["observed"] >= week["low"]) & (week["observed"] <= week["high"])]
    every = set(zip(changes.forecasts["metric"], changes.forecasts["location"], strict=True))
    return every - set(zip(held["metric"], held["location"], strict=True))
