"""What the forecasts were worth, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from forecast.evaluation.scoring import BASELINE
from forecast.figures.track_frames import AHEAD_DAYS, FEWEST_RUNS, PARTS, WINDOW_DAYS, Held
from forecast.forecasters.replay import FORECAST
from forecast.wording.words import LIKELY, count, listed, plural, short_day, span

SHOULD = 0.9
AGAIN = "again"
RUNS = "runs"
SOURCES = {AGAIN: "Forecasts made again", RUNS: "Past runs"}
WHAT_IT_IS = {
    AGAIN: (
        "No run was published on these dates. The forecast was made again from each, with today's data up to that "
        "date: figures that were corrected later stand here as corrected, and today's model is used. It shows what "
        "this model would have said, a little kindly; past runs show what was known on the day."
    ),
    RUNS: (
        "Each run in the folder of runs knew only what had been published by its date, and is kept as it was. It is "
        "compared with what is known now. Of two runs for one date a weekly run counts before one made afterwards, and "
        "of two of a kind the one served last."
    ),
}
KINDLY = (
    "Forecasts made afterwards knew no figure that was not out by their date, but the model is one chosen later: they "
    "show what it would have said, a little kindly."
)
NAMES = {
    FORECAST: "The forecast",
    BASELINE: "No change",
    "PooledBoosting": "Learned from all hospitals",
    "AutoRegression": "Recent days carried on",
    "StructuralModel": "Level, trend and weekday",
    "WaveGrowth": "Growth of the wave",
    "NationalLag": "England's curve, some days later",
    "ExponentialSmoothing": "Smoothed recent days",
    "ProphetModel": "Trend and time of year",
    "SeasonalNaive": "Same weekday before",
    "SeasonalClimatology": "Usual for the time of year",
}
TIMES_FROM = 2.0
"""From here on a score is told in times that of no change."""
LEVEL = 0.02
"""A difference in score smaller than this is none to speak of."""


def model(name: str) -> str:
    """Return what people call a model; one that nobody has named yet keeps its own name."""
    return NAMES.get(name, name)


def share(value: float) -> str:
    """Return "88%"; never all or nothing unless it is."""
    whole = round(100 * value)
    if whole == 100 and value < 1:
        return "more than 99%"
    return "less than 1%" if whole == 0 and value > 0 else f"{whole}%"


def held(found: Held | None, real: bool) -> str:
    """Say on how many days the likely range held, and what that rests on; empty text where too little is known.

    Parameters
    ----------
    real
        Whether the forecasts are those of past runs, not made again.
    """
    if found is None:
        return ""
    return f"Track record: {_range_held(found)} This rests on {rests_on(found, real)}."


def _range_held(found: Held) -> str:
    return (
        f"the {LIKELY} held on {share(found.share)} of days in the last {WINDOW_DAYS // 7} weeks "
        f"({short_day(found.first)} to {short_day(found.last)}); about {share(SHOULD)} would be right."
    )


def rests_on(found: Held, real: bool) -> str:
    """Return how many forecasts a share of days rests on, and what they are."""
    looked = f"looked at for the {AHEAD_DAYS // 7} weeks that followed"
    if real:
        made = past_runs(found.forecasts - found.afterwards, found.afterwards)
        return f"{made}, each {looked}; a day counts once for every run that forecast it"
    return (
        f"{plural(found.forecasts, 'forecast')} made again from earlier dates with today's data up to each, {looked}, "
        "not on past runs"
    )


def past_runs(weekly: int, afterwards: int) -> str:
    """Return how many past runs there are, of each kind: "9 weekly runs", "4 forecasts made afterwards with ..."."""
    later = f"{plural(afterwards, 'forecast')} made afterwards with only what was published by each day"
    said = [*([plural(weekly, "weekly run")] if weekly or not afterwards else []), *([later] if afterwards else [])]
    return listed(said)


def made(at_the_time: pd.Series) -> pd.Series:
    """Return how each past run came to be, as a file says it."""
    return at_the_time.astype(bool).map({True: "weekly run", False: "made afterwards"})


def lead(found: Held | None, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the answer: how often the range held, and how the forecast compares with no change."""
    if found is None:
        return ["Too little is known yet of how these forecasts turned out to say what they were worth."]
    said = _range_held(found)
    return [said[0].upper() + said[1:], *_compared(rows)]


def basis(found: Held | None, real: bool) -> str:
    """Say what the answer rests on: how many forecasts, and what they are."""
    said = [] if found is None else [f"This rests on {rests_on(found, real)}."]
    if found is not None and found.forecasts < FEWEST_RUNS:
        points = plural(round(100 / found.forecasts), "percentage point")
        said.append(f"That is few: one of them alone can move the share of days by up to {points}.")
    kindly = [KINDLY] if real and found is not None and found.afterwards else []
    return " ".join([*said, WHAT_IT_IS[RUNS if real else AGAIN], *kindly])


def _compared(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    own = [row for row in rows if row["model"] == FORECAST and not pd.isna(row["relative_wis"])]
    if not own:
        return []
    row = own[0]
    return [f"The forecast was {against(row['relative_wis'])}. {leaning(row['bias'])}"]


def against(ratio: float) -> str:
    """Return how a score compares with that of no change: "21% closer to what came than 'no change'"."""
    if abs(ratio - 1) < LEVEL:
        return "about as close to what came as 'no change'"
    if ratio >= TIMES_FROM:
        return f"{ratio:.1f} times as far from what came as 'no change'"
    word = "closer to" if ratio < 1 else "further from"
    return f"{share(abs(1 - ratio))} {word} what came than 'no change'"


def closer(ratio: float) -> str:
    """Return the same as a short label."""
    if math.isnan(ratio):
        return "not known"
    if abs(ratio - 1) < LEVEL:
        return "about the same"
    if ratio >= TIMES_FROM:
        return f"{ratio:.1f} times as far off"
    return f"{share(abs(1 - ratio))} {'closer' if ratio < 1 else 'further off'}"


def leaning(bias: float) -> str:
    """Return on which side of what came the middle of the forecast lay."""
    if round(abs(bias)) == 0:
        return "On average its middle was right to the nearest whole number."
    return f"On average its middle was {count(abs(bias))} too {'high' if bias > 0 else 'low'}."


def one(rows: pd.DataFrame, place: str, what: str, made: pd.Timestamp, real: bool) -> str:
    """Say how one forecast turned out, with figures: the text alternative of its chart.

    Parameters
    ----------
    rows
        date, low, median, high, observed, held: one forecast day by day.
    """
    kind = f"run as of {short_day(made)}" if real else f"forecast made again from {short_day(made)}"
    first, last = rows.iloc[0], rows.iloc[-1]
    said = [
        f"Chart of {what}, {place}: {kind} against what came. Its middle goes from {count(first['median'])} on "
        f"{short_day(first['date'])} to {count(last['median'])} on {short_day(last['date'])}."
    ]
    known = rows[rows["held"].notna()]
    if known.empty:
        return " ".join([*said, "Nothing is known yet of what came."])
    inside = int(known["held"].astype(bool).sum())
    said.append(f"What came lay inside the {LIKELY} on {inside} of {plural(len(known), 'day')} known.")
    newest = known.iloc[-1]
    said.append(
        f"On {short_day(newest['date'])} it was {count(newest['observed'])}; the {LIKELY} was "
        f"{span(newest['low'], newest['high'])}."
    )
    return " ".join(said)


def by_week(rows: pd.DataFrame) -> str:
    """Describe the chart of coverage by week ahead."""
    if rows.empty:
        return ""
    each = listed([f"week {int(row['week'])}: {share(row['share'])}" for row in rows.to_dict("records")])
    return (
        f"Dot chart of the share of days on which the {LIKELY} held, by week ahead. {each}. About 90% would be right."
    )


def by_origin(rows: pd.DataFrame, real: bool) -> str:
    """Describe the chart of coverage of each forecast."""
    if rows.empty:
        return ""
    worst = rows.sort_values("share", kind="stable").to_dict("records")[0]
    enough = int((rows["share"] >= SHOULD).sum())
    kind = "past run" if real else "forecast"
    return (
        f"Dot chart of the share of days on which the {LIKELY} of each {kind} held in its four weeks. Of "
        f"{plural(len(rows), kind)} {enough} reached 90%; the lowest is that of {short_day(worst['origin'])} with "
        f"{share(worst['share'])}."
    )


def relative(rows: Sequence[Mapping[str, Any]]) -> str:
    """Describe the chart of scores against no change."""
    each = [f"{model(row['model'])}: {closer(row['relative_wis'])}" for row in rows if row["model"] != BASELINE]
    return f"Dot chart of how much closer to what came than 'no change' each was. {'; '.join(each)}."


def reliability(rows: pd.DataFrame) -> str:
    """Describe the reliability plot."""
    at = {round(row["level"], 3): row["share"] for row in rows.to_dict("records")}
    return (
        "Dot chart of how many outcomes lay below each level of the forecast. Below the low end of the "
        f"{LIKELY} 5% should lie and {share(at[0.05])} did; below the middle 50% and {share(at[0.5])} did; below the "
        f"high end 95% and {share(at[0.95])} did."
    )


PART_NAMES = (
    "Below the likely range",
    "Lower edge of the range",
    "Just below the middle",
    "Just above the middle",
    "Upper edge of the range",
    "Above the likely range",
)


def parts(rows: pd.DataFrame) -> str:
    """Describe the bars of where outcomes fell."""
    each = [
        f"{name}: {share(row['share'])} where {share(row['should'])} should be"
        for name, row in zip(PART_NAMES, rows.to_dict("records"), strict=True)
    ]
    return f"Bar chart of where in the forecast what came lay. {'; '.join(each)}."


def read_parts(rows: pd.DataFrame) -> str:
    """Say in words what the bars find: ranges too narrow or wide, figures too high or low."""
    values = rows["share"].to_numpy()
    outside = float(values[0] + values[-1])
    low_half = float(values[: len(PARTS) // 2 + 1].sum())
    said = []
    if outside > 0.15:
        said.append("the ranges were too narrow: too much fell outside them")
    elif outside < 0.05:
        said.append("the ranges were wider than they needed to be: almost nothing fell outside them")
    if low_half > 0.6:
        said.append("the forecasts lay too high: most of what came was below their middle")
    elif low_half < 0.4:
        said.append("the forecasts lay too low: most of what came was above their middle")
    return f"Here {'; and '.join(said)}." if said else "Here neither the width nor the height is far out."


def inside(value: bool | None) -> str:
    """Return whether the range held on a day, as a table says it."""
    if value is None:
        return "not known yet"
    return "yes" if value else "no"


def signed(value: float) -> str:
    """Return a lean: "12 too high"."""
    if round(abs(value), 1) == 0:
        return "none"
    return f"{tenth(abs(value))} too {'high' if value > 0 else 'low'}"


def tenth(value: float) -> str:
    """Return a score: a tenth below ten, whole above."""
    return f"{value:,.1f}" if abs(value) < 10 else count(value)


def left_out(skipped: Mapping[str, str]) -> list[str]:
    """Say which runs were left out, and why."""
    return [f"Left out: {reason}" for _, reason in sorted(skipped.items())]
