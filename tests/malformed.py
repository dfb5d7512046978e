"""Hundreds of malformed files made from published ones, and what becomes of each when it is read.

The rule: a file is refused in one message that names it and says what to do, or every value read from it is that of
the file it was made from. Never another exception, never more than `MOST_MEMORY` or `MOST_SECONDS`.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd

from forecast.errors import InputError, NotObservations
from forecast.sources import read_file
from tests import (
    malformed_columns,
    malformed_dates,
    malformed_packages,
    malformed_rows,
    malformed_sheets,
    malformed_tables,
)
from tests.malformed_kinds import KINDS, Kind

MODULES = (malformed_columns, malformed_dates, malformed_packages, malformed_rows, malformed_sheets, malformed_tables)
MOST_MEMORY = 1_000  # MB, the process as a whole
MOST_SECONDS = 20.0  # of a core: the machine may be busy with other things
_LONGEST_WAIT = 200.0
# The process is ended by the system where it asks for more than this, so that a fault cannot take the machine.
_ADDRESS_SPACE = 8_000_000_000
# Larger originals say nothing more about faults and take longer.
_LARGEST_ORIGINAL = 400_000
TODAY = pd.Timestamp("2026-06-01")
KEY = ["date", "location", "metric"]
_REMEDY = re.compile(
    r"[;,:] .*\b(?:delete|open|save|download|correct|compare|write|give|fill|keep|remove|rename|add|leave|unhide|"
    r"change|name|expected|need|needs|must|nothing in it was used)\b"
)


@dataclass(frozen=True)
class Outcome:
    """What became of one file: refused, right, fewer (right, and not all), wrong, crashed, slow or large."""

    kind: Kind
    original: Path
    result: str
    said: str
    seconds: float
    memory: float

    @property
    def fault(self) -> bool:
        """Whether the rule is broken; values that no reader can know to be wrong are not."""
        if self.result == "wrong":
            return not self.kind.undetectable
        return self.result in ("crashed", "slow", "large") or (self.kind.keeps and self.result != "right")


def originals(folder: Path) -> list[Path]:
    """The published workbooks that are read and not too large."""
    found = []
    for path in sorted(folder.glob("*.xls*")):
        if path.stat().st_size <= _LARGEST_ORIGINAL:
            try:
                values(path)
            except NotObservations:
                continue
            found.append(path)
    return found


@cache
def values(path: Path) -> pd.Series:
    """Values of an original by date, location and metric."""
    return read_file(path).frame.set_index(KEY)["value"]


def planned(found: Sequence[Path], count: int, seed: int) -> Iterator[tuple[Kind, Path, Random]]:
    """Every kind in turn, in an order of the seed's, each time of another original.

    More than asked for, since some kinds do not fit all originals.
    """
    for cycle in range(count):
        for at, kind in enumerate(Random(f"{seed} {cycle}").sample(KINDS, len(KINDS))):
            yield kind, found[(cycle + at) % len(found)], Random(f"{seed} {kind.name} {cycle}")


def run(folder: Path, count: int = 300, seed: int = 1) -> Iterator[Outcome]:
    """Make the files and read each in another process, the next one being made meanwhile."""
    found = originals(folder)
    fitting = (
        (kind, original, made)
        for kind, original, random in planned(found, count, seed)
        if (made := kind.make(original, random)) is not None
    )
    with tempfile.TemporaryDirectory() as scratch, Reader() as reader:
        being_read: list[tuple[Kind, Path, Path]] = []
        for kind, original, made in islice(fitting, count):
            for one in being_read:
                yield _judged(*one, reader.answer())
            path = Path(scratch) / made.name
            path.write_bytes(made.content)
            reader.begin(path)
            being_read = [(kind, original, path)]
        for one in being_read:
            yield _judged(*one, reader.answer())


def _judged(kind: Kind, original: Path, path: Path, answer: dict[str, Any]) -> Outcome:
    result, said = answer["result"], answer.get("said", "")
    if answer["seconds"] > MOST_SECONDS:
        result = "slow"
    elif answer["memory"] > MOST_MEMORY:
        result = "large"
    elif result == "refused":
        if path.name not in said or not _REMEDY.search(said) or "report it" in said:
            result = "crashed"
    elif result == "read":
        result, said = _compared(answer["frame"], values(original), kind, said)
    return Outcome(kind, original, result, said.replace(f"{path.parent}/", ""), answer["seconds"], answer["memory"])


def _compared(frame: pd.DataFrame, truth: pd.Series, kind: Kind, notes: str) -> tuple[str, str]:
    read = frame.set_index(KEY)["value"]
    known = truth.reindex(read.index)
    # An organisation that nobody knows is kept apart, with a note: no known location has its values.
    kept = set(re.findall(r"unknown organisation kept: (\w+)", notes))
    for codes in re.findall(r"unknown organisations kept: ([\w, ]+);", notes):
        kept |= set(codes.split(", "))
    apart = read.index.get_level_values("location").isin(kept) & known.isna().to_numpy()
    wrong = ~(read == known) & ~apart
    if wrong.any():
        where = read.index[wrong.to_numpy()][0]
        return "wrong", f"{int(wrong.sum())} values, first {where}: {read[where]}, not {known[where]}; {notes}"
    everything = len(truth) if kind.family != "table" else min(len(truth), malformed_tables.ROWS)
    return ("right" if len(read) - int(apart.sum()) == everything else "fewer"), notes


class Reader:
    """A process that reads files, replaced when it dies."""

    def __enter__(self) -> Reader:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def read(self, path: Path) -> dict[str, Any]:
        """What reading a file gave, as ``answer`` says it."""
        self.begin(path)
        return self.answer()

    def begin(self, path: Path) -> None:
        """Let it read a file."""
        self._began = time.perf_counter()
        self._pipe.send(str(path))

    def answer(self) -> dict[str, Any]:
        """What reading gave: a frame, a refusal or another end; seconds, and the largest memory in MB."""
        try:
            if self._pipe.poll(_LONGEST_WAIT):
                answer: dict[str, Any] = self._pipe.recv()
                return answer
            said = "it did not end"
        except EOFError:
            said = "the process died"
        self._stop()
        self._start()
        return {"result": "crashed", "said": said, "seconds": time.perf_counter() - self._began, "memory": 0.0}

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def _stop(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    while True:
        path = Path(pipe.recv())
        # Largest memory from here on (Linux).
        Path("/proc/self/clear_refs").write_text("5")
        start = time.process_time()
        answer: dict[str, Any]
        try:
            reading = read_file(path, today=TODAY)
            answer = {"result": "read", "frame": reading.frame[[*KEY, "value"]], "said": "; ".join(reading.notes)}
        except (InputError, NotObservations) as error:
            answer = {"result": "refused", "said": str(error)}
        except BaseException as error:
            answer = {"result": "crashed", "said": repr(error)}
        answer["seconds"] = time.process_time() - start
        status = Path("/proc/self/status").read_text()
        answer["memory"] = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]
        pipe.send(answer)
