"""The archive's part of the doctor: each fetched file compared with what its manifest tells of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forecast.doctor.aside import set_lines_aside
from forecast.doctor.finding import Finding
from forecast.incoming.archive import INGESTED, INGESTED_KEYS, KEPT_KEYS, MANIFEST, line_of
from forecast.incoming.fetch import rows_hash
from forecast.setting_aside import HIDDEN, set_aside

AGAIN = "'forecast fetch' fetches it again"


@dataclass(frozen=True)
class _Lines:
    """Lines of a manifest: those that stay as they are, those that do not, and what is wrong, in words."""

    kept: list[str]
    wrong: list[str]
    harmed: dict[str, str]


def of_archive(raw: Path, *, mend: bool) -> list[Finding]:
    """Compare every file of an archive with its hash; set damaged ones aside so that they are fetched again.

    Parameters
    ----------
    raw
        Folder of what was fetched; who mends holds its lock.
    mend
        False: only look.

    Raises
    ------
    OSError
        Something cannot be read or could not be set aside.
    """
    found = []
    for manifest in sorted(raw.glob(f"*/{MANIFEST}")):
        found += _manifest(manifest, mend)
        found += _ingested(manifest.with_name(INGESTED), mend)
    return found


def _manifest(path: Path, mend: bool) -> list[Finding]:
    lines = _read(path)
    found = []
    for name, wrong in lines.harmed.items():
        file = path.with_name(name)
        did = ""
        if mend:
            did = "its line was put aside" if not file.exists() else f"set aside in {set_aside(file, HIDDEN).parent}"
        found.append(Finding(f"{file}", wrong, did, AGAIN if mend else ""))
    unreadable = len(lines.wrong) - sum(1 for line in lines.wrong if line_of(line, KEPT_KEYS))
    return found + _put_aside(
        path, lines.kept, lines.wrong, unreadable, mend, "files that it told of are fetched again"
    )


def _ingested(path: Path, mend: bool) -> list[Finding]:
    lines = _split(path)
    wrong = [line for line in lines if not line_of(line, INGESTED_KEYS)]
    kept = [line for line in lines if line_of(line, INGESTED_KEYS)]
    return _put_aside(path, kept, wrong, len(wrong), mend, "what it told of is ingested again")


def _put_aside(path: Path, kept: list[str], wrong: list[str], unreadable: int, mend: bool, then: str) -> list[Finding]:
    did = ""
    if mend and wrong:
        did = f"put aside in {set_lines_aside(path, kept, wrong).name}"
    if not unreadable:
        return []
    many = "a line is" if unreadable == 1 else f"{unreadable} lines are"
    return [Finding(f"{path}", f"{many} damaged", did, f"with 'forecast fetch' {then}" if mend else "")]


def _read(path: Path) -> _Lines:
    """Judge each line of a manifest by itself and by the file that it tells of."""
    kept, wrong = [], []
    harmed: dict[str, str] = {}
    verdicts: dict[tuple[str, str, int], str] = {}
    for text in _split(path):
        told = line_of(text, KEPT_KEYS)
        if told is None:
            wrong.append(text)
            continue
        key = (told["file"], told["sha256"], told["bytes"])
        if key not in verdicts:
            verdicts[key] = _fault(path.with_name(told["file"]), told)
        if verdicts[key]:
            wrong.append(text)
            harmed.setdefault(told["file"], verdicts[key])
        else:
            kept.append(text)
    return _Lines(kept, wrong, harmed)


def _fault(file: Path, told: dict[str, Any]) -> str:
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return "it is missing"
    if len(content) != told["bytes"]:
        return f"it has {len(content):,} bytes, and {told['bytes']:,} were fetched"
    if hashlib.sha256(content).hexdigest() != told["sha256"] and _rows(content) != told["sha256"]:
        return "it is not what was fetched"
    return ""


def _rows(content: bytes) -> str:
    """Hash of the rows of a series of the dashboard, whose file carries the time of its retrieval; else empty."""
    try:
        return rows_hash(json.loads(content)["pages"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def _split(path: Path) -> list[str]:
    try:
        content = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    return [line for line in content.split("\n") if line.strip()]
