"""What a refit has made, caught before it is published; and hospitals enough to say what is usual."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from forecast.forecasters.base import Forecaster
from forecast.gate.verdict import Verdict
from forecast.observations.store import Store
from forecast.reference import reference
from forecast.refit import refit
from forecast.runs import Run
from forecast.weekly.candidate import Candidate
from tests.weekly.compared_runs import LAST_NOW, NOW, SETTINGS, Told
from tests.weekly.compared_runs import told as of_three


def published(
    store: Store, models: Path, as_of: str = NOW, model: Forecaster | None = None, **settings: object
) -> tuple[Run, Candidate]:
    """A run as of a day, and what it was made from."""
    caught: list[Candidate] = []

    def judge(candidate: Candidate) -> Verdict:
        caught.append(candidate)
        return Verdict()

    run = refit(
        store,
        models,
        as_of,
        settings=type(SETTINGS)(**{**vars(SETTINGS), **settings}),
        forecaster=lambda _: model or Told(),
        judge=judge,
    )
    return run, caught[0]


def looked_at(store: Store, day: str = NOW, metric: str = "nctr_patients") -> Any:
    """As much of what a refit has made as the checks of figures look at, without making it."""
    return SimpleNamespace(
        today=SimpleNamespace(store=store, day=pd.Timestamp(day), tables=reference()), made={metric: None}
    )


def trusts(many: int = 12) -> list[str]:
    """Codes of trusts that are none of the three."""
    every = [code for code, place in reference().locations.items() if place.kind == "trust"]
    return [code for code in every if code not in {"RM1", "RGP", "RCX"}][:many]


def of_many(last: str = LAST_NOW, weeks: int = 20, many: int = 12, metric: str = "nctr_patients") -> pd.DataFrame:
    """Weeks to a Sunday of the three and as many others, each about a level of its own."""
    days = pd.date_range(end=last, periods=7 * weeks)
    rng = np.random.default_rng(7)
    frames = [of_three(metric, last, weeks)]
    for place, code in enumerate(trusts(many)):
        values = (100 + 5 * place + rng.integers(-4, 5, len(days))).astype(float)
        frames.append(
            pd.DataFrame({"date": days, "location": code, "metric": metric, "value": values, "source": "test"})
        )
    return pd.concat(frames, ignore_index=True)
