"""Words on who waits for flats and beds: the answer, and what each chart and table says. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from forecast.figures.fan import Fan
from forecast.figures.placement_frames import Shortage, tightest
from forecast.wording.words import LIKELY, chance, count, listed, number, plural, sentence, short_day, span

NOUNS = {"flat": "flat", "care_home_bed": "care-home bed", "community_bed": "community bed"}
ALL_PRODUCTS = "any of these"
NEED_HEADING = "Need against places"
CHANCE_HEADING = "Chance of a shortage, week by week"
WHO_HEADING = "Who waits where"
LONG_HEADING = "How long they have waited"
NEED_MARKS = "Pale band: likely range (9 in 10), low to high. Dark band: 1 in 2. Thick line: middle."
CHANCE_MARKS = "The higher a column, the likelier that somebody waits on any day of that week."
TOGETHER_HEADING = "Every place side by side: people who wait in hospital"
WAITING = "People who wait in hospital for any of these places"
MOST_TOLD = 8
SEASON = (
    "Beyond the next six weeks the forecast follows what past years did from here, week by week: the ranges are wide, "
    "and the shape of a single week ends there."
)
EXTRA = (
    "Extra beds are those on top of the beds in use today: the forecast already holds what these do, and nobody "
    "publishes how many they are."
)
EXTRA_FIELD = "Count only beds on top of those in use today."
TRUST_HEADING = "How far to trust these figures"
TRUST = (
    "The forecast shows how many wait, not who comes and goes: people count as coming only where the number who wait "
    "grows. If more come and go than that, places fill faster than here.",
    "Of those who leave in another way, who came last is taken to leave first: waits shown are the longest they can "
    "be.",
    "Nobody has measured how much one more place relieves, since many who move into one would soon have left anyway. "
    "Bed-days freed are given at the most and at the least; costs and plans side by side count the most.",
    "Lengths of stay and prices are another county's; what is a choice or unverified is marked so by each setting.",
)
FREED_AT_MOST = "Fewer people and bed-days are the most that a plan can bring: nobody has measured what places relieve."
PLACES_MARK = "Dashed steps: places that can be used."
HOSPITAL_NEED = (
    "Places are the county's, and nobody publishes from which hospital the people in them came, so this chart shows "
    "who waits here. Choose the county to see need against places."
)
HOW_LONG = (
    "Days are counted from the first day of the forecast: how long people had waited by then is not published. Of "
    "those who leave in another way, who came last is taken to leave first, so where there are no places these figures "
    "are the longest that waits can be."
)


def of_stand_ins(county: str, labels: Sequence[str]) -> str:
    """Say which settings have no figure of the county's own; empty where all have."""
    if not labels:
        return ""
    named = listed([label[:1].lower() + label[1:] for label in labels])
    return f"No figures of {county}'s own are known for {named}: stand-ins are used, marked so by each setting."


@dataclass(frozen=True)
class Place:
    """Whom a sentence is about.

    Parameters
    ----------
    name
        Of a county or hospital.
    county
        Name of the county whose places they are.
    is_county
        Whether it is the county itself.
    """

    name: str
    county: str
    is_county: bool


def some(product: str, places: float, *kinds: str) -> str:
    """Return "44 flats", "1 flat", "no flats"; with kinds "44 usable extra flats"."""
    noun = " ".join([*kinds, NOUNS[product]])
    return f"no {noun}s" if places < 0.5 else plural(round(places), noun)


def many(product: str) -> str:
    """Return "flats"."""
    return f"{NOUNS[product]}s"


def first_up(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]


def waiting_lines(now: Mapping[str, Any], last: Mapping[str, Any]) -> list[str]:
    """Return what stands under a place among several: who waits at first, and on the last day told ahead."""
    ahead = f"{last['date'].day} {last['date']:%b}"
    return [
        f"{now['date'].day} {now['date']:%b}: {count(now['middle'])} wait",
        f"{ahead}: {count(last['middle'])} ({span(last['low'], last['high'])})",
    ]


def held(record: str) -> str:
    """Say whose record stands under a chart of need."""
    return f"These figures are read off the forecast of people fit to leave. {record}"


def answer(place: Place, product: str, weeks: Sequence[Shortage], last: pd.Timestamp, *, extra: bool = False) -> str:
    """Say how many people wait in the tightest week.

    Parameters
    ----------
    weeks
        As ``placement_frames.shortages`` gives them.
    last
        Last day of the forecast.
    extra
        Whether the places are on top of an unknown number in use today.
    """
    worst = tightest(weeks)
    usable = product == "care_home_bed" and worst.places > 0
    have = some(product, worst.places, *["usable"][: int(usable)], *["extra"][: int(extra)])
    when = f"in the week of {short_day(worst.week)}, the tightest ahead"
    low, high = round(worst.low), round(worst.high)
    if high == 0:
        who = f"{place.name} is" if place.is_county else f"people at {place.name} are"
        return f"With {have} {who} unlikely to be short of any up to {short_day(last)}."
    if place.is_county:
        short = f"likely {_range(low, high)}" if low else f"perhaps up to {count(high)}"
        return f"With {have} {place.name} is {short} short {when}."
    people = _range(low, high) if low else f"up to {count(high)}"
    verb = "are likely to" if low else "may"
    one = " person" if people in ("1", "up to 1") else " people"
    return f"{place.name}: {people}{one} {verb} wait for a {NOUNS[product]} {when} ({have} in {place.county})."


def assured(
    place: Place,
    product: str,
    needed: float,
    level: float,
    longest_wait: int,
    least: int,
    usable: float = 1.0,
    *,
    dated: bool = False,
) -> str:
    """Say how many places make it so sure that nobody waits too long.

    Parameters
    ----------
    needed
        Usable places; NaN where no number is enough.
    least
        Fewest usable places of the plan on any day.
    usable
        Share of places that can be used.
    dated
        Whether the plan's own number changes on a date.
    """
    sure = f"{round(100 * level)}% sure that nobody waits longer than {plural(longest_wait, 'day')}"
    if math.isnan(needed):
        return (
            f"No number of {many(product)} would make it {sure}: people also wait for an assessment, or for days on "
            "which somebody may move in."
        )
    where = "" if place.is_county else f" in {place.county}"
    kinds = ["usable"] if usable < 1 else []
    if needed <= least:
        enough = f"{some(product, least, *kinds)}{where} {'is' if least == 1 else 'are'}" if least else "That is"
        return f"{enough} enough to be {sure}."
    beds = math.ceil(needed / usable - 1e-9)
    found = f"{some(product, needed, *kinds)}{where}{' from the first day on' if dated else ''}"
    if beds == needed:
        return f"{found} would make it {sure}."
    return f"{found}, about {count(beds)} in all as {usable:.0%} can be used, would make it {sure}."


def levels(product: str, needed: Mapping[float, float]) -> str:
    """Say what each level of assurance takes: "80% sure: 71 flats; 90%: 75; 95%: 78"."""
    told = [
        f"{round(100 * level)}%: {'no number is enough' if math.isnan(places) else count(places)}"
        for level, places in needed.items()
    ]
    return f"{first_up(many(product))} for each degree of assurance: {'; '.join(told)}."


def unassessed(day: pd.Timestamp, waiting: Mapping[str, float], community: Mapping[str, float]) -> str:
    """Say how many people wait for a social worker and not for a place; empty where next to nobody does."""
    if round(waiting["high"]) == 0:
        return ""
    return (
        f"On {short_day(day)} about {count(waiting['middle'])} of those who wait in the county's hospitals ({LIKELY} "
        f"{span(waiting['low'], waiting['high'])}) have not been assessed by a social worker and cannot move into any "
        f"place; in the community about {count(community['middle'])} people wait for an assessment."
    )


def cannot_say(place: str, reasons: Mapping[str, str]) -> str:
    """Say that nothing can be told of a place; ``reasons``: hospital's name -> why it has no forecast."""
    why = "; ".join(f"{name}: {reason.rstrip('.')}" for name, reason in reasons.items())
    return f"{place}: how many flats and beds are needed cannot be said. Reason: {sentence(why)}"


def without(names: Sequence[str]) -> str:
    """Say what the figures leave out."""
    return (
        f"The figures below leave out {listed(names)}, whose people also need places: the county's real need is higher "
        "than they show."
    )


def need_title(place: Place, product: str) -> list[str]:
    """Return the title of the chart of need."""
    who = f"People who need a {NOUNS[product]}" if place.is_county else f"People who wait for a {NOUNS[product]}"
    return [place.name, who + (", and the places there are" if place.is_county else "")]


def places_said(product: str, rows: pd.DataFrame) -> str:
    """Say how many places there are, and from when there are others; ``rows``: date, places."""
    steps = rows[rows["places"].diff() != 0]
    first, *later = zip(steps["date"], steps["places"], strict=True)
    said = [some(product, first[1]), *(f"{count(places)} from {short_day(date)}" for date, places in later)]
    return listed(said)


def need_alternative(fan: Fan, place: Place, product: str, capacity: pd.DataFrame) -> str:
    """Return the text alternative of the chart of need."""
    rows = fan.forecast
    first, end = rows.iloc[0], rows.iloc[-1]
    what = "who need" if place.is_county else "who wait for"
    said = (
        f"Line chart of people {what} a {NOUNS[product]}, {place.name}, day by day from {short_day(first['date'])} to "
        f"{short_day(end['date'])}: the middle goes from {count(first['median'])} to {count(end['median'])}; on the "
        f"last day the {LIKELY} is {span(end['low'], end['high'])}."
    )
    return f"{said} Places that can be used: {places_said(product, capacity)}." if place.is_county else said


def chance_title(place: Place, product: str, longest_wait: int, long: bool) -> list[str]:
    """Return the title of the chart of chances."""
    more = f" longer than {plural(longest_wait, 'day')}" if long else ""
    return [place.name, f"Chance that anybody waits{more} for a {NOUNS[product]} on any day of the week"]


def chance_alternative(place: Place, product: str, rows: pd.DataFrame, longest_wait: int, long: bool) -> str:
    """Return the text alternative of the chart of chances; ``rows``: week, share."""
    title = chance_title(place, product, longest_wait, long)[1]
    every = [
        f"week of {short_day(week)} {chance(share)}" for week, share in zip(rows["week"], rows["share"], strict=True)
    ]
    told = ", ".join(every)
    if len(every) > MOST_TOLD:
        highest, lowest = (every[int(at)] for at in (rows["share"].argmax(), rows["share"].argmin()))
        told = f"first {every[0]}, last {every[-1]}; highest {highest}, lowest {lowest}"
    return f"Column chart, {place.name}. {title}: {told}."


def too_early(longest_wait: int) -> str:
    """Say why the first weeks have no chance of long waits."""
    return (
        f"Waits are counted from the first day of the forecast, so the weeks in which nobody can have waited "
        f"{plural(longest_wait + 1, 'day')} yet are left out."
    )


def when(weeks: int, date: pd.Timestamp) -> str:
    """Return the heading of a column: "First day" of the plan or "In 2 weeks", with the day."""
    near = "First day" if weeks == 0 else f"In {number(weeks)} weeks"
    return f"{near}, {date.day} {date:%b %Y}"


def figure(low: float, middle: float, high: float) -> str:
    """Return a cell: middle, and under it the likely range."""
    return f"{count(middle)}\n{span(low, high)}"


def bed_days(
    place: Place,
    days: int,
    waiting: Mapping[str, float],
    most: Mapping[str, float],
    least: Mapping[str, float],
    *,
    far: bool = False,
) -> list[str]:
    """Say how many hospital bed-days are used waiting, and how many are freed at the most and at the least.

    ``far``: over a season. At the most everybody placed would still wait at its end, which nobody believes: left out.
    """
    used = (
        f"Over the {count(days)} days of the forecast people who wait use about {count(waiting['middle'])} hospital "
        f"bed-days {'in' if place.is_county else 'at'} {place.name} (likely "
        f"{span(waiting['low'], waiting['high'])})."
    )
    if round(most["high"]) == 0:
        return [used, "Nobody moves into a flat or bed, so no hospital bed-days are freed."]
    if far:
        return [
            used,
            f"Moves into flats and beds free {span(least['low'], least['high'])} hospital bed-days at the least, if "
            "those who move would have left as soon as most who wait. "
            "How many at the most cannot be said so far ahead.",
        ]
    freed = (
        f"Moves into flats and beds free {span(most['low'], most['high'])} hospital bed-days at the most, and "
        f"{span(least['low'], least['high'])} at the least, if those who move would have left as soon as most who "
        "wait. Nobody has measured how much one more place relieves."
    )
    return [used, freed]


def _range(low: int, high: int) -> str:
    return count(low) if low == high else span(low, high)
