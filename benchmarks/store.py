"""A year of weekly publications of every trust in one store: its size, and how long a read as of a day takes.

    python benchmarks/store.py [--weeks 52] [--trusts 120]

Every Thursday the daily discharge return (three metrics) is issued again from the start of the year, with small
revisions; in winter so are flu beds, Covid beds, general and acute and critical care beds, and staff absences. The
numbers are simulated. Prints one Markdown row a figure: median, best and worst. A cold read is one of a new process
whose modules are loaded; the time with loading them is beside it.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import fsspec
import numpy as np
import pandas as pd

from forecast.observations.store import Store

FIRST = pd.Timestamp("2023-06-01")
METRIC = "nctr_patients"
DISCHARGE = {"nctr_patients": 110, "nctr_discharged": 50, "nctr_remaining": 60}
WINTER = {
    "flu_ga_beds_occupied": 15,
    "flu_cc_beds_occupied": 1,
    "covid_beds_occupied": 30,
    "ga_beds_open": 800,
    "ga_beds_occupied": 750,
    "cc_adult_beds_open": 40,
    "cc_adult_beds_occupied": 33,
    "los_7plus_beds": 350,
    "los_21plus_beds": 130,
    "staff_absent_total": 400,
    "staff_absent_covid": 30,
}
REVISED = 0.0035
"""Share of cells that a re-issue changes: 276 of 79,588 in the discharge returns re-issued in 2023."""
COLD = """
import sys, time
start = time.perf_counter()
from forecast.observations.store import Store
if sys.argv[4]:
    import s3fs
loaded = time.perf_counter()
options = {"endpoint_url": sys.argv[4], "key": "k", "secret": "s"} if sys.argv[4] else None
panel = Store(sys.argv[1], storage_options=options).panel(sys.argv[2], as_of=sys.argv[3])
assert panel.notna().sum().sum() > 0
print(time.perf_counter() - loaded, time.perf_counter() - start)
"""


class Publication:
    """Daily values of every trust from a first to a last day, issued again every week with small revisions."""

    def __init__(self, name: str, levels: dict[str, int], first: str, last: str, trusts: int, seed: int) -> None:
        self.name = name
        self._random = np.random.default_rng(seed)
        self._days = pd.date_range(first, last)
        self._codes = [f"R{k:03d}" for k in range(trusts)]
        size = (len(self._days), trusts)
        self._values = {metric: self._random.poisson(level, size).astype(float) for metric, level in levels.items()}

    def edition(self, thursday: pd.Timestamp) -> pd.DataFrame | None:
        """What is issued on a Thursday: everything to the Sunday before; None out of season."""
        days = self._days[self._days <= thursday - pd.Timedelta(days=4)]
        if not len(days) or thursday > self._days[-1] + pd.Timedelta(days=11):
            return None
        source = f"{self.name}, published {thursday:%Y-%m-%d}"
        frames = []
        for metric, values in self._values.items():
            values[self._random.random(values.shape) < REVISED / len(days) * 7] += 1
            wide = pd.DataFrame(values[: len(days)], index=days, columns=self._codes)
            frames.append(
                wide.rename_axis("date").reset_index().melt("date", var_name="location").assign(metric=metric)
            )
        return pd.concat(frames, ignore_index=True).assign(source=source)


def editions(weeks: int, trusts: int) -> Iterator[pd.DataFrame]:
    last = FIRST + pd.Timedelta(weeks=weeks)
    discharge = Publication("discharge", DISCHARGE, f"{FIRST:%Y-%m-%d}", f"{last:%Y-%m-%d}", trusts, 1)
    winter = Publication("winter", WINTER, "2023-11-20", "2024-03-31", trusts, 2)
    for week in range(1, weeks + 1):
        for publication in (discharge, winter):
            frame = publication.edition(FIRST + pd.Timedelta(weeks=week))
            if frame is not None:
                yield frame


def timed(action: Callable[[], object], repeats: int) -> list[float]:
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return seconds


def row(name: str, seconds: list[float], note: str = "") -> None:
    best, middle, worst = min(seconds), statistics.median(seconds), max(seconds)
    print(f"| {name} | {middle:.3f} s | {best:.3f} to {worst:.3f} s | {note} |", flush=True)


def cold(name: str, place: str, as_of: str, endpoint: str, repeats: int) -> None:
    command = [sys.executable, "-c", COLD, place, METRIC, as_of, endpoint]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(repeats)]
    read, whole = zip(*(map(float, run.stdout.split()) for run in runs), strict=True)
    row(name, list(read), f"{statistics.median(whole):.2f} s with loading the modules")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--trusts", type=int, default=120)
    parser.add_argument("--repeats", type=int, default=9)
    arguments = parser.parse_args()
    print("| what | median | best to worst | note |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        store = Store(Path(scratch) / "data")
        seconds, told, changed = [], 0, 0
        for frame in editions(arguments.weeks, arguments.trusts):
            start = time.perf_counter()
            added = store.add(frame)
            seconds.append(time.perf_counter() - start)
            told, changed = told + sum(added), changed + added.changed
        stored = store.vintages()
        row(
            "one week's edition of a publication added", seconds, f"{told:,} values told, {changed:,} of them revisions"
        )
        files = list((store.folder / "observations").rglob("*"))
        size = sum(path.stat().st_size for path in files) / 1e6
        rows = sum(vintage.rows for vintage in stored)
        print(f"| size of {len(stored)} vintages | {size:.1f} MB | | {rows:,} rows stored; the bar is 100 MB |")
        end = f"{FIRST + pd.Timedelta(weeks=arguments.weeks):%Y-%m-%d}"
        middle = f"{FIRST + pd.Timedelta(weeks=arguments.weeks // 2):%Y-%m-%d}"
        for name, as_of in (("at the end of the year", end), ("half a year back", middle)):
            cold(f"cold read as of a day {name}", str(store.folder), as_of, "", arguments.repeats)
            warm = timed(lambda day=as_of: store.panel(METRIC, as_of=day), arguments.repeats)  # type: ignore[misc]
            row(f"warm read as of a day {name}", warm, f"{store.panel(METRIC, as_of=as_of).shape} days and trusts")
        row("the same with flags masked", timed(lambda: store.panel(METRIC, as_of=end, clean=True), 3))
        row("check of every byte", timed(store.check, 3))
        on_s3(store, end, arguments.repeats)


def on_s3(store: Store, as_of: str, repeats: int) -> None:
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    # Of a server that lives for the measurement.
    options = {"endpoint_url": endpoint, "key": "k", "secret": "s"}  # nosec B105
    try:
        system = fsspec.filesystem("s3", **options)
        system.mkdir("bench")
        system.put(f"{store.folder}/observations/", "bench/year/observations/", recursive=True)
        cold("cold read from a simulated S3 server", "s3://bench/year", as_of, endpoint, repeats)
        there = Store("s3://bench/year", storage_options=options)
        there.panel(METRIC, as_of=as_of)
        row("warm read from a simulated S3 server", timed(lambda: there.panel(METRIC, as_of=as_of), repeats))
    finally:
        server.stop()


if __name__ == "__main__":
    main()
