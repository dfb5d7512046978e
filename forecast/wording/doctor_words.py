"""What the doctor says in the end."""

from __future__ import annotations

from collections.abc import Sequence

from forecast.doctor.counted import Counted
from forecast.doctor.finding import Finding
from forecast.wording import words


def closing(found: Sequence[Finding], there: Counted, *, check: bool) -> str:
    """Say how much was wrong, how much of it was set right, and what there is."""
    many = words.plural(len(found), "thing")
    left = words.plural(sum(1 for finding in found if not finding.did), "thing")
    if not found:
        said = "Nothing is wrong: all that is kept is what was written"
    elif check:
        said = f"Wrong: {many}. 'forecast doctor' without --check sets right what can be"
    elif all(finding.did for finding in found):
        said = f"Set right: {many}. All that is left can be read"
    else:
        said = f"Wrong: {many}; left for you: {left}, see above"
    return f"{said} ({_kept(there)})."


def _kept(there: Counted) -> str:
    if not (there.vintages or there.runs or there.files):
        return "nothing is stored, no run has been made and no file was fetched"
    stored = words.plural(there.vintages, "vintage")
    return f"{stored} in the store, {words.plural(there.runs, 'run')}, {words.plural(there.files, 'fetched file')}"
