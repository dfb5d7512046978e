"""A store as it was, and the past as it is told today: for reading, to make a forecast of then again."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

import pandas as pd

from forecast.observations.store import Store
from forecast.observations.vintages import Vintage


class AsIngested(Store):
    """A store as it stood when it held only some of its vintages; nothing may be added to it.

    A read as of a day leaves out what was published later. It does not leave out what was published by then and
    ingested later: that a run of the day could not know. A panel that is asked for again is not read again.

    Parameters
    ----------
    store
        The store as it is.
    names
        Files of the vintages it holds in this view; see ``Vintage.name``.
    """

    def __init__(self, store: Store, names: Collection[str]) -> None:
        # What has been opened of the store is shared, not opened again.
        self.__dict__.update(vars(store))
        self._names = frozenset(names)
        self._read: dict[Hashable, pd.DataFrame] = {}

    def vintages(self) -> list[Vintage]:
        """Return those of the stored vintages, in the order of ingest."""
        return [vintage for vintage in super().vintages() if vintage.name in self._names]

    def panel(
        self,
        metric: str,
        locations: Sequence[str] | None = None,
        as_of: str | pd.Timestamp | None = None,
        clean: bool = False,
        *,
        estimate: bool = False,
    ) -> pd.DataFrame:
        """Return what ``Store.panel`` returns; see there."""
        asked = (metric, None if locations is None else tuple(locations), as_of, clean, estimate)
        if asked not in self._read:
            self._read[asked] = self._panel(metric, locations, as_of, clean, estimate)
        return self._read[asked].copy()

    def _panel(
        self,
        metric: str,
        locations: Sequence[str] | None,
        as_of: str | pd.Timestamp | None,
        clean: bool,
        estimate: bool,
    ) -> pd.DataFrame:
        return super().panel(metric, locations, as_of, clean, estimate=estimate)


class Retold(AsIngested):
    """The days that were known then, with the values and flags that are known now.

    Parameters
    ----------
    store
        The store as it is.
    now
        Day whose knowledge counts; the ``as_of`` of a read is not looked at.
    then
        The store as it was.
    day
        Day that says which days were known: every read ends where the same read ended then.
    """

    def __init__(self, store: Store, now: pd.Timestamp, then: Store, day: pd.Timestamp) -> None:
        super().__init__(store, [vintage.name for vintage in store.vintages()])
        self._now, self._then, self._day = now, then, day

    def _panel(
        self,
        metric: str,
        locations: Sequence[str] | None,
        as_of: str | pd.Timestamp | None,
        clean: bool,
        estimate: bool,
    ) -> pd.DataFrame:
        found = super()._panel(metric, locations, self._now, clean, estimate)
        return found.loc[found.index <= self._last(metric, locations)]

    def flags(
        self, metric: str, as_of: str | pd.Timestamp | None = None, locations: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Return what ``Store.flags`` says now of the days known then; see there."""
        found = super().flags(metric, self._now, locations)
        return found[found["date"] <= self._last(metric, locations)].reset_index(drop=True)

    def _last(self, metric: str, locations: Sequence[str] | None) -> pd.Timestamp:
        known = self._then.panel(metric, locations, as_of=self._day).index
        return known[-1] if len(known) else pd.Timestamp.min
