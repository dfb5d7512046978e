"""What the gate says: the thing, the value, the remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from forecast.wording import words

NOT_ASKED = "it is not among the places or measures asked for"
FORCE = "--force REASON publishes it all the same"
TO_DO = ". To do: "
"""Between what was found, which everybody reads, and what whoever looks after the program does about it."""


def found(reason: str) -> str:
    """Return what was found, without what is to be done about it."""
    return reason.partition(TO_DO)[0]


def of_the_future(day: pd.Timestamp, today: pd.Timestamp) -> str:
    """Say that the newest release lies ahead of the clock."""
    return (
        f"the newest release stored is of {words.short_day(day)}, and this machine's clock says "
        f"{words.short_day(today)}{TO_DO}correct the clock, or find the file that carries a date to come"
    )


def too_old(day: pd.Timestamp, age: int) -> str:
    """Say that nothing has been published for long."""
    return (
        f"the newest release stored is of {words.short_day(day)}, {age} days ago{TO_DO}see what 'forecast fetch' says, "
        "and whether the publishers have put up anything since"
    )


def missed(label: str, last: pd.Timestamp, wanted: pd.Timestamp, refuses: bool) -> str:
    """Say that a release was due and has not come."""
    ending = f"{TO_DO}fetch it, or {FORCE}" if refuses else "; its forecast starts from there"
    return (
        f"{label}: figures to {words.short_day(wanted)} should have been published by now, and those stored end on "
        f"{words.short_day(last)}{ending}"
    )


def look_wrong(label: str, wrong: int, told: int, last: pd.Timestamp) -> str:
    """Say that too many trusts' figures look wrong at once."""
    return (
        f"{label}: in the week to {words.short_day(last)} the figures of {wrong} of {told} trusts look wrong that did "
        f"not the week before{TO_DO}compare the file with the publisher's page, or {FORCE}"
    )


def silent(label: str, now: int, usual: int) -> str:
    """Say that too few trusts are in the newest week."""
    return (
        f"{label}: {now} trusts have figures in the newest week, where {usual} usually do: the file may be cut short"
        f"{TO_DO}fetch it again, or {FORCE}"
    )


def moved(label: str, ratio: float, usual: float, days: int) -> str:
    """Say that the sum over all trusts moved, from one span of days to the next, as it never did."""
    return (
        f"{label}: the sum over all trusts is {ratio:.2f} times that of the {_span(days)} before, and the largest move "
        f"on record is {usual:.2f} times{TO_DO}compare the file with the publisher's page, or {FORCE}"
    )


def scattered(label: str, change: float, usual: float, days: int) -> str:
    """Say that most trusts moved far from their own span of days before."""
    return (
        f"{label}: half of the trusts are more than {change:.0%} away from their own {_span(days)} before, and the "
        f"most on record is {usual:.0%}; rows or columns of the file may have slipped{TO_DO}compare it with the "
        f"publisher's page, or {FORCE}"
    )


def _span(days: int) -> str:
    return {1: "day", 7: "week"}[days]


def retold(label: str, share: float) -> str:
    """Say that much of the past is told otherwise."""
    return (
        f"{label}: {share:.0%} of the figures of the last eight weeks that were known already are told otherwise now, "
        f"by more than a half{TO_DO}compare the file with the publisher's page, or {FORCE}"
    )


def simulated_instead(folder: str) -> str:
    """Say that simulated figures would take the place of published ones."""
    return (
        f"the run that is served is of published figures and {folder} holds simulated ones{TO_DO}name the folder of "
        "the published ones with --data or FORECAST_DATA"
    )


def lost_figures(there: int, read: int) -> str:
    """Say that the store holds less than it did."""
    return (
        f"the store holds {there:,} figures, {read - there:,} fewer than the run that is served was made from{TO_DO}"
        f"run 'forecast doctor', ingest again the files that it names, or {FORCE}"
    )


def gone_figures(label: str, gone: int) -> str:
    """Say that figures known before are there no more."""
    return (
        f"{label}: {words.plural(gone, 'figure')} that the run that is served knew are there no more{TO_DO}run "
        f"'forecast doctor', ingest again the files that it names, or {FORCE}"
    )


def lost_measure(label: str, why: str, closed: bool) -> str:
    """Say that a measure is no longer forecast."""
    return f"{label} is no longer forecast ({why})" + (
        "; its collection closes for the season" if closed else f"{TO_DO}ingest its newest file, or {FORCE}"
    )


def lost_places(label: str, reasons: Mapping[str, str]) -> str:
    """Say which places a measure is no longer forecast for."""
    each = "; ".join(f"{place}: {why}" for place, why in reasons.items())
    return (
        f"{label} is no longer forecast at {words.listed(list(reasons))} ({each}){TO_DO}see the page Data, or {FORCE}"
    )


def too_few_runs(there: int, wanted: int) -> str:
    """Say that a new model could not be tried on past weeks."""
    runs = words.plural(there, "past run")
    return (
        f"the model has changed and there {'is' if there == 1 else 'are'} {runs}, of which {wanted} are needed to "
        "compare it with what was published; 'forecast backfill' makes them"
    )


def loses(label: str, ratio: float, weeks: int, what: Sequence[str]) -> str:
    """Say that a new model is worse."""
    return (
        f"{label}: on the last {weeks} past runs the new model ({words.listed(list(what))}) is {ratio - 1:.0%} further "
        f"off than what was published{TO_DO}install the earlier version, or {FORCE}"
    )


def jumped(label: str, place: str, week: Mapping[str, Any] | pd.Series, many: int, model: Sequence[str]) -> str:
    """Say that a forecast moved and no figure explains it."""
    what = f"the model ({words.listed(list(model))})" if model else "nothing that came since"
    others = f", and {many - 1} more like it" if many > 1 else ""
    return (
        f"{label} at {place}, week to {words.short_day(week['date'])}: the forecast went from "
        f"{words.count(week['before'])} (likely range {words.span(week['low'], week['high'])}) to "
        f"{words.count(week['now'])}, of which {words.count(abs(week['moved']))} come from {what} and not from new "
        f"figures{others}{TO_DO}find out why, or {FORCE}"
    )
