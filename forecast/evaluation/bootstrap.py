r"""How sure a score is: ranges from resampling blocks of neighbouring origins.

Forecasts from neighbouring origins aim at the same days and share the same surprises, so treating each as a fresh piece
of evidence makes a difference look surer than it is. The moving-block bootstrap (Kuensch, *Annals of Statistics* 17,
1989) draws runs of consecutive origins; all locations and horizons of an origin stay together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypedDict, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError
from forecast.evaluation import frames
from forecast.evaluation.scoring import BASELINE, COVERED, measured

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Statistics = dict[str, Callable[[Array], Array]]
"""Name to what is computed from sums over origins, (..., columns)."""


class Resampling(TypedDict, total=False):
    """How blocks of origins are drawn.

    Parameters
    ----------
    block
        Consecutive origins that are drawn together. Default: so many that two origins a block apart forecast no day in
        common, and at least the cube root of their number; at most half of them.
    draws
        Number of bootstrap samples; 2,000 unless given.
    within
        Share of them between ``low`` and ``high``; 0.9 unless given.
    seed
        Same seed, same ranges; 0 unless given.
    """

    block: int | None
    draws: int
    within: float
    seed: int


def difference(
    backtest: pd.DataFrame,
    model: str,
    baseline: str = BASELINE,
    *,
    by: Sequence[str] = (),
    bands: Sequence[tuple[int, int]] = frames.BANDS,
    **resampling: Unpack[Resampling],
) -> pd.DataFrame:
    """Compare the WIS of two models on the forecasts that both made.

    Parameters
    ----------
    backtest
        The long frame that ``backtest`` returns.
    model, baseline
        Names in its column ``model``.
    by, bands
        As in ``score``; without ``by``, one row for everything.
    **resampling
        block, draws, within, seed: see ``Resampling``.

    Returns
    -------
    DataFrame
        The groups; ``n`` forecasts, ``origins``, ``block``; ``ratio`` (mean WIS of the model over that of the
        baseline) with ``low`` and ``high``; ``difference`` (of the means, below 0 where the model is better) with
        ``difference_low`` and ``difference_high``.

    Raises
    ------
    InputError
        Nobody knows a model or a name, they have no forecast in common, or a number is out of range.
    """
    rows = frames.checked(backtest)
    there = list(rows["model"].unique())
    for name in (model, baseline):
        if name not in there:
            raise InputError(f"no forecasts of model {name!r} to compare; there is {', '.join(there)}")
    ours, theirs = (rows[rows["model"] == name].set_index(frames.keys(rows)) for name in (model, baseline))
    common = ours.index.intersection(theirs.index)
    if not len(common):
        raise InputError(f"{model} and {baseline} have no forecast in common; give them the same origins and locations")
    first, second = (one.loc[common] for one in (ours, theirs))
    pairs = pd.DataFrame({"ours": measured(first)["wis"], "theirs": measured(second)["wis"]})
    told = first.reset_index()
    pairs = pairs.reset_index(drop=True).assign(all=1.0)
    statistics: Statistics = {
        "ratio": lambda sums: sums[..., 0] / np.where(sums[..., 1] == 0, np.nan, sums[..., 1]),
        "difference": lambda sums: (sums[..., 0] - sums[..., 1]) / sums[..., 2],
    }
    return _ranges(told, frames.grouping(told, by, bands), pairs, statistics, **resampling)


def coverage_range(
    backtest: pd.DataFrame,
    level: float = 0.9,
    *,
    by: Sequence[str] = ("model",),
    bands: Sequence[tuple[int, int]] = frames.BANDS,
    **resampling: Unpack[Resampling],
) -> pd.DataFrame:
    """Share of outcomes in the central range of a level, and how sure that is.

    Parameters
    ----------
    level
        0.5, 0.8, 0.9 or 0.95.
    backtest, by, bands, **resampling
        As in ``difference``.

    Returns
    -------
    DataFrame
        The groups, ``n``, ``origins``, ``block``, ``coverage``, ``low``, ``high``.

    Raises
    ------
    InputError
        The frame has no such range, or as in ``difference``.
    """
    rows = frames.checked(backtest).reset_index(drop=True)
    scores = measured(rows)
    name = f"coverage_{level * 100:g}"
    if name not in scores:
        there = ", ".join(f"{percent / 100:g}" for percent in COVERED if f"coverage_{percent}" in scores)
        raise InputError(f"level is {level!r}; there is {there}")
    held = pd.DataFrame({"held": scores[name], "all": 1.0})
    statistics: Statistics = {"coverage": lambda sums: sums[..., 0] / sums[..., 1]}
    return _ranges(rows, frames.grouping(rows, by, bands), held, statistics, **resampling)


def block_weights(origins: int, block: int, draws: int, seed: int) -> Array:
    """How often each of a row of origins is drawn, (draws, origins): blocks from anywhere, the last one cut short."""
    rng = np.random.default_rng(seed)
    starts = rng.integers(0, origins - block + 1, size=(draws, math.ceil(origins / block)))
    drawn = (starts[:, :, None] + np.arange(block)).reshape(draws, -1)[:, :origins]
    places = drawn + origins * np.arange(draws)[:, None]
    counts = np.bincount(places.ravel(), minlength=draws * origins)
    return counts.reshape(draws, origins).astype(np.float64)


def usual_block(origins: pd.DatetimeIndex, dates: pd.Series, origin_of: pd.Series) -> int:
    """Origins that share days to forecast, or the cube root of their number, whichever is more; at most half."""
    many = len(origins)
    if many < 2:
        return 1
    reach = float((dates - origin_of).dt.days.max())
    apart = float(np.median(np.diff(origins.to_numpy()) / np.timedelta64(1, "D")))
    return int(min(max(math.ceil(reach / apart), math.ceil(many ** (1 / 3))), many // 2))


def _ranges(
    rows: pd.DataFrame,
    groups: pd.DataFrame,
    values: pd.DataFrame,
    statistics: Statistics,
    *,
    block: int | None = None,
    draws: int = 2000,
    within: float = 0.9,
    seed: int = 0,
) -> pd.DataFrame:
    """Statistics of each group, with their ranges; of the first one in columns ``low`` and ``high``."""
    _check(draws, within, seed)
    length = _block(rows, block)
    found = []
    for key, places in _places(groups).items():
        origins = rows["origin"].iloc[places]
        sums = values.iloc[places].groupby(origins.to_numpy(), sort=True).sum().to_numpy()
        # of a group with few origins no more than half are drawn together, else every draw would be the same
        own = min(length, max(1, len(sums) // 2))
        row = {**dict(zip(groups.columns, key, strict=True)), "n": len(places), "origins": len(sums), "block": own}
        resampled = block_weights(len(sums), own, draws, seed) @ sums
        for name, statistic in statistics.items():
            prefix = "" if name == next(iter(statistics)) else f"{name}_"
            row[name] = float(statistic(sums.sum(axis=0)))
            low, high = np.nanquantile(statistic(resampled), [(1 - within) / 2, (1 + within) / 2])
            # one origin says nothing about how others would have gone
            row |= {f"{prefix}low": low, f"{prefix}high": high} if len(sums) > 1 else _unknown(prefix)
        found.append(row)
    return pd.DataFrame(found)


def _places(groups: pd.DataFrame) -> dict[tuple[object, ...], Places]:
    if not len(groups.columns):
        return {(): np.arange(len(groups))}
    together = groups.reset_index(drop=True).groupby(list(groups.columns), observed=True, sort=True)
    return {key: index.to_numpy() for key, index in ((key, part.index) for key, part in together)}


def _block(rows: pd.DataFrame, given: int | None) -> int:
    origins = pd.DatetimeIndex(rows["origin"].unique()).sort_values()
    if given is None:
        return usual_block(origins, rows["date"], rows["origin"])
    most = max(1, len(origins) // 2)
    if isinstance(given, bool) or not isinstance(given, (int, np.integer)) or not 1 <= given <= most:
        raise InputError(f"block is {given!r}; give a whole number from 1 to {most}, half of the origins")
    return int(given)


def _check(draws: int, within: float, seed: int) -> None:
    for name, value, least in (("draws", draws, 1), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
            raise InputError(f"{name} is {value!r}; give a whole number of at least {least}")
    if not 0 < within < 1:
        raise InputError(f"within is {within!r}; give a share between 0 and 1, such as 0.9")


def _unknown(prefix: str) -> dict[str, float]:
    return {f"{prefix}low": np.nan, f"{prefix}high": np.nan}
