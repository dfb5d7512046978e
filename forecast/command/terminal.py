"""What the commands say in a terminal: lines, tables, progress, and errors as a message and an exit code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from forecast import runs
from forecast.addresses import without_secrets
from forecast.errors import ForecastError, InputError, NotObservations, Refused, RunError
from forecast.evaluation import report
from forecast.incoming import news
from forecast.incoming.bringing import Brought
from forecast.incoming.fetch import NOTED
from forecast.incoming.ingest import Ingested
from forecast.observations.store import Store
from forecast.reference import reference

REFUSED, UNREADABLE = 1, 2
out = Console()
err = Console(stderr=True)


def say_ingested(results: Sequence[Ingested], brief: bool = False) -> bool:
    """Say what became of each file, ``brief``: each note once; whether one could not be read, or there was none."""
    failed = [result for result in results if result.error]
    skipped = [result for result in results if result.skipped]
    for result in results:
        if result.added is not None:
            say(f"{result.path.name}: {result.added} ({result.publication})")
            for note in () if brief else result.notes:
                say(f"    {note}", "dim")
    for line in news.notes_once(results) if brief else ():
        say(f"    {line}", "dim")
    for result in skipped:
        say(f"skipped: {result.skipped}")
    for result in failed:
        say(f"not read: {result.error}", "red", err)
    read = len(results) - len(failed) - len(skipped)
    say(f"{read} read, {len(skipped)} skipped, {len(failed)} could not be read")
    return bool(failed) or not (read or skipped)


def say_brought(brought: Brought, archived_only: bool = False) -> None:
    """Say what a fetch brought, and what went wrong."""
    for line in news.by_publication(brought.fetched):
        say(line)
    for event in brought.fetched:
        if event.state == NOTED:
            say(f"    {event.message}", "dim")
    if brought.ingested:
        say_ingested(brought.ingested, brief=True)
    if brought.ingested or not (brought.nothing or archived_only):
        for line in news.whats_new(brought.before, brought.after, brought.ingested):
            say(line, "bold")
    for problem in brought.problems:
        say(problem, "yellow", err)
    for problem in news.problems(brought.fetched):
        say(f"not fetched: {problem}", "red", err)
    if brought.offline:
        say(brought.offline, "yellow", err)


def say_store(store: Store) -> None:
    """Show the metrics a weekly run forecasts, as stored."""
    known = store.metrics()
    kind = "simulated twin" if store.simulated else "published data"
    table = Table(
        title=f"{without_secrets(str(store.folder))} ({kind}): {len(known)} metrics, {known['rows'].sum():,} rows"
    )
    for column in ("metric", "locations", "first", "last", "released", "rows"):
        table.add_column(column, justify="right" if column in {"locations", "rows"} else "left")
    wanted = {part for m in reference().forecast_metrics() for part in (m.name, *m.derived_from)}
    for row in known[known["metric"].isin(wanted)].to_dict("records"):
        days = (f"{row[column]:%Y-%m-%d}" for column in ("first", "last", "released"))
        table.add_row(str(row["metric"]), str(row["locations"]), *days, f"{row['rows']:,}")
    out.print(table)


def say_run(run: runs.Run) -> None:
    """Say what a run forecasts, and what it cannot say."""
    tables = reference()
    if run.simulated:
        say("SIMULATED: these figures describe no real hospital", "bold")
    say(f"run {run.id}, as of {run.as_of:%-d %B %Y}")
    for metric in run.metrics:
        known = tables.metric(metric)
        say(f"  {known.label if known else metric}: data to {run.last_observed(metric):%-d %B %Y}")
        for code, reason in run.cannot_say(metric).items():
            say(f"    {tables.label(code)}: cannot say, {reason}", "yellow")
    for metric, reason in run.skipped.items():
        say(f"  not forecast: {metric} ({reason})", "dim")


def say_backtest(backtest: pd.DataFrame) -> None:
    """Show how good past forecasts were, what they took and what failed."""
    out.print(report.table(backtest, reference()))
    for line in report.remarks(backtest):
        say(line, "dim")


def say(text: str, style: str | None = None, where: Console = out) -> None:
    """Print a line as it is: no markup in file names, no control characters, no wrapping when piped."""
    plain = "".join(
        character if character.isprintable() or character == "\n" else "?" for character in without_secrets(text)
    )
    where.print(plain, style=style, markup=False, highlight=False, soft_wrap=True)


def day(text: str | None, option: str = "--as-of") -> pd.Timestamp | None:
    """Day that an option names."""
    if text is None:
        return None
    try:
        return pd.Timestamp(dt.datetime.strptime(text, "%Y-%m-%d"))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date; write 2024-12-31", param_hint=option) from None


def listed(text: str | None) -> list[str] | None:
    """Names that an option gives with commas between."""
    return None if text is None else [name.strip() for name in text.split(",") if name.strip()]


@contextmanager
def said() -> Iterator[None]:
    """Turn an error of this package into its message and exit code."""
    try:
        yield
    except Refused as error:
        say(f"refused: {error}", "yellow", err)
        raise typer.Exit(REFUSED) from None
    except (ForecastError, NotObservations) as error:
        say(f"{error}", "red", err)
        raise typer.Exit(UNREADABLE) from None


def progress() -> Progress:
    """Bar of a long piece of work; gone when it is done."""
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err, transient=True)


def run_named(models: Path, name: str) -> runs.Run:
    """Open a run by its name.

    Raises
    ------
    InputError, RunError
        The name is none, or there is no run of that name.
    """
    if not name or Path(name).name != name:
        raise InputError(f"--run: {name!r} is no name of a run; give that of a folder in {models}")
    if not (models / name).is_dir():
        there = sorted(path.parent.name for path in models.glob("*/manifest.json"))
        raise RunError(f"{models}: there is no run {name!r}; it holds {', '.join(there) or 'none'}")
    return runs.open_run(models / name)
