"""Figures of a plan that has been run, as the tables behind sentences and charts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.figures.fan import BANDS
from forecast.placements.costs import Bill
from forecast.placements.plans.names import PATHWAY_LABELS, PATHWAYS, PRODUCT_LABELS
from forecast.placements.results import ALL, Placements

LIKELY = {"low": 0.05, "middle": 0.5, "high": 0.95}
WEEKS_AHEAD, SEASON_WEEKS = (0, 2, 4, 6), (0, 4, 12, 24)
FILE_COLUMNS = {
    "low": "likely_low",
    "high": "likely_high",
    "product": "kind_of_place",
    "pathway": "care_waited_for",
    "location": "place_code",
    "count": "people_counted",
    "mean": "mean_days_waited",
    "p90": "nine_in_ten_within_days",
}
"""Columns as files name them."""
NEAR_DAYS = 60
"""A forecast of more days is looked at in months."""
LEAST_DAYS = 4
"""Days that a week must have in the forecast to be told of."""


@dataclass(frozen=True)
class Shortage:
    """People who wait for a kind of place in one week, on average a day.

    Parameters
    ----------
    week
        Its Monday.
    places
        Most usable places of the county on a day of the week.
    low, middle, high
        Likely range (9 in 10) and middle of the people who wait.
    """

    week: pd.Timestamp
    places: int
    low: float
    middle: float
    high: float


def spread(values: npt.NDArray[np.generic]) -> dict[str, float]:
    """Likely low, middle and likely high of one figure over paths."""
    found = np.quantile(values.astype(float), list(LIKELY.values()))
    return dict(zip(LIKELY, found.tolist(), strict=True))


def mondays(dates: pd.DatetimeIndex, as_of: pd.Timestamp) -> list[pd.Timestamp]:
    """Weeks that can be told of, by their Mondays: from that of the as-of day on."""
    starts = dates - pd.to_timedelta(dates.day_of_week, unit="D")
    this_week = as_of - pd.Timedelta(days=as_of.day_of_week)
    return [day for day in starts.unique() if day >= this_week and (starts == day).sum() >= LEAST_DAYS]


def shortages(result: Placements, product: str, location: str, as_of: pd.Timestamp) -> list[Shortage]:
    """People who wait for a product at a place, week by week."""
    waiting = result.paths("waiting", location, product)
    capacity = result.capacity[product]
    found = []
    for monday in mondays(result.dates, as_of):
        days = _week(result.dates, monday)
        figures = spread(waiting[:, days].mean(axis=1))
        found.append(Shortage(monday, int(capacity[days].max()), **figures))
    return found


def tightest(weeks: Sequence[Shortage]) -> Shortage:
    """Return the week in which most people wait."""
    return max(weeks, key=lambda week: (week.middle, week.high))


def need_bands(result: Placements, product: str, location: str) -> pd.DataFrame:
    """People who need a product, day by day: date and the columns of ``fan.BANDS``, whole numbers.

    In a county: who waits in hospital and who is in a place. At a hospital: who waits there, since nobody publishes
    from which hospital those in a place came.
    """
    return _bands(result, "needed" if location == result.county else "waiting", location, product)


def waiting_bands(result: Placements, location: str) -> pd.DataFrame:
    """People who wait in hospital for any place, day by day: date and the columns of ``fan.BANDS``, whole numbers."""
    return _bands(result, "waiting", location, ALL)


def capacity_rows(result: Placements, product: str) -> pd.DataFrame:
    """Usable places of a product in the county: date, places."""
    return pd.DataFrame({"date": result.dates, "places": result.capacity[product]})


def chance_rows(result: Placements, product: str, location: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """Chance by week that anybody waits on any day of it: columns week, waits, long.

    ``long``: longer than the plan's longest wait; NaN in weeks so near that nobody can have waited so long since the
    forecast began.
    """
    short, long = (result.paths(what, location, product) > 0 for what in ("waiting", "waiting_long"))
    told = result.dates[0] + pd.Timedelta(days=result.plan.longest_wait + 1)
    rows = []
    for monday in mondays(result.dates, as_of):
        days = _week(result.dates, monday)
        late = float(long[:, days].any(axis=1).mean()) if result.dates[days][-1] >= told else np.nan
        rows.append((monday, float(short[:, days].any(axis=1).mean()), late))
    return pd.DataFrame(rows, columns=["week", "waits", "long"])


def ahead(dates: pd.DatetimeIndex, as_of: pd.Timestamp) -> dict[int, pd.Timestamp]:
    """Weeks ahead -> day, of those in the forecast; 0 is the as-of day or the first day after it."""
    found = {}
    for weeks in WEEKS_AHEAD if len(dates) <= NEAR_DAYS else SEASON_WEEKS:
        day = max(as_of + pd.Timedelta(weeks=weeks), dates[0])
        if day <= dates[-1]:
            found[weeks] = day
    return found


def who_waits(result: Placements, locations: Sequence[str], as_of: pd.Timestamp) -> pd.DataFrame:
    """People who wait at each place for each pathway and for all of them, now and weeks ahead.

    Columns location, pathway, weeks_ahead, date, low, middle, high.
    """
    rows = []
    days = ahead(result.dates, as_of)
    for location in locations:
        for pathway in (ALL, *(way for way in PATHWAYS if way in result.people.demand.pathways)):
            people = result.paths("waiting", location, ALL, pathway)
            for weeks, day in days.items():
                figures = spread(people[:, result.dates.get_loc(day)])
                rows.append({"location": location, "pathway": pathway, "weeks_ahead": weeks, "date": day, **figures})
    return pd.DataFrame(rows)


def how_long(result: Placements, locations: Sequence[str], as_of: pd.Timestamp) -> pd.DataFrame:
    """Days that those who wait have waited since the forecast began, weeks ahead.

    Columns location, product, weeks_ahead, date, mean, p90; NaN where nobody waits on any path.
    """
    days = {weeks: day for weeks, day in ahead(result.dates, as_of).items() if weeks}
    if not days:
        return pd.DataFrame(columns=["location", "product", "weeks_ahead", "date", "mean", "p90"])
    found = result.waits(list(days.values()))
    weeks_of = {day: weeks for weeks, day in days.items()}
    found = found.assign(weeks_ahead=[weeks_of[day] for day in found["date"]])
    return found[found["location"].isin(locations)].reset_index(drop=True)


def bill_rows(bill: Bill) -> pd.DataFrame:
    """Parts of a bill over the whole forecast, pounds: columns part, low, middle, high."""
    parts = {"places": bill.places, "care_at_home": bill.care_at_home, "waiting": bill.waiting, "total": bill.total}
    return pd.DataFrame([{"part": part, **spread(pounds)} for part, pounds in parts.items()])


def in_question(result: Placements) -> list[str]:
    """Products that there are places of, or that anybody is likely to wait for."""
    found = []
    for product in result.products:
        waiting = result.paths("waiting", "", product)
        if result.capacity[product].any() or np.quantile(waiting, LIKELY["high"], axis=0).max() >= 1:
            found.append(product)
    return found


def day_rows(result: Placements, locations: Sequence[str]) -> pd.DataFrame:
    """Figures of each day for a file: location, product, date, count, low, middle, high.

    Counts: waiting, and in a county occupied and needed.
    """
    frames = []
    for location in locations:
        counts = ("waiting", "occupied", "needed") if location == result.county else ("waiting",)
        for product in (*result.products, ALL):
            for count in counts:
                values = np.quantile(result.paths(count, location, product), list(LIKELY.values()), axis=0)
                figures = dict(zip(LIKELY, np.round(values, 1), strict=True))
                facts = {"location": location, "product": product, "date": result.dates, "count": count}
                frames.append(pd.DataFrame({**facts, **figures}))
    return pd.concat(frames, ignore_index=True)


def for_file(table: pd.DataFrame, names: Mapping[str, str], unit: str) -> pd.DataFrame:
    """Return a table as a person reads it in a file: names beside codes, ranges by name, the unit in a column.

    Parameters
    ----------
    names
        Code of a place -> its name.
    unit
        Of the figures.
    """
    said: dict[str, tuple[str, Mapping[str, str]]] = {
        "place": ("location", names),
        "product": ("product", {**PRODUCT_LABELS, ALL: "any of these"}),
        "pathway": ("pathway", {**PATHWAY_LABELS, ALL: "all"}),
    }
    for column, (code, words) in said.items():
        if code in table:
            table = table.assign(**{column: table[code].map(dict(words))})
    table = table.assign(unit=unit).round(dict.fromkeys(LIKELY, 1))
    first = [name for name in ("place", "location") if name in table]
    return table[[*first, *(name for name in table if name not in first)]].rename(columns=FILE_COLUMNS)


def _bands(result: Placements, what: str, location: str, product: str) -> pd.DataFrame:
    values = np.quantile(result.paths(what, location, product), list(BANDS.values()), axis=0)
    return pd.DataFrame({"date": result.dates, **dict(zip(BANDS, np.round(values), strict=True))})


def _week(dates: pd.DatetimeIndex, monday: pd.Timestamp) -> npt.NDArray[np.bool_]:
    return np.asarray((dates >= monday) & (dates < monday + pd.Timedelta(days=7)))
