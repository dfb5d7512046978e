"""A new model that is worse than what was published: each forecasts the same past weeks, and what came judges."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from forecast.errors import RunError
from forecast.evaluation import bootstrap
from forecast.forecasters.replay import FORECAST
from forecast.gate.limits import Limits
from forecast.gate.verdict import Finding
from forecast.runs import Run, track
from forecast.runs.diary import outcomes_of, values_on
from forecast.weekly.candidate import Candidate
from forecast.weekly.same_inputs import model_differences
from forecast.wording import gate_words as said

CHECK = "worse model"
FEWEST_RUNS = 4
NEW, PUBLISHED = "new", "published"
SURE = 0.9
"""Central range of the ratio of scores: worse with 19 in 20 where its lower end is above 1."""
_log = logging.getLogger(__name__)


def losing(candidate: Candidate, past: list[Run], limits: Limits) -> Iterator[Finding]:
    """Find measures that a new model forecasts worse, on the weeks of past runs.

    Asked only where the model is another than that of the newest past run. The new model forecasts each of those weeks
    from what was public then; its weighted interval score is set beside that of what was published, on the days that
    have come since, with a range from resampling blocks of weeks.

    Parameters
    ----------
    candidate
        What a refit has made.
    past
        Earlier runs on the same kind of data, oldest first.
    limits
        ``past_runs`` and ``loses``.
    """
    past = past[-limits.past_runs :]
    if not past:
        return
    other = model_differences(past[-1], candidate.today)
    asked = [name for name in candidate.made if name in other]
    if asked and len(past) < FEWEST_RUNS:
        yield Finding(CHECK, said.too_few_runs(len(past), FEWEST_RUNS), refuses=False)
        return
    for metric in asked:
        rows = both(candidate, metric, past)
        if rows["origin"].nunique() < FEWEST_RUNS:
            continue
        found = bootstrap.difference(rows, NEW, PUBLISHED, within=SURE).iloc[0]
        _log.info("%s: new model %.2f times the score of what was published", metric, found["ratio"])
        if found["ratio"] > limits.loses and found["low"] > 1:
            known = candidate.today.tables.metric(metric)
            label = known.label if known else metric
            yield Finding(CHECK, said.loses(label, float(found["ratio"]), int(found["origins"]), other[metric]))


def both(candidate: Candidate, metric: str, past: list[Run]) -> pd.DataFrame:
    """Forecasts of the past weeks, published and made again, with what came; as ``bootstrap`` takes them."""
    one = candidate.made[metric]
    came = outcomes_of(one.history, one.flags, candidate.today.counties)
    frames = [_columns()]
    for run in past:
        if metric not in run.metrics:
            continue
        try:
            then = track.quantiles(run, metric)
        except RunError as error:
            _log.warning("not compared with: %s", error)
            continue
        again = _again(candidate, metric, run)
        if again is None:
            continue
        for model, rows in ((PUBLISHED, then[then["model"] == FORECAST]), (NEW, again)):
            frames.append(rows.assign(model=model, origin=run.as_of)[list(_columns())])
    found = pd.concat(frames[1:] or frames, ignore_index=True)
    found = found[found["date"] > found["origin"]] if len(found) else found
    found = found.assign(observed=values_on(came, found["date"], found["location"]))
    told = found[found["observed"].notna()]
    # Only what both said something of: one model may say "cannot say" where the other does not.
    keys = ["location", "origin", "date"]
    return told[told.groupby(keys)["model"].transform("nunique") == 2].assign(
        horizon=lambda rows: (rows["date"] - rows["origin"]).dt.days
    )


def _again(candidate: Candidate, metric: str, run: Run) -> pd.DataFrame | None:
    """Quantiles that the new model gives from what was public on a past run's day; None where it cannot say."""
    near = replace(candidate.today.settings, outlook_days=0)
    made = replace(candidate.today, day=run.as_of, settings=near).metric(metric, candidate.today.store, run.as_of)
    if isinstance(made, str):
        return None
    told = track.quantiles_of(metric, made.trajectories, made.baseline)
    return told[(told["model"] == FORECAST) & ~told["location"].isin(list(made.cannot_say))]


def _columns() -> pd.DataFrame:
    return pd.DataFrame(columns=["model", "location", "origin", "date", *track.LEVEL_COLUMNS])
