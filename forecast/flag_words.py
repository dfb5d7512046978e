"""Flags in plain words, and whether a flagged value is left out of the forecast or only remarked on."""

from __future__ import annotations

_LEFT_OUT = {
    "impossible": "Below zero",
    "lone_zero": "Zero between ordinary values",
    "false_zeros": "Zeros in the middle of a wave",
    "missing_submission": "No return came",
    "frozen": "Same value carried forward",
    "frozen_value": "Same value carried forward",
    "spike": "Far too high for a day",
    "low_day": "Far too low for a day",
    "doubled": "Twice the usual count for a day",
    "discharges_above_patients": "More people left than there were",
    "copied_column": "Discharges typed in where patients belong",
    "occupied_above_open": "More beds occupied than open",
    "off_season": "Outside the season of the publication",
}
_REMARKS = {
    "level_shift": "A new usual level",
    "specification_change": "A new way of counting",
    "weekday_shift": "Days that look shifted",
    "carried_weekends": "Weekends filled in from the day beside them",
    "unreliable_series": "A count that does not say who waits",
    "merger": "Hospitals that became one",
}
LEFT_OUT = "Left out of the forecast"
KEPT = "Kept: a remark only"


def label(flag: str) -> str:
    """Name of a flag on screen; one nobody knows is its own name with spaces."""
    name = flag.replace("_", " ").strip().capitalize() or "Looks wrong"
    return _LEFT_OUT.get(flag) or _REMARKS.get(flag) or name


def remark(flag: str) -> bool:
    """Whether a flag only tells something about a series; the value of any other flag is left out of the forecast."""
    return flag in _REMARKS


def treated(flag: str) -> str:
    """What the forecast does with a flagged value."""
    return KEPT if remark(flag) else LEFT_OUT
