"""How many faults the flags find, and how many sound values they doubt.

    python benchmarks/quality.py                                   # the simulated twin only
    python benchmarks/quality.py ../shared/real                    # and published data
    python benchmarks/quality.py ../shared/real --sample nctr_patients:spike   # 40 flags to judge by eye

The thresholds were tuned on other seeds of the twin, and by eye on samples of the published data of all years: the
shares printed for published data are not those of data kept aside. Faults are laid by ``forecast.sources.twin_faults``.
A fault is found when one of its flags stands on one of its days (a finding about a series: from six weeks before its
first day). A false alarm is a flag that masks a value of the twin with nothing wrong with it.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from forecast.errors import InputError
from forecast.incoming.ingest import ingest_files
from forecast.observations import flagging
from forecast.observations.quality import FINDINGS, flags, masking
from forecast.observations.store import Store
from forecast.observations.table import to_panel
from forecast.reference import reference
from forecast.sources.twin import simulate
from forecast.sources.twin_faults import inject

SEEDS = range(21, 26)
TABLES = ("nctr_daily", "flu_beds_daily", "uec_winter_sitrep_daily", "covid_daily", "staff_absences_daily")
TRAPS = Path(__file__).resolve().parent.parent / "tests" / "real" / "quality_traps.csv"
TUNED_TO = "2022-12-31"
LEAD = pd.Timedelta(days=45)
WHOLE = ("ENG", "Y61")


def flags_of_all(observations: pd.DataFrame) -> pd.DataFrame:
    """Flags of every metric of a tidy frame."""
    panels = {str(metric): to_panel(observations, str(metric)) for metric in observations["metric"].unique()}

    def read(metric: str) -> pd.DataFrame:
        if metric not in panels:
            raise InputError(f"no {metric} here")
        return panels[metric]

    found = [flagging.flags_of(m, panel, read, reference()).assign(metric=m) for m, panel in panels.items()]
    return pd.concat(found, ignore_index=True)


def covered(faults: pd.DataFrame, flagged: pd.DataFrame) -> pd.Series:
    """Whether each fault has one of its flags on one of its days."""
    by_series = dict(list(flagged.groupby(["metric", "location"])))
    found = []
    for fault in faults.to_dict("records"):
        rows = by_series.get((fault["metric"], fault["location"]))
        flags = fault["flags"].replace("|", " ").split()
        early = LEAD if FINDINGS & set(flags) else pd.Timedelta(0)
        late = pd.Timedelta(days=120) if {"unreliable_series", "weekday_shift"} & set(flags) else pd.Timedelta(0)
        found.append(
            rows is not None
            and bool(
                (rows["flag"].isin(flags) & rows["date"].between(fault["first"] - early, fault["last"] + late)).any()
            )
        )
    return pd.Series(found, index=faults.index)


def on_twin() -> None:
    results, alarms, values = [], [], 0
    for seed in SEEDS:
        twin = simulate(seed)
        faulty = inject(twin.observations, seed=seed, traps=twin.truth.traps)
        found = covered(faulty.faults, flags_of_all(faulty.observations))
        results.append(faulty.faults.assign(found=found, seed=seed))
        clean = flags_of_all(twin.observations)
        traps = twin.truth.traps.assign(flags="lone_zero false_zeros missing_submission")
        for trap in traps.to_dict("records"):
            inside = (clean["metric"] == trap["metric"]) & (clean["location"] == trap["location"])
            clean = clean[~(inside & clean["date"].between(trap["first"], trap["last"]))]
        alarms.append(clean.assign(seed=seed))
        values += int((~twin.observations["location"].isin(WHOLE)).sum())
    frame = pd.concat(results)
    table = (
        frame.groupby("kind")["found"].agg(["size", "sum", "mean"]).set_axis(["injected", "found", "recall"], axis=1)
    )
    spread = frame.groupby(["kind", "seed"])["found"].mean().groupby("kind").agg(["min", "max"])
    print(f"Twin, seeds {SEEDS.start} to {SEEDS.stop - 1}\n")
    print(
        table.join(spread.set_axis(["worst seed", "best seed"], axis=1)).round(2).reset_index().to_markdown(index=False)
    )
    missed = frame[~frame["found"]].groupby(["kind", "metric"]).size()
    print("\nMissed, by kind and metric:", {f"{kind} in {metric}": int(n) for (kind, metric), n in missed.items()})
    wrong = pd.concat(alarms)
    hiding = masking(wrong)
    print(
        f"\nFalse alarms on {values:,} sound values: {len(hiding)} masked, {1000 * len(hiding) / values:.3f} per 1,000"
    )
    print(hiding.groupby(["flag", "metric"]).size().rename("values").reset_index().to_markdown(index=False))
    told = wrong[wrong["flag"].isin(FINDINGS)].groupby(["flag", "metric"]).size()
    print("\nFindings on the twin as it is (it has level shifts and shifted weekdays of its own):")
    print(told.rename("findings").reset_index().to_markdown(index=False))


def on_newest_day() -> None:
    """The right edge: faults on the newest day, and sound newest days, as known on twenty days of each twin."""
    rows = []
    for seed in SEEDS:
        observations = simulate(seed).observations
        for metric in ("nctr_patients", "covid_beds_occupied", "flu_ga_beds_occupied", "ga_beds_occupied"):
            panel = to_panel(observations, metric)
            panel = panel[[c for c in panel.columns if c not in WHOLE]]
            wave = reference().metrics[metric].wave
            rng = np.random.default_rng(seed)
            for end in rng.choice(np.flatnonzero(panel.notna().all(axis=1).to_numpy())[120:], 20, replace=False):
                now = panel.iloc[: end + 1]
                day = now.index[-1]
                faulty = now.copy()
                large = (now.loc[day] >= 30).to_numpy()
                codes = now.columns[large & (rng.random(now.shape[1]) < 0.3)]
                faulty.loc[day, codes] = [float(f"{v:.0f}"[0] + f"{v:.0f}") for v in now.loc[day, codes]]
                sound = masking(flags(now, wave=wave))
                doubted = masking(flags(faulty, wave=wave))
                hit = doubted[(doubted["date"] == day) & doubted["location"].isin(codes)]
                false = sound[sound["date"] == day]
                rows.append((metric, len(codes), len(hit), now.shape[1], len(false)))
    frame = pd.DataFrame(rows, columns=["metric", "digit too many", "found", "sound values", "doubted"])
    print("\nOn the newest day, as known then\n")
    print(frame.groupby("metric").sum().reset_index().to_markdown(index=False))


def real_store(real: Path, folder: str) -> Store:
    store = Store(folder)
    files = [real / f"{name}.csv.gz" for name in TABLES] + sorted((real / "raw").glob("acute_discharge*.xlsx"))
    for result in ingest_files(store, files):
        if result.error:
            raise SystemExit(result.error)
    return store


def on_real(store: Store) -> None:
    traps = pd.read_csv(TRAPS, parse_dates=["first", "last"])
    flagged = {metric: store.flags(metric).assign(metric=metric) for metric in traps["metric"].unique()}
    exact = traps.assign(found=covered(traps, pd.concat(flagged.values())))
    print("\nTraps of the published data\n")
    print(exact[["metric", "location", "first", "last", "what", "found"]].to_markdown(index=False))
    print(f"\nfound {int(exact['found'].sum())} of {len(exact)}")
    rows = []
    for metric in [*dict.fromkeys([*(m.name for m in reference().forecast_metrics()), *flagged])]:
        frame = flagged[metric] if metric in flagged else store.flags(metric)
        panel = store.panel(metric)
        panel = panel[[c for c in panel.columns if c not in WHOLE and str(c).startswith("R")]]
        for name, part in (("to 2022", panel.loc[:TUNED_TO]), ("since", panel.loc[TUNED_TO:].iloc[1:])):
            many = int(part.notna().sum().sum())
            if not many:
                continue
            there = masking(frame)
            there = there[there["date"].isin(part.index) & there["location"].isin(part.columns)]
            where = part.index.get_indexer(there["date"]), part.columns.get_indexer(there["location"])
            there = there[~np.isnan(part.to_numpy()[where])]
            share = (1000 * there.groupby("flag").size() / many).round(2)
            rows.append({"metric": metric, "days": name, "values": many, **share, "all": 1000 * len(there) / many})
    print("\nPublished values of trusts that are masked, per 1,000, by rule\n")
    print(pd.DataFrame(rows).fillna(0).round(2).to_markdown(index=False))
    told = pd.concat([f[f["flag"].isin(FINDINGS)] for f in flagged.values()])
    print("\nFindings: trusts told of\n")
    print(
        told.pivot_table(index="metric", columns="flag", values="location", aggfunc="nunique").fillna(0).to_markdown()
    )


def speed(store: Store) -> None:
    print("\nSpeed: flags of all trusts, values read beforehand; seconds of processor time, median of 5")
    print("\n| metric | days x locations | seconds |\n|---|---|---|")
    for metric in reference().forecast_metrics():
        panel = store.panel(metric.name)
        kept: dict[str, pd.DataFrame] = {}

        def read(name: str, kept: dict[str, pd.DataFrame] = kept) -> pd.DataFrame:
            if name not in kept:
                kept[name] = store.panel(name)
            return kept[name]

        seconds = []
        for _ in range(6):
            start = time.process_time()
            flagging.flags_of(metric.name, panel, read, reference())
            seconds.append(time.process_time() - start)
        spread = f"{statistics.median(seconds[1:]):.2f} ({min(seconds[1:]):.2f} to {max(seconds[1:]):.2f})"
        print(f"| {metric.name} | {panel.shape[0]} x {panel.shape[1]} | {spread} |")


def sample(store: Store, metric: str, flag: str, many: int = 40, seed: int = 0) -> None:
    """Print flags at random with the eight days on both sides, for a person to judge."""
    frame = store.flags(metric)
    frame = frame[frame["flag"] == flag]
    panel = store.panel(metric)
    week = pd.Timedelta(days=8)
    for row in frame.sample(min(many, len(frame)), random_state=seed).sort_values(["location", "date"]).itertuples():
        days = panel.loc[row.date - week : row.date + week, row.location]
        texts = [("*" if day == row.date else "") + ("-" if np.isnan(v) else f"{v:.0f}") for day, v in days.items()]
        print(f"{row.location} {row.date:%a %Y-%m-%d} | {' '.join(texts)} | {row.note}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("real", type=Path, nargs="?", help="folder of published files")
    parser.add_argument("--sample", help="metric:flag, only print flags of published data to judge by eye")
    arguments = parser.parse_args()
    if not arguments.sample:
        on_twin()
        on_newest_day()
    if arguments.real:
        with TemporaryDirectory() as folder:
            store = real_store(arguments.real, folder)
            if arguments.sample:
                sample(store, *arguments.sample.split(":"))
            else:
                on_real(store)
                speed(store)


if __name__ == "__main__":
    main()
