"""What became of every attempt of the weekly job: a line each in ``models/journal.jsonl``, never changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock

from forecast.addresses import all_without_secrets
from forecast.errors import RunError, StoreError
from forecast.runs.place import lines_of, place, writer_of

JOURNAL, LOCK = "journal.jsonl", ".journal.lock"
_WAIT_SECONDS = 10.0
PUBLISHED, REFUSED, FAILED, UNCHANGED = OUTCOMES = ("published", "refused", "failed", "unchanged")
DONE, LEFT_OUT = "done", "left out"


@dataclass(frozen=True)
class Step:
    """One step of an attempt.

    Parameters
    ----------
    step
        Its name: fetch, ingest, check, forecast, score, decide, publish, report; before them mend, where something in
        the store was damaged.
    seconds
        What it took.
    outcome
        ``done``, ``left out``, ``refused`` or ``failed``.
    detail
        What it did, or why not, in words.
    """

    step: str
    seconds: float
    outcome: str = DONE
    detail: str = ""


@dataclass(frozen=True)
class Attempt:
    """One attempt to make a run and publish it.

    Parameters
    ----------
    started, finished
        In UTC, ISO 8601.
    kind
        ``"weekly"``: the scheduled job. A refit by hand is watched by a person and writes no line.
    outcome
        ``published``; ``refused``: the gate, or another refit was at work; ``failed``: something could not be read or
        written; ``unchanged``: nothing is new since the run that is served.
    run
        Name of the run that was made; empty where none was.
    as_of
        Its as-of day; empty where it did not come that far.
    reasons
        Why it was refused or failed, in words; of one that was forced, what spoke against it.
    forced
        Why a person had it published all the same; empty where nobody did.
    steps
        In their order.
    """

    started: str
    finished: str
    kind: str
    outcome: str
    run: str = ""
    as_of: str = ""
    reasons: Sequence[str] = ()
    forced: str = ""
    steps: Sequence[Step] = field(default_factory=tuple)

    @property
    def published(self) -> bool:
        """Whether what is served afterwards is what is known now."""
        return self.outcome in {PUBLISHED, UNCHANGED}


def add(models: str | Path, attempt: Attempt) -> None:
    """Append an attempt to the journal of a folder of runs.

    Raises
    ------
    RunError
        The folder cannot be written.
    """
    path = place(models) / JOURNAL
    try:
        line = json.dumps(all_without_secrets(asdict(attempt))).encode()
        writer_of(path.parent).append(path, line, path.parent / LOCK)
    except (OSError, StoreError) as error:
        why = getattr(error, "strerror", None) or error
        raise RunError(
            f"{path}: cannot be written ({why}); free some space or give the folder write "
            "permission; the runs are untouched"
        ) from error


@contextmanager
def locked(models: Path) -> Iterator[None]:
    """Keep others from adding to the journal of a folder of runs meanwhile."""
    with FileLock(models / LOCK, timeout=_WAIT_SECONDS):
        yield


def attempts(models: str | Path) -> list[Attempt]:
    """Every attempt of a folder of runs, oldest first; lines that cannot be read are left out.

    Raises
    ------
    RunError
        The journal cannot be opened.
    """
    path = place(models) / JOURNAL
    try:
        content = lines_of(path).decode("utf-8", errors="replace")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunError(f"{path}: cannot be read ({error.strerror or error}); give it read permission") from error
    return list(_read(content))


def last_attempt(models: str | Path) -> Attempt | None:
    """Return the newest attempt; None where there has been none."""
    return next(reversed(attempts(models)), None)


def attempt_of(line: str) -> Attempt | None:
    """Return the attempt that a line of the journal tells of; None where it cannot be read."""
    try:
        return _attempt(json.loads(line))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _read(content: str) -> Iterator[Attempt]:
    return (attempt for line in content.split("\n") if (attempt := attempt_of(line)))


def _attempt(told: Mapping[str, Any]) -> Attempt:
    words = {key: str(told[key]) for key in ("started", "finished", "kind", "outcome")}
    if words["outcome"] not in OUTCOMES:
        raise ValueError(words["outcome"])
    words |= {key: str(told.get(key, "")) for key in ("run", "as_of", "forced")}
    steps = tuple(
        Step(str(one["step"]), float(one["seconds"]), str(one["outcome"]), str(one["detail"]))
        for one in told.get("steps", ())
    )
    return Attempt(**words, reasons=tuple(map(str, told.get("reasons", ()))), steps=steps)
