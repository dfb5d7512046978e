"""A new usual level of one hospital: a step that the other hospitals did not take. Tells, never masks.

Weekly medians on the log scale: the median of the four weeks from a Monday against that of the eight weeks before it,
less the median of the same over all hospitals (a bank holiday, a cold winter, a change of rules are everybody's). So a
shift is known four weeks after it happened.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from forecast.observations.quality.found import Found, Numbers, runs_by_column
from forecast.observations.quality.robust import NORMAL, median

BEFORE, AFTER = 8, 4
LEAST_WEEKS = 5
STEP = np.log(1.2)  # the rise of James Paget in 2024 is the smallest that a planner named
SCATTERS = 2.5  # of a week's usual change; a median of four weeks moves by about half of that
HELD = 0.6  # share of STEP that every week since must have kept
SMALLEST = 20.0  # a smaller hospital's level moves by chance
FEWEST_HOSPITALS = 10


def level_shifts(judged: pd.DataFrame, everybody: pd.DataFrame) -> Iterator[Found]:
    """One finding a step, on the Monday from which the new level holds."""
    mondays, weekly = weeks(everybody)
    if len(weekly) < BEFORE + AFTER:
        return
    step, held, before, after = _steps(weekly)
    if weekly.shape[1] >= FEWEST_HOSPITALS:
        common = median(step, axis=1)[:, None]
        step = step - common
    scatter = NORMAL * median(np.abs(weekly[1:] - weekly[:-1]))
    columns = everybody.columns.get_indexer(judged.columns)
    own, scatter = step[:, columns], scatter[columns]
    large = np.maximum(np.exp(before), np.exp(after))[:, columns] >= SMALLEST
    for sign in (1.0, -1.0):
        marked = (sign * own > np.maximum(STEP, SCATTERS * scatter)) & (sign * held[:, columns] > HELD * STEP) & large
        for column, first, last in runs_by_column(marked):
            row = first + int(np.argmax(sign * own[first : last + 1, column]))
            low, high = (float(np.exp(side[row, columns[column]])) for side in (before, after))
            note = (
                f"the usual level moved from about {low:,.0f} to about {high:,.0f} in the weeks around "
                f"{mondays[row]:%-d %B %Y}; that of other hospitals did not"
            )
            yield Found(mondays[[row]], str(judged.columns[column]), "level_shift", note)


def weeks(panel: pd.DataFrame) -> tuple[pd.DatetimeIndex, Numbers]:
    """Mondays and the log of each week's median; NaN where a week has fewer than four positive values."""
    days = pd.DatetimeIndex(panel.index)
    lead = int(days[0].day_of_week)
    many = -(-(len(days) + lead) // 7)
    values = np.full((many * 7, panel.shape[1]), np.nan)
    own = panel.to_numpy(dtype=float)
    values[lead : lead + len(days)] = np.where(own > 0, own, np.nan)
    cube = values.reshape(many, 7, panel.shape[1])
    middle = median(cube, axis=1)
    middle[np.sum(~np.isnan(cube), axis=1) < 4] = np.nan
    first = days[0] - pd.Timedelta(days=lead)
    return pd.date_range(first, periods=many, freq="7D", unit="us"), np.log(middle)


def _steps(weekly: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """For each week: the step into it, how much of it every week since has held, and the levels on both sides."""
    shape = weekly.shape
    before, after, held = (np.full(shape, np.nan) for _ in range(3))
    for week in range(LEAST_WEEKS, shape[0] - AFTER + 1):
        past, coming = weekly[max(week - BEFORE, 0) : week], weekly[week : week + AFTER]
        enough = (np.sum(~np.isnan(past), axis=0) >= LEAST_WEEKS) & (np.sum(~np.isnan(coming), axis=0) >= AFTER - 1)
        before[week] = np.where(enough, median(past), np.nan)
        after[week] = np.where(enough, median(coming), np.nan)
        up = after[week] > before[week]
        held[week] = np.where(
            up,
            np.nanmin(np.where(np.isnan(coming), np.inf, coming), axis=0) - before[week],
            np.nanmax(np.where(np.isnan(coming), -np.inf, coming), axis=0) - before[week],
        )
    return after - before, held, before, after
