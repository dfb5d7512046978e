"""Tables as CSV files that say where they come from and that no spreadsheet takes for formulas."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from forecast.figures.fan import Fan
from forecast.pages import signing
from forecast.runs import Run
from forecast.takeaway.formulas import harmless
from forecast.wording import words

REAL = "real data"
Table = pd.DataFrame | Callable[[], pd.DataFrame]
_COLUMNS = {
    "low": "likely_low",
    "quarter": "half_low",
    "median": "middle",
    "three_quarters": "half_high",
    "high": "likely_high",
}


def fan_table(fan: Fan) -> pd.DataFrame:
    """List published values, with what looks wrong with them, then the forecast: likely range and 1-in-2 band."""
    past = fan.published.rename(columns={"value": "published"}).assign(kind="published")
    past["note"] = [f"looks wrong: {note}" if note else "" for note in past["note"]]
    both = pd.concat([past, fan.forecast.rename(columns=_COLUMNS).assign(kind="forecast")], ignore_index=True)
    both = both.reindex(columns=["date", "kind", "published", *_COLUMNS.values(), "note"])
    for column in ("published", *_COLUMNS.values()):
        both[column] = _whole(both[column])
    return both


def with_origin(table: pd.DataFrame, run: Run, data_to: pd.Timestamp | None = None) -> pd.DataFrame:
    """Add the as-of date, the data date, the run, its code version and whether the figures are simulated."""
    facts = {
        "as_of": f"{run.as_of:%Y-%m-%d}",
        **({} if data_to is None else {"data_to": f"{data_to:%Y-%m-%d}"}),
        "run": run.id,
        "code_version": str(run.manifest["code_version"]),
        "sign_off": signing.signed(run),
        "figures": words.SIMULATED if run.simulated else REAL,
    }
    return table.assign(**facts)


def button(label: str, table: Table, run: Run, name: str, data_to: pd.Timestamp | None = None) -> None:
    """Offer a table as a CSV file that says where it comes from, also by its name.

    Written when somebody asks, and with who signed the run off by then; ``table`` may be a call that makes it then.
    """
    offer(label, lambda: to_csv(with_origin(table() if callable(table) else table, run, data_to)), run, name)


def offer(label: str, written: bytes | Callable[[], bytes], run: Run, name: str) -> None:
    """Offer a CSV file, written already or when somebody asks; its name says what, as of when, and if simulated."""
    st.download_button(
        label,
        written,
        file_name=f"{'simulated-' if run.simulated else ''}{name}-{run.as_of:%Y-%m-%d}.csv",
        mime="text/csv",
        on_click="ignore",
    )


def to_csv(table: pd.DataFrame) -> bytes:
    """Write a table as CSV that a spreadsheet opens as text and numbers, never as formulas."""
    safe = table.rename(columns=lambda name: harmless(str(name)))
    for column in safe.columns:
        kind = safe[column].dtype
        if not (pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_datetime64_any_dtype(kind)):
            safe[column] = safe[column].astype(object).map(harmless)
    return safe.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\r\n").encode("utf-8-sig")


def _whole(column: pd.Series) -> pd.Series:
    """Whole numbers written without a decimal point, also where some are missing."""
    numbers = column.astype("float64")
    return numbers.astype("Int64") if (numbers.dropna() % 1 == 0).all() else numbers
