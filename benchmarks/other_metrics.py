"""How good the default forecaster of each other metric is, and each of its members, against the baseline.

    python benchmarks/other_metrics.py ../shared/real --folder scratch
    python benchmarks/other_metrics.py ../shared/real --folder scratch --everywhere
    python benchmarks/other_metrics.py ../shared/real --folder scratch --period reporting

Each value is known on its own day; flagged ones are masked, without hindsight, in what all models and the baseline
learn from, and with hindsight in what happened (a false zero is no outcome). 28 days ahead, Norfolk's three hospitals
and the county, or every trust (``--everywhere``); learned on every trust. WIS over Persistence's, with 9-in-10 ranges
by resampling blocks of origins.

Origins lie where all three hospitals have values, and in two periods: choices are made on the first (``choosing``) and
reported on the second, which no choice may see. Covid has nothing at trusts between January 2022 and March 2024. Flu
has only two winters, of which the first had hardly any: choose it on every trust. General and acute beds, long stays
and ambulance delays end in March 2023. The forecasters of version 0.1 were chosen in part on the winter of 2022-23,
here the reporting period of flu and of beds.
"""

from __future__ import annotations

from pathlib import Path

import backtests as bt
import pandas as pd
import tables

PLACES = [*bt.HOSPITALS, bt.COUNTY]
WINTERS = {
    "choosing": [
        ("2018-12-23", "2019-02-03", 14),
        ("2019-12-22", "2020-02-02", 14),
        ("2021-12-19", "2022-03-06", 14),
    ],
    "reporting": [("2022-12-11", "2023-02-12", 7)],
}
"""Of what is published in winter only and ends in March 2023."""
SPANS = {
    "covid_beds_occupied": {
        "choosing": [("2021-07-04", "2021-12-19", 14)],
        "reporting": [("2024-05-26", "2024-09-01", 14), ("2024-12-22", "2025-03-02", 14)],
    },
    "flu_beds": {
        "choosing": [("2021-12-26", "2022-03-06", 14), ("2022-12-04", "2022-12-11", 7)],
        "reporting": [("2023-01-08", "2023-03-05", 7)],
    },
    "covid_admissions_and_diagnoses": {
        "choosing": [("2021-07-04", "2021-12-19", 14)],
        "reporting": [("2024-05-26", "2024-09-01", 14)],
    },
    "ga_beds_occupied": {
        "choosing": [
            ("2018-12-23", "2019-02-03", 14),
            ("2019-12-22", "2020-02-02", 14),
            ("2020-11-29", "2021-03-07", 14),
            ("2021-12-19", "2022-03-06", 14),
        ],
        "reporting": [("2022-12-11", "2023-02-12", 7)],
    },
    "los_21plus_beds": WINTERS,
    "ambulance_delays_over_30min": WINTERS,
    "staff_absent_total": {
        "choosing": [("2022-12-18", "2023-03-05", 7)],
        "reporting": [("2024-01-07", "2024-09-01", 14), ("2024-12-22", "2025-03-02", 14)],
    },
}
"""First origin, last and days from one to the next."""


def origins(metric: str, period: str) -> pd.DatetimeIndex:
    """All origins of a metric in a period."""
    parts = [pd.date_range(first, last, freq=f"{every}D") for first, last, every in SPANS[metric][period]]
    return pd.DatetimeIndex([day for part in parts for day in part])


def main() -> None:
    parser = bt.options(__doc__)
    parser.add_argument("real", type=Path, help="folder of published files")
    parser.add_argument("--period", choices=("choosing", "reporting"), default="choosing")
    parser.add_argument("--metrics", default=",".join(SPANS), help="names with commas")
    parser.add_argument("--everywhere", action="store_true", help="forecast every trust, and tell the middle one")
    given = parser.parse_args()
    with bt.kept_folder(given.folder) as folder:
        run = bt.Run(given.jobs, given.samples, folder)
        store = bt.stored(given.real, folder)
        for metric in given.metrics.split(","):
            days = origins(metric, given.period)
            truth = store.panel(metric, clean=True)
            truth = truth[bt.hospital_trusts(truth)]
            frame = bt.backtested(
                bt.without_delay(store, metric, folder),
                metric,
                bt.forecasters(metric, given.models),
                days,
                run,
                truth=truth,
                baseline_masked=True,
                everywhere=given.everywhere,
            )
            title = f"{metric}, {given.period}: {len(days)} origins, {days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}"
            tables.failures(frame)
            if given.everywhere:
                tables.say(title, tables.at_every_trust(frame, bt.HORIZON, tables.BASELINE))
                continue
            tables.say(f"{title}: WIS over Persistence's", tables.ratios(frame, PLACES, bt.HOSPITALS, tables.BASELINE))
            tables.say(f"{title}: coverage", tables.coverage(frame, ["model"]))


if __name__ == "__main__":
    main()
