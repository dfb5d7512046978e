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
"""People over all trusts together, below which a week may move by any factor."""
FEWEST_AT_A_TRUST = 5.0
"""People at a trust, below which a week of its own may move by any factor."""
USUAL_WEEKS, RECORD_WEEKS, RETOLD_WEEKS = 8, 104, 8
LEAST_MOVE = np.log(1.25)
"""A quarter more or less within a week is never held back, however still the record was."""
UNKNOWN_MOVE = np.log(2.0)
"""Where the record is shorter than ``USUAL_WEEKS``."""
RETOLD_BY = np.log(1.5)


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
        weeks = weekly(panel)
        yield from _wrong(candidate, metric, panel, limits)
        yield from _silent(metric, weeks, limits)
        yield from _moved(metric, weeks, limits)
        yield from _scattered(metric, weeks, limits)
        if incumbent is not None:
            yield from _retold(candidate, metric, panel, incumbent, limits)


def weekly(panel: pd.DataFrame) -> pd.DataFrame:
    """Means of the weeks that end on the panel's last day, oldest first; NaN where a trust told nothing."""
    back = (panel.index[-1] - panel.index).days // 7
    means = panel.groupby(back).mean()
    return means.sort_index(ascending=False)


def moves(weeks: pd.DataFrame) -> pd.Series:
    """Log ratio of the sum over trusts from one week to the next, over those that told both; NaN where few people."""
    before = weeks.shift(1)
    both = weeks.notna() & before.notna()
    now, then = weeks.where(both).sum(axis=1), before.where(both).sum(axis=1)
    counted = (then >= FEWEST_COUNTED) & (now > 0)
    ratio = (now / then)[counted]
    return pd.Series(np.log(ratio.to_numpy()), index=ratio.index)


def scatter(weeks: pd.DataFrame) -> pd.Series:
    """Median over trusts of how far, as a log ratio, each is from its own week before; NaN where few tell.

    Where rows or columns have slipped, every trust has another's figures: the sum stays, and this does not.
    """
    before = weeks.shift(1)
    counted = (weeks >= FEWEST_AT_A_TRUST) & (before >= FEWEST_AT_A_TRUST)
    ratio = (weeks / before).where(counted)
    each = pd.DataFrame(np.abs(np.log(ratio.to_numpy())), index=ratio.index)
    return each.median(axis=1).where(counted.sum(axis=1) >= FEWEST_TRUSTS).dropna()


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


def _silent(metric: Metric, weeks: pd.DataFrame, limits: Limits) -> Iterator[Finding]:
    many = weeks.notna().sum(axis=1)
    usual, now = many.iloc[-1 - USUAL_WEEKS : -1].median(), int(many.iloc[-1])
    if now < (1 - limits.silent_share) * usual:
        yield Finding(CHECK, said.silent(metric.label, now, round(usual)))


def _moved(metric: Metric, weeks: pd.DataFrame, limits: Limits) -> Iterator[Finding]:
    found = moves(weeks.iloc[-RECORD_WEEKS:])
    if usual := _beyond(found, weeks, limits):
        yield Finding(CHECK, said.moved(metric.label, float(np.exp(found.iloc[-1])), float(np.exp(usual))))


def _scattered(metric: Metric, weeks: pd.DataFrame, limits: Limits) -> Iterator[Finding]:
    found = scatter(weeks.iloc[-RECORD_WEEKS:])
    if usual := _beyond(found, weeks, limits):
        yield Finding(CHECK, said.scattered(metric.label, float(np.expm1(found.iloc[-1])), float(np.expm1(usual))))


def _beyond(found: pd.Series, weeks: pd.DataFrame, limits: Limits) -> float:
    """Return the largest change of the record where the newest week's goes too far beyond it; 0 where it does not."""
    if not len(found) or found.index[-1] != weeks.index[-1]:
        return 0.0
    before = found.iloc[:-1].abs()
    usual = float(before.max()) if len(before) >= USUAL_WEEKS else UNKNOWN_MOVE
    return usual if abs(found.iloc[-1]) > max(limits.moved * usual, LEAST_MOVE) else 0.0


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
