"""What the charts of Covid and flu say in words: sentences, titles, text alternatives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from forecast.figures.wave_frames import Echo, Subject
from forecast.waves.peaks import Peak
from forecast.waves.season import Array
from forecast.wording.words import LIKELY, chance, count, plural, sentence, short_day, span

MOST = 0.5
PROBABLY = 0.67
LATE = 0.05
APART = "if neither wave bears on the other"
PEAK_HEADING = "When it peaks, and how high"
LAG_HEADING = "How far behind England"
ABOVE_HEADING = "Days above a number of beds"
SIZE_HEADING = "How high, by the week of the peak"
SIZE_MARKS = "The darker a cell, the higher its chance; an empty cell has none to speak of."
WEEK_MARKS = "The peak is the highest average of seven days in a row. Weeks with next to no chance are left out."
ABOVE_MARKS = "The longer a bar, the likelier so many days in the season, those already known included."
OUTLOOK = (
    "The near weeks are the forecast day by day; beyond them it is what past waves did from here, fitted to this "
    "winter so far. The ranges are wide: plan for them, not for the middle."
)


def missing(what: str, reason: str) -> str:
    """Say that a piece cannot be told, and why."""
    return f"{what} cannot be said: {sentence(reason)}"


def peak_story(peak: Peak, location: str, subject: Subject) -> list[str]:
    """Say in which week the wave peaks, how high, and whether it has passed; or why that cannot be said."""
    if location in peak.reasons:
        return [missing(f"When {subject.disease} peaks here", peak.reasons[location])]
    low, middle, high = (float(peak.sizes[location].quantile(level)) for level in (0.05, 0.5, 0.95))
    best, share, first, last = likely(peak, location)
    if peak.over:
        return [f"{_name(subject)} peaked here in the {of_week(best)}, at about {count(middle)} patients a day."]
    passed = float(peak.passed[location])
    range_said = "" if first == last else f"; {LIKELY} from the {of_week(first)} to that of {short_day(last)}"
    height = f"about {count(middle)} patients a day in its highest week, {LIKELY} {span(low, high)}"
    data_to = short_day(peak.origin)
    if passed > MOST:
        how = "has probably" if passed >= PROBABLY else "may have"
        said = [
            f"{_name(subject)} {how} peaked here already ({chance(passed)} chance, from figures to {data_to}).",
            f"Most likely peak: the {of_week(best)} ({chance(share)} chance{range_said}), {height}.",
        ]
    else:
        said = [
            _to_come(peak, location) or f"Most likely peak: the {of_week(best)} ({chance(share)} chance{range_said}).",
            f"How high: {height}.",
            f"The chance that the peak has passed is {chance(passed)}, from figures to {data_to}.",
        ]
    if peak.reach < peak.window[1] - pd.Timedelta(days=7):
        said.append(f"The forecast ends on {short_day(peak.reach)}: a later peak would not be seen.")
    return said


def _to_come(peak: Peak, location: str) -> str:
    """Say which week is likeliest of those to come, where one that is over is likelier still; else empty."""
    chances = peak.week_probabilities[location]
    best, share, _, last = likely(peak, location)
    weeks = pd.DatetimeIndex(chances.index)
    ahead = chances[weeks + pd.Timedelta(days=6) > peak.origin]
    if best in ahead.index or ahead.empty:
        return ""
    at = leading_at(ahead)
    to_come = chance(float(ahead.iloc[at]))
    return (
        f"Highest so far: the {of_week(best)} ({chance(share)} chance that it stays the highest). More likely the peak "
        f"is still to come, if so most likely in the {of_week(ahead.index[at])} ({to_come} chance; "
        f"{LIKELY} up to the {of_week(last)})."
    )


def likely(peak: Peak, location: str) -> tuple[pd.Timestamp, float, pd.Timestamp, pd.Timestamp]:
    """Return the likeliest week, its chance, and the first and last week of the likely range (9 in 10)."""
    chances = peak.week_probabilities[location]
    weeks = peak.likely_weeks(0.9)
    at = leading_at(chances)
    return (
        pd.Timestamp(chances.index[at]),
        float(chances.iloc[at]),
        pd.Timestamp(weeks["first"][location]),
        pd.Timestamp(weeks["last"][location]),
    )


def leading(chances: pd.Series) -> pd.Timestamp:
    """Return the likeliest week of some chances by week; see ``likely``."""
    return pd.Timestamp(chances.index[leading_at(chances)])


def leading_at(chances: pd.Series) -> int:
    """Place of the likeliest week; the season's last, which stands for all later ones, only if it has half of them."""
    values = chances.to_numpy()
    # A week that has hardly begun when the season ends is no week of weekly paths.
    last = len(values) - (2 if len(values) > 1 and values[-1] == 0 else 1)
    before = values[:last]
    return int(before.argmax()) if before.any() and values[last] <= MOST else int(values.argmax())


def fortnight(share: float, lacking: str) -> str:
    """Say how likely both waves peak together; ``lacking``: which of them cannot be told, in words."""
    if math.isnan(share):
        return missing("Whether flu and Covid peak here within the same fortnight", lacking)
    # Each illness is forecast by itself: how one bears on the other is not told by two or three winters.
    return f"The chance that flu and Covid peak here within the same fortnight is {chance(share)}, {APART}."


def echo_title(found: Echo, subject: Subject) -> list[str]:
    """Return the title of the chart of both curves."""
    return [subject.place, f"{_first_up(subject.patients)}, with England's curve {moved(found.moved)}"]


def echo_marks(subject: Subject) -> str:
    """Say what the lines of the chart are."""
    return (
        f"Solid line: {subject.place}, average of seven days. Dashed line: England, scaled to the same total. Where "
        "the dashed line goes on, it shows what England has had already."
    )


def moved(days: int) -> str:
    """Return by how much England's curve is moved."""
    if not days:
        return "on the same days"
    return f"moved {plural(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"


def echo_alternative(found: Echo, subject: Subject) -> str:
    """Return the text alternative of the chart of both curves."""
    own = found.rows.dropna(subset="own")
    england = found.rows.dropna(subset="england")
    highest, peak = top(own, "own"), top(england, "england")
    said = (
        f"Line chart of {subject.patients}, {subject.place}, with England's curve scaled to it and "
        f"{moved(found.moved)}. The place's highest seven-day average is {count(highest['own'])} on "
        f"{short_day(highest['date'])}; England's, on this scale, {count(peak['england'])} on "
        f"{short_day(peak['date'])}."
    )
    end, last = england.iloc[-1], own.iloc[-1]
    if end["date"] > last["date"]:
        said += (
            f" The place stands at {count(last['own'])} on {short_day(last['date'])}; England's curve goes on to "
            f"{count(end['england'])} on {short_day(end['date'])}."
        )
    return said


def week_marks(peak: Peak, location: str) -> str:
    """Say what a bar is, and what the last week stands for where the season ends with a chance of a peak."""
    # Of weekly data the last calendar week may lie outside by its middle day.
    last = float(peak.week_probabilities[location].iloc[-2:].sum())
    late = f" The last week shown also stands for a peak after {short_day(peak.window[1])}." if last >= LATE else ""
    return WEEK_MARKS + ("" if peak.over else late)


def week_title(subject: Subject) -> list[str]:
    """Return the title of the chart of peak weeks."""
    return [subject.place, f"Chance that {subject.disease} peaks in each week"]


def week_alternative(rows: pd.DataFrame, subject: Subject) -> str:
    """Return the text alternative of the chart of peak weeks."""
    best = top(rows, "share")
    past = float(rows.loc[rows["past"], "share"].sum())
    said = (
        f"Bar chart of the chance of each week to hold the peak of {subject.disease}, {subject.place}: highest in the "
        f"{of_week(best['week'])} ({chance(best['share'])})"
    )
    near = rows[(rows["week"] - best["week"]).abs() <= pd.Timedelta(days=7)]
    said += f", {chance(float(near['share'].sum()))} within a week of it." if len(near) > 1 else "."
    return f"{said} Weeks that are over already: {chance(past)} together." if past else said


def size_title(subject: Subject) -> list[str]:
    """Return the title of the picture of size and week."""
    return [subject.place, f"Highest seven-day average of {subject.patients}, by week of the peak: chance of each"]


def size_alternative(rows: pd.DataFrame, subject: Subject) -> str:
    """Return the text alternative of the picture of size and week."""
    best = top(rows, "share")
    bands: dict[tuple[float, float], float] = {}
    for one in rows.to_dict("records"):
        bands[one["low"], one["high"]] = bands.get((one["low"], one["high"]), 0.0) + one["share"]
    said = "; ".join(f"{band(low, high)} {chance(share)}" for (low, high), share in bands.items())
    return (
        f"Table of colours: the chance of each height and week of the peak of {subject.disease}, {subject.place}. "
        f"Likeliest together: {band(best['low'], best['high'])} patients in the {of_week(best['week'])} "
        f"({chance(best['share'])}). By height alone: {said}."
    )


def band(low: float, high: float) -> str:
    """Return a band of sizes: "under 20", "20 to 40", "60 or more"."""
    if low <= 0:
        return f"under {count(high)}"
    return f"{count(low)} or more" if high == float("inf") else f"{count(low)} to {count(high)}"


def above_title(subject: Subject, beds: int) -> list[str]:
    """Return the title of the chart of days above a threshold."""
    return [subject.place, f"Days this season with more than {count(beds)} {subject.patients}: chance of each"]


def above_story(days: Array, beds: int, so_far: int, peak: Peak) -> str:
    """Say on how many days of the season there are more patients than ``beds``."""
    low, middle, high = (float(np.quantile(days, level)) for level in (0.05, 0.5, 0.95))
    first, last = short_day(peak.window[0]), short_day(peak.reach)
    some = f"any such day: {chance(float((days > 0).mean()))} chance" if not so_far else f"{count(so_far)} so far"
    return (
        f"More than {count(beds)} patients at once, {first} to {last}: about {plural(round(middle), 'day')}, {LIKELY} "
        f"{span(low, high)} ({some})."
    )


def above_alternative(rows: pd.DataFrame, subject: Subject, story: str) -> str:
    """Return the text alternative of the chart of days above a threshold."""
    every = rows.to_dict("records")
    said = ", ".join(f"{days_band(row['first'], row['last'])} {chance(row['share'])}" for row in every)
    return f"Bar chart of days above the threshold, {subject.patients}, {subject.place}. {story} By length: {said}."


def days_band(first: float, last: float) -> str:
    """Return a band of days: "no day", "1 to 7 days", "57 days or more"."""
    if first == 0:
        return "no day"
    return f"{first:.0f} days or more" if pd.isna(last) else f"{first:.0f} to {last:.0f} days"


def of_week(monday: pd.Timestamp) -> str:
    """Return "week of 13 January 2025"."""
    return f"week of {short_day(monday)}"


def top(rows: pd.DataFrame, column: str) -> dict[str, Any]:
    """Return the first row that has the highest value of a column."""
    at = int(rows[column].argmax())
    return {str(name): rows[name].iloc[at] for name in rows}


def _name(subject: Subject) -> str:
    return _first_up(subject.disease)


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
