"""What a chart says in words: its title, what its marks mean, and its text alternative."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

import pandas as pd

from forecast.figures.fan import Fan
from forecast.wording.words import LIKELY, SIMULATED, count, lower, plural, sentence, short_day, span

TITLE_WIDTH = 34
SUBTITLE_WIDTH = 38
DAYS_HEADING = "The next weeks, day by day"
THIN = "Thin line: published."
BANDS = "Pale band: likely range (9 in 10), low to high. Dark band: 1 in 2. Thick line: middle."


def title(fan: Fan) -> list[str]:
    """Return the place and the measure, a line each."""
    return [fan.place, f"{fan.metric} ({fan.unit})"]


def narrow(lines: Sequence[str]) -> list[str]:
    """Return the lines broken so that they fit the narrowest phone."""
    return [part for line in lines for part in wrap(line, TITLE_WIDTH)]


def subtitle(simulated: bool) -> list[str]:
    """Mark a simulated chart that may be copied out of its page, in lines that fit the narrowest phone."""
    return wrap(SIMULATED, SUBTITLE_WIDTH) if simulated else []


def marks(fan: Fan, baseline: bool, off_chart: bool = False) -> str:
    """Say what the marks of the chart are: how to read it."""
    said = [THIN] if len(fan.published) else []
    if len(fan.forecast):
        said.append(BANDS)
    said.append(f"Dotted upright: {short_day(fan.as_of)}, the day of this run.")
    if fan.published["flagged"].any():
        said.append("Hollow circles: published, but they look wrong and are left out; Data says why.")
    if baseline and len(fan.baseline):
        where = "; its upper end is off the chart" if off_chart else ""
        said.append(f"Dashed: likely range (9 in 10) of no change{where}.")
    return " ".join(said)


def left_out(fan: Fan) -> str:
    """Say why the comparison with no change is not drawn; empty where it is."""
    return f"The comparison with no change is left out: {sentence(fan.left_out)}" if fan.left_out else ""


def alternative(fan: Fan, baseline: bool = False) -> str:
    """Return the text alternative of a fan chart: what it shows and what it finds, with figures."""
    said = [f"Line chart of {lower(fan.metric)}, {fan.place} ({fan.unit}), day by day."]
    said += _published(fan.published)
    if len(fan.forecast):
        first, end = fan.forecast.iloc[0], fan.forecast.iloc[-1]
        said.append(
            f"Forecast from {short_day(first['date'])} to {short_day(end['date'])}: the middle goes from "
            f"{count(first['median'])} to {count(end['median'])}; on the last day the {LIKELY} is "
            f"{span(end['low'], end['high'])}, and half of the possible outcomes lie within "
            f"{span(end['quarter'], end['three_quarters'])}."
        )
    else:
        said.append("There is no forecast.")
    if baseline and len(fan.baseline):
        end = fan.baseline.iloc[-1]
        said.append(
            f"Dashed lines: with no change the {LIKELY} on {short_day(end['date'])} would be "
            f"{span(end['low'], end['high'])}."
        )
    return " ".join(said)


def _published(rows: pd.DataFrame) -> list[str]:
    usable = rows[~rows["flagged"]]
    wrong = int(rows["flagged"].sum())
    said = []
    if len(usable):
        top, bottom = (usable.iloc[int(usable["value"].argmax())], usable.iloc[int(usable["value"].argmin())])
        newest = usable.iloc[-1]
        said.append(
            f"Published from {short_day(usable['date'].iloc[0])} to {short_day(newest['date'])}: highest "
            f"{count(top['value'])} on {short_day(top['date'])}, lowest {count(bottom['value'])} on "
            f"{short_day(bottom['date'])}, newest {count(newest['value'])}."
        )
    if wrong:
        verb = "looks" if wrong == 1 else "look"
        said.append(f"{plural(wrong, 'published value')} {verb} wrong: drawn as hollow marks, left out of the line.")
    return said
