"""One to two days far from every other day of the weeks around them: typing errors, doubled and halved counts.

A value is judged on the log scale, after taking out the hospital's own weekday shape. It must lie beyond all but one
of the seven days before *and* of the seven days after it, by several times the hospital's usual scatter. Of a wave it
must also lie beyond the two days on either side, so that a sharp peak is never taken for a spike: the rise and the
fall have one side level with the value or beyond it. On the newest day there is no after; then the step from every
one of the days before must be larger still, of a wave at least a doubling, and several times any step of those days.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import holidays
import numpy as np
import pandas as pd

from forecast.observations.quality.found import Found, Numbers, Truths
from forecast.observations.quality.robust import NORMAL, median, median_in_blocks, rolling_median, seasons

SIDE = 7  # a whole week on both sides, so that each weekday is there
SMALLEST = 10.0  # a count of fewer people may double or vanish in a day
RATIO = 1.3  # with SCATTERS: the least at which the three known typing errors and the Covid errors of 2020 are found
SCATTERS = 4.5
LOW_RATIO = 1.5  # many a quiet Sunday lies above this, and judged by eye most of those were true
HOLIDAY_RATIO = 2.5  # a bank holiday or the days of Christmas can halve a count
RAW_RATIO = 1.15  # also as published: a Monday like a Sunday is no fault, whatever the weekday shape says
LOW_RAW_RATIO = 1.3
NEAREST = 2  # a flu peak of 2022-23 could be as narrow as two or three days
EDGE_RATIO = 1.45
EDGE_SCATTERS = 7.0
EDGE_STEPS = 2.5
WAVE_EDGE_RATIO = 2.0  # sooner than a day no wave doubles a hospital's patients; an outbreak on a ward may come near
SHARE_OF_POISSON = 0.53  # people present, staying 7 days on average, change from day to day by sqrt(2 n / 7)
FLOW_POISSON = 1.3  # admissions a day scatter a little more than a Poisson count
LEAST_SCATTER = 0.015
DOUBLED = 0.06  # how far from twice, as a share of one count
SAME = 0.1  # how near the usual count the number that was meant must be
WEEKDAY_ROWS = 112
SCATTER_ROWS = 84
BLOCK = 28
FEWEST_OF_WEEKDAY = 4
FEWEST_OF_WEEKENDS = 8
SATURDAY = 5
FEWEST_VALUES = 14


class _Sides(NamedTuple):
    """What lies on both sides of each candidate, on the log scale; NaN where nothing does."""

    before: Numbers
    after: Numbers


def spikes(panel: pd.DataFrame, stock: bool, wave: bool) -> Iterator[Found]:
    """Days far too high or far too low, and days that read double.

    Parameters
    ----------
    panel
        Values of the judged locations, those that other rules found wrong already missing.
    stock
        Whether people present are counted (they change slowly) or people a day.
    wave
        Whether the metric follows epidemics.
    """
    days = pd.DatetimeIndex(panel.index)
    values = panel.to_numpy(dtype=float, copy=True)
    values[values <= 0] = np.nan  # zeros have rules of their own
    for first, end in seasons((~np.isnan(values)).any(axis=1)):
        yield from _in_season(values[first:end], days[first:end], [str(code) for code in panel.columns], stock, wave)


def _in_season(values: Numbers, days: pd.DatetimeIndex, codes: list[str], stock: bool, wave: bool) -> Iterator[Found]:
    large = np.flatnonzero(_largest(values) >= SMALLEST)
    if len(days) < FEWEST_VALUES or len(large) == 0:
        return
    values = values[:, large]
    logs = np.log(values)
    level = rolling_median(logs, SIDE // 2)
    plain = logs - weekday_shape(logs - level, days)
    off = plain - level
    scatter = _scatter(off, level, stock, days.day_of_week.to_numpy() >= SATURDAY)
    with np.errstate(invalid="ignore"):
        worth = (np.abs(off) > np.maximum(np.log(RATIO), SCATTERS / 2 * scatter)) & (
            np.maximum(logs, level) >= np.log(SMALLEST)
        )
    rows, columns = np.nonzero(worth)
    if len(rows) == 0:
        return
    adjusted, raw = (_both_sides(table, rows, columns) for table in (plain, logs))
    s = scatter[rows, columns]
    quiet = around_holidays(days)[rows]
    edge = _none(adjusted.after)
    for sign, flag in ((1.0, "spike"), (-1.0, "low_day")):
        beyond = _beyond(sign * plain[rows, columns], adjusted, sign, wave)
        beyond_raw = _beyond(sign * logs[rows, columns], raw, sign, wave)
        least = np.maximum(np.log(RATIO), SCATTERS * s)
        newest = np.maximum(np.log(WAVE_EDGE_RATIO if wave else EDGE_RATIO), EDGE_SCATTERS * s)
        least = np.where(edge, np.maximum(newest, EDGE_STEPS * _largest_step(adjusted.before)), least)
        if sign < 0:
            least = np.maximum(least, np.log(np.where(quiet, HOLIDAY_RATIO, LOW_RATIO)))
        raw_least = np.maximum(least / 2, np.log(RAW_RATIO if sign > 0 else LOW_RAW_RATIO))
        for at in np.flatnonzero((beyond >= least) & (beyond_raw >= raw_least)):
            row, column = int(rows[at]), int(columns[at])
            around = np.r_[adjusted.before[at], adjusted.after[at]] + logs[row, column] - plain[row, column]
            value, usual = values[row, column], float(np.exp(median(around)))
            yield Found(days[[row]], codes[large[column]], *_says(flag, value, usual, bool(edge[at])))


def weekday_shape(off: Numbers, days: pd.DatetimeIndex) -> Numbers:
    """Usual log distance of each weekday from its week, of the weeks around; 0 where too few are known."""
    shape = np.zeros_like(off)
    weekday = days.day_of_week.to_numpy()
    for day in range(7):
        rows = np.flatnonzero(weekday == day)
        shape[rows] = median_in_blocks(off[rows], WEEKDAY_ROWS // 7, BLOCK // 7, FEWEST_OF_WEEKDAY)
    return np.nan_to_num(shape)


def around_holidays(days: pd.DatetimeIndex) -> Truths:
    """Tell which days are a bank holiday in England, the day after one, or from Christmas Eve to 2 January."""
    off = holidays.country_holidays("GB", subdiv="ENG", years=range(days[0].year - 1, days[-1].year + 2))
    dates = pd.DatetimeIndex(sorted(off)).astype(days.dtype)
    christmas = ((days.month == 12) & (days.day >= 24)) | ((days.month == 1) & (days.day <= 2))
    quiet: Truths = np.asarray(days.isin(dates) | days.isin(dates + pd.Timedelta(days=1)) | christmas)
    return quiet


def _scatter(off: Numbers, level: Numbers, stock: bool, weekend: Truths) -> Numbers:
    """Robust standard deviation of a day about its week, never less than counts of that size must have.

    That of weekends counts for weekends where it is the larger: a hospital may do its weekends one way or another.
    """
    usual = NORMAL * median_in_blocks(np.abs(off), SCATTER_ROWS, BLOCK, FEWEST_VALUES)
    of_weekends = NORMAL * median_in_blocks(
        np.abs(off[weekend]), SCATTER_ROWS * 2 // 7, BLOCK * 2 // 7, FEWEST_OF_WEEKENDS
    )
    usual[weekend] = np.fmax(usual[weekend], of_weekends)
    counting = (SHARE_OF_POISSON if stock else FLOW_POISSON) / np.sqrt(np.exp(level))
    scatter: Numbers = np.maximum(np.maximum(usual, counting), LEAST_SCATTER)
    return scatter


def _both_sides(table: Numbers, rows: np.typing.NDArray[np.intp], columns: np.typing.NDArray[np.intp]) -> _Sides:
    padded = np.pad(table, ((SIDE, SIDE), (0, 0)), constant_values=np.nan)
    steps = np.arange(1, SIDE + 1)
    at = rows[:, None] + SIDE
    return _Sides(padded[at - steps, columns[:, None]], padded[at + steps, columns[:, None]])


def _beyond(value: Numbers, sides: _Sides, sign: float, wave: bool) -> Numbers:
    """How far a value lies beyond each side's highest but one (its highest, of one or two); the smaller of the two.

    With nothing after it: beyond the highest before it. With nothing before it, it is not judged.
    """
    found = []
    for side in sides:
        ordered = np.sort(-sign * side, axis=1)
        many = np.sum(~np.isnan(side), axis=1)
        place = np.where((many >= 3) & ~_none(sides.after), 1, 0)
        highest = -np.take_along_axis(ordered, place[:, None], axis=1)[:, 0]
        if wave:
            near = np.max(np.where(np.isnan(side), -np.inf, sign * side)[:, :NEAREST], axis=1)
            highest = np.fmax(highest, near)
        found.append(np.where(many > 0, value - highest, np.inf))
    return np.where(np.isinf(found[0]), -np.inf, np.minimum(*found))


def _none(side: Numbers) -> Truths:
    """Where a side holds no value at all."""
    none: Truths = np.asarray(np.isnan(side).all(axis=1))
    return none


def _largest_step(before: Numbers) -> Numbers:
    """Largest change from one day to the next among the days before; 0 where there is none."""
    steps = np.abs(np.diff(before, axis=1))
    largest: Numbers = np.max(np.nan_to_num(steps), axis=1, initial=0.0)
    return largest


def _says(flag: str, value: float, usual: float, edge: bool) -> tuple[str, str]:
    """Flag and note of one value."""
    where = "the days before it" if edge else "the days around it"
    if abs(value / usual - 2) <= 2 * DOUBLED:
        return "doubled", f"{value:,.0f} is about twice the {usual:,.0f} of {where}"
    note = f"{value:,.0f} {'after' if edge else 'between'} days of about {usual:,.0f}"
    meant = _typing_error(round(value), usual)
    return flag, f"{note}: {meant}" if meant else f"{note}, far outside their usual change"


def _typing_error(value: int, usual: float) -> str:
    """How a typing error would explain the value: a digit too many, too few, or two exchanged; empty if none does."""
    text = str(value)
    for factor, what in ((0.1, "ten times too high"), (10.0, "ten times too low")):
        if abs(value * factor / usual - 1) <= SAME:
            return f"it reads {what}"
    shorter = {text[:i] + text[i + 1 :] for i in range(len(text))} - {""}
    swapped = {text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in range(len(text) - 1)}
    for candidates, what in ((shorter, "a digit too many"), (swapped, "two digits exchanged")):
        close = [c for c in candidates if c[0] != "0" and c != text and abs(int(c) / usual - 1) <= SAME]
        if close:
            return f"it reads like {min(close, key=lambda c: abs(int(c) - usual))} with {what}"
    return ""


def _largest(values: Numbers) -> Numbers:
    largest: Numbers = np.max(np.nan_to_num(values), axis=0, initial=0.0)
    return largest
