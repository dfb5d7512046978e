"""A small world in which one thing changes at a time, and a model whose forecast can be worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from forecast.forecasters.base import Array, Forecaster
from forecast.observations.store import Store
from forecast.refit import refit
from forecast.runs import Run
from tests.refitting import HOSPITALS, QUICK

THEN, NOW = "2024-12-20", "2024-12-27"
LAST_THEN, LAST_NOW = "2024-12-15", "2024-12-22"
LEVELS = {"RM1": 100, "RGP": 50, "RCX": 60}
COUNTS = ("nctr_patients", "nctr_remaining")
SETTINGS = replace(QUICK, horizon_days=42, compare_days=7, samples=101)


class Told(Forecaster):
    """Every day ahead is the mean of the last days (or the value of one day) plus something; paths 1 apart."""

    def __init__(self, *, days: int = 7, day: str = "", add: float = 0.0) -> None:
        self.days = days
        self.day = day
        self.add = add

    def _learn(self) -> None:
        chosen = self.panel_.loc[[self.day]] if self.day else self.panel_.iloc[-self.days :]
        self.level_ = chosen.mean()

    def _draw(
        self, locations: list[str], horizon: int, samples: int, seed: int
    ) -> tuple[Sequence[Array], dict[str, str]]:
        away = np.arange(samples) - (samples - 1) / 2
        return [np.repeat((self.level_[code] + self.add + away)[:, None], horizon, axis=1) for code in locations], {}


def told(metric: str = "nctr_patients", last: str = LAST_NOW, weeks: int = 10, **rise: float) -> pd.DataFrame:
    """Weeks to a Sunday whose mean is the level of each hospital, no two alike; ``rise``: of the last week of each."""
    days = pd.date_range(end=last, periods=7 * weeks)
    rng = np.random.default_rng(3)
    away = np.concatenate([rng.permutation(np.arange(-3, 4)) for _ in range(weeks)])
    frames = []
    for code, level in LEVELS.items():
        values = level + np.roll(away, 7 * HOSPITALS.index(code)).astype(float)
        values[-7:] += rise.get(code, 0.0)
        frames.append(
            pd.DataFrame({"date": days, "location": code, "metric": metric, "value": values, "source": "test"})
        )
    return pd.concat(frames, ignore_index=True)


def corrected(frame: pd.DataFrame, day: str, code: str, value: float, released: str = "2024-12-24") -> pd.DataFrame:
    """One value told otherwise, on a later day."""
    row = frame[(frame["date"] == day) & (frame["location"] == code)]
    return row.assign(value=value, released=pd.Timestamp(released), source="a correction")


def run_of(store: Store, models: Path, as_of: str, model: Forecaster, **settings: object) -> Run:
    return refit(store, models, as_of, settings=replace(SETTINGS, **settings), forecaster=lambda _: model)


def middle(run: Run, location: str, metric: str = "nctr_patients", weeks: int = 2) -> dict[str, float]:
    """Part to the middle, of the week that ends so many weeks ahead."""
    rows = run.changes(metric)
    chosen = rows[(rows["location"] == location) & (rows["date"] == run.as_of + pd.Timedelta(weeks=weeks))]
    return {str(part): float(value) for part, value in zip(chosen["part"], chosen["middle"], strict=True)}
