"""What files that leave the app say of themselves: names, headings, notes, and titles that state a finding. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from forecast.wording.words import LIKELY, SIMULATED, chance, count, listed, lower, number, plural, short_day, span

MAKER = "Hospital discharge forecast"
SIMULATED_NAME = "simulated-"
BRIEFING, WORKBOOK, SLIDES, PICTURES = "briefing", "tables", "slides", "charts"
METHODS = (
    "An ensemble of time-series models of published daily counts at each hospital; a county is the sum of its "
    "hospitals path by path. Quantiles are of 1,000 sample paths or as many as the run kept."
)
BACKLOG_HEADING = "People fit to leave"
HOSPITALS_HEADING = "Each hospital"
WAVES_HEADING = "Covid and flu"
PLACES_HEADING = "Flats and beds"
CAREFUL_HEADING = "What to be careful with"
RECORD_HEADING = "What past forecasts were worth"
SOURCES_HEADING = "Where the figures come from"
NOTHING_CAREFUL = "Nothing beyond the likely ranges themselves."
NO_BACKLOG = "People fit to leave are not forecast in this run."
NO_RECORD = "This run keeps too few past forecasts to say how often its ranges held."
MORE = "The full list is in the workbook of tables."
KIND, HAVE = "Kind of place", "Usable now"
CANNOT_SAY = "Cannot say"
WAVES_CAPTION = (
    "Patients a day in the latest published week, likeliest week of the peak (its chance), chance that it has passed"
)


def source_lines(facts: Mapping[str, str], as_of: pd.Timestamp, simulated: bool) -> tuple[str, str]:
    """Return where figures come from in two lines: the dates and the sign-off, then the run and its code.

    ``facts``: as ``briefing.dates`` gives them.
    """
    warning = f"{SIMULATED}. " if simulated else ""
    return (
        f"{warning}As of {short_day(as_of)}. Data to {facts['Data to']}. {facts['Sign-off'].rstrip('.')}.",
        f"{MAKER}, run {facts['Run']}, code version {facts['Code version']}.",
    )


def title(county: str) -> str:
    """Return the title of a briefing."""
    return f"Hospital discharge and winter pressures: {county}"


def model_name(simulated: bool) -> str:
    """Return the name of the model for a forecasting hub."""
    return "Simulated figures, no real hospital" if simulated else "Ensemble of the weekly run"


def backlog_finding(rows: Sequence[Mapping[str, Any]], place: str) -> str:
    """State in a title where the backlog of a place goes; ``rows``: of the summary."""
    far = rows[-1]
    ahead = number(int(far["weeks_ahead"]))
    if far["word"] == "cannot say":
        return f"{place}: where the number fit to leave goes cannot be said this week"
    size = f"about {count(far['median'])} a day in {ahead} weeks, {LIKELY} {span(far['low'], far['high'])}"
    now = f", {count(far['now'])} now" if not pd.isna(far["now"]) else ""
    return f"{place}: {size}{now}"


def hospitals_finding(words_of: Mapping[str, str]) -> str:
    """State in a title which hospitals go up, stay level or go down; ``words_of``: hospital to the summary's word."""
    said = []
    for word, told in {
        "up": "up at",
        "level": "level at",
        "down": "down at",
        "uncertain": "no clear direction at",
        "cannot say": "no forecast for",
    }.items():
        there = [place for place, one in words_of.items() if one == word]
        said += [f"{told} {listed(there)}"] if there else []
    text = "; ".join(said)
    return f"In four weeks: {text}" if text else "No hospital has a forecast"


def waves_finding(likely: Mapping[str, tuple[pd.Timestamp, float]], over: Sequence[str] = ()) -> str:
    """State in a title when each wave most likely peaks; ``likely``: illness to Monday of the week and its chance."""
    said = [
        f"{illness[:1].upper() + illness[1:]} "
        + (
            f"peaked in the week of {short_day(week)}"
            if illness in over
            else f"most likely peaks in the week of {short_day(week)} ({chance(share)} chance)"
        )
        for illness, (week, share) in likely.items()
    ]
    return "; ".join(said) if said else "When Covid and flu peak cannot be said this week"


def places_finding(have: Mapping[str, float], need: Mapping[str, float], level: float) -> str:
    """State in a title how many places make us so sure; both: name of a kind of place to places."""
    told = [f"{count(places)} {name}" for name, places in need.items() if not pd.isna(places)]
    if not told:
        return "No number of flats or beds would be enough"
    now = listed([f"{count(have[name])} {name}" if have[name] else f"no {name}" for name in need])
    return f"{listed(told)} make it {level:.0%} sure that nobody waits too long; now {now}"


def places_needed_line(levels: Sequence[float]) -> str:
    """Name the bars of places needed."""
    return f"Places needed to be {listed([f'{level:.0%}' for level in levels])} sure"


def chart_of(place: str, metric: str) -> str:
    """Name a chart."""
    return f"{metric}, {place}"


def sheet_scope(place: str, what: str) -> str:
    """Return the title of a sheet on one subject."""
    return f"{what}: {lower(place)}" if place else what


def page(number: int, of: int) -> str:
    """Return the number of a page."""
    return f"Page {number} of {of}"


def hospitals_caption(more: int) -> str:
    """Return the caption of the table of hospitals; ``more``: how many of them it leaves out."""
    said = f"Averages a day; ahead the middle, its {LIKELY} in brackets, and where it goes from the latest week"
    return f"{said}. {count(more)} more are in the workbook of tables" if more > 0 else said


def wave_title(disease: str, season: bool) -> str:
    """Return the title of the chart of an illness: of the season ahead where there is one, else of the next weeks."""
    name = disease[:1].upper() + disease[1:]
    return f"{name} patients in hospital, {'average of each week' if season else 'day by day'}"


def dotted(as_of: pd.Timestamp) -> str:
    """Say what the dotted line of a small chart is."""
    return f"Dotted line: {short_day(as_of)}, the day of this forecast. Bands and lines as on page 1."


def short_week(monday: pd.Timestamp, share: float) -> str:
    """Return a week with its chance in little room: "6 Jan 2025 (57%)"."""
    return f"{monday.day} {monday:%b %Y} ({chance(share)})"


def wave_columns(disease: str) -> list[str]:
    """Return the headings of one illness in the table of waves."""
    name = disease[:1].upper() + disease[1:]
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
    kind = "Simulated after" if simulated else "From"
    return [f"{kind} figures that NHS England publishes; the workbook of tables names each publication.", *told]
