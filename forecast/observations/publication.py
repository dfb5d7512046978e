"""When a value first becomes public: the metric's publication rule applied to its date."""

from __future__ import annotations

from functools import lru_cache

import holidays
import numpy as np
import pandas as pd

from forecast.reference import PublicationRule, Reference, reference

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SLOWEST = "monthly"
NOTHING = "none"


def released(dates: pd.Series, metric: str, tables: Reference | None = None) -> pd.Series:
    """Day on which values of ``metric`` dated ``dates`` become public.

    A metric nobody knows follows the slowest rule, ``SLOWEST``: assuming a later release than the true one can
    hide data from a back test, never leak them into it.
    """
    tables = tables or reference()
    known = tables.metric(metric)
    weekly_dates = bool(known and known.frequency == "weekly")
    rules = [rule for rule in _rules(metric, tables) if rule.cadence != NOTHING]
    place, days = pd.factorize(dates, use_na_sentinel=False)
    different = pd.Series(days)
    out = pd.Series(pd.NaT, index=different.index, dtype="datetime64[us]")
    for rule in rules:
        applies = out.isna() & _in_force(different, rule)
        if applies.any():
            out[applies] = _apply(different[applies], rule, weekly_dates)
    return pd.Series(out.to_numpy()[place], index=dates.index)


def out_of_season(dates: pd.Series, metric: str, tables: Reference | None = None) -> pd.Series:
    """Whether nothing need come of values of ``metric`` dated ``dates``: its collection may be closed then."""
    closed = pd.Series(False, index=dates.index)
    for rule in _rules(metric, tables or reference()):
        if rule.cadence == NOTHING:
            closed |= _in_force(dates, rule)
    return closed


def _rules(metric: str, tables: Reference) -> list[PublicationRule]:
    known = tables.metric(metric)
    name = known.publication_rule if known else SLOWEST
    named = [rule for rule in tables.publication_rules if rule.rule == name]
    return named or [rule for rule in tables.publication_rules if rule.rule == SLOWEST]


def _in_force(dates: pd.Series, rule: PublicationRule) -> pd.Series:
    inside = pd.Series(True, index=dates.index)
    if rule.from_date:
        inside &= dates >= pd.Timestamp(rule.from_date)
    if rule.to_date:
        inside &= dates <= pd.Timestamp(rule.to_date)
    if rule.season_start and rule.season_end:
        day = dates.dt.month * 100 + dates.dt.day
        start, end = (int(text.replace("-", "")) for text in (rule.season_start, rule.season_end))
        inside &= (day >= start) | (day <= end) if start > end else (day >= start) & (day <= end)
    return inside


def _apply(dates: pd.Series, rule: PublicationRule, weekly_dates: bool) -> pd.Series:
    if rule.cadence == "once":
        return pd.Series(pd.Timestamp(rule.released_on), index=dates.index)
    if rule.cadence == "monthly":
        return _second_weekday_of_next_month(dates, WEEKDAYS.index(rule.release_weekday))
    last = WEEKDAYS.index(rule.data_to_weekday)
    ends = dates + pd.Timedelta(days=6) if weekly_dates else dates
    to_end = (last - ends.dt.day_of_week) % 7
    delay = (WEEKDAYS.index(rule.release_weekday) - last) % 7 or 7
    return _after_holidays(ends + pd.to_timedelta(to_end + delay, unit="D"), int(rule.holiday_delay_days or 0))


def _after_holidays(due: pd.Series, delay: int) -> pd.Series:
    """Releases of a week with a bank holiday from Monday to the day itself come ``delay`` days later."""
    if not delay or due.empty:
        return due
    free = _bank_holidays(int(due.min().year) - 1, int(due.max().year))
    earliest = free.groupby(_monday(free)).min()
    held_up = (_monday(due).map(earliest) <= due).to_numpy()
    later: pd.Series = due + pd.to_timedelta(np.where(held_up, delay, 0), unit="D")
    return later


def _monday(days: pd.Series) -> pd.Series:
    monday: pd.Series = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
    return monday


@lru_cache(maxsize=32)
def _bank_holidays(first: int, last: int) -> pd.Series:
    found = holidays.country_holidays("GB", subdiv="ENG", years=range(first, last + 1))
    return pd.Series(pd.DatetimeIndex(sorted(found)))


def _second_weekday_of_next_month(dates: pd.Series, weekday: int) -> pd.Series:
    first = dates.dt.to_period("M").dt.to_timestamp() + pd.DateOffset(months=1)
    to_weekday = (weekday - first.dt.day_of_week) % 7
    second: pd.Series = first + pd.to_timedelta(to_weekday + 7, unit="D")
    return second
