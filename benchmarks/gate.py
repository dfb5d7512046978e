"""How often the gate's checks of figures would have held back a sound week, and which broken files they hold back.

    python benchmarks/gate.py ../shared/real --folder scratch
    python benchmarks/gate.py ../shared/real --folder scratch --part broken

Sound weeks: every Thursday of the record on which a forecast metric is fresh, over all trusts, as known that day. What
is held back there is printed with its reason, to be judged by eye. Broken files: of each metric at some of those weeks,
the newest week is spoilt in one way, and the check is asked again.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import backtests as bt
import numpy as np
import pandas as pd
import tables

import forecast as fc
from forecast.gate.implausible import implausible
from forecast.gate.limits import Limits
from forecast.observations.table import COLUMNS
from forecast.reference import reference

FRESH = 21
SPOILT = 12
"""So many of the sound weeks of each metric are spoilt, evenly spaced, from the ninth on."""
REACH = pd.Timedelta(weeks=60)
WEEK = pd.Timedelta(weeks=1)


def candidate(store: fc.Store, day: pd.Timestamp, metrics: list[str]) -> Any:
    """As much of what a refit has made as the check looks at."""
    today = SimpleNamespace(store=store, day=day, tables=reference())
    return SimpleNamespace(today=today, made=dict.fromkeys(metrics))


def fresh(store: fc.Store, day: pd.Timestamp) -> list[str]:
    """Forecast metrics with a figure of the last weeks."""
    found = []
    for metric in reference().forecast_metrics():
        try:
            panel = store.panel(metric.name, ["RM1"], as_of=day)
        except fc.InputError:
            continue
        if len(panel) and (day - panel.index[-1]).days < FRESH:
            found.append(metric.name)
    return found


def spoilt(rows: pd.DataFrame, kind: str, seed: int) -> pd.DataFrame:
    """The rows with their newest week broken."""
    rng = np.random.default_rng(seed)
    newest = rows["date"] > rows["date"].max() - WEEK
    codes = rng.permutation(rows["location"].unique())
    times = {"doubled": 2.0, "halved": 0.5, "ten times": 10.0, "a fifth more": 1.2}
    if kind in times:
        return rows.assign(value=rows["value"].where(~newest, (rows["value"] * times[kind]).round()))
    if kind == "half the trusts":
        return rows[~(newest & rows["location"].isin(codes[: len(codes) // 2]))]
    if kind == "trusts shifted by one":
        order = np.sort(rows["location"].unique())
        after = dict(zip(order, np.roll(order, 1), strict=True))
        return rows.assign(location=rows["location"].where(~newest, rows["location"].map(after)))
    if kind == "the week before again":
        before = rows[(rows["date"] <= rows["date"].max() - WEEK) & (rows["date"] > rows["date"].max() - 2 * WEEK)]
        return pd.concat([rows[~newest], before.assign(date=before["date"] + WEEK, released=rows["released"].max())])
    if kind == "all zero":
        return rows.assign(value=rows["value"].where(~newest, 0.0))
    raise ValueError(kind)


KINDS = ("doubled", "halved", "ten times", "a fifth more", "half the trusts", "trusts shifted by one")
KINDS += ("the week before again", "all zero")


def weeks(store: fc.Store) -> Iterator[tuple[pd.Timestamp, list[str]]]:
    """Thursdays of the record with what is fresh on them."""
    released = store.metrics()["released"].max()
    for day in pd.date_range("2018-11-01", released, freq="W-THU"):
        if metrics := fresh(store, day):
            yield day, metrics


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("real", type=Path, help="folder of published files")
    parser.add_argument("--folder", type=Path, help="keep the store here, so that a rerun does not ingest again")
    parser.add_argument("--part", choices=("sound", "broken", "both"), default="both")
    parser.add_argument("--metric", action="append", help="only this one; may be given again")
    given = parser.parse_args()
    limits = Limits.from_reference(reference())
    with bt.kept_folder(given.folder) as folder:
        store = bt.stored(given.real, folder)
        asked = [(day, metric) for day, metrics in weeks(store) for metric in metrics]
        asked = [one for one in asked if not given.metric or one[1] in given.metric]
        if given.part != "broken":
            sound(store, asked, limits)
        if given.part != "sound":
            tables.say("Broken files held back", broken(store, asked, limits))


def sound(store: fc.Store, asked: list[tuple[pd.Timestamp, str]], limits: Limits) -> None:
    """How many weeks as published are held back, and why."""
    rows, start = [], time.perf_counter()
    for day, metric in asked:
        held = [one.says for one in implausible(candidate(store, day, [metric]), None, limits)]
        rows.append({"day": day, "metric": metric, "why": held, "held": bool(held)})
    frame = pd.DataFrame(rows)
    seconds = (time.perf_counter() - start) / len(frame)
    by = frame.groupby("metric")["held"].agg(["size", "sum"])
    tables.say("Sound weeks held back", by.reset_index(), f"{seconds:.2f} s a metric and week")
    for row in frame[frame["held"]].to_dict("records"):
        print(f"{row['day']:%Y-%m-%d} {row['metric']}: {'; '.join(row['why'])}", flush=True)


def broken(store: fc.Store, asked: list[tuple[pd.Timestamp, str]], limits: Limits) -> pd.DataFrame:
    """Share of the spoilt weeks that is held back, a row a metric, a column a fault."""
    found = []
    for metric, part in pd.DataFrame(asked, columns=["day", "metric"]).groupby("metric"):
        for number, day in enumerate(part["day"].iloc[np.linspace(8, len(part) - 1, SPOILT).astype(int)]):
            if list(implausible(candidate(store, day, [str(metric)]), None, limits)):
                continue
            parts = reference().metric(str(metric)).derived_from or (str(metric),)
            told = pd.concat([store.history(name) for name in parts])
            told = told[(told["released"] <= day) & (told["date"] > day - REACH)]
            for kind in KINDS:
                with TemporaryDirectory() as scratch:
                    other = fc.Store(Path(scratch))
                    frames = [spoilt(rows, kind, number) for _, rows in told[list(COLUMNS)].groupby("metric")]
                    other.add(pd.concat(frames, ignore_index=True))
                    held = list(implausible(candidate(other, day, [str(metric)]), None, limits))
                found.append({"metric": metric, "kind": kind, "held": bool(held)})
    frame = pd.DataFrame(found)
    table = frame.pivot_table(index="metric", columns="kind", values="held", aggfunc="mean")[list(KINDS)]
    many = frame.groupby("metric").size() // len(KINDS)
    return table.map("{:.0%}".format).assign(weeks=many).reset_index()


if __name__ == "__main__":
    main()
