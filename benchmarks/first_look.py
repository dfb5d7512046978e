"""A small rolling-origin check of the forecasters on Norfolk's three hospitals and the county.

    python benchmarks/first_look.py ../shared/real

Origins to the end of 2023 only, 28 days ahead from the last datum, values as last published up to the origin, flagged
ones masked. WIS is the mean over the 23 hubverse quantiles of twice the pinball loss, as a ratio to Persistence's;
coverage is that of the central 90 % range. A first look that chose the members of ``default_forecaster``, not a
backtest: few origins, and no account of when each value was released.
"""

from __future__ import annotations

import argparse
import logging
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

import forecast as fc
from forecast.forecasters import Ensemble, ExponentialSmoothing, Forecaster, Persistence, ProphetModel, SeasonalNaive
from forecast.ingest import ingest_files
from forecast.sources import find_files
from forecast.trajectories import HUBVERSE_QUANTILES

HOSPITALS = ["RM1", "RGP", "RCX"]
HORIZON = 28
HISTORY_DAYS = 1095
LEVELS = np.asarray(HUBVERSE_QUANTILES)
ORIGINS = {
    "nctr_patients": pd.date_range("2022-10-02", "2023-11-26", freq="35D"),
    "nctr_remaining": pd.date_range("2022-10-02", "2023-11-26", freq="35D"),
    "covid_beds_occupied": pd.date_range("2021-07-04", "2021-12-19", freq="28D"),
    "flu_beds": pd.date_range("2022-12-18", "2023-03-05", freq="14D"),
    "ga_beds_occupied": pd.DatetimeIndex(
        ["2022-01-02", "2022-01-23", "2022-02-13", "2022-12-18", "2023-01-08", "2023-01-29"]
    ),
    "staff_absent_total": pd.date_range("2022-12-18", "2023-03-05", freq="14D"),
}


def models() -> dict[str, Forecaster]:
    smoothing, prophet, baseline, naive = ExponentialSmoothing(), ProphetModel(), Persistence(), SeasonalNaive()
    return {
        "Persistence": baseline,
        "SeasonalNaive": naive,
        "ETS": smoothing,
        "Prophet": prophet,
        "ETS + Prophet": Ensemble([smoothing, prophet]),
        "Prophet + Persistence": Ensemble([prophet, baseline]),
        "all but SeasonalNaive": Ensemble([smoothing, prophet, baseline]),
    }


def scored(store: fc.Store, metric: str, origin: pd.Timestamp) -> pd.DataFrame:
    """One row a model, location and day that was later observed: WIS and whether the 90 % range held."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    panel = store.panel(metric, HOSPITALS, clean=True)
    known = panel.loc[:origin].iloc[-HISTORY_DAYS:]
    county = panel.assign(NORFOLK=panel.sum(axis=1, min_count=len(HOSPITALS)))
    observed = county.melt(ignore_index=False).set_index("location", append=True)["value"].swaplevel()
    rows = []
    for name, model in {**models(), "default": fc.default_forecaster(metric)}.items():
        paths = model.fit(known).predict(HORIZON, seed=1).with_total("NORFOLK", of=HOSPITALS)
        wide = paths.quantiles(LEVELS).pivot_table(index=["location", "date"], columns="quantile", values="value")
        truth = observed.reindex(wide.index).dropna()
        wide = wide.loc[truth.index]
        error = truth.to_numpy()[:, None] - wide.to_numpy()
        wis = 2 * np.maximum(LEVELS * error, (LEVELS - 1) * error).mean(axis=1)
        held = (truth >= wide[0.05]) & (truth <= wide[0.95])
        rows.append(pd.DataFrame({"wis": wis, "held": held}, index=truth.index).reset_index().assign(model=name))
    return pd.concat(rows).assign(metric=metric, origin=origin)


def table(frame: pd.DataFrame) -> str:
    return str(frame.round(2).reset_index().to_markdown(index=False))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("real", type=Path, help="folder of published files")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        store = fc.Store(folder)
        list(ingest_files(store, find_files([arguments.real])))
        tasks = [(metric, origin) for metric, origins in ORIGINS.items() for origin in origins]
        scores = pd.concat(Parallel(2)(delayed(scored)(store, *task) for task in tasks))
    means = scores.pivot_table(index=["metric", "location"], columns="model", values=["wis", "held"])
    order = [*models(), "default"]
    ratio = means["wis"].div(means["wis"]["Persistence"], axis=0)[order]
    print("WIS as a ratio to Persistence\n", table(ratio), sep="\n")
    print("\nShare of days on which the 90 % range held\n", table(means["held"][order]), sep="\n")


if __name__ == "__main__":
    main()
