"""All checks of the gate, one after the other."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from forecast.errors import NoRunYet, RunError
from forecast.gate import implausible, jumps, losing, lost, stale
from forecast.gate.limits import Limits
from forecast.gate.verdict import Finding, Verdict
from forecast.runs import Run, served
from forecast.runs.diary import past_runs
from forecast.weekly.candidate import Candidate

CHECKS = (stale.CHECK, implausible.CHECK, lost.KIND, lost.FIGURES, lost.CHECK, losing.CHECK, jumps.CHECK)
_log = logging.getLogger(__name__)


def judge(candidate: Candidate, models: Path, now: pd.Timestamp, *, forced: str = "") -> Verdict:
    """Say whether what a refit has made may be published.

    Parameters
    ----------
    candidate
        What it has made.
    models
        Folder of runs: the served one is compared with, and a new model is tried on the weeks of past ones.
    now
        The time on the machine's clock; simulated figures are never compared with it.
    forced
        Why a person has it published whatever is found.

    Returns
    -------
    Verdict
        What was found, in words, and whether it is published.
    """
    incumbent = _incumbent(models)
    limits = Limits.from_reference(candidate.today.tables)
    found: list[Finding] = []
    for one in _findings(candidate, incumbent, models, now, limits):
        _log.info("gate, %s: %s", one.check, one.says)
        found.append(one)
    return Verdict(tuple(found), incumbent.id if incumbent else "", forced)


def _findings(
    candidate: Candidate, incumbent: Run | None, models: Path, now: pd.Timestamp, limits: Limits
) -> Iterator[Finding]:
    today = candidate.today
    yield from stale.stale(today.store, today.day, now, limits, today.tables)
    same = incumbent is not None and incumbent.simulated == today.store.simulated
    yield from implausible.implausible(candidate, incumbent if same else None, limits)
    if incumbent is None:
        return
    yield from lost.lost(candidate, incumbent)
    if same:
        before = past_runs(models, today.day, today.store.simulated)
        yield from losing.losing(candidate, before, limits)
        yield from jumps.jumps(candidate, limits)


def _incumbent(models: Path) -> Run | None:
    try:
        found = served(models)
    except NoRunYet:
        return None
    except RunError as error:
        # Nothing that can be read is served: any good run is better.
        _log.warning("the run that is served cannot be read: %s", error)
        return None
    if found.problem:
        _log.warning("%s", found.problem)
    return found.run if found.instead or not found.wrong else None
