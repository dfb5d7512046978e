"""A structural model: a level that drifts, departures from it that fade, a weekday shape that changes slowly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from statsmodels.tsa.statespace.kalman_filter import MEMORY_CONSERVE
from statsmodels.tsa.statespace.mlemodel import MLEModel

from forecast.forecasters.base import Array
from forecast.forecasters.outliers import NORMAL, Flags
from forecast.forecasters.per_location import CannotFitError, LocationForecaster
from forecast.forecasters.prepared import WEEK, Prepared

LEAST_WEEKLY_STEPS = 104
RUN_IN = 14
"""First innovations left out: they show how rough the starting state is."""
SURPRISE = 4.0
"""Innovations of more robust standard deviations than this are taken for missing values."""
USUAL = np.array([-3.5, 0.0, 1.2, -6.8])
"""Centre of the prior: logarithms of the variances of level, departures and weekday shape over that of the noise
(first, second and last), logit of the share of a departure that is left the step after (third). Near the
medians of estimates at 28 English trusts over 2022 and 2023; rounded by hand."""
USUAL_SPREAD = np.array([1.2, 1.1, 0.7, 1.2])
STEPS_OF_SEARCH = 8
UNKNOWN_SEASON, USUAL_SEASON = 100.0, 2.0
"""Variance over that of the noise of each part of the weekday shape before anything is known. Where a weekday never
has a value nothing is learned of it, and a wide prior would be its forecast."""


@dataclass(frozen=True)
class _State:
    prepared: Prepared
    parameters: Array
    mean: Array
    covariance: Array
    transition: Array
    shocks: Array
    noise: float


class StructuralModel(LocationForecaster):
    r"""Local level, fading departures and a weekly season on the logarithm (square root of a small count).

    .. math::

        y_t = \mu_t + \alpha_t + \gamma_t + \varepsilon_t, \quad \mu_{t+1} = \mu_t + \eta_t, \quad
        \alpha_{t+1} = \phi \alpha_t + \kappa_t

    with :math:`\gamma` a trigonometric season of seven days whose harmonics drift (Harvey, *Forecasting, structural
    time series models and the Kalman filter*, 1989, chapter 2); weekly panels have none. Three ratios of variances
    and :math:`\phi` are the mode of likelihood times prior, the remaining variance is concentrated out (statsmodels'
    Kalman filter); missing values need no filling. Bank holidays are taken out before and put back after; values
    before a change of level are moved to the level since. Values whose one-step error exceeds ``SURPRISE`` robust
    standard deviations are taken as missing and the model is estimated once more.

    Parameters
    ----------
    history
        Days of history to learn from; on weekly panels two years at least.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120)
    >>> counts = np.tile([200, 220, 224, 216, 240, 180, 170], 18)[:120] + np.random.default_rng(1).integers(-9, 10, 120)
    >>> panel = pd.DataFrame({"RM1": counts, "RGP": counts // 2}, index=days)
    >>> t = fc.forecasters.StructuralModel().fit(panel).predict(7, locations=["RM1"], samples=200, seed=1)
    >>> low, high = t.quantiles([0.05, 0.95]).groupby("quantile")["value"].mean()
    >>> bool(150 < low < high < 260), dict(t.notes)
    (True, {})
    """

    called = "structural model"

    def __init__(self, *, history: int = 120) -> None:
        self.history = history

    def _fit_location(self, series: pd.Series) -> _State:
        prepared = self._prepared(series)
        values = prepared.scaled
        parameters = self._estimated(values, USUAL, STEPS_OF_SEARCH)
        doubted = self._surprises(values, parameters)
        if doubted.any():
            values = np.where(doubted, np.nan, values)
            parameters = self._estimated(values, parameters, STEPS_OF_SEARCH // 2)
        return self._filtered(prepared, values, parameters)

    def _simulate(self, state: _State, steps: int, samples: int, rng: np.random.Generator) -> Array:
        # Square roots of covariances through their eigenvalues: a state may be known exactly (no season's drift).
        now = state.mean + rng.standard_normal((samples, len(state.mean))) @ _root(state.covariance).T
        shown = _design(len(state.mean))
        sizes = np.sqrt(state.shocks)
        paths = np.empty((samples, steps))
        for h in range(steps):
            paths[:, h] = now @ shown
            now = now @ state.transition.T + rng.standard_normal(now.shape) * sizes
        paths += np.sqrt(state.noise) * rng.standard_normal(paths.shape)
        return state.prepared.counts(paths)

    def _prepared(self, series: pd.Series) -> Prepared:
        steps = self.history if self.step_days_ == 1 else max(self.history // WEEK, LEAST_WEEKLY_STEPS)
        return Prepared.of(series, steps, self.step_days_, self.metric_)

    def _estimated(self, values: Array, start: Array, steps: int) -> Array:
        model = _model(values, self.step_days_)
        model.ssm.set_conserve_memory(MEMORY_CONSERVE)

        def against(parameters: Array) -> float:
            away = (parameters - USUAL) / USUAL_SPREAD
            return float(0.5 * away @ away - model.loglike(parameters))

        found = minimize(against, start, method="L-BFGS-B", options={"maxiter": steps, "eps": 1e-5})
        best: Array = found.x
        return best if np.isfinite(found.fun) else start

    def _surprises(self, values: Array, parameters: Array) -> Flags:
        model = _model(values, self.step_days_)
        model.update(parameters)
        errors = np.abs(model.ssm.filter().standardized_forecasts_error[0])
        usual = NORMAL * float(np.nanmedian(errors[RUN_IN:])) if len(errors) > RUN_IN else 0.0
        surprising: Flags = errors > SURPRISE * max(usual, 1e-9)
        surprising[:RUN_IN] = False
        return surprising

    def _filtered(self, prepared: Prepared, values: Array, parameters: Array) -> _State:
        model = _model(values, self.step_days_)
        model.update(parameters)
        seen = model.ssm.filter()
        scale = float(seen.scale)
        if not (np.isfinite(scale) and np.isfinite(seen.predicted_state_cov[:, :, -1]).all()):
            raise CannotFitError("too few values to tell how much it varies")
        return _State(
            prepared,
            parameters,
            seen.predicted_state[:, -1],
            seen.predicted_state_cov[:, :, -1],
            model.ssm["transition"],
            np.diag(model.ssm["state_cov"]) * scale,
            scale,
        )


def _model(values: Array, step_days: int) -> _StateSpace:
    """Return the model of the values, of which enough must follow the run-in to tell how much they vary."""
    if np.isfinite(values[RUN_IN:]).sum() < RUN_IN:
        raise CannotFitError("too few values lately to tell how much it varies")
    return _StateSpace(values, step_days == 1)


class _StateSpace(MLEModel):  # type: ignore[misc]
    """The model in statsmodels' state space form, its noise variance concentrated out of the likelihood."""

    def __init__(self, values: Array, weekly_season: bool) -> None:
        states = 8 if weekly_season else 2
        super().__init__(values, k_states=states, k_posdef=states)
        self.start = float(np.nanmean(values[: 4 * WEEK]))
        every_day = all(np.isfinite(values[day::WEEK]).any() for day in range(WEEK))
        self.first_season = UNKNOWN_SEASON if every_day else USUAL_SEASON
        transition = np.zeros((states, states))
        transition[0, 0] = 1.0
        for harmonic in range(1, states // 2):
            turn, at = 2 * np.pi * harmonic / WEEK, 2 * harmonic
            transition[at : at + 2, at : at + 2] = [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
        self.ssm["transition"] = transition
        self.ssm["selection"] = np.eye(states)
        self.ssm["design"] = _design(states)[None, :]
        self.ssm["obs_cov"] = np.eye(1)
        self.ssm.filter_concentrated = True
        self.ssm.loglikelihood_burn = RUN_IN

    def update(self, params: Array, **_: Any) -> None:
        level, departures, logit, season = params
        share = 1.0 / (1.0 + np.exp(-logit))
        states = self.k_states
        variances = np.full(states, np.exp(season))
        variances[:2] = np.exp(level), np.exp(departures)
        self.ssm["transition", 1, 1] = share
        self.ssm["state_cov"] = np.diag(variances)
        first, start = np.full(states, self.first_season), np.zeros(states)
        first[:2] = 1000.0, np.exp(departures) / (1.0 - share**2)
        start[0] = self.start
        self.ssm.initialize_known(start, np.diag(first))


def _design(states: int) -> Array:
    """What is seen of the states: level, departures, and the first of each harmonic's pair."""
    seen: Array = np.r_[1.0, 1.0, np.tile([1.0, 0.0], states // 2 - 1)]
    return seen


def _root(covariance: Array) -> Array:
    sizes, axes = np.linalg.eigh((covariance + covariance.T) / 2)
    root: Array = axes * np.sqrt(np.maximum(sizes, 0.0))
    return root
