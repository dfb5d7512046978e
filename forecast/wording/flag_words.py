"""Flags in plain words, and whether a flagged value is left out of the forecast or only remarked on."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from forecast.observations.quality.kinds import FINDINGS, LABELS
from forecast.wording.words import count, sentence, short_day

LEFT_OUT = "Left out of the forecast"
KEPT = "Kept: a remark only"
NOT_WHO_WAITS = "unreliable_series"


def label(flag: str) -> str:
    """Name of a flag on screen; one nobody knows is its own name with spaces."""
    return LABELS.get(flag) or flag.replace("_", " ").strip().capitalize() or "Looks wrong"


def remark(flag: str) -> bool:
    """Whether a flag only tells something about a series; the value of any other flag is left out of the forecast."""
    return flag in FINDINGS


def finding(first: pd.Timestamp, places: Sequence[str], flag: str, note: str) -> str:
    """Return a finding as sentences: "29 July 2024, James Paget: a new usual level. It moved from ...".

    >>> finding(pd.Timestamp("2024-07-29"), ["James Paget"], "level_shift", "moved from about 108 to about 66")
    '29 July 2024, James Paget: a new usual level. Moved from about 108 to about 66.'
    """
    what = label(flag)
    return (
        f"{short_day(first)}, {'; '.join(places)}: {what[:1].lower()}{what[1:]}. {note[:1].upper()}{sentence(note)[1:]}"
    )


def option(name: str, left_out: int) -> str:
    """Return the entry of a list with how many of its figures are left out."""
    return f"{name} ({count(left_out)} left out)" if left_out else name


def treated(flag: str) -> str:
    """What the forecast does with a flagged value."""
    return KEPT if remark(flag) else LEFT_OUT
