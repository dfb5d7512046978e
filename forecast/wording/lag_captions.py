"""What is said of the days behind England: sentences, a title, a text alternative."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from forecast.figures.wave_frames import Subject
from forecast.wording import words
from forecast.wording.wave_captions import top
from forecast.wording.words import LIKELY, chance, plural

CHANCES_HEADING = "The chance of each number of days behind"
CHANCES_MARKS = "The longer a bar, the likelier this number of days behind England; below nought, ahead of it."


def lag_story(median: float, low: float, high: float, off_season: bool = False) -> str:
    """Say how far a place runs behind England in the wave of this winter, or of the year that began in July."""
    when = "since July" if off_season else "this winter"
    if median > 0:
        return f"About {_days(median)} behind England {when}, {LIKELY} {_from_to(low, high)}."
    if median < 0:
        return f"About {_days(-median)} ahead of England {when}, {LIKELY} {_from_to(low, high)}."
    return f"In step with England {when}, {LIKELY} {_from_to(low, high)}."


def earlier_story(median: float, low: float, high: float, seasons: Sequence[int]) -> str:
    """Say how far behind England earlier seasons would have a place, where its own figures do not tell."""
    which = words.listed([f"{year}-{(year + 1) % 100:02d}" for year in seasons])
    if median > 0:
        found = f"about {_days(median)} behind England"
    else:
        found = f"about {_days(-median)} ahead of England" if median < 0 else "in step with England"
    return f"Earlier waves of the county's hospitals ({which}) suggest {found}, {LIKELY} {_from_to(low, high)}."


def warning(median: float, low: float, high: float, delay: int) -> str:
    """Say what is left of the lag as a warning once England's figures are published."""
    late = f"England's newest figures are {plural(delay, 'day')} old on the day of this forecast"
    if median <= 0:
        return f"{late}, so its curve gives no usable warning here."
    ends = f"{max(low, 0):.0f} to {max(high, 0):.0f}"
    return f"{late}, so its curve gives about {_days(median)} of usable warning ({LIKELY} {ends})."


def lag_title(subject: Subject) -> list[str]:
    """Return the title of the chart of days behind."""
    return [subject.place, f"Days behind England, {subject.disease}: chance of each"]


def lag_alternative(rows: pd.DataFrame, subject: Subject, story: str) -> str:
    """Return the text alternative of the chart of days behind."""
    best = top(rows, "share")
    return (
        f"Bar chart of how many days {subject.place} runs behind England, {subject.disease}. {story} The likeliest "
        f"single number is {int(best['days'])} ({chance(best['share'])} chance)."
    )


def _days(days: float) -> str:
    return plural(round(days), "day")


def _from_to(low: float, high: float) -> str:
    if low >= 0:
        return f"{low:.0f} to {high:.0f} days behind"
    if high <= 0:
        return f"{-high:.0f} to {-low:.0f} days ahead"
    return f"from {_days(-low)} ahead to {_days(high)} behind"
