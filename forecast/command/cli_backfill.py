"""``forecast backfill``: past days forecast now with only what was public then, so that there is a record to judge."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from forecast.command.folders import DataOption, ModelsOption
from forecast.command.terminal import REFUSED, day, progress, said, say
from forecast.observations.twin_beside import stored
from forecast.weekly.backfill import Filled, days_of
from forecast.weekly.backfill import backfill as run_backfill
from forecast.wording import backfill_words


def backfill(
    first: Annotated[str, typer.Option("--from", help="First as-of day: 2024-01-04.")],
    last: Annotated[
        str | None, typer.Option("--to", help="Last as-of day; today's newest release unless given.")
    ] = None,
    every: Annotated[int, typer.Option(help="Days from one as-of day to the next.")] = 7,
    jobs: Annotated[int, typer.Option(help="Days forecast at a time; -1 takes every core.")] = 1,
    data: DataOption = "data",
    models: ModelsOption = Path("models"),
) -> None:
    """Forecast past days with only what was public on each; what is there already is kept, the newest come first."""
    done: list[Filled] = []
    with said():
        store = stored(data)
        to_day = day(last, "--to") or store.newest_release()
        days = days_of(day(first, "--from") or to_day, to_day, every)
        with progress() as bar:
            task = bar.add_task(f"as of {days[-1]:%-d %B %Y}", total=len(days))
            for filled in run_backfill(store, models, days, jobs=jobs, now=_now):
                done.append(filled)
                bar.update(task, advance=1, description=f"as of {filled.day:%-d %B %Y}")
                say(backfill_words.one(filled), "yellow" if filled.reason else None)
    say(backfill_words.all_of(done), "bold")
    if not any(one.run for one in done):
        raise typer.Exit(REFUSED)


def _now() -> pd.Timestamp:
    return pd.Timestamp.now(tz="UTC")
