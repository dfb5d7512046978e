"""``forecast backtest``: what would have been forecast on past days, and how good it was."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forecast.command.folders import DataOption
from forecast.command.terminal import day, listed, progress, said, say, say_backtest
from forecast.errors import InputError
from forecast.evaluation.report import outputs, write
from forecast.evaluation.stored import Asked, every_plan, plans_of, run_stored
from forecast.observations.twin_beside import stored


def backtest(
    metrics: Annotated[list[str] | None, typer.Argument(help="What to forecast: nctr_patients.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every metric of the weekly run that is stored.")] = False,
    first: Annotated[
        str | None, typer.Option("--from", help="First origin; a year before the last unless given.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", help="Last origin; unless given, the last that was observed in full.")
    ] = None,
    every: Annotated[int, typer.Option(help="Days from one origin to the next.")] = 7,
    horizon: Annotated[int, typer.Option(help="Days ahead; weeks of a weekly metric.")] = 28,
    as_known: Annotated[
        bool,
        typer.Option("--as-known/--published", help="What was public at each origin, or values as published."),
    ] = False,
    zeros_missing: Annotated[
        bool, typer.Option("--zeros-missing", help="A zero is no outcome: the hospital sent nothing.")
    ] = False,
    models: Annotated[
        str, typer.Option("--forecasters", help="Names with commas: default,SeasonalNaive. The baseline is added.")
    ] = "default",
    locations: Annotated[
        str | None,
        typer.Option(help="Codes with commas, or all: every trust. Unless given, the county and its hospitals."),
    ] = None,
    samples: Annotated[int, typer.Option(help="Sample paths.")] = 1000,
    jobs: Annotated[int, typer.Option(help="Processes; -1 takes every core.")] = 1,
    dask: Annotated[
        str | None, typer.Option(help="Scheduler of a Dask cluster that does the work: tcp://10.0.0.5:8786.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Keep finished tasks here; a rerun goes on where this one stopped.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write every forecast to this .parquet or .csv file; of several metrics, one file each."),
    ] = None,
    data: DataOption = "data",
) -> None:
    """Repeat past forecasts and say how good they were, against "no change" and against what happened."""
    with said():
        asked = Asked(
            first=day(first, "--from"),
            last=day(last, "--to"),
            every=every,
            horizon=horizon,
            as_known=as_known,
            models=listed(models) or [],
            locations=listed(locations),
            zeros_missing=zeros_missing,
            samples=samples,
            jobs=jobs,
            dask=dask,
            folder=folder,
        )
        if everything == bool(metrics):
            raise InputError("name the metrics to forecast, such as nctr_patients, or give --all, and not both")
        store = stored(data)
        plans, cannot = every_plan(store, asked) if everything else (plans_of(store, metrics or [], asked), {})
        for name, reason in cannot.items():
            say(f"left out: {name} ({reason})", "yellow")
        files = outputs(out, list(plans)) if out is not None else {}
        with progress() as bar:
            task = bar.add_task("reading", total=None)
            for name, made in run_stored(
                plans,
                asked,
                progress=lambda label, done, total: bar.update(task, description=label, completed=done, total=total),
            ):
                if out is not None:
                    write(made, files[name])
                say_backtest(made)
