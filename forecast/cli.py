"""``forecast``: fetch, ingest, demo, refit, backtest, report, status, heal and app.

Exit code 0: done. 1: ran but refused to publish, and says why. 2: wrong usage or unreadable input.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from forecast import runs
from forecast.command.cli_backfill import backfill
from forecast.command.cli_backtest import backtest
from forecast.command.cli_doctor import doctor
from forecast.command.cli_refit import refit
from forecast.command.cli_report import report
from forecast.command.cli_sign_off import sign_off_run
from forecast.command.cli_status import status
from forecast.command.every_command import options
from forecast.command.folders import DataOption, ModelsOption, raw
from forecast.command.log import NoSecrets
from forecast.command.terminal import (
    UNREADABLE,
    day,
    progress,
    said,
    say,
    say_brought,
    say_ingested,
)
from forecast.errors import RunError
from forecast.incoming.archive import Archive
from forecast.incoming.bringing import bring
from forecast.incoming.ingest import ingest_files
from forecast.observations.remote import below
from forecast.observations.store import Store
from forecast.observations.twin_beside import TWIN, stored
from forecast.sources import find_files
from forecast.sources.twin import simulate, truth_to_json

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Hospital discharge and winter-peak forecasts.")
app.callback()(options)

SeedOption = Annotated[int, typer.Option(help="Seed of the simulation.")]


def main() -> None:
    """Entry point of the command."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(NoSecrets())
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
    with said():
        first = day(since, "--since")
        with progress() as bar:
            task = bar.add_task("", total=None)
            brought = bring(
                Store(data),
                Archive(raw(data)),
                pd.Timestamp(dt.date.today()),
                publications=publication or [],
                since=first.date() if first else None,
                ingest=not no_ingest,
                tell=lambda label, done, of: bar.update(task, description=label[:50], completed=done, total=of or None),
            )
    say_brought(brought, archived_only=no_ingest)
    if brought.unreadable or (brought.nothing and (Store(data).empty or not brought.offline)):
        raise typer.Exit(UNREADABLE)


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders of published data.")],
    data: DataOption = "data",
) -> None:
    """Read published files into the store: workbooks, CSV, Parquet; folders are searched."""
    with said():
        store = Store(data)
        files = find_files(paths)
        with progress() as bar:
            task = bar.add_task("reading", total=len(files))
            results = []
            for result in ingest_files(store, files, today=pd.Timestamp(dt.date.today())):
                results.append(result)
                bar.update(task, advance=1, description=result.path.name[:50])
    if say_ingested(results):
        raise typer.Exit(UNREADABLE)


@app.command()
def demo(data: DataOption = "data", seed: SeedOption = 1) -> None:
    """Write a simulated England into its own store, to try everything without any data."""
    with said():
        twin = simulate(seed=seed)
        store = Store(below(data, TWIN))
        added = store.add(twin.observations)
        if isinstance(store.folder, Path):
            (store.folder / "truth.json").write_text(truth_to_json(twin), encoding="utf-8")
    say(f"simulated England written to {store.folder}: {added}")
    say("These figures are simulated. They describe no real hospital.", "bold")


app.command()(refit)
app.command()(backtest)
app.command()(doctor)
app.command()(backfill)
app.command()(report)
app.command(name="sign-off")(sign_off_run)
app.command()(status)


@app.command()
def heal(data: DataOption = "data") -> None:
    """Set damaged files of the store aside, so that the rest can be read, and name what to ingest again."""
    with said():
        found = [damage for place in (data, below(data, TWIN)) for damage in Store(place).heal()]
    for damage in found:
        say(str(damage), "yellow")
    say("everything else can be read; now ingest those files again" if found else "nothing is damaged")


@app.command(name="app")
def serve(
    data: DataOption = "data",
    models: ModelsOption = Path("models"),
    port: Annotated[int, typer.Option(help="Port of the web page.")] = 8501,
    address: Annotated[str, typer.Option(help="0.0.0.0 lets others on the network see it.")] = "127.0.0.1",
    prepare_only: Annotated[bool, typer.Option("--prepare-only", help="Make the run but do not serve it.")] = False,
) -> None:
    """Serve the app: make the simulated twin and a run first where there are none."""
    with said():
        if Store(data).empty:
            say(
                "No published figures are stored: showing a simulated England. 'make data' brings the real ones.",
                "bold",
            )
            if Store(below(data, TWIN)).empty:
                demo(data=data)
        if not _current(data, models):
            refit(data=data, models=models)
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
    """Whether there is a run, made when all that is stored now was stored already."""
    try:
        found = runs.served(models)
    except RunError:
        return False
    run = found.run
    store = stored(data)
    known = {vintage["hash"] for vintage in run.manifest["vintages"]}
    return (
        not found.problem
        # What a backfill made is lighter than a run to be shown.
        and run.made != runs.BACKFILL
        and run.simulated == store.simulated
        and known >= {vintage.digest for vintage in store.vintages()}
    )
