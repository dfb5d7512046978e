"""The other side of ``speed_table.py``, in the peers' own environment: what an analyst would use, timed one by one.

    peers/bin/python benchmarks/speed_peers.py series.parquet --horizon 28 --origins 2 --repeats 3

Reads columns unique_id, ds, y: daily series without gaps. Prints one JSON line a figure: name, wall and processor
seconds of each repeat. On the logarithm of the count, as the peers of ``peers.py`` are; 28 days, ranges of 9 in 10.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import resource
import time
import warnings
from collections.abc import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd


def processor() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def timed(name: str, action: Callable[[], object], repeats: int) -> None:
    wall, spent = [], []
    for _ in range(repeats):
        start, clock = processor(), time.perf_counter()
        action()
        wall.append(time.perf_counter() - clock)
        spent.append(processor() - start)
    print(json.dumps({"name": name, "wall": wall, "processor": spent}), flush=True)


def prophet(rows: pd.DataFrame, horizon: int, origins: int = 1) -> None:
    from prophet import Prophet

    for _, series in rows.groupby("unique_id"):
        for back in range(origins):
            model = Prophet(weekly_seasonality=True, daily_seasonality=False, uncertainty_samples=1000)
            model.add_country_holidays("UK")
            model.fit(series[["ds", "y"]].iloc[: len(series) - 7 * back], seed=1)
            model.predict(model.make_future_dataframe(horizon, include_history=False))


def darts(rows: pd.DataFrame, horizon: int, origins: int = 1) -> None:
    from darts import TimeSeries
    from darts.models import ExponentialSmoothing

    for _, series in rows.groupby("unique_id"):
        values = TimeSeries.from_dataframe(series, "ds", "y")
        for back in range(origins):
            model = ExponentialSmoothing(seasonal_periods=7)
            model.fit(values[: len(values) - 7 * back])
            model.predict(horizon, num_samples=1000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("series")
    parser.add_argument("--horizon", type=int, default=28)
    parser.add_argument("--origins", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    from statsforecast import StatsForecast
    from statsforecast.models import AutoARIMA, AutoETS

    rows = pd.read_parquet(arguments.series)
    rows["y"] = np.log(rows["y"])
    horizon, many, again = arguments.horizon, arguments.origins, arguments.repeats
    for kind in (AutoARIMA, AutoETS):
        one = StatsForecast(models=[kind(season_length=7)], freq="D", n_jobs=1)
        one.forecast(df=rows.groupby("unique_id").tail(60), h=7, level=[90])  # its compiled parts are loaded once
        name = f"statsforecast {kind.__name__}"
        timed(f"a|{name}", lambda one=one: one.forecast(df=rows, h=horizon, level=[90]), again)  # type: ignore[misc]
        windows = {"df": rows, "h": horizon, "step_size": 7, "n_windows": many, "level": [90], "refit": True}
        timed(f"b|{name} cross_validation", lambda one=one, w=windows: one.cross_validation(**w), again)  # type: ignore[misc]
    timed("a|Prophet alone", lambda: prophet(rows, horizon), again)
    timed("b|Prophet alone", lambda: prophet(rows, horizon, many), again)
    try:
        import darts as _  # noqa: F401
    except ImportError:
        print(json.dumps({"name": "darts is not installed", "wall": [], "processor": []}))
        return
    timed("a|darts ExponentialSmoothing", lambda: darts(rows, horizon), again)
    timed("b|darts ExponentialSmoothing", lambda: darts(rows, horizon, many), again)


if __name__ == "__main__":
    main()
