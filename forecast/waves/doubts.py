"""Reasons why nobody can say how far behind the nation a hospital runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.waves.curves import Array, Counts
from forecast.waves.false_zeros import FalseZeros

LEAST_VALUES = 14
LEAST_DAYS = 28
LEAST_PEAK = 5.0
"""Patients on a weekly mean: with fewer, the days of a peak are chance."""
LEAST_RISE = 1.6
"""The highest weekly mean over the lowest: with less, there is no wave."""
LEAST_EVIDENCE = 2.0
"""Log Bayes factor of the nation's curve against a level that drifts."""
WIDEST = 0.5
"""Width of the 90 % range over that of the prior: with more, the data have said little."""
EDGE_DAYS, EDGE_CHANCE = 2, 0.1
VALLEY, SECOND = 0.5, 0.15
"""Two answers: the chance in between falls to this part of the lesser one, which holds at least so much."""
RISE_SEEN, FALL_SEEN, EARLIER_FALL = 0.6, 0.85, 0.6
"""The rise is known where a weekly mean before the highest is at most this part of it, the fall where one after it is;
an earlier wave counts as well, if it fell further than chance makes a rise stumble. Before a wave has turned, more
patients and a later wave look alike: on simulated waves cut there, ranges that looked narrow enough held 65 to 80 %
instead of 90."""
EARLIER_HEIGHT = 0.25
"""Height of an earlier wave, as a part of the highest weekly mean, at least."""

LONG_GAP, GAP_LEVEL = 14, 0.4
"""Days without a value that may hide the top of a wave, where the weekly mean next to them is this part of it."""


def before_fitting(reported: pd.Series, kept: pd.Series, nation: pd.Series) -> str:
    """Why the series cannot be compared at all; empty where they can."""
    for series, what in ((reported, "the hospital"), (nation, "the nation")):
        if len(series) == 0:
            return f"no value is known of {what}"
        if (series == 0).all():
            return f"every value of {what} is 0"
    if len(kept) < LEAST_VALUES or (kept.index[-1] - kept.index[0]).days < LEAST_DAYS:
        weeks = (kept.index[-1] - kept.index[0]).days // 7 if len(kept) else 0
        return f"too little is known of the hospital: {len(kept)} values over {weeks} weeks"
    if len(nation) < 4 or (nation.index[-1] - nation.index[0]).days < LEAST_DAYS:
        return f"too little is known of the nation: {len(nation)} values"
    if kept.index[-1] < nation.index[0] or nation.index[-1] < kept.index[0]:
        return "the hospital's and the nation's values are of different times"
    shared = nation[(nation.index >= kept.index[0]) & (nation.index <= kept.index[-1])]
    weekly = _weekly(shared)
    if len(weekly) < 4:
        return "the nation's values are missing while the hospital's are known"
    if weekly.max() < LEAST_RISE * weekly.min():
        return "the nation has no wave in this time: its curve is flat"
    own = _weekly(kept)
    if own.max() < LEAST_PEAK:
        return f"the wave is too small: {own.max():.0f} patients at its height, on a weekly mean"
    if own.max() + 1 < LEAST_RISE * (own.quantile(0.1) + 1):
        return "the hospital has no wave in this time: its curve is flat"
    return ""


def of_the_zeros(runs: Sequence[FalseZeros]) -> str:
    """Why longer runs of zeros that cannot be true leave the lag unknown."""
    if not runs:
        return ""
    run = max(runs, key=lambda one: one.last - one.first)
    beside = f"then {run.after:.0f}" if run.after >= run.before else f"after {run.before:.0f}"
    return (
        f"it reported 0 from {run.first.day} {run.first:%B %Y} to {run.last.day} {run.last:%B %Y} and {beside}: "
        "returns that were not filled in hide part of its wave"
    )


def of_the_fit(days: pd.Series, belief: pd.Series, counts: Counts, evidence: float) -> str:
    """Why the fitted distribution is no finding; empty where it is one."""
    if unseen := _hidden(counts) or _unseen(counts.mean):
        return unseen
    if evidence < LEAST_EVIDENCE:
        return "its curve does not follow the nation's closely enough"
    chance = days.to_numpy()
    if two := _two_answers(chance):
        first, second = days.index[two[0]], days.index[two[1]]
        return f"two answers fit: about {first} days and about {second} days"
    for edge, part in ((days.index[0], chance[:EDGE_DAYS]), (days.index[-1], chance[-EDGE_DAYS:])):
        if part.sum() > EDGE_CHANCE:
            return f"it may be outside what is looked at ({edge} days)"
    if _width(days) > WIDEST * _width(belief):
        return "the data say hardly more than was believed before"
    return ""


def _hidden(counts: Counts) -> str:
    """Say which days without a value may hide the top of the wave."""
    gaps = np.diff(counts.days)
    beside = np.maximum(counts.mean[:-1], counts.mean[1:])
    wide = np.where((gaps > LONG_GAP) & (beside >= GAP_LEVEL * counts.mean.max()), gaps, 0)
    if not wide.any():
        return ""
    place = int(np.argmax(wide))
    first, last = (pd.Timestamp(int(day), unit="D") for day in (counts.days[place] + 1, counts.days[place + 1] - 1))
    return (
        f"no believable value is known from {first.day} {first:%B %Y} to {last.day} {last:%B %Y}, which may hide the "
        "top of its wave"
    )


def _unseen(mean: Array) -> str:
    """Which side of the wave is not known; empty where both sides are, of the highest or of an earlier wave."""
    before = np.minimum.accumulate(mean)
    after = np.minimum.accumulate(mean[::-1])[::-1]
    top, rise = int(np.argmax(mean)), before <= RISE_SEEN * mean
    high = mean >= max(LEAST_PEAK, EARLIER_HEIGHT * float(mean.max()))
    if (rise & high & (after <= EARLIER_FALL * mean))[: top + 1].any():
        return ""
    if not rise[top]:
        return "only the fall of its wave is known, not the rise"
    if after[top] > FALL_SEEN * mean[top]:
        return "whether its wave has turned cannot be told yet: a later and a larger wave still look alike"
    return ""


def _weekly(series: pd.Series) -> pd.Series:
    return series.resample("7D").mean().dropna()


def _width(days: pd.Series) -> float:
    below = days.to_numpy().cumsum()
    low, high = np.interp([0.05, 0.95], below, days.index.to_numpy())
    return float(high - low)


def _two_answers(chance: Array) -> tuple[int, int] | None:
    """Places of two separate maxima that both hold a part worth naming."""
    peaks = [p for p in range(1, len(chance) - 1) if chance[p - 1] < chance[p] >= chance[p + 1]]
    peaks = sorted(peaks, key=lambda p: -chance[p])[:2]
    if len(peaks) < 2:
        return None
    one, other = sorted(peaks)
    valley = one + int(np.argmin(chance[one : other + 1]))
    if chance[valley] > VALLEY * min(chance[one], chance[other]):
        return None
    return (one, other) if min(chance[:valley].sum(), chance[valley:].sum()) >= SECOND else None
