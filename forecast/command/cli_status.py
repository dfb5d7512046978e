"""``forecast status``: how everything stands, for a person or for a machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from forecast import runs
from forecast.command.folders import DataOption, ModelsOption
from forecast.command.terminal import said, say, say_run, say_store
from forecast.observations.remote import below
from forecast.observations.store import Store
from forecast.observations.twin_beside import TWIN, stored
from forecast.watching.status import OK
from forecast.watching.status import status as status_of
from forecast.wording import drift_words, status_words


def status(
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object, with keys that stay; the state is in it, not in the code.")
    ] = False,
    data: DataOption = "data",
    models: ModelsOption = Path("models"),
) -> None:
    """Show what is stored, which run is served, how its forecasts have done, and what needs to be looked at."""
    with said():
        if as_json:
            found = status_of(stored(data), models, pd.Timestamp.now(tz="UTC"))
            typer.echo(json.dumps(found.as_json(), indent=1))
            return
        for folder in (data, below(data, TWIN)):
            store = Store(folder)
            if not store.empty:
                say_store(store)
        say_run(runs.served(models).run)
        found = status_of(stored(data), models, pd.Timestamp.now(tz="UTC"))
    if found.attempt is not None:
        say(status_words.attempted(found.attempt))
    for line in (*status_words.ages(found.data), *drift_words.by_measure(found.record)):
        say(line)
    say(drift_words.overall(found.record))
    say(f"{status_words.STATES[found.state]}.", "bold")
    for reason in found.reasons:
        say(f"  {reason}", "yellow")
    if found.state == OK:
        say("  Nothing speaks against these forecasts.", "dim")
