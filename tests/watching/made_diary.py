"""Sixteen weekly runs and the one that is served, of a course that is known."""

import sys
from pathlib import Path

import pandas as pd

sys.path.append(str(Path(__file__).parents[1] / "runs"))

from small_runs import course, small_run


def weekly_runs(folder, **served):
    """Write them; the oldest seven were made afterwards."""
    days = pd.date_range("2024-08-01", periods=16, freq="7D")
    for week, day in enumerate(days):
        small_run(folder, f"{day:%Y-%m-%d}", made="backfill" if week < 7 else "weekly", simulated=True)
    known = course(days[-1] + pd.Timedelta(days=24))
    for back in (30, 60, 90, 120):
        known = known.combine_first(course(days[-1] + pd.Timedelta(days=24 - back)))
    return small_run(folder, f"{days[-1] + pd.Timedelta(days=28):%Y-%m-%d}", history=known, simulated=True, **served)
