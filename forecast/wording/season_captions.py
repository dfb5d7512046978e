"""What the chart of the season ahead says in words: title, marks, where it comes from, its text alternative."""

from __future__ import annotations

import pandas as pd

from forecast.figures.fan import Fan
from forecast.wording.words import LIKELY, count, lower, number, plural, sentence, short_day, span

TOLD_WEEKS = (10, 20, 30)
WINTER = ("12-01", "03-01")
HEADING = "The season ahead"
MARKS = (
    "Every figure is the average of a week. Thin line: published. Pale band: likely range (9 in 10). Dark band: 1 in "
    "2. Thick line: middle. Dotted upright: the day of this run."
)
GAP = "A gap in the line: a week without enough usable figures."
CHECKED = (
    "It was checked on past dates of two winters only, and at times assuming no change came closer: see "
    "benchmarks/RESULTS.md in the project. Plan for its range, not for its middle."
)


def title(fan: Fan) -> list[str]:
    """Return the place and the measure, a line each."""
    return [fan.place, f"{fan.metric} ({fan.unit}, weekly averages)"]


def marks(fan: Fan) -> str:
    """Say what the marks of the chart are."""
    weeks = fan.published["date"].diff().iloc[1:]
    return f"{MARKS} {GAP}" if (weeks > pd.Timedelta(weeks=1)).any() else MARKS


def missing(reason: str) -> str:
    """Say that there is no outlook, and why."""
    return f"There is no outlook beyond the forecast above: {sentence(reason)}"


def ahead(fan: Fan) -> list[str]:
    """Say what the outlook is of about ten, twenty and thirty weeks, as far as it goes."""
    rows = fan.forecast.assign(weeks=(fan.forecast["date"] - fan.as_of).dt.days // 7)
    return [
        f"In {int(row['weeks'])} weeks, the week to {short_day(row['date'])}: about {count(row['median'])} a day, "
        f"{LIKELY} {span(row['low'], row['high'])}."
        for row in rows[rows["weeks"].isin(TOLD_WEEKS)].to_dict("records")
    ]


def winters(first: pd.Timestamp, last: pd.Timestamp) -> int:
    """Count the whole winters, December to February, from one day to another."""
    return sum(
        first <= pd.Timestamp(f"{year}-{WINTER[0]}") and pd.Timestamp(f"{year + 1}-{WINTER[1]}") <= last
        for year in range(first.year, last.year)
    )


def handed_over(origin: pd.Timestamp, handover: pd.Timestamp, known: int) -> str:
    """Say up to when the outlook is the forecast of days, and what it is from then on.

    Parameters
    ----------
    origin, handover
        Newest day with data, and last day of the short range.
    known
        Winters that it has learned from.
    """
    weeks = number((handover - origin).days // 7)
    past = "past seasons" if known else "the months known so far"
    return (
        f"Up to {short_day(handover)} this is the forecast above, week by week. Beyond those {weeks} weeks it is what "
        f"{past} did from here: the ranges are wide."
    )


def learned(known: int) -> str:
    """Say how many winters the outlook has learned from, and how far it has been checked."""
    if not known:
        return CHECKED
    return f"It has learned from {number(known)} whole {'winter' if known == 1 else 'winters'}. {CHECKED}"


def too_short(first: pd.Timestamp, known: int) -> str:
    """Warn of a memory without a winter; empty where there is one."""
    if known:
        return ""
    return (
        f"The published figures go back to {short_day(first)} and hold no whole winter (December to February): too "
        "short a memory for seasons. This outlook does not know what a winter does here."
    )


def alternative(fan: Fan, baseline: bool = False) -> str:
    """Return the text alternative: what the chart shows and what it finds, with figures."""
    said = [f"Weekly line chart of {lower(fan.metric)}, {fan.place} ({fan.unit}), average of each week."]
    past, rows = fan.published, fan.forecast
    if len(past):
        top, bottom = past.iloc[int(past["value"].argmax())], past.iloc[int(past["value"].argmin())]
        said.append(
            f"Published, {plural(len(past), 'week')} up to the one to {short_day(past['date'].iloc[-1])}: highest "
            f"{count(top['value'])} in the week to {short_day(top['date'])}, lowest {count(bottom['value'])} in the "
            f"week to {short_day(bottom['date'])}, newest {count(past['value'].iloc[-1])}."
        )
    if len(rows):
        end = rows.iloc[-1]
        said.append(
            f"Outlook to the week to {short_day(end['date'])}: the middle goes from {count(rows['median'].iloc[0])} to "
            f"{count(end['median'])}, staying within {span(rows['median'].min(), rows['median'].max())}; in the last "
            f"week the {LIKELY} is {span(end['low'], end['high'])}, and half of the possible outcomes lie within "
            f"{span(end['quarter'], end['three_quarters'])}."
        )
    else:
        said.append("There is no outlook.")
    return " ".join(said)
