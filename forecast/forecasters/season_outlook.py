"""A season ahead: the short-range forecaster's own paths, carried on for up to thirty weeks without a seam."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from forecast.errors import InputError
from forecast.forecasters.base import Array, Forecaster
from forecast.forecasters.certainty import never_certain
from forecast.forecasters.counts import counts_of, stabilised
from forecast.forecasters.long_range import SCORES, LongRange
from forecast.forecasters.outliers import believed
from forecast.forecasters.per_location import ceiling
from forecast.forecasters.pooled.history import History
from forecast.forecasters.replay import Replay
from forecast.forecasters.yearly_curve import YearlyCurve

LARGEST_CHANGE = 0.5
TOO_LITTLE = "too little history at all places together"
FADE_WEEKS = 1.0
"""Weeks over which a holiday that the short range did not know of comes in."""


class SeasonOutlook(Forecaster):
    r"""Paths of a short-range forecaster, each carried on by what all locations did over months.

    Up to the hand-over the paths are the short-range forecaster's. From there path :math:`k`, whose last week had the
    level :math:`L_k`, goes on as (stabilised scale, :math:`g` weeks after the hand-over)

    .. math:: S(t) + \mu + (1-\beta_g)(L_k - \mu) + u\,\varepsilon_{k,g} + w_{day} + d_{k,t}

    with the curve of the year :math:`S` that all locations share (``YearlyCurve``), the location's usual level
    :math:`\mu` of the last year, the return to it :math:`\beta_g` and the errors :math:`\varepsilon` of this very rule
    in the past of all locations (``LongRange``), the weekday's shape :math:`w` and daily departures :math:`d` that
    start from the path's own; the level keeps a part of the last day's departure, as past levels have. Nothing jumps:
    at :math:`g = 0` all of it is the path's own last week. Of a season's move at the hand-over only as much is taken
    out of :math:`L_k` as the short paths have made: one that knows no Christmas is not lifted in the new year.

    A season may differ from those known: every path has a curve of its own, the same at all locations; and the errors
    keep the tie between locations that past errors had. Both make the range of a county's sum an honest one.

    Parameters
    ----------
    short
        Forecaster of the first weeks; it is cloned before fitting.
    handover
        Days that are the short-range forecaster's.
    longest
        Weeks ahead of the hand-over that are learned; later ones have the range of the last.
    country, subdivision
        Whose bank holidays, in the codes of the ``holidays`` package.

    Notes
    -----
    A location whose values are all equal, and every location where all together have too little history, is left to
    the short-range forecaster to the end, with a note. A short-range forecaster without a weekday shape gets one from
    the hand-over on.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120)
    >>> counts = np.tile([200, 220, 224, 216, 240, 180, 170], 18)[:120] + np.random.default_rng(1).integers(-9, 10, 120)
    >>> panel = pd.DataFrame({"RM1": counts, "RGP": counts // 2}, index=days)
    >>> forecaster = fc.forecasters.SeasonOutlook(fc.forecasters.SeasonalNaive(), handover=14).fit(panel)
    >>> forecaster.predict(60, samples=50, seed=1).paths.shape
    (2, 50, 60)
    >>> forecaster.cannot_carry(), forecaster.joint, forecaster.replay(["RM1"]).paths
    ('', False, {})
    """

    called = "season outlook"

    short_: Forecaster
    curve_: YearlyCurve
    process_: LongRange | None

    def __init__(
        self,
        short: Forecaster,
        *,
        handover: int = 28,
        longest: int = 30,
        country: str = "GB",
        subdivision: str = "ENG",
    ) -> None:
        self.short = short
        self.handover = handover
        self.longest = longest
        self.country = country
        self.subdivision = subdivision

    @property
    def joint(self) -> bool:
        """Whether locations are drawn together: where the short range draws them so."""
        return isinstance(self.short, Forecaster) and self.short.joint

    def _learn(self) -> None:
        if not isinstance(self.short, Forecaster):
            raise InputError(f"SeasonOutlook: short is {self.short!r}; give a forecaster, such as Persistence()")
        for name, value, least in (("handover", self.handover, 7), ("longest", self.longest, 1)):
            if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
                raise InputError(f"SeasonOutlook: {name} is {value!r}; give a whole number of at least {least}")
        panel = self.panel_.copy()
        panel.attrs["metric"] = self.metric_
        self.short_ = clone(self.short).fit(panel, self.related_)
        self.failed_ = dict(self.short_.failed_)
        dates = pd.DatetimeIndex(self.panel_.index)
        past = History(self.panel_.to_numpy(dtype=np.float64), dates.day_of_week.to_numpy(), 7 // self.step_days_)
        self.curve_ = YearlyCurve.learn(_course(past.plain), dates, self.step_days_, self.country, self.subdivision)
        season = self.curve_.basis(dates, self.step_days_) @ self.curve_.mean
        self.process_ = LongRange.learn(past, season, self.longest, list(self.panel_.columns))
        self.level_ = _last_level(past.level, season, past.per_week)

    def _draw(
        self, locations: list[str], horizon: int, samples: int, seed: int
    ) -> tuple[Sequence[Array], dict[str, str]]:
        steps = self.handover // self.step_days_
        near = self.short_.predict(min(horizon, steps), locations, samples, seed)
        notes = dict(near.notes)
        if horizon <= steps:
            return list(near.paths), notes
        process = self.process_
        reasons = {code: self._unused(code) for code in locations}
        drawn = dict(zip(locations, near.paths, strict=True))
        left = [code for code in locations if reasons[code]]
        if left:
            far = self.short_.predict(horizon, left, samples, seed)
            drawn |= dict(zip(left, far.paths, strict=True))
            for code in left:
                said = f"beyond {self.handover} days as the short range ({reasons[code]})"
                notes[code] = "; ".join(filter(None, [far.notes.get(code), said]))
        carried = [code for code in locations if not reasons[code]]
        if process is not None and carried:
            weeks = -(-(horizon - steps) // (7 // self.step_days_)) + 1
            ranks = process.dependence.ranks(carried, weeks, samples, lambda *names: self._stream(seed, *names))
            seasons = self._seasons(steps, horizon, samples, seed)
            for code, scores in zip(carried, ndtri(ranks), strict=True):
                rng = self._stream(seed, code, "daily")
                own = self._carried(process, code, drawn[code], scores, seasons, rng)
                own, certain = never_certain(own, self._as_counts(code, own), _by_step(scores, own.shape[1]))
                if certain and certain not in notes.get(code, ""):
                    notes[code] = "; ".join(filter(None, [notes.get(code), f"beyond {self.handover} days {certain}"]))
                drawn[code] = np.concatenate([drawn[code], own], axis=1)
        return [drawn[code] for code in locations], notes

    def replay(self, locations: Sequence[str], seed: int = 0) -> Replay:
        """Forecasts from earlier origins as the short-range forecaster would have made them then."""
        check_is_fitted(self, "short_")
        return self.short_.replay(locations, seed)

    def cannot_carry(self) -> str:
        """Say why nothing goes on beyond the hand-over as past levels did; empty where paths do.

        Returns
        -------
        str
            The reason, in plain English.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            ``fit`` has not been called.
        """
        check_is_fitted(self, "short_")
        return TOO_LITTLE if self.process_ is None else ""

    def _unused(self, code: str) -> str:
        values = self.panel_[code].dropna()
        if reason := self.cannot_carry():
            return reason
        if (values == values.iloc[0]).all():
            return f"every value is {values.iloc[0]:g}"
        return ""

    def _seasons(self, steps: int, horizon: int, samples: int, seed: int) -> tuple[Array, Array]:
        """Curve of the year on each date ahead, (horizon,), and each path's departure from it, (samples, later)."""
        ahead = pd.date_range(self.origin_, periods=horizon + 1, freq=f"{self.step_days_}D")[1:]
        basis = self.curve_.basis(ahead, self.step_days_)
        draws = self._stream(seed, "", "season").standard_normal((samples, basis.shape[1])) @ self.curve_.root.T
        # What a path's season has been by the hand-over is in the path.
        return basis @ self.curve_.mean, draws @ (basis[steps:] - basis[steps - 1]).T

    def _carried(
        self,
        process: LongRange,
        code: str,
        path: Array,
        scores: Array,
        seasons: tuple[Array, Array],
        rng: np.random.Generator,
    ) -> Array:
        """Counts of one location after the hand-over, (samples, later steps)."""
        place = list(self.panel_.columns).index(code)
        curve, departures = seasons
        steps, per_week = path.shape[1], 7 // self.step_days_
        later = len(curve) - steps
        ahead = np.arange(steps + later)
        weekday = (self.origin_.day_of_week + (ahead + 1) * self.step_days_) % 7
        shape = process.shape[weekday, place]
        plain = stabilised(path[:, -per_week:]) - shape[steps - per_week : steps]
        level = plain.mean(axis=1)
        season_now = float(curve[steps - per_week : steps].mean())
        known = _moved(float(np.median(level)) - float(self.level_[place]), season_now)
        departure = plain[:, -1] - level
        state = level - known + process.carry * departure
        usual = float(np.nan_to_num(process.usual[place], nan=float(state.mean())))
        nodes = self._nodes(process, state, usual, float(process.unit[place]), scores)
        # The level of a week is that of its middle, half a week after the hand-over for the first.
        since = np.arange(1, later + 1)
        middle = (per_week + 1) / 2
        at = np.where(since < middle, since / middle, 1 + (since - middle) / per_week)
        fade = (season_now - known) * np.maximum(0.0, 1.0 - since / (FADE_WEEKS * per_week))
        values = _along(nodes, at) + curve[steps:] - fade + departures + shape[steps:]
        if per_week > 1:
            size, rest = float(process.daily_sd[place]), (1 - process.carry) * departure
            values += _daily_departures(rest, later, size, process.daily_tie, rng)
        return np.minimum(counts_of(values), ceiling(believed(self.panel_[code], self.step_days_)))

    def _nodes(self, process: LongRange, state: Array, usual: float, unit: float, scores: Array) -> Array:
        """Level of each path at the hand-over and in the weeks after it, (samples, weeks + 1)."""
        weeks = scores.shape[1]
        nodes = np.empty((len(state), weeks + 1))
        nodes[:, 0] = state
        for week in range(1, weeks + 1):
            row = min(week, len(process.back) - 1)
            error = unit * np.interp(scores[:, week - 1], SCORES, process.quantiles[row])
            nodes[:, week] = usual + (1 - process.back[row]) * (state - usual) + error
        return nodes


def _course(plain: Array) -> Array:
    """Mean course of all locations, (dates,): the sum of their mean changes, NaN before the first."""
    change = np.clip(np.diff(plain, axis=0, prepend=np.nan), -LARGEST_CHANGE, LARGEST_CHANGE)
    known = ~np.isnan(change)
    count = known.sum(axis=1)
    mean = np.where(known, change, 0.0).sum(axis=1) / np.maximum(count, 1)
    return np.asarray(np.where(np.maximum.accumulate(count) > 0, mean.cumsum(), np.nan))


def _last_level(level: Array, season: Array, per_week: int) -> Array:
    """Newest level of each location less the season, (locations,)."""
    mean = pd.Series(season).rolling(per_week, min_periods=1).mean().to_numpy()
    return np.asarray(pd.DataFrame(level - mean[:, None]).ffill().iloc[-1].to_numpy(), dtype=np.float64)


def _moved(change: float, season: float) -> float:
    """Part of the season's move at the hand-over that the short range made too: some do not know of Christmas."""
    return 0.0 if np.isnan(change) else float(np.clip(change, min(0.0, season), max(0.0, season)))


def _along(nodes: Array, at: Array) -> Array:
    """Values between weekly nodes in straight lines, (samples, len(at))."""
    left = np.minimum(at.astype(int), nodes.shape[1] - 2)
    share = at - left
    return np.asarray(nodes[:, left] * (1 - share) + nodes[:, left + 1] * share)


def _by_step(scores: Array, steps: int) -> Array:
    """Scores of weeks at their steps, (samples, steps)."""
    weeks = np.arange(steps) * scores.shape[1] // steps
    return np.asarray(scores[:, weeks])


def _daily_departures(now: Array, steps: int, size: float, tie: float, rng: np.random.Generator) -> Array:
    """Departures of days from their week, going on from today's, (samples, steps)."""
    shocks = rng.standard_normal((len(now), steps)) * size * np.sqrt(1 - tie**2)
    found = np.zeros((len(now), steps))
    for step in range(steps):
        now = tie * now + shocks[:, step]
        found[:, step] = now
    return found
