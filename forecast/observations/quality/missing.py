"""Returns that never came, and values of days on which nothing was collected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from forecast.observations.quality.found import Found, Truths, runs, runs_by_column

WEEK = 7
LONGEST_GAP = 35
FEWEST_SHARE = 0.25
ALONE = 0.1  # of the hospitals that ever report
FILLED_DAYS = 14  # shorter, and a quiet spring could truly read 0


class Season(NamedTuple):
    """The part of the year in which a publication appears: first and last day as ``MM-DD``, and who says so."""

    first: str
    last: str
    source: str


def missing(panel: pd.DataFrame, due: Truths) -> Iterator[Found]:
    """Gaps of up to ``LONGEST_GAP`` days in a location's record on days on which most others reported.

    After a longer silence the location has stopped reporting: nothing is due.
    """
    days = pd.DatetimeIndex(panel.index)
    filled = panel.notna().to_numpy()
    gone = ~filled & filled.any(axis=0)
    begun = np.cumsum(filled, axis=0) > 0
    for column, first, last in runs_by_column(gone & begun):
        lacking = days[first : last + 1][due[first : last + 1]]
        if len(lacking) == 0 or last + 1 - first > LONGEST_GAP:
            continue
        what = "the weekly return is missing" if len(lacking) >= WEEK else "no return"
        plural = "" if len(lacking) == 1 else "s"
        note = f"{what}: {len(lacking)} day{plural} without a value while most other trusts reported"
        yield Found(lacking, str(panel.columns[column]), "missing_submission", note)


def most_reported(panel: pd.DataFrame) -> Truths:
    """Days on which more than half of the hospitals that report around then, and not just a few of all, did."""
    filled = panel.notna().to_numpy()
    if filled.shape[1] == 0:
        return np.zeros(len(panel), dtype=bool)
    within = 14
    sums = np.vstack([np.zeros((1, filled.shape[1])), np.cumsum(filled, axis=0)])
    rows = np.arange(len(panel))
    around = sums[np.minimum(rows + within + 1, len(panel))] - sums[np.maximum(rows - within, 0)]
    active = np.sum(around > 0, axis=1)
    reported = filled.sum(axis=1)
    most: Truths = (reported > 0.5 * active) & (reported >= FEWEST_SHARE * filled.any(axis=0).sum())
    return most


def off_season(judged: pd.DataFrame, everybody: pd.DataFrame, season: Season) -> Iterator[Found]:
    """Values outside the season: zeros by everybody (a gap is not zero), or a value of hardly anybody else's.

    A publication that did go on, with counts by many hospitals, is believed.
    """
    days = pd.DatetimeIndex(judged.index)
    outside = _outside(days, season)
    if not outside.any():
        return
    values = everybody.to_numpy(dtype=float)
    reported = ~np.isnan(values)
    ever = int(reported.any(axis=0).sum())
    many = reported.sum(axis=1)
    nothing = np.zeros(len(days), dtype=bool)
    for first, last in runs(outside & (many > 0) & ~(values > 0).any(axis=1)):
        nothing[first : last + 1] = last - first + 1 >= FILLED_DAYS
    few = outside & (many > 0) & (many <= ALONE * ever)
    there = judged.notna().to_numpy()
    when = f"outside the season of the publication ({_words(season.first)} to {_words(season.last)})"
    for marked, what in (
        (nothing, "every hospital reads 0"),
        (few & ~nothing, "hardly any other hospital has a value"),
    ):
        for column, first, last in runs_by_column(there & marked[:, None]):
            note = f"{when}: {what}, so nothing was collected"
            yield Found(days[first : last + 1], str(judged.columns[column]), "off_season", note)


def _outside(days: pd.DatetimeIndex, season: Season) -> Truths:
    day = np.asarray(days.strftime("%m-%d"))
    inside = (day >= season.first) & (day <= season.last)
    if season.first > season.last:
        inside = (day >= season.first) | (day <= season.last)
    outside: Truths = ~inside
    return outside


def _words(month_and_day: str) -> str:
    return f"{pd.Timestamp(f'2024-{month_and_day}'):%-d %B}"


def hospitals_of(panel: pd.DataFrame, nation: Sequence[str]) -> pd.DataFrame:
    """Return the panel without the nation's columns."""
    return panel[[code for code in panel.columns if code not in nation]]
