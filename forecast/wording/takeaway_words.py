"""What files that leave the app say of themselves: names, headings, notes, and titles that state a finding. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import Any

import pandas as pd

from forecast.wording.placement_captions import first_up
from forecast.wording.words import (
    LIKELY,
    SIMULATED,
    chance,
    count,
    lean,
    listed,
    lower,
    number,
    plural,
    short_day,
    span,
    way,
)

MAKER = "Hospital discharge forecast"
SIMULATED_NAME = "simulated-"
BRIEFING, WORKBOOK, SLIDES, PICTURES = "briefing", "tables", "slides", "charts"
METHODS = (
    "An ensemble of time-series models of published daily counts at each hospital; a county is the sum of its "
    "hospitals path by path. Quantiles are of 1,000 sample paths or as many as the run kept."
)
BACKLOG_HEADING = "People fit to leave"
WAVES_HEADING = "Covid and flu"
PLACES_HEADING = "Flats and beds"
CAREFUL_HEADING = "What to be careful with"
RECORD_HEADING = "What past forecasts were worth"
SOURCES_HEADING = "Where the figures come from"
NO_BACKLOG = "People fit to leave are not forecast in this run."
NO_RECORD = "This run keeps too few past forecasts to say how often its ranges held."
LINE, PARAGRAPH = 110, 320
"""Letters of a sign-off that have room at the foot of a page, and at its head."""
MORE = "The full list is in the workbook of tables."
KIND, HAVE = "Kind of place", "Usable now"
CANNOT_SAY = "Cannot say"
CHART, FIGURES_TABLE, CHANCE_AXIS = "Chart", "The four figures of this week", "chance, per cent"
NO_PLACES = "How many flats and beds are needed cannot be said this week"
BANDS = (
    ("high", "High end of the likely range (9 in 10)", "edge"),
    ("median", "Middle of the forecast", "middle"),
    ("low", "Low end of the likely range (9 in 10)", "edge"),
)
WAVES_CAPTION = (
    "Patients a day in the latest published week, likeliest week of the peak (its chance), chance that it has passed"
)


def source_lines(facts: Mapping[str, str], as_of: pd.Timestamp, simulated: bool) -> tuple[str, str]:
    """Return where figures come from in two lines: the dates and the sign-off, then the run and its code.

    ``facts``: as ``briefing.dates`` gives them.
    """
    warning = f"{SIMULATED}. " if simulated else ""
    signed = shortened(facts["Sign-off"], LINE).rstrip(".")
    return (
        f"{warning}As of {short_day(as_of)}. Data to {facts['Data to']}. {signed}.",
        f"{MAKER}, run {facts['Run']}, code version {facts['Code version']}.",
    )


def shortened(text: str, most: int) -> str:
    """Return a text of so many letters at most, whole words; what is left out shows."""
    return shorten(text, most, placeholder=" …")


def title(county: str) -> str:
    """Return the title of a briefing."""
    return f"Hospital discharge and winter pressures: {county}"


def model_name(simulated: bool) -> str:
    """Return the name of the model for a forecasting hub."""
    return "Simulated figures, no real hospital" if simulated else "Ensemble of the weekly run"


def headline(county: str, now: str, far: str) -> str:
    """State in a title the backlog now and in four weeks, as the figures say them."""
    return f"{county}, fit to leave: {lower(now)} now, {lower(far)} in four weeks"


def backlog_finding(rows: Sequence[Mapping[str, Any]], place: str) -> str:
    """State in a title where the backlog of a place goes; ``rows``: of the summary."""
    far = rows[-1]
    if far["word"] == "cannot say":
        return f"{place}: where the number fit to leave goes cannot be said this week"
    when = f"in {number(int(far['weeks_ahead']))} weeks"
    return f"{place}, {when}: {lean(far)}; {LIKELY} {span(far['low'], far['high'])} a day"


def hospitals_finding(rows_of: Mapping[str, Mapping[str, Any]]) -> str:
    """State in a title which hospitals go up, stay level or go down; ``rows_of``: hospital to its row of four weeks."""
    there: dict[str, list[str]] = {}
    for place, row in rows_of.items():
        there.setdefault(way(row)[0], []).append(place)
    said = [f"{lower(word)} at {listed(places)}" for word, places in there.items()]
    return f"In four weeks: {'; '.join(said)}" if said else "No hospital has a forecast"


def waves_finding(likely: Mapping[str, tuple[pd.Timestamp, float]], over: Sequence[str] = ()) -> str:
    """State in a title when each wave most likely peaks; ``likely``: illness to Monday of the week and its chance."""
    said = [
        f"{first_up(illness)} peaked in the week of {short_day(week)}"
        if illness in over
        else f"{first_up(illness)}: most likely peak in the week of {short_day(week)} ({chance(share)} chance)"
        for illness, (week, share) in likely.items()
    ]
    return "; ".join(said) if said else "When Covid and flu peak cannot be said this week"


def places_finding(needs: Sequence[tuple[str, float, int, bool]], level: float) -> str:
    """State in a title how many places make us so sure; of each kind: name, needed, usable now, counted on top."""
    told = [
        f"{count(math.ceil(needed))} {lower(kind)}{' on top of those in use' if extra else f' ({count(usable)} now)'}"
        for kind, needed, usable, extra in needs
        if not math.isnan(needed)
    ]
    return f"To be {level:.0%} sure: {listed(told)}" if told else "No number of flats or beds would be enough"


def latest(date: pd.Timestamp) -> str:
    """Name the figures of the latest published week."""
    return f"Published, week to {short_day(date)}"


def ahead(date: pd.Timestamp) -> str:
    """Name the figures of a week ahead."""
    return f"Middle of the forecast, week to {short_day(date)}"


def range_said(row: Mapping[str, Any]) -> str:
    """Say the figure of a week ahead with its range."""
    return f"week to {short_day(row['date'])} about {count(row['median'])}, {LIKELY} {span(row['low'], row['high'])}"


def hospitals_alternative(names: Sequence[str], series: Sequence[tuple[str, Sequence[float]]]) -> str:
    """Return the text alternative of a chart of columns: every figure it shows."""
    told = [
        f"{name}: "
        + listed([f"{lower(label)} {'not known' if math.isnan(own[at]) else count(own[at])}" for label, own in series])
        for at, name in enumerate(names)
    ]
    return f"Column chart. {'; '.join(told)}."


def sure(level: float) -> str:
    """Name the places that make us so sure."""
    return f"Needed to be {level:.0%} sure"


def page(number: int, of: int) -> str:
    """Return the number of a page."""
    return f"Page {number} of {of}"


def hospitals_caption(more: int) -> str:
    """Return the caption of the table of hospitals; ``more``: how many of them it leaves out."""
    said = f"Averages a day; ahead the middle, its {LIKELY} in brackets, and where it goes from the latest week"
    return f"{said}. {count(more)} more are in the workbook of tables" if more > 0 else said


def wave_title(disease: str, season: bool) -> str:
    """Return the title of the chart of an illness: of the season ahead where there is one, else of the next weeks."""
    name = first_up(disease)
    return f"{name} patients in hospital, {'average of each week' if season else 'day by day'}"


def dotted(as_of: pd.Timestamp) -> str:
    """Say what the dotted line of a small chart is."""
    return f"Dotted line: {short_day(as_of)}, the day of this forecast. Bands and lines as on page 1."


def short_week(monday: pd.Timestamp, share: float) -> str:
    """Return a week with its chance in little room: "6 Jan 2025 (57%)"."""
    return f"{monday.day} {monday:%b %Y} ({chance(share)})"


def wave_columns(disease: str) -> list[str]:
    """Return the headings of one illness in the table of waves."""
    name = first_up(disease)
    return [f"{name} now", f"{name}: likeliest week", f"{name}: has passed"]


def needed_caption(longest_wait: int) -> str:
    """Return the caption of the table of places needed."""
    return f"Places that make us so sure that nobody waits longer than {plural(longest_wait, 'day')}"


def usable(places: int, extra: bool) -> str:
    """Return the places there are; of some nobody publishes how many are in use."""
    return "as in use today" if extra else count(places)


def enough(places: float) -> str:
    """Return the places needed; there may be no such number."""
    return "no number" if math.isnan(places) else count(math.ceil(places))


def need_title(kind: str) -> str:
    """Return the title of the chart of need."""
    return f"{kind}: people who need one, and the places there are (dashed)"


def sources(newest: Mapping[str, pd.Timestamp], simulated: bool) -> list[str]:
    """Say from where the figures are and to which day they go; ``newest``: measure to its newest day."""
    by_day: dict[pd.Timestamp, list[str]] = {}
    for measure, day in newest.items():
        by_day.setdefault(day, []).append(lower(measure))
    told = [f"Data to {short_day(day)}: {listed(by_day[day])}." for day in sorted(by_day, reverse=True)]
    if len(by_day) == 1:
        told = [f"Data to {short_day(next(iter(by_day)))}, of every measure."]
    kind = "Simulated after" if simulated else "From"
    return [f"{kind} figures that NHS England publishes; the workbook of tables names each publication.", *told]
