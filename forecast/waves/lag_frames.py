"""Lags as a table that a run can store, and back."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from forecast.waves.lag import Lag

COLUMNS = ("location", "days", "probability", "prior", "identifiable", "reason", "first", "last")


def lags_to_frame(lags: Mapping[str, Lag]) -> pd.DataFrame:
    """One row a location and whole day behind; columns ``COLUMNS``.

    Parameters
    ----------
    lags
        Location -> lag.
    """
    frames = [
        pd.DataFrame(
            {
                "location": location,
                "days": lag.days.index.to_numpy(),
                "probability": lag.days.to_numpy(),
                "prior": lag.prior.to_numpy(),
                "identifiable": lag.identifiable,
                "reason": lag.reason,
                "first": pd.Series([lag.first] * len(lag.days), dtype="datetime64[us]"),
                "last": pd.Series([lag.last] * len(lag.days), dtype="datetime64[us]"),
            }
        )
        for location, lag in lags.items()
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(COLUMNS))


def lags_from_frame(frame: pd.DataFrame) -> dict[str, Lag]:
    """Location -> lag, from what ``lags_to_frame`` made."""
    found = {}
    for location, rows in frame.groupby("location", sort=False):
        top = rows.iloc[0]
        days = pd.Index(rows["days"].astype("int64"), name="days")
        chance, prior = (
            pd.Series(rows[part].to_numpy(), index=days, name="probability") for part in ("probability", "prior")
        )
        first, last = (None if pd.isna(top[part]) else pd.Timestamp(top[part]) for part in ("first", "last"))
        found[str(location)] = Lag(chance, bool(top["identifiable"]), str(top["reason"]), prior, first, last)
    return found
