"""How good the short range is on waves of flu and Covid: every trust with a usable wave, one and two weeks ahead.

    python benchmarks/wave_beds.py ../shared/real --folder scratch
    python benchmarks/wave_beds.py ../shared/real --folder scratch --half held-out
    python benchmarks/wave_beds.py ../shared/real --folder scratch --half norfolk

A wave is *usable* at a trust where, without the values flagged as wrong, the seven-day mean of patients in beds reaches
10 in it (of admissions 2 a day, 14 a week), and three quarters of the days on which any trust told have a value: false
zeros, which are flagged, and late starts leave a trust out. Trusts are halved by a hash of their code: settings are
chosen on the ``tuning`` half, the ``held-out`` half is for reporting. All models learn from all trusts' past up to the
origin. Each value is known on its own day; flagged ones are masked, without hindsight, in what models and baseline
learn from, and with hindsight in what happened.

Told are WIS over Persistence's, exactly 7 and 14 days ahead and over days 1-7 and 8-14; the share of outcomes within
the 90 % range; the worst trust (7 and 14 days ahead together); and the forecasts that run away: a quantile above ten
times the highest value of the series so far and to come up to that day, where the sum over all trusts did not grow
tenfold too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import backtests as bt
import numpy as np
import pandas as pd
import tables

import forecast as fc
from forecast.evaluation import score
from forecast.evaluation.frames import QUANTILE_COLUMNS
from forecast.forecasters import Persistence
from forecast.reference import reference
from forecast.weekly.learning import learning_panel, usable_values

HORIZON = 14
AHEAD = (7, 14)
MEAN_OF_DAYS = 7
SHARE_TOLD = 0.75
RUNAWAY = 10.0


@dataclass(frozen=True)
class Wave:
    """A metric's wave: the days that say who had it, how high the seven-day mean must be, first origins and last."""

    metric: str
    name: str
    days: tuple[str, str]
    least: float
    origins: tuple[tuple[str, str], ...]

    def dates(self, every: int) -> pd.DatetimeIndex:
        """Origins so many days apart."""
        parts = [pd.date_range(first, last, freq=f"{every}D") for first, last in self.origins]
        return pd.DatetimeIndex([day for part in parts for day in part])


WAVES = (
    Wave("flu_beds", "2022-23", ("2022-11-21", "2023-03-31"), 10.0, (("2022-12-11", "2023-03-05"),)),
    Wave("covid_beds_occupied", "2021-22", ("2021-06-01", "2022-01-18"), 10.0, (("2021-06-27", "2022-01-02"),)),
    Wave(
        "covid_beds_occupied",
        "2024-25",
        ("2024-04-29", "2025-03-30"),
        10.0,
        (("2024-05-26", "2024-09-15"), ("2024-12-22", "2025-03-16")),
    ),
    Wave(
        "covid_admissions_and_diagnoses", "2024-25", ("2024-04-29", "2024-09-30"), 2.0, (("2024-05-26", "2024-09-15"),)
    ),
)
"""Admissions of 2021-22 are public for Norfolk only."""


def usable(truth: pd.DataFrame, wave: Wave) -> list[str]:
    """Trusts at which a wave can be seen; ``truth``: dates by trust, flagged values masked."""
    first, last = wave.days
    told = truth.loc[first:last]
    mean = truth.rolling(MEAN_OF_DAYS, min_periods=MEAN_OF_DAYS // 2 + 1).mean().loc[first:last]
    known = told.notna().mean() >= SHARE_TOLD * told.notna().any(axis=1).mean()
    return [str(code) for code in truth.columns[(mean.max() >= wave.least) & known]]


def held_out(code: str) -> bool:
    """Whether a trust belongs to the half that nothing is chosen on; about every second code."""
    return hashlib.sha256(code.encode()).digest()[0] % 2 == 1


def chosen(codes: Sequence[str], half: str) -> list[str]:
    """Trusts of a half, of Norfolk, or all."""
    if half == "norfolk":
        return [code for code in codes if code in bt.HOSPITALS]
    return [code for code in codes if half == "all" or held_out(code) == (half == "held-out")]


def backtested(
    store: fc.Store, wave: Wave, truth: pd.DataFrame, codes: list[str], run: bt.Run, models: str | None, every: int
) -> pd.DataFrame:
    """Long frame of the default, of its members or other models, and of the baseline."""
    tables_ = reference()
    days = int(tables_.assumption("history_days").value)

    def then(day: pd.Timestamp) -> pd.DataFrame:
        values = usable_values(store, wave.metric, day, tables_)
        return learning_panel(values, values.index[-1], 1, days, codes)

    frame = fc.backtest(
        {**bt.forecasters(wave.metric, models), tables.BASELINE: Persistence()},
        then,
        origins=wave.dates(every),
        horizon=HORIZON,
        observed=truth,
        locations=codes,
        samples=run.samples,
        seed=1,
        jobs=run.jobs,
        folder=run.folder / "tasks",
        progress=bt.told,
    )
    return frame.assign(metric=wave.metric, wave=wave.name)


def mixed(frame: pd.DataFrame, recipe: str) -> pd.DataFrame:
    """Forecasts whose quantiles are weighted means of models' quantiles; ``recipe``: "WaveGrowth:2+NationalLag:1"."""
    shares = {name: float(share) for name, share in (part.split(":") for part in recipe.split("+"))}
    keys = ["location", "origin", "horizon"]
    columns = list(QUANTILE_COLUMNS)
    parts = {name: frame[frame["model"] == name].set_index(keys) for name in shares}
    first = next(iter(parts.values()))
    total = sum(share * parts[name][columns].reindex(first.index) for name, share in shares.items())
    found = first.assign(model=recipe, **(total / sum(shares.values())))
    return found.reset_index()[frame.columns]


def runaways(frame: pd.DataFrame, truth: pd.DataFrame) -> int:
    """Forecasts with a quantile above ten times the series' highest, which the nation does not explain."""
    highest = truth.cummax().ffill()
    nation = truth.sum(axis=1, min_count=1).ffill()
    at = highest.reset_index(names="date").melt("date", var_name="location", value_name="highest")
    rows = frame.merge(at, on=["date", "location"], how="left")
    growth = nation.reindex(rows["date"]).to_numpy() / np.maximum(nation.reindex(rows["origin"]).to_numpy(), 1.0)
    over = rows[list(QUANTILE_COLUMNS)].max(axis=1) > RUNAWAY * rows["highest"].clip(lower=1.0)
    return int((over.to_numpy() & (growth < RUNAWAY)).sum())


def row(frame: pd.DataFrame, model: str, ran: int) -> dict[str, object]:
    """One model's figures."""
    own = frame[frame["model"].isin([model, tables.BASELINE])]
    days = score(own, by=("model", "horizon")).set_index(["model", "horizon"]).loc[model]
    bands = score(own, by=("model", "horizon_band")).set_index(["model", "horizon_band"]).loc[model]
    whole = score(own, by=("model",)).set_index("model").loc[model]
    places = score(own[own["horizon"].isin(AHEAD)], by=("model", "location")).set_index(["model", "location"])
    worst = places.loc[model, "relative_wis"]
    return {
        "model": model,
        **{f"{day} days": round(days.loc[day, "relative_wis"], 3) for day in AHEAD},
        **{f"days {band}": round(bands.loc[band, "relative_wis"], 3) for band in ("1-7", "8-14")},
        "90% held": f"{100 * whole['coverage_90']:.1f}%",
        "at 7, 14": ", ".join(f"{100 * days.loc[day, 'coverage_90']:.0f}" for day in AHEAD),
        "worst trust": f"{worst.max():.2f} ({worst.idxmax()})",
        "ran away": ran,
    }


def main() -> None:
    parser = bt.options(__doc__)
    parser.add_argument("real", type=Path, help="folder of published files")
    parser.add_argument("--half", choices=("tuning", "held-out", "norfolk", "all"), default="tuning")
    parser.add_argument("--every", type=int, default=28, help="days from one origin to the next")
    parser.add_argument(
        "--mix", action="append", default=[], help="also the mean of models, such as NationalLag:1+WaveGrowth:2"
    )
    parser.add_argument("--waves", default="", help="metric names with commas; all waves unless given")
    given = parser.parse_args()
    wanted = [wave for wave in WAVES if not given.waves or wave.metric in given.waves.split(",")]
    done: list[pd.DataFrame] = []
    ran: list[tuple[str, dict[str, int]]] = []
    with bt.kept_folder(given.folder) as folder:
        run = bt.Run(given.jobs, given.samples, folder)
        store = bt.stored(given.real, folder)
        for wave in wanted:
            truth = store.panel(wave.metric, clean=True)
            truth = truth[bt.hospital_trusts(truth)]
            codes = chosen(usable(truth, wave), given.half)
            if not codes:
                continue
            known = bt.without_delay(store, wave.metric, folder)
            frame = backtested(known, wave, truth, codes, run, given.models, given.every)
            tables.failures(frame)
            frame = pd.concat([frame, *(mixed(frame, recipe) for recipe in given.mix)], ignore_index=True)
            names = [name for name in frame["model"].drop_duplicates() if name != tables.BASELINE]
            found = {name: runaways(frame[frame["model"] == name], truth) for name in names}
            ran.append((wave.metric, found))
            rows = [row(frame, name, found[name]) for name in names]
            title = f"{wave.metric} {wave.name}, {given.half}: {len(codes)} trusts, {frame['origin'].nunique()} origins"
            tables.say(title, pd.DataFrame(rows))
            done.append(frame)
    beds = [frame for frame in done if "beds" in frame["metric"].iloc[0]]
    if len(beds) > 1:
        names = [name for name in beds[0]["model"].drop_duplicates() if name != tables.BASELINE]
        together = pd.concat(beds, ignore_index=True)
        rows = [row(together, name, sum(one[name] for metric, one in ran if "beds" in metric)) for name in names]
        tables.say("All waves of beds together", pd.DataFrame(rows))


if __name__ == "__main__":
    main()
