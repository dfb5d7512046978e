"""A backtest in words and a table, for people in a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from rich.markup import escape
from rich.table import Table

from forecast.errors import InputError
from forecast.evaluation import frames
from forecast.evaluation.bootstrap import coverage_range, difference
from forecast.evaluation.scoring import BASELINE, score, timings
from forecast.reference import Reference
from forecast.wording.words import plural

MANY = 20
"""Places that a table still names; of more it tells the whole and how many did better than no change."""
RIGHT = (0.87, 0.93)
"""Coverage of a 9-in-10 range that a year of weekly forecasts cannot tell from 0.9."""


def table(backtest: pd.DataFrame, tables: Reference) -> Table:
    """One row a location and model: error against "no change", and how often the 9-in-10 range held."""
    rows = frames.checked(backtest)
    if rows["location"].nunique() > MANY:
        counties = [county.code for county in tables.counties()]
        return _many(rows[~rows["location"].isin(counties)], title(backtest, tables))
    scores = score(rows, by=("location", "model"))
    held = coverage_range(rows, by=("location", "model")).set_index(["location", "model"])
    models = [name for name in rows["model"].unique() if name != BASELINE and BASELINE in set(rows["model"])]
    against = {name: difference(rows, name, by=("location",)).set_index("location") for name in models}
    shown = Table(title=title(backtest, tables), caption=CAPTION)
    for column in ("place", "model", "forecasts", "error (no change = 1)", "9-in-10 range held"):
        shown.add_column(column, justify="right" if column == "forecasts" else "left")
    for row in scores.to_dict("records"):
        place, model = row["location"], str(row["model"])
        error = "1.00" if model == BASELINE else "cannot say"
        if model in against and place in against[model].index:
            error = error_words(*(float(against[model].loc[place, name]) for name in ("ratio", "low", "high")))
        covered = coverage_words(*(float(held.loc[(place, model), name]) for name in ("coverage", "low", "high")))
        name = "no change (baseline)" if model == BASELINE else model
        shown.add_row(escape(tables.label(str(place))), escape(name), f"{row['n']:,}", error, covered)
    return shown


def _many(rows: pd.DataFrame, heading: str) -> Table:
    """One row a model over all places, without the counties: their hospitals are counted already."""
    models = list(rows["model"].unique())
    held = coverage_range(rows, by=("model",)).set_index("model")
    scores = score(rows, by=("location", "model")).pivot_table(
        index="location", columns="model", values="wis", observed=True
    )
    shown = Table(title=heading, caption=CAPTION)
    for column in ("model", "places", "better than no change", "error (no change = 1)", "9-in-10 range held"):
        shown.add_column(column, justify="right" if column in {"places", "better than no change"} else "left")
    for model in models:
        error, better = ("1.00", "") if model == BASELINE else ("cannot say", "")
        if model != BASELINE and BASELINE in models:
            both = scores[[model, BASELINE]].dropna()
            better = f"{(both[model] < both[BASELINE]).sum()} of {len(both)}"
            against = difference(rows, model, by=()).iloc[0]
            error = error_words(*(float(against[name]) for name in ("ratio", "low", "high")))
        covered = coverage_words(*(float(held.loc[model, name]) for name in ("coverage", "low", "high")))
        name = "no change (baseline)" if model == BASELINE else str(model)
        shown.add_row(escape(name), str(scores[model].notna().sum()), better, error, covered)
    return shown


CAPTION = (
    "error: weighted interval score over that of no change, below 1 is better; in brackets the range in which it lies, "
    "9 in 10, by resampling blocks of origins"
)


def title(backtest: pd.DataFrame, tables: Reference) -> str:
    """Say what was forecast, from when to when and how far ahead."""
    metric = str(backtest.attrs.get("metric", ""))
    known = tables.metric(metric)
    origins = backtest["origin"].drop_duplicates().sort_values()
    step = "week" if frames.step(backtest) == 7 else "day"
    ahead = plural(int(backtest["horizon"].max()), step)
    days = f"{origins.iloc[0]:%-d %B %Y} to {origins.iloc[-1]:%-d %B %Y}"
    return f"{escape(known.label if known else metric)}: {plural(len(origins), 'origin')}, {days}, {ahead} ahead"


def error_words(ratio: float, low: float, high: float) -> str:
    """Return "0.84 (0.79 to 0.90), 16% less", or that it cannot be told from no change."""
    if math.isnan(ratio):
        return "cannot say"
    if math.isnan(low) or math.isnan(high):
        return f"{ratio:.2f}, too few origins to say how sure"
    share = round(100 * abs(ratio - 1))
    said = f"{share}% {'less' if ratio < 1 else 'more'}"
    if low <= 1 <= high:
        said = "may be no different"
    return f"{ratio:.2f} ({low:.2f} to {high:.2f}), {said}"


def coverage_words(share: float, low: float, high: float) -> str:
    """Return "91% (88 to 94), about right"."""
    if RIGHT[0] <= share <= RIGHT[1]:
        said = "about right"
    elif low <= 0.9 <= high:
        said = "may be right"
    else:
        said = "too narrow" if share < RIGHT[0] else "too wide"
    sure = "" if math.isnan(low) or math.isnan(high) else f" ({100 * low:.0f} to {100 * high:.0f})"
    return f"{100 * share:.0f}%{sure}, {said}"


def remarks(backtest: pd.DataFrame) -> list[str]:
    """Say what each model took, and what failed."""
    said = [f"{model}: {row['median']:.1f} seconds an origin" for model, row in timings(backtest).iterrows()]
    for one in backtest.attrs.get("failed", []):
        said.append(f"failed: {one['model']} at {one['origin']} ({one['reason']})")
    return said


def outputs(out: Path, metrics: Sequence[str]) -> dict[str, Path]:
    """File that each metric's forecasts go to: ``out`` of one, ``out-METRIC`` of several.

    Raises
    ------
    InputError
        A file could not be written; said before the work is done.
    """
    writable(out)
    return {name: out if len(metrics) == 1 else out.with_stem(f"{out.stem}-{name}") for name in metrics}


def writable(path: Path) -> None:
    """Refuse a file that could not be written, before the work is done.

    Raises
    ------
    InputError
        It is no .parquet or .csv file, or its folder is not there.
    """
    if path.suffix not in {".parquet", ".csv"}:
        raise InputError(f"--out {path}: the name ends in {path.suffix or 'nothing'}; end it in .parquet or .csv")
    if not path.absolute().parent.is_dir():
        raise InputError(f"--out {path}: there is no folder {path.parent}; make it first")


def write(backtest: pd.DataFrame, path: Path) -> None:
    """Write the long frame.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    try:
        if path.suffix == ".csv":
            backtest.to_csv(path, index=False)
        else:
            backtest.to_parquet(path, index=False)
    except OSError as error:
        raise InputError(f"--out {path}: cannot be written ({error.strerror or error}); name another file") from error
