"""Two counts that must agree: discharges within patients, occupied within open."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from forecast.observations.quality.found import Found, Numbers, runs_by_column
from forecast.observations.quality.robust import median

BELOW_ZERO = "a count below zero: more discharges were published than patients"
ABOVE_OPEN = 1.05  # of about 117,000 trust-days in eight winters, 3 are further above the beds open
AROUND_DAYS = 10
COPIED_DAYS = 3  # one day of equal counts is how a quiet day can end
COPIED_SHARE = 0.75  # hospitals that record everybody as discharged keep nine tenths of their patients or more
COPIED_REMAINING = 8.0  # where fewer remain, the two counts are near each other anyway
COPIED_AROUND = 35
FEWEST_AROUND = 7


def impossible(panel: pd.DataFrame) -> Iterator[Found]:
    """Counts below zero."""
    for column, first, last in runs_by_column(panel.to_numpy(dtype=float) < 0):
        yield Found(
            pd.DatetimeIndex(panel.index[first : last + 1]), str(panel.columns[column]), "impossible", BELOW_ZERO
        )


def discharges_above_patients(discharged: pd.DataFrame, patients: pd.DataFrame) -> Iterator[Found]:
    """More people discharged that day than there were to discharge."""
    days = pd.DatetimeIndex(discharged.index)
    left, all_of = discharged.to_numpy(dtype=float), _like(patients, discharged)
    for row, column in zip(*np.nonzero(left > all_of), strict=True):
        note = f"{left[row, column]:,.0f} discharged of {all_of[row, column]:,.0f} patients: one of the two is wrong"
        yield Found(days[[row]], str(discharged.columns[column]), "discharges_above_patients", note)


def copied_column(patients: pd.DataFrame, discharged: pd.DataFrame) -> Iterator[Found]:
    """Days on which the patients equal the discharges, at the usual level of the discharges, not of the patients.

    A hospital that records everybody as discharged keeps its number of patients, and is not flagged.
    """
    values, gone = patients.to_numpy(dtype=float), _like(discharged, patients)
    days = pd.DatetimeIndex(patients.index)
    for column, first, last in runs_by_column((values == gone) & (values > 0)):
        if last - first + 1 < COPIED_DAYS:
            continue
        near = np.r_[max(first - COPIED_AROUND, 0) : first, last + 1 : min(last + 1 + COPIED_AROUND, len(days))]
        both = near[~np.isnan(values[near, column] - gone[near, column])]
        both = both[values[both, column] > gone[both, column]]
        if len(both) < FEWEST_AROUND:
            continue
        usual, remaining = np.median(values[both, column]), np.median(values[both, column] - gone[both, column])
        here = np.median(values[first : last + 1, column])
        if remaining < COPIED_REMAINING or here > COPIED_SHARE * usual:
            continue
        note = (
            f"patients equal the discharges on {last - first + 1} days in a row, about {here:,.0f} where {usual:,.0f} "
            "patients are usual: the discharges were typed into both columns"
        )
        yield Found(days[first : last + 1], str(patients.columns[column]), "copied_column", note)


def above_open(judged: pd.DataFrame, other: pd.DataFrame, occupied: bool) -> Iterator[Found]:
    """More beds occupied than open, beyond ``ABOVE_OPEN``: the one of the two that left its usual level is flagged.

    Parameters
    ----------
    judged
        Beds occupied or beds open.
    other
        The other of the two.
    occupied
        Whether ``judged`` is the occupied beds.
    """
    mine, theirs = judged.to_numpy(dtype=float), _like(other, judged)
    full, beds = (mine, theirs) if occupied else (theirs, mine)
    days = pd.DatetimeIndex(judged.index)
    for row, column in zip(*np.nonzero((full > ABOVE_OPEN * beds) & (beds > 0)), strict=True):
        near = np.r_[max(row - AROUND_DAYS, 0) : row, row + 1 : min(row + 1 + AROUND_DAYS, len(days))]
        off = [abs(_step(values[row, column], values[near, column])) for values in (mine, theirs)]
        if off[0] < off[1] or (off[0] == off[1] and not occupied):
            continue
        unusual = "occupied" if occupied else "open"
        counts = f"{full[row, column]:,.0f} beds occupied of {beds[row, column]:,.0f} open"
        note = f"{counts}: the {unusual} beds are unusual"
        yield Found(days[[row]], str(judged.columns[column]), "occupied_above_open", note)


def _step(value: float, near: Numbers) -> float:
    """Log ratio of a value to the median of those near it; 0 where there are none."""
    usual = float(median(np.where(near > 0, near, np.nan)))
    return float(np.log(value / usual)) if value > 0 and usual > 0 else 0.0


def _like(panel: pd.DataFrame, other: pd.DataFrame) -> Numbers:
    """Values of ``panel`` on the days and at the locations of ``other``."""
    return panel.reindex(index=other.index, columns=other.columns).to_numpy(dtype=float)
