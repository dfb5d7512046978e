"""Sample paths of people fit to leave at hospitals, of one count or both, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError
from forecast.placements.plans.numbers import said
from forecast.placements.plans.wanted import wanted
from forecast.placements.waiting import queue_rules
from forecast.placements.waiting.queue_rules import QueueRule
from forecast.reference import Reference
from forecast.trajectories import Trajectories

METRICS = queue_rules.METRICS
WEEK_DAYS = 7
LEVEL_DAYS = 28
MOST = 20_000
"""More people fit to leave than any hospital holds, more than all of England's do: a forecast of them is a fault."""
FORECASTS = "the sample paths of nctr_patients or nctr_remaining, or of both by metric"

Paths = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Backlog:
    """Paths (sample, date) by metric and hospital, all of the same days and samples."""

    paths: Mapping[str, Mapping[str, Paths]]
    hospitals: tuple[str, ...]
    dates: pd.DatetimeIndex
    origin: pd.Timestamp
    samples: int
    tables: Reference

    @classmethod
    def of(cls, trajectories: Trajectories | Mapping[str, Trajectories], tables: Reference) -> Backlog:
        """Read the hospitals of one forecast or of several by metric.

        Raises
        ------
        InputError
            One is of another metric, they do not belong together, or no hospital is in them.
        """
        if isinstance(trajectories, Trajectories):
            trajectories = {trajectories.metric: trajectories}
        if not isinstance(trajectories, Mapping):
            raise InputError(f"demand: {said(trajectories)} is no forecast; give {FORECASTS}")
        given = dict(trajectories)
        if not given:
            raise InputError("demand: no forecast given; give the sample paths of nctr_patients or nctr_remaining")
        _check(given)
        daily = {metric: as_days(one) for metric, one in given.items()}
        dates = _common({metric: days for metric, (days, _) in daily.items()})
        paths: dict[str, dict[str, Paths]] = {}
        for metric, one in given.items():
            days, values = daily[metric]
            within = values[:, :, days.isin(dates)]
            paths[metric] = {code: within[k] for k, code in enumerate(one.locations) if _is_hospital(code, tables)}
        paths = _drawn_together(paths)
        hospitals = tuple(dict.fromkeys(code for found in paths.values() for code in found))
        first = next(iter(given.values()))
        if not hospitals:
            raise InputError(
                f"demand: the forecast holds {', '.join(first.locations)} and no hospital; give that of the hospitals"
            )
        origin = max(one.origin for one in given.values())
        return cls(paths, hospitals, dates, origin, first.paths.shape[1], tables)

    def queue_of(self, rule: QueueRule) -> tuple[Paths, str] | str:
        """Return the count the rule is about and words for it, or why there is none."""
        code = rule.hospital
        told = [m for m, found in self.paths.items() if code in found and not np.isnan(found[code]).any()]
        chosen = rule.count_in(told)
        if chosen is None:
            return self._lacking(rule)
        metric, ratio = chosen
        highest = float(self.paths[metric][code].max())
        if highest > MOST:
            return f"its forecast of {metric} reaches {highest:,.0f} people, more than any hospital holds ({MOST:,})"
        who = self._label(metric)
        share = "those" if rule.share is None else f"{rule.share:.0%} of those"
        words = f"{share} {who}"
        if metric != rule.metric:
            words = f"{share} {self._label(rule.metric)}, taken as {ratio:.0%} of those {who}"
        return ratio * self.paths[metric][code], f"{words} ({rule.note})" if rule.note else words

    def _lacking(self, rule: QueueRule) -> str:
        code = rule.hospital
        wanted = [metric for metric in (rule.metric, rule.other_metric) if metric]
        for metric in wanted:
            values = self.paths.get(metric, {}).get(code)
            if values is not None:
                days = int(np.isnan(values).any(axis=0).sum())
                return f"no forecast of {metric} on {days} of {len(self.dates)} days"
        why = f"; {rule.note}" if rule.note else ""
        return f"its queue is read off {' or '.join(wanted)}, which this forecast does not hold{why}"

    def _label(self, metric: str) -> str:
        row = self.tables.metric(metric)
        text = row.label if row else metric
        return text[:1].lower() + text[1:]


def _drawn_together(paths: dict[str, dict[str, Paths]]) -> dict[str, dict[str, Paths]]:
    """Put the samples of a second metric in such an order that they are high where those of the first are.

    Two metrics are forecast apart, so that a sample number of one says nothing about the other, although both count the
    same people. Hospitals are summed over metrics here, one read off this metric, another off that: without the order a
    county's range would be too narrow. The sample with the highest mean, over the hospitals that both tell of and over
    the first four weeks, goes with the highest, and so on; a sample stays whole.
    """
    metrics = iter(paths.items())
    first, known = next(metrics)
    found = {first: known}
    for metric, others in metrics:
        both = [code for code in others if code in known and _whole(others[code], known[code])]
        if both:
            high, wanted = _mean_level(others, both).argsort(), _mean_level(known, both).argsort()
            order = high[wanted.argsort()]
            others = {code: values[order] for code, values in others.items()}
        found[metric] = others
    return found


def _mean_level(paths: Mapping[str, Paths], hospitals: list[str]) -> Paths:
    """Mean over the first weeks of hospitals together, by sample."""
    return np.asarray(np.sum([paths[code][:, :LEVEL_DAYS].mean(axis=1) for code in hospitals], axis=0))


def _whole(*paths: Paths) -> bool:
    return not any(np.isnan(one).any() for one in paths)


def _is_hospital(code: str, tables: Reference) -> bool:
    return code not in tables.locations or tables.locations[code].kind == "trust"


def _check(given: Mapping[str, Trajectories]) -> None:
    for metric, one in given.items():
        wanted(f"demand: the forecast of {metric!r}", one, Trajectories, FORECASTS)
        if metric not in METRICS or one.metric not in ("", metric):
            raise InputError(
                f"demand: a forecast of {one.metric or metric!r} given as {metric!r}; give {' or '.join(METRICS)}"
            )
        if one.step_days not in (1, WEEK_DAYS):
            raise InputError(f"demand: {metric} is forecast every {one.step_days} days; give daily or weekly paths")
    counts = {metric: one.paths.shape[1] for metric, one in given.items()}
    if len(set(counts.values())) > 1:
        said = ", ".join(f"{metric} has {count}" for metric, count in counts.items())
        raise InputError(f"demand: the forecasts differ in sample paths ({said}); give those of one run")


def _common(days: Mapping[str, pd.DatetimeIndex]) -> pd.DatetimeIndex:
    """Return the days that every metric is forecast for: the newest datum of one may be older than another's."""
    first, last = max(one[0] for one in days.values()), min(one[-1] for one in days.values())
    if first > last:
        said = ", ".join(f"{metric} {one[0]:%d %B %Y} to {one[-1]:%d %B %Y}" for metric, one in days.items())
        raise InputError(f"demand: the forecasts have no day in common ({said}); give those of one run")
    return pd.date_range(first, last, name="date")


def as_days(one: Trajectories) -> tuple[pd.DatetimeIndex, Paths]:
    """Days of the paths: weekly means, dated by the last day of their week, stand in the middle of it."""
    if one.step_days == 1:
        return one.dates, one.paths
    dates = pd.date_range(one.dates[0] - pd.Timedelta(days=WEEK_DAYS - 1), one.dates[-1], name="date")
    middles = (one.dates - pd.Timedelta(days=WEEK_DAYS // 2) - dates[0]).days.to_numpy()
    # the first and the last mean hold from and to the ends of their weeks
    days = np.clip(np.arange(len(dates)), middles[0], middles[-1])
    after = np.clip(np.searchsorted(middles, days), 1, max(1, len(middles) - 1)) if len(middles) > 1 else None
    if after is None:
        return dates, np.repeat(one.paths, len(dates), axis=2)
    weight = (days - middles[after - 1]) / WEEK_DAYS
    return dates, one.paths[:, :, after - 1] * (1 - weight) + one.paths[:, :, after] * weight
