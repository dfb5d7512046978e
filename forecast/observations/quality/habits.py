"""Habits of a hospital's returns that last for months: told on the first day they are known, never masked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from forecast.observations.quality.found import Found, Numbers, Truths, runs_by_column
from forecast.observations.quality.robust import median, rolling_median

NEARLY_NONE = 0.1  # of the patients: at Norfolk and Norwich next to none remain on such days
OFTEN = 0.25
WINDOW = 91
FEWEST_WEEKDAYS = 30
HALF_YEAR = 182
FEWEST_WEEKS = 12
SHAPE = 0.12  # log range of a week below which there is no weekday shape to shift
LIKE = 0.75  # correlation with the shifted shape, and by how much it must beat the unshifted one
BETTER = 0.2
FEWEST_HOSPITALS = 10
SMALLEST = 10.0
CARRIED = 0.6  # share of weekends; by chance it is under a twentieth where weekdays differ
WEEKDAY_TIES = 0.2
FEWEST_WEEKENDS = 8
MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6


def unreliable_series(patients: pd.DataFrame, remaining: pd.DataFrame) -> Iterator[Found]:
    """Hospitals whose discharges nearly equal their patients on many weekdays: what remains is no count of who waits.

    A weekday counts where under ``NEARLY_NONE`` of the patients remain; the habit holds where that is ``OFTEN`` of
    the weekdays of the last 13 weeks, known from the day on which it does.
    """
    days = pd.DatetimeIndex(remaining.index)
    all_of = patients.reindex(index=days, columns=remaining.columns).to_numpy(dtype=float)
    left = remaining.to_numpy(dtype=float)
    judged = (all_of >= SMALLEST) & ~np.isnan(left) & (days.day_of_week.to_numpy() <= FRIDAY)[:, None]
    few = _within(judged & (left < NEARLY_NONE * all_of), WINDOW)
    many = _within(judged, WINDOW)
    holds = (few >= OFTEN * many) & (many >= FEWEST_WEEKDAYS)
    for column, first, last in runs_by_column(_bridged(holds, WINDOW)):
        row = first + int(np.argmax((few / np.maximum(many, 1))[first : last + 1, column]))
        note = (
            f"under a tenth of the patients remained on {few[row, column]:.0f} of the {many[row, column]:.0f} weekdays "
            f"of the 13 weeks to {days[row]:%-d %B %Y}: this shows how discharges are recorded, not who waits"
        )
        yield Found(days[[first]], str(remaining.columns[column]), "unreliable_series", note)


def weekday_shift(judged: pd.DataFrame, everybody: pd.DataFrame) -> Iterator[Found]:
    """Hospitals whose weekday shape is that of the others a day late or early, by half-years from the newest back."""
    if everybody.shape[1] < FEWEST_HOSPITALS:
        return
    columns = everybody.columns.get_indexer(judged.columns)

    def habit(values: Numbers, weekday: np.typing.NDArray[np.int_]) -> list[str]:
        logs = np.log(np.where(values >= SMALLEST / 2, values, np.nan))
        off = logs - rolling_median(logs, 3)
        shapes = np.stack([median(off[weekday == day]) for day in range(7)])
        enough = np.sum(~np.isnan(off), axis=0) >= 7 * FEWEST_WEEKS
        shapes[:, ~enough] = np.nan
        usual = median(shapes, axis=1)
        return [_shifted(shapes[:, column], usual) for column in columns]

    yield from _by_half_year(everybody, judged, habit, "weekday_shift")


def carried_weekends(judged: pd.DataFrame) -> Iterator[Found]:
    """Hospitals that fill Saturday and Sunday in with Friday's or Monday's figure, while their weekdays differ."""

    def habit(values: Numbers, weekday: np.typing.NDArray[np.int_]) -> list[str]:
        saturdays = np.flatnonzero(weekday[1:-2] == SATURDAY) + 1
        before, first, second, after = (values[saturdays + step] for step in (-1, 0, 1, 2))
        told = ~np.isnan(before + first + second + after) & (first >= SMALLEST)
        weekends = told.sum(axis=0)
        middle = np.flatnonzero((weekday > MONDAY) & (weekday <= FRIDAY) & (np.arange(len(weekday)) > 0))
        both = ~np.isnan(values[middle] + values[middle - 1])
        ties = ((values[middle] == values[middle - 1]) & both).sum(axis=0) / np.maximum(both.sum(axis=0), 1)
        says = []
        forward = (told & (first == before) & (second == first)).sum(axis=0)
        back = (told & (first == after) & (second == first)).sum(axis=0)
        for column in range(values.shape[1]):
            many = max(forward[column], back[column])
            sure = weekends[column] >= FEWEST_WEEKENDS and ties[column] <= WEEKDAY_TIES
            whose = "Friday's" if forward[column] >= back[column] else "Monday's"
            holds = sure and many >= CARRIED * weekends[column]
            says.append(
                f"Saturday and Sunday repeat {whose} figure on {many} of {weekends[column]} weekends" if holds else ""
            )
        return says

    yield from _by_half_year(judged, judged, habit, "carried_weekends")


def _by_half_year(
    panel: pd.DataFrame,
    judged: pd.DataFrame,
    habit: Callable[[Numbers, np.typing.NDArray[np.int_]], list[str]],
    flag: str,
) -> Iterator[Found]:
    """Ask ``habit`` of each half-year counted back from the newest day; a habit that goes on is told once."""
    days = pd.DatetimeIndex(panel.index)
    values = panel.to_numpy(dtype=float)
    going = [""] * judged.shape[1]
    for end in sorted(range(len(days), 7 * FEWEST_WEEKS - 1, -HALF_YEAR)):
        first = max(end - HALF_YEAR, 0)
        says = habit(values[first:end], days.day_of_week.to_numpy()[first:end])
        for column, text in enumerate(says):
            if text and not going[column]:
                note = f"{text} in the half-year to {days[end - 1]:%-d %B %Y}"
                yield Found(days[[first]], str(judged.columns[column]), flag, note)
        going = says


def _shifted(shape: Numbers, usual: Numbers) -> str:
    """Whether a weekday shape is the usual one a day late or early; empty if not."""
    if np.isnan(shape).any() or np.isnan(usual).any() or np.ptp(shape) < SHAPE or np.ptp(usual) < SHAPE:
        return ""
    like = {late: float(np.corrcoef(np.roll(usual, late), shape)[0, 1]) for late in (-1, 0, 1)}
    best = max(like, key=lambda late: like[late])
    if best == 0 or like[best] < LIKE or like[best] - like[0] < BETTER:
        return ""
    lowest = pd.Timestamp("2024-01-01") + pd.Timedelta(days=int(np.argmin(shape)))
    others = pd.Timestamp("2024-01-01") + pd.Timedelta(days=int(np.argmin(usual)))
    return (
        f"days look one day {'late' if best == 1 else 'early'}: lowest on a {lowest:%A} where other hospitals are "
        f"lowest on a {others:%A},"
    )


def _within(marked: Truths, window: int) -> Numbers:
    """How many of the last ``window`` rows are marked."""
    sums = np.cumsum(marked, axis=0, dtype=float)
    sums[window:] = sums[window:] - sums[:-window]
    return sums


def _bridged(holds: Truths, most: int) -> Truths:
    """Fill breaks of up to ``most`` rows between spells."""
    out = holds.copy()
    for column, first, last in runs_by_column(~holds):
        if first > 0 and last + 1 < len(holds) and last - first + 1 <= most:
            out[first : last + 1, column] = True
    return out
