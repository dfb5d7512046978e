"""What the weekly job says of its steps, and the app of a job that published nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from forecast.gate.verdict import Verdict
from forecast.incoming.ingest import Ingested
from forecast.job.journal import REFUSED, Attempt
from forecast.wording import words
from forecast.wording.gate_words import found

LONDON = "Europe/London"
"""Publishers' days begin and end there."""
NOT_ASKED = "not asked for"
NOTHING_NEW = "nothing is new since the run that is served"


def known(day: pd.Timestamp, simulated: bool) -> str:
    """Say what is known."""
    return f"{'simulated' if simulated else 'published'} figures, the newest released on {words.short_day(day)}"


def forecast(metrics: Iterable[str]) -> str:
    """Say what was forecast."""
    return ", ".join(metrics)


def scored(scores: pd.DataFrame) -> str:
    """Say how the forecasts of the last weeks did."""
    if scores.empty:
        return "there is no past run yet that anything can be judged by"
    days = int(scores["days"].sum())
    held = float((scores["coverage_90"] * scores["days"]).sum() / days)
    return f"{words.plural(int(scores['runs'].max()), 'past run')}, {days:,} days: the likely range held on {held:.0%}"


def decided(verdict: Verdict) -> str:
    """Say what the gate decided, and why."""
    if not verdict.against:
        return "; ".join(["published: nothing speaks against it", *verdict.remarks])
    how = f"published all the same ({verdict.forced})" if verdict.forced else "not published"
    return "; ".join([how, *verdict.reasons, *verdict.remarks])


def ingested(results: Sequence[Ingested]) -> list[str]:
    """Say what became of the files that were to be stored."""
    read = [result for result in results if result.added is not None]
    failed = [result for result in results if result.error]
    lines = [f"{words.plural(len(read), 'file')} read, {len(failed)} could not be read"]
    return [*lines, *(f"not read: {result.error}" for result in failed)]


def written(many: int, folder: Path) -> str:
    """Say what was written."""
    return f"{words.plural(many, 'file')} in {folder}"


def not_published(attempt: Attempt, served: pd.Timestamp) -> str:
    """Say in the app that the newest attempt published nothing; empty where it did.

    Parameters
    ----------
    attempt
        The newest one.
    served
        As-of day of the run that is shown.
    """
    if attempt.published:
        return ""
    day = words.day(pd.Timestamp(attempt.started).tz_convert(LONDON).tz_localize(None))
    what = "was held back" if attempt.outcome == REFUSED else "failed"
    reasons = "; ".join(found(reason) for reason in attempt.reasons)
    return (
        f"The weekly run of {day} {what}. What you see is the last good one, with figures known by "
        f"{words.day(served)}. Why: {reasons}. Ask whoever looks after this app what is being done about it."
    )


def unforeseen(error: Exception) -> str:
    """Say that something went wrong that nobody foresaw."""
    return f"{type(error).__name__}: {error}; the last run stands; tell whoever looks after this program"
