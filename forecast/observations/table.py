"""The tidy frame of observations, and the panel made from it.

Tidy: one row a published value, columns ``COLUMNS``. Panel: one metric, a DatetimeIndex of days (or Mondays)
by one column a location. A missing row is missing, never zero.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.errors import InputError

COLUMNS = ("date", "location", "metric", "value", "released", "source")
EARLIEST = pd.Timestamp("2000-01-01")


def check(frame: pd.DataFrame, name: str = "frame") -> pd.DataFrame:
    """Return ``frame`` as tidy observations, or say what is wrong with it.

    Parameters
    ----------
    frame
        At least ``date``, ``location``, ``metric`` and ``value``; ``released`` (missing: to be given by the
        metric's publication rule) and ``source`` (missing: ``name``) may be left out.
    name
        What to call the frame in a message: a file, a sheet.

    Returns
    -------
    DataFrame
        Columns ``COLUMNS`` in that order, a fresh index, rows without a value dropped; ``attrs`` kept.

    Raises
    ------
    InputError
        A column is missing, a date or number cannot be read or is out of range, or a key stands twice
        for one source.
    """
    for column in ("date", "location", "metric", "value"):
        if column not in frame.columns:
            raise InputError(
                f"{name}: column {column!r} is missing (found {', '.join(map(str, frame.columns)) or 'no columns'}); "
                "observations need date, location, metric and value"
            )
    tidy = pd.DataFrame(
        {
            "date": _dates(frame["date"], name, "date"),
            "location": _texts(frame["location"]).str.strip(),
            "metric": _texts(frame["metric"]).str.strip(),
            "value": _numbers(frame["value"], name),
            "released": _dates(frame["released"], name, "released") if "released" in frame else pd.NaT,
            "source": _texts(frame["source"]) if "source" in frame else name,
        }
    )
    tidy["released"] = tidy["released"].astype("datetime64[us]")
    for column in ("location", "metric"):
        if empty := int((tidy[column].isna() | (tidy[column] == "")).sum()):
            raise InputError(f"{name}, column {column!r}: {empty} rows are empty; fill or drop them")
    if frame["date"].isna().any():
        raise InputError(
            f"{name}, column 'date': {int(frame['date'].isna().sum())} rows have no date; fill or drop them"
        )
    _refuse_out_of_range(tidy, name)
    tidy = tidy[tidy["value"].notna()].reset_index(drop=True)
    _refuse_duplicates(tidy, name)
    tidy.attrs = dict(frame.attrs)
    return tidy


def to_panel(tidy: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Spread one metric: DatetimeIndex without holes by location, float values, NaN where nothing was published.

    Daily unless every date is seven days apart from the others, then weekly on that weekday; monthly series keep
    their own dates.
    """
    rows = tidy[tidy["metric"] == metric]
    panel = rows.pivot_table(index="date", columns="location", values="value", aggfunc="last").astype(float)
    panel.columns.name = "location"
    return regular(panel)


def regular(panel: pd.DataFrame) -> pd.DataFrame:
    """Reindex to every day or every week between first and last date, as the dates themselves say."""
    panel = panel.sort_index()
    panel.index = pd.DatetimeIndex(panel.index, name="date").astype("datetime64[us]")
    step = step_days(panel.index)
    if step and len(panel) > 1:
        full = pd.date_range(panel.index[0], panel.index[-1], freq=f"{step}D", name="date", unit="us")
        panel = panel.reindex(full)
    return panel


def step_days(index: pd.Index) -> int:
    """Days between neighbouring dates: 1 (daily), 7 (weekly), or 0 where there is no such step (monthly)."""
    if len(index) < 2:
        return 1
    gaps = np.unique(np.diff(pd.DatetimeIndex(index).sort_values().to_numpy()).astype("timedelta64[D]").astype(int))
    gaps = gaps[gaps > 0]
    if len(gaps) == 0:
        return 1
    if (gaps % 7 == 0).all():
        return 7
    return 0 if (gaps >= 28).all() else 1


def _texts(column: pd.Series) -> pd.Series:
    """The column as texts; of categories only the different ones are converted."""
    if not isinstance(column.dtype, pd.CategoricalDtype) or column.isna().any():
        return column.astype("str")
    texts = column.cat.categories.astype("str").array.take(column.cat.codes.to_numpy())
    return pd.Series(texts, index=column.index)


def _dates(column: pd.Series, name: str, label: str) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column):
        if getattr(column.dt, "tz", None) is not None:
            column = column.dt.tz_localize(None)
        return column.astype("datetime64[us]").dt.normalize()
    if pd.api.types.is_numeric_dtype(column) and not column.isna().all():
        raise InputError(
            f"{name}, column {label!r}: {column.dropna().iloc[0]!r} is a number, not a date; write 2024-01-31"
        )
    texts = column.astype("str").str.strip().where(column.notna())
    parsed = pd.to_datetime(texts, format="ISO8601", errors="coerce")
    bad = parsed.isna() & texts.notna()
    if bad.any():
        raise InputError(f"{name}, column {label!r}: {texts[bad].iloc[0]!r} is not a date; write 2024-01-31")
    return parsed.astype("datetime64[us]").dt.normalize()


def _numbers(column: pd.Series, name: str) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column):
        values = column.astype(float)
    else:
        texts = column.astype("str").str.strip().where(column.notna())
        values = pd.to_numeric(texts, errors="coerce").astype(float)
        bad = values.isna() & texts.notna() & (texts != "")
        if bad.any():
            raise InputError(
                f"{name}, column 'value': {texts[bad].iloc[0]!r} is not a number; leave missing values empty"
            )
    if np.isinf(values).any():
        raise InputError(f"{name}, column 'value': an infinite value; leave missing values empty")
    return values


def _refuse_out_of_range(tidy: pd.DataFrame, name: str) -> None:
    early = tidy["date"] < EARLIEST
    if early.any():
        row = tidy[early].iloc[0]
        raise InputError(
            f"{name}, column 'date': {row['date']:%Y-%m-%d} ({row['metric']} at {row['location']}) is before "
            f"{EARLIEST:%Y}; correct the date"
        )
    late = tidy["released"] < tidy["date"]
    if late.any():
        row = tidy[late].iloc[0]
        raise InputError(
            f"{name}, column 'released': {row['metric']} at {row['location']} is dated {row['date']:%Y-%m-%d} but "
            f"released {row['released']:%Y-%m-%d}, before the day itself; correct one of them"
        )


def _refuse_duplicates(tidy: pd.DataFrame, name: str) -> None:
    released = ["released"] if tidy["released"].notna().any() else []
    twice = tidy.duplicated(["date", "location", "metric", "source", *released])
    if twice.any():
        row = tidy[twice].iloc[0]
        raise InputError(
            f"{name}: {row['metric']} at {row['location']} on {row['date']:%Y-%m-%d} stands twice "
            f"({int(twice.sum())} repeated rows); keep one row for each date, location and metric"
        )
