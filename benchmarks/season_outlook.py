"""The season-long outlook of the backlog against what is usual at the time of year, and against no change.

    python benchmarks/season_outlook.py ../shared/real --from 2023-01-01 --to 2023-06-01

Origins on the first of each month, up to 30 weeks ahead from the last datum, values as last published, zeros of
``nctr_patients`` taken as missing. Every forecaster learns on all trusts; scored are a sample of them with the three
Norfolk hospitals, and the county. ``--until`` leaves out what happened after a day; ``--short`` is the forecaster of
the first four weeks.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import forecast as fc
from forecast.forecasters import Forecaster, Persistence, SeasonalClimatology, SeasonalNaive, SeasonOutlook
from forecast.forecasters.pooled.boosting import PooledBoosting
from forecast.observations.table import to_panel

HOSPITALS = ["RM1", "RGP", "RCX"]
COUNTY = "NORFOLK"
HORIZON = 210
BANDS = ((1, 28), (29, 56), (57, 91), (92, 140), (141, 210))
METRICS = ("nctr_patients", "nctr_remaining")
SHORTS: dict[str, Callable[[], Forecaster]] = {
    "boosting": PooledBoosting,
    "persistence": Persistence,
    "naive": SeasonalNaive,
}
COLUMNS = ["n", "wis", "relative_wis", "mae", "relative_bias", "coverage_50", "coverage_90"]


def trusts(panel: pd.DataFrame) -> list[str]:
    return [code for code in panel.columns if len(code) == 3 and code.startswith("R")]


def sample(codes: list[str], count: int) -> list[str]:
    """Return the hospitals of the county and others at even distances in the order of codes."""
    others = [code for code in codes if code not in HOSPITALS]
    chosen = np.linspace(0, len(others) - 1, max(0, min(count - len(HOSPITALS), len(others)))).astype(int)
    return [*HOSPITALS, *(others[place] for place in chosen)]


def table(scores: pd.DataFrame) -> str:
    shown = scores.assign(weeks=scores["horizon_band"].map(weeks_of)).drop(columns="horizon_band")
    first = [name for name in ("weeks", "model") if name in shown]
    return str(shown[[*first, *COLUMNS]].round(3).to_markdown(index=False))


def weeks_of(band: str) -> str:
    low, high = (int(day) for day in str(band).replace("–", "-").split("-"))
    return f"{(low + 6) // 7}-{high // 7}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("real", type=Path, help="folder of published files")
    parser.add_argument("--from", dest="first", default="2022-08-01", help="first origin")
    parser.add_argument("--to", dest="last", default="2023-06-01", help="last origin")
    parser.add_argument("--until", default="2023-12-31", help="last day forecast that is scored")
    parser.add_argument("--short", choices=sorted(SHORTS), default="boosting", help="forecaster of the first weeks")
    parser.add_argument("--metric", choices=METRICS, action="append", help="one of them only")
    parser.add_argument("--trusts", type=int, default=40, help="how many trusts are scored")
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder where finished tasks are kept for the next call")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore", RuntimeWarning)
    tidy = fc.read(arguments.real / "nctr_daily.csv.gz")
    for metric in arguments.metric or METRICS:
        panel = to_panel(tidy, metric)
        panel = panel[trusts(panel)].loc[: arguments.until]
        if metric == "nctr_patients":
            panel = panel.where(panel != 0)
        panel.attrs["metric"] = metric
        result = fc.backtest(
            {
                "SeasonOutlook": SeasonOutlook(SHORTS[arguments.short]()),
                "SeasonalClimatology": SeasonalClimatology(),
                "Persistence": Persistence(),
            },
            panel,
            origins=pd.date_range(arguments.first, arguments.last, freq="MS"),
            horizon=HORIZON,
            locations=sample(list(panel.columns), arguments.trusts),
            totals={COUNTY: HOSPITALS},
            zeros_missing=metric == "nctr_patients",
            samples=arguments.samples,
            jobs=arguments.jobs,
            folder=arguments.keep,
        )
        result = result[result["observed"].notna()]
        county = result["location"] == COUNTY
        for place, rows in (("trusts", result[~county]), ("county", result[county])):
            print(f"\n{metric}, {place}\n")
            print(table(fc.score(rows, by=("horizon_band", "model"), bands=BANDS)))
        print("\nSeconds a model and origin\n")
        print(result.drop_duplicates(["model", "origin"]).groupby("model")["seconds"].median().round(1).to_markdown())


if __name__ == "__main__":
    main()
