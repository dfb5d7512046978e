"""Figures that the served run read and a new one could not, and measures and places it would say nothing of."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from forecast.errors import RunError
from forecast.gate.verdict import Finding
from forecast.observations.publication import out_of_season
from forecast.reference import Reference
from forecast.runs import Run
from forecast.weekly.candidate import Candidate
from forecast.wording import gate_words as said

CHECK = "lost places"
KIND = "kind of data"
FIGURES = "lost figures"


def lost(candidate: Candidate, incumbent: Run) -> Iterator[Finding]:
    """Find what would no longer be forecast; a collection that closes for the summer is only worth knowing.

    Parameters
    ----------
    candidate
        What a refit has made.
    incumbent
        The run that is served.
    """
    tables = candidate.today.tables
    if not incumbent.simulated and candidate.today.store.simulated:
        yield Finding(KIND, said.simulated_instead(str(candidate.today.store.folder)))
    if incumbent.simulated != candidate.today.store.simulated:
        return
    read = sum(int(one["rows"]) for one in incumbent.manifest["vintages"])
    there = sum(vintage.rows for vintage in candidate.today.store.vintages())
    if there < read:
        yield Finding(FIGURES, said.lost_figures(there, read))
    else:
        yield from _gone(candidate, incumbent)
    for name in incumbent.metrics:
        metric = tables.metric(name)
        label = metric.label if metric else name
        one = candidate.made.get(name)
        if one is None:
            closed = _closed(name, incumbent.last_observed(name), candidate.today.day, tables)
            why = candidate.skipped.get(name, said.NOT_ASKED)
            yield Finding(CHECK, said.lost_measure(label, why, closed), not closed)
            continue
        said_of = [code for code in one.trajectories.locations if code not in one.cannot_say]
        gone = [code for code in _told(incumbent, name) if code not in said_of]
        if gone:
            reasons = {tables.label(code): one.cannot_say.get(code, said.NOT_ASKED) for code in gone}
            yield Finding(CHECK, said.lost_places(label, reasons))


def _gone(candidate: Candidate, incumbent: Run) -> Iterator[Finding]:
    """Find figures of the county and its hospitals that the served run knew and that are there no more.

    There may be more figures than before, and yet some of them gone.
    """
    for name, one in candidate.made.items():
        if name not in incumbent.metrics:
            continue
        try:
            then = incumbent.history(name)
        except RunError:
            continue
        then = then.loc[then.index >= one.history.index[0]]
        now = one.history.reindex(index=then.index, columns=then.columns)
        if gone := int((then.notna() & now.isna()).to_numpy().sum()):
            metric = candidate.today.tables.metric(name)
            yield Finding(FIGURES, said.gone_figures(metric.label if metric else name, gone))


def _told(run: Run, metric: str) -> list[str]:
    """Places of which a run says something."""
    unsaid = run.cannot_say(metric)
    return [str(code) for code in run.manifest["metrics"][metric]["locations"] if code not in unsaid]


def _closed(metric: str, last: pd.Timestamp, day: pd.Timestamp, tables: Reference) -> bool:
    """Whether the collection of a measure has closed for the season since its last figure."""
    since = pd.Series(pd.date_range(last + pd.Timedelta(days=1), day))
    return bool(len(since) and out_of_season(since, metric, tables).any())
