"""``forecast report``: the workbook, the briefing, the slides, the exchange file and the pictures of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forecast import runs
from forecast.command.folders import ModelsOption
from forecast.command.terminal import listed, progress, run_named, said, say
from forecast.export import KINDS, export
from forecast.runs.sign_off import standing
from forecast.wording.sign_off_words import signed_words


def report(
    run: Annotated[
        str | None, typer.Option("--run", help="Name of a run: 2025-01-16-0123456789. Unless given, the latest.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("reports"),
    kind: Annotated[str, typer.Option(help="Names with commas; unless given, all of them.")] = ",".join(KINDS),
    models: ModelsOption = Path("models"),
) -> None:
    """Write what can be taken away from a run: workbook, briefing, slides, exchange file and pictures."""
    with said():
        chosen = runs.latest_run(models) if run is None else run_named(models, run)
        with progress() as bar:
            task = bar.add_task("writing", total=None)
            written = export(
                chosen,
                out,
                signed=signed_words(standing(models, chosen)),
                kinds=listed(kind) or [],
                progress=lambda name: bar.update(task, description=name),
            )
    for path in written:
        say(str(path))
    say(f"{len(written)} files of run {chosen.id}")
