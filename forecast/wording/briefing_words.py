"""The answer of a week in sentences short enough to be read out. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from forecast.figures.wave_frames import Subject
from forecast.waves.peaks import Peak
from forecast.wording import words
from forecast.wording.placement_captions import NOUNS, first_up
from forecast.wording.wave_captions import MOST, PROBABLY, leading, likely

NO_FORECAST = "No forecast"
STANDS_OUT = 0.25
"""A week with a smaller chance is not named."""


def ahead(rows: Sequence[Mapping[str, Any]]) -> str:
    """Say where the backlog goes on all dates ahead, in one sentence."""
    known = [row for row in rows if row["word"] != "cannot say"]
    if not known:
        return "Where it goes in the weeks ahead cannot be said."
    told = [
        f"in {words.number(int(row['weeks_ahead']))} weeks about {words.count(row['median'])} ("
        f"{words.LIKELY + ' ' if not at else ''}{words.span(row['low'], row['high'])}; {words.lean(row)})"
        for at, row in enumerate(known)
    ]
    return f"{first_up(words.listed(told))}."


def wave(peak: Peak | str, place: str, subject: Subject, now: Mapping[str, Any] | None) -> str:
    """Say in one sentence how many patients a wave has now, when it peaks, how high and whether that is over.

    ``peak``: a text says why nothing can be told. ``now``: the nearest row of the summary; None without a forecast.
    """
    name = words.lower(subject.disease) if subject.disease != "Covid" else "Covid"
    stood = "" if now is None or pd.isna(now["now"]) else f"{words.count(now['now'])} patients a day now; "
    if isinstance(peak, str):
        return f"{first_up(name)}: {stood}when it peaks cannot be said: {words.sentence(peak)}"
    if place in peak.reasons or place not in peak.locations:
        why = peak.reasons.get(place, "this place was not looked at")
        return f"{first_up(name)}: {stood}when it peaks cannot be said: {words.sentence(why)}"
    return f"{first_up(name)}: {stood}{_peaks(peak, place)}."


def _peaks(peak: Peak, place: str) -> str:
    low, middle, high = (float(peak.sizes[place].quantile(level)) for level in (0.05, 0.5, 0.95))
    best = words.short_day(likely(peak, place)[0])
    if peak.over:
        return f"it peaked in the week of {best}, at about {words.count(middle)} a day"
    over = float(peak.passed[place])
    height = f"about {words.count(middle)} a day at its highest (likely {words.span(low, high)})"
    if over > MOST:
        how = "has probably passed" if over >= PROBABLY else "may have passed"
        return f"the peak {how} ({words.chance(over)} chance), most likely in the week of {best}; {height}"
    week, share = _coming(peak, place)
    when = f"most likely in the week of {words.short_day(week)}" if share >= STANDS_OUT else "and no week stands out"
    return (
        f"the peak is more likely still to come than over ({words.chance(over)} chance that it has passed), {when}; "
        f"{height}"
    )


def _coming(peak: Peak, place: str) -> tuple[pd.Timestamp, float]:
    """Likeliest week of those that are not over yet, with its chance; of all where none is left."""
    chances = peak.week_probabilities[place]
    ahead = chances[pd.DatetimeIndex(chances.index) + pd.Timedelta(days=6) > peak.origin]
    week = leading(ahead if len(ahead) else chances)
    return week, float(chances[week])


def passed(peak: Peak | str, place: str) -> str:
    """Return the chance that a peak has passed, or that it cannot be said."""
    if isinstance(peak, str) or place not in peak.locations or place in peak.reasons:
        return "Cannot say"
    return "It has passed" if peak.over else words.chance(float(peak.passed[place]))


def places(
    needed: Mapping[str, float], usable: Mapping[str, int], extra: Sequence[str], longest_wait: int, level: float
) -> str:
    """Say in one sentence how many places are needed against how many there are.

    Parameters
    ----------
    needed
        Product to the places that make it so sure that nobody waits too long; NaN where no number does.
    usable
        Product to the places that can be used.
    extra
        Products counted on top of those in use today, which nobody publishes.
    """
    sure = f"{round(100 * level)}% sure that nobody waits longer than {words.plural(longest_wait, 'day')}"
    own = [_need(product, many, usable[product]) for product, many in needed.items() if product not in extra]
    more = [_some(product, many) for product, many in needed.items() if product in extra]
    on_top = f"{words.listed(more)} on top of those in use today" if more else ""
    return f"To be {sure} takes {', and '.join(filter(None, [words.listed(own), on_top]))}."


def _need(product: str, needed: float, usable: int) -> str:
    if math.isnan(needed):
        return _some(product, needed)
    lacking = math.ceil(needed) - usable
    state = f"{words.count(lacking)} more" if lacking > 0 else "enough"
    return f"{_some(product, needed)} ({words.count(usable)} can be used now: {state})"


def _some(product: str, needed: float) -> str:
    if math.isnan(needed):
        return f"more {NOUNS[product]}s than can be told"
    return words.plural(math.ceil(needed), NOUNS[product])


def short(needed: float, usable: int) -> str:
    """Return how many places are lacking: "30 short", "enough"."""
    if math.isnan(needed):
        return "No number is enough"
    lacking = math.ceil(needed) - usable
    return f"{words.count(lacking)} short" if lacking > 0 else "Enough"
