"""Everything with which a refit forecasts: so that an earlier forecast can be made again with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from forecast.forecasters.base import Forecaster
from forecast.observations.store import Store
from forecast.reference import Reference
from forecast.runs import MetricForecast
from forecast.runs.places_ahead import PlacesAhead
from forecast.weekly.metric_forecasts import one_metric
from forecast.weekly.place_forecasts import places_of
from forecast.weekly.settings import Settings


@dataclass(frozen=True)
class Today:
    """With what a refit forecasts.

    Parameters
    ----------
    store
        Observations.
    day
        The as-of day.
    settings, forecaster, tables
        See ``refit``.
    counties
        County to its hospitals.
    inputs
        What goes into the run, as its manifest says.
    """

    store: Store
    day: pd.Timestamp
    settings: Settings
    forecaster: Callable[[str], Forecaster]
    tables: Reference
    counties: Mapping[str, list[str]]
    inputs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def hospitals(self) -> list[str]:
        """Hospitals of all counties, each once."""
        return list(dict.fromkeys(code for members in self.counties.values() for code in members))

    def metric(self, name: str, store: Store, day: pd.Timestamp) -> MetricForecast | str:
        """Forecast a metric as of a day from what a store told then; or say in words why not."""
        known = self.tables.metric(name)
        if known is None:
            return "nobody knows this measure"
        return one_metric(store, known, day, self.settings, self.forecaster(name), self.counties, self.tables)

    def places(self, county: str, made: Mapping[str, MetricForecast], store: Store, day: pd.Timestamp) -> PlacesAhead:
        """Plan the places of a county from forecasts as of a day."""
        return places_of(county, self.counties[county], made, store, day, self.settings.seed, self.tables)
