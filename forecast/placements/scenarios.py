"""Ready-made scenarios: what people ask first, as plans."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from forecast.errors import InputError
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.schedule import Schedule, as_day, short_day
from forecast.reference import Reference, reference


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A plan with a name.

    Parameters
    ----------
    key
        Short name for links.
    name
        What people call it.
    sentence
        What it changes, in a sentence.
    plan
        The plan; where the scenario cannot be shown, the one it starts from.
    reason
        Why it cannot be shown; empty where it can.
    """

    key: str
    name: str
    sentence: str
    plan: PlacementPlan
    reason: str = ""


def ready_made(
    base: PlacementPlan, day: pd.Timestamp | str, *, tables: Reference | None = None
) -> tuple[Scenario, ...]:
    """Return the ready-made scenarios, "as now" first.

    Parameters
    ----------
    base
        The plan each starts from: the county's as it is now.
    day
        The day the forecast was made; dated scenarios begin after it.
    tables
        Reference tables with the numbers of the scenarios; default: those in force.

    Raises
    ------
    InputError
        The reference lacks a number, ``day`` is no date, or ``base`` leaves no room for a change.
    """
    tables, today = tables or reference(), as_day(day)
    as_now = Scenario(key="as-now", name="As now", sentence="Nothing changes: the plan as it is now.", plan=base)
    made = (make(as_now, today, tables) for make in _MAKERS)
    return (as_now, *made)


def scenario(key: str, base: PlacementPlan, day: pd.Timestamp | str, *, tables: Reference | None = None) -> Scenario:
    """Return the ready-made scenario of that key; parameters as ``ready_made``.

    Raises
    ------
    InputError
        There is none of that key; and as ``ready_made``.
    """
    found = {one.key: one for one in ready_made(base, day, tables=tables)}
    if key not in found:
        raise InputError(f"{key!r} is no ready-made scenario; choose among {', '.join(found)}")
    return found[key]


def _flats_from_january(as_now: Scenario, today: pd.Timestamp, tables: Reference) -> Scenario:
    base = as_now.plan
    usual = PlacementPlan.of(base.location, tables=tables).flats
    fewer, more = usual.counts[0], usual.counts[-1]
    made = replace(as_now, key="flats-from-january", name=f"{more:,} flats from January")
    if len(usual.steps) == 1:
        reason = f"The reference has one number of flats only ({more:,}), so that there is no later one to open."
        return replace(made, sentence="More flats open on 1 January.", reason=reason)
    new_year = pd.Timestamp(year=today.year + 1, month=1, day=1)
    sentence = f"{fewer:,} flats to 31 December {today.year} and {more:,} from {short_day(new_year)}."
    return replace(made, sentence=sentence, plan=base.changed(flats=Schedule(((today, fewer), (new_year, more)))))


def _more_care_home_beds(as_now: Scenario, today: pd.Timestamp, tables: Reference) -> Scenario:
    base = as_now.plan
    beds = int(_figure("scenario_more_care_home_beds", base, tables))
    plan = base.changed(care_home_beds=base.care_home_beds.plus(beds))
    date = pd.DatetimeIndex([today])
    usable = int((plan.capacity("care_home_bed", date) - base.capacity("care_home_bed", date))[0])
    sentence = (
        f"{beds:,} care-home beds more from the first day, of which {usable:,} are in homes that may be used "
        f"({plan.usable_care_home_share:.0%})."
    )
    return Scenario(key="more-care-home-beds", name=f"{beds:,} more care-home beds", sentence=sentence, plan=plan)


def _social_workers_off_sick(as_now: Scenario, today: pd.Timestamp, tables: Reference) -> Scenario:
    base = as_now.plan
    absent = _figure("scenario_social_workers_off_sick", base, tables)
    sentence = (
        f"{absent:.0%} of the social workers in post are off sick on every day, in place of the usual "
        f"{base.social_worker_absence:.0%}: fewer people are assessed."
    )
    share = "A third" if round(absent, 2) == round(1 / 3, 2) else f"{absent:.0%}"
    name = f"{share} of social workers off sick"
    plan = base.changed(social_worker_absence=absent)
    return Scenario(key="social-workers-off-sick", name=name, sentence=sentence, plan=plan)


def _strike(as_now: Scenario, today: pd.Timestamp, tables: Reference) -> Scenario:
    base = as_now.plan
    days = int(_figure("scenario_strike_days", base, tables))
    first = today + pd.Timedelta(days=int(_figure("scenario_strike_begins_after", base, tables)))
    last = first + pd.Timedelta(days=days - 1)
    left = {
        what: _figure(f"scenario_strike_{what}", base, tables)
        for what in ("assessments", "home_care_starts", "placements")
    }
    strike = {"name": "Strike", "first": first, "last": last, **left}
    sentence = (
        f"From {short_day(first)} to {short_day(last)} there are {left['assessments']:.0%} of the usual assessments, "
        f"{left['home_care_starts']:.0%} of home-care starts and {left['placements']:.0%} of moves into flats and beds."
    )
    name = "A week of strikes" if days == 7 else f"{days} days of strikes"
    return Scenario(key="strikes", name=name, sentence=sentence, plan=base.changed(events=[*base.events, strike]))


def _more_home_care(as_now: Scenario, today: pd.Timestamp, tables: Reference) -> Scenario:
    base = as_now.plan
    more = _figure("scenario_more_home_care", base, tables)
    key, name = "more-home-care", f"Providers take {more:.0%} more"
    if not base.home_care_starts:
        reason = "The reference does not say how many people start home care a day here, so there is no share of it."
        sentence = f"{more:.0%} more people start home care a day."
        return replace(as_now, key=key, name=name, sentence=sentence, reason=reason)
    starts = round(base.home_care_starts * (1 + more), 2)
    sentence = f"{starts:,.1f} people start home care a day in place of {base.home_care_starts:,.1f}."
    plan = base.changed(home_care_starts=starts)
    return Scenario(key=key, name=name, sentence=sentence, plan=plan)


def _peak_earlier(as_now: Scenario, today: pd.Timestamp, tables: Reference) -> Scenario:
    base = as_now.plan
    days = int(_figure("scenario_peak_earlier", base, tables))
    effect = _figure("wave_effect_on_backlog", base, tables)
    when = "two weeks" if days == 14 else f"{days} days"
    reason = (
        f"The waves of flu and Covid on record explain at most {effect:.1%} of what moves the number of people fit to "
        "leave, so that an earlier peak would change nothing here that could be told from chance."
    )
    return replace(
        as_now,
        key="peak-earlier",
        name=f"Winter peak {when} earlier",
        sentence=f"Flu and Covid peak {when} earlier than forecast.",
        reason=reason,
    )


def _figure(name: str, plan: PlacementPlan, tables: Reference) -> float:
    value = tables.assumption(name, plan.location, national=True).value
    if not math.isfinite(value):
        raise InputError(f"{tables.folder / 'assumptions.csv'}: {name} is {value}; give a number")
    return value


_MAKERS: tuple[Callable[[Scenario, pd.Timestamp, Reference], Scenario], ...] = (
    _flats_from_january,
    _more_care_home_beds,
    _social_workers_off_sick,
    _strike,
    _more_home_care,
    _peak_earlier,
)
