"""Figures that cannot be, over all trusts together: half a file, another unit, a column that has slipped.

What looks wrong at one hospital is flagged and left out, and nothing is said of that hospital. Here it is asked
whether so much is wrong at once that the whole file is.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from forecast.gate.limits import Limits
from forecast.gate.verdict import Finding
from forecast.observations.quality import masking
from forecast.observations.quality.spikes import around_holidays
from forecast.observations.views import AsIngested
from forecast.reference import Metric
from forecast.runs import Run
from forecast.weekly.candidate import Candidate
from forecast.weekly.learning import trusts
from forecast.wording import gate_words as said

CHECK = "implausible figures"
FEWEST_TRUSTS = 10
"""Shares of fewer say nothing."""
FEWEST_COUNTED = 200.0
"""People over all trusts together, below which they may move by any factor."""
FEWEST_AT_A_TRUST = 5.0
"""People at a trust, below which it may move by any factor."""
USUAL_WEEKS, RECORD_WEEKS, RETOLD_WEEKS = 8, 104, 8
LEAST_MOVE = np.log(1.25)
"""A quarter more or less is never held back, however still the record was."""
UNKNOWN_MOVE = np.log(2.0)
"""Where the record is shorter than ``USUAL_WEEKS``."""
RETOLD_BY = np.log(1.5)

Spans = dict[int, pd.DataFrame]
"""Means of spans by how many days each is."""


def implausible(candidate: Candidate, incumbent: Run | None, limits: Limits) -> Iterator[Finding]:
    """Find metrics whose newest week, or whose past as it is told now, cannot be right over all trusts.

    Parameters
    ----------
    candidate
        What a refit has made.
    incumbent
        The run that is served; None where there is none of the same kind of data.
    limits
        ``wrong_share``, ``silent_share``, ``moved`` and ``retold_share``.
    """
    today = candidate.today
    for name in candidate.made:
        metric = today.tables.metric(name)
        panel = today.store.panel(name, as_of=today.day)
        panel = panel[trusts(panel.columns, today.tables)]
        if metric is None or panel.shape[1] < FEWEST_TRUSTS:
            continue
        served = incumbent.last_observed(name) if incumbent is not None and name in incumbent.metrics else None
        new = _new_days(panel, served)
        yield from _wrong(candidate, metric, panel, limits)
        told = {7: spans(panel, 7), 1: spans(_usual_days(panel), 1)}
        yield from _silent(metric, told[7], _reporting(panel, served), limits)
        yield from _changed(metric, told, new, limits)
        if incumbent is not None:
            yield from _retold(candidate, metric, panel, incumbent, limits)


def spans(panel: pd.DataFrame, days: int) -> pd.DataFrame:
    """Means of the weeks, or other spans of so many days, that end on the panel's last day.

    Returns
    -------
    DataFrame
        A row a span, oldest first, by how many spans back it is; a column a trust, NaN where it told nothing.
    """
    back = (panel.index[-1] - panel.index).days // days
    means = panel.groupby(back).mean() if days > 1 else panel.set_axis(back)
    return means.reindex(range(back.max(), -1, -1))


def moves(told: pd.DataFrame) -> pd.Series:
    """Log ratio of the sum over trusts from one span to the next, over those that told both; none where few people.

    All gone is a ratio of half a person.
    """
    before = told.shift(1)
    both = told.notna() & before.notna()
    now, then = told.where(both).sum(axis=1), before.where(both).sum(axis=1)
    ratio = (now.clip(lower=0.5) / then)[then >= FEWEST_COUNTED]
    return pd.Series(np.log(ratio.to_numpy()), index=ratio.index)


def scatter(told: pd.DataFrame) -> pd.Series:
    """Median over trusts of how far, as a log ratio, each is from its own span before; none where few tell.

    Where rows or columns have slipped, every trust has another's figures: the sum stays, and this does not.
    """
    before = told.shift(1)
    counted = (told >= FEWEST_AT_A_TRUST) & (before >= FEWEST_AT_A_TRUST)
    ratio = (told / before).where(counted)
    each = pd.DataFrame(np.abs(np.log(ratio.to_numpy())), index=ratio.index)
    return each.median(axis=1).where(counted.sum(axis=1) >= FEWEST_TRUSTS).dropna()


def _usual_days(panel: pd.DataFrame) -> pd.DataFrame:
    """Without what was told around holidays: a third fewer are fit to leave on Christmas Day than the day before."""
    return panel.loc[~around_holidays(pd.DatetimeIndex(panel.index))].reindex(panel.index)


def _new_days(panel: pd.DataFrame, served: pd.Timestamp | None) -> int:
    """Days that came since the served run, a week at least: of a monthly file the whole month may be wrong alike."""
    return 7 if served is None else max(7, int((panel.index[-1] - served).days))


def _reporting(panel: pd.DataFrame, served: pd.Timestamp | None) -> float:
    """Trusts that reported in the newest week of the served run: so few were published once, and are no news."""
    if served is None:
        return np.inf
    week = panel[(panel.index > served - pd.Timedelta(weeks=1)) & (panel.index <= served)]
    return float(week.notna().any().sum())


def _wrong(candidate: Candidate, metric: Metric, panel: pd.DataFrame, limits: Limits) -> Iterator[Finding]:
    """Newly wrong ones count: a trust whose return has been empty for weeks is no news."""
    last, week = panel.index[-1], pd.Timedelta(weeks=1)
    told = panel.loc[panel.index > last - week].notna().any()
    codes = {str(code) for code in panel.columns[told]}
    flags = masking(candidate.today.store.flags(metric.name, as_of=candidate.today.day))
    now, before = (
        set(flags.loc[(flags["date"] > end - week) & (flags["date"] <= end), "location"]) for end in (last, last - week)
    )
    wrong = (now - before) & codes
    if len(codes) >= FEWEST_TRUSTS and len(wrong) > limits.wrong_share * len(codes):
        yield Finding(CHECK, said.look_wrong(metric.label, len(wrong), len(codes), last))


def _silent(metric: Metric, weeks: pd.DataFrame, accepted: float, limits: Limits) -> Iterator[Finding]:
    many = weeks.notna().sum(axis=1)
    usual, now = min(many.iloc[-1 - USUAL_WEEKS : -1].median(), accepted), int(many.iloc[-1])
    if now < (1 - limits.silent_share) * usual:
        yield Finding(CHECK, said.silent(metric.label, now, round(usual)))


def _changed(metric: Metric, told: Spans, new: int, limits: Limits) -> Iterator[Finding]:
    """By weeks, else by days: a wave doubles in a week, and still not from one day to the next."""
    for change, size, say in ((moves, np.exp, said.moved), (scatter, np.expm1, said.scattered)):
        for days, means in told.items():
            if beyond := _beyond(change(means), days, new, limits):
                now, usual = size(beyond)
                yield Finding(CHECK, say(metric.label, now, usual, days))
                break


def _beyond(found: pd.Series, days: int, new: int, limits: Limits) -> tuple[float, float] | None:
    """Return the largest change among the new spans, and of the record, where it goes too far beyond that."""
    last = -(-new // days)
    latest, before = found[found.index < last], found[found.index >= last].abs()
    before = before[before.index < last + RECORD_WEEKS * 7 / days]
    if latest.empty:
        return None
    usual = float(before.max()) if len(before) >= USUAL_WEEKS * 7 / days else UNKNOWN_MOVE
    largest = float(latest.iloc[int(latest.abs().argmax())])
    return (largest, usual) if abs(largest) > max(limits.moved * usual, LEAST_MOVE) else None


def _retold(
    candidate: Candidate, metric: Metric, panel: pd.DataFrame, incumbent: Run, limits: Limits
) -> Iterator[Finding]:
    today = candidate.today
    if metric.name not in incumbent.metrics:
        return
    names = {one["file"] for one in incumbent.manifest["vintages"]}
    held = names <= {vintage.name for vintage in today.store.vintages()}
    # A vintage that was set aside has come back under another number: then what was public by then.
    known = AsIngested(today.store, names) if held else today.store
    before = known.panel(metric.name, as_of=incumbent.as_of)
    if before.empty:
        return
    before = before.loc[before.index > before.index[-1] - pd.Timedelta(weeks=RETOLD_WEEKS)]
    now = panel.reindex(index=before.index, columns=before.columns)
    both = before.notna() & now.notna() & (before + now > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        otherwise = np.abs(np.log(now.where(both) / before.where(both))) > RETOLD_BY
    share = float(otherwise.to_numpy().sum() / max(both.to_numpy().sum(), 1))
    if share > limits.retold_share:
        yield Finding(CHECK, said.retold(metric.label, share))
