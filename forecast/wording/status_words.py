"""How everything stands, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from forecast.job.journal import FAILED, REFUSED, Attempt
from forecast.wording.words import lower, plural, short_day

if TYPE_CHECKING:
    from forecast.watching.status import Data

STATES = {
    "ok": "All is well",
    "attention": "Something needs to be looked at",
    "stale": "The forecasts are too old to plan from",
    "no run": "There is no forecast that can be shown",
}


def stale(as_of: pd.Timestamp, age: int) -> str:
    """Say that the run is too old, and what to do."""
    return (
        f"the run that is served is as of {short_day(as_of)}, {plural(age, 'day')} ago; run 'forecast fetch' and "
        "'forecast refit', or see why the weekly run did not do it"
    )


def failed(attempt: Attempt | None) -> str:
    """Say that the last attempt to make a run published none, and why; empty where it did."""
    if attempt is None or attempt.outcome not in {REFUSED, FAILED}:
        return ""
    why = "; ".join(attempt.reasons) or "no reason was kept"
    what = "was refused" if attempt.outcome == REFUSED else "failed"
    return f"the last run ({attempt.kind}, {attempt.finished}) {what}: {why}"


def attempted(attempt: Attempt) -> str:
    """Say when and how the last run was made, or tried."""
    run = f", run {attempt.run}" if attempt.run else ""
    return f"last attempt: {attempt.outcome} ({attempt.kind}, {attempt.finished}{run})"


def ages(data: Sequence[Data]) -> list[str]:
    """Return how old the newest figures of each measure are; nothing of simulated ones, which do not grow old."""
    return [
        f"newest {lower(one.label)}: of {short_day(one.newest_day)}, {plural(one.age_days, 'day')} old"
        for one in data
        if one.newest_day is not None and one.age_days is not None
    ]
