"""Past days forecast afterwards: with what was known then, resumable, and beside the weekly job without harm."""

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from filelock import FileLock
from joblib import parallel_config

from forecast.errors import InputError, Refused
from forecast.forecasters import Persistence
from forecast.observations.store import Store
from forecast.reference import reference
from forecast.refit import refit
from forecast.runs import latest_run, open_run, track
from forecast.runs.diary import diary_of
from forecast.runs.seal import sealed
from forecast.weekly.backfill import CANNOT, MADE, STAGING, THERE, Making, backfill, days_of
from tests.refitting import QUICK, observed

DAYS = days_of(pd.Timestamp("2024-12-13"), pd.Timestamp("2024-12-27"))
METRIC = "nctr_patients"


def plain(_):
    return Persistence()


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("stored") / "data")
    store.add(observed(METRIC, "2024-06-01", "2024-12-31"))
    return store


def fill(store, models, days=DAYS, **given):
    return list(backfill(store, models, days, settings=QUICK, **{"forecaster": plain, **given}))


def test_days_are_counted_from_the_first(tmp_path):
    assert [f"{day:%m-%d}" for day in DAYS] == ["12-13", "12-20", "12-27"]
    with pytest.raises(InputError, match="--every is 0"):
        days_of(DAYS[0], DAYS[1], 0)
    with pytest.raises(InputError, match="give the earlier day first"):
        days_of(DAYS[1], DAYS[0])


def test_each_day_is_what_a_refit_as_of_that_day_says_but_lighter(store, tmp_path):
    done = fill(store, tmp_path / "models", now=lambda: pd.Timestamp("2026-11-22 17:00", tz="UTC"))
    assert [(one.state, one.day) for one in done] == [(MADE, day) for day in reversed(DAYS)]
    run = open_run(tmp_path / "models" / done[0].run)
    run.check()
    whole = refit(store, tmp_path / "other", DAYS[-1], settings=QUICK, forecaster=plain)
    pd.testing.assert_frame_equal(track.quantiles(run, METRIC), track.quantiles(whole, METRIC))
    np.testing.assert_array_equal(run.trajectories(METRIC).samples, whole.trajectories(METRIC).samples)
    assert run.history(METRIC).index[-1] == whole.history(METRIC).index[-1] < DAYS[-1]
    assert (run.made, run.made_at) == ("backfill", pd.Timestamp("2026-11-22 17:00", tz="UTC"))
    assert run.id != whole.id
    assert track.no_replays(run, METRIC) == run.no_placements("NORFOLK") == track.BACKFILLED
    assert "not compared" in run.compared.reason


def test_what_is_there_is_left_and_what_is_damaged_or_of_another_model_is_made_anew(store, tmp_path):
    models = tmp_path / "models"
    first, second, third = fill(store, models)
    stamp = (models / first.run / "manifest.json").stat().st_mtime_ns
    (models / second.run / "quantiles.parquet").unlink()
    path = models / third.run / "manifest.json"
    path.write_text(json.dumps(sealed({**json.loads(path.read_text()), "model_version": "another"})))
    again = fill(store, models)
    assert [one.state for one in again if one.day == first.day] == [THERE]
    assert (models / first.run / "manifest.json").stat().st_mtime_ns == stamp
    assert sorted(one.day for one in again if one.state == MADE) == [third.day, second.day]
    for one in again:
        open_run(models / one.run).check()


def test_a_run_of_any_kind_of_the_same_model_is_left(store, tmp_path):
    weekly = refit(store, tmp_path / "models", DAYS[0], settings=QUICK, forecaster=plain, made="weekly")
    found = {one.day: one for one in fill(store, tmp_path / "models")}
    assert (found[DAYS[0]].state, found[DAYS[0]].run) == (THERE, weekly.id)


def test_what_is_served_stays_and_only_where_nothing_is_the_newest_is_served(store, tmp_path):
    served = refit(store, tmp_path / "models", "2024-12-06", settings=QUICK, forecaster=plain)
    fill(store, tmp_path / "models")
    assert latest_run(tmp_path / "models").id == served.id
    newest = fill(store, tmp_path / "empty")[0]
    assert latest_run(tmp_path / "empty").id == newest.run


class Failing(Persistence):
    """The baseline, which fails on what ends on one day."""

    def fit(self, panel, related=None):
        if panel.index[-1] == pd.Timestamp("2024-12-15"):
            raise ValueError("singular")
        return super().fit(panel, related)


def test_a_day_that_cannot_be_forecast_is_said_and_the_others_go_on(store, tmp_path):
    days = [pd.Timestamp("2024-05-03"), *DAYS, pd.Timestamp("2026-01-01")]
    found = {one.day: one for one in fill(store, tmp_path / "models", days, forecaster=lambda _: Failing())}
    states = {f"{day:%Y-%m-%d}": one.state for day, one in found.items()}
    assert [states[f"{day:%Y-%m-%d}"] for day in days] == [CANNOT, MADE, CANNOT, MADE, CANNOT]
    assert found[days[0]].reason.count("nothing published yet") == 1  # not once a measure
    assert "ValueError: singular" in found[DAYS[1]].reason
    assert "newest figures came out on" in found[days[-1]].reason
    assert not [path for path in (tmp_path / "models" / STAGING).iterdir() if path.is_dir()]


def test_a_refit_beside_a_backfill_publishes_and_both_are_whole(store, tmp_path):
    models = tmp_path / "models"
    going = backfill(store, models, DAYS, settings=QUICK, forecaster=plain)
    first = next(going)
    weekly = refit(store, models, "2025-01-03", settings=QUICK, forecaster=plain, made="weekly")
    with FileLock(models / ".lock", timeout=0):  # as while a refit is at work
        rest = list(going)
    assert latest_run(models).id == weekly.id
    for name in (first.run, weekly.id, *(one.run for one in rest)):
        open_run(models / name).check()
    told = diary_of(weekly, METRIC).rows
    assert set(told["as_of"]) == set(DAYS)
    assert not told["at_the_time"].any()


def test_of_two_backfills_one_is_refused(store, tmp_path):
    going = backfill(store, tmp_path / "models", DAYS, settings=QUICK, forecaster=plain)
    next(going)
    with pytest.raises(Refused, match="another backfill is running"):
        fill(store, tmp_path / "models")
    going.close()
    assert [one.state for one in fill(store, tmp_path / "models")].count(MADE) == 2


def test_several_at_a_time_give_the_same_runs(store, tmp_path):
    one = fill(store, tmp_path / "one", DAYS[:2])
    # Threads, since starting processes takes longer than all other tests here; what they would be sent can be sent.
    pickle.loads(pickle.dumps(Making(store, tmp_path, QUICK, plain, reference())))
    with parallel_config(backend="threading"):
        two = fill(store, tmp_path / "two", DAYS[:2], jobs=2)
    assert {done.run for done in one} == {done.run for done in two}
    for done in two:
        same = [open_run(tmp_path / where / done.run).manifest["files"] for where in ("one", "two")]
        assert same[0] == same[1]


SLOW = """
import sys, time, pandas as pd
from pathlib import Path
from forecast.forecasters import Persistence
from forecast.observations.store import Store
from forecast.weekly.backfill import backfill, days_of
from tests.refitting import QUICK

class Waits(Persistence):
    def fit(self, panel, related=None):
        if panel.index[-1] < pd.Timestamp("2024-12-20"):
            Path(sys.argv[2], "begun").touch()
            time.sleep(60)
        return super().fit(panel, related)
    def __repr__(self):
        return "Persistence()"

list(backfill(Store(sys.argv[1]), sys.argv[2], days_of(pd.Timestamp("2024-12-13"), pd.Timestamp("2024-12-27")),
              settings=QUICK, forecaster=lambda _: Waits()))
"""


def test_killed_in_the_middle_it_goes_on_where_it_was(store, tmp_path):
    models, root = tmp_path / "models", Path(__file__).parents[2]
    arguments = [sys.executable, "-c", SLOW, str(store.folder), str(models)]
    worker = subprocess.Popen(arguments, env={**os.environ, "PYTHONPATH": str(root)})
    end = time.monotonic() + 60
    while time.monotonic() < end and worker.poll() is None and not (models / "begun").exists():
        time.sleep(0.02)
    worker.send_signal(signal.SIGKILL)
    assert worker.wait(timeout=30) == -signal.SIGKILL
    (first,) = models.glob("2024-*")
    stamp = (first / "manifest.json").stat().st_mtime_ns
    assert not (models / "latest").exists()
    again = fill(store, models)
    assert [(one.state, one.run == first.name) for one in again] == [(THERE, True), (MADE, False), (MADE, False)]
    assert (first / "manifest.json").stat().st_mtime_ns == stamp
    assert latest_run(models).id == first.name
    assert {path.name for path in (models / STAGING).iterdir()} <= {".lock"}
