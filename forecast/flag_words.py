"""Flags in plain words, and whether a flagged value is left out of the forecast or only remarked on."""

from __future__ import annotations

from forecast.observations.quality.kinds import FINDINGS, LABELS

LEFT_OUT = "Left out of the forecast"
KEPT = "Kept: a remark only"


def label(flag: str) -> str:
    """Name of a flag on screen; one nobody knows is its own name with spaces."""
    return LABELS.get(flag) or flag.replace("_", " ").strip().capitalize() or "Looks wrong"


def remark(flag: str) -> bool:
    """Whether a flag only tells something about a series; the value of any other flag is left out of the forecast."""
    return flag in FINDINGS


def treated(flag: str) -> str:
    """What the forecast does with a flagged value."""
    return KEPT if remark(flag) else LEFT_OUT
