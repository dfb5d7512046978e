"""What a fan chart, its table and its words are made of: published values, bands of the forecast, the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from forecast.observations.quality import masking
from forecast.observations.table import step_days
from forecast.runs.outlook import WEEK_DAYS
from forecast.trajectories import Trajectories

BANDS = {"low": 0.05, "quarter": 0.25, "median": 0.5, "three_quarters": 0.75, "high": 0.95}
NEARLY_NONE = 0.1
OFTEN = 0.25
WINDOW = pd.Timedelta(weeks=13)
FAR_TOO_HIGH = 3.0
OUT_OF_REACH = "its range would reach more than three times the highest figure ever published there"


@dataclass(frozen=True)
class Fan:
    """One metric at one location, ready to draw, list and describe.

    Parameters
    ----------
    metric, place, unit
        What a person calls them: "Fit to leave, before the day's discharges", "James Paget", "patients".
    as_of
        Day whose published data the run knows.
    data_to
        Newest day with a usable value of the location; None where it has none.
    published
        One row a day: date, value, flagged, note.
    forecast, baseline
        One row a day: date and the columns of ``BANDS``, whole numbers; no rows where nothing can be said.
    simulated
        Whether the figures are the simulated twin's.
    left_out
        Why there is no baseline to compare with; empty where there is one.
    weekly
        Rows are means of weeks, each under the week's last day, not days.
    """

    metric: str
    place: str
    unit: str
    as_of: pd.Timestamp
    data_to: pd.Timestamp | None
    published: pd.DataFrame
    forecast: pd.DataFrame
    baseline: pd.DataFrame
    simulated: bool = False
    left_out: str = ""
    weekly: bool = False


def make_fan(
    *,
    metric: str,
    place: str,
    unit: str,
    location: str,
    as_of: pd.Timestamp,
    history: pd.DataFrame,
    flags: pd.DataFrame,
    trajectories: Trajectories,
    baseline: Trajectories,
    members: Sequence[str] = (),
    days: int | None = None,
    simulated: bool = False,
    left_out: str = "",
) -> Fan:
    """Put together the fan of one location.

    Parameters
    ----------
    history
        Panel as published, DatetimeIndex by location.
    flags
        date, location, flag, note of the metric.
    members
        Locations summed into this one: a flagged value of theirs flags the sum.
    days
        How many days of history to keep, counted back from the newest; all when left out.
    left_out
        Why the baseline means nothing here; it is also left out where its last day is ``FAR_TOO_HIGH``.

    Returns
    -------
    Fan
        ``published`` holds only days with a value.
    """
    every = published(history, flags, location, members)
    usable = every[~every["flagged"]]
    lines = bands(baseline, location)
    if len(lines) and not left_out:
        left_out = OUT_OF_REACH if _out_of_reach(lines, usable["value"]) else ""
    first = None if days is None else trajectories.origin - pd.Timedelta(days=days)
    return Fan(
        metric,
        place,
        unit,
        as_of,
        newest_usable(every),
        every if first is None else every[every["date"] > first].reset_index(drop=True),
        bands(trajectories, location),
        lines.iloc[:0] if left_out else lines,
        simulated,
        left_out,
    )


def season_fan(near: Fan, outlook: Trajectories, location: str, history: pd.DataFrame, weeks: int | None) -> Fan:
    """Turn the fan of the next days into that of the season ahead.

    Parameters
    ----------
    near
        Fan of the same place with every published day.
    outlook
        Means of weeks, ``Run.outlook``.
    location
        The place's code.
    history
        Panel as published: its newest day ends the newest week.
    weeks
        How many weeks of history to keep; all when left out.

    Returns
    -------
    Fan
        No baseline; a week of history is the mean of its usable days, where there are at least half of them.
    """
    last = history.index[-1]
    past = weekly_means(near.published[~near.published["flagged"]], last, step_days(history.index))
    if weeks is not None:
        past = past[past["date"] > last - pd.Timedelta(weeks=weeks)].reset_index(drop=True)
    ahead, nothing = bands(outlook, location), near.baseline.iloc[:0]
    return replace(near, published=past, forecast=ahead, baseline=nothing, left_out="", weekly=True)


def weekly_means(rows: pd.DataFrame, last: pd.Timestamp, step: int) -> pd.DataFrame:
    """Means of the weeks that end on ``last`` and whole weeks before, of usable ``published`` rows ``step`` days apart.

    Rounded to a tenth; a week of which under half is known has no row.
    """
    number = (last - rows["date"]).dt.days // WEEK_DAYS
    weeks = rows.groupby(number)["value"].agg(["mean", "size"]).sort_index(ascending=False)
    weeks = weeks[weeks["size"] >= WEEK_DAYS / max(step, 1) / 2]
    dates = pd.DatetimeIndex(last - pd.to_timedelta(WEEK_DAYS * weeks.index.to_numpy(), unit="D")).as_unit("us")
    return pd.DataFrame({"date": dates, "value": weeks["mean"].round(1).to_numpy(), "note": "", "flagged": False})


def _out_of_reach(lines: pd.DataFrame, usable: pd.Series) -> bool:
    return len(usable) > 0 and bool(lines["high"].iloc[-1] > FAR_TOO_HIGH * usable.max())


def published(history: pd.DataFrame, flags: pd.DataFrame, location: str, members: Sequence[str] = ()) -> pd.DataFrame:
    """Days with a published value of a location: date, value, note on what is wrong with it, flagged.

    ``members``: locations summed into this one; a flagged value of theirs flags the sum.
    """
    values = history[location].dropna() if location in history else pd.Series(dtype=float)
    own = masking(flags)
    own = own[own["location"].isin([location, *members])]
    notes = own.drop_duplicates("date").set_index("date")["note"]
    rows = pd.DataFrame({"date": values.index, "value": values.to_numpy(dtype=float)})
    rows["note"] = notes.astype(object).reindex(values.index, fill_value="").to_numpy()
    rows["flagged"] = rows["note"] != ""
    return rows


def newest_usable(rows: pd.DataFrame) -> pd.Timestamp | None:
    """Newest day of ``published`` rows whose value is not flagged."""
    usable = rows[~rows["flagged"]]
    return pd.Timestamp(usable["date"].iloc[-1]) if len(usable) else None


def bands(trajectories: Trajectories, location: str) -> pd.DataFrame:
    """Likely low, quarter, middle, three quarters and likely high of each day, rounded to whole numbers."""
    if location not in trajectories.locations:
        return pd.DataFrame(columns=["date", *BANDS])
    found = trajectories.select([location]).quantiles(BANDS.values())
    wide = found.set_index(["date", "quantile"])["value"].unstack().dropna()  # noqa: PD010
    return wide.round().set_axis(list(BANDS), axis=1).reset_index()


def rarely_counts(remaining: pd.Series, patients: pd.Series) -> tuple[int, int] | None:
    """Tell whether a hospital's "still in a bed" count cannot be a count of who waits.

    Where the published discharges nearly equal the patients on many weekdays, what remains is an artefact of how
    discharges are recorded. Judged on the weekdays of the last 13 weeks.

    Returns
    -------
    tuple or None
        Weekdays on which under a tenth of the patients remained, and weekdays judged; None unless that is a
        quarter of them or more.
    """
    both = pd.DataFrame({"remaining": remaining, "patients": patients}).dropna()
    days = pd.DatetimeIndex(both.index)
    both = both[(days > days.max() - WINDOW) & (days.day_of_week < 5) & (both["patients"] > 0).to_numpy()]
    few = int((both["remaining"] < NEARLY_NONE * both["patients"]).sum())
    return (few, len(both)) if len(both) and few >= OFTEN * len(both) else None
