"""Whether the national curve helps a hospital's forecast: NationalLag against its rivals on a Covid wave.

    python benchmarks/national_lag.py ../shared/real --first 2021-07-24 --origins 6 --trusts 40

Covid beds as last published, flagged values masked; England is the sum of all trusts. Scored are trusts drawn at
random (``--seed``) among those with ten patients at a time, up to two weeks ahead. ``mean of both`` is the plain mean
of the quantiles of AutoRegression and NationalLag.
"""

from __future__ import annotations

import argparse
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

import forecast as fc
from forecast.evaluation.frames import QUANTILE_COLUMNS
from forecast.forecasters import AutoRegression
from forecast.forecasters.national_lag import NationalLag
from forecast.incoming.ingest import ingest_files

METRIC, FILE, DAYS = "covid_beds_occupied", "covid_daily.csv.gz", 400
EVERY, HORIZON = 28, 14
COLUMNS = ["n", "relative_wis", "coverage_50", "coverage_90"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("real", type=Path, help="folder of published files")
    parser.add_argument("--first", default="2021-07-24", help="first origin; the others follow every four weeks")
    parser.add_argument("--origins", type=int, default=6)
    parser.add_argument("--trusts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore", RuntimeWarning)
    with tempfile.TemporaryDirectory() as scratch:
        store = fc.Store(scratch)
        list(ingest_files(store, [arguments.real / FILE]))
        panel = store.panel(METRIC, clean=True)
    panel = panel[[code for code in panel if len(code) == 3 and code.startswith("R")]]
    origins = pd.date_range(arguments.first, periods=arguments.origins, freq=f"{EVERY}D")
    part = panel[origins[0] - pd.Timedelta(days=DAYS) : origins[-1] + pd.Timedelta(days=HORIZON)]
    wave = part[origins[0] :]
    usable = [code for code in wave if wave[code].max() >= 10 and wave[code].notna().mean() > 0.9]
    rng = np.random.default_rng(arguments.seed)
    chosen = [str(code) for code in np.sort(rng.choice(usable, min(arguments.trusts, len(usable)), replace=False))]
    # The nation is known to all of them in the same way; only the chosen are forecast.
    learned = part[chosen].assign(ENG=part[usable].sum(axis=1, min_count=len(usable) // 2))
    learned.attrs["metric"] = METRIC
    models = {"AutoRegression": AutoRegression(), "NationalLag": NationalLag()}
    found = fc.backtest(
        models, learned, origins=list(origins), horizon=HORIZON, locations=chosen, samples=400, history=DAYS, jobs=1
    )
    both = found[found["model"].isin(models)]
    mean = both.groupby(["location", "origin", "horizon", "date"], as_index=False)[
        [*QUANTILE_COLUMNS, "observed"]
    ].mean()
    every = pd.concat([found, mean.assign(model="mean of both")], ignore_index=True)
    every["from"] = every["origin"].dt.strftime("%Y-%m-%d")
    for by in (("model", "horizon_band"), ("model", "from")):
        print(fc.score(every, by=by)[[*by, *COLUMNS]].round(3).to_markdown(index=False), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
