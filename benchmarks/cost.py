"""What a task of a backtest costs on all trusts: processor time, memory, bytes sent and kept, by kind of metric.

    python benchmarks/cost.py STORE [--origin 2024-11-01] [--metrics nctr_patients,covid_beds_occupied]

Each task runs in a process of its own, so that its peak memory is its own; processor seconds are of its threads and
children. Prints one Markdown row a metric: the default forecaster at one origin, told for every trust, as known then.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys

METRICS = "nctr_patients,ga_beds_occupied,staff_absent_total,covid_beds_occupied,flu_beds"
ONE = """
import io, pickle, resource, sys, time
import pandas as pd
from forecast.evaluation.stored import Asked, plan_stored
from forecast.evaluation.tasks import run
from forecast.observations.store import Store
from forecast.reference import reference

def cpu():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)

place, metric, origin, where = sys.argv[1:]
day = pd.Timestamp(origin)
asked = Asked(first=day, last=day, as_known=True, locations=["all"] if where == "all" else None)
plan = plan_stored(Store(place), metric, asked, reference())
empty = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = cpu()
known = next(plan.origins())
read = cpu() - start
task = next(plan.tasks(known))
sent = len(pickle.dumps(task, protocol=5))
start, clock = cpu(), time.perf_counter()
done = run(task)
assert done.rows is not None, done.reason
spent, passed = cpu() - start, time.perf_counter() - clock
held = io.BytesIO()
done.rows.to_parquet(held, index=False)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
series = len(plan.settings.locations)
print(series, read, spent, passed, peak / 1024, empty / 1024, sent / 1e6, held.tell() / 1e6)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", help="folder or URL of observations")
    parser.add_argument("--origin", default="2024-11-01")
    parser.add_argument("--metrics", default=METRICS, help="names with commas")
    parser.add_argument("--where", default="all", help="all: every trust; else the county")
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print("| metric | series | processor s, best to worst | a series | reading as known | peak MB | sent MB | kept |")
    print("|---|---|---|---|---|---|---|---|")
    for metric in arguments.metrics.split(","):
        command = [sys.executable, "-c", ONE, arguments.store, metric, arguments.origin, arguments.where]
        runs = []
        for _ in range(arguments.repeats):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                sys.exit(done.stderr[-2000:])
            runs.append(list(map(float, done.stdout.split())))
        series, read, spent, _, peak, empty, sent, kept = (statistics.median(one) for one in zip(*runs, strict=True))
        worst = [one[2] for one in runs]
        print(
            f"| {metric} | {series:.0f} | {spent:.1f} ({min(worst):.1f} to {max(worst):.1f}) | {spent / series:.3f} "
            f"| {read:.2f} | {peak:,.0f} (before the task {empty:,.0f}) | {sent:.2f} | {kept:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
