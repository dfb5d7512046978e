"""What changed since the run before and why, in sentences. Pure: the same figures give the same words."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from forecast.figures.change_frames import parts_of, place_parts, weeks, whole
from forecast.runs.changes_ahead import (
    ANY,
    BEFORE,
    CLEARED,
    CORRECTED,
    DOUBTED,
    LATE,
    MODEL,
    MODEL_OR_REVISION,
    NEW_DATA,
    NOW,
    REVISION,
    REVISION_OR_NEW,
    Changes,
    largest,
)
from forecast.wording.words import LIKELY, chance, count, day, listed, lower, plural, sentence, short_day, span

LAST_WEEK, LAST_RUN = "What changed since last week, and why", "What changed since the last run, and why"
ABOUT_A_WEEK = 10
MADE_AGAIN = "the forecast of a week before, made again"
SHORT = {
    MODEL: "model",
    REVISION: "revised figures",
    MODEL_OR_REVISION: "model or revised",
    NEW_DATA: "new figures",
    REVISION_OR_NEW: "new or revised",
    ANY: "all together",
}
_FROM = {
    NEW_DATA: "the new figures",
    REVISION: "revised figures",
    MODEL: "changes to the model",
    MODEL_OR_REVISION: "changes to the model or revised figures (not told apart)",
    REVISION_OR_NEW: "new or revised figures (not told apart)",
    ANY: "new figures, revised figures and the model together (not told apart)",
}
"""Causes in the order in which they are told."""
HOW_TO_READ = (
    "A cause told by itself was found by making last week's forecast again with that one thing changed: first today's "
    "model on what was known then; then the same days as they are told today; what is left is what the new figures, "
    "and a week gone by, have changed. A change of a person or two may be chance."
)
ADD_UP = "Figures are rounded so that they add up."
TENTHS = "Figures are rounded to a tenth one by one, so that sums may be a tenth out."
_KINDS = {
    CORRECTED: ("was corrected", "were corrected"),
    LATE: ("came late", "came late"),
    DOUBTED: ("is now left out because it looks wrong", "are now left out because they look wrong"),
    CLEARED: ("was left out then and now counts", "were left out then and now count"),
}


def heading(changes: Changes, as_of: pd.Timestamp) -> str:
    """Head the section: last week, where the earlier forecast is about a week old."""
    recent = changes.as_of is None or (as_of - changes.as_of).days <= ABOUT_A_WEEK
    return LAST_WEEK if recent else LAST_RUN


def causes(figures: Mapping[str, int]) -> str:
    """List what each cause added, for a table: "new figures +7"; those that added nothing are left out."""
    some = {SHORT[part]: amount for part, amount in figures.items() if part in SHORT and amount}
    return ", ".join(f"{name} {signed(amount)}" for name, amount in some.items()) or "no change"


def signed(amount: int) -> str:
    """Return "+7", "\u22122" or "0"."""
    return f"{amount:+,}".replace("-", "\u2212") if amount else "0"


def opening(changes: Changes) -> str:
    """Say what today's forecast is compared with."""
    if changes.reason or changes.as_of is None:
        return f"What changed cannot be said: {sentence(changes.reason)}"
    if not changes.run:
        return (
            "There is no run of last week to compare with: its forecast of people fit to leave was made again with "
            f"today's model from what was published by {day(changes.as_of)}."
        )
    model = f"has changed since ({listed(changes.model)})" if changes.model else "is the same"
    return f"Compared with the run of {day(changes.as_of)}, week for week. The model {model}."


def moved(changes: Changes, metric: str, location: str, date: pd.Timestamp, place: str) -> str:
    """Say by how much the forecast of one week moved at one place, and why; empty where it is not compared.

    ``place``: its name, in the middle of a sentence.
    """
    found = parts_of(changes, metric, location, date)
    if not found:
        return ""
    figures = whole(found)
    change = figures[NOW] - figures[BEFORE]
    start = f"In the week to {day(date)} the forecast for {place}"
    if not change:
        said = f"{start} hardly changed, at about {count(figures[NOW])} a day"
    else:
        verb = "rose" if change > 0 else "fell"
        said = (
            f"{start} {verb} by {count(abs(change))} a day, from about {count(figures[BEFORE])} to about "
            f"{count(figures[NOW])}"
        )
    return f"{said}{_why(figures, again=not changes.run)}."


def _why(figures: Mapping[str, int], again: bool = False) -> str:
    """Return the causes with what each added; ``again``: both forecasts are by today's model."""
    told = [part for part in _FROM if part in figures and not (again and part == MODEL)]
    some = sorted((part for part in told if figures[part]), key=lambda part: -abs(figures[part]))
    if len(some) < 2:
        return f", all from {_FROM[some[0]]}" if some else ""
    each = [f"{_more(figures[part])} from {_FROM[part]}" for part in some]
    none = [_FROM[part] for part in told if not figures[part]]
    return f": {listed([*each, f'nothing from {_either(none)}'] if none else each)}"


def _either(causes: Sequence[str]) -> str:
    return " or ".join(causes)


def revised(changes: Changes, metric: str, names: Mapping[str, str]) -> str:
    """Say which figures known then are told otherwise now, and the largest correction."""
    rows = changes.revised[changes.revised["metric"] == metric]
    others = changes.elsewhere.get(metric, 0)
    elsewhere = f" {_others(others)}" if others else ""
    if rows.empty:
        return f"No figure of these hospitals that was known then has been changed.{elsewhere}"
    kinds = rows["kind"].value_counts()
    parts = [
        f"{plural(int(kinds[kind]), 'figure')} {one if kinds[kind] == 1 else many}"
        for kind, (one, many) in _KINDS.items()
        if kind in kinds
    ]
    top = largest(rows)
    most = ""
    if top:
        when = short_day(pd.Timestamp(top["date"]))
        where = names.get(top["location"], top["location"])
        most = f" (the largest correction: {where} on {when}, from {count(top['before'])} to {count(top['now'])})"
    return f"Of the days known then, {listed(parts)}{most}.{elsewhere}"


def _others(many: int) -> str:
    verb = "was" if many == 1 else "were"
    return f"At other hospitals, which the model learns from too, {plural(many, 'figure')} {verb} revised."


def peak(changes: Changes, metric: str, location: str) -> str:
    """Say how the chance that a wave's peak has passed went; empty where it is not known of both runs."""
    both = changes.peaks.get(metric, {}).get(location)
    if not both:
        return ""
    before, now = map(chance, both)
    went = f"is {now}, as it was then" if before == now else f"went from {before} to {now}"
    return f"The chance that this season's peak has passed {went}."


def places(changes: Changes, county: str, level: float, labels: Mapping[str, str]) -> str:
    """Say how many places are needed for an assurance, before and now, and why; empty where that is not compared.

    ``labels``: kind of place to its name in the plural.
    """
    said: list[str] = []
    together: dict[str, int] = {}
    for product, label in labels.items():
        found = place_parts(changes, county, level, product)
        if not found:
            continue
        figures = whole(found)
        for part, amount in figures.items():
            together[part] = together.get(part, 0) + amount
        said.append(f"{count(figures[NOW])} {label} ({_than_then(figures[NOW] - figures[BEFORE])})")
    if not said:
        return ""
    why = _why(together, again=not changes.run)
    every = f"; together {_more(together[NOW] - together[BEFORE])}{why}" if why else ""
    return f"Places needed to be {level:.0%} sure that nobody waits too long: {listed(said)}{every}."


def _than_then(change: int) -> str:
    return f"{_more(change)} than then" if change else "as many as then"


def _more(change: int) -> str:
    if not change:
        return "no change"
    return f"{count(abs(change))} {'more' if change > 0 else 'fewer'}"


def came(changes: Changes, metric: str, county: str, members: Mapping[str, str], place: str) -> str:
    """Say what was forecast for the newest week, and what came; empty where no new day has come.

    ``members``: hospitals of the county by name.
    """
    own = changes.week[changes.week["metric"] == metric]
    rows = {str(row["location"]): row for row in own.to_dict("records")}
    if county not in rows:
        return ""
    row = rows[county]
    asked = "The earlier forecast" if changes.run else "Made then, the forecast"
    said = (
        f"{asked} for {_days(row)} gave {place} the {LIKELY} {span(row['low'], row['high'])} a day; "
        f"{count(row['observed'])} came, {_inside(row)} it"
    )
    out = [
        f"{name} ({count(one['observed'])} came, {_inside(one)} its range of {span(one['low'], one['high'])})"
        for code, name in members.items()
        if (one := rows.get(code)) and _inside(one) != "inside"
    ]
    return f"{said}. Outside its range: {listed(out)}." if out else f"{said}."


def _inside(row: Mapping[Hashable, Any]) -> str:
    if row["observed"] < row["low"]:
        return "below"
    return "above" if row["observed"] > row["high"] else "inside"


def _days(row: Mapping[Hashable, Any]) -> str:
    if (row["last"] - row["first"]).days == 6:
        return f"the week to {short_day(row['last'])}"
    return f"{short_day(row['first'])} to {short_day(row['last'])}"


def left_out(changes: Changes, names: Mapping[str, str], labels: Mapping[str, str]) -> list[str]:
    """Say what is not compared, and why; and what else there is to know."""
    said = []
    for metric, each in changes.left_out.items():
        for code, why in each.items():
            what = ", ".join([labels.get(metric, metric), *([names.get(code, code)] if code else [])])
            said.append(f"{what}: not compared. {sentence(_first_up(why))}")
    return [*said, *(sentence(_first_up(remark)) for remark in changes.remarks)]


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def sentences(changes: Changes, metric: str, county: str, names: Mapping[str, str], label: str) -> list[str]:
    """Return the sentences on one measure in a county: what changed, why, what was revised, and what came.

    Parameters
    ----------
    metric, label
        The measure, and its name on screen.
    names
        The county and its hospitals by code, in the middle of a sentence.
    """
    told = [moved(changes, metric, county, date, names[county]) for date in weeks(changes, metric)]
    members = {code: name for code, name in names.items() if code != county}
    more = [revised(changes, metric, names), came(changes, metric, county, members, names[county])]
    found = [one for one in [*told, *(more if any(told) else [])] if one]
    return [f"{label}: {lower(found[0])}", *found[1:]] if found else []


def headline(changes: Changes, metric: str, location: str, place: str) -> str:
    """Say in one sentence how the nearest compared week moved since the run before; empty where that is not known."""
    dates = weeks(changes, metric)
    told = moved(changes, metric, location, dates[0], place) if dates and changes.as_of is not None else ""
    if not told or changes.as_of is None:
        return ""
    since = f"the run of {short_day(changes.as_of)}" if changes.run else f"{short_day(changes.as_of)}, made again"
    return f"Since {since}: {lower(told)}"


def alternative(changes: Changes, metric: str, locations: Mapping[str, str], date: pd.Timestamp, label: str) -> str:
    """Return the text alternative of the chart of steps, with its figures."""
    each = [moved(changes, metric, code, date, name) for code, name in locations.items()]
    lead = f"In the week to {day(date)} the forecast for "
    short = [text.removeprefix(lead).rstrip(".") for text in each if text]
    return f"Step chart of {lower(label)}: how the forecast for the week to {day(date)} changed. {'; '.join(short)}."
