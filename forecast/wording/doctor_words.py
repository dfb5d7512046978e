"""What the doctor says in the end."""

from __future__ import annotations

from collections.abc import Sequence

from forecast.doctor.finding import Finding
from forecast.wording import words

WELL = "Nothing is wrong: everything that is kept is what was written."


def closing(found: Sequence[Finding], *, check: bool) -> str:
    """Say how much was wrong and how much of it was set right."""
    if not found:
        return WELL
    many = words.plural(len(found), "thing")
    was = "is" if len(found) == 1 else "are"
    if check:
        return f"{many} {was} wrong. 'forecast doctor' without --check sets right what can be."
    left = sum(1 for finding in found if not finding.did)
    if not left:
        return f"{many} {'was' if len(found) == 1 else 'were'} wrong; everything that is left can be read."
    rest = "is" if left == 1 else "are"
    return f"{many} {was} wrong, of which {words.plural(left, 'thing')} {rest} left for you: see above."
