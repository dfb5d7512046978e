"""One task of a backtest: one model at one origin, fitted, forecast and compared with what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import pandas as pd

from forecast.evaluation import frames, measures
from forecast.evaluation.code import described, digest, sources
from forecast.forecasters.base import Forecaster
from forecast.reference import reference
from forecast.trajectories import HUBVERSE_QUANTILES, Trajectories

LEVELS = np.asarray(HUBVERSE_QUANTILES)


@dataclass(frozen=True, eq=False)
class Settings:
    """What all tasks of a backtest share.

    locations are forecast, those of them that are ``kept`` are told; step is the days in one.
    """

    horizon: int
    step: int
    locations: Sequence[str]
    kept: Sequence[str]
    totals: Mapping[str, Sequence[str]]
    samples: int
    seed: int


@dataclass(frozen=True, eq=False)
class Known:
    """What is known at one origin (panel, related), and what happened after it (truth, on the days forecast)."""

    origin: pd.Timestamp
    panel: pd.DataFrame
    related: Mapping[str, pd.DataFrame]
    truth: pd.DataFrame

    def described(self) -> str:
        """Return the same text for the same data."""
        parts = [f"{name}={digest(frame)}" for name, frame in sorted(self.related.items())]
        metric = self.panel.attrs.get("metric", "")
        return f"{self.origin:%Y-%m-%d} {metric} {digest(self.panel)} {digest(self.truth)} {' '.join(parts)}"


@dataclass(frozen=True, eq=False)
class Task:
    """One model at one origin."""

    name: str
    forecaster: Forecaster
    known: Known
    settings: Settings


@dataclass(frozen=True, eq=False)
class Done:
    """What became of a task: its rows, or the reason why it failed."""

    rows: pd.DataFrame | None
    reason: str = ""


def dates_after(origin: pd.Timestamp, last: pd.Timestamp, step: int, horizon: int) -> pd.DatetimeIndex:
    """Return the first ``horizon`` dates after the origin of a panel whose last date is ``last``."""
    passed = (origin - last).days // step
    first = last + pd.Timedelta(days=(passed + 1) * step)
    return pd.date_range(first, periods=horizon, freq=f"{step}D", name="date", unit="us")


def run(task: Task) -> Done:
    """Fit, forecast and compare; a model that raises is a failed task, and the others go on."""
    start = perf_counter()
    try:
        paths = _forecast(task)
        seconds = perf_counter() - start
        return Done(_compared(task, paths, seconds))
    except Exception as error:  # whatever a model of somebody else's raises must not cost the other tasks
        return Done(None, f"{type(error).__name__}: {error}")


def _forecast(task: Task) -> Trajectories:
    known, settings = task.known, task.settings
    model = task.forecaster.fit(known.panel, known.related or None)
    gap = -((known.panel.index[-1] - known.origin).days // settings.step)
    paths = model.predict(gap + settings.horizon, settings.locations, settings.samples, settings.seed)
    for name, members in settings.totals.items():
        paths = paths.with_total(name, of=members)
    paths = paths.select(settings.kept).after(known.origin)
    return Trajectories(
        paths.samples.isel(date=slice(settings.horizon)),
        paths.metric,
        paths.origin,
        paths.notes,
        paths.model,
        paths.step_days,
    )


def _compared(task: Task, paths: Trajectories, seconds: float) -> pd.DataFrame:
    dates, codes = paths.dates, paths.locations
    truth = task.known.truth.reindex(index=dates, columns=codes).to_numpy(dtype=np.float64).T
    ordered = np.sort(np.moveaxis(paths.paths, 1, -1), axis=-1)
    quantiles = measures.quantiles_of(ordered, LEVELS).reshape(-1, len(LEVELS))
    origin = task.known.origin
    horizon = -((origin - dates).days.to_numpy() // task.settings.step)
    columns: dict[str, object] = {
        "model": task.name,
        "location": np.repeat(np.asarray(codes, dtype=object), len(dates)),
        "origin": origin,
        "horizon": np.tile(horizon, len(codes)),
        "date": np.tile(dates.to_numpy(), len(codes)),
        "observed": truth.ravel(),
        **{name: quantiles[:, k] for k, name in enumerate(frames.QUANTILE_COLUMNS)},
        "crps": measures.crps(ordered, truth).ravel(),
        "pit": measures.middle_pit(ordered, truth).ravel(),
        "note": np.repeat(np.asarray([paths.notes.get(code, "") for code in codes], dtype=object), len(dates)),
        "seconds": seconds,
    }
    return pd.DataFrame(columns).astype(
        {"model": "category", "location": "category", "note": "category", "origin": "datetime64[us]"}
    )


def name_of(task: Task, data: str) -> str:
    """Everything a task's result follows from, as text; ``data`` is the description of what is known.

    The reference tables are part of it: forecasters read the effects of bank holidays there.
    """
    settings = task.settings
    shared = [
        settings.horizon,
        settings.step,
        list(settings.locations),
        list(settings.kept),
        {name: list(members) for name, members in settings.totals.items()},
        settings.samples,
        settings.seed,
    ]
    code = sources(__name__, measures.__name__)
    return "\n".join([task.name, described(task.forecaster), repr(shared), data, reference().digest, code])
