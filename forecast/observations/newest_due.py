"""What should have been published by a day, and whether a newest release is old for that day."""

from __future__ import annotations

import pandas as pd

from forecast.observations.publication import out_of_season, released
from forecast.reference import Metric, Reference

LOOKED_BACK = 120
"""Days; the second Thursday after a month is at most 52 behind its first day."""


def overdue(release: pd.Timestamp, today: pd.Timestamp, tables: Reference) -> bool:
    """Whether a newest release is so old that figures should have come since.

    Older than ``stale_run`` days, and than the release that was due ``gate_grace`` days ago: in summer most is
    published once a month, and nobody is late before the next release is due.
    """
    age, grace = (int(tables.assumption(name, national=True).value) for name in ("stale_run", "gate_grace"))
    if (today - release).days <= age:
        return False
    due = newest_release_due(today - pd.Timedelta(days=grace), tables)
    return due is None or release < due


def newest_due(metric: Metric, by: pd.Timestamp, tables: Reference) -> pd.Timestamp | None:
    """Newest day whose figure should be public on a day; None where none of the last months had to come."""
    dates = pd.Series(pd.date_range(by - pd.Timedelta(days=LOOKED_BACK), by))
    if metric.frequency == "weekly":
        dates = dates[dates.dt.day_of_week == 0]
    came = dates[(released(dates, metric.name, tables) <= by) & ~out_of_season(dates, metric.name, tables)]
    return came.max() if len(came) else None


def newest_release_due(by: pd.Timestamp, tables: Reference) -> pd.Timestamp | None:
    """Newest day on which anything of a forecast metric should have come out; None where nothing had to.

    In summer most is published once a month: a release is not old before the next one is due.
    """
    metrics = tables.forecast_metrics()
    days = {metric.name: day for metric in metrics if (day := newest_due(metric, by, tables)) is not None}
    return max((released(pd.Series([day]), name, tables).iloc[0] for name, day in days.items()), default=None)
