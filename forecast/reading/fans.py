"""Fans of a run: the next weeks day by day, and the season ahead, at any place. Each piece is read once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pandas as pd

from forecast.figures.fan import Fan, make_fan, season_fan
from forecast.reading.by_name import label, members, places, rare, unit
from forecast.runs import Run
from forecast.trajectories import Trajectories
from forecast.waves.peaks import Peak
from forecast.wording import words

PAST_WEEKS = 53
"""A year back, so that the same weeks of last year stand beside those ahead."""


class Fans:
    """The fans of one run, for who draws or lists many of them at once.

    Parameters
    ----------
    run
        A finished run.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self._paths: Callable[[str], Trajectories] = cache(run.trajectories)
        self._baseline: Callable[[str], Trajectories] = cache(run.baseline)
        self._outlook: Callable[[str], Trajectories] = cache(run.outlook)
        self._history: Callable[[str], pd.DataFrame] = cache(run.history)
        self._flags: Callable[[str], pd.DataFrame] = cache(run.flags)
        self._every: Callable[[str, str], Fan] = cache(self._make)

    def near(self, metric: str, location: str, days: int | None = None) -> Fan:
        """Fan of the next weeks; ``days``: of history to keep, all when left out."""
        every = self._every(metric, location)
        if days is None:
            return every
        first = self.run.last_observed(metric) - pd.Timedelta(days=days)
        past = every.published
        return replace(every, published=past[past["date"] > first].reset_index(drop=True))

    def season(self, metric: str, location: str, weeks: int | None = PAST_WEEKS) -> Fan:
        """Fan of the season ahead, weekly means; ``weeks``: of history to keep. Raises where the run has none."""
        near = self._every(metric, location)
        return season_fan(near, self._outlook(metric), location, self._history(metric), weeks)

    def _make(self, metric: str, location: str) -> Fan:
        rarely = list(rare(self.run, metric, location))
        return make_fan(
            metric=label(metric),
            place=places(self.run)[location],
            unit=unit(metric),
            location=location,
            as_of=self.run.as_of,
            history=self._history(metric),
            flags=self._flags(metric),
            trajectories=self._paths(metric),
            baseline=self._baseline(metric),
            members=members(self.run, location),
            simulated=self.run.simulated,
            left_out=f"on many days next to nobody is counted at {words.listed(rarely)}" if rarely else "",
        )


def to_the_end(fan: Fan, found: Peak | str) -> Fan:
    """Cut a season's fan off at the end of the season of peaks, where there is one and it is not over."""
    if isinstance(found, str):
        return fan
    within = fan.forecast["date"] <= found.window[1] + pd.Timedelta(days=6)
    return replace(fan, forecast=fan.forecast[within].reset_index(drop=True)) if within.any() else fan
