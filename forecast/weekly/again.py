"""An earlier forecast, made again where one thing differs: the stages between it and today's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from forecast.observations.store import Store
from forecast.placements.waiting.backlog_paths import METRICS as COUNTS
from forecast.runs import MetricForecast, Run, wave_ahead
from forecast.runs.changes_ahead import BEFORE, MODEL, NOW, REVISION
from forecast.runs.places_ahead import PlacesAhead
from forecast.summary import WEEKS_AHEAD
from forecast.trajectories import Trajectories
from forecast.weekly.attribution import STAGES, place_rows, week_rows
from forecast.weekly.same_inputs import same_figures
from forecast.weekly.today import Today

BOTH, ONE, NONE = 2, 1, 0
"""How many forecasts may be made again for a measure. The whole job must not take twice as long: the backlog, which
places hang on, is taken apart whole; a wave, which takes three times as long to learn, by one forecast; the rest by
none."""
Made = Mapping[str, MetricForecast]


@dataclass(frozen=True)
class Then:
    """The earlier forecast, and how to make it again.

    Parameters
    ----------
    day
        Its as-of day.
    known
        The store as it was.
    retold
        The same days as they are told today.
    model
        What of the model differs, in words; metric by metric where only its forecaster does.
    run
        None where it was never made.
    held
        Whether the store still holds every file that the run read.
    """

    day: pd.Timestamp
    known: Store
    retold: Store
    model: Mapping[str, tuple[str, ...]]
    run: Run | None
    held: bool


class Comparison:
    """Forecasts of then, made again where one thing differs; says which were made and what was left out."""

    def __init__(self, today: Today, then: Then, made: Made) -> None:
        self.today, self.then, self.made = today, then, made
        self.rerun: dict[str, list[str]] = {}
        self.left_out: dict[str, dict[str, str]] = {}
        self._stages: dict[str, dict[str, MetricForecast | None]] = {}

    def stages(self, metric: str) -> dict[str, Trajectories | None] | None:
        """Paths of each stage; None where there is nothing to compare with."""
        found = self._forecasts(metric)
        if found is None or found[BEFORE] is None:
            return None
        self._stages[metric] = found
        return {name: one.trajectories if one else None for name, one in found.items()}

    def _forecasts(self, metric: str) -> dict[str, MetricForecast | None] | None:
        then, may = self.then, self._may(metric)
        if then.run is None and may < BOTH:
            return None
        before = self._before(metric)
        if before is None:
            return None
        same = not then.model.get(metric, ())
        untouched = same_figures(self.today, metric, then.known, then.retold, then.day)
        model = revision = None
        if same:
            model = before
        elif may == BOTH or (may == ONE and untouched):
            model = self._again(metric, then.known, MODEL)
        if untouched:
            revision = model
        elif may >= ONE:
            revision = self._again(metric, then.retold, REVISION)
        return {BEFORE: before, MODEL: model, REVISION: revision, NOW: self.made[metric]}

    def _may(self, metric: str) -> int:
        known = self.today.tables.metric(metric)
        return BOTH if metric in COUNTS else ONE if known and wave_ahead.wanted(known) else NONE

    def _before(self, metric: str) -> MetricForecast | None:
        run = self.then.run
        if run is None:
            return self._again(metric, self.then.known, BEFORE)
        if metric not in run.metrics:
            self._leave_out(metric, "", run.skipped.get(metric, "it was not forecast then"))
            return None
        paths = run.trajectories(metric)
        others = [county for county in run.counties if run.members(county) != self.today.counties.get(county)]
        kept = [code for code in paths.locations if code not in others]
        for county in set(others) & set(self.today.counties):
            self._leave_out(metric, county, "other hospitals were summed then")
        if not kept:
            return None
        return _bare(metric, paths.select(kept), run.cannot_say(metric))

    def _again(self, metric: str, store: Store, stage: str) -> MetricForecast | None:
        self.rerun.setdefault(metric, []).append(stage)
        found = self.today.metric(metric, store, self.then.day)
        if isinstance(found, str):
            self._leave_out(metric, "", found)
            return None
        return found

    def _leave_out(self, metric: str, location: str, why: str) -> None:
        self.left_out.setdefault(metric, {})[location] = why

    def weeks(self, metric: str, stages: Mapping[str, Trajectories | None]) -> list[dict[str, object]]:
        """Rows of ``FORECAST_COLUMNS`` on a metric."""
        rows: list[dict[str, object]] = []
        now = self.made[metric]
        for location in now.trajectories.locations:
            for weeks in WEEKS_AHEAD:
                date = self.today.day + pd.Timedelta(weeks=weeks)
                found = week_rows(stages, metric, location, date)
                rows += found
                if not found and location not in self.left_out.get(metric, {}):
                    self._leave_out(metric, location, self._why_not(now, location, date, stages[BEFORE]))
        return rows

    def _why_not(self, now: MetricForecast, location: str, date: pd.Timestamp, before: Trajectories | None) -> str:
        if location in now.cannot_say:
            return f"no forecast now: {now.cannot_say[location]}"
        if before is None or location not in before.locations:
            return "it was not forecast then"
        if before.dates[-1] < date - pd.Timedelta(days=before.step_days - 1):
            return f"the earlier forecast ended on {before.dates[-1]:%-d %B %Y}"
        return "there was no forecast then"

    def places(self, county: str, now: PlacesAhead) -> list[dict[str, object]]:
        """Rows of ``PLACE_COLUMNS`` on a county."""
        run, then = self.then.run, self.then
        if now.reason or not any(metric in self._stages for metric in COUNTS):
            return []
        if run is None:
            before = self._planned(county, BEFORE, then.known)
        elif county in run.counties and run.members(county) == self.today.counties[county]:
            before = None if run.no_placements(county) else run.places_needed(county)
        else:
            before = None
        if before is None:
            return []
        same = run is None or not any(then.model.get(metric, ()) for metric in COUNTS)
        model = before if same else self._planned(county, MODEL, then.known)
        revision = self._planned(county, REVISION, then.retold)
        tables = dict(zip(STAGES, (before, model, revision, now.needed), strict=True))
        return place_rows(tables, county)

    def _planned(self, county: str, stage: str, store: Store) -> pd.DataFrame | None:
        """Places needed from the forecasts of one stage; None where one of the counts has none there."""
        chosen = {metric: found[stage] for metric, found in self._stages.items() if metric in COUNTS}
        made = {metric: one for metric, one in chosen.items() if one is not None}
        if len(made) < len(chosen):
            return None
        found = self.today.places(county, made, store, self.then.day)
        return None if found.reason else found.needed


def _bare(metric: str, paths: Trajectories, cannot_say: Mapping[str, str]) -> MetricForecast:
    """The forecast of a finished run, as far as it is compared."""
    nothing = pd.DataFrame()
    return MetricForecast(metric, paths, paths, nothing, nothing, nothing, cannot_say)
