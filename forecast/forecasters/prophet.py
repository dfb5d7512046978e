"""Prophet: a bending trend, the week, the year and bank holidays; and what it left unexplained lately."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import holidays
import numpy as np
import pandas as pd

from forecast.forecasters.base import Array
from forecast.forecasters.per_location import LocationForecaster
from forecast.forecasters.scale import Scale
from forecast.forecasters.spread import shocks

TWO_YEARS_DAYS = 730
_GLOBAL_RANDOM = threading.RLock()


@dataclass(frozen=True)
class _Fitted:
    model: Any
    scale: Scale
    last: pd.Timestamp
    residual: float
    persistence: float
    shocks: Array


class ProphetModel(LocationForecaster):
    r"""Prophet on the logarithm (square root of a small count), with an autoregressive remainder.

    Prophet (Taylor and Letham, *The American Statistician* 72, 2018) gives the trend with its future bends,
    the weekday shape (daily panels), the yearly shape (two years and every month seen) and bank holidays
    (daily panels). It takes no notice of the latest values, whose departures from it last for weeks; so its
    residuals :math:`r_t` are taken as :math:`r_{t+1} = \phi r_t + \varepsilon` and continued from the
    latest one with resampled :math:`\varepsilon`, in place of Prophet's independent noise.

    Parameters
    ----------
    history
        Days of history to learn from.
    changepoint_prior_scale
        How freely the trend bends. Stiffer than Prophet's 0.05: passing bends are left to the remainder, which
        fades, where a trend would carry them on.
    country, subdivision
        Whose bank holidays, in the codes of the ``holidays`` package.
    """

    called = "seasonal model"

    def __init__(
        self,
        *,
        history: int = 1095,
        changepoint_prior_scale: float = 0.01,
        country: str = "GB",
        subdivision: str = "ENG",
    ) -> None:
        self.history = history
        self.changepoint_prior_scale = changepoint_prior_scale
        self.country = country
        self.subdivision = subdivision

    def _fit_location(self, series: pd.Series) -> _Fitted:
        recent = series.iloc[-max(self.history // self.step_days_, 1) :]
        values = recent.to_numpy(dtype=np.float64)
        scale = Scale.of(values)
        frame = pd.DataFrame({"ds": recent.index, "y": scale.forward(values)}).dropna()
        daily = self.step_days_ == 1
        with _private_randomness(0):
            model = _prophet()(
                weekly_seasonality=daily,
                yearly_seasonality=_knows_the_year(frame["ds"]),
                daily_seasonality=False,
                holidays=self._bank_holidays(frame["ds"]) if daily else None,
                changepoint_prior_scale=self.changepoint_prior_scale,
                uncertainty_samples=0,
            )
            model.fit(frame, seed=1)
            explained = model.predict(frame[["ds"]])["yhat"].to_numpy()
        residuals = pd.Series(frame["y"].to_numpy() - explained, index=frame["ds"]).reindex(recent.index).to_numpy()
        persistence = _autoregression(residuals)
        past = shocks(residuals[1:] - persistence * residuals[:-1])
        return _Fitted(model, scale, recent.index[-1], float(residuals[-1]), persistence, past)

    def _simulate(self, state: _Fitted, steps: int, samples: int, rng: np.random.Generator) -> Array:
        dates = pd.date_range(state.last, periods=steps + 1, freq=f"{self.step_days_}D")[1:]
        future = pd.DataFrame({"ds": dates})
        with _private_randomness(int(rng.integers(2**32))):
            state.model.uncertainty_samples = 0
            fixed = state.model.predict(future)
            state.model.uncertainty_samples = samples
            trend = state.model.predictive_samples(future)["trend"].T
        scaled = trend + (fixed["yhat"] - fixed["trend"]).to_numpy() + _remainder(state, steps, samples, rng)
        return state.scale.back(scaled)

    def _bank_holidays(self, dates: pd.Series) -> pd.DataFrame:
        years = range(dates.iloc[0].year, dates.iloc[-1].year + 2)
        days = holidays.country_holidays(self.country, subdiv=self.subdivision, years=years)
        return pd.DataFrame({"ds": pd.to_datetime(list(days.keys())), "holiday": list(days.values())})


def _knows_the_year(dates: pd.Series) -> bool:
    """Whether two years and every month were seen: of winter returns alone the yearly shape is a guess in summer."""
    span: int = (dates.iloc[-1] - dates.iloc[0]).days
    return span >= TWO_YEARS_DAYS and dates.dt.month.nunique() == 12


def _autoregression(residuals: Array) -> float:
    """Least-squares slope of a residual on the one before, kept within [0, 0.99]."""
    before, after = residuals[:-1], residuals[1:]
    both = ~(np.isnan(before) | np.isnan(after))
    size = float(before[both] @ before[both])
    return float(np.clip(before[both] @ after[both] / size, 0.0, 0.99)) if size > 0 else 0.0


def _remainder(state: _Fitted, steps: int, samples: int, rng: np.random.Generator) -> Array:
    drawn = rng.choice(state.shocks, size=(samples, steps))
    paths = np.empty((samples, steps))
    value = np.full(samples, state.residual)
    for h in range(steps):
        value = state.persistence * value + drawn[:, h]
        paths[:, h] = value
    return paths


@cache
def _prophet() -> Any:
    """Prophet's class, imported when first needed (it is slow to load), its chatter turned off."""
    # cmdstanpy prints every step to the screen unless its logger has a handler before its first use.
    logging.getLogger("cmdstanpy").addHandler(logging.NullHandler())
    for name, level in (("cmdstanpy", logging.ERROR), ("prophet", logging.ERROR), ("prophet.plot", logging.CRITICAL)):
        logging.getLogger(name).setLevel(level)
    from prophet import Prophet

    return Prophet


@contextmanager
def _private_randomness(seed: int) -> Iterator[None]:
    """Seed numpy's global generator, which Prophet draws from, and put it back; one thread at a time."""
    with _GLOBAL_RANDOM:
        before = np.random.get_state()  # noqa: NPY002
        np.random.seed(seed)  # noqa: NPY002
        try:
            yield
        finally:
            np.random.set_state(before)  # noqa: NPY002
