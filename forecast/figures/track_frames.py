"""What the forecasts were worth, as frames: how often ranges held, by how far they missed, where outcomes fell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.evaluation.scoring import BASELINE, score
from forecast.figures.fan import BANDS
from forecast.forecasters.record import LEVELS
from forecast.forecasters.replay import FORECAST

AHEAD_DAYS = 28
WINDOW_DAYS = 26 * 7
FEWEST_DAYS = 60
"""Fewer outcomes than this say little: each forecast's days fall together."""
FEWEST_RUNS = 8
"""From so many past runs on, they are told instead of forecasts made again."""
FEWEST_A_POINT = 7
"""A share of fewer days than this is no point on a chart."""
MOSTLY = 0.75
PARTS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Where the parts of a forecast end: below its likely range, the quarters within it, above it."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Held:
    """How often the likely range held.

    Parameters
    ----------
    share
        Of the days, from 0 to 1.
    days
        Days judged, each once for every forecast of it.
    forecasts
        How many forecasts they are of.
    first, last
        First and last day judged.
    afterwards
        How many of the forecasts are past runs that were made afterwards, not in their week.
    """

    share: float
    days: int
    forecasts: int
    first: pd.Timestamp
    last: pd.Timestamp
    afterwards: int = 0


def judged(rows: pd.DataFrame, ahead: int = AHEAD_DAYS, window: int = WINDOW_DAYS) -> pd.DataFrame:
    """Rows of the last ``window`` days that anything is known of, of forecasts up to ``ahead`` days on.

    Parameters
    ----------
    rows
        At least origin, date, observed.
    """
    known = rows[rows["observed"].notna()]
    if known.empty:
        return known
    near = (known["date"] - known["origin"]).dt.days <= ahead
    recent = known["date"] > known["date"].max() - pd.Timedelta(days=window)
    chosen: pd.DataFrame = known[near & recent]
    return chosen


def held(ranges: pd.DataFrame) -> Held | None:
    """Say how often the likely range held over the last 26 weeks; None where under ``FEWEST_DAYS`` are known.

    Parameters
    ----------
    ranges
        One place's forecasts: origin, date, low, high, observed.
    """
    near = judged(ranges)
    if len(near) < FEWEST_DAYS:
        return None
    inside = (near["observed"] >= near["low"]) & (near["observed"] <= near["high"])
    runs = _by_run(near)
    made = int(runs["origin"].nunique())
    later = int(runs.loc[~runs["at_the_time"].astype(bool), "origin"].nunique()) if "at_the_time" in runs else 0
    return Held(float(inside.mean()), len(near), made, near["date"].min(), near["date"].max(), later)


def ranges_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Likely ranges of the forecast itself, out of rows with quantiles: what ``held`` takes."""
    return rows[rows["model"] == FORECAST].rename(columns={"0.05": "low", "0.95": "high"})


def forecasts(rows: pd.DataFrame) -> int:
    """How many forecasts of the last 26 weeks anything is known of."""
    return int(_by_run(judged(rows))["origin"].nunique())


def scores(rows: pd.DataFrame) -> pd.DataFrame:
    """Scores of each model on what all of them forecast, the forecast first and the baseline last.

    Returns
    -------
    DataFrame
        model, n, wis, relative_wis, mae, bias, coverage_50, coverage_90; no rows where nothing can be judged.
    """
    near = _shared(_by_run(judged(rows)))
    columns = ["model", "n", "wis", "relative_wis", "mae", "bias", "coverage_50", "coverage_90"]
    if near.empty:
        return pd.DataFrame(columns=columns)
    found = score(near, by=("model",))[columns]
    rank = found["model"].map({FORECAST: 0, BASELINE: 2}).fillna(1)
    return found.assign(rank=rank).sort_values(["rank", "wis"]).drop(columns="rank").reset_index(drop=True)


def _by_run(rows: pd.DataFrame) -> pd.DataFrame:
    """Tell past runs apart by their as-of day: two may rest on the same newest figures."""
    return rows.assign(origin=rows["as_of"]) if "as_of" in rows else rows


def coverage_by_week(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how often the likely range of the forecast held by week ahead: week, share, days."""
    near = judged(rows[rows["model"] == FORECAST], ahead=int(1e6))
    week = (np.ceil((near["date"] - near["origin"]).dt.days / 7)).astype(int) if len(near) else pd.Series(dtype=int)
    return _shares(near.assign(week=week), "week")


def coverage_by_origin(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how often the range of each forecast held over its next four weeks: origin, share, days."""
    own = rows[(rows["model"] == FORECAST) & rows["observed"].notna()]
    own = own[(own["date"] - own["origin"]).dt.days <= AHEAD_DAYS] if len(own) else own
    return _shares(_by_run(own), "origin")


def reliability(rows: pd.DataFrame, levels: Sequence[float] = LEVELS) -> pd.DataFrame:
    """Share of outcomes below each quantile of the forecast: level, share; equal where it is well calibrated.

    An outcome between two quantiles lies in the part between their levels. One equal to quantiles, as whole numbers may
    be, is spread evenly over the parts that meet there, the non-randomised form for counts (Czado, Gneiting and Held,
    *Biometrics* 65, 2009).
    """
    near = judged(rows[rows["model"] == FORECAST])
    below, upto = _place(near)
    shares = [
        float(np.clip((level - below) / (upto - below), 0.0, 1.0).mean()) if len(near) else np.nan for level in levels
    ]
    return pd.DataFrame({"level": list(levels), "share": shares})


def parts(rows: pd.DataFrame) -> pd.DataFrame:
    """Share of outcomes in each part of the forecast, beside what it should be: part, share, should.

    A histogram of the probability integral transform whose bars end at quantiles that are kept.
    """
    ends = np.r_[0.0, reliability(rows, PARTS)["share"], 1.0]
    return pd.DataFrame(
        {"part": range(len(PARTS) + 1), "share": np.diff(ends), "should": np.diff(np.r_[0.0, PARTS, 1.0])}
    )


def one_forecast(rows: pd.DataFrame, origin: pd.Timestamp, column: str = "origin") -> pd.DataFrame:
    """One forecast against what came, day by day: date, the bands, observed, held (None where nothing came)."""
    own = rows[(rows["model"] == FORECAST) & (rows[column] == origin)].sort_values("date")
    found = pd.DataFrame({"date": own["date"].to_numpy()})
    for name, level in BANDS.items():
        found[name] = own[f"{level:g}"].astype(np.float64).round().to_numpy()
    found["observed"] = own["observed"].astype(np.float64).to_numpy()
    # Judged by the range as it was kept, not as it is shown.
    inside = ((own["observed"] >= own["0.05"]) & (own["observed"] <= own["0.95"])).to_numpy()
    told = [bool(one) if known else None for one, known in zip(inside, own["observed"].notna(), strict=True)]
    found["held"] = pd.Series(told, dtype=object)
    return found


def newest_known(rows: pd.DataFrame, column: str = "origin") -> pd.Timestamp:
    """Newest forecast of whose next four weeks ``MOSTLY`` is known; the oldest of all where there is none."""
    near = rows[(rows["model"] == FORECAST) & ((rows["date"] - rows["origin"]).dt.days <= AHEAD_DAYS)]
    known = near["observed"].notna().groupby(near[column]).mean()
    most = known[known >= MOSTLY]
    return pd.Timestamp(most.index.max() if len(most) else rows[column].min())


def _shares(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    if rows.empty:
        return pd.DataFrame(columns=[by, "share", "days"])
    inside = (rows["observed"] >= rows["0.05"]) & (rows["observed"] <= rows["0.95"])
    found = inside.groupby(rows[by]).agg(["mean", "size"]).reset_index().set_axis([by, "share", "days"], axis=1)
    return found[found["days"] >= FEWEST_A_POINT].reset_index(drop=True)


def _shared(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of what every model forecast."""
    if rows.empty:
        return rows
    made = rows.groupby(["location", "origin", "date"])["model"].transform("nunique")
    return rows[made == rows["model"].nunique()]


def _place(rows: pd.DataFrame) -> tuple[Array, Array]:
    """Levels next below and next above each outcome, 0 and 1 beyond the outermost quantiles."""
    values = rows[[f"{level:g}" for level in LEVELS]].to_numpy(dtype=np.float64)
    observed = rows["observed"].to_numpy(dtype=np.float64)[:, None]
    ends = np.r_[0.0, LEVELS, 1.0]
    below = ends[(values < observed).sum(axis=1)]
    upto = ends[len(ends) - 1 - (values > observed).sum(axis=1)]
    return below, upto
