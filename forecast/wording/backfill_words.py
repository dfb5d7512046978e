"""What ``forecast backfill`` says of each day, and of all of them."""

from __future__ import annotations

from collections.abc import Sequence

from forecast.weekly.backfill import CANNOT, MADE, THERE, Filled
from forecast.wording.words import plural, short_day


def one(filled: Filled) -> str:
    """Say what became of a day."""
    day = f"as of {short_day(filled.day)}"
    if filled.state == MADE:
        return f"{day}: made {filled.run} in {filled.seconds:.0f} s"
    if filled.state == THERE:
        return f"{day}: left as it is, {filled.run} of the same model is there"
    return f"{day}: cannot be forecast: {filled.reason}"


def all_of(done: Sequence[Filled]) -> str:
    """Say what became of all of them."""
    count = {state: sum(each.state == state for each in done) for state in (MADE, THERE, CANNOT)}
    return (
        f"{plural(count[MADE], 'day')} forecast with only what was public then, {count[THERE]} there already, "
        f"{count[CANNOT]} not possible. The page Track record judges them."
    )
