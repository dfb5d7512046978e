"""How long the line takes on the real data: ingest, one workbook, an as-of panel, a refit, the first page.

    python benchmarks/speed.py ../shared/real

Prints one Markdown row a figure: the median of the runs, best and worst beside it. Each ingest runs in a process of
its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

AS_OF = "2024-12-31"
INGEST = """
import resource, sys
from pathlib import Path
from forecast.ingest import ingest_files
from forecast.observations.store import Store
from forecast.sources import find_files
store = Store(sys.argv[1])
results = list(ingest_files(store, find_files([Path(sys.argv[2])])))
bad = [r.error for r in results if r.error]
rows = sum(r.added.new + r.added.changed + r.added.unchanged for r in results if r.added)
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, len(bad))
"""


def timed(action: Callable[[], object], repeats: int) -> list[float]:
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return seconds


def row(name: str, seconds: list[float], note: str = "") -> None:
    median = statistics.median(seconds)
    print(f"| {name} | {median:.2f} s | {min(seconds):.2f} to {max(seconds):.2f} s | {note} |", flush=True)


def ingest(real: Path, folder: Path) -> str:
    command = [sys.executable, "-c", INGEST, str(folder), str(real)]
    rows, memory, bad = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return f"{int(rows):,} rows read, peak {int(memory):,} MB, {bad} files in error"


def readable(path: Path) -> bool:
    from forecast.errors import NotObservations
    from forecast.sources import read_file

    try:
        read_file(path)
    except NotObservations:
        return False
    return True


def first_page(data: Path, models: Path) -> Callable[[], object]:
    os.environ.update(FORECAST_DATA=str(data), FORECAST_MODELS=str(models))
    import streamlit as st
    from streamlit.testing.v1 import AppTest

    page = Path(__file__).resolve().parent.parent / "app.py"

    def load() -> None:
        st.cache_data.clear()
        st.cache_resource.clear()
        app = AppTest.from_file(str(page), default_timeout=60).run()
        assert not app.exception, app.exception  # nosec B101 # a measurement that failed is none

    return load


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("real", type=Path, help="folder of published files")
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    from forecast.observations.store import Store
    from forecast.refit import refit
    from forecast.sources import read_file

    print("| what | median | best to worst | note |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        data, models = Path(scratch) / "data", Path(scratch) / "models"
        notes: list[str] = []
        first = timed(lambda: notes.append(ingest(arguments.real, data)), 1)
        row("ingest of the whole folder, empty store", first, notes[-1])
        again = timed(lambda: notes.append(ingest(arguments.real, data)), 1)
        row("the same again (nothing new)", again, notes[-1])
        books = sorted(arguments.real.rglob("*.xlsx"), key=lambda path: path.stat().st_size)
        read = max((path for path in books if readable(path)), key=lambda path: len(read_file(path).frame))
        values = timed(lambda: read_file(read), arguments.repeats)
        row("workbook with most values, read", values, f"{len(read_file(read).frame):,} values, {read.name}")
        opened = timed(lambda: readable(books[-1]), arguments.repeats)
        row("largest workbook, opened and recognised", opened, f"{books[-1].stat().st_size / 1e6:.1f} MB")
        for metric in ("nctr_patients", "ga_beds_occupied", "covid_beds_occupied"):
            panel = timed(lambda m=metric: Store(data).panel(m, as_of=AS_OF), arguments.repeats)  # type: ignore[misc]
            shape = Store(data).panel(metric, as_of=AS_OF).shape
            row(f"as-of panel of {metric}", panel, f"{shape[0]} days x {shape[1]} locations")
        cold = timed(lambda: refit(Store(data), models / str(time.time_ns()), AS_OF), arguments.repeats)
        row("refit of three hospitals and county", cold, f"as of {AS_OF}")
        refit(Store(data), models, AS_OF)
        page = first_page(data, models)
        row("first page, first time in the process", timed(page, 1), "server time, with imports")
        row("first page, caches cleared", timed(page, arguments.repeats), "server time")


if __name__ == "__main__":
    main()
