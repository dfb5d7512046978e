"""The answer of a run for one county: six sentences and four figures, and what stands behind them.

Read by the first page of the app and by every export, so that no two of them say different things.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from forecast.errors import RunError
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.defaults import stand_ins
from forecast.placements.plans.names import SCHEDULES
from forecast.reading import by_name, waves
from forecast.reading.drifting import drifting
from forecast.reference import reference
from forecast.runs import Run
from forecast.waves.peaks import Peak
from forecast.wording import briefing_words, change_words, explanations, words
from forecast.wording.briefing_words import NO_FORECAST
from forecast.wording.placement_captions import first_up, many, of_stand_ins

LEVEL = 0.9
"""Assurance that the sentences speak of."""
NOT_SIGNED = "Not signed off"


@dataclass(frozen=True)
class Figure:
    """One large figure: what it is, its value, its range or date, and where it goes."""

    label: str
    value: str
    detail: str
    direction: str = ""


@dataclass(frozen=True)
class Standing:
    """The backlog at one place.

    Parameters
    ----------
    code, place
        Location and its screen name.
    rows
        Rows of the summary, the nearest week first.
    reason
        Why there is no forecast; empty where there is one.
    """

    code: str
    place: str
    rows: tuple[Mapping[str, Any], ...]
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Wave:
    """One illness at one place: the nearest row of its summary and its peak, or why there is none."""

    disease: str
    metric: str
    code: str
    place: str
    row: Mapping[str, Any] | None
    peak: Peak | str
    sentence: str

    @property
    def passed(self) -> str:
        """Chance that the peak has passed, in words."""
        return briefing_words.passed(self.peak, self.code)


@dataclass(frozen=True)
class Need:
    """Places of one product: those that can be used on the first day, and those needed by level of assurance.

    ``extra``: nobody publishes how many are in use today, so both count places on top of those.
    """

    product: str
    label: str
    usable: int
    needed: Mapping[float, float]
    extra: bool


@dataclass(frozen=True, eq=False)
class Briefing:
    """What a director is told of one county in one week.

    Parameters
    ----------
    county, place
        Code and screen name.
    as_of
        Day whose published data the run knows.
    sentences
        At most six: the backlog, where it goes, flu, Covid, places, what changed.
    figures
        Four: the backlog now, in two and in four weeks, and the flats or beds needed.
    hospitals
        The county first, then its hospitals.
    waves
        Of each illness the county first, then the hospitals.
    needs
        Empty where places cannot be told; ``no_places`` says why.
    warnings
        What a reader must be careful with.
    dates
        Name to value: the as-of day, the data dates, the run, its code version, who signed it off.
    """

    county: str
    place: str
    as_of: pd.Timestamp
    sentences: tuple[str, ...]
    figures: tuple[Figure, ...]
    hospitals: tuple[Standing, ...]
    waves: tuple[Wave, ...]
    needs: tuple[Need, ...]
    no_places: str
    longest_wait: int
    warnings: tuple[str, ...]
    dates: Mapping[str, str]
    simulated: bool


def briefing(run: Run, county: str, *, signed: str = "") -> Briefing:
    """Put together the answer of a run for a county.

    Parameters
    ----------
    signed
        Who signed the run off, in words.

    Raises
    ------
    RunError
        The run has no such county, or a piece of it cannot be read.
    """
    if county not in run.counties:
        raise RunError(f"run {run.id} has no county {county!r}; it has {', '.join(run.counties)}")
    names = by_name.places(run)
    standing = _standing(run, county, names)
    every = tuple(_wave(run, disease, code) for disease in waves.METRICS for code in (county, *run.members(county)))
    plan = PlacementPlan.of(county)
    no_places = run.no_placements(county)
    needs = () if no_places else _needs(run, county, plan)
    own = [one.sentence for one in every if one.code == county]
    placed = _places(needs, plan.longest_wait) if needs else f"How many places are needed cannot be said: {no_places}"
    said = [*_backlog(standing[0], run), *own, words.sentence(placed), *_changed(run, county)]
    return Briefing(
        county,
        names[county],
        run.as_of,
        tuple(said),
        (*_figures(standing[0], run.as_of), _places_figure(needs)),
        standing,
        every,
        needs,
        no_places,
        plan.longest_wait,
        _warnings(run, county),
        dates(run, signed),
        run.simulated,
    )


def dates(run: Run, signed: str = "") -> dict[str, str]:
    """Return what every screen and export says of a run: its dates, its name, its code, who signed it off."""
    newest = words.date_range([run.last_observed(metric) for metric in run.metrics])
    told = {
        "As of": f"{words.day(run.as_of)}: uses only what was published by then",
        "Data to": newest,
        "Run": run.id,
        "Code version": str(run.manifest["code_version"]),
        "Sign-off": signed or NOT_SIGNED,
    }
    return {**told, "Figures": words.SIMULATED} if run.simulated else told


def _changed(run: Run, county: str) -> list[str]:
    """What changed in the forecast of the backlog since the run before, and why; nothing where that is not known."""
    if run.compared.reason or by_name.BACKLOG not in run.metrics:
        return []
    told = change_words.headline(run.compared, by_name.BACKLOG, county, reference().label(county))
    return [told] if told else []


def _standing(run: Run, county: str, names: Mapping[str, str]) -> tuple[Standing, ...]:
    if by_name.BACKLOG not in run.metrics:
        why = words.sentence(run.skipped.get(by_name.BACKLOG, "it is not in this run"))
        return tuple(Standing(code, names[code], (), why) for code in (county, *run.members(county)))
    reasons = run.cannot_say(by_name.BACKLOG)
    return tuple(
        Standing(
            code,
            names[code],
            tuple(by_name.rows(run, by_name.BACKLOG, code)),
            words.sentence(reasons[code]) if code in reasons else "",
        )
        for code in (county, *run.members(county))
    )


def _backlog(county: Standing, run: Run) -> list[str]:
    if not county.rows:
        return [f"{county.place}: no forecast of people fit to leave. Reason: {county.reason}"]
    stood = words.now(county.rows[0], county.place, explanations.WHO[by_name.BACKLOG], run.as_of)
    told = briefing_words.ahead(county.rows)
    return [stood, f"{told} Reason: {county.reason}" if county.reason else told]


def _figures(county: Standing, as_of: pd.Timestamp) -> list[Figure]:
    if not county.rows:
        labels = ("Fit to leave now", "In two weeks", "In four weeks")
        return [Figure(label, NO_FORECAST, county.reason) for label in labels]
    first = county.rows[0]
    age = words.late(first["now_date"], as_of)
    week = f"a day, on average, in the week to {words.short_day(first['now_date'])}{age and ' ' + age}"
    known = not pd.isna(first["now"])
    now = Figure("Fit to leave now", words.count(first["now"]) if known else "No usable figure", week if known else "")
    return [now, *(_ahead(row, county.reason) for row in county.rows)]


def _ahead(row: Mapping[str, Any], reason: str) -> Figure:
    label = f"In {words.number(int(row['weeks_ahead']))} weeks, week to {words.short_day(row['date'])}"
    if row["word"] == "cannot say":
        return Figure(label, NO_FORECAST, reason)
    said = f"{words.LIKELY} {words.span(row['low'], row['high'])}"
    return Figure(label, f"About {words.count(row['median'])}", said, words.direction(row))


def _wave(run: Run, disease: str, code: str) -> Wave:
    metric = waves.METRICS[disease]
    about, found = waves.subject(run, disease, code), waves.peaks(run, metric)
    row = by_name.rows(run, metric, code)[0] if metric in run.metrics else None
    off = waves.off_season(run, metric)
    known = off.rstrip(".") if isinstance(found, str) and metric in run.metrics and off else found
    return Wave(disease, metric, code, about.place, row, found, briefing_words.wave(known, code, about, row))


def _needs(run: Run, county: str, plan: PlacementPlan) -> tuple[Need, ...]:
    told = run.places_needed(county)
    first = pd.DatetimeIndex([run.as_of + pd.Timedelta(days=1)])
    return tuple(
        Need(
            str(product),
            first_up(many(str(product))),
            int(plan.capacity(str(product), first)[0]),
            dict(zip(rows["level"], rows["places"], strict=True)),
            not any(getattr(plan, SCHEDULES[str(product)]).counts),
        )
        for product, rows in told.groupby("product", sort=False)
    )


def _places(needs: Sequence[Need], longest_wait: int) -> str:
    return briefing_words.places(
        {one.product: one.needed[LEVEL] for one in needs},
        {one.product: one.usable for one in needs},
        [one.product for one in needs if one.extra],
        longest_wait,
        LEVEL,
    )


def _places_figure(needs: Sequence[Need]) -> Figure:
    """Return the figure of the first product whose places are known, else of the first."""
    if not needs:
        return Figure("Flats and beds needed", NO_FORECAST, "")
    one = next((need for need in needs if not need.extra), needs[0])
    needed = one.needed[LEVEL]
    value = "No number is enough" if needed != needed else words.count(needed)
    sure = f"to be {round(100 * LEVEL)}% sure"
    if one.extra:
        return Figure(f"Extra {one.label[:1].lower()}{one.label[1:]} needed", value, f"{sure}; on top of those in use")
    detail = f"{sure}; {words.count(one.usable)} there now"
    return Figure(f"{one.label} needed", value, detail, briefing_words.short(needed, one.usable))


def _warnings(run: Run, county: str) -> tuple[str, ...]:
    """What is known in part and what cannot be said; remarks on hospitals stand with their own figures."""
    told = [metric for metric in (by_name.BACKLOG, *waves.METRICS.values()) if metric in run.metrics]
    partly = [f"{by_name.label(metric)}: {known}" for metric in told if (known := by_name.known(run, metric, county))]
    independent = by_name.BACKLOG in run.metrics and county in run.notes(by_name.BACKLOG)
    drifted = drifting(run, told, (county, *run.members(county)))
    tables = reference()
    borrowed = of_stand_ins(tables.label(county), stand_ins(county, tables)) if not run.no_placements(county) else ""
    others = [borrowed, explanations.INDEPENDENT if independent else ""]
    return (*drifted, *partly, *filter(None, others), *by_name.unsaid(run))
