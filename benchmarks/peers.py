"""What analysts would pick instead: AutoARIMA, AutoETS, AutoTheta (statsforecast) and Prophet, series by series.

    python -m venv peers && peers/bin/pip install -r benchmarks/peers-requirements.txt
    peers/bin/python benchmarks/peers.py known.parquet quantiles.parquet --horizon 28 --scale log

statsforecast needs an older pandas than this project, so this file stands alone, in an environment of its own; the
other benchmarks call it with ``--peers-python peers/bin/python`` and score what it writes beside the forecasters.

It reads rows of origin, location, date, value (NaN where missing): what each forecast may use. It writes model, origin,
location, horizon (days after the origin), the 23 hubverse quantiles in columns named by level, and seconds. The models
are as their packages set them, with these choices:

* All on the logarithm of the count (``log``), or of one more than the count, negative ones taken as zero (``log1p``).
* statsforecast: weekly season; the last 730 days, gaps of up to 10 days filled on a straight line, a series begun anew
  after a longer one; normal quantiles, from the mean and the central 80 % range that it gives.
* Prophet: as it comes, with the United Kingdom's holidays, on the whole history, gaps left; quantiles of 1,000 draws.
* "ARIMA + Prophet": the plain mean of the quantiles of the two.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from statistics import NormalDist
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd

LEVELS = (0.01, 0.025, *(round(0.05 * k, 2) for k in range(1, 20)), 0.975, 0.99)
COLUMNS = [f"{level:g}" for level in LEVELS]
SCORES = np.array([NormalDist().inv_cdf(level) for level in LEVELS])
STATSFORECAST = ("AutoARIMA", "AutoETS", "AutoTheta")
PROPHET = "Prophet"
MEAN = "ARIMA + Prophet"
MODELS = (*STATSFORECAST, PROPHET)
DAYS, LONGEST_GAP, FEWEST = 730, 10, 28
INSTALL = "pip install -r benchmarks/peers-requirements.txt, in an environment of its own"
SCALES: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "log": (np.log, np.exp),
    "log1p": (lambda values: np.log1p(np.maximum(values, 0)), np.expm1),
}


def prepared(series: pd.Series) -> pd.Series:
    """The last days without a gap: short ones filled, and only what follows the last long one."""
    recent = series.iloc[-DAYS:]
    recent = recent.loc[recent.first_valid_index() : recent.last_valid_index()]
    filled = recent.interpolate("linear", limit=LONGEST_GAP, limit_area="inside")
    gaps = np.flatnonzero(filled.isna())
    return filled.iloc[gaps[-1] + 1 :] if len(gaps) else filled


def of_statsforecast(name: str, series: pd.Series, steps: int) -> np.ndarray:
    from statsforecast import models

    found = getattr(models, name)(season_length=7).forecast(y=series.to_numpy(), h=steps, level=[80])
    spread = (np.asarray(found["hi-80"]) - np.asarray(found["lo-80"])) / (2 * NormalDist().inv_cdf(0.9))
    return np.asarray(found["mean"])[:, None] + spread[:, None] * SCORES


def of_prophet(series: pd.Series, steps: int) -> np.ndarray:
    from prophet import Prophet

    np.random.seed(1)  # noqa: NPY002 - what Prophet draws from
    model = Prophet(weekly_seasonality=True, daily_seasonality=False, uncertainty_samples=1000)
    model.add_country_holidays("UK")
    model.fit(pd.DataFrame({"ds": series.index, "y": series.to_numpy()}), seed=1)
    days = pd.date_range(series.index[-1], periods=steps + 1, freq="D")[1:]
    drawn = model.predictive_samples(pd.DataFrame({"ds": days}))["yhat"]
    return np.quantile(drawn, LEVELS, axis=1).T


def forecast(name: str, rows: pd.DataFrame, horizon: int, scale: str) -> pd.DataFrame | None:
    """Quantiles of one model for one location at one origin; None where there is too little to learn from."""
    quiet()
    origin, location = rows["origin"].iloc[0], rows["location"].iloc[0]
    there, back = SCALES[scale]
    series = rows.set_index("date")["value"].asfreq("D")
    if scale == "log":
        series = series.where(series > 0)
    series = there(series.dropna() if name == PROPHET else prepared(series))
    if len(series) < FEWEST or series.nunique() < 2:
        return None
    gap = (origin - series.index[-1]).days
    start = time.perf_counter()
    steps = gap + horizon
    found = of_prophet(series, steps) if name == PROPHET else of_statsforecast(name, series, steps)
    seconds = time.perf_counter() - start
    made = pd.DataFrame(np.sort(np.maximum(back(found[gap:]), 0), axis=1), columns=COLUMNS)
    made.insert(0, "horizon", np.arange(1, horizon + 1))
    return made.assign(model=name, origin=origin, location=location, seconds=seconds)


def with_mean(made: pd.DataFrame) -> pd.DataFrame:
    """Add the plain mean of the quantiles of AutoARIMA and Prophet, where both are."""
    pair = made[made["model"].isin(["AutoARIMA", PROPHET])]
    if pair["model"].nunique() < 2:
        return made
    keys = ["origin", "location", "horizon"]
    both = pair[pair.duplicated(keys, keep=False)].groupby(keys)
    mean = both[COLUMNS].mean().join(both["seconds"].sum()).reset_index()
    return pd.concat([made, mean.assign(model=MEAN)], ignore_index=True)


def quiet() -> None:
    warnings.simplefilter("ignore")
    logging.getLogger("cmdstanpy").addHandler(logging.NullHandler())
    logging.disable(logging.WARNING)


def installed(models: list[str]) -> None:
    """Import what the models need, or say how to get it."""
    try:
        if set(models) & set(STATSFORECAST):
            import statsforecast  # noqa: F401
        if PROPHET in models:
            import prophet  # noqa: F401
    except ImportError as error:
        sys.exit(f"peers.py: {error.name} is not installed for {sys.executable}; {INSTALL}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("known", help="Parquet file: origin, location, date, value")
    parser.add_argument("out", help="Parquet file to write")
    parser.add_argument("--horizon", type=int, default=28, help="days after the origin")
    parser.add_argument("--scale", choices=sorted(SCALES), default="log")
    parser.add_argument("--models", default=",".join(MODELS), help="names with commas")
    parser.add_argument("--jobs", type=int, default=1, help="processes; seconds are then no longer of a free core")
    arguments = parser.parse_args()
    names = arguments.models.split(",")
    if unknown := set(names) - set(MODELS):
        parser.error(f"--models: {', '.join(sorted(unknown))} is not known; choose from {', '.join(MODELS)}")
    quiet()
    installed(names)
    parts = [part for _, part in pd.read_parquet(arguments.known).groupby(["origin", "location"], sort=True)]
    tasks = [(name, part, arguments.horizon, arguments.scale) for part in parts for name in names]
    made = []
    with ProcessPoolExecutor(arguments.jobs) as pool:
        for done, found in enumerate(pool.map(forecast, *zip(*tasks, strict=True)), 1):
            made.append(found)
            print(f"\rpeers: {done} of {len(tasks)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    with_mean(pd.concat([one for one in made if one is not None], ignore_index=True)).to_parquet(arguments.out)


if __name__ == "__main__":
    main()
