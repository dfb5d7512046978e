"""``forecast``: fetch, ingest, demo, refit, status, heal and app.

Exit code 0: done. 1: ran but refused to publish, and says why. 2: wrong usage or unreadable input.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from forecast import news, runs
from forecast.archive import Archive
from forecast.errors import ForecastError, NotObservations, Refused, RunError
from forecast.fetch import FAILED, NOTED, chosen, fetch_all, ingest_pending
from forecast.ingest import Ingested, ingest_files
from forecast.observations.remote import below
from forecast.observations.store import Store
from forecast.reference import reference
from forecast.refit import refit as run_refit
from forecast.sources import find_files
from forecast.sources.twin import simulate, truth_to_json
from forecast.sources.web import Web

TWIN = "twin"
REFUSED, UNREADABLE = 1, 2

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Hospital discharge and winter-peak forecasts.")
out = Console()
err = Console(stderr=True)

DataOption = Annotated[
    str, typer.Option("--data", envvar="FORECAST_DATA", help="Folder of observations, or a URL: s3://bucket/prefix.")
]
ModelsOption = Annotated[Path, typer.Option("--models", envvar="FORECAST_MODELS", help="Folder of runs.")]
SeedOption = Annotated[int, typer.Option(help="Seed of the simulation.")]


def main() -> None:
    """Entry point of the command."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    app()


@app.command()
def fetch(
    publication: Annotated[
        list[str] | None, typer.Option("--publication", help="Only this publication; may be given again.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="Leave out files published before the month of this day.")
    ] = None,
    data: DataOption = "data",
    no_ingest: Annotated[bool, typer.Option("--no-ingest", help="Only archive the files.")] = False,
) -> None:
    """Fetch what NHS England and UKHSA have published, and store what is new."""
    results: list[Ingested] = []
    with _said():
        pages, day = chosen(publication or []), _day(since, "--since")
        store, archive = Store(data), Archive(_raw(data))
        before = news.stored_to(store, reference())
        with archive.locked(), _progress() as bar:
            task = bar.add_task("looking for publications", total=None)
            with Web() as web:
                fetched = []
                for event in fetch_all(archive, pages, web, since=day.date() if day else None):
                    fetched.append(event)
                    bar.update(task, description=event.label[:50], completed=event.done, total=event.of or None)
            if not no_ingest:
                many, ingested = ingest_pending(store, archive, publication or [], pd.Timestamp(dt.date.today()))
                bar.update(task, description="reading", completed=0, total=many or 1)
                for result in ingested:
                    results.append(result)
                    bar.update(task, advance=1, description=result.path.name[:50])
        after = news.stored_to(store, reference())
        offline = news.no_connection(fetched, news.newest_day(store))
    for line in news.by_publication(fetched):
        _say(line)
    for event in fetched:
        if event.state == NOTED:
            _say(f"    {event.message}", "dim")
    if results:
        _say_ingested(results, brief=True)
    nothing = bool(fetched) and all(event.state == FAILED for event in fetched)
    if results or not (nothing or no_ingest):
        for line in news.whats_new(before, after, results):
            _say(line, "bold")
    for problem in archive.problems:
        _say(problem, "yellow", err)
    for problem in news.problems(fetched):
        _say(f"not fetched: {problem}", "red", err)
    if offline:
        _say(offline, "yellow", err)
    if nothing and (store.empty or not offline):
        raise typer.Exit(UNREADABLE)


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders of published data.")],
    data: DataOption = "data",
) -> None:
    """Read published files into the store: workbooks, CSV, Parquet; folders are searched."""
    with _said():
        store = Store(data)
        files = find_files(paths)
        with _progress() as bar:
            task = bar.add_task("reading", total=len(files))
            results = []
            for result in ingest_files(store, files, today=pd.Timestamp(dt.date.today())):
                results.append(result)
                bar.update(task, advance=1, description=result.path.name[:50])
    if _say_ingested(results):
        raise typer.Exit(UNREADABLE)


@app.command()
def demo(data: DataOption = "data", seed: SeedOption = 1) -> None:
    """Write a simulated England into its own store, to try everything without any data."""
    with _said():
        twin = simulate(seed=seed)
        store = Store(below(data, TWIN))
        added = store.add(twin.observations)
        if isinstance(store.folder, Path):
            (store.folder / "truth.json").write_text(truth_to_json(twin), encoding="utf-8")
    _say(f"simulated England written to {store.folder}: {added}")
    _say("These figures are simulated. They describe no real hospital.", "bold")


@app.command()
def refit(
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Use only what was public on this day (2024-12-31).")
    ] = None,
    data: DataOption = "data",
    models: ModelsOption = Path("models"),
) -> None:
    """Forecast every fresh metric and publish a run; what has been ingested, else the simulated twin."""
    with _said():
        store = _store(data)
        day = _day(as_of)
        with _progress() as bar:
            task = bar.add_task("forecasting", total=None)
            run = run_refit(
                store,
                models,
                day,
                progress=lambda label, done, total: bar.update(task, description=label, completed=done, total=total),
            )
    _say_run(run)


@app.command()
def status(data: DataOption = "data", models: ModelsOption = Path("models")) -> None:
    """Show what is stored and which run is served."""
    with _said():
        for folder in (data, below(data, TWIN)):
            store = Store(folder)
            if not store.empty:
                _say_store(store)
        _say_run(runs.latest_run(models))


@app.command()
def heal(data: DataOption = "data") -> None:
    """Set damaged files of the store aside, so that the rest can be read, and name what to ingest again."""
    with _said():
        found = [damage for place in (data, below(data, TWIN)) for damage in Store(place).heal()]
    for damage in found:
        _say(str(damage), "yellow")
    _say("everything else can be read; now ingest those files again" if found else "nothing is damaged")


@app.command(name="app")
def serve(
    data: DataOption = "data",
    models: ModelsOption = Path("models"),
    port: Annotated[int, typer.Option(help="Port of the web page.")] = 8501,
    address: Annotated[str, typer.Option(help="0.0.0.0 lets others on the network see it.")] = "127.0.0.1",
    prepare_only: Annotated[bool, typer.Option("--prepare-only", help="Make the run but do not serve it.")] = False,
) -> None:
    """Serve the app: make the simulated twin and a run first where there are none."""
    with _said():
        if Store(data).empty:
            _say(
                "No published figures are stored: showing a simulated England. 'make data' brings the real ones.",
                "bold",
            )
            if Store(below(data, TWIN)).empty:
                demo(data=data)
        if not _current(data, models):
            refit(as_of=None, data=data, models=models)
    if not prepare_only:
        raise typer.Exit(_streamlit(data, models, address, port))


def _streamlit(data: str, models: Path, address: str, port: int) -> int:
    page = Path(__file__).resolve().parent.parent / "app.py"
    environment = {
        **os.environ,
        "FORECAST_DATA": data if "://" in data else str(Path(data).resolve()),
        "FORECAST_MODELS": str(models.resolve()),
    }
    where = ["--server.address", address, "--server.port", str(port)]
    command = [sys.executable, "-m", "streamlit", "run", str(page), *where]
    return subprocess.call(command, env=environment, cwd=page.parent)


def _current(data: str, models: Path) -> bool:
    """Whether there is a run, and it is of real data if real data have been ingested."""
    try:
        run = runs.latest_run(models)
    except RunError:
        return False
    return run.simulated == _store(data).simulated


def _store(data: str) -> Store:
    """Return the store of what has been ingested, else that of the twin."""
    real = Store(data)
    return Store(below(data, TWIN)) if real.empty else real


def _raw(data: str) -> Path:
    """Folder of what is fetched: beside the observations, in ``data`` of this machine where those are elsewhere."""
    return Path("data" if "://" in data else data) / "raw"


def _say_ingested(results: Sequence[Ingested], brief: bool = False) -> bool:
    """Say what became of each file, ``brief``: each note once; whether one could not be read, or there was none."""
    failed = [result for result in results if result.error]
    skipped = [result for result in results if result.skipped]
    for result in results:
        if result.added is not None:
            _say(f"{result.path.name}: {result.added} ({result.publication})")
            for note in () if brief else result.notes:
                _say(f"    {note}", "dim")
    for line in news.notes_once(results) if brief else ():
        _say(f"    {line}", "dim")
    for result in skipped:
        _say(f"skipped: {result.skipped}")
    for result in failed:
        _say(f"not read: {result.error}", "red", err)
    read = len(results) - len(failed) - len(skipped)
    _say(f"{read} read, {len(skipped)} skipped, {len(failed)} could not be read")
    return bool(failed) or not (read or skipped)


def _say_store(store: Store) -> None:
    known = store.metrics()
    kind = "simulated twin" if store.simulated else "published data"
    table = Table(title=f"{store.folder} ({kind}): {len(known)} metrics, {known['rows'].sum():,} rows")
    for column in ("metric", "locations", "first", "last", "released", "rows"):
        table.add_column(column, justify="right" if column in {"locations", "rows"} else "left")
    wanted = {part for m in reference().forecast_metrics() for part in (m.name, *m.derived_from)}
    for row in known[known["metric"].isin(wanted)].to_dict("records"):
        days = (f"{row[column]:%Y-%m-%d}" for column in ("first", "last", "released"))
        table.add_row(str(row["metric"]), str(row["locations"]), *days, f"{row['rows']:,}")
    out.print(table)


def _say_run(run: runs.Run) -> None:
    tables = reference()
    if run.simulated:
        _say("SIMULATED: these figures describe no real hospital", "bold")
    _say(f"run {run.id}, as of {run.as_of:%-d %B %Y}")
    for metric in run.metrics:
        known = tables.metric(metric)
        _say(f"  {known.label if known else metric}: data to {run.last_observed(metric):%-d %B %Y}")
        for code, reason in run.cannot_say(metric).items():
            _say(f"    {tables.label(code)}: cannot say, {reason}", "yellow")
    for metric, reason in run.skipped.items():
        _say(f"  not forecast: {metric} ({reason})", "dim")


def _say(text: str, style: str | None = None, where: Console = out) -> None:
    """Print a line as it is: no markup in file names, no control characters, no wrapping when piped."""
    plain = "".join(character if character.isprintable() or character == "\n" else "?" for character in text)
    where.print(plain, style=style, markup=False, highlight=False, soft_wrap=True)


def _day(text: str | None, option: str = "--as-of") -> pd.Timestamp | None:
    if text is None:
        return None
    try:
        return pd.Timestamp(dt.datetime.strptime(text, "%Y-%m-%d"))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date; write 2024-12-31", param_hint=option) from None


@contextmanager
def _said() -> Iterator[None]:
    """Turn an error of this package into its message and exit code."""
    try:
        yield
    except Refused as error:
        _say(f"refused: {error}", "yellow", err)
        raise typer.Exit(REFUSED) from None
    except (ForecastError, NotObservations) as error:
        _say(f"{error}", "red", err)
        raise typer.Exit(UNREADABLE) from None


def _progress() -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err, transient=True)
