"""Warnings that forecasts are no longer as good as they say, as they stand on This week and in every export."""

from __future__ import annotations

from collections.abc import Sequence

from forecast.reading import by_name
from forecast.runs import Run
from forecast.watching.drift import out_of_control
from forecast.wording import drift_words


def drifting(run: Run, metrics: Sequence[str], locations: Sequence[str]) -> list[str]:
    """Return the warnings of these measures at these places; none where all are in control."""
    names = by_name.places(run)
    found = [one for one in out_of_control(run) if one.metric in metrics and one.location in locations]
    return [text for one in found for text in drift_words.warnings(one, by_name.label(one.metric), names[one.location])]
