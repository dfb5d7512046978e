"""The nation: where its series comes from, what is learned of its past, and its paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.forecasters.base import Array
from forecast.forecasters.curves import prior
from forecast.forecasters.curves.library import SEASON_MONTH, Wave, generic, season_of, seasons, shared, waves
from forecast.forecasters.curves.particles import OPEN, SEASONAL, Course, Particles, weigh
from forecast.forecasters.curves.weekly import Weeks, numbers, weeks_of
from forecast.observations.table import regular, step_days

LEAST_SHARE_KNOWN = 0.8
"""Of a usual day's total that the hospitals known on a day must make up for their sum to stand for the nation."""
MEMBER_DAYS = 56
"""Days in half of which a hospital must have been known to be part of the nation's sum."""
GENERIC_SHARE = 0.95
"""Weight of even curves in the library: the turns of a handful of past winters would else be read into this one."""
SMALLEST_PLACE = 100.0
"""Patients at the peak of a place other than the nation whose curve joins the library."""
MOST_PLACES = 12
LOOK_BACK_WEEKS = 16
SEASONAL_CONCENTRATION = 0.6
"""Mean resultant length of the days of the year of past peaks above which a disease has a season."""
FEWEST_PEAKS = 3
SAME_TIME_DAYS = 60
RATIO_WEEKS = 6
BEHIND_DAYS = 7
"""Days by which beds follow admissions, where no past winter tells."""


@dataclass(frozen=True)
class Nation:
    """What is learned of the nation.

    Parameters
    ----------
    weeks
        Its levels.
    library
        Past waves, with generic ones.
    past
        Past waves of the nation itself (size in its own unit), or of related series turned into it.
    seasonal
        Whether the disease has a season.
    rough
        Whether sizes of past waves are those of another series, turned into the nation's by a ratio.
    """

    weeks: Weeks
    library: Sequence[Wave]
    past: Sequence[Wave]
    seasonal: bool
    rough: bool

    def paths(self, ahead: int, samples: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Logarithm of the level, (samples, weeks), and the day numbers of the weeks, from the start of the season on.

        A season's curve ends in June; where the horizon reaches the next one, that is drawn from what is usual. A
        disease without season has another wave some time within a year.
        """
        now = self.particles(ahead)
        found = now.draw(samples, rng)
        days = self._days(ahead)
        start = len(days) - ahead
        later = np.arange(len(days)) >= start
        if self.seasonal:
            later = np.array([season_of(day) > season_of(self.weeks.levels.index[-1]) for day in days])
        if later.any() and self._sized():
            year = days[later][0] + pd.to_timedelta(7 * np.arange(52), unit="D")
            following = self._following(year, samples, rng)[:, : later.sum()]
            if not self.seasonal:
                following += np.log(-np.expm1(-np.arange(1, ahead + 1) / prior.RISE_WEEKS))
            found[:, later] = np.logaddexp(found[:, later], following)
        return found, now.course.days

    def _following(self, year: pd.DatetimeIndex, samples: int, rng: np.random.Generator) -> Array:
        """The wave after this one, of which nothing has been seen, over a year, (samples, 52)."""
        nothing = Course(numbers(year), np.empty(0), np.empty(0))
        if self.seasonal:
            chance, sizes = self._seasonal(year)
            return weigh(nothing, SEASONAL, self.library, chance, sizes).draw(samples, rng)
        chance = (np.arange(len(year)) >= prior.NEXT_WEEKS).astype(np.float64)
        sizes = prior.open_sizes(self._sized(), self._offset)
        return weigh(nothing, OPEN, self.library, chance / chance.sum(), sizes).draw(samples, rng)

    def particles(self, ahead: int) -> Particles:
        """Particles over the season so far, or the last weeks, and so many weeks ahead."""
        days = self._days(ahead)
        back = len(days) - ahead
        own = Weeks(self.weeks.levels.reindex(days[:back]), self.weeks.unit, self.weeks.noise)
        course = Course(numbers(days), own.logs, own.variance)
        if self.seasonal:
            this = np.array([season_of(day) == season_of(self.weeks.levels.index[-1]) for day in days])
            chance, sizes = self._seasonal(days)
            return weigh(course, SEASONAL, self.library, chance * this, sizes)
        where = np.arange(len(days)) - (back - 1)
        chance = ((where >= -prior.BACK_WEEKS) & (where <= prior.AHEAD_WEEKS)).astype(np.float64)
        sized = self._sized()
        sizes = prior.open_sizes(sized, self._offset) if sized else prior.unknown_sizes(self._highest)
        return weigh(course, OPEN, self.library, chance / chance.sum(), sizes, still=prior.NO_WAVE)

    @property
    def _offset(self) -> float:
        return 0.5 / self.weeks.unit

    @property
    def _highest(self) -> float:
        top = float(np.nan_to_num(self.weeks.levels.max()))
        return float(np.log(max(top, 10.0 * self._offset) + self._offset))

    def _sized(self) -> list[Wave]:
        return [wave for wave in self.past if np.isfinite(wave.size)]

    def _seasonal(self, days: pd.DatetimeIndex) -> tuple[Array, prior.Sizes]:
        """Chance of each week to be the peak of its season, and sizes."""
        chance = prior.peak_days([wave.peak for wave in prior.to_speak_of(self.past)], days)
        sized = [wave.size for wave in self._sized()]
        sizes = prior.seasonal_sizes(sized, self._offset, self.rough) if sized else prior.unknown_sizes(self._highest)
        return (chance if chance.sum() > 0 else np.ones(len(days))), sizes

    def _days(self, ahead: int) -> pd.DatetimeIndex:
        """Middles of the weeks of the season so far, or of the last weeks, and of those ahead."""
        last = self.weeks.levels.index[-1]
        first = last - pd.Timedelta(weeks=LOOK_BACK_WEEKS)
        if self.seasonal:
            first = min(pd.Timestamp(year=season_of(last), month=SEASON_MONTH, day=1), last - pd.Timedelta(weeks=2))
        back = (last - first).days // 7
        return pd.DatetimeIndex(last + pd.to_timedelta(7 * np.arange(-back, ahead + 1), unit="D"))


def learn(
    panel: pd.DataFrame,
    related: Mapping[str, pd.DataFrame],
    metric: str,
    national: str,
    seasonal: bool | None,
    origin: pd.Timestamp,
) -> Nation:
    """Learn the nation's past from a panel and from related series of the same disease.

    Parameters
    ----------
    panel
        One metric, days or weeks by location.
    related
        Other metrics' panels; those whose name begins with the same word as ``metric`` are of the same disease.
    metric
        Name of the panel's metric.
    national
        Name of the nation's column.
    seasonal
        Whether the disease has a season; told from past peaks where None.
    origin
        Last day.
    """
    step = step_days(pd.DatetimeIndex(panel.index))
    weeks = weeks_of(_national(panel, related.get(metric), national), step, origin)
    series = {"": weeks}
    disease = metric.split("_")[0]
    for name, frame in related.items():
        if disease and name.split("_")[0] == disease and name != metric and national in frame:
            known = frame[[national]].dropna()
            if len(known) > 1 and (own_step := step_days(pd.DatetimeIndex(known.index))) in (1, 7):
                series[name] = weeks_of(regular(known)[national], own_step, origin)
    found = {name: waves(one, 0.0) for name, one in series.items()}
    if seasonal is None:
        seasonal = any(_concentrated(one) for one in found.values())
    if seasonal:
        before = season_of(origin)
        found = {name: seasons(one, before) for name, one in series.items()}
    past = _as_own(found, series)
    places = {name: prior.to_speak_of(own) if seasonal else list(own) for name, own in found.items() if own}
    for code in _largest(panel, national):
        there = weeks_of(panel[code], step, origin)
        own = seasons(there, season_of(origin)) if seasonal else waves(there, SMALLEST_PLACE)
        places[code] = [wave for wave in own if wave.size >= SMALLEST_PLACE]
    library = shared(places)
    total = sum(wave.weight for wave in library)
    share = GENERIC_SHARE * total / (1 - GENERIC_SHARE) if library else 1.0
    library += [Wave(one.curve, one.first, one.peak, one.size, share * one.weight) for one in generic()]
    return Nation(weeks, library, past, seasonal, not found[""])


def _national(panel: pd.DataFrame, other: pd.DataFrame | None, national: str) -> pd.Series:
    """The nation's series: its column, that of the related frame of the same metric, else the sum of the hospitals."""
    if national in panel:
        return _filled(panel[national], panel.drop(columns=national))
    if other is not None and national in other:
        return other[national].reindex(panel.index)
    lately = panel.iloc[-MEMBER_DAYS // step_days(pd.DatetimeIndex(panel.index)) :]
    members = panel.loc[:, (lately.notna().mean() >= 0.5) & (panel.min() < panel.max())]
    filled = (members if members.shape[1] else panel).interpolate(limit=7, limit_area="inside")
    known = filled.notna()
    usual = filled.median().fillna(0.0)
    share = (known * usual).sum(axis=1) / max(float(usual.sum()), 1e-9)
    total = filled.sum(axis=1, min_count=1) / share.where(share > 0)
    return total.where((share >= LEAST_SHARE_KNOWN) | (float(usual.sum()) == 0.0))


def _filled(nation: pd.Series, others: pd.DataFrame) -> pd.Series:
    """The nation's series; where its end is missing and other places tell of enough patients, filled from their sum."""
    last = nation.last_valid_index()
    if last is None or last == nation.index[-1] or others.empty:
        return nation
    total = _national(others, None, "")
    ratio = (nation / total).where((nation > 0) & (total > 0)).dropna().iloc[-MEMBER_DAYS // 2 :]
    if ratio.empty or not total.loc[last:].max() >= SMALLEST_PLACE:
        return nation
    return nation.where(nation.index <= last, total * float(ratio.median()))


def _largest(panel: pd.DataFrame, national: str) -> list[str]:
    """Places whose past waves join the library: those with the most patients."""
    others = panel.drop(columns=national, errors="ignore").max().dropna().sort_values(ascending=False)
    return [str(code) for code in others.index[: MOST_PLACES if len(others) > 1 else 0]]


def _concentrated(past: Sequence[Wave]) -> bool:
    """Whether the peaks of a series that are no mere ripples fall in one part of the year."""
    sizes = np.array([wave.size for wave in past])
    peaks = [wave.peak for wave in past if wave.size >= prior.NOTHING_SHARE * np.median(np.sort(sizes)[-FEWEST_PEAKS:])]
    if len(peaks) < FEWEST_PEAKS:
        return False
    angle = 2 * np.pi * np.array([day.day_of_year for day in peaks]) / 365.25
    return bool(np.hypot(np.cos(angle).mean(), np.sin(angle).mean()) > SEASONAL_CONCENTRATION)


def _as_own(found: Mapping[str, Sequence[Wave]], series: Mapping[str, Weeks]) -> list[Wave]:
    """Past waves of the nation: its own, and those of related series with sizes and dates turned into its own.

    Where both know a winter, the mean difference of the logarithms of sizes and of peak days turns the one into the
    other; where the nation has no past wave, the newest weeks that both know give the ratio of sizes.
    """
    own = list(found[""])
    past = list(own)
    for name, others in found.items():
        pairs = [(mine, one) for mine in own for one in others if _same_time(mine, one)] if name else []
        if not name or (own and not pairs):
            continue
        factor, later = _ratio(series[""], series[name]), float(BEHIND_DAYS)
        if pairs:
            factor = float(np.mean([np.log(mine.size / one.size) for mine, one in pairs]))
            later = float(np.mean([(mine.peak - one.peak).days for mine, one in pairs]))
        for one in others:
            if not any(_same_time(one, mine) for mine in past):
                moved = one.peak + pd.Timedelta(days=round(later))
                past.append(Wave(one.curve, one.first, moved, one.size * float(np.exp(factor))))
    return past


def _ratio(own: Weeks, other: Weeks) -> float:
    """Logarithm of the ratio of two series over the newest weeks that both know; NaN where there are none."""
    days, values = numbers(pd.DatetimeIndex(other.levels.index)), other.levels.to_numpy(dtype=np.float64)
    known = values > 0
    at = numbers(pd.DatetimeIndex(own.levels.index)) - BEHIND_DAYS
    near = np.abs(at[:, None] - days[known]).min(axis=1, initial=np.inf) <= 7
    both = np.flatnonzero(near & (own.levels.to_numpy() > 0))[-RATIO_WEEKS:]
    if not len(both):
        return float("nan")
    there = np.interp(at[both], days[known], np.log(values[known]))
    return float(np.mean(np.log(own.levels.to_numpy()[both]) - there))


def _same_time(one: Wave, other: Wave) -> bool:
    return abs((one.peak - other.peak).days) <= SAME_TIME_DAYS
