"""What every forecaster does the same way: check its input, hold to the origin, return trajectories."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_is_fitted

from forecast.errors import InputError
from forecast.forecasters.panel import checked_panel, cut
from forecast.forecasters.replay import Replay
from forecast.observations.table import step_days
from forecast.trajectories import DIMS, Trajectories

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
NO_VALUES = "cannot say: no values"
SAMPLES = 400
"""Paths that a past forecast is drawn from."""


class Forecaster(BaseEstimator, ABC):  # type: ignore[misc]
    """Base of all forecasters; follows scikit-learn's estimator contract.

    A subclass stores its keyword parameters untouched in ``__init__``, learns in ``_learn`` from ``panel_``
    and draws paths in ``_draw``. Models that treat each location alone build on ``LocationForecaster``.

    Attributes
    ----------
    panel_
        The panel learned from: every step up to the origin by location, negative values taken as zero.
    origin_
        Last date of the panel's index, whatever its values.
    step_days_
        Days in a step: 1 or 7.
    metric_
        ``panel.attrs["metric"]``, or empty.
    related_
        Related panels, cut at the origin.
    failed_
        Locations that could not be learned, with the reason in plain English; they get the baseline.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120)
    >>> counts = np.tile([200, 220, 224, 216, 240, 180, 170], 18)[:120] + np.random.default_rng(1).integers(-9, 10, 120)
    >>> panel = pd.DataFrame({"RM1": counts, "RGP": counts // 2}, index=days)
    >>> forecaster = fc.forecasters.Persistence().fit(panel)
    >>> t = forecaster.predict(14, locations=["RM1"], samples=200, seed=1)
    >>> t.locations, t.paths.shape, t.dates[0]
    (['RM1'], (1, 200, 14), Timestamp('2024-04-30 00:00:00'))
    >>> origins = pd.DatetimeIndex(["2024-03-31", "2024-04-07"])
    >>> forecaster.hindcast(origins, 7, [0.05, 0.5, 0.95], ["RM1"]).shape
    (1, 2, 7, 3)
    >>> forecaster.joint, forecaster.replay(["RM1"]).paths
    (False, {})
    >>> forecaster.get_params(), fc.forecasters.SeasonalNaive().get_params()
    ({}, {})
    """

    panel_: pd.DataFrame
    origin_: pd.Timestamp
    step_days_: int
    metric_: str
    related_: dict[str, pd.DataFrame]
    failed_: dict[str, str]

    def fit(self, panel: pd.DataFrame, related: Mapping[str, pd.DataFrame] | None = None) -> Self:
        """Learn from a panel.

        Parameters
        ----------
        panel
            One metric, DatetimeIndex (days, or one weekday) by location; NaN where missing.
        related
            Other metrics' panels by name; what lies after the origin is dropped.

        Returns
        -------
        Forecaster
            Itself.

        Raises
        ------
        InputError
            The panel cannot be used; the message names the column, date and value.
        """
        self.panel_ = checked_panel(panel)
        self.origin_ = self.panel_.index[-1]
        self.step_days_ = step_days(self.panel_.index)
        self.metric_ = str(panel.attrs.get("metric", ""))
        self.related_ = {name: cut(frame, name, self.origin_) for name, frame in (related or {}).items()}
        self.failed_ = {}
        self._learn()
        return self

    def predict(
        self,
        horizon: int,
        locations: Sequence[str] | None = None,
        samples: int = 1000,
        seed: int = 0,
    ) -> Trajectories:
        """Draw sample paths from the step after the origin.

        Parameters
        ----------
        horizon
            Steps ahead: days of a daily panel, weeks of a weekly one.
        locations
            Which locations; all those learned unless given. A location's paths do not depend on which others
            are asked for.
        samples
            Number of paths.
        seed
            Same seed, same paths.

        Returns
        -------
        Trajectories
            (location, sample, date); never below zero, whole where the panel's values are; notes say which location
            got the baseline and why.

        Raises
        ------
        InputError
            An unknown location, or a number out of range.
        sklearn.exceptions.NotFittedError
            ``fit`` has not been called.
        """
        check_is_fitted(self, "failed_")
        for name, value, least in (("horizon", horizon, 1), ("samples", samples, 1), ("seed", seed, 0)):
            if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
                raise InputError(f"{name} is {value!r}; give a whole number of at least {least}")
        chosen = self._chosen(locations)
        known = [code for code in chosen if self.panel_[code].notna().any()]
        paths = np.full((len(chosen), samples, horizon), np.nan)
        notes = {code: NO_VALUES for code in chosen if code not in known}
        if known:
            drawn, said = self._draw(known, int(horizon), int(samples), int(seed))
            notes |= said
            for code, own in zip(known, drawn, strict=True):
                paths[chosen.index(code)] = self._as_counts(code, own)
        dates = pd.date_range(self.origin_, periods=horizon + 1, freq=f"{self.step_days_}D", unit="us")[1:]
        coords = {"location": chosen, "sample": np.arange(samples), "date": dates}
        return Trajectories(
            samples=xr.DataArray(paths, dims=DIMS, coords=coords),
            metric=self.metric_,
            origin=self.origin_,
            notes=notes,
            model=type(self).__name__,
            step_days=self.step_days_,
        )

    def hindcast(
        self,
        origins: pd.DatetimeIndex,
        horizon: int,
        levels: Sequence[float],
        locations: Sequence[str] | None = None,
    ) -> Array:
        """Quantiles of the forecasts from earlier origins, each from a model learned from nothing that came later.

        Parameters
        ----------
        origins
            Days of the panel's index.
        horizon
            Steps ahead.
        levels
            Quantile levels in (0, 1).
        locations
            Which locations; all those learned unless given.

        Returns
        -------
        Array
            Counts (location, origin, horizon, level); NaN where a location has no value up to an origin.

        Raises
        ------
        InputError
            An origin is not a date of the panel, or a location is not one of its columns.
        sklearn.exceptions.NotFittedError
            ``fit`` has not been called.
        """
        check_is_fitted(self, "failed_")
        days = pd.DatetimeIndex(origins)
        places = self.panel_.index.get_indexer(days)
        if (places < 0).any():
            raise InputError(
                f"no step of the panel on {days[places < 0][0]:%Y-%m-%d}; give origins from "
                f"{self.panel_.index[0]:%Y-%m-%d} to {self.origin_:%Y-%m-%d}"
            )
        return self._hindcast(self._chosen(locations), places.astype(np.int64), horizon, levels)

    def replay(self, locations: Sequence[str], seed: int = 0) -> Replay:
        """Forecasts from earlier origins as this model would have made them then; none where it keeps no record.

        Parameters
        ----------
        locations
            Locations that a forecast has been drawn for.
        seed
            Same seed, same paths.

        Returns
        -------
        Replay
            Of the locations that have a record.
        """
        return Replay({}, pd.DatetimeIndex([]), 1)

    called: ClassVar[str] = "model"
    """What notes for people call it."""

    @property
    def joint(self) -> bool:
        """Whether paths of one number at several locations rise and fall together as past errors did.

        Where not, locations are drawn independently of each other, and the range of their sum assumes that.
        """
        return False

    @abstractmethod
    def _learn(self) -> None:
        """Learn from ``panel_`` and record in ``failed_`` the locations that cannot be learned."""

    @abstractmethod
    def _draw(
        self, locations: list[str], horizon: int, samples: int, seed: int
    ) -> tuple[Sequence[Array], dict[str, str]]:
        """Paths (samples, horizon) of each location, all of which have a value, and notes by location."""

    def _hindcast(self, locations: list[str], places: Whole, horizon: int, levels: Sequence[float]) -> Array:
        """Quantiles at each location and place of the index; unless overridden, of a model learned again there."""
        found = np.full((len(locations), len(places), horizon, len(levels)), np.nan)
        panel = self.panel_[self._needed(locations)].copy()
        panel.attrs["metric"] = self.metric_
        for column, place in enumerate(places):
            past = clone(self).fit(panel.iloc[: place + 1], self.related_)
            paths = past.predict(horizon, locations, SAMPLES).paths
            found[:, column] = np.moveaxis(np.quantile(paths, levels, axis=1), 0, -1)
        return found

    def _needed(self, locations: list[str]) -> list[str]:
        """Columns of the panel that the forecast of these locations depends on."""
        return list(self.panel_.columns)

    def _stream(self, seed: int, *names: str) -> np.random.Generator:
        """Random numbers that depend on seed, metric and names only, not on who else is asked for."""
        digest = hashlib.sha256("\0".join((self.metric_, *names)).encode()).digest()
        return np.random.default_rng([seed, int.from_bytes(digest[:16])])

    def _as_counts(self, code: str, paths: Array) -> Array:
        observed = self.panel_[code].dropna().to_numpy()
        paths = np.maximum(paths, 0.0)
        return np.rint(paths) if bool((observed == np.rint(observed)).all()) else paths

    def _chosen(self, locations: Sequence[str] | None) -> list[str]:
        learned = list(self.panel_.columns)
        if locations is None:
            return learned
        if isinstance(locations, str) or not len(locations):
            raise InputError(f"locations is {locations!r}; give a list of locations, such as {learned[:3]}")
        chosen = [str(code) for code in locations]
        unknown = [code for code in chosen if code not in learned]
        if unknown:
            raise InputError(
                f"no history for location {unknown[0]!r}; this forecaster learned {', '.join(learned[:8])}"
                f"{' and others' if len(learned) > 8 else ''}: fit it on a panel that has the location"
            )
        if len(set(chosen)) < len(chosen):
            raise InputError(f"locations {chosen} name one twice; name each once")
        return chosen
