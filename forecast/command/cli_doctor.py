"""``forecast doctor``: what is wrong with the store, the runs and what was fetched, and setting it right."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forecast.command.folders import DataOption, ModelsOption, raw
from forecast.command.terminal import REFUSED, progress, said, say
from forecast.doctor.counted import counted
from forecast.doctor.examining import examine
from forecast.observations.remote import below
from forecast.observations.store import Store
from forecast.observations.twin_beside import TWIN
from forecast.wording import doctor_words


def doctor(
    check: Annotated[bool, typer.Option("--check", help="Only look: nothing is changed.")] = False,
    data: DataOption = "data",
    models: ModelsOption = Path("models"),
) -> None:
    """Check everything that is kept against its hashes, and set right what is damaged; nothing is ever deleted.

    Exit code 0: all is well, or was set right. 1: something is wrong that was only looked at, or is left for a person.
    """
    with said():
        stores = [Store(place) for place in (data, below(data, TWIN))]
        with progress() as bar:
            task = bar.add_task("looking", total=None)
            found = examine(
                stores,
                models,
                raw(data),
                mend=not check,
                progress=lambda what: bar.update(task, description=what),
            )
        there = counted(stores, models, raw(data))
    for finding in found:
        say(str(finding), "yellow" if finding.did else "red")
    say(doctor_words.closing(found, there, check=check), "bold")
    if any(not finding.did for finding in found):
        raise typer.Exit(REFUSED)
