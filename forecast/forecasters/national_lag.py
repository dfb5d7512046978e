"""A hospital as its share of the nation, some days behind it, with departures of its own."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.signal import lfilter
from sklearn.base import clone
from statsmodels.tsa.statespace.kalman_filter import MEMORY_CONSERVE
from statsmodels.tsa.statespace.mlemodel import MLEModel

from forecast.forecasters.arima import AutoRegression
from forecast.forecasters.base import SAMPLES, Array, Whole
from forecast.forecasters.national_signal import Signal, national_series, signal_of
from forecast.forecasters.outliers import believed
from forecast.forecasters.per_location import CannotFitError, LocationForecaster, ceiling
from forecast.forecasters.persistence import age_note
from forecast.waves.curves import LEAST_MEAN, WEEK, Counts, weekday_factors
from forecast.waves.lag import Lag, estimate_lag, lag_prior
from forecast.waves.pooling import PooledLags, pool_lags

WAVE_DAYS = 168
"""Days before the origin in which the wave lies whose lag is estimated."""
POOLED = 24
"""Locations, at even distances in the panel, whose lags are estimated and pooled."""
LAGS_AGAIN_DAYS = 182
"""Past forecasts from origins within so many days share the lags that were pooled at the first of them."""
LEVELS = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Quantiles of the lag distribution that stand for it, each for as many paths."""
LEAST_STEPS = 52
UNKNOWN_SHARE = 25.0
"""Variance of the logarithm of the share before anything is known."""
LARGEST = 1e9
RUN_IN, LEAST_SHARED = 3, 12
SHOCKS, LASTING, COUNTING = (0.05, 0.12, 0.25), (0.8, 0.95, 0.99), (0.4, 1.5)
"""Standard deviation of a day's shock to a departure, what is left of it the day after, and the variance of the noise
of single days over that of a random count: the grid from which a location's are chosen by likelihood."""
GRID = tuple(itertools.product(SHOCKS, LASTING, COUNTING))
Noise = tuple[float, float, float]


@dataclass(frozen=True)
class _Wave:
    """What a location's paths start from; one entry a lag in ``lags``, ``means`` and ``covariances``."""

    last: int
    week: Array
    lags: tuple[int, ...]
    means: tuple[Array, ...]
    covariances: tuple[Array, ...]
    noise: Noise
    nation: bool = False


class NationalLag(LocationForecaster):
    r"""Share of the nation some days ago, with a departure that fades.

    .. math::

        y_t \sim (m_t, \nu m_t), \quad \log m_t = \mu + \log C(t - L) + w_{day} + \alpha_t, \quad
        \alpha_{t+1} = \phi \alpha_t + \kappa_t

    with the share :math:`\mu`, the nation's curve :math:`C` and the days behind :math:`L` from ``estimate_lag``, pooled
    over locations as far as they agree (``pool_lags``): paths are divided among five quantiles of its distribution.
    The state space model (Durbin and Koopman, *Time series analysis by state space methods*, 2012, chapter 10: counts
    enter by their working response) is filtered by statsmodels; :math:`\phi` and the variances are chosen from a grid
    by likelihood. Up to :math:`L` days ahead the nation's course is known; beyond, each path follows one of the
    nation's own paths (``AutoRegression``), the same at all locations. Where a location runs ahead of the nation, the
    nation's median path stands for what is not known of it yet.

    The nation is the column ``national`` of the panel, else of the related panel of the same metric, else the mean of
    all locations where there are many; without one every location is left to the baseline, with a note.

    Parameters
    ----------
    national
        Code of the nation.
    history
        Days from which share and departures are learned.

    Attributes
    ----------
    nation_
        The nation's series; None where none is known.
    lags_
        Location -> whole days behind -> probability, of those that a forecast was drawn for.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120)
    >>> counts = np.tile([200, 220, 224, 216, 240, 180, 170], 18)[:120] + np.random.default_rng(1).integers(-9, 10, 120)
    >>> panel = pd.DataFrame({"RM1": counts, "RGP": counts // 2}, index=days)
    >>> wave = 6000 * np.exp(-(((np.arange(120) - 90) / 25) ** 2))
    >>> flu = pd.DataFrame({"ENG": wave, "RM1": np.roll(wave, 7) / 60}, index=days).round()
    >>> forecaster = fc.forecasters.NationalLag().fit(flu)
    >>> t = forecaster.predict(7, locations=["RM1"], samples=100, seed=1)
    >>> forecaster.joint, sorted(forecaster.lags_)
    (True, ['RM1'])
    """

    called = "national curve"

    nation_: pd.Series | None
    lags_: dict[str, pd.Series]

    def __init__(self, *, national: str = "ENG", history: int = 120) -> None:
        self.national = national
        self.history = history

    @property
    def joint(self) -> bool:
        """Whether locations are drawn together: they follow one nation, where one is known."""
        return getattr(self, "nation_", True) is not None

    def _learn(self) -> None:
        super()._learn()
        self.nation_ = national_series(self.panel_, self.related_, self.metric_, self.national)
        self.lags_: dict[str, pd.Series] = {}
        self._pooled: PooledLags | None = None
        self._signal: Signal | None = None
        self._paths_of_nation: Array = np.empty((0, 0))
        if self.nation_ is not None:
            frame = self.nation_.to_frame(self.national)
            frame.attrs["metric"] = self.metric_
            self.model_ = AutoRegression().fit(frame)

    def _needed(self, locations: list[str]) -> list[str]:
        # The nation may be the mean of all, and lags are pooled over all.
        return list(self.panel_.columns)

    def _hindcast(self, locations: list[str], places: Whole, horizon: int, levels: Sequence[float]) -> Array:
        """Of a model learned again at each origin; the pooled lags at most half a year before it, never after."""
        found = np.full((len(locations), len(places), horizon, len(levels)), np.nan)
        panel = self.panel_.copy()
        panel.attrs["metric"] = self.metric_
        pooled: NationalLag | None = None
        for column, place in enumerate(places):
            past = clone(self).fit(panel.iloc[: place + 1], self.related_)
            if pooled is not None and 0 <= (past.origin_ - pooled.origin_).days < LAGS_AGAIN_DAYS:
                past._pooled, past.lags_ = pooled._pooled, dict(pooled.lags_)
            else:
                pooled = past
            paths = past.predict(horizon, locations, SAMPLES).paths
            found[:, column] = np.moveaxis(np.quantile(paths, levels, axis=1), 0, -1)
        return found

    def _draw(
        self, locations: list[str], horizon: int, samples: int, seed: int
    ) -> tuple[Sequence[Array], dict[str, str]]:
        if self.nation_ is not None:
            further = -(-int(-min(lag_prior().index[0], 0)) // self.step_days_)
            keep = WAVE_DAYS + int(lag_prior().index[-1])
            self._signal, self._paths_of_nation = signal_of(
                self.nation_, self.model_, horizon + further, samples, seed, keep
            )
            self.states_ = {}
        drawn, notes = super()._draw(locations, horizon, samples, seed)
        # The baseline's errors of a season's first days, carried on for weeks, know no bounds.
        return [
            np.minimum(own, ceiling(believed(self.panel_[code], self.step_days_)))
            for code, own in zip(locations, drawn, strict=True)
        ], notes

    def _fit_location(self, series: pd.Series) -> _Wave:
        signal = self._signal
        if signal is None:
            raise CannotFitError("no national figures are known")
        code = str(series.name)
        if old := age_note(believed(self.nation_, self.step_days_)) if self.nation_ is not None else "":
            raise CannotFitError(f"the nation's {old}")
        recent = believed(series, self.step_days_)[-max(self.history // self.step_days_, LEAST_STEPS) :].dropna()
        counts = Counts.of(recent)
        week = np.ones(WEEK)
        if self.step_days_ == 1:
            every = recent.asfreq("D")
            week[pd.DatetimeIndex(every.index).day_of_week] = weekday_factors(every).to_numpy()
        if code == self.national:
            return _Wave(int(counts.days[-1]), week, (), (), (), GRID[0], nation=True)
        chance = self._lag(code)
        below = chance.to_numpy().cumsum()
        lags = tuple(int(chance.index.to_numpy()[np.searchsorted(below, level)]) for level in LEVELS)
        days = np.arange(counts.days[0], counts.days[-1] + 1, self.step_days_)
        response, mean = np.full(len(days), np.nan), np.ones(len(days))
        known = np.searchsorted(days, counts.days)
        response[known] = counts.response
        mean[known] = counts.mean
        apart = {lag: response - signal.middle(days - lag) for lag in set(lags)}
        # Early in a season the nation of a month ago is not known: the longer lags are left out.
        known_now = {lag: bool(np.isfinite(signal.middle(days[-1:] - lag)).all()) for lag in set(lags)}
        lags = tuple(lag for lag in lags if known_now[lag] and np.isfinite(apart[lag]).sum() >= LEAST_SHARED)
        if not lags:
            raise CannotFitError("the nation's figures are missing where its own are known")
        likeliest = _Departures(apart[lags[len(lags) // 2]], mean, self.step_days_)
        likeliest.ssm.set_conserve_memory(MEMORY_CONSERVE)
        noise: Noise = max(GRID, key=likeliest.loglike)
        found = {lag: _filtered(_Departures(apart[lag], mean, self.step_days_), noise) for lag in set(lags)}
        return _Wave(
            int(days[-1]),
            week,
            lags,
            tuple(found[lag].predicted_state[:, -1] for lag in lags),
            tuple(found[lag].predicted_state_cov[:, :, -1] for lag in lags),
            noise,
        )

    def _paths(self, code: str, horizon: int, samples: int, rng: np.random.Generator) -> Array:
        # Held in ``_draw``, not given up: a hospital may grow tenfold from a handful of patients as the nation does.
        series = self.panel_[code]
        gap = len(series) - 1 - int(np.flatnonzero(series.notna())[-1])
        return self._simulate(self._state(code), gap + horizon, samples, rng)[:, gap:]

    def _simulate(self, state: _Wave, steps: int, samples: int, rng: np.random.Generator) -> Array:
        if state.nation:
            return self._paths_of_nation[:, :steps]
        signal = self._signal
        if signal is None:
            raise CannotFitError("no national figures are known")
        days = state.last + self.step_days_ * np.arange(1, steps + 1)
        drawn = np.empty((samples, steps))
        which = rng.permutation(np.arange(samples) % len(state.lags))
        for place, lag in enumerate(state.lags):
            own = which == place
            ours, last = signal.at(days - lag)[own], np.array([state.last - lag])
            # The share was learned against the nation's median path where the nation was not known yet.
            ours = ours - (signal.at(last)[own] - signal.middle(last))
            drawn[own] = ours + _departures(state, place, int(own.sum()), steps, self.step_days_, rng)
        if self.step_days_ == 1:
            drawn += np.log(state.week[pd.to_datetime(days, unit="D").day_of_week])
        with np.errstate(over="ignore"):
            means = np.clip(np.exp(drawn), LEAST_MEAN / WEEK, LARGEST)
        counting = state.noise[2]
        return rng.gamma(means / counting, counting)

    def _lag(self, code: str) -> pd.Series:
        """Distribution of the days behind of a location, pooled with others."""
        if self._pooled is None:
            columns = [name for name in self.panel_.columns if name != self.national]
            chosen = np.unique(np.linspace(0, len(columns) - 1, min(POOLED, len(columns))).astype(int))
            self._pooled = pool_lags({(columns[place], "now"): self._estimated(columns[place]) for place in chosen})
            self.lags_ = {hospital: days for (hospital, _), days in self._pooled.seasons.items()}
        # In a large panel the others get what the pooled ones say of a hospital like them: hospitals differ little, and
        # on Covid beds of 2021 an estimate of each one's own changed no score.
        return self.lags_.setdefault(code, self._pooled.new_hospital)

    def _estimated(self, code: str) -> Lag:
        since = self.origin_ - pd.Timedelta(days=WAVE_DAYS)
        nation = self.nation_ if self.nation_ is not None else self.panel_[code]
        return estimate_lag(self.panel_[code][since:], nation[since:])


def _filtered(model: _Departures, noise: Noise) -> Any:
    model.update(noise)
    return model.ssm.filter()


class _Departures(MLEModel):  # type: ignore[misc]
    """A share and a departure that fades, in statsmodels' state space form.

    Parameters
    ----------
    values
        Working response less the nation's logarithm; NaN where missing.
    mean
        What the counts scatter about.
    step_days
        Days in a step.
    """

    def __init__(self, values: Array, mean: Array, step_days: int) -> None:
        super().__init__(values, k_states=2, k_posdef=2)
        self.start, self.mean, self.step_days = float(np.nanmean(values)), mean, step_days
        self.ssm["selection"] = np.eye(2)
        self.ssm["design"] = np.ones((1, 2))
        self.ssm.loglikelihood_burn = RUN_IN

    def update(self, params: Noise, **_: Any) -> None:
        kept, shock = _over(params, self.step_days)
        self.ssm["transition"] = np.diag([1.0, kept])
        self.ssm["obs_cov"] = (params[2] / self.mean)[None, None, :]
        self.ssm["state_cov"] = np.diag([0.0, shock**2])
        self.ssm.initialize_known(np.array([self.start, 0.0]), np.diag([UNKNOWN_SHARE, shock**2 / (1 - kept**2)]))


def _over(noise: Noise, step_days: int) -> tuple[float, float]:
    """What is left of a departure after a step, and the standard deviation of a step's shock."""
    shock, kept, _ = noise
    return kept**step_days, shock * np.sqrt((1 - kept ** (2 * step_days)) / (1 - kept**2))


def _departures(state: _Wave, place: int, samples: int, steps: int, step_days: int, rng: np.random.Generator) -> Array:
    """Paths of share and departure, (samples, steps)."""
    kept, shock = _over(state.noise, step_days)
    sizes, axes = np.linalg.eigh(state.covariances[place])
    start = state.means[place] + rng.standard_normal((samples, 2)) @ (axes * np.sqrt(np.maximum(sizes, 0.0))).T
    shocks = shock * rng.standard_normal((samples, steps))
    # The state is that of the first step ahead already.
    shocks[:, 0] = start[:, 1]
    return np.asarray(start[:, :1] + lfilter([1.0], [1.0, -kept], shocks, axis=1))
