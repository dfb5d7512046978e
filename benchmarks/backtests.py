"""What the benchmarks of forecasts share: a store of the published files, backtests on it, the peers beside them."""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from sklearn.base import clone

import forecast as fc
from forecast.evaluation.frames import QUANTILE_COLUMNS
from forecast.evaluation.known import truth_of
from forecast.evaluation.stored import named
from forecast.forecasters import Forecaster, Persistence, default_forecaster
from forecast.formulas import parts
from forecast.incoming.ingest import ingest_files
from forecast.observations.table import step_days
from forecast.reference import reference
from forecast.sources import find_files
from forecast.weekly.learning import learning_panel, trusts, usable_values

COUNTY = "NORFOLK"
HOSPITALS = reference().members(COUNTY)
HORIZON = 28
DEFAULT = "default"
LONGEST_GAP = 10
STRICT, ALL_TOLD = f"{COUNTY} on days all told", ", days all told"
PEERS = Path(__file__).with_name("peers.py")
PanelAt = Callable[[pd.Timestamp], pd.DataFrame]


@dataclass(frozen=True)
class Run:
    """What a run was asked for: processes, sample paths, where finished work is kept, and the peers' Python."""

    jobs: int
    samples: int
    folder: Path
    peers_python: Path | None = None
    masked: bool = True


def options(doc: str | None) -> argparse.ArgumentParser:
    """Options that all benchmarks of forecasts have."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", help="names with commas, in place of the default and its members")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--samples", type=int, default=1000, help="sample paths")
    parser.add_argument("--folder", type=Path, help="keep finished work here, so that a rerun goes on")
    return parser


@contextmanager
def kept_folder(given: Path | None) -> Iterator[Path]:
    """The folder to keep work in, or one that is gone afterwards."""
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given
        return
    with TemporaryDirectory() as folder:
        yield Path(folder)


def stored(real: Path, folder: Path) -> fc.Store:
    """All published files in a store, each value with the day on which it became public."""
    store = fc.Store(folder / "store")
    if store.empty:
        list(ingest_files(store, find_files([real])))
    return store


def without_delay(store: fc.Store, metric: str, folder: Path) -> fc.Store:
    """A store in which each value, as last published, was public on its own day.

    Its panel as of a day ends on that day, and what is flagged in it is flagged without hindsight.
    """
    made = fc.Store(folder / f"same-day-{metric}")
    if made.empty:
        frames = [one for name in _beside(metric) if len(one := store.history(name))]
        frame = pd.concat(frames).drop_duplicates(["date", "location", "metric"], keep="last").drop(columns="published")
        made.add(frame.assign(released=frame["date"]))
    return made


def _beside(metric: str) -> list[str]:
    """The stored metrics that a metric is computed from, or must agree with."""
    tables = reference()
    family = [f"nctr_{part}" for part in ("patients", "discharged", "remaining")] if metric.startswith("nctr_") else []
    return list(dict.fromkeys([metric, *parts(tables.formulas.get(metric, ())), *family, "ga_beds_open"]))


def published(store: fc.Store, metric: str, zeros_missing: bool, as_of: pd.Timestamp | None = None) -> pd.DataFrame:
    """Every trust's values as published and known on a day; ``zeros_missing``: a zero says that nothing was sent."""
    panel = store.panel(metric, as_of=as_of)
    panel = panel[hospital_trusts(panel)]
    return panel.mask(panel == 0) if zeros_missing else panel


def hospital_trusts(panel: pd.DataFrame) -> list[str]:
    """Columns of a panel that are hospital trusts, not sums of them."""
    return trusts(panel.columns, reference())


def learned(store: fc.Store, metric: str, masked: bool = True, zeros_missing: bool = False) -> PanelAt:
    """What the weekly run would learn from on a day: every trust; ``masked``: without the flagged values."""
    tables = reference()
    days = int(tables.assumption("history_days").value)

    def then(day: pd.Timestamp) -> pd.DataFrame:
        values = (
            usable_values(store, metric, day, tables) if masked else published(store, metric, zeros_missing, as_of=day)
        )
        return learning_panel(values, values.index[-1], step_days(values.index), days, HOSPITALS)

    return then


def backtested(
    store: fc.Store,
    metric: str,
    models: Mapping[str, Forecaster],
    origins: pd.DatetimeIndex,
    run: Run,
    *,
    truth: pd.DataFrame,
    zeros_missing: bool = False,
    everywhere: bool = False,
    baseline_masked: bool = False,
) -> pd.DataFrame:
    """Long frame of models and of the baseline.

    ``truth``: what happened, dates by trust; ``everywhere``: forecast every trust instead of the county and its own;
    ``baseline_masked``: the baseline is given what the models learn from, not the values as published.
    """
    shared: dict[str, Any] = {
        "origins": origins,
        "horizon": HORIZON,
        "observed": truth,
        "locations": list(truth.columns) if everywhere else HOSPITALS,
        "totals": {} if everywhere else {COUNTY: HOSPITALS},
        "zeros_missing": zeros_missing,
        "baseline": False,
        "samples": run.samples,
        "seed": 1,
        "jobs": run.jobs,
        "folder": run.folder / "tasks",
        "progress": told,
    }

    def as_published(day: pd.Timestamp) -> pd.DataFrame:
        return published(store, metric, zeros_missing, as_of=day)

    ours = {name: model for name, model in models.items() if name != "Persistence"}
    usable = learned(store, metric, run.masked, zeros_missing)
    frames = [fc.backtest({"Persistence": Persistence()}, usable if baseline_masked else as_published, **shared)]
    if ours:
        frames.insert(0, fc.backtest(ours, usable, **shared))
    return joined(frames)


def peers(
    store: fc.Store,
    metric: str,
    origins: pd.DatetimeIndex,
    run: Run,
    *,
    truth: pd.DataFrame,
    zeros_missing: bool,
    scale: str,
) -> pd.DataFrame | None:
    """Long frame of the peers, given the values as published; None without a Python to run them with."""
    if run.peers_python is None:
        return None
    known = pd.concat([_known(store, metric, zeros_missing, origin) for origin in origins], ignore_index=True)
    key = hashlib.sha256(pd.util.hash_pandas_object(known).to_numpy().tobytes() + PEERS.read_bytes() + scale.encode())
    out = run.folder / f"peers-{key.hexdigest()[:16]}.parquet"
    if not out.exists():
        asked, part = (out.with_suffix(f".{kind}") for kind in ("known", "part"))
        known.to_parquet(asked)
        command = [str(run.peers_python), str(PEERS), str(asked), str(part), "--scale", scale, "--jobs", str(run.jobs)]
        subprocess.run(command, check=True)
        part.replace(out)
    made = pd.read_parquet(out)
    strict = made["location"] == STRICT
    made = made.assign(
        model=made["model"].mask(strict, made["model"] + ALL_TOLD), location=made["location"].mask(strict, COUNTY)
    )
    made["date"] = made["origin"] + pd.to_timedelta(made["horizon"], unit="D")
    happened = truth_of(truth, truth, {COUNTY: HOSPITALS}, zeros_missing)
    happened = happened[[*HOSPITALS, COUNTY]].melt(ignore_index=False, var_name="location", value_name="observed")
    return made.merge(happened.reset_index(), on=["date", "location"], how="left")


def _known(store: fc.Store, metric: str, zeros_missing: bool, origin: pd.Timestamp) -> pd.DataFrame:
    """Rows that the peers may use at an origin.

    The county twice: the sum of the hospitals with their short gaps filled, and the sum on the days that all of them
    told, whose gaps are filled then. Which is the better differs by peer.
    """
    panel = published(store, metric, zeros_missing, as_of=origin)[HOSPITALS].loc[:origin]
    filled = panel.interpolate("linear", limit=LONGEST_GAP, limit_area="inside")
    panel[STRICT] = panel[HOSPITALS].sum(axis=1, min_count=len(HOSPITALS))
    panel[COUNTY] = filled.sum(axis=1, min_count=len(HOSPITALS))
    rows = panel.melt(ignore_index=False, var_name="location", value_name="value").reset_index()
    return rows.assign(origin=origin)


def joined(frames: list[pd.DataFrame | None]) -> pd.DataFrame:
    """Long frames as one; models and locations as text."""
    kinds = {"model": "str", "location": "str", "origin": "datetime64[us]", "date": "datetime64[us]"}
    there = [one for one in frames if one is not None]
    columns = ["model", "location", "origin", "horizon", "date", "observed", *QUANTILE_COLUMNS, "seconds"]
    found = pd.concat([one[columns].astype(kinds) for one in there], ignore_index=True)
    found.attrs["failed"] = [failure for one in there for failure in one.attrs.get("failed", [])]
    return found


def forecasters(metric: str, names: str | None) -> dict[str, Forecaster]:
    """Forecasters by name, or the default one and its members."""
    if names:
        return named(names.split(","), metric)
    default = default_forecaster(metric)
    return {DEFAULT: default, **members(default)}


def members(model: Forecaster) -> dict[str, Forecaster]:
    """The forecasters that one is made of, by class, a number added to a second of the same; not the baseline."""
    found: dict[str, Forecaster] = {}
    for value in model.get_params(deep=False).values():
        for part in value if isinstance(value, (list, tuple)) else [value]:
            if not isinstance(part, Forecaster):
                continue
            inner = members(part)
            for name, one in (inner or {type(part).__name__: clone(part)}).items():
                while name in found:
                    name = f"{name}'"
                found[name] = one
    return {name: one for name, one in found.items() if not isinstance(one, Persistence)}


def told(label: str, done: int, total: int) -> None:
    """Progress on the error stream."""
    print(f"\r{label}: {done} of {total}".ljust(79), end="\n" if done == total else "", file=sys.stderr, flush=True)
