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

from forecast.forecasters.arma import Arma, Order
from forecast.forecasters.base import Array
from forecast.forecasters.per_location import LocationForecaster
from forecast.forecasters.prepared import Prepared

TWO_YEARS_DAYS = 730
REMAINDER_DAYS = 365
DAILY = Order(1, 0, 1, 1, 0, 0, (0.93, -0.4, 0.1))
WEEKLY = Order(1, 0, 0, 0, 0, 0, (0.8,))
_GLOBAL_RANDOM = threading.RLock()


@dataclass(frozen=True)
class _Fitted:
    model: Any
    prepared: Prepared
    remainder: Arma
    late: int


class ProphetModel(LocationForecaster):
    r"""Prophet on the logarithm (square root of a small count), with an autoregressive remainder.

    Prophet (Taylor and Letham, *The American Statistician* 72, 2018) gives the trend with its future bends,
    the weekday shape (daily panels), the yearly shape (two years and every month seen) and bank holidays
    (daily panels). It takes no notice of the latest values, whose departures from it last for weeks; so its
    residuals are taken as an autoregression with moving average (``arma.py``), with a memory of the week before on
    daily panels, and continued with resampled errors, in place of Prophet's independent noise. Slips of data entry
    are taken as missing, and values before a change of level are moved to the level since.

    Parameters
    ----------
    history
        Days of history to learn from.
    changepoint_prior_scale
        How freely the trend bends. Stiffer than Prophet's 0.05: passing bends are left to the remainder, which
        fades, where a trend would carry them on.
    country, subdivision
        Whose bank holidays, in the codes of the ``holidays`` package.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120)
    >>> counts = np.tile([200, 220, 224, 216, 240, 180, 170], 18)[:120] + np.random.default_rng(1).integers(-9, 10, 120)
    >>> panel = pd.DataFrame({"RM1": counts, "RGP": counts // 2}, index=days)
    >>> t = fc.forecasters.ProphetModel().fit(panel).predict(7, locations=["RM1"], samples=200, seed=1)
    >>> low, high = t.quantiles([0.05, 0.95]).groupby("quantile")["value"].mean()
    >>> bool(150 < low < high < 260), dict(t.notes)
    (True, {})
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
        steps = max(self.history // self.step_days_, 1)
        prepared = Prepared.of(series, steps, self.step_days_, self.metric_)
        daily = self.step_days_ == 1
        values = prepared.every_weekday if daily else prepared.scaled
        frame = pd.DataFrame({"ds": prepared.dates, "y": values}).dropna()
        with _private_randomness(0):
            model = _prophet()(
                weekly_seasonality=daily,
                yearly_seasonality=_knows_the_year(frame["ds"]),
                daily_seasonality=False,
                # Where the effect of bank holidays is known beforehand, it has been taken out already.
                holidays=self._bank_holidays(frame["ds"]) if daily and not prepared.effects.shapes else None,
                changepoint_prior_scale=self.changepoint_prior_scale,
                uncertainty_samples=0,
            )
            model.fit(frame, seed=1)
            explained = model.predict(pd.DataFrame({"ds": prepared.dates}))["yhat"].to_numpy()
        residuals = values - explained
        known = np.flatnonzero(~np.isnan(residuals))
        filled = np.interp(np.arange(known[-1] + 1), known, residuals[known])[-REMAINDER_DAYS // self.step_days_ :]
        remainder = Arma.of(DAILY if daily else WEEKLY, filled, centred=True)
        return _Fitted(model, prepared, remainder, len(residuals) - 1 - int(known[-1]))

    def _simulate(self, state: _Fitted, steps: int, samples: int, rng: np.random.Generator) -> Array:
        future = pd.DataFrame({"ds": state.prepared.ahead(steps)})
        with _private_randomness(int(rng.integers(2**32))):
            state.model.uncertainty_samples = 0
            fixed = state.model.predict(future)
            state.model.uncertainty_samples = samples
            trend = state.model.predictive_samples(future)["trend"].T
        remainder = state.remainder.ahead(state.late + steps, samples, rng)[:, state.late :]
        return state.prepared.counts(trend + (fixed["yhat"] - fixed["trend"]).to_numpy() + remainder)

    def _bank_holidays(self, dates: pd.Series) -> pd.DataFrame:
        years = range(dates.iloc[0].year, dates.iloc[-1].year + 2)
        days = holidays.country_holidays(self.country, subdiv=self.subdivision, years=years)
        return pd.DataFrame({"ds": pd.to_datetime(list(days.keys())), "holiday": list(days.values())})


def _knows_the_year(dates: pd.Series) -> bool:
    """Whether two years and every month were seen: of winter returns alone the yearly shape is a guess in summer."""
    span: int = (dates.iloc[-1] - dates.iloc[0]).days
    return span >= TWO_YEARS_DAYS and dates.dt.month.nunique() == 12


@cache
def _prophet() -> Any:
    """Prophet's class, imported when first needed (it is slow to load), its chatter turned off."""
    # cmdstanpy prints every step to the screen unless its logger has a handler before its first use.
    logging.getLogger("cmdstanpy").addHandler(logging.NullHandler())
    for name, level in (("cmdstanpy", logging.ERROR), ("prophet", logging.ERROR), ("prophet.plot", logging.CRITICAL)):
        logging.getLogger(name).setLevel(level)
    from prophet import Prophet

    # The import sets its own level.
    logging.getLogger("prophet").setLevel(logging.ERROR)
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
