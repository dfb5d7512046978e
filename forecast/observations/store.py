"""The store of observations: append-only vintages, readable as of any day.

What is worth storing of a file is decided in ``forecast.observations.revisions``. A read as of a day takes, for each
date and location, the value released last on or before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from filelock import FileLock, Timeout

from forecast.errors import InputError, StoreError
from forecast.observations import catalogue, flagging, quality, table, vintages
from forecast.observations.editions import edition_date
from forecast.observations.publication import released as release_dates
from forecast.observations.revisions import ESTIMATE, fresh_rows
from forecast.observations.vintages import Vintage
from forecast.reference import Reference, reference

SIMULATED = "simulated"
_LOCK_SECONDS = 600
_DATES = ("date", "released", "published")


class Added(NamedTuple):
    """What one ``add`` did with the rows of a frame."""

    new: int
    changed: int
    unchanged: int

    def __str__(self) -> str:
        return f"{self.new:,} new, {self.changed:,} changed, {self.unchanged:,} unchanged"


class Store:
    """Observations in ``folder/observations``.

    Parameters
    ----------
    folder
        Created on the first ``add``. Real and simulated rows never share a store.
    tables
        Reference tables; those in force when left out.
    """

    def __init__(self, folder: str | Path, tables: Reference | None = None) -> None:
        self.folder = Path(folder)
        self._files = self.folder / "observations"
        self._tables = tables or reference()
        self._seen: dict[Path, Vintage] = {}

    def vintages(self) -> list[Vintage]:
        """Return the stored vintages in the order of ingest."""
        paths = vintages.listed(self._files)
        for path in paths:
            if path not in self._seen:
                self._seen[path] = vintages.opened(path)
        return [self._seen[path] for path in paths]

    @property
    def simulated(self) -> bool:
        """Whether the store holds simulated rows."""
        return any(vintage.simulated for vintage in self.vintages())

    @property
    def empty(self) -> bool:
        """Whether nothing has been stored yet."""
        return not vintages.listed(self._files)

    def add(self, frame: pd.DataFrame, wait: float = _LOCK_SECONDS) -> Added:
        """Store the rows of a tidy frame that are new or changed, as one vintage.

        Parameters
        ----------
        frame
            Tidy observations. ``frame.attrs["published"]`` may map a source to the day its file was published.
        wait
            Seconds to wait for another process that is writing.

        Returns
        -------
        Added
            How many rows were new, changed and unchanged.

        Raises
        ------
        InputError
            The frame is not tidy observations; nothing is stored.
        StoreError
            Simulated and real rows would meet, another process holds the store, or the disk refuses.
        """
        rows = self._prepared(frame)
        try:
            self._files.mkdir(parents=True, exist_ok=True)
            with FileLock(self._files / ".lock", timeout=wait):
                return self._add(rows)
        except Timeout:
            waited = f"{wait / 60:.0f} minutes" if wait >= 60 else f"{wait:.0f} seconds"
            raise StoreError(
                f"{self._files}: another process has been writing for {waited}; "
                "wait for it to finish or end it, then ingest again"
            ) from None
        except OSError as error:
            raise StoreError(
                f"{self._files}: cannot be written ({error.strerror or error}); name a folder that can be, with --data "
                "or FORECAST_DATA; what was stored before is untouched"
            ) from error

    def preview(self, frame: pd.DataFrame) -> Added:
        """Say what ``add`` would do with a frame; nothing is stored.

        Raises
        ------
        InputError
            The frame is not tidy observations.
        StoreError
            Simulated and real rows would meet.
        """
        return self.proposed(frame)[1]

    def proposed(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, Added]:
        """Return the rows that ``add`` would store of a frame, and what they are; nothing is stored.

        Raises
        ------
        InputError
            The frame is not tidy observations.
        StoreError
            Simulated and real rows would meet.
        """
        return self._fresh(self._prepared(frame))

    def panel(
        self,
        metric: str,
        locations: Sequence[str] | None = None,
        as_of: str | pd.Timestamp | None = None,
        clean: bool = False,
    ) -> pd.DataFrame:
        """One metric as known on a day: DatetimeIndex by location, NaN where nothing was published.

        Parameters
        ----------
        metric
            A stored metric, or one the reference tables derive from stored ones (``flu_beds``).
        locations
            Columns wanted, in that order; one without values is all NaN. A county is the sum of its hospitals on
            the days on which all of them have a value. Default: every location stored.
        as_of
            Only what was released on or before this day. Default: everything.
        clean
            Mask the values that ``flags`` marks.

        Raises
        ------
        InputError
            Nobody has stored or defined that metric.
        """
        if isinstance(locations, str):
            raise InputError(f"locations is the text {locations!r}; give a list of codes, such as [{locations!r}]")
        members = {c: self._tables.members(c) for c in locations or () if c in self._counties()}
        wanted = None if locations is None else [*locations, *(code for found in members.values() for code in found)]
        panel = self._raw_panel(metric, None if clean else wanted, as_day(as_of))
        if clean:
            panel = quality.masked(panel, self._flags(metric, panel, as_day(as_of), wanted))
        for county, codes in members.items():
            panel[county] = panel.reindex(columns=codes).sum(axis=1, min_count=len(codes))
        if locations is not None:
            panel = _trimmed(panel.reindex(columns=pd.Index(list(locations), name="location")))
        panel.attrs["metric"] = self._tables.aliases.get(metric, metric)
        return panel

    def panel_at(
        self, metric: str, locations: Sequence[str] | None = None, clean: bool = False
    ) -> Callable[[str | pd.Timestamp], pd.DataFrame]:
        """Return a function from a day to the panel as known on that day."""
        return lambda as_of: self.panel(metric, locations, as_of=as_of, clean=clean)

    def flags(
        self, metric: str, as_of: str | pd.Timestamp | None = None, locations: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Values that cannot be right, with the reason: columns date, location, flag, note."""
        panel = self._raw_panel(metric, None, as_day(as_of))
        return self._flags(metric, panel, as_day(as_of), locations)

    def metrics(self) -> pd.DataFrame:
        """Return what is stored: metric, locations (count), first, last, released, rows."""
        return catalogue.metrics(self.vintages())

    def sources(self, metric: str) -> list[str]:
        """Return the publications whose rows are stored for a metric."""
        return catalogue.sources(self.vintages(), self._parts(metric))

    def newest_release(self, metrics: Sequence[str] = ()) -> pd.Timestamp:
        """Return the last day on which something stored became public.

        Parameters
        ----------
        metrics
            Look only at these (and what they are derived from), unless none of them is stored.

        Raises
        ------
        StoreError
            The store is empty.
        """
        newest = catalogue.newest_release(self.vintages(), {part for m in metrics for part in self._parts(m)})
        if newest is None:
            raise StoreError(f"{self._files}: nothing is stored; run 'forecast ingest PATH' or 'forecast demo' first")
        return newest

    def history(self, metric: str) -> pd.DataFrame:
        """Every stored row of one metric in the order of ingest: the tidy columns plus ``published``."""
        return self._history(metric, ("date", "location", "metric", "value", "released", "published", "source"))

    def _prepared(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Tidy rows with the day each was released, and its edition's own date where there is one; oldest first."""
        rows = table.check(frame)
        rows["metric"] = rows["metric"].replace(dict(self._tables.aliases))
        by_rule = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]")
        for metric, part in rows.groupby("metric"):
            by_rule[part.index] = release_dates(part["date"], str(metric), self._tables)
        told: dict[str, str] = frame.attrs.get("published", {})
        editions = {
            source: pd.Timestamp(told[source]) if source in told else edition_date(source)
            for source in rows["source"].unique()
        }
        given = rows["released"].where(rows["released"].notna() & (rows["released"] != by_rule))
        rows["published"] = rows["source"].map(editions).astype("datetime64[us]").fillna(given)
        _refuse_before_the_day(rows)
        earliest = pd.concat([by_rule, rows["published"]], axis=1).min(axis=1)
        rows["released"] = given.fillna(earliest).astype("datetime64[us]")
        rows["estimate"] = rows["source"].str.startswith(ESTIMATE)
        rows = rows.sort_values(["published", "estimate"], ascending=[True, False], na_position="first", kind="stable")
        return rows.drop(columns="estimate")

    def _add(self, rows: pd.DataFrame) -> Added:
        kept, added = self._fresh(rows)
        if added.new + added.changed:
            number = max((vintage.number for vintage in self.vintages()), default=0) + 1
            vintages.write(self._files, kept, number, bool(_simulated(kept).any()))
        return added

    def _fresh(self, rows: pd.DataFrame) -> tuple[pd.DataFrame, Added]:
        """Rows worth storing, and what they are."""
        kinds = {vintage.simulated for vintage in self.vintages()} | set(map(bool, _simulated(rows).unique()))
        if len(kinds) > 1:
            raise StoreError(
                f"{self._files}: simulated and real rows never share a store; use another folder for one of them"
            )
        kept: list[pd.DataFrame] = []
        new = changed = 0
        for metric, part in rows.groupby("metric", sort=False):
            fresh, first, revised = fresh_rows(part, self.history(str(metric)))
            kept.append(fresh)
            new, changed = new + first, changed + revised
        return pd.concat([rows.iloc[:0], *kept]), Added(new, changed, len(rows) - new - changed)

    def _counties(self) -> set[str]:
        return {county.code for county in self._tables.counties()}

    def _parts(self, metric: str) -> tuple[str, ...]:
        known = self._tables.metric(metric)
        name = self._tables.aliases.get(metric, metric)
        return known.derived_from if known and known.derived_from else (name,)

    def _raw_panel(self, metric: str, locations: Sequence[str] | None, as_of: pd.Timestamp | None) -> pd.DataFrame:
        stored = {name for vintage in self.vintages() for name in vintage.metrics}
        parts = self._parts(metric)
        if metric in stored:
            parts = (self._tables.aliases.get(metric, metric),)
        if not stored.intersection(parts) and self._tables.metric(metric) is None:
            raise InputError(
                f"metric {metric!r} is neither stored nor in the reference tables; "
                f"stored are {', '.join(sorted(stored)[:12]) or 'none'}"
            )
        panels = [self._stored_panel(part, locations, as_of) for part in parts]
        total = panels[0]
        for other in panels[1:]:
            total = total.add(other)
        return _trimmed(table.regular(total)) if len(total) else total

    def _stored_panel(self, metric: str, locations: Sequence[str] | None, as_of: pd.Timestamp | None) -> pd.DataFrame:
        rows = self._history(metric, ("date", "location", "value", "released"))
        if as_of is not None:
            rows = rows[rows["released"] <= as_of]
        if locations is not None:
            rows = rows[rows["location"].isin(list(locations))]
        rows = rows.sort_values("released", kind="stable")
        days, day = np.unique(rows["date"].to_numpy(), return_inverse=True)
        codes, names = pd.factorize(rows["location"], sort=True)
        values = np.full((len(days), len(names)), np.nan)
        values[day, codes] = rows["value"].to_numpy()
        panel = pd.DataFrame(
            values,
            index=pd.DatetimeIndex(days, name="date").astype("datetime64[us]"),
            columns=pd.Index([str(name) for name in names], dtype="str", name="location"),
        )
        return table.regular(panel)

    def _history(self, metric: str, columns: tuple[str, ...]) -> pd.DataFrame:
        parts = []
        for vintage in self.vintages():
            if metric in vintage.metrics:
                part = vintages.read(vintage, metric, columns).to_pandas(date_as_object=False)
                parts.append(part.assign(**{c: part[c].astype("str") for c in ("location", "source") if c in part}))
        if not parts:
            empty = pd.DataFrame({column: pd.Series(dtype="str") for column in columns})
            typed = {c: "datetime64[us]" for c in _DATES if c in columns} | {"value": "float64"}
            typed_empty: pd.DataFrame = empty.astype(typed)
            return typed_empty
        rows: pd.DataFrame = pd.concat(parts, ignore_index=True)
        for column in _DATES:
            if column in rows:
                rows[column] = rows[column].astype("datetime64[us]")
        return rows

    def _flags(
        self, metric: str, panel: pd.DataFrame, as_of: pd.Timestamp | None, locations: Sequence[str] | None
    ) -> pd.DataFrame:
        return flagging.flags_of(
            metric, panel, lambda other: self._raw_panel(other, None, as_of), self._tables, locations
        )


def _simulated(rows: pd.DataFrame) -> pd.Series:
    return rows["source"].str.casefold().str.startswith(SIMULATED)


def _refuse_before_the_day(rows: pd.DataFrame) -> None:
    early = rows[rows["published"] < rows["date"]]
    if len(early):
        row = early.iloc[0]
        raise InputError(
            f"{row['source']}: {row['metric']} at {row['location']} is dated {row['date']:%Y-%m-%d}, after its edition "
            f"was published ({row['published']:%Y-%m-%d}); correct one of the dates"
        )


def _trimmed(panel: pd.DataFrame) -> pd.DataFrame:
    """Drop leading and trailing dates on which no column has a value."""
    filled = panel.notna().any(axis=1).to_numpy()
    if not filled.any():
        return panel.iloc[:0]
    first, last = int(filled.argmax()), len(filled) - int(filled[::-1].argmax())
    return panel.iloc[first:last]


def as_day(day: str | pd.Timestamp | None) -> pd.Timestamp | None:
    """Return a day given as text or time stamp; None stays None.

    Raises
    ------
    InputError
        It is no date.
    """
    if day is None:
        return None
    try:
        found = pd.Timestamp(day) if isinstance(day, (str, dt.date)) else None
    except ValueError:
        found = None
    if not isinstance(found, pd.Timestamp):
        raise InputError(f"as_of {day!r} is not a date; write 2024-01-31")
    return found.tz_localize(None).normalize()
