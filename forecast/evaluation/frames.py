"""The long frame of a backtest: its columns, and checks of one that somebody brings.

One row a forecast: ``model``, ``location``, ``origin`` (day on which it is made), ``horizon`` (steps after the origin),
``date`` (the day forecast), ``observed`` (NaN where not known), the quantiles in columns named by their level as text
("0.01", "0.025", ... "0.99"), ``crps`` and ``pit`` from the sample paths, ``note`` and ``seconds`` (of the whole task).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError
from forecast.observations.table import step_days
from forecast.trajectories import HUBVERSE_QUANTILES

KEYS = ("location", "origin", "date")
"""One forecast of a model; with ``metric`` where a frame holds several."""
BANDS = ((1, 7), (8, 14), (15, 28))
WINTER_MONTHS = (11, 12, 1, 2, 3)
COMPUTED = ("horizon_band", "season", "half_year")


def column(level: float) -> str:
    """Name of the column of a quantile level."""
    return f"{level:g}"


QUANTILE_COLUMNS = tuple(column(level) for level in HUBVERSE_QUANTILES)


def checked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a long frame that can be scored: both forecast and outcome known.

    Raises
    ------
    InputError
        A column is missing, the levels are not in pairs, a forecast stands twice, or there is none to score.
    """
    if not isinstance(frame, pd.DataFrame):
        raise InputError(f"the backtest is a {type(frame).__name__}; give the DataFrame that backtest returns")
    for name in ("model", *KEYS, "observed"):
        if name not in frame.columns:
            raise InputError(
                f"backtest frame: column {name!r} is missing (found {', '.join(map(str, frame.columns[:8]))}, ...); "
                "give the frame that backtest returns"
            )
    found = levels(frame)
    if 0.5 not in found or not np.allclose(np.add(list(found), list(found)[::-1]), 1.0):
        raise InputError(
            f"backtest frame: quantile columns {', '.join(found.values()) or 'none'}; give the median 0.5 and the "
            "others in pairs about it, such as 0.05 and 0.95"
        )
    known = frame["observed"].notna().to_numpy() & frame[found[0.5]].notna().to_numpy()
    rows = frame[known]
    if rows.empty:
        raise InputError(
            f"nothing to score: of {len(frame):,} forecasts none is of a day that was observed; choose earlier origins"
        )
    twice = rows.duplicated(["model", *keys(rows)])
    if twice.any():
        one = rows[twice].iloc[0]
        raise InputError(
            f"backtest frame: the forecast of {one['model']} at {one['location']} of {one['date']:%Y-%m-%d} from "
            f"{one['origin']:%Y-%m-%d} stands twice; keep one"
        )
    return rows


def levels(frame: pd.DataFrame) -> dict[float, str]:
    """Quantile levels of a frame, rising, with the columns that hold them."""
    found = {}
    for name in frame.columns:
        try:
            level = float(name)
        except (TypeError, ValueError):
            continue
        if 0 < level < 1:
            found[level] = name
    return dict(sorted(found.items()))


def step(frame: pd.DataFrame) -> int:
    """Days between neighbouring dates of a frame: 1 or 7."""
    return step_days(pd.DatetimeIndex(frame["date"].unique()))


def keys(frame: pd.DataFrame) -> list[str]:
    """Columns that say which forecast of a model a row is."""
    return [*KEYS, *(["metric"] if "metric" in frame.columns else [])]


def forecast_numbers(frame: pd.DataFrame) -> npt.NDArray[np.integer]:
    """One number a forecast: rows of different models with the same number forecast the same thing."""
    return frame.groupby(keys(frame), observed=True, sort=False).ngroup().to_numpy()


def grouping(frame: pd.DataFrame, by: Sequence[str], bands: Sequence[tuple[int, int]] = BANDS) -> pd.DataFrame:
    """Columns to group by: those of the frame, and those computed from it.

    ``horizon_band`` ("1-7"; NaN outside the bands), ``season`` of the day forecast ("winter", November to March, or
    "rest") and its ``half_year`` ("2024 H1").

    Raises
    ------
    InputError
        Nobody knows a name, or a band is not first and last horizon.
    """
    if isinstance(by, str):
        raise InputError(f"by is the text {by!r}; give a list of names, such as [{by!r}]")
    numbers = {*levels(frame).values(), "observed", "crps", "pit", "seconds"}
    have = [name for name in frame.columns if name not in numbers]
    unknown = [name for name in by if name not in have and name not in COMPUTED]
    if unknown:
        raise InputError(f"by names {unknown[0]!r}; there is {', '.join(dict.fromkeys([*have, *COMPUTED]))}")
    columns = {name: frame[name] if name in have else _computed(frame, name, bands) for name in by}
    return pd.DataFrame(columns, index=frame.index)


def _computed(frame: pd.DataFrame, name: str, bands: Sequence[tuple[int, int]]) -> pd.Series:
    if name == "horizon_band":
        return _band(frame, bands)
    days = frame["date"].dt
    if name == "season":
        return pd.Series(np.where(days.month.isin(WINTER_MONTHS), "winter", "rest"), index=frame.index)
    halves: pd.Series = days.year.astype(str) + np.where(days.month <= 6, " H1", " H2")
    return halves


def _band(frame: pd.DataFrame, bands: Sequence[tuple[int, int]]) -> pd.Series:
    if "horizon" not in frame.columns:
        raise InputError("backtest frame: column 'horizon' is missing; add the steps from the origin to the date")
    names = [f"{first}-{last}" if last > first else f"{first}" for first, last in bands]
    codes = np.full(len(frame), -1, dtype=np.int8)
    for place, (first, last) in enumerate(bands):
        if last < first or (codes[inside := frame["horizon"].between(first, last).to_numpy()] >= 0).any():
            raise InputError(f"bands {list(bands)}: give first and last horizon of each, without overlap")
        codes[inside] = place
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(names), ordered=True), index=frame.index)
