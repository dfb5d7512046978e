"""Tables as CSV files that say where they come from and that no spreadsheet takes for formulas."""

from __future__ import annotations

import pandas as pd

from forecast import words
from forecast.fan import Fan
from forecast.runs import Run

PUBLISHED = "published data"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|")


def fan_table(fan: Fan) -> pd.DataFrame:
    """List published values, with what is wrong with them, then the forecast with its likely range."""
    past = fan.published.rename(columns={"value": "published", "note": "cannot_be_right"}).assign(kind="published")
    ahead = fan.forecast.rename(columns={"low": "likely_low", "median": "middle", "high": "likely_high"})
    both = pd.concat([past, ahead.assign(kind="forecast")], ignore_index=True)
    columns = ["date", "kind", "published", "cannot_be_right", "likely_low", "middle", "likely_high"]
    return both.reindex(columns=columns)


def with_origin(table: pd.DataFrame, run: Run, data_to: pd.Timestamp | None = None) -> pd.DataFrame:
    """Add the as-of date, the data date, the run, its code version and whether the figures are simulated."""
    facts = {
        "as_of": f"{run.as_of:%Y-%m-%d}",
        **({} if data_to is None else {"data_to": f"{data_to:%Y-%m-%d}"}),
        "run": run.id,
        "code_version": str(run.manifest["code_version"]),
        "figures": words.SIMULATED if run.simulated else PUBLISHED,
    }
    return table.assign(**facts)


def to_csv(table: pd.DataFrame) -> bytes:
    """Write a table as CSV that a spreadsheet opens as text and numbers, never as formulas."""
    safe = table.copy()
    for column in safe.columns:
        if pd.api.types.is_string_dtype(safe[column]) or safe[column].dtype == object:
            safe[column] = safe[column].map(_safe)
    return safe.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\r\n").encode("utf-8-sig")


def _safe(value: object) -> object:
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value
