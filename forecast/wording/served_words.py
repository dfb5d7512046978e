"""Why another run than the newest is shown, in words."""

from __future__ import annotations

from forecast.runs.serving import Served
from forecast.wording import words

REMEDY = (
    "Ask whoever looks after this app to type 'forecast doctor', which sets aside what is damaged, and then "
    "'forecast refit', which makes the forecasts again."
)


def banner(found: Served) -> str:
    """Say what is wrong, what is shown instead and what to do; empty where nothing is wrong."""
    if not found.wrong:
        return ""
    if not found.instead:
        return (
            "Part of these forecasts is damaged and there are no others to show. What cannot be read is not shown; "
            f"every figure that is shown is as it was made. Damaged: {found.wrong}. {REMEDY}"
        )
    day = words.day(found.run.as_of)
    if not found.wanted:
        return (
            "The app cannot tell which forecasts are the newest. Shown are the newest whole ones it found, which know "
            f"only what was published by {day}. The note that names them {found.wrong}. {REMEDY}"
        )
    others = "the ones before them" if found.run.id[:10] <= found.wanted[:10] else "others"
    return (
        f"The newest forecasts cannot be used, so {others} are shown. These know only what was published by "
        f"{day}. Not used: run {found.wanted} ({found.wrong}). {REMEDY}"
    )
