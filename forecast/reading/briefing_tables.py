"""The tables under the answer of a week, cell by cell in words; a line break in a cell starts smaller text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from forecast.briefing import LEVEL, Briefing, Need, Standing, Wave
from forecast.reading.waves import DISEASES
from forecast.waves.peaks import Peak
from forecast.wording import briefing_words, words
from forecast.wording.briefing_words import NO_FORECAST
from forecast.wording.placement_captions import first_up
from forecast.wording.wave_captions import likely


@dataclass(frozen=True)
class Table:
    """A table: what it shows, its columns, and its rows, whose first cell heads them."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def hospitals(told: Briefing) -> Table | None:
    """Where the backlog stands and goes at each place; None where nothing was forecast."""
    first = next((one.rows for one in told.hospitals if one.rows), ())
    if not first:
        return None
    ahead = [f"In {words.number(int(row['weeks_ahead']))} weeks, to {words.short_day(row['date'])}" for row in first]
    return Table(
        f"People fit to leave, averages a day; ahead the middle of the forecast, its {words.LIKELY}, and the chance "
        "that it is up, level or down on the latest week",
        ("Place", f"Latest week, to {words.short_day(first[0]['now_date'])}", *ahead),
        tuple((one.place, _now(one, told), *(_ahead(row, one.reason) for row in one.rows)) for one in told.hospitals),
    )


def _now(one: Standing, told: Briefing) -> str:
    row = one.rows[0]
    age = words.late(row["now_date"], told.as_of)
    figure = "No usable figure" if pd.isna(row["now"]) else words.count(row["now"])
    return f"{figure}\n{age}" if age else figure


def _ahead(row: Mapping[str, Any], reason: str) -> str:
    if row["word"] == "cannot say":
        return f"{NO_FORECAST}\n{reason}" if reason else NO_FORECAST
    figures = f"About {words.count(row['median'])}\n{words.span(row['low'], row['high'])}"
    return f"{figures}\n{first_up(words.lean(row))}\n{first_up(words.chances(row))}".rstrip()


def waves(told: Briefing, disease: str) -> Table | None:
    """Return when flu or Covid (``disease``: flu, covid) peaks at each place; None where nothing is known."""
    found = [one for one in told.waves if one.disease == disease]
    if not any(_known(one) for one in found):
        return None
    return Table(
        f"{first_up(DISEASES[disease])}: patients a day, the week of the peak, its height as a seven-day average, and "
        "the chance that it is over",
        ("Place", "Patients now", "Likeliest week of the peak", "Height of the peak", "Chance that it has passed"),
        tuple((one.place, _patients(one), *_peak(one), one.passed) for one in found),
    )


def _known(one: Wave) -> bool:
    return isinstance(one.peak, Peak) and one.code in one.peak.locations and one.code not in one.peak.reasons


def _patients(one: Wave) -> str:
    known = one.row is not None and not pd.isna(one.row["now"])
    return words.count(one.row["now"]) if known and one.row is not None else "No usable figure"


def _peak(one: Wave) -> tuple[str, str]:
    peak, place = one.peak, one.code
    if isinstance(peak, str) or place not in peak.locations or place in peak.reasons:
        reason = peak if isinstance(peak, str) else peak.reasons.get(place, "")
        return f"Cannot say\n{first_up(words.sentence(reason))}" if reason else "Cannot say", "Cannot say"
    best, share, first, last = likely(peak, place)
    low, middle, high = (float(peak.sizes[place].quantile(level)) for level in (0.05, 0.5, 0.95))
    if peak.over:
        return words.short_day(best), words.count(middle)
    between = f"{words.chance(share)} chance; likely from {words.short_day(first)} to {words.short_day(last)}"
    return f"{words.short_day(best)}\n{between}", f"About {words.count(middle)}\n{words.span(low, high)}"


def needs(told: Briefing) -> Table | None:
    """Places needed against places there are, by degree of assurance; None where they cannot be told."""
    if not told.needs:
        return None
    levels = list(told.needs[0].needed)
    longest = words.plural(told.longest_wait, "day")
    return Table(
        f"Places open from the first day on with which, that sure, nobody waits longer than {longest}",
        (
            "Kind of place",
            "Can be used now",
            *(f"Needed to be {round(100 * level)}% sure" for level in levels),
            f"At {round(100 * LEVEL)}%",
        ),
        tuple(_need(one) for one in told.needs),
    )


def _need(one: Need) -> tuple[str, ...]:
    label = f"{one.label}\non top of those in use today" if one.extra else one.label
    counts = ("none will do" if many != many else words.count(many) for many in one.needed.values())
    there = "not published" if one.extra and not one.usable else words.count(one.usable)
    return label, there, *counts, briefing_words.short(one.needed[LEVEL], one.usable)
