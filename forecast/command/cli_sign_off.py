"""``forecast sign-off``: record that a named person answers for a run's figures, or no longer does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from forecast.command.folders import ModelsOption
from forecast.command.terminal import err, run_named, said, say
from forecast.runs import latest_run
from forecast.runs.sign_off import sign_off, standing
from forecast.wording.sign_off_words import recorded, signed_words


def sign_off_run(
    name: Annotated[str, typer.Option("--name", help="Who answers for the figures.")],
    comment: Annotated[str, typer.Option("--comment", help="What that person has looked at.")] = "",
    run_id: Annotated[str | None, typer.Option("--run", help="Name of the run; the one that is served.")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take back what was signed off.")] = False,
    models: ModelsOption = Path("models"),
) -> None:
    """Record beside a run that a named person signs it off; nothing recorded is ever changed."""
    with said():
        run = latest_run(models) if run_id is None else run_named(models, run_id)
        at = pd.Timestamp.now()
        entry = sign_off(models, run, name=name, comment=comment, at=at, withdrawn=withdraw)
        now = standing(models, run)
    say(recorded(entry))
    say(signed_words(now))
    for problem in now.problems:
        say(problem, "yellow", err)
