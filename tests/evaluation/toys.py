"""Small panels, and forecasters that show what they are given."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd

from forecast.forecasters import Forecaster, Persistence


def daily(days: int = 122, end: str = "2024-03-30") -> pd.DataFrame:
    rng = np.random.default_rng(1)
    dates = pd.date_range(end=end, periods=days, name="date")
    values = np.rint([200, 100] * np.exp(rng.normal(0, 0.03, (days, 2)).cumsum(axis=0)))
    panel = pd.DataFrame(values, index=dates, columns=["RM1", "RGP"])
    panel.attrs["metric"] = "nctr_patients"
    return panel


def weekly(weeks: int = 80) -> pd.DataFrame:
    dates = pd.date_range(end="2024-03-25", periods=weeks, freq="7D", name="date")
    return pd.DataFrame({"RM1": np.rint(50 + 20 * np.sin(np.arange(weeks) / 4))}, index=dates)


def county() -> dict[str, list[str]]:
    return {"NORFOLK": ["RM1", "RGP"]}


class Exact(Forecaster):
    """Says how many steps ahead it forecasts."""

    def _learn(self) -> None:
        pass

    def _draw(self, locations, horizon, samples, seed):
        steps = np.arange(1, horizon + 1, dtype=float)
        return [np.tile(steps, (samples, 1)) for _ in locations], {}


class Recorder(Persistence):
    """Remembers the last days that it was given: of the panel and of a related one."""

    seen: ClassVar[set[tuple[pd.Timestamp, pd.Timestamp]]] = set()
    lengths: ClassVar[set[int]] = set()

    def _learn(self) -> None:
        if "flu" in self.related_:
            self.seen.add((self.panel_.index[-1], self.related_["flu"].index[-1]))
        self.lengths.add(len(self.panel_))
        super()._learn()


class Falling(Persistence):
    """Breaks at one origin."""

    def _learn(self) -> None:
        if self.origin_ == pd.Timestamp("2024-03-10"):
            raise RuntimeError("it broke at 2024-03-10")
        super()._learn()


class Counting(Persistence):
    """Writes a line for each fit, and kills the whole process at the fit of number ``die_at``."""

    die_at: ClassVar[int] = 0

    def __init__(self, *, log: str) -> None:
        self.log = log

    def _learn(self) -> None:
        with Path(self.log).open("a", encoding="utf-8") as file:
            file.write(f"{self.origin_:%Y-%m-%d}\n")
        if len(Path(self.log).read_text(encoding="utf-8").splitlines()) == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        super()._learn()


class Dying(Persistence):
    """Writes a line for each fit, and kills its process the first time that it comes to the origin ``at``."""

    def __init__(self, *, log: str, at: str = "") -> None:
        self.log = log
        self.at = at

    def _learn(self) -> None:
        origin = f"{self.origin_:%Y-%m-%d}"
        before = Path(self.log).read_text(encoding="utf-8").split()
        with Path(self.log).open("a", encoding="utf-8") as file:
            file.write(f"{origin}\n")
        time.sleep(0.1)  # as a task of days would: results of the one before are collected meanwhile
        if origin == self.at and origin not in before:
            time.sleep(0.5)
            os.kill(os.getpid(), signal.SIGKILL)
        super()._learn()
