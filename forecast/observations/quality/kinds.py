"""Every kind of flag: what a screen calls it, and whether a clean panel leaves the value out.

A value *known to be wrong* is masked. A *finding about a series* is for people: it never masks, because the values
themselves are as the hospital counted them. Where several rules doubt one value, the first of this table speaks; the
findings stand beside it.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd


class Kind(NamedTuple):
    """One kind of flag."""

    flag: str
    masks: bool
    label: str


KINDS = (
    Kind("impossible", True, "A count below zero"),
    Kind("negative", True, "A computed figure below zero: its parts contradict each other"),
    Kind("discharges_above_patients", True, "More discharged than there were patients"),
    Kind("copied_column", True, "Discharges typed in where patients belong"),
    Kind("occupied_above_open", True, "More beds occupied than open"),
    Kind("off_season", True, "A value outside the season of the publication"),
    Kind("lone_zero", True, "A zero between high values"),
    Kind("false_zeros", True, "Zeros while the nation is in full wave"),
    Kind("missing_submission", True, "A return that never came"),
    Kind("doubled", True, "Twice the usual count for a day"),
    Kind("spike", True, "Far too high for a day"),
    Kind("low_day", True, "Far too low for a day"),
    Kind("frozen", True, "The same value carried forward"),
    Kind("unreliable_series", False, "A count that does not say who waits"),
    Kind("level_shift", False, "A new usual level"),
    Kind("merger", False, "Two trusts that became one"),
    Kind("specification_change", False, "A new way of counting"),
    Kind("weekday_shift", False, "Days that look shifted"),
    Kind("carried_weekends", False, "Weekends filled in from the day beside them"),
)
LABELS = {kind.flag: kind.label for kind in KINDS}
FINDINGS = frozenset(kind.flag for kind in KINDS if not kind.masks)
RANK = {kind.flag: place for place, kind in enumerate(KINDS)}


def masking(flagged: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a flags frame whose values a clean panel leaves out."""
    return flagged[~flagged["flag"].isin(FINDINGS)]


def findings(flagged: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a flags frame that tell something about a series, each on its first day; none masks."""
    return flagged[flagged["flag"].isin(FINDINGS)]
