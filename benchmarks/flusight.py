"""The same forecasters beside published models of the US FluSight challenge, winter 2023-24.

    python benchmarks/flusight.py ../shared/benchmarks/flusight_2023_24

New influenza admissions a week, 53 locations, 0 to 3 weeks ahead, from the data as they stood: a round with reference
Saturday R uses the first release whose data run through R - 7 days, and what it said of the weeks up to then. The
forecasters are those of the weekly run for flu, without a special case. WIS is the mean over the 23 quantiles of twice
the pinball loss, as a ratio to FluSight-baseline's on the forecasts that both made; what happened is the final value.
The winter is for reporting: nothing may be chosen by it.
"""

from __future__ import annotations

from pathlib import Path

import backtests as bt
import pandas as pd
import tables

import forecast as fc
from forecast.evaluation import score
from forecast.evaluation.frames import QUANTILE_COLUMNS, column

BASELINE = "FluSight-baseline"
METRIC = "flu_beds"
WEEK = pd.Timedelta(days=7)
WEEKS = 4


class Releases:
    """What the data were after the first release that told of a week.

    Parameters
    ----------
    folder
        The files ``target_vintages.parquet`` and ``vintage_dates.csv``.
    """

    def __init__(self, folder: Path) -> None:
        rows = pd.read_parquet(folder / "target_vintages.parquet")
        self.rows = rows.assign(released_utc=pd.to_datetime(rows["released_utc"]), date=pd.to_datetime(rows["date"]))
        told = pd.read_csv(folder / "vintage_dates.csv", parse_dates=["released_utc", "data_through"])
        self.told = told.sort_values("released_utc")

    def __call__(self, saturday: pd.Timestamp) -> pd.DataFrame:
        """Weeks up to a Saturday by location, as in the first release whose data run through it."""
        first = self.told.loc[self.told["data_through"] >= saturday, "released_utc"].iloc[0]
        rows = self.rows[(self.rows["released_utc"] <= first) & (self.rows["date"] <= saturday)]
        rows = rows.sort_values("released_utc").drop_duplicates(["location", "date"], keep="last")
        return rows.pivot_table(index="date", columns="location", values="value").asfreq("7D")


def final(folder: Path) -> pd.DataFrame:
    """What happened, weeks by location."""
    rows = pd.read_parquet(folder / "target_final.parquet")
    rows = rows.assign(date=pd.to_datetime(rows["date"]))
    return rows.pivot_table(index="date", columns="location", values="value").asfreq("7D")


def submitted(folder: Path, happened: pd.DataFrame) -> pd.DataFrame:
    """The published models' forecasts as a long frame: origin is the last week with data, a week before the round's."""
    rows = pd.read_parquet(folder / "forecasts_weekly.parquet")
    rows = rows.assign(quantile=rows["quantile"].map(column), reference_date=pd.to_datetime(rows["reference_date"]))
    keys = ["model_id", "location", "reference_date", "horizon"]
    wide = rows.pivot_table(index=keys, columns="quantile", values="value")[list(QUANTILE_COLUMNS)].reset_index()
    wide = wide.rename(columns={"model_id": "model"})
    wide["origin"] = wide.pop("reference_date") - WEEK
    wide["horizon"] += 1
    wide["date"] = wide["origin"] + wide["horizon"] * WEEK
    outcome = happened.melt(ignore_index=False, var_name="location", value_name="observed").reset_index()
    return wide.merge(outcome, on=["date", "location"], how="left").assign(seconds=float("nan"))


def main() -> None:
    parser = bt.options(__doc__)
    parser.add_argument("published", type=Path, help="folder of the published forecasts and data")
    given = parser.parse_args()
    happened = final(given.published)
    theirs = submitted(given.published, happened)
    with bt.kept_folder(given.folder) as folder:
        ours = fc.backtest(
            bt.forecasters(METRIC, given.models),
            Releases(given.published),
            origins=list(theirs["origin"].unique()),
            horizon=WEEKS,
            observed=happened,
            baseline=False,
            samples=given.samples,
            seed=1,
            jobs=given.jobs,
            folder=folder / "tasks",
            progress=bt.told,
        )
    frame = bt.joined([ours, theirs])
    frame["weeks"] = frame["horizon"] - 1
    frame["area"] = frame["location"].map(lambda code: "nation" if code == "US" else "states")
    tables.failures(frame)
    shown = ["n", "missing", "relative_wis", "coverage_50", "coverage_90", "coverage_95"]
    order = list(frame["model"].drop_duplicates())
    whole = score(frame, by=("model",), baseline=BASELINE).set_index("model").loc[order, shown].round(3)
    tables.say(f"FluSight 2023-24, {frame['origin'].nunique()} rounds", whole.reset_index())
    for by, title in (("weeks", "weeks ahead"), ("area", "area")):
        found = score(frame, by=("model", by), baseline=BASELINE)
        wide = found.pivot_table(index="model", columns=by, values="relative_wis").loc[order].round(3)
        tables.say(f"Ratio by {title}", wide.reset_index())
    ranges = tables.coverage(frame[frame["model"].isin(ours["model"].unique())], ["model"], (0.5, 0.9, 0.95))
    tables.say("Coverage with its range", ranges)


if __name__ == "__main__":
    main()
