"""A hospital as its share of the nation, some days behind it, with departures of its own."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from statsmodels.tsa.statespace.kalman_filter import MEMORY_CONSERVE
from statsmodels.tsa.statespace.mlemodel import MLEModel

from forecast.forecasters.arima import AutoRegression
from forecast.forecasters.base import Array
from forecast.forecasters.national_signal import Signal, national_series, signal_of
from forecast.forecasters.outliers import believed
from forecast.forecasters.per_location import CannotFitError, LocationForecaster
from forecast.forecasters.persistence import age_note
from forecast.forecasters.prepared import weekday_shape
from forecast.waves.curves import day_numbers
from forecast.waves.lag import Lag, estimate_lag, lag_prior
from forecast.waves.pooling import PooledLags, pool_lags

WAVE_DAYS = 168
"""Days before the origin in which the wave lies whose lag is estimated."""
POOLED = 24
"""Locations, at even distances in the panel, whose lags are pooled."""
LEVELS = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Quantiles of the lag distribution that stand for it, each for as many paths."""
LEAST_COUNT = 0.5
RUN_IN = 3
LASTING, NOISE, DRIFT = (0.7, 0.9, 0.97), (0.3, 2.0), (0.0, 0.02)
"""Part of a departure left after a day, and the variances of the noise of single days and of the drift of the share
over that of the departures' shocks: the grid from which a location's are chosen by likelihood."""
GRID = tuple(itertools.product(LASTING, NOISE, DRIFT))


@dataclass(frozen=True)
class _Wave:
    """What a location's paths start from; one entry a lag in ``lags``, ``means`` and ``covariances``."""

    last: int
    shape: Array
    lags: tuple[int, ...]
    means: tuple[Array, ...]
    covariances: tuple[Array, ...]
    scales: tuple[float, ...]
    chosen: tuple[float, float, float]
    nation: bool = False


class NationalLag(LocationForecaster):
    r"""Share of the nation some days ago, with a departure that fades.

    .. math::

        \log y_t = \mu_t + \log C(t - L) + w_{day} + \alpha_t + \varepsilon_t, \quad
        \mu_{t+1} = \mu_t + \eta_t, \quad \alpha_{t+1} = \phi \alpha_t + \kappa_t

    with the nation's curve :math:`C` and the days behind :math:`L` from ``estimate_lag``, pooled over locations as far
    as they agree (``pool_lags``): paths are divided among five quantiles of its distribution. The state space model
    (Durbin and Koopman, *Time series analysis by state space methods*, 2012, chapter 3) is filtered by statsmodels
    with its noise variance concentrated out; :math:`\phi` and the ratios of variances are chosen from a grid by
    likelihood. Up to ``L`` days ahead the nation's course is known; beyond, each path follows one of the nation's own
    paths (``AutoRegression``), the same at all locations. Where a location runs ahead of the nation, the nation's
    median path stands for what is not known of it yet.

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
    """

    called = "national curve"
    joint: ClassVar[bool] = True

    nation_: pd.Series | None
    lags_: dict[str, pd.Series]

    def __init__(self, *, national: str = "ENG", history: int = 120) -> None:
        self.national = national
        self.history = history

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
        return super()._draw(locations, horizon, samples, seed)

    def _fit_location(self, series: pd.Series) -> _Wave:
        signal = self._signal
        if signal is None:
            raise CannotFitError("no national figures are known")
        code, recent = str(series.name), believed(series, self.step_days_)[-max(self.history // self.step_days_, 52) :]
        values = np.log(np.maximum(recent.to_numpy(dtype=np.float64), LEAST_COUNT))
        dates = pd.DatetimeIndex(recent.index)
        days = day_numbers(dates)
        shape = weekday_shape(values, dates) if self.step_days_ == 1 else np.zeros(7)
        values = values - shape[dates.day_of_week]
        if old := age_note(believed(self.nation_, self.step_days_)) if self.nation_ is not None else "":
            raise CannotFitError(f"the nation's {old}")
        if code == self.national:
            return _Wave(int(days[-1]), shape, (), (), (), (), GRID[0], nation=True)
        chance = self._lag(code)
        below = chance.to_numpy().cumsum()
        lags = tuple(int(chance.index.to_numpy()[np.searchsorted(below, level)]) for level in LEVELS)
        apart = {lag: values - signal.middle(days - lag) for lag in set(lags)}
        if np.isfinite(list(apart.values())).sum(axis=1).min() < 4 * RUN_IN:
            raise CannotFitError("the nation's figures are missing where its own are known")
        chosen = _likeliest(apart[lags[len(lags) // 2]])
        found = {lag: _filtered(own, chosen) for lag, own in apart.items()}
        return _Wave(
            int(days[-1]),
            shape,
            lags,
            tuple(found[lag].predicted_state[:, -1] for lag in lags),
            tuple(found[lag].predicted_state_cov[:, :, -1] for lag in lags),
            tuple(float(found[lag].scale) for lag in lags),
            chosen,
        )

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
            drawn[own] = ours + _departures(state, place, int(own.sum()), steps, rng)
        weekday = pd.to_datetime(days, unit="D").day_of_week if self.step_days_ == 1 else np.zeros(steps, dtype=int)
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(drawn + state.shape[weekday]))

    def _lag(self, code: str) -> pd.Series:
        """Distribution of the days behind of a location, pooled with others."""
        if self._pooled is None:
            columns = [name for name in self.panel_.columns if name != self.national]
            chosen = np.unique(np.linspace(0, len(columns) - 1, min(POOLED, len(columns))).astype(int))
            self._pooled = pool_lags({(columns[place], "now"): self._estimated(columns[place]) for place in chosen})
            self.lags_ = {hospital: days for (hospital, _), days in self._pooled.seasons.items()}
        if code not in self.lags_:
            own = self._estimated(code, self._pooled.new_hospital)
            self.lags_[code] = own.days if own.identifiable else own.prior
        return self.lags_[code]

    def _estimated(self, code: str, prior: pd.Series | None = None) -> Lag:
        since = self.origin_ - pd.Timedelta(days=WAVE_DAYS)
        nation = self.nation_ if self.nation_ is not None else self.panel_[code]
        return estimate_lag(self.panel_[code][since:], nation[since:], prior=prior)


def _likeliest(values: Array) -> tuple[float, float, float]:
    model = _Departures(values)
    model.ssm.set_conserve_memory(MEMORY_CONSERVE)
    return max(GRID, key=model.loglike)


def _filtered(values: Array, chosen: tuple[float, float, float]) -> Any:
    model = _Departures(values)
    model.update(chosen)
    return model.ssm.filter()


class _Departures(MLEModel):  # type: ignore[misc]
    """Share that drifts and a departure that fades, in statsmodels' state space form."""

    def __init__(self, values: Array) -> None:
        super().__init__(values, k_states=2, k_posdef=2)
        self.start = float(np.nanmean(values))
        self.ssm["selection"] = np.eye(2)
        self.ssm["design"] = np.ones((1, 2))
        self.ssm.filter_concentrated = True
        self.ssm.loglikelihood_burn = RUN_IN

    def update(self, params: tuple[float, float, float], **_: Any) -> None:
        lasting, noise, drift = params
        self.ssm["transition"] = np.diag([1.0, lasting])
        self.ssm["obs_cov"] = np.array([[noise]])
        self.ssm["state_cov"] = np.diag([drift, 1.0])
        self.ssm.initialize_known(np.array([self.start, 0.0]), np.diag([1000.0, 1 / (1 - lasting**2)]))


def _departures(state: _Wave, place: int, samples: int, steps: int, rng: np.random.Generator) -> Array:
    """Paths of share and departure, (samples, steps)."""
    lasting, noise, drift = state.chosen
    size = np.sqrt(state.scales[place])
    sizes, axes = np.linalg.eigh(state.covariances[place])
    now = state.means[place] + rng.standard_normal((samples, 2)) @ (axes * np.sqrt(np.maximum(sizes, 0.0))).T
    level, departure = now.T
    drawn = np.empty((samples, steps))
    for step in range(steps):
        drawn[:, step] = level + departure
        level = level + np.sqrt(drift) * size * rng.standard_normal(samples)
        departure = lasting * departure + size * rng.standard_normal(samples)
    return np.asarray(drawn + np.sqrt(noise) * size * rng.standard_normal((samples, steps)))
