"""The store of observations: append-only vintages, readable as of any day, in a folder or behind a URL.

What is worth storing of a file is decided in ``forecast.observations.revisions``. A read as of a day takes, for each
date and location, the value released last on or before it.

What holds whatever happens, with any number of writers and readers, on this machine, on S3 and in memory:

* No vintage is lost or overwritten. A number is given once: the file of that number is created exclusively, so of two
  writers one is refused; it reads what the other stored, works out again what is new, and takes the next number.
* A vintage is worked out from all those before it, since one cannot be created before its writer has read the last.
* Readers never see half a vintage: the file appears whole.
* What is read is what was written: the bytes used are compared with their hash. A damaged file is an error that names
  its remedy, ``heal``, never a wrong value.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from forecast.errors import StoreError
from forecast.formulas import parts
from forecast.observations import catalogue, damage, numbering, remote, vintages
from forecast.observations.damage import Damage
from forecast.observations.folders import LOCK_SECONDS, File
from forecast.observations.panels import as_codes, as_day
from forecast.observations.preparing import prepared, simulated
from forecast.observations.reading import Reading
from forecast.observations.revisions import fresh_rows
from forecast.observations.vintages import Vintage
from forecast.reference import Reference, reference

__all__ = ["Added", "Store", "as_day"]

_ATTEMPTS = 30
"""Each one that fails means that another writer has stored something."""


class Added(NamedTuple):
    """What one ``add`` did with the rows of a frame.

    Parameters
    ----------
    new
        Rows of a date, location and metric that the store had nothing of.
    changed
        Rows that tell another value, or the same one as of an earlier day.
    unchanged
        Rows that were known.

    Examples
    --------
    >>> print(fc.Added(new=2, changed=0, unchanged=7))
    2 new, 0 changed, 7 unchanged
    """

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
        A folder, or an fsspec URL: ``s3://bucket/prefix``, ``memory://name`` (one process), ``file:///path``. Created
        on the first ``add``. Real and simulated rows never share a store.
    tables
        Reference tables; those in force when left out.
    storage_options
        What fsspec needs for the URL, such as ``endpoint_url``, ``key`` and ``secret``.

    Attributes
    ----------
    folder
        A path for a folder of this machine, else the URL.

    Raises
    ------
    InputError
        Nobody knows that kind of URL.
    StoreError
        The package that reads it is not installed.

    Examples
    --------
    In memory, which is handy in a notebook; ``fc.Store("data")`` would keep it in a folder.

    >>> store = fc.Store("memory://handbook")
    >>> store.empty
    True
    >>> days = pd.date_range("2025-01-06", periods=3)
    >>> first = pd.DataFrame(
    ...     {"date": days, "location": "RM1", "metric": "nctr_patients", "value": [200.0, 210.0, 0.0]}
    ... ).assign(source="by hand", released=pd.Timestamp("2025-01-16"))
    >>> print(store.preview(first))
    3 new, 0 changed, 0 unchanged
    >>> print(store.add(first))
    3 new, 0 changed, 0 unchanged

    A corrected figure is added beside the old one; a read as of an earlier day still gives the old one.

    >>> corrected = first.tail(1).assign(value=205.0, released=pd.Timestamp("2025-02-13"), source="corrected")
    >>> rows, told = store.proposed(corrected)
    >>> len(rows), told.changed
    (1, 1)
    >>> [str(one) for one in store.add_all([corrected, corrected])]
    ['0 new, 1 changed, 0 unchanged', '0 new, 0 changed, 1 unchanged']
    >>> store.panel("nctr_patients", ["RM1"])["RM1"].tolist()
    [200.0, 210.0, 205.0]
    >>> known_at = store.panel_at("nctr_patients")
    >>> known_at("2025-01-20")["RM1"].tolist()
    [200.0, 210.0, 0.0]
    >>> len(store.history("nctr_patients")), len(store.days("nctr_patients")), store.sources("nctr_patients")
    (4, 3, ['by hand', 'corrected'])

    What is there, and whether it is whole:

    >>> store.metrics()[["metric", "locations", "rows"]].values.tolist()
    [['nctr_patients', 1, 4]]
    >>> store.newest_release()
    Timestamp('2025-02-13 00:00:00')
    >>> store.simulated, [vintage.number for vintage in store.vintages()]
    (False, [1, 2])
    >>> store.flags("nctr_patients", as_of="2025-01-20")["flag"].tolist()
    []
    >>> store.check(), store.heal()
    ([], [])
    """

    def __init__(
        self,
        folder: str | Path,
        tables: Reference | None = None,
        *,
        storage_options: Mapping[str, Any] | None = None,
    ) -> None:
        self.folder, self._files = remote.found(folder, storage_options)
        self._tables = tables or reference()
        self._seen: dict[File, Vintage] = {}

    def vintages(self) -> list[Vintage]:
        """Return the stored vintages in the order of ingest.

        Returns
        -------
        list of Vintage
            One a call of ``add`` or ``add_all`` that stored something.

        Raises
        ------
        StoreError
            One is damaged or missing; ``heal`` sets it aside.
        """
        files = numbering.listed(self._files)
        new = [file for file in files if file not in self._seen]
        self._seen.update(zip(new, numbering.opened(self._files, new), strict=True))
        return [self._seen[file] for file in files]

    @property
    def simulated(self) -> bool:
        """Whether the store holds simulated rows."""
        return any(vintage.simulated for vintage in self.vintages())

    @property
    def empty(self) -> bool:
        """Whether nothing has been stored yet."""
        return not numbering.listed(self._files)

    def add(self, frame: pd.DataFrame, wait: float = LOCK_SECONDS) -> Added:
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
            Simulated and real rows would meet, the store cannot be read or written, or not safely by several writers.
        """
        return self.add_all([frame], wait)[0]

    def add_all(self, frames: Sequence[pd.DataFrame], wait: float = LOCK_SECONDS) -> list[Added]:
        """Store what ``add`` would store of each frame, one after the other, as one vintage.

        What was known on any day, and what is said of each frame, is the same; a metric's history is read once instead
        of once a frame.

        Parameters
        ----------
        frames
            Tidy observations, in the order in which they are told.
        wait
            Seconds to wait for another process that is writing.

        Returns
        -------
        list of Added
            How many rows of each frame were new, changed and unchanged.

        Raises
        ------
        InputError
            One is not tidy observations; nothing is stored of any.
        StoreError
            As ``add``; nothing is stored of any.
        """
        told = [prepared(frame, self._tables) for frame in frames]
        if not told:
            return []
        with self._files.writing(wait):
            for attempt in range(_ATTEMPTS):
                stored = self._reading()
                # after the listing, since healing moves a vintage from there to here
                aside = numbering.set_aside(self._files)
                kept, added = self._fresh(told, stored)
                if not any(one.new + one.changed for one in added):
                    return added
                number = max([*aside, *(vintage.number for vintage in stored.stored)], default=0) + 1
                content = vintages.encoded(kept, simulated(kept) == {True})
                try:
                    numbering.append(self._files, number, content, sorted(kept["source"].unique()))
                    return added
                except FileExistsError:
                    time.sleep(random.uniform(0, 0.05) * attempt)
        raise StoreError(
            f"{self._files.label()}: other writers were quicker {_ATTEMPTS} times; nothing was stored of this file; "
            "ingest it again when they have finished"
        )

    def preview(self, frame: pd.DataFrame) -> Added:
        """Say what ``add`` would do with a frame; nothing is stored.

        Parameters
        ----------
        frame
            Tidy observations.

        Returns
        -------
        Added
            How many rows would be new, changed and unchanged.

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

        Parameters
        ----------
        frame
            Tidy observations.

        Returns
        -------
        tuple of DataFrame and Added
            The rows, in the tidy columns, and how many were new, changed and unchanged.

        Raises
        ------
        InputError
            The frame is not tidy observations.
        StoreError
            Simulated and real rows would meet.
        """
        kept, (added,) = self._fresh([prepared(frame, self._tables)], self._reading())
        return kept, added

    def check(self) -> list[Damage]:
        """Read every byte and say which vintages are damaged, missing or were begun and not finished.

        Returns
        -------
        list of Damage
            In order of ingest; empty where all is well.

        Raises
        ------
        StoreError
            The folder cannot be read.
        """
        return damage.check(self._files)

    def heal(self) -> list[Damage]:
        """Set aside what ``check`` finds, in ``observations/damaged``, so that all else can be read again.

        Returns
        -------
        list of Damage
            What was set aside, with the sources to ingest again: that brings its rows back as they were.

        Raises
        ------
        StoreError
            The folder cannot be read or written.
        """
        return damage.heal(self._files)

    def panel(
        self,
        metric: str,
        locations: Sequence[str] | None = None,
        as_of: str | pd.Timestamp | None = None,
        clean: bool = False,
        *,
        estimate: bool = False,
    ) -> pd.DataFrame:
        """One metric as known on a day: DatetimeIndex by location, NaN where nothing was published.

        Parameters
        ----------
        metric
            A stored metric, or one that ``derived_metrics.csv`` computes from stored ones (``flu_beds``) on the days on
            which it is not stored itself.
        locations
            Columns wanted, in that order; one without values is all NaN. A county or NHS region that nobody published
            is the sum of its hospitals on the days on which all of them told (``forecast.observations.totals``), unless
            the metric is a rate.
            Default: every location stored.
        as_of
            Only what was released on or before this day. Default: everything.
        clean
            Mask the values that ``flags`` marks.
        estimate
            Complete the sum of an area that few hospitals are missing from, marked in ``attrs["estimated"]``.

        Returns
        -------
        DataFrame
            ``attrs``: metric; for areas also members (who was summed) and estimated (area to days).

        Raises
        ------
        InputError
            Nobody has stored or defined that metric.
        StoreError
            The store cannot be read.
        """
        return self._reading().panel_with_areas(metric, as_codes(locations), as_day(as_of), clean, estimate)

    def panel_at(
        self, metric: str, locations: Sequence[str] | None = None, clean: bool = False
    ) -> Callable[[str | pd.Timestamp], pd.DataFrame]:
        """Return a function from a day to the panel as known on that day, which is what ``backtest`` takes.

        Parameters
        ----------
        metric, locations, clean
            As in ``panel``.

        Returns
        -------
        callable
            From a day, as ISO text or Timestamp, to a DataFrame of dates by location. Raises as ``panel`` does.
        """
        return lambda as_of: self.panel(metric, locations, as_of=as_of, clean=clean)

    def flags(
        self, metric: str, as_of: str | pd.Timestamp | None = None, locations: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Values that cannot be right, with the reason.

        Parameters
        ----------
        metric
            Its name.
        as_of
            Only what was known on that day.
        locations
            Only these; of a county or region, those of its hospitals.

        Returns
        -------
        DataFrame
            Columns date, location, flag, note (in plain English). Some flags only tell something about a series, such
            as a new level, and mask nothing: ``forecast.observations.quality.kinds``.

        Raises
        ------
        InputError
            Nobody has stored or defined that metric.
        StoreError
            The store cannot be read.
        """
        return self._reading().flags(metric, as_day(as_of), as_codes(locations))

    def metrics(self) -> pd.DataFrame:
        """Return what is stored: metric, locations (count), first, last, released, rows.

        Returns
        -------
        DataFrame
            One row a metric: its name, number of locations, first and last date, newest release, rows of all vintages.
        """
        return catalogue.metrics(self.vintages())

    def sources(self, metric: str) -> list[str]:
        """Return the publications whose rows are stored for a metric.

        Parameters
        ----------
        metric
            Its name; of a computed one, those of its parts.

        Returns
        -------
        list of str
            Names of editions, sorted.
        """
        return catalogue.sources(self.vintages(), self._parts(metric))

    def newest_release(self, metrics: Sequence[str] = ()) -> pd.Timestamp:
        """Return the last day on which something stored became public.

        Parameters
        ----------
        metrics
            Look only at these (and what they are derived from), unless none of them is stored.

        Returns
        -------
        Timestamp
            A day.

        Raises
        ------
        StoreError
            The store is empty.
        """
        newest = catalogue.newest_release(self.vintages(), {part for m in metrics for part in self._parts(m)})
        if newest is None:
            raise StoreError(
                f"{self._files.label()}: nothing is stored; run 'forecast ingest PATH' or 'forecast demo' first"
            )
        return newest

    def history(self, metric: str, locations: Sequence[str] | None = None) -> pd.DataFrame:
        """Every stored row of one metric, at these locations, by ingest: the tidy columns plus ``published``.

        None of a metric that is only computed: ask for those that it is computed from.

        Parameters
        ----------
        metric
            Its name.
        locations
            Only these; all without.

        Returns
        -------
        DataFrame
            Columns date, location, metric, value, released, source, published (the date of the row's edition).
        """
        stored = self._reading()
        return stored.rows(stored.name(metric), locations=locations)

    def days(self, metric: str) -> pd.Series:
        """Every date of which anybody told one metric, each once.

        Parameters
        ----------
        metric
            Its name.

        Returns
        -------
        Series
            Dates, in no order.
        """
        stored = self._reading()
        return stored.rows(stored.name(metric), ("date",))["date"].drop_duplicates(ignore_index=True)

    def _reading(self) -> Reading:
        return Reading(self._files, self.vintages(), self._tables)

    def _fresh(self, frames: Sequence[pd.DataFrame], stored: Reading) -> tuple[pd.DataFrame, list[Added]]:
        """Rows worth storing of prepared frames told one after the other, and what those of each are."""
        rows = pd.concat([rows.assign(frame=number) for number, rows in enumerate(frames)], ignore_index=True)
        if len({vintage.simulated for vintage in stored.stored} | simulated(rows)) > 1:
            raise StoreError(
                f"{self._files.label()}: simulated and real rows never share a store; use another folder for one of "
                "them"
            )
        new, changed = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
        kept = [rows.iloc[:0]]
        for metric, part in rows.groupby("metric", sort=False):
            found = fresh_rows(part, stored.rows(str(metric)))
            kept.append(found.rows)
            new[part.index], changed[part.index] = found.new, found.changed
        counts = (np.bincount(rows["frame"], weights, len(frames)) for weights in (new, changed, ~(new | changed)))
        return pd.concat(kept).drop(columns="frame"), [Added(*map(int, one)) for one in zip(*counts, strict=True)]

    def _parts(self, metric: str) -> tuple[str, ...]:
        name = self._tables.aliases.get(metric, metric)
        return (name, *parts(self._tables.formulas.get(name, ())))
