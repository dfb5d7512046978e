"""How good the forecasts of patients fit to leave are, beside the peers, in the tables that the project is judged by.

    python benchmarks/fit_to_leave.py ../shared/real --peers-python peers/bin/python --folder scratch

Rolling origins through 2024, 28 days ahead, for Norfolk's three hospitals and the county. The default forecaster learns
on every trust, from the values as the weekly run would see them: flagged ones masked, judged without hindsight
(``--values published``: as published, the zeros left out, as the baseline and the peers get them). What happened is the
value as published; a zero of nctr_patients is no outcome. WIS is the mean over the 23 hubverse quantiles of twice the
pinball loss, shown over that of Persistence; in brackets the range in which a figure lies, 9 in 10, by resampling
blocks of origins. Peers: see ``peers.py`` beside this; the county's are fitted to the county as one series.

Tables (``--only`` for some of them):

published   nctr_patients, values as last published, each known on its day: origin = last date with data
as-known    the same from what had been released on the day of issue; horizons count from that day
remaining   nctr_remaining, as ``published``; also on the scale log(1 + max(y, 0))
trusts      every English trust
speed       seconds an origin beside AutoARIMA's (--jobs 1); one weekly forecast alone in a process, with its memory
ablation    variants of the default forecaster, on origins of 2023: what choices are made on
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import ablation
import backtests as bt
import pandas as pd
import tables

import forecast as fc
from forecast.evaluation import timings

ORIGINS = ("2024-01-07", "2024-12-01")
CHOOSING = ("2023-01-08", "2023-12-03")
SINGLE_PEERS = ("AutoARIMA", "AutoETS", "AutoTheta", "Prophet")
TABLES = ("published", "as-known", "remaining", "trusts", "speed", "ablation")
PLACES = [*bt.HOSPITALS, bt.COUNTY]
GROUPS = {f"mean of {len(bt.HOSPITALS)}": bt.HOSPITALS, **{code: [code] for code in PLACES}}
ONE_FORECAST = """
import resource, sys, time
sys.path.insert(0, sys.argv[1])
import pandas as pd
import backtests as bt
import forecast as fc
start = time.perf_counter()
panel = bt.learned(fc.Store(sys.argv[2]), "nctr_patients")(pd.Timestamp(sys.argv[3]))
read = time.perf_counter()
fitted = fc.default_forecaster("nctr_patients").fit(panel)
fitted.predict(bt.HORIZON, bt.HOSPITALS, 1000, 1).with_total(bt.COUNTY, of=bt.HOSPITALS)
done = time.perf_counter()
print(read - start, done - read, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, panel.shape[1])
"""


def frame_of(store: fc.Store, metric: str, names: str | None, origins: pd.DatetimeIndex, run: bt.Run) -> pd.DataFrame:
    """The default forecaster, its members, the baseline and the peers for one metric."""
    zeros_missing = metric == "nctr_patients"
    truth = bt.published(store, metric, zeros_missing)
    models = bt.forecasters(metric, names)
    ours = bt.backtested(store, metric, models, origins, run, truth=truth, zeros_missing=zeros_missing)
    scale = "log" if zeros_missing else "log1p"
    theirs = bt.peers(store, metric, origins, run, truth=truth, zeros_missing=zeros_missing, scale=scale)
    return bt.joined([ours, theirs])


def say_scores(title: str, frame: pd.DataFrame) -> None:
    """Ratios, and how often the ranges of one frame held."""
    tables.failures(frame)
    say_ratios(title, frame)
    first, plain = frame["model"].iloc[0], frame[~frame["model"].str.endswith(bt.ALL_TOLD)]
    tables.say(f"{title}: coverage, hospitals and county together", tables.coverage(plain, ["model"]))
    own = frame[frame["model"] == first]
    tables.say(f"{title}: coverage of {first}", tables.coverage(own, ["location", "half_year"]))


def say_ratios(title: str, frame: pd.DataFrame) -> None:
    """Ratios, ratios by band of horizons and the share below the best peer."""
    tables.say(f"{title}: WIS over Persistence's", tables.ratios(frame, PLACES, bt.HOSPITALS, tables.BASELINE))
    plain = frame[~frame["model"].str.endswith(bt.ALL_TOLD)]
    tables.say(f"{title}: by days ahead", tables.by_band(plain, PLACES, tables.BASELINE))
    first = frame["model"].iloc[0]
    peers = [name for name in frame["model"].unique() if name.removesuffix(bt.ALL_TOLD) in SINGLE_PEERS]
    if peers and first not in (*peers, tables.BASELINE):
        found = tables.below_best(frame, first, peers, GROUPS, tables.BASELINE)
        tables.say(f"{title}: beside the best single peer", found)


def every_trust(store: fc.Store, names: str | None, origins: pd.DatetimeIndex, run: bt.Run) -> None:
    """Ratio and coverage over all trusts of the first forecaster."""
    metric = "nctr_patients"
    name, model = next(iter(bt.forecasters(metric, names).items()))
    truth = bt.published(store, metric, zeros_missing=True)
    frame = bt.backtested(store, metric, {name: model}, origins, run, truth=truth, zeros_missing=True, everywhere=True)
    tables.failures(frame)
    found = tables.at_every_trust(frame, bt.HORIZON, tables.BASELINE)
    tables.say("Every English trust with data, nctr_patients", found)


def speed(store: fc.Store, folder: Path, frame: pd.DataFrame, last: pd.Timestamp) -> None:
    """Seconds an origin, and one forecast in a process of its own."""
    ours = timings(frame[~frame["model"].isin([*SINGLE_PEERS, "ARIMA + Prophet"])])
    ours = ours[~ours.index.str.endswith(bt.ALL_TOLD)]
    peers = frame[frame["model"].isin(SINGLE_PEERS)].drop_duplicates(["model", "origin", "location"])
    theirs = peers.groupby(["model", "origin"])["seconds"].sum().groupby("model").agg(["size", "median", "mean", "sum"])
    theirs.columns = ours.columns
    both = pd.concat([ours, theirs]).round(1).reset_index()
    tables.say("Seconds an origin: four series, learning included, the reading of the store not", both)
    command = [sys.executable, "-c", ONE_FORECAST, str(Path(__file__).parent), str(store.folder), f"{last:%Y-%m-%d}"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    row = {"read, s": float(printed[0]), "fit and predict, s": float(printed[1])}
    row |= {"peak memory, MB": int(printed[2]), "trusts learned on": int(printed[3])}
    tables.say("One weekly forecast of the default, alone in a process", pd.DataFrame([row]).round(1))


def ablate(store: fc.Store, origins: pd.DatetimeIndex, run: bt.Run) -> None:
    """Variants of the default forecaster on origins on which choices may be made."""
    metric = "nctr_patients"
    truth = bt.published(store, metric, zeros_missing=True)
    frame = bt.backtested(store, metric, ablation.variants(metric), origins, run, truth=truth, zeros_missing=True)
    tables.failures(frame)
    tables.say("Ablation: WIS over Persistence's", tables.ratios(frame, PLACES, bt.HOSPITALS, tables.BASELINE))
    tables.say("Ablation: WIS over the default's", tables.ratios(frame, PLACES, bt.HOSPITALS, bt.DEFAULT))
    tables.say("Ablation: coverage", tables.coverage(frame, ["model"]))


def arguments() -> argparse.Namespace:
    parser = bt.options(__doc__)
    parser.add_argument("real", type=Path, help="folder of published files")
    parser.add_argument("--from", dest="first", help="first origin")
    parser.add_argument("--to", dest="last", help="last origin")
    parser.add_argument("--every", type=int, default=14, help="days from one origin to the next")
    parser.add_argument("--only", default=",".join(TABLES[:-1]), help=f"tables with commas: {', '.join(TABLES)}")
    parser.add_argument(
        "--values", dest="learn", choices=("masked", "published"), default="masked", help="what is learned from"
    )
    parser.add_argument("--peers-python", type=Path, help="Python with benchmarks/peers-requirements.txt")
    given = parser.parse_args()
    if unknown := set(given.only.split(",")) - set(TABLES):
        parser.error(f"--only: {', '.join(sorted(unknown))} is no table; choose from {', '.join(TABLES)}")
    return given


def origins_of(given: argparse.Namespace, usual: tuple[str, str]) -> pd.DatetimeIndex:
    return pd.date_range(given.first or usual[0], given.last or usual[1], freq=f"{given.every}D")


def said(origins: pd.DatetimeIndex) -> str:
    return f"{len(origins)} origins, {origins[0]:%Y-%m-%d} to {origins[-1]:%Y-%m-%d}"


def main() -> None:
    given = arguments()
    only = given.only.split(",")
    with bt.kept_folder(given.folder) as folder:
        run = bt.Run(given.jobs, given.samples, folder, given.peers_python, given.learn == "masked")
        store = bt.stored(given.real, folder)
        origins = origins_of(given, ORIGINS)
        if only != ["ablation"]:
            print(f"{said(origins)}; values {given.learn}")
        same_day = bt.without_delay(store, "nctr_patients", folder)
        if {"published", "speed"} & set(only):
            frame = frame_of(same_day, "nctr_patients", given.models, origins, run)
            if "published" in only:
                say_scores("nctr_patients", frame)
            if "speed" in only:
                speed(same_day, folder, frame, origins[-1])
        if "as-known" in only:
            say_scores("nctr_patients as known", frame_of(store, "nctr_patients", given.models, origins, run))
        if "remaining" in only:
            frame = frame_of(same_day, "nctr_remaining", given.models, origins, run)
            say_scores("nctr_remaining", frame)
            say_ratios("nctr_remaining, scored on log(1 + max(y, 0))", tables.on_log_scale(frame))
        if "trusts" in only:
            every_trust(same_day, given.models, origins, run)
        if "ablation" in only:
            choosing = origins_of(given, CHOOSING)
            print(f"\nAblation: {said(choosing)}; values {given.learn}")
            ablate(same_day, choosing, run)


if __name__ == "__main__":
    main()
