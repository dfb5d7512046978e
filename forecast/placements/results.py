"""What a plan comes to: who waits, who is in a place, and how sure that is, by day, hospital and product."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.names import PRODUCTS
from forecast.placements.plans.numbers import as_number, said
from forecast.placements.plans.schedule import as_day
from forecast.placements.plans.wanted import wanted_levels
from forecast.placements.queues.assessment import Assessed
from forecast.placements.queues.fading import faded_sum
from forecast.placements.queues.lines import Counts, Lines, Served, lowest_over
from forecast.placements.queues.people import People
from forecast.placements.queues.pools import Line, Pools

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
COUNTS = ("waiting", "waiting_long", "occupied", "needed", "placed", "arrivals", "left", "went_home")
"""waiting: in hospital at the end of the day. waiting_long: of those, longer than the plan's longest wait, counted
from the first day at the earliest. occupied: in a place at the end of the day; those already there when the forecast
began are counted in the county only, since nobody publishes which hospital they came from. needed: waiting and
occupied. placed, arrivals, left (by a way of their own, from hospital or a place), went_home (by an extra start of
care at home): that day."""
ALL = "all"


@dataclass(frozen=True, eq=False)
class Placements:
    """A plan run on every sample path; made by ``fc.placements``.

    Parameters
    ----------
    people
        Who comes, and the plan as now.
    plan
        The plan.
    lines
        Hospital, pathway and product of each line: the first axis of the arrays below, (line, sample, date), of whole
        people.
    height
        All who have come to the line, or left it by ways of their own; see ``queues.lines.Lines``.
    first
        (line, sample): who waited when the first day began.
    entered, placed
        Who has been given a place so far, and who was on that day.
    inside, finished, went_home
        Who is in a place at the end of the day, whose stay ended, and who went home by an extra start of care at home.
    already
        Product to (sample, date): people in a place since before the first day.
    capacity
        Product to (date,): usable places.
    assessed
        What became of assessments.

    Examples
    --------
    >>> run = fc.latest_run("models")
    >>> backlog = {name: run.trajectories(name) for name in ("nctr_patients", "nctr_remaining")}
    >>> need = fc.placements(backlog, fc.PlacementPlan(flats=44))
    >>> need.locations, need.products, need.samples, len(need.dates)
    (('RM1', 'RGP', 'RCX', 'NORFOLK'), ('flat', 'care_home_bed', 'community_bed'), 200, 46)
    >>> need.hospitals, need.county
    (('RM1', 'RGP', 'RCX'), 'NORFOLK')
    >>> need.paths("waiting", product="flat").shape == need.waiting.shape[1:]
    True
    >>> need.quantiles("needed", [0.5]).columns.tolist()
    ['location', 'product', 'date', 'quantile', 'value']
    >>> bool(need.chance_short("flat").between(0, 1).all())
    True
    >>> need.waits().columns.tolist()
    ['location', 'product', 'date', 'mean', 'p90']
    >>> bool((need.bed_days_freed(lasts=6) <= need.bed_days_freed()).all()), need.bed_days_waiting().shape
    (True, (200,))
    """

    people: People
    plan: PlacementPlan
    lines: tuple[Line, ...]
    height: Counts
    first: Counts
    entered: Counts
    placed: Counts
    inside: Counts
    finished: Counts
    went_home: Counts
    already: Mapping[str, Counts]
    capacity: Mapping[str, npt.NDArray[np.int64]]
    assessed: Assessed

    @classmethod
    def of(
        cls, people: People, plan: PlacementPlan, pools: Pools, lines: Lines, served: Served, assessed: Assessed
    ) -> Placements:
        """Name what came out of the pools.

        Parameters
        ----------
        people, plan, pools, lines, served, assessed
            What went into the pools and came out of them.

        Returns
        -------
        Placements
            By line in place of by pool.
        """
        return cls(
            people,
            plan,
            pools.lines,
            height=pools.unpack(lines.height),
            first=pools.unpack(lines.first),
            entered=pools.unpack(served.entered),
            placed=pools.unpack(served.placed),
            inside=pools.unpack(served.inside),
            finished=pools.unpack(served.finished),
            went_home=pools.unpack(served.went_home),
            already={product: there for product, there in pools.of_pool(served.already).items() if product},
            capacity={product: plan.capacity(product, people.dates) for product in PRODUCTS},
            assessed=assessed,
        )

    @property
    def dates(self) -> pd.DatetimeIndex:
        """Days of the forecast."""
        return self.people.dates

    @property
    def county(self) -> str:
        """Code of the county."""
        return self.people.demand.county

    @property
    def hospitals(self) -> tuple[str, ...]:
        """Codes of the hospitals."""
        return self.people.demand.hospitals

    @property
    def locations(self) -> tuple[str, ...]:
        """Hospitals, then the county."""
        return (*self.hospitals, self.county)

    @property
    def products(self) -> tuple[str, ...]:
        """Products that anybody waits for, in the order of the plan."""
        return tuple(product for product in PRODUCTS if any(line.product == product for line in self.lines))

    @property
    def samples(self) -> int:
        """Number of sample paths."""
        return self.people.demand.samples

    def paths(
        self, what: str = "waiting", location: str = "", product: str = ALL, pathway: str = ALL
    ) -> npt.NDArray[np.int64]:
        """People on each path, (sample, date).

        Parameters
        ----------
        what
            One of ``COUNTS``.
        location
            A hospital or the county, which is meant unless said otherwise.
        product, pathway
            One of them, or ``all``.

        Returns
        -------
        array
            (sample, date), whole people at the end of the day, or over the day: arrivals, placed, left and went_home.

        Raises
        ------
        InputError
            There is no such count, location, product or pathway.
        """
        location = location or self.county
        self._known(what, location, product, pathway)
        chosen = [
            row
            for row, line in enumerate(self.lines)
            if location in (line.hospital, self.county)
            and product in (line.product, ALL)
            and pathway in (line.pathway, ALL)
        ]
        total = self._count(what)[chosen].sum(axis=0, dtype=np.int64)
        if what in ("occupied", "needed") and location == self.county and pathway == ALL:
            total = total + sum(
                (there for one, there in self.already.items() if product in (one, ALL)), start=np.zeros_like(total)
            )
        return np.asarray(total)

    def quantiles(self, what: str = "waiting", levels: Sequence[float] = LEVELS) -> pd.DataFrame:
        """Quantiles of a count over paths.

        Parameters
        ----------
        what
            One of ``COUNTS``.
        levels
            From 0 to 1.

        Returns
        -------
        DataFrame
            Columns location, product (``all`` is their sum), date, quantile, value (people).

        Raises
        ------
        InputError
            There is no such count, or a level is no number from 0 to 1.
        """
        levels = wanted_levels("placements", levels)
        frames = []
        for location in self.locations:
            for product in (*self.products, ALL):
                values = np.quantile(self.paths(what, location, product), levels, axis=0).T
                keys = pd.MultiIndex.from_product([self.dates, list(levels)], names=["date", "quantile"])
                frame = pd.DataFrame({"value": values.ravel()}, index=keys).reset_index()
                frames.append(frame.assign(location=location, product=product))
        return pd.concat(frames, ignore_index=True)[["location", "product", "date", "quantile", "value"]]

    def chance_short(self, product: str = ALL, location: str = "", *, long: bool = False) -> pd.Series:
        """Chance on each date that anybody waits in hospital for the product.

        Parameters
        ----------
        product, location
            See ``paths``.
        long
            Count only those who wait longer than the plan's longest wait.

        Returns
        -------
        Series
            By date, from 0 to 1.

        Raises
        ------
        InputError
            There is no such location or product.
        """
        people = self.paths("waiting_long" if long else "waiting", location, product)
        return pd.Series((people > 0).mean(axis=0), index=self.dates)

    def waits(self, dates: Sequence[pd.Timestamp] | pd.DatetimeIndex | None = None) -> pd.DataFrame:
        """How long those who wait on a date have waited, over all paths; at the most, see ``people_as_now``.

        Parameters
        ----------
        dates
            Days of the forecast; every seventh unless given.

        Returns
        -------
        DataFrame
            Columns location, product, date, mean, p90: days since they came, those of the first day counted from there;
            mean, and the number of days that 9 in 10 of them have not waited longer than. NaN where nobody waits on any
            path. Every seventh date unless ``dates`` are given.

        Raises
        ------
        InputError
            A date is none, or not one of the forecast.
        """
        chosen = self.dates[6::7] if dates is None else self._days(dates)
        if not len(chosen):
            return pd.DataFrame(columns=["location", "product", "date", "mean", "p90"])
        tails = np.stack([self._waiting_more_than(int(day)) for day in self.dates.get_indexer(chosen)])
        rows = []
        for location in self.locations:
            for product in (*self.products, ALL):
                here = [self._is(line, location, product) for line in self.lines]
                tail = tails[:, :, here].sum(axis=2)
                for date, more in zip(chosen, tail, strict=True):
                    rows.append((location, product, date, *_mean_and_p90(more)))
        return pd.DataFrame(rows, columns=["location", "product", "date", "mean", "p90"])

    def bed_days_waiting(self, location: str = "", product: str = ALL) -> npt.NDArray[np.int64]:
        """Hospital bed-days that people who wait use over the whole forecast, (sample,).

        Parameters
        ----------
        location, product
            See ``paths``.

        Returns
        -------
        array
            (sample,), bed-days.

        Raises
        ------
        InputError
            There is no such location or product.
        """
        return np.asarray(self.paths("waiting", location, product).sum(axis=1))

    def bed_days_freed(
        self, location: str = "", product: str = ALL, *, lasts: float | None = None
    ) -> npt.NDArray[np.float64]:
        """Hospital bed-days over the whole forecast not used because people moved into a place, (sample,).

        Against the same people with no places at all. At the most, everybody placed would still wait until the end of
        the forecast, unless he left by a way of his own. At the least, of those placed on a day a share
        (1 - 1 / ``lasts``) ** k would still wait k days later: so fast did the effect of one more discharge fade in the
        published record. Who has waited longest, and gets the places, stays longer than most; nobody knows how much.

        Parameters
        ----------
        location, product
            See ``paths``.
        lasts
            Days, 1 or more; None: as long as they would wait at the most.

        Returns
        -------
        array
            (sample,), bed-days.

        Raises
        ------
        InputError
            There is no such location or product, or ``lasts`` is no number of days.
        """
        if lasts is not None and (as_number(lasts) or 0) < 1:
            raise InputError(f"bed-days freed: lasts is {said(lasts)}; give 1 day or more, or none")
        location = location or self.county
        self._known("waiting", location, product, ALL)
        chosen = [self._is(line, location, product) for line in self.lines]
        most = np.maximum(self.entered - self.went_home.cumsum(axis=2), 0)[chosen].sum(axis=0)
        if lasts is not None:
            placed = self.placed[chosen].sum(axis=0)
            most = np.minimum(faded_sum(placed, 1 - 1 / lasts), most)
        return np.asarray(most.sum(axis=1, dtype=np.float64))

    def _count(self, what: str) -> Counts:
        if what == "waiting_long":
            return self._waiting_long
        if what == "left":
            return self._left
        if what == "arrivals":
            return np.maximum(np.diff(self.height, axis=2, prepend=self.first[:, :, None]), 0)
        if what == "occupied":
            return self.inside
        if what == "waiting":
            return self.waiting
        return np.asarray(self.waiting + self.inside if what == "needed" else getattr(self, what))

    @cached_property
    def waiting(self) -> Counts:
        """People in hospital at the end of each day, (line, sample, date)."""
        return np.asarray(self.height - self.entered)

    @cached_property
    def _waiting_long(self) -> Counts:
        """Of those, the ones who came more than the longest wait ago."""
        return np.asarray(np.maximum(lowest_over(self.height, self.first, self.plan.longest_wait) - self.entered, 0))

    @cached_property
    def _left(self) -> Counts:
        """People who left by a way of their own that day: who is in neither place nor hospital, and did not end."""
        there = self.waiting + self.inside
        before = np.concatenate([self.first[:, :, None], there[:, :, :-1]], axis=2)
        return np.asarray(before + self._count("arrivals") - self.finished - self.went_home - there)

    def _waiting_more_than(self, day: int) -> npt.NDArray[np.int64]:
        """People by line who at the end of a day have waited more than 0, 1, ... days, summed over paths."""
        lowest, entered = self.height[:, :, day].copy(), self.entered[:, :, day]
        tails = [np.maximum(lowest - entered, 0).sum(axis=1)]
        for back in range(day - 1, -2, -1):
            np.minimum(lowest, self.first if back < 0 else self.height[:, :, back], out=lowest)
            tails.append(np.maximum(lowest - entered, 0).sum(axis=1))
        return np.stack(tails + [np.zeros_like(tails[0])] * (len(self.dates) + 2 - len(tails)))

    def _is(self, line: Line, location: str, product: str) -> bool:
        return location in (line.hospital, self.county) and product in (line.product, ALL)

    def _days(self, dates: Iterable[object]) -> pd.DatetimeIndex:
        if isinstance(dates, str):
            raise InputError(f"waits: {said(dates)} is one text; give a list of days of the forecast")
        days = pd.DatetimeIndex([as_day(date) for date in dates])
        if len(missing := days.difference(self.dates)):
            raise InputError(f"waits: {missing[0]:%Y-%m-%d} is no day of the forecast; choose one of its days")
        return days

    def _known(self, what: str, location: str, product: str, pathway: str) -> None:
        for name, value, allowed in (
            ("count", what, COUNTS),
            ("location", location, self.locations),
            ("product", product, (*PRODUCTS, "", ALL)),
            ("pathway", pathway, (*self.people.demand.pathways, ALL)),
        ):
            if value not in allowed:
                raise InputError(
                    f"placements: {value!r} is no {name} here; choose among {', '.join(filter(None, allowed))}"
                )


def _mean_and_p90(more: npt.NDArray[np.int64]) -> tuple[float, float]:
    """Mean days waited and the ninth decile, from people who have waited at least 0, more than 0, ... days."""
    if not more[0]:
        return np.nan, np.nan
    return float(more[1:].sum() / more[0]), float(np.argmax(more[1:] <= 0.1 * more[0]))
