"""``forecast refit``: by hand as of any day, or as the weekly job that nobody watches."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from forecast import runs
from forecast.command.folders import DataOption, ModelsOption, raw
from forecast.command.terminal import REFUSED, UNREADABLE, day, err, progress, said, say, say_run
from forecast.job import journal
from forecast.job.journal import Attempt
from forecast.job.weekly import Job, run_weekly
from forecast.observations.twin_beside import stored
from forecast.refit import refit as make

_EXITS = {journal.REFUSED: REFUSED, journal.FAILED: UNREADABLE}


def refit(
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Use only what was public on this day (2024-12-31).")
    ] = None,
    scheduled: Annotated[
        bool,
        typer.Option("--scheduled", help="The weekly job: fetch, store, forecast, publish what the gate lets."),
    ] = False,
    force: Annotated[
        str | None, typer.Option("--force", help="Reason to publish whatever the gate says; kept. With --scheduled.")
    ] = None,
    no_fetch: Annotated[bool, typer.Option("--no-fetch", help="Go on with what is stored. With --scheduled.")] = False,
    reports: Annotated[
        Path | None, typer.Option("--reports", envvar="FORECAST_REPORTS", help="Write reports here. With --scheduled.")
    ] = None,
    data: DataOption = "data",
    models: ModelsOption = Path("models"),
) -> None:
    """Forecast every fresh metric and publish a run; what has been ingested, else the simulated twin."""
    if scheduled:
        if as_of:
            raise typer.BadParameter("the weekly job knows the day; leave it out", param_hint="--as-of")
        if force is not None and not force.strip():
            raise typer.BadParameter("is empty; say why it is published all the same", param_hint="--force")
        raise typer.Exit(_scheduled(Job(data, models, raw(data), reports, not no_fetch, (force or "").strip())))
    for name, given in (("--force", force is not None), ("--no-fetch", no_fetch)):
        if given:
            raise typer.BadParameter("goes with --scheduled; a refit by hand always publishes", param_hint=name)
    with said():
        store = stored(data)
        chosen_day = day(as_of)
        now = pd.Timestamp.now(tz="UTC")
        with progress() as bar:
            task = bar.add_task("forecasting", total=None)
            run = make(
                store,
                models,
                chosen_day,
                progress=lambda label, done, total: bar.update(task, description=label, completed=done, total=total),
                made_at=now,
            )
    say_run(run)


def _scheduled(job: Job) -> int:
    """Run the weekly job and say what became of it; its exit code."""
    with progress() as bar:
        task = bar.add_task("", total=None)
        attempt = run_weekly(
            job,
            pd.Timestamp.now(tz="UTC"),
            make=make,
            tell=lambda label, done, total: bar.update(task, description=label, completed=done, total=total or None),
        )
    _say(job, attempt)
    return _EXITS.get(attempt.outcome, 0)


def _say(job: Job, attempt: Attempt) -> None:
    for step in attempt.steps:
        say(f"{step.step}: {step.outcome}{f', {step.detail}' if step.detail else ''} ({step.seconds:.0f} s)", "dim")
    if attempt.published:
        say(f"{attempt.outcome}: run {attempt.run}", "bold")
        for reason in attempt.reasons:
            say(f"forced ({attempt.forced}), against: {reason}", "yellow", err)
        say_run(runs.latest_run(job.models))
        return
    for reason in attempt.reasons:
        say(f"{attempt.outcome}: {reason}", "yellow" if attempt.outcome == journal.REFUSED else "red", err)
    if attempt.run:
        say(f"what was made is kept in {job.models / runs.REFUSED / attempt.run}", where=err)
