"""How often a forecast's range has held, in words."""

from __future__ import annotations

import pandas as pd

from forecast.wording.words import LIKELY, plural, short_day

AHEAD_DAYS = 28
FEWEST_DAYS = 60
"""Fewer outcomes than this say little: each forecast's days fall together."""
SHOULD = 0.9


def held(record: pd.DataFrame) -> str:
    """Say on how many days the likely range held; empty text where too few are known.

    Parameters
    ----------
    record
        One location's forecasts from earlier origins: origin, date, low, high (of 9 in 10) and observed.
    """
    near = record[(record["date"] - record["origin"]).dt.days <= AHEAD_DAYS] if len(record) else record
    if len(near) < FEWEST_DAYS:
        return ""
    share = ((near["observed"] >= near["low"]) & (near["observed"] <= near["high"])).mean()
    first, last = near["origin"].min(), near["origin"].max()
    return (
        f"Track record: the {LIKELY} held on {share:.0%} of days, when the forecast was made again from "
        f"{plural(near['origin'].nunique(), 'earlier date')} ({short_day(first)} to {short_day(last)}) for the "
        f"{AHEAD_DAYS} days that followed, with the data up to each. About {SHOULD:.0%} would be right."
    )
