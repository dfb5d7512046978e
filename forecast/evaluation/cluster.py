"""The tasks of a backtest on an existing Dask cluster, by the address of its scheduler.

Through ``distributed`` itself and not through joblib's Dask backend: that one waits for ever for a task that the
scheduler has given up (joblib 1.6, a task whose worker died four times), and says nothing when the scheduler goes.

A task carries what it needs, so that a worker can be lost at any time: data laid out on the workers would go with it.
Only as many tasks are sent as keep every worker busy, so that neither this machine nor the scheduler holds a year.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from importlib import import_module
from itertools import islice
from typing import Any

from forecast.errors import InputError
from forecast.evaluation.running import Key, Work
from forecast.evaluation.tasks import Done, Task, run
from forecast.reference import reference
from forecast.runs.version import model_version

REACH_SECONDS = 10
"""How long to wait for the scheduler to answer."""
WORKERS_SECONDS = 30
"""How long to wait for its first worker."""
AHEAD = 2
"""Tasks sent for each thread of the cluster: one at work, one that waits beside it."""
_START = "start them with 'dask scheduler' and 'dask worker ADDRESS'"


@contextmanager
def cluster(address: str) -> Iterator[Work]:
    """Do tasks on the workers of a scheduler.

    Parameters
    ----------
    address
        Of the scheduler, such as ``"tcp://10.0.0.5:8786"``.

    Raises
    ------
    InputError
        ``distributed`` is not installed; the scheduler cannot be reached, has no workers or is lost; the workers have
        another version of the package, of its libraries or of the reference tables.
    """
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        raise InputError(
            f"--dask {address}: {error.name or 'distributed'} is not installed; pip install 'norfolk-forecast[dask]'"
        ) from error
    # A scheduler that answers nobody is told in one sentence below, not in tracebacks of the threads that tried.
    quiet = [logging.getLogger(name) for name in ("distributed.client", "distributed.comm.tcp")]
    before = [log.level for log in quiet]
    try:
        for log in quiet:
            log.setLevel(logging.CRITICAL)
        try:
            client = distributed.Client(address, timeout=REACH_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise InputError(
                f"--dask {address}: no scheduler answers there ({_first_line(error)}); check the address, or {_START}"
            ) from error
        with client:
            _check(client, address)
            yield lambda tasks: _done(client, address, tasks, distributed.as_completed(loop=client.loop))
    finally:
        for log, level in zip(quiet, before, strict=True):
            log.setLevel(level)


def _done(client: Any, address: str, tasks: Iterator[tuple[Key, Task]], running: Any) -> Iterator[tuple[Key, Done]]:
    keys: dict[Any, Key] = {}

    def send(many: int) -> None:
        for key, task in islice(tasks, many):
            future = client.submit(run, task, pure=False)
            keys[future.key] = key
            running.add(future)

    send(max(AHEAD * _threads(client), 1))
    for future in running:
        key = keys.pop(future.key)
        done = _outcome(future)
        if done is None:
            raise _lost(address, len(keys) + 1)
        # workers come and go, and there should be work for those that are there
        send(max(AHEAD * _threads(client) - len(keys), 0))
        yield key, done
    if next(tasks, None) is not None:
        raise _lost(address, 1)


def _threads(client: Any) -> int:
    """Return how many threads the workers have now; 0 where the scheduler does not answer."""
    try:
        return sum(client.ncores().values()) if client.status == "running" else 0
    except OSError:
        return 0


def _outcome(future: Any) -> Done | None:
    """Return what became of a task that is over; None where it was lost with the scheduler."""
    try:
        if future.status == "finished":
            done: Done = future.result()
            future.release()
            return done
        if future.status == "error":
            error = future.exception()
            return Done(None, f"{type(error).__name__}: {_first_line(error)}")
    except (OSError, CancelledError):
        pass
    return None


def _lost(address: str, unfinished: int) -> InputError:
    return InputError(
        f"--dask {address}: the scheduler was lost with {unfinished} or more tasks unfinished; start it again and run "
        "the same command: with --folder, what was finished is not done again"
    )


def _check(client: Any, address: str) -> None:
    """Make sure that there are workers, and that they would compute what this machine would."""
    try:
        client.wait_for_workers(1, timeout=WORKERS_SECONDS)
    except TimeoutError as error:
        raise InputError(f"--dask {address}: the scheduler has no workers; {_START}") from error
    mine = standing()
    for worker, told in client.run(standing, on_error="return").items():
        if isinstance(told, Exception):
            raise InputError(
                f"--dask {address}: worker {worker} cannot load the package ({_first_line(told)}); install this "
                "version of norfolk-forecast where the worker runs, and start it again"
            )
        for what, value in mine.items():
            if told.get(what) != value:
                raise InputError(
                    f"--dask {address}: worker {worker} has {what} {told.get(what)}, this machine {value}, and the "
                    "results would not be those of this machine; give both the same and start the worker again"
                )


def standing() -> dict[str, str]:
    """Return what results follow from beside the data: the code with its libraries, and the reference tables."""
    return {"code and libraries": model_version(), "reference tables": reference().digest[:12]}


def _first_line(error: BaseException | None) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
