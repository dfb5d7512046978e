"""How far one more discharge shortens the queue, learned from trusts outside the county before a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

import forecast as fc
from forecast.placements.waiting.delay_counts import REST, delay_counts, unusable_months
from forecast.placements.waiting.discharges import pathway_discharges
from forecast.placements.waiting.pathways import pathways
from forecast.reference import reference

MONTHS_BEFORE = 3
LAST_DAYS = 7
OWN_DAYS = (1, 2, 3, 4, 5, 6, 7, 14, 21, 28)
LAGS_AHEAD = (0, 1, 2, 3, 5, 7, 10, 14, 21, 28)
FEWEST_DAYS = 80
DRAWS = 500
CODES = [way.code for way in pathways(reference())]
NUMBERS = [way.number for way in pathways(reference())]

Frame = pd.DataFrame
Array = npt.NDArray[np.float64]


def months_of_shares(store: fc.Store, as_of: pd.Timestamp | None = None) -> Frame:
    """Share of delays by pathway of every hospital month that can be right: index (location, date)."""
    counts, _ = delay_counts(store, NUMBERS, reference(), as_of)
    good = counts[unusable_months(counts) == ""]
    return good.div(good.sum(axis=1), axis=0).drop(columns=REST).set_axis(CODES, axis=1)


def more_a_day(store: fc.Store, hospitals: Sequence[str], as_of: pd.Timestamp | None = None) -> Frame:
    """People discharged a day by pathway, less the mean of the three months before; NaN where one is imputed."""
    found = pathway_discharges(store, hospitals, as_of)
    told = found.people.where(found.reasons == "")
    days = pd.DatetimeIndex(told.index.get_level_values("date")).days_in_month
    a_day = told.div(np.asarray(days), axis=0)
    before = a_day.groupby(level="location").transform(lambda one: one.rolling(MONTHS_BEFORE).mean().shift(1))
    return a_day - before


def month_errors(remaining: Frame, shares: Frame, more: Frame) -> Frame:
    """Mean queue of a month less the queue before it, and the discharges more a day, by hospital, month and pathway.

    The queue before is that of the last week that was known when the month began, in a winter: to five days before.
    """
    rows = []
    for (code, month), extra in more.iterrows():
        earlier = month - pd.DateOffset(months=1)
        if code not in remaining or (code, month) not in shares.index or (code, earlier) not in shares.index:
            continue
        known = month - pd.Timedelta(days=5)
        before = remaining[code].loc[known - pd.Timedelta(days=LAST_DAYS - 1) : known].mean()
        within = remaining[code].loc[month : month + pd.offsets.MonthEnd(0)].mean()
        then, now = before * shares.loc[(code, earlier)], within * shares.loc[(code, month)]
        rows += [(code, month, way, extra[way], then[way], now[way]) for way in CODES]
    return pd.DataFrame(rows, columns=["location", "month", "pathway", "more", "before", "queue"]).dropna()


def reach(errors: Frame, days: float = 15.5) -> tuple[float, float, float]:
    """Share of the people discharged more by the middle of a month who are missing from its mean queue.

    Least squares through the origin, each month weighed by its queue as a count; the range is that of trusts drawn
    anew, 9 in 10.
    """
    size = errors["before"].clip(lower=1) + errors["queue"].clip(lower=1)
    gone = -days * errors["more"]
    products = pd.DataFrame(
        {"xy": gone * (errors["queue"] - errors["before"]) / size, "xx": gone**2 / size, "location": errors["location"]}
    )
    value, draws = _ratios(products.groupby("location").sum())
    low, high = np.quantile(draws, [0.05, 0.95])
    return value, float(low), float(high)


@dataclass(frozen=True)
class Lasting:
    """Share of one more discharge that is still missing from the queue, by days since; ``draws`` has a row a draw."""

    days: tuple[int, ...]
    share: Array
    draws: Array

    def fewer(self, days: int) -> Array:
        """People missing from the queue on each day for one more discharge a day from the first day on."""
        return self._summed(self.share, days)

    def fewer_between(self, days: int) -> tuple[float, float]:
        """Range of the people missing on the last of the days, 9 in 10."""
        low, high = np.quantile([self._summed(one, days)[-1] for one in self.draws], [0.05, 0.95])
        return float(low), float(high)

    def table(self) -> Frame:
        """Columns days, share and its range, 9 in 10."""
        low, high = np.quantile(self.draws, [0.05, 0.95], axis=0)
        return pd.DataFrame({"days": self.days, "share": self.share, "low": low, "high": high})

    def _summed(self, share: Array, days: int) -> Array:
        return np.asarray(np.cumsum(np.interp(np.arange(days), self.days, np.maximum(share, 0.0))))


def lasting(patients: Frame, discharged: Frame, remaining: Frame) -> Lasting:
    """How much of one more discharge is still missing from the queue some days later.

    Local projections (Jordà 2005): who remains days later on the discharges of a day, given its patients, the day of
    the week, and the discharges and the remaining of the weeks before, trust by trust; slopes are pooled.
    """
    found = {
        (code, ahead): _projected(patients[code], discharged[code], remaining[code], ahead)
        for code in patients.columns
        for ahead in LAGS_AHEAD
    }
    whole = [code for code in patients.columns if all(found[code, ahead] is not None for ahead in LAGS_AHEAD)]
    tables = [pd.DataFrame([found[code, ahead] for code in whole], columns=["xy", "xx"]) for ahead in LAGS_AHEAD]
    values, draws = zip(*(_ratios(table) for table in tables), strict=True)
    return Lasting(LAGS_AHEAD, -np.array(values), -np.column_stack(draws))


def _projected(
    patients: pd.Series, discharged: pd.Series, remaining: pd.Series, ahead: int
) -> tuple[float, float] | None:
    columns = {"y": remaining.shift(-ahead), "x": discharged, "patients": patients}
    columns |= {f"remaining {lag}": remaining.shift(lag) for lag in OWN_DAYS}
    columns |= {f"discharged {lag}": discharged.shift(lag) for lag in OWN_DAYS}
    weekday = pd.DatetimeIndex(patients.index).day_of_week
    columns |= {f"weekday {day}": pd.Series((weekday == day).astype(float), patients.index) for day in range(7)}
    table = pd.DataFrame(columns).dropna()
    if len(table) < FEWEST_DAYS:
        return None
    basis = np.linalg.qr(table.drop(columns=["y", "x"]).to_numpy())[0]
    x, y = (one - basis @ (basis.T @ one) for one in (table["x"].to_numpy(), table["y"].to_numpy()))
    size = max(float(table["y"].mean()), 1.0)
    return float(x @ y) / size, float(x @ x) / size


def _ratios(sums: Frame) -> tuple[float, Array]:
    """Pooled slope, and those of trusts drawn anew: the same trusts for tables of the same trusts."""
    values = sums[["xy", "xx"]].to_numpy()
    drawn = np.random.default_rng(1).integers(0, len(values), (DRAWS, len(values)))
    again = values[drawn].sum(axis=1)
    total = values.sum(axis=0)
    return float(total[0] / total[1]), again[:, 0] / again[:, 1]
