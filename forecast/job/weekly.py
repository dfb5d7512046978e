"""The weekly run that nobody watches: fetch, ingest, check, forecast, score, decide, publish, report.

It either publishes a better run or leaves the last good one standing and says why, in the journal beside the runs.
Nothing that fails after a run is published takes it back, and nothing that fails before touches the one that is served.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, TypeVar

import pandas as pd

from forecast import runs
from forecast.errors import Busy, FetchError, ForecastError, InputError, NotObservations, Refused, RunError
from forecast.export import export
from forecast.gate.judging import judge
from forecast.gate.limits import Limits
from forecast.gate.stale import stale
from forecast.gate.verdict import Verdict, verdict_of
from forecast.incoming import news
from forecast.incoming.archive import Archive
from forecast.incoming.bringing import bring
from forecast.incoming.pending import ingest_archived
from forecast.job import journal
from forecast.job.journal import Attempt, Step
from forecast.job.steps import Steps
from forecast.observations.remote import below
from forecast.observations.store import Store
from forecast.observations.twin_beside import TWIN, stored
from forecast.reference import reference
from forecast.refit import refit
from forecast.runs import WEEKLY, Run
from forecast.runs.sign_off import standing
from forecast.weekly.candidate import Candidate
from forecast.wording import job_words as said
from forecast.wording.sign_off_words import signed_words

Tell = Callable[[str, int, int], None]
WAIT_SECONDS, MOST_SECONDS = 15.0, 1800.0
"""How often it is looked, and how long at most, whether a fetch or refit by hand has ended."""
_T = TypeVar("_T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """What the weekly job works on.

    Parameters
    ----------
    data
        Folder or URL of observations; the simulated twin lies beside the published ones.
    models
        Folder of runs.
    raw
        Folder of what is fetched.
    reports
        Folder that the reports go to; None: none are written.
    fetch
        Whether to fetch what has been published, or to go on with what is stored.
    forced
        Why the run is published whatever the gate finds; empty: it is not.
    """

    data: str
    models: Path
    raw: Path
    reports: Path | None = None
    fetch: bool = True
    forced: str = ""


def run_weekly(
    job: Job,
    now: pd.Timestamp,
    *,
    make: Callable[..., Run] = refit,
    clock: Callable[[], pd.Timestamp] | None = None,
    tell: Tell = lambda *_: None,
    wait: Callable[[float], None] = sleep,
) -> Attempt:
    """Make the weekly run, and add what became of it to the journal.

    Where somebody fetches or refits by hand it waits for them, half an hour at most.

    Parameters
    ----------
    job
        What it works on.
    now
        The time, with its zone; only figures of real days are compared with it.
    make
        ``forecast.refit.refit``, or what does its work with other settings.
    clock
        Tells when the attempt ended; ``now`` and the seconds passed when left out.
    tell
        Called with what is at work, pieces done and pieces in all.
    wait
        Called with the seconds to wait.

    Returns
    -------
    Attempt
        As in the journal. A run that was not published is no error: its reasons are in the attempt.
    """
    start, steps = perf_counter(), Steps()
    ended = clock or (lambda: now + pd.Timedelta(seconds=perf_counter() - start))
    try:
        result = _attempt(job, now, make, steps, tell, wait)
    except Refused as error:
        result = {"outcome": journal.REFUSED, "reasons": error.reasons, "run": error.run}
    except (ForecastError, NotObservations) as error:
        result = {"outcome": journal.FAILED, "reasons": (str(error),)}
    except Exception as error:
        _log.exception("the weekly run failed")
        reason = said.unforeseen(error)
        _journal(job, _told(now, ended(), steps, {"outcome": journal.FAILED, "reasons": (reason,)}))
        raise
    attempt = _told(now, ended(), steps, {"forced": job.forced, **result})
    _journal(job, attempt)
    return attempt


def _attempt(
    job: Job,
    now: pd.Timestamp,
    make: Callable[..., Run],
    steps: Steps,
    tell: Tell,
    wait: Callable[[float], None],
) -> dict[str, Any]:
    today = now.tz_convert(said.LONDON).tz_localize(None)
    _bring(job, today, steps, tell, wait)
    with steps.timed("check") as detail:
        store = stored(job.data)
        day = store.newest_release([metric.name for metric in reference().forecast_metrics()])
        detail.append(said.known(day, store.simulated))
    served = _served(job.models)
    started = perf_counter()

    def judged(candidate: Candidate) -> Verdict:
        nonlocal started
        steps.add(Step("forecast", round(perf_counter() - started, 2), detail=said.forecast(candidate.made)))
        steps.add(Step("score", candidate.timings.get("scores", 0.0), detail=said.scored(candidate.scores)))
        with steps.timed("decide") as detail:
            verdict = judge(candidate, job.models, today, forced=job.forced)
            detail.append(said.decided(verdict))
        started = perf_counter()
        return verdict

    run = _when_free(
        lambda: make(store, job.models, progress=tell, judge=judged, made=WEEKLY, made_at=now.tz_convert("UTC")), wait
    )
    if run.id == served:
        steps.left_out("forecast", said.NOTHING_NEW)
        _still_fresh(store, day, today)
        return {"outcome": journal.UNCHANGED, "run": run.id, "as_of": f"{run.as_of:%Y-%m-%d}"}
    steps.add(Step("publish", round(perf_counter() - started, 2), detail=run.id))
    _report(job, run, steps)
    verdict = verdict_of(run.manifest.get("gate"))
    against = verdict.reasons if verdict else ()
    return {
        "outcome": journal.PUBLISHED,
        "run": run.id,
        "as_of": f"{run.as_of:%Y-%m-%d}",
        "reasons": against,
        "forced": job.forced if against else "",
    }


def _when_free(do: Callable[[], _T], wait: Callable[[float], None]) -> _T:
    """Do it as soon as no other process is at it; in the end fail as it does."""
    for _ in range(int(MOST_SECONDS / WAIT_SECONDS)):
        try:
            return do()
        except Busy as error:
            _log.info("waiting: %s", error)
            wait(WAIT_SECONDS)
    return do()


def _bring(job: Job, today: pd.Timestamp, steps: Steps, tell: Tell, wait: Callable[[float], None]) -> None:
    """Fetch and ingest; a publisher that cannot be read costs only what it would have brought."""
    mended = _mend(job, steps)
    store, archive = Store(job.data), Archive(job.raw)
    if job.fetch:
        try:
            with steps.timed("fetch") as detail:
                brought = _when_free(lambda: bring(store, archive, today, ingest=False, tell=tell), wait)
                detail += [*news.by_publication(brought.fetched), *news.problems(brought.fetched), *brought.problems]
        except (FetchError, InputError) as error:
            _log.warning("going on with what is stored: %s", error)
    else:
        steps.left_out("fetch", said.NOT_ASKED)
    if not (job.fetch or mended):
        steps.left_out("ingest", said.NOT_ASKED)
        return
    with steps.timed("ingest") as detail:
        detail += said.ingested(_when_free(lambda: ingest_archived(store, archive, today), wait))


def _mend(job: Job, steps: Steps) -> bool:
    """Set aside what is damaged in the store, so that the rest is read and what was fetched of it comes in again.

    Figures that do not come back are found by the gate, which compares with those that the served run read.
    """
    places = [Store(place) for place in (job.data, below(job.data, TWIN))]
    if not any(store.check() for store in places):
        return False
    with steps.timed("mend") as detail:
        detail += [str(damage) for store in places for damage in store.heal()]
    return True


def _served(models: Path) -> str:
    """Name of the run that is served; empty where there is none, or another than the newest since that is damaged."""
    try:
        found = runs.served(models)
    except RunError:
        return ""
    return "" if found.wrong else found.run.id


def _still_fresh(store: Store, day: pd.Timestamp, today: pd.Timestamp) -> None:
    """Refuse to call old figures unchanged: somebody must see why nothing comes."""
    tables = reference()
    found = stale(store, day, today, Limits.from_reference(tables), tables)
    if reasons := [one.says for one in found if one.refuses]:
        raise Refused(f"nothing new to publish: {'; '.join(reasons)}", reasons)


def _report(job: Job, run: Run, steps: Steps) -> None:
    """Write what people take away; the run is published whether or not that succeeds."""
    if job.reports is None:
        steps.left_out("report", said.NOT_ASKED)
        return
    try:
        with steps.timed("report") as detail:
            written = export(run, job.reports, signed=signed_words(standing(job.models, run)))
            detail.append(said.written(len(written), job.reports))
    # Whatever a drawing or a slide fails of: the run is published, and the journal must say so.
    except Exception as error:
        _log.warning("the run is published, its reports are not written: %s", error)


def _told(now: pd.Timestamp, ended: pd.Timestamp, steps: Steps, result: dict[str, Any]) -> Attempt:
    started, finished = (moment.tz_convert("UTC").isoformat(timespec="seconds") for moment in (now, ended))
    return Attempt(started, finished, WEEKLY, steps=tuple(steps.done), **result)


def _journal(job: Job, attempt: Attempt) -> None:
    level = logging.INFO if attempt.published else logging.WARNING
    told = {"run": attempt.run, "outcome": attempt.outcome}
    _log.log(level, "%s", ": ".join(filter(None, [attempt.outcome, "; ".join(attempt.reasons)])), extra=told)
    try:
        journal.add(job.models, attempt)
    except RunError as error:
        _log.error("what became of this attempt is not kept: %s", error)
