"""``forecast --log-json FILE``: what any command does, written to a file as lines of JSON."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Annotated

import typer

from forecast.command import log

_log = logging.getLogger(__name__)


LogOption = Annotated[
    Path | None,
    typer.Option("--log-json", envvar="FORECAST_LOG", help="File to which is written what is done, as JSON lines."),
]


def log_to(context: typer.Context, log_json: Path) -> None:
    """Write what a command does to a file, until it has ended."""
    try:
        end = log.to_file(log_json)
    except OSError as error:
        raise typer.BadParameter(
            f"{log_json} cannot be written ({error.strerror or error}); name another file", param_hint="--log-json"
        ) from None
    command, start = context.invoked_subcommand, time.perf_counter()
    _log.info("%s begins", command, extra={"command": command})

    def ended() -> None:
        seconds = round(time.perf_counter() - start, 2)
        _log.info("%s has ended", command, extra={"command": command, "seconds": seconds})
        end()

    context.call_on_close(ended)
