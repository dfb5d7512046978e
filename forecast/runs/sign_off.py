"""Who answers for a run: sign-offs and withdrawals, one line each in a file beside the runs.

``models/sign_offs/<run id>.jsonl`` is only ever added to. A line holds the hash of the run's manifest: another run of
the same name is not signed off by it. The newest line decides: a withdrawal takes back every sign-off before it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import Timeout

from forecast.errors import InputError, RunError, StoreError
from forecast.runs.pieces import digest_of
from forecast.runs.place import lines_of, place, writer_of
from forecast.runs.run import Run

FOLDER, SIGNED, WITHDRAWN = "sign_offs", "signed off", "withdrawn"
LONGEST = {"name": 100, "comment": 1000, "by": 254}
"""Characters; 254 are the longest e-mail address."""
LONGEST_LINE = 20_000
_KNOWN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Characters that do not show, or that turn the text beside them round."""


@dataclass(frozen=True)
class SignOff:
    """One line: somebody answers for a run, or no longer does.

    Parameters
    ----------
    kind
        ``SIGNED`` or ``WITHDRAWN``.
    run, manifest
        Name of the run, and the hash of its manifest.
    name, comment
        As the person gave them; with sign-in the name is the provider's.
    at
        When, in the time of the machine that recorded it.
    by
        E-mail address of the person who was signed in; empty without sign-in.
    """

    kind: str
    run: str
    manifest: str
    name: str
    comment: str
    at: pd.Timestamp
    by: str = ""


@dataclass(frozen=True)
class SignOffs:
    """What is recorded of a run, in the order of recording, and what of it could not be read, in words."""

    entries: tuple[SignOff, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """What holds now.

    Parameters
    ----------
    signed
        Sign-offs that hold, the newest of each person.
    withdrawn
        The withdrawal that holds where there is one.
    other
        The newest sign-off of another run of the same name; it does not count.
    problems
        What could not be read.
    """

    signed: tuple[SignOff, ...] = ()
    withdrawn: SignOff | None = None
    other: SignOff | None = None
    problems: tuple[str, ...] = ()


def sign_off(
    models: str | Path, run: Run, *, name: str, comment: str, at: pd.Timestamp, by: str = "", withdrawn: bool = False
) -> SignOff:
    """Record beside a run that somebody answers for its figures, or no longer does.

    Parameters
    ----------
    models
        Folder of runs.
    name, comment, at, by
        See ``SignOff``; the comment may be empty.
    withdrawn
        Take back what was signed off.

    Raises
    ------
    InputError
        A text is empty, too long, or holds characters that do not show.
    RunError
        The file cannot be written; nothing is recorded.
    """
    texts = {"name": name, "comment": comment, "by": by}
    checked = {what: _text(what, text) for what, text in texts.items()}
    if not any(character.isalpha() for character in checked["name"]):
        raise InputError(f"sign-off: the name is {checked['name']!r}; give the name of the person who signs off")
    kind = WITHDRAWN if withdrawn else SIGNED
    day = pd.Timestamp(at).floor("s")
    entry = SignOff(kind, run.id, manifest_hash(run), checked["name"], checked["comment"], day, checked["by"])
    line = json.dumps({**asdict(entry), "at": day.isoformat()}, ensure_ascii=False)
    _append(_file(models, run.id), line.encode("utf-8"))
    return entry


def sign_offs(models: str | Path, run_id: str) -> SignOffs:
    """Return what is recorded of a run; a damaged line is put aside with a message, and the others are used."""
    path = _file(models, run_id)
    try:
        lines = lines_of(path).split(b"\n")
    except FileNotFoundError:
        return SignOffs()
    except OSError as error:
        return SignOffs(problems=(f"{path.name}: the sign-offs cannot be read ({error.strerror or error})",))
    entries, problems = [], []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                entries.append(_entry(line, run_id))
            except (ValueError, KeyError, TypeError, RecursionError):
                problems.append(
                    f"{path.name}, line {number}: is damaged and does not count; the other lines do. Sign off again if "
                    "it is missing"
                )
    return SignOffs(tuple(entries), tuple(problems))


def standing(models: str | Path, run: Run) -> Standing:
    """Return which sign-offs of a run hold now."""
    found = sign_offs(models, run.id)
    own = manifest_hash(run)
    signed: dict[str, SignOff] = {}
    withdrawn = other = None
    for entry in found.entries:
        if entry.manifest != own:
            other = entry if entry.kind == SIGNED else other
        elif entry.kind == WITHDRAWN:
            # Nobody is left to answer for figures that one approver no longer trusts.
            withdrawn, signed = entry, {}
        else:
            person = (entry.by or entry.name).casefold()
            signed.pop(person, None)
            withdrawn, signed[person] = None, entry
    return Standing(tuple(signed.values()), withdrawn, other, found.problems)


def manifest_hash(run: Run) -> str:
    """Return the hash of a run's manifest, which holds those of all its files.

    Raises
    ------
    RunError
        The manifest cannot be read.
    """
    try:
        return digest_of(run.path / "manifest.json")
    except OSError as error:
        raise RunError(f"run {run.id}: its manifest cannot be read ({error.strerror or error})") from error


def _file(models: str | Path, run_id: str) -> Path:
    if not _KNOWN.fullmatch(run_id):
        raise RunError(f"{run_id[:80]!r} is no name of a run; give that of a folder of runs, such as 2025-01-16-0a1b2c")
    return place(models) / FOLDER / f"{run_id}.jsonl"


def _text(what: str, text: str) -> str:
    plain = unicodedata.normalize("NFC", text).strip()
    if len(plain) > LONGEST[what]:
        raise InputError(f"sign-off: the {what} has {len(plain):,} characters; give at most {LONGEST[what]:,}")
    if unseen := [letter for letter in plain if unicodedata.category(letter) in _UNSEEN]:
        raise InputError(f"sign-off: the {what} holds {unseen[0]!r}, which does not show; type it again without it")
    return plain


def _entry(line: bytes, run_id: str) -> SignOff:
    """Read one line as it was written, and refuse any other."""
    if len(line) > LONGEST_LINE:
        raise ValueError
    told = json.loads(line)
    entry = SignOff(**{**told, "at": _time(told)})
    texts: Sequence[Any] = (entry.kind, entry.run, entry.manifest, entry.name, entry.comment, entry.by)
    if not all(isinstance(text, str) for text in texts) or entry.kind not in (SIGNED, WITHDRAWN):
        raise ValueError
    if entry.run != run_id or any(_text(what, getattr(entry, what)) != getattr(entry, what) for what in LONGEST):
        raise ValueError
    return entry


def _time(told: Mapping[str, Any]) -> pd.Timestamp:
    at = pd.Timestamp(str(told["at"]))
    if pd.isna(at):
        raise ValueError
    return at


def _append(path: Path, line: bytes) -> None:
    """Add one whole line and have it on the disk; writers wait for each other."""
    try:
        writer_of(path.parent).append(path, line, path.with_suffix(".lock"))
    except Timeout as error:
        raise RunError(f"{path.name}: somebody else is signing off; nothing was recorded, try again") from error
    except (OSError, StoreError) as error:
        why = getattr(error, "strerror", None) or error
        raise RunError(f"{path.name}: cannot be written ({why}); nothing was recorded") from error
