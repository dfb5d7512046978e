"""The journal's part of the doctor: lines that a full disk or a killed process cut short are put aside."""

from __future__ import annotations

from pathlib import Path

from forecast.doctor.aside import set_lines_aside
from forecast.doctor.finding import Finding
from forecast.job.journal import JOURNAL, attempt_of, locked


def of_journal(models: Path, *, mend: bool) -> list[Finding]:
    """Look for lines of the journal that cannot be read; put them aside.

    Raises
    ------
    OSError
        The journal cannot be read or written.
    """
    path = models / JOURNAL
    _, wrong = _lines(path)
    if not wrong:
        return []
    did = ""
    if mend:
        with locked(models):
            kept, wrong = _lines(path)
            did = f"put aside in {set_lines_aside(path, kept, wrong).name}; the others are used"
    many = "a line is" if len(wrong) == 1 else f"{len(wrong)} lines are"
    return [Finding(f"{path}", f"{many} damaged", did)]


def _lines(path: Path) -> tuple[list[str], list[str]]:
    try:
        content = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return [], []
    lines = [line for line in content.split("\n") if line.strip()]
    return [line for line in lines if attempt_of(line)], [line for line in lines if not attempt_of(line)]
