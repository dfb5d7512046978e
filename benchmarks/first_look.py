"""A small rolling-origin check of the forecasters on the fit-to-leave count of Norfolk's three hospitals.

    python benchmarks/first_look.py PATH_TO_REAL

PATH_TO_REAL is a folder with ``nctr_daily.csv.gz``. Eight origins in 2023, 28 days ahead, values as last
published up to the origin, flagged ones masked. WIS is the mean over the 23 hubverse quantiles of twice the
pinball loss, relative to Persistence; coverage is that of the central 90 % range. A first look, not a backtest:
few origins, one year, and no account of when each value was released.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import pandas as pd

import forecast as fc
from forecast.forecasters import (
    Ensemble,
    ExponentialSmoothing,
    Forecaster,
    Persistence,
    ProphetModel,
    SeasonalNaive,
)
from forecast.trajectories import HUBVERSE_QUANTILES

METRIC = "nctr_patients"
LOCATIONS = ["RM1", "RGP", "RCX"]
ORIGINS = pd.date_range("2023-01-08", periods=8, freq="45D")
HORIZON = 28
LEVELS = np.asarray(HUBVERSE_QUANTILES)


def models() -> dict[str, Forecaster]:
    return {
        "Persistence": Persistence(),
        "SeasonalNaive": SeasonalNaive(),
        "ExponentialSmoothing": ExponentialSmoothing(),
        "ProphetModel": ProphetModel(),
        "ETS + Persistence": Ensemble([ExponentialSmoothing(), Persistence()]),
        "Prophet + Persistence": Ensemble([ProphetModel(), Persistence()]),
        "ETS + Prophet": Ensemble([ExponentialSmoothing(), ProphetModel()]),
        "ETS + Prophet + Persistence": Ensemble([ExponentialSmoothing(), ProphetModel(), Persistence()]),
    }


def scored(model: Forecaster, panel: pd.DataFrame, origin: pd.Timestamp) -> pd.DataFrame:
    """One row a location and day that was later observed: WIS and whether the 90 % range held."""
    forecast = model.fit(panel.loc[:origin]).predict(HORIZON, seed=1)
    observed = panel.rename_axis("date").reset_index().melt("date", var_name="location", value_name="observed")
    rows = forecast.quantiles(LEVELS).merge(observed.dropna(), on=["location", "date"])
    error, level = rows["observed"] - rows["value"], rows["quantile"]
    rows["wis"] = 2 * np.maximum(level * error, (level - 1) * error)
    rows["inside"] = np.select([level == 0.05, level == 0.95], [error >= 0, error <= 0], True)
    days = rows.groupby(["location", "date"]).agg(wis=("wis", "mean"), inside=("inside", "all")).reset_index()
    return days.assign(origin=origin, notes="; ".join(forecast.notes.values()))


def main(real: Path) -> None:
    with TemporaryDirectory() as folder:
        store = fc.Store(folder)
        store.add(fc.read(real / "nctr_daily.csv.gz"))
        panel = store.panel(METRIC, LOCATIONS, clean=True)
    scores, seconds = [], {}
    for name, model in models().items():
        start = perf_counter()
        scores += [scored(model, panel, origin).assign(model=name) for origin in ORIGINS]
        seconds[name] = round(perf_counter() - start, 1)
    table = pd.concat(scores)
    by_model = table.groupby("model", sort=False)
    result = pd.DataFrame({"WIS": by_model["wis"].mean(), "coverage 90": by_model["inside"].mean()})
    result["relative WIS"] = result["WIS"] / result.loc["Persistence", "WIS"]
    by_location = table.pivot_table(index="model", columns="location", values="wis")
    by_location = by_location.div(by_location.loc["Persistence"]).add_prefix("relative WIS ")
    print(result.join(by_location).assign(seconds=pd.Series(seconds)).round(3).to_string())
    print(f"{len(ORIGINS)} origins {ORIGINS[0]:%Y-%m-%d} to {ORIGINS[-1]:%Y-%m-%d}, horizon {HORIZON} days")
    for note in table.loc[table["notes"] != "", ["model", "origin", "notes"]].drop_duplicates().itertuples():
        print(f"{note.model}, {note.origin:%Y-%m-%d}: {note.notes}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
