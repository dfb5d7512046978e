"""Flags on published values that cannot be right. Values are never altered; a clean panel masks the flagged ones.

Four rules, each with a reason a person can read:

``impossible``
    A count below zero: more discharges were published than patients.
``lone_zero``
    One to three days of zero between values too high for a true zero to be believable.
``false_zeros``
    A run of zeros in a wave measure (flu, Covid) while the nation is in full wave and the hospital, by its share,
    should have had several patients: a return that was never filled in.
``missing_submission``
    A day or a week without a value, or a week typed in as zeros, while most other hospitals reported.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from forecast.observations.table import step_days

NATION = ("ENG", "ENG_T1", "ENG_SUM")
LONE_DAYS = 3
LONE_LEVEL = 8.0
LONE_FLOOR = 5.0
WAVE_EXPECTED = 5.0
WAVE_HEIGHT = 0.25
WAVE_DAYS = 121
WAVE_RUN = 3
WAVE_QUIET = 0.3
WEEK_RUN = 7
LONGEST_GAP = 35
FEWEST_SHARE = 0.25
BELOW_ZERO = "a count below zero: more discharges were published than patients"
_COLUMNS = ["date", "location", "flag", "note"]


def flags(
    panel: pd.DataFrame,
    wave: bool,
    stock: bool = True,
    size: pd.Series | None = None,
    explained: pd.DataFrame | None = None,
    locations: Sequence[str] | None = None,
    label: Callable[[str], str] = str,
) -> pd.DataFrame:
    """Flag the values of one metric.

    Parameters
    ----------
    panel
        Hospitals, DatetimeIndex by location; the nation's column (``ENG``) is used where there is one.
    wave
        Whether the metric follows epidemics, so that a zero is normal out of season.
    stock
        Whether the metric counts people present; a flow (admissions a day) may truly be zero for a day.
    size
        Size of each location (general and acute beds open): its share of the nation where its own record is short.
    explained
        Where a zero follows from another figure (everybody fit to leave was recorded as discharged), True.
    locations
        Judge only these columns; all others still serve as comparison.
    label
        Screen name of a location, for the note.

    Returns
    -------
    DataFrame
        date, location, flag, note; one row a flagged date and location, sorted.
    """
    wanted = [c for c in panel.columns if c not in NATION and (locations is None or c in locations)]
    found: list[pd.DataFrame] = []
    if len(panel) and step_days(panel.index) == 1:
        nation = _nation(panel)
        others = _most_reported(panel)
        for code in wanted:
            series = panel[code]
            found.append(_rows(series.index[series < 0], code, "impossible", BELOW_ZERO))
            if stock:
                judged = series if explained is None else series.mask((series == 0) & explained[code])
                found.append(_lone_zeros(judged, code))
                found.append(_zero_weeks(judged, code) if not wave else _none())
            if wave and nation is not None:
                found.append(_false_zeros(series, code, nation, _share(series, nation, size), label(code)))
            found.append(_missing(series, code, others))
    frame = pd.concat([_none(), *found], ignore_index=True)
    return frame.drop_duplicates(["date", "location"]).sort_values(["location", "date"]).reset_index(drop=True)


def masked(panel: pd.DataFrame, flagged: pd.DataFrame) -> pd.DataFrame:
    """Return ``panel`` with the flagged values missing; a missing submission was missing before."""
    clean = panel.copy()
    rows = clean.index.get_indexer(pd.DatetimeIndex(flagged["date"]).astype(clean.index.dtype))
    columns = clean.columns.get_indexer(pd.Index(flagged["location"]))
    there = (rows >= 0) & (columns >= 0)
    values = clean.to_numpy(copy=True)
    values[rows[there], columns[there]] = np.nan
    return pd.DataFrame(values, index=clean.index, columns=clean.columns)


def _lone_zeros(series: pd.Series, code: str) -> pd.DataFrame:
    """Zeros of up to ``LONE_DAYS`` days between neighbours of ``LONE_LEVEL`` on average, none under ``LONE_FLOOR``."""
    reported = series.dropna()
    out = []
    for first, last in _zero_runs(reported):
        if last - first + 1 > LONE_DAYS:
            continue
        before, after = reported.iloc[max(first - 3, 0) : first], reported.iloc[last + 1 : last + 4]
        before, after = before[before > 0], after[after > 0]
        if before.empty or after.empty:
            continue
        sides = (before.iloc[-1], after.iloc[0])
        if min(sides) < LONE_FLOOR or sum(sides) / 2 < LONE_LEVEL:
            continue
        days = reported.index[first : last + 1]
        note = f"reported 0 between {before.iloc[-1]:,.0f} and {after.iloc[0]:,.0f}: a return that was not filled in"
        out.append(_rows(days, code, "lone_zero", note))
    return pd.concat([_none(), *out])


def _zero_weeks(series: pd.Series, code: str) -> pd.DataFrame:
    """Longer runs of zeros in a measure that is never near zero: a weekly return sent in empty."""
    reported = series.dropna()
    typical = reported[reported > 0].median() if (reported > 0).any() else 0.0
    if not typical >= LONE_LEVEL or reported[reported > 0].quantile(0.05) < LONE_LEVEL / 2:
        return _none()
    out = []
    for first, last in _zero_runs(reported):
        if LONE_DAYS < last - first + 1 <= 4 * WEEK_RUN:
            note = (
                f"reported 0 on {last - first + 1} days in a row where {typical:,.0f} is usual: an empty weekly return"
            )
            out.append(_rows(reported.index[first : last + 1], code, "missing_submission", note))
    return pd.concat([_none(), *out])


def _false_zeros(series: pd.Series, code: str, nation: pd.Series, share: float, name: str) -> pd.DataFrame:
    """Runs of zeros while the nation is in full wave and the hospital's share of it is ``WAVE_EXPECTED`` or more.

    Full wave: at least ``WAVE_HEIGHT`` of the nation's highest value within ``WAVE_DAYS``; in the long tail of a
    wave one county can truly be free of it, and so can one whose own values within a week of the run are far below its
    share. A run that qualifies is flagged back to where one patient was due: the return was not filled in from the
    start.
    """
    if not np.isfinite(share):
        return _none()
    level = nation.reindex(series.index)
    expected = level * share
    full = level >= WAVE_HEIGHT * nation.rolling(WAVE_DAYS, center=True, min_periods=1).max().reindex(series.index)
    reported = series.dropna()
    out = []
    for first, last in _zero_runs(reported):
        days = reported.index[first : last + 1]
        sure = (expected[days] >= WAVE_EXPECTED) & full[days]
        if sure.sum() < WAVE_RUN or _quiet_on_both_sides(reported, first, last, WAVE_QUIET * expected[days].max()):
            continue
        days = days[(expected[days] >= 1).to_numpy()]
        day = pd.Timestamp(expected[days].idxmax())  # type: ignore[arg-type]
        note = (
            f"reported 0 on {len(days)} days in a row while England had up to {level[day]:,.0f} patients; about "
            f"{expected[day]:,.0f} would be the share of {name}: probably a return that was not filled in"
        )
        out.append(_rows(days, code, "false_zeros", note))
    return pd.concat([_none(), *out])


def _quiet_on_both_sides(reported: pd.Series, first: int, last: int, level: float) -> bool:
    """Whether the values next to a run, within a week of it, are all below ``level``; not where there are none."""
    week = pd.Timedelta(days=WEEK_RUN)
    sides = []
    if first > 0 and reported.index[first] - reported.index[first - 1] <= week:
        sides.append(reported.iloc[first - 1])
    if last + 1 < len(reported) and reported.index[last + 1] - reported.index[last] <= week:
        sides.append(reported.iloc[last + 1])
    return bool(sides) and max(sides) < level


def _missing(series: pd.Series, code: str, others: pd.Series) -> pd.DataFrame:
    """Gaps of up to ``LONGEST_GAP`` days in a location's record on days on which most others reported.

    After a longer silence the location has stopped reporting: nothing is due.
    """
    filled = np.flatnonzero(series.notna().to_numpy())
    if len(filled) == 0:
        return _none()
    missing = series.isna().to_numpy(copy=True)
    missing[: filled[0]] = False
    edges = np.flatnonzero(np.diff(np.r_[False, missing, False].astype(int)))
    out = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        days = series.index[first:last]
        days = days[others.loc[days].to_numpy()]
        if len(days) == 0 or last - first > LONGEST_GAP:
            continue
        what = "the weekly return is missing" if len(days) >= WEEK_RUN else "no return"
        plural = "" if len(days) == 1 else "s"
        note = f"{what}: {len(days)} day{plural} without a value while most other trusts reported"
        out.append(_rows(days, code, "missing_submission", note))
    return pd.concat([_none(), *out])


def _nation(panel: pd.DataFrame) -> pd.Series | None:
    for code in NATION:
        if code in panel.columns and panel[code].notna().any():
            return panel[code].interpolate(limit=3)
    return None


def _share(series: pd.Series, nation: pd.Series, size: pd.Series | None) -> float:
    """Return the location's share of the nation, by its own non-zero days, else by its beds; NaN where neither says.

    Its own record must hold two weeks of non-zero days. The lower of the two shares is used: a flag should be sure.
    """
    both = pd.DataFrame({"own": series, "nation": nation.reindex(series.index)}).dropna()
    both = both[(both["own"] > 0) & (both["nation"] > 0)]
    shares = []
    if len(both) >= 2 * WEEK_RUN:
        shares.append(float((both["own"] / both["nation"]).median()))
    if size is not None and series.name in size.index:
        whole = next((float(size[c]) for c in NATION if c in size.index and size[c] > 0), np.nan)
        shares.append(float(size[str(series.name)]) / whole)
    shares = [share for share in shares if np.isfinite(share)]
    return min(shares) if shares else np.nan


def _most_reported(panel: pd.DataFrame) -> pd.Series:
    """Days on which more than half of the hospitals that report around then, and not just a few of all, did."""
    filled = panel[[code for code in panel.columns if code not in NATION]].notna()
    active = filled.rolling(29, center=True, min_periods=1).max().sum(axis=1)
    ever = int(filled.any().sum())
    reported = filled.sum(axis=1)
    return (reported > 0.5 * active) & (reported >= FEWEST_SHARE * ever)


def _zero_runs(reported: pd.Series) -> list[tuple[int, int]]:
    """First and last position of each unbroken run of zeros."""
    zero = np.r_[False, (reported == 0).to_numpy(), False]
    edges = np.flatnonzero(np.diff(zero.astype(int)))
    return [(int(first), int(last) - 1) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def _rows(days: pd.Index, code: str, flag: str, note: str) -> pd.DataFrame:
    return pd.DataFrame({"date": days, "location": code, "flag": flag, "note": note})


def _none() -> pd.DataFrame:
    empty = pd.DataFrame(columns=_COLUMNS, dtype="str")
    return empty.astype({"date": "datetime64[us]"})
