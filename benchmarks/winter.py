"""The weekly job, Thursday by Thursday over a winter of the published figures, as it would have run.

    python benchmarks/winter.py ../shared/real --folder scratch --from 2022-12-01 --to 2023-03-30

Every week the store is given what was released since the week before, and the job of ``forecast refit --scheduled
--no-fetch`` runs at nine on that Thursday, with the gate, the runs before it and their scores. What is refused is
published at noon with ``--force``, as by a person who has looked at it. Each attempt is printed with its reasons, and
at the end the record as ``forecast status`` tells it. The folder keeps the runs: started again, it goes on after the
last week in the journal.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import backtests as bt
import pandas as pd

import forecast as fc
from forecast.job.journal import REFUSED, attempts
from forecast.job.weekly import Job, run_weekly
from forecast.observations.table import COLUMNS
from forecast.watching.status import status

LONDON = "Europe/London"


def everything(store: fc.Store) -> pd.DataFrame:
    """Return every stored value with the day of its release."""
    rows = pd.concat([store.history(str(name)) for name in store.metrics()["metric"].unique()], ignore_index=True)
    return rows[list(COLUMNS)]


def tried(job: Job, now: pd.Timestamp) -> str:
    """Run the job once, print what became of it, and return its outcome."""
    start, spent = time.perf_counter(), time.process_time()
    attempt = run_weekly(job, now)
    seconds, spent = time.perf_counter() - start, time.process_time() - spent
    how = f"{'forced, ' if job.forced else ''}{attempt.outcome}"
    print(f"{now:%Y-%m-%d}: {how}, {seconds:.0f} s, processor {spent:.0f} s", flush=True)
    for reason in attempt.reasons:
        print(f"    {reason}", flush=True)
    return str(attempt.outcome)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("real", type=Path, help="folder of published files")
    parser.add_argument("--folder", type=Path, required=True, help="keeps the stores and the runs")
    parser.add_argument("--from", dest="first", type=pd.Timestamp, default=pd.Timestamp("2022-12-01"))
    parser.add_argument("--to", dest="last", type=pd.Timestamp, default=pd.Timestamp("2023-03-30"))
    given = parser.parse_args()
    rows = everything(bt.stored(given.real, given.folder))
    job = Job(str(given.folder / "winter-data"), given.folder / "winter-models", given.folder / "raw", fetch=False)
    store, done = fc.Store(job.data), {pd.Timestamp(one.finished).date() for one in attempts(job.models)}
    known = store.metrics()["released"].max() if not store.empty else pd.Timestamp.min
    for day in pd.date_range(given.first, given.last, freq="W-THU"):
        new = rows[(rows["released"] <= day) & (rows["released"] > known)]
        if len(new):
            store.add(new)
        known = max(known, day)
        if day.date() not in done:
            nine = (day + pd.Timedelta(hours=9)).tz_localize(LONDON)
            if tried(job, nine) == REFUSED:
                tried(replace(job, forced="looked at"), nine + pd.Timedelta(hours=3))
    print(json.dumps(status(store, job.models, given.last.tz_localize(LONDON)).as_json(), indent=1))


if __name__ == "__main__":
    main()
