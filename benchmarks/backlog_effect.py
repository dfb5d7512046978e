"""What a wave of flu or Covid does to the fit-to-leave backlog, and whether knowing it makes better forecasts.

    python benchmarks/backlog_effect.py ../shared/real --folder scratch

Two questions, on every trust that tells both counts, each value known on its own day, flagged ones masked. (1) Does a
rise in a trust's respiratory beds go before a rise in its backlog? Change of the log backlog (7-day mean) over the next
weeks, regressed on the change of respiratory beds over two weeks that ended ``delay`` days ago (a share of the usual
backlog) and on the backlog's own last four weeks, the days' common movement taken out; standard errors clustered by
day. (2) Does the pooled model forecast better when it is given the beds? The delay is the best on half of the trusts,
told on the other half: WIS over that of the same model without the beds, below 1 where knowing them helps.
"""

from __future__ import annotations

import argparse
from itertools import product
from pathlib import Path
from typing import Any

import backtests as bt
import numpy as np
import pandas as pd
import tables

import forecast as fc
from forecast.evaluation import difference
from forecast.forecasters import PooledBoosting
from forecast.reference import reference
from forecast.weekly.learning import usable_values

BACKLOG = "nctr_patients"
SPANS = {
    "flu_beds": ("2022-12-08", "2023-03-02"),
    "covid_beds_occupied": ("2024-05-26", "2024-09-01"),
}
DELAYS = (0, 7, 14, 21, 28)
WEEKS = (7, 14, 21, 28)
RISE_DAYS = 14
WITHOUT = "without"


def main() -> None:
    parser = bt.options(__doc__)
    parser.add_argument("real", type=Path, help="folder of published files")
    parser.add_argument("--every", type=int, default=14, help="days from one origin of the forecasts to the next")
    given = parser.parse_args()
    with bt.kept_folder(given.folder) as folder:
        store = bt.stored(given.real, folder)
        for metric, (first, last) in SPANS.items():
            backlog, beds = _usable(store, BACKLOG, last), _usable(store, metric, last)
            codes = sorted(set(backlog.columns) & set(beds.columns))
            found = _profile(backlog[codes], beds[codes], pd.date_range(first, last, freq="7D"))
            tables.say(f"{metric}: rise before a rise of the backlog, {first} to {last}, {len(codes)} trusts", found)
            origins = pd.date_range(first, last, freq=f"{given.every}D")
            same_day = bt.without_delay(store, BACKLOG, folder)
            frame = fc.backtest(
                {WITHOUT: PooledBoosting()},
                bt.learned(same_day, BACKLOG, zeros_missing=True),
                **_shared(backlog, codes, origins, given, folder),
            )
            frames = [frame]
            for delay in DELAYS:
                moved = beds[codes].shift(delay, freq="D")
                frames.append(
                    fc.backtest(
                        {f"{delay} days": PooledBoosting()},
                        bt.learned(same_day, BACKLOG, zeros_missing=True),
                        related={metric: moved},
                        **_shared(backlog, codes, origins, given, folder),
                    )
                )
            tables.say(f"{metric}: WIS of the pooled model with the beds over that without", _scored(frames, codes))


def _shared(
    backlog: pd.DataFrame, codes: list[str], origins: pd.DatetimeIndex, given: argparse.Namespace, folder: Path
) -> dict[str, Any]:
    return {
        "origins": origins,
        "horizon": bt.HORIZON,
        "observed": backlog[codes],
        "locations": codes,
        "zeros_missing": True,
        "baseline": False,
        "samples": given.samples,
        "seed": 1,
        "jobs": given.jobs,
        "folder": folder / "tasks",
        "progress": bt.told,
    }


def _scored(frames: list[pd.DataFrame], codes: list[str]) -> pd.DataFrame:
    """A row a delay: ratio on the half of the trusts that chooses, and on the half that is told, with its range."""
    both = bt.joined(frames)
    rows = []
    halves = {"chosen on": codes[::2], "told": codes[1::2]}
    for delay in DELAYS:
        row: dict[str, object] = {"beds delayed by": f"{delay} days"}
        for half, places in halves.items():
            found = difference(both[both["location"].isin(places)], f"{delay} days", WITHOUT).iloc[0]
            row[half] = f"{found['ratio']:.3f} ({found['low']:.3f} to {found['high']:.3f})"
        rows.append(row)
    return pd.DataFrame(rows)


def _usable(store: fc.Store, metric: str, last: str) -> pd.DataFrame:
    """Usable values of every trust, with what happened in the weeks after the last origin."""
    values = usable_values(store, metric, None, reference())
    return values.loc[: pd.Timestamp(last) + pd.Timedelta(days=max(WEEKS))]


def _profile(backlog: pd.DataFrame, beds: pd.DataFrame, origins: pd.DatetimeIndex) -> pd.DataFrame:
    """Effect by delay and days ahead: slope, its t value, and share of the variance that it takes away."""
    level = np.log(backlog.rolling(7, min_periods=4).mean().clip(lower=1))
    usual = backlog.rolling(91, min_periods=28).mean()
    wave = beds.reindex(backlog.index).rolling(7, min_periods=4).mean()
    rows = []
    for delay, ahead in product(DELAYS, WEEKS):
        change = level.shift(-ahead) - level
        rise = (wave.shift(delay) - wave.shift(delay + RISE_DAYS)) / usual
        own = level - level.shift(28)
        slope, t, share, count = _regressed(*(one.reindex(origins) for one in (change, rise, own)))
        rows.append({"delay": delay, "days ahead": ahead, "slope": slope, "t": t, "R2": share, "n": count})
    frame = pd.DataFrame(rows)
    wide = frame.pivot_table(index="delay", columns="days ahead", values=["slope", "t", "R2"]).round(3)
    wide.columns = [f"{name}, {ahead} days" for name, ahead in wide.columns]
    return wide.reset_index()


def _regressed(change: pd.DataFrame, rise: pd.DataFrame, own: pd.DataFrame) -> tuple[float, float, float, int]:
    """Slope on the rise, t value clustered by day, share of the variance left by the own past, and observations."""
    seen = (change.notna() & rise.notna() & own.notna()).to_numpy()
    centred = []
    for one in (change, rise, own):
        values = one.where(seen)
        low, high = np.nanquantile(values, [0.01, 0.99])
        values = values.clip(low, high)
        centred.append(values.sub(values.mean(axis=1), axis=0).to_numpy()[seen])
    y, x, m = centred
    design = np.column_stack([x, m])
    found = np.linalg.lstsq(design, y, rcond=None)[0]
    left = y - design @ found
    day = np.nonzero(seen)[0]
    inverse = np.linalg.inv(design.T @ design)
    scores = [design[day == one].T @ left[day == one] for one in np.unique(day)]
    variance = inverse @ sum(np.outer(s, s) for s in scores) @ inverse
    without = y - m * (m @ y) / (m @ m)
    return (
        float(found[0]),
        float(found[0] / np.sqrt(variance[0, 0])),
        1 - float(left @ left / (without @ without)),
        len(y),
    )


if __name__ == "__main__":
    main()
