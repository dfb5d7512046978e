"""Killed at any moment: the last good run is served, nothing stored is lost, and the next one heals without help."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from forecast.doctor.examining import examine
from forecast.incoming.ingest import ingest_files
from forecast.observations.store import Store
from forecast.runs import served, write_run
from tests.faults.weekly_work import METRIC, content, left_overs, names, refitted, stored, week
from tests.forked import Forked
from tests.frames import days, tidy
from tests.observations.test_store_crashes import Steps, killed
from tests.runs.test_runs import manifest, metric_forecast

KILLS = 20


def moments(action: Callable[[int], object], chance: random.Random) -> Iterator[tuple[int, float]]:
    """Twenty moments spread over what an action takes in a process of its own, one at random in each twentieth."""
    began = time.monotonic()
    assert Forked(lambda: action(-1)).ended() == 0
    whole = time.monotonic() - began
    for number in range(KILLS):
        yield number, whole * (number + chance.random()) / KILLS


def killed_after(action: Callable[[], object], seconds: float) -> int:
    """Exit code of a process that was killed after some time, if it was not done by then."""
    child = Forked(action)
    time.sleep(seconds)
    os.kill(child.pid, signal.SIGKILL)
    return child.ended()


def test_an_ingest_killed_at_any_of_twenty_moments_loses_nothing_and_the_next_one_heals(tmp_path):
    files = []
    for month in (1, 2):
        frame = tidy(dict.fromkeys(days(f"2024-0{month}-01", 28), float(month)), source=f"file {month}")
        files.append(tmp_path / f"{month}.csv")
        frame.to_csv(files[-1], index=False)
    before = tidy(dict.fromkeys(days("2023-01-01", 100), 9.0))

    def ingest(number: int) -> None:
        store = Store(tmp_path / str(number))
        for path in files:
            (result,) = ingest_files(store, [path])
            assert not result.error

    Store(tmp_path / "-1").add(before)
    for number in range(KILLS):
        shutil.copytree(tmp_path / "-1", tmp_path / str(number))
    codes = []
    for number, moment in moments(ingest, random.Random(1)):
        codes.append(killed_after(lambda number=number: ingest(number), moment))
        store = Store(tmp_path / str(number))
        panel = store.panel("nctr_patients")
        assert panel.loc[before["date"], "RM1"].eq(9).all()
        for path in files:
            rows = panel[panel.index.month.isin([int(path.stem)]) & (panel.index.year == 2024)]
            assert rows["RM1"].dropna().eq(int(path.stem)).all()
            assert len(rows.dropna()) in (0, 28)
        ingest(number)
        assert len(Store(store.folder).panel("nctr_patients")["RM1"].dropna()) == 100 + 2 * 28
        assert store.check() == []
        assert left_overs(store.folder) == []
    assert codes.count(-signal.SIGKILL) >= KILLS / 2


@pytest.fixture
def weeks(tmp_path):
    """A store with a week that no run knows yet, and the run of the week before."""
    store = stored(tmp_path / "data")
    refitted(store, tmp_path / "models")
    store.add(week())
    return tmp_path


def test_a_refit_killed_at_any_of_twenty_moments_leaves_the_last_run_and_the_next_one_publishes(weeks):
    last = served(weeks / "models").run.id
    kept = content(weeks / "models")
    rows = Store(weeks / "data").history(METRIC)

    def refit(number: int) -> None:
        refitted(Store(weeks / "data"), weeks / str(number))

    for number in range(-1, KILLS):
        shutil.copytree(weeks / "models", weeks / str(number))
    codes = []
    for number, moment in moments(refit, random.Random(2)):
        models = weeks / str(number)
        codes.append(killed_after(lambda number=number: refit(number), moment))
        now = served(models)
        assert now.problem == ""
        # Killed before the pointer moved, the run before is served; after, the new one. Either is whole.
        assert now.run.id in (last, served(weeks / "-1").run.id)
        assert content(models / last) == {k.partition("/")[2]: v for k, v in kept.items() if k.startswith(last)}
        pd.testing.assert_frame_equal(Store(weeks / "data").history(METRIC), rows)
        if number % 4 == 3:
            # The doctor heals as well as the next refit does.
            examine([Store(weeks / "data")], models, weeks / "raw")
            assert left_overs(models) == []
        refit(number)
        assert served(models).run.id == served(weeks / "-1").run.id
        assert served(models).problem == ""
        assert names(models) == names(weeks / "-1")
        assert left_overs(models) == []
    assert codes.count(-signal.SIGKILL) >= KILLS / 2


def test_a_run_killed_at_each_step_of_its_writing_leaves_the_last_one_whole(tmp_path):
    write_run(tmp_path / "whole", manifest(), [metric_forecast()])
    made = [metric_forecast()]
    new = manifest(id="2025-01-02-0123456789", as_of="2025-01-02")
    instead = 0
    for at in range(1, 200):
        models = tmp_path / str(at)
        shutil.copytree(tmp_path / "whole", models)

        def child(models: Path = models, at: int = at) -> None:
            Steps(at, killed).watch(pytest.MonkeyPatch())
            write_run(models, new, made)

        code = Forked(child).ended()
        now = served(models)
        assert now.problem == ""
        now.run.check()
        instead += now.run.id == "2024-12-26-0123456789"
        write_run(models, new, made)
        assert served(models).run.id == "2025-01-02-0123456789"
        assert left_overs(models) == []
        shutil.rmtree(models)
        if code == 0:
            break
        assert code == -signal.SIGKILL
    assert 10 < instead < at < 199
