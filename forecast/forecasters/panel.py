"""A panel that somebody gives: checked, and said what is wrong with it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError
from forecast.observations.table import regular, step_days

Array = npt.NDArray[np.float64]


def checked_panel(panel: pd.DataFrame) -> pd.DataFrame:
    """Return the panel as floats on every step, or say what is wrong with it.

    Negative values, which a derived metric can have, are taken as zero.
    """
    if not isinstance(panel, pd.DataFrame):
        raise InputError(f"panel is a {type(panel).__name__}; give a DataFrame, dates by location")
    if panel.empty:
        raise InputError(f"panel is empty ({len(panel)} dates, {panel.shape[1]} locations); give at least one of each")
    check_dates(panel.index, "panel")
    values = regular(_checked_values(panel, "panel")).clip(lower=0.0)
    if step_days(values.index) == 0:
        raise InputError(
            f"panel: dates are months apart ({values.index[0]:%Y-%m-%d}, {values.index[1]:%Y-%m-%d}, ...); "
            "forecasters need a daily or a weekly panel"
        )
    return values


def check_dates(index: pd.Index, what: str) -> None:
    """Refuse an index that is no rising set of whole days."""
    if not isinstance(index, pd.DatetimeIndex):
        raise InputError(f"{what}: the index is {type(index).__name__}; set a DatetimeIndex of days or weeks")
    if index.hasnans:
        raise InputError(f"{what}: the index has a missing date; drop that row or give its date")
    if index.tz is not None:
        raise InputError(f"{what}: dates carry the time zone {index.tz}; remove it with tz_localize(None)")
    timed = index != index.normalize()
    if timed.any():
        raise InputError(f"{what}: {index[timed][0]} carries a time of day; normalise the index to whole days")
    if index.has_duplicates:
        raise InputError(f"{what}: {index[index.duplicated()][0]:%Y-%m-%d} stands twice; keep one row a date")


def _checked_values(frame: pd.DataFrame, what: str) -> pd.DataFrame:
    columns = [str(column) for column in frame.columns]
    repeated = pd.Index(columns).duplicated()
    if repeated.any():
        raise InputError(f"{what}: column {columns[int(repeated.argmax())]!r} stands twice; keep one column a location")
    named = pd.Index(columns, name="location")
    if all(map(pd.api.types.is_numeric_dtype, frame.dtypes)):
        # Column by column only where something may be wrong; in memory a location's values lie side by side either way,
        # as sums to the last digit depend on it.
        whole = np.asfortranarray(frame.to_numpy(dtype=np.float64, na_value=np.nan))
        if not np.isinf(whole).any():
            return pd.DataFrame(whole, index=frame.index, columns=named, copy=True)
    known = {name: _numbers(frame.iloc[:, k], name, what) for k, name in enumerate(columns)}
    return pd.DataFrame(known, index=frame.index, columns=named, dtype=np.float64)


def _numbers(column: pd.Series, name: str, what: str) -> Array:
    if not pd.api.types.is_numeric_dtype(column):
        numbers = pd.to_numeric(column, errors="coerce")
        bad = (numbers.isna() & column.notna()) | column.map(lambda value: isinstance(value, str))
        if bad.any():
            at = int(bad.to_numpy().argmax())
            raise InputError(
                f"{what}: column {name!r} has {column.iloc[at]!r} on {column.index[at]:%Y-%m-%d} where a number "
                "belongs; give a number, or leave it missing"
            )
        column = numbers
    values: Array = column.to_numpy(dtype=np.float64, na_value=np.nan)
    endless = np.isinf(values)
    if endless.any():
        at = int(endless.argmax())
        raise InputError(
            f"{what}: column {name!r} is infinite on {column.index[at]:%Y-%m-%d}; give a number, or leave it missing"
        )
    return values


def cut(frame: pd.DataFrame, name: str, origin: pd.Timestamp) -> pd.DataFrame:
    """Return a related panel up to the origin, or say what is wrong with it."""
    if not isinstance(frame, pd.DataFrame):
        raise InputError(f"related {name!r} is a {type(frame).__name__}; give a DataFrame, dates by location")
    check_dates(frame.index, f"related {name!r}")
    return _checked_values(frame.loc[frame.index <= origin], f"related {name!r}")
