"""The monthly CSV of the acute discharge situation report: one row a place, day or month, and metric.

From April 2024 it comes beside the workbook and holds the same figures. Its ten columns are ``Period`` (day first),
``Level``, ``Region``, ``ICB``, ``Org Code``, ``Org Name``, ``Metric``, ``Metric Type``, ``Metric Group`` and ``Value``;
older files lack the group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from forecast.errors import InputError, NotObservations
from forecast.reference import reference
from forecast.sources.cells import listed, shown
from forecast.sources.columns import Columns
from forecast.sources.loading import load_columns
from forecast.sources.monthly.csv_places import places
from forecast.sources.monthly.discharge_metrics import COMMUNITY, LEFT_OUT, Named, named
from forecast.sources.monthly.published_csv import (
    at_line,
    day_first,
    filled,
    heads,
    reading,
    refuse_missing,
    refuse_repeated,
)
from forecast.sources.publications.category_metrics import usual_specification
from forecast.sources.reading import Reading

PUBLICATION = "acute discharge situation report, monthly CSV"
NEEDED = ("period", "level", "org code", "metric", "value")
OPTIONAL = ("region", "icb", "org name", "metric type", "metric group")
MEASURES = ("nctr_patients", "nctr_discharged", "nctr_remaining")

_WEEK = pd.Timedelta(days=6)
# In published tables the sums hold without exception; a few slips of the pen are left as published. A place whose
# sums fail on most of at least so many days has its columns confused.
_BROKEN_SUMS, _FEWEST_DAYS = 0.1, 4


def is_discharge_csv(names: Sequence[str]) -> bool:
    """Whether a header is that of a monthly NHS England CSV with places and metrics in rows."""
    return {"org code", "metric"} <= heads(names)


def read_discharge_csv(path: Path, today: pd.Timestamp | None = None, published: pd.Timestamp | None = None) -> Reading:
    """Read the monthly discharge CSV.

    Parameters
    ----------
    path
        The file.
    today
        Values dated after this day are refused.
    published
        Day the file came out, where it is known: the file itself does not say.

    Raises
    ------
    NotObservations
        It is a CSV of the same shape from another collection.
    InputError
        A column or cell cannot be read, a place is unknown, a row stands twice, a day lies outside the month, or the
        counts do not add up.
    """
    notes: list[str] = []
    table = load_columns(path, (*NEEDED, *OPTIONAL), lambda p, n: refuse_missing(p, n, NEEDED, PUBLICATION))
    table = filled(table)
    if (row := table.first_null("metric")) is not None:
        raise at_line(table, row, "column 'metric': the cell is empty; fill it in")
    days = day_first(table, "period")
    kinds = _kinds(table, days)
    _refuse_other_collection(table, kinds)
    rows = pd.DataFrame(
        {"date": days, "location": places(table, reference(), notes), "value": table.numbers("value")}
    ).astype({"location": object})
    rows["metric"] = [kind.metric for kind in kinds]
    rows["part"] = [kind.part for kind in kinds]
    notes += _not_read(table, kinds)
    rows = rows[rows["metric"] != ""]
    _refuse_empty(table, rows)
    month = _month(rows)
    rows = _inside(table, rows, month, notes)
    rows = _summed(rows)
    refuse_repeated(table, rows)
    _refuse_broken_sums(table, rows)
    notes += _gaps(rows, month)
    known = rows[rows["value"].notna()]
    if known.empty:
        raise InputError(f"{path}: no row has a value; download the file again")
    return reading(path, PUBLICATION, known, _span(known, month), published, today, notes)


def _kinds(table: Columns, days: pd.Series) -> list[Named]:
    """What each row counts, told by its texts and by how many days the same texts are given for."""
    columns = [name for name in ("metric", "metric type", "metric group") if name in table.names]
    keys = pd.MultiIndex.from_arrays([table.codes(name) for name in columns])
    number, different = pd.factorize(keys)
    texts = {name: [*table.unique(name), ""] for name in columns}
    reasons = (reference().category(text, "reason") for text in table.unique("metric"))
    specification = usual_specification(filter(None, reasons))
    known = []
    for i, codes in enumerate(different):
        given = np.unique(days[number == i].dropna().to_numpy())
        said = {name: texts[name][code] for name, code in zip(columns, codes, strict=True)}
        known.append(
            named(said["metric"], said.get("metric type", ""), said.get("metric group", ""), given, specification)
        )
    return [known[i] for i in number]


def _refuse_other_collection(table: Columns, kinds: Sequence[Named]) -> None:
    if "community" in table.path.name.casefold() or any(kind.why == COMMUNITY for kind in kinds):
        raise NotObservations(
            f"{table.path}: the community discharge situation report as CSV (NHS England), which is not read yet; "
            "nothing in it was used"
        )
    if not any(kind.metric in MEASURES for kind in kinds):
        raise NotObservations(
            f"{table.path}: a monthly NHS England CSV of another collection (metrics "
            f"{listed(table.unique('metric'), 3)}), which is not read yet; nothing in it was used"
        )


def _not_read(table: Columns, kinds: Sequence[Named]) -> list[str]:
    """Notes on the rows that are left out, by reason, and on categories that nobody knows."""
    codes = table.codes("metric")
    texts = [*table.unique("metric"), "(empty)"]
    by_reason: dict[str, Counter[str]] = {}
    for code, kind in zip(codes, kinds, strict=True):
        if not kind.metric:
            by_reason.setdefault(kind.why, Counter())[texts[code]] += 1
    words = {LEFT_OUT: "are of metrics that are not read"}
    return [
        f"{sum(counts.values()):,} rows {words.get(why, why)}: {listed(map(shown, counts), 6)}"
        for why, counts in by_reason.items()
    ] + [note for note in dict.fromkeys(kind.unknown for kind in kinds) if note]


def _refuse_empty(table: Columns, rows: pd.DataFrame) -> None:
    for name, missing in (("period", rows["date"].isna()), ("org code", rows["location"].isna())):
        if missing.any():
            raise at_line(table, int(rows.index[missing][0]), f"column {name!r}: the cell is empty; fill it in")


def _month(rows: pd.DataFrame) -> pd.Period:
    """The month that most of the daily counts lie in."""
    daily = rows.loc[rows["metric"].isin(MEASURES), "date"]
    return pd.Period(daily.dt.to_period("M").mode().iloc[0], freq="M")


def _inside(table: Columns, rows: pd.DataFrame, month: pd.Period, notes: list[str]) -> pd.DataFrame:
    """Rows of the file's month; a week belongs to the month that it touches.

    Some files hold delay reasons with the date of another month; those rows are left out, for nobody can say whether
    the date or the figures are wrong.
    """
    first, last = month.start_time.normalize(), month.end_time.normalize()
    weekly, monthly = _spans(rows["metric"])
    week_before = weekly & rows["date"].between(first - _WEEK, first)
    outside = ~rows["date"].between(first, last) & ~week_before
    rows = rows.assign(date=rows["date"].mask(monthly & ~outside, first))
    if not outside.any():
        return rows
    counts = outside & rows["metric"].isin(MEASURES)
    if counts.any():
        row = rows[counts].iloc[0]
        raise at_line(
            table,
            int(rows.index[counts][0]),
            f"column 'period': {row['date']:%Y-%m-%d} ({row['metric']} of {row['location']}) lies outside the month of "
            f"the file, {month:%B %Y}; correct the dates or delete the rows",
        )
    row = rows[outside].iloc[0]
    notes.append(
        f"{int(outside.sum()):,} rows with a date outside {month:%B %Y} left out, the first in line "
        f"{table.line(int(rows.index[outside][0])):,}: {row['metric']} of {row['location']} on {row['date']:%Y-%m-%d}"
    )
    return rows[~outside]


def _spans(metric: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Which rows are of a week and which of the whole month, whose date is the first of the month."""
    average = metric.str.startswith("delay14plus_avg_")
    weekly = metric.str.startswith(("additional_bed_days_", "delay14plus_", "delay_reason_weekly_")) & ~average
    daily = metric.isin(MEASURES) | metric.str.endswith("_daily")
    return weekly, ~weekly & ~daily


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with discharges before and after 17:00 added up; missing where one of them is missing."""
    parts = rows[rows["part"] != ""]
    if parts.empty:
        return rows
    needed = parts["part"].nunique()
    whole = rows[rows["part"] == ""]
    keys = ["date", "location", "metric"]
    groups = parts.drop_duplicates([*keys, "part"]).groupby(keys, sort=False)
    added = groups["value"].sum(min_count=needed).to_frame()
    added.index = pd.MultiIndex.from_tuples(added.index, names=keys)
    added["row"] = parts.reset_index().groupby(keys, sort=False)["index"].first()
    given = pd.MultiIndex.from_frame(whole[keys])
    added = added[~added.index.isin(given)].reset_index().set_index("row")
    return pd.concat([whole, added]).sort_index()


def _refuse_broken_sums(table: Columns, rows: pd.DataFrame) -> None:
    """Refuse a file in which patients are not those discharged and those remaining."""
    keys = ["date", "location"]
    counts = {name: rows.loc[rows["metric"] == name, [*keys, "value"]].dropna() for name in MEASURES}
    whole, left, still = (counts[name].rename(columns={"value": name}) for name in MEASURES)
    cells = whole.assign(row=whole.index).merge(left, on=keys).merge(still, on=keys)
    if cells.empty:
        return
    wrong = (cells["nctr_patients"] - cells["nctr_discharged"] - cells["nctr_remaining"]).abs() > 0.5
    share = wrong.groupby(cells["location"]).transform("mean")
    days = wrong.groupby(cells["location"]).transform("size")
    failing = wrong & (share > 0.5) & (days >= _FEWEST_DAYS)
    if not failing.any() and wrong.mean() <= _BROKEN_SUMS:
        return
    first = cells[failing if failing.any() else wrong].iloc[0]
    raise at_line(
        table,
        int(first["row"]),
        f"column 'value': {first['nctr_patients']:g} patients of {first['location']} on {first['date']:%Y-%m-%d} are "
        f"not {first['nctr_discharged']:g} discharged and {first['nctr_remaining']:g} remaining, and so in "
        f"{int(wrong.sum()):,} of {len(wrong):,} sums; the values look shifted, correct the file or download it again",
    )


def _gaps(rows: pd.DataFrame, month: pd.Period) -> list[str]:
    """Notes on days and places without rows: a file that was cut short reads well up to its end."""
    counts = rows[rows["metric"] == "nctr_patients"]
    days = pd.date_range(month.start_time.normalize(), month.end_time.normalize())
    notes = []
    if missing := [f"{day:%d %B}" for day in days if day not in set(counts["date"])]:
        notes.append(f"no rows for {listed(missing, 5)} of {month:%Y}; the file may be cut short")
    sizes = counts.groupby("location")["date"].nunique()
    if short := list(sizes.index[sizes < counts["date"].nunique()]):
        notes.append(f"rows for fewer days than other places: {listed(short)}; the file may be cut short")
    if "ENG" not in sizes.index:
        notes.append("no rows for England")
    return notes


def _span(rows: pd.DataFrame, month: pd.Period) -> tuple[pd.Timestamp, pd.Timestamp]:
    last = rows.loc[rows["metric"].isin(MEASURES), "date"].max()
    return month.start_time.normalize(), last
