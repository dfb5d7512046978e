"""Backtests on a Dask cluster: a real scheduler and worker processes of this machine."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pandas as pd
import pytest

import forecast as fc
from forecast.errors import InputError
from forecast.evaluation import cluster
from forecast.forecasters import SeasonalNaive
from tests.evaluation.toys import Dying, daily

ROOT = Path(__file__).resolve().parents[2]
ORIGINS = [f"{day:%Y-%m-%d}" for day in pd.date_range("2024-02-01", periods=12)]
WORDS = {"origins": ORIGINS, "horizon": 3, "samples": 20, "baseline": False}


def listening(port):
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0


class Cluster:
    """A scheduler and workers, each a process of its own that can be killed."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self.processes = []
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        # whoever comes before it listens tries again only after seconds
        while not listening(port):
            time.sleep(0.05)

    def add_workers(self, many):
        words = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
        return [self._start("worker", self.address, *words) for _ in range(many)]

    def _start(self, *words):
        env = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        run = [sys.executable, "-m", "dask", *words]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.processes.append(subprocess.Popen(run, env=env, cwd=ROOT, **quiet))
        return self.processes[-1]

    def stop(self):
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def running():
    made = Cluster()
    made.add_workers(2)
    yield made
    made.stop()


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "fits.txt"
    path.write_text("")
    return path


def test_a_cluster_says_what_this_machine_says_and_a_lost_worker_costs_only_its_task(running, log):
    model = Dying(log=str(log), at=ORIGINS[4])
    there = fc.backtest(model, daily(), dask=running.address, **WORDS)
    fits = log.read_text().split()
    assert sum(process.poll() == -signal.SIGKILL for process in running.processes) == 1, "a worker process was killed"
    assert sorted(fits) == sorted([*ORIGINS, ORIGINS[4]]), "only the task it was at is done again"
    here = fc.backtest(Dying(log=str(log)), daily(), **WORDS)
    pd.testing.assert_frame_equal(there.drop(columns="seconds"), here.drop(columns="seconds"))
    assert there.attrs == here.attrs


def test_kept_tasks_are_not_sent(running, log, tmp_path):
    words = WORDS | {"folder": tmp_path / "kept"}
    fc.backtest(Dying(log=str(log)), daily(), **(words | {"origins": ORIGINS[:9]}))
    log.write_text("")
    fc.backtest(Dying(log=str(log)), daily(), dask=running.address, **words)
    assert sorted(log.read_text().split()) == ORIGINS[9:]


def test_a_model_that_raises_there_is_a_failed_task(running, log):
    log.unlink()
    with pytest.raises(InputError, match="no model could be run at any origin: Dying, FileNotFoundError"):
        fc.backtest(Dying(log=str(log)), daily(), dask=running.address, **WORDS)


def test_another_version_on_a_worker_is_refused(running, monkeypatch):
    monkeypatch.setattr(cluster, "model_version", lambda: "of another day")
    with pytest.raises(InputError, match=r"worker tcp://.* has code and libraries .* this machine of another day"):
        fc.backtest(SeasonalNaive(), daily(), dask=running.address, **WORDS)


def test_no_scheduler_no_worker_and_no_package_are_said_with_the_remedy(monkeypatch):
    monkeypatch.setattr(cluster, "REACH_SECONDS", 0.5)
    with pytest.raises(InputError, match=r"no scheduler answers there .* 'dask scheduler' and 'dask worker"):
        fc.backtest(SeasonalNaive(), daily(), dask="tcp://127.0.0.1:9", **WORDS)
    with pytest.raises(InputError, match="no scheduler answers there"):
        fc.backtest(SeasonalNaive(), daily(), dask="nonsense://x", **WORDS)
    alone = Cluster()
    try:
        monkeypatch.setattr(cluster, "REACH_SECONDS", 10)
        monkeypatch.setattr(cluster, "WORKERS_SECONDS", 0.3)
        with pytest.raises(InputError, match="the scheduler has no workers; start them"):
            fc.backtest(SeasonalNaive(), daily(), dask=alone.address, **WORDS)
    finally:
        alone.stop()
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"distributed is not installed; pip install 'norfolk-forecast\[dask\]'"):
        fc.backtest(SeasonalNaive(), daily(), dask="tcp://127.0.0.1:9", **WORDS)


def test_a_scheduler_that_is_lost_is_said_with_the_remedy(running, log):
    # the last of the file: it ends the scheduler that the others share
    def kill():
        while len(log.read_text().split()) < 3:
            time.sleep(0.02)
        running.scheduler.kill()

    threading.Thread(target=kill, daemon=True).start()
    with pytest.raises(InputError, match=r"the scheduler was lost with .* tasks unfinished; start it again"):
        fc.backtest(Dying(log=str(log)), daily(), dask=running.address, **WORDS)
