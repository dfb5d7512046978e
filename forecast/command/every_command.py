"""What may stand before every command: ``--reference FOLDER``, and ``--log-json FILE`` for lines of JSON."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Annotated

import typer

from forecast.command import log
from forecast.command.folders import ReferenceOption, use_reference

_log = logging.getLogger(__name__)


def options(
    context: typer.Context,
    reference: ReferenceOption = None,
    log_json: Annotated[
        Path | None,
        typer.Option("--log-json", envvar="FORECAST_LOG", help="File to which is written what is done, as JSON lines."),
    ] = None,
) -> None:
    """Hospital discharge and winter-peak forecasts."""
    use_reference(reference)
    if log_json is not None:
        _log_to(log_json, context)


def _log_to(log_json: Path, context: typer.Context) -> None:
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
