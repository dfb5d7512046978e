"""Runs in an object store: written, served, signed and journalled as in a folder, by and for several at once."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fsspec
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from upath import UPath

from forecast.doctor.examining import examine
from forecast.errors import InputError, Refused, RunError
from forecast.forecasters import Persistence
from forecast.gate.verdict import Finding, Verdict
from forecast.job import journal
from forecast.job.journal import Attempt
from forecast.observations.store import Store
from forecast.refit import refit
from forecast.runs import latest_run, open_run, served
from forecast.runs import place as places
from forecast.runs.diary import diary_of
from forecast.runs.object_place import LOCK_HOURS
from forecast.runs.place import place, writer_of
from forecast.runs.sign_off import sign_off, standing
from forecast.weekly.backfill import backfill
from tests.made_whole_runs import make_whole_run
from tests.refitting import QUICK, observed
from tests.s3_server import serving
from tests.small_runs import METRIC, small_run

ROOT = Path(__file__).resolve().parents[2]
NO = Verdict((Finding("stale", "not today"),))
READER = """
import sys, time
from forecast.runs import latest_run
seen, end = [], time.monotonic() + 30
while time.monotonic() < end and (not seen or seen[-1] < sys.argv[2]):
    run = latest_run(sys.argv[1])
    time.sleep(0.05)
    run.check()
    assert (run.trajectories("nctr_patients").samples.sel(location="RM1").mean() == 100 + int(run.id[-2:])), run.id
    if run.id not in seen[-1:]:
        seen.append(run.id)
        print(run.id, flush=True)
"""
KILLED = """
import os, signal, sys
from upath import UPath
from forecast.runs.place import place, writer_of
from tests.small_runs import small_run
from upath.implementations.cloud import S3Path
put, left = S3Path.write_bytes, [3]
def dying(self, data):
    if "2025-01-09" in str(self):
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
    return put(self, data)
S3Path.write_bytes = dying
models = place(sys.argv[1])
with writer_of(models).refitting():
    small_run(models, "2025-01-09")
"""


@pytest.fixture(scope="module")
def server():
    with serving() as (server, options), pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", options["endpoint_url"])
        patch.setenv("AWS_ACCESS_KEY_ID", "k")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "s")
        patch.setenv("PYTHONPATH", str(ROOT))
        yield server


@pytest.fixture
def url(server, request):
    return f"s3://honest/{request.node.name.replace('[', '-').strip(']')}"


@pytest.fixture
def models(url):
    return place(url)


def started(script, *words):
    return subprocess.Popen([sys.executable, "-c", script, *words], stdout=subprocess.PIPE, text=True, cwd=ROOT)


def put_by(server, url):
    return [line.split(" ", 1)[1] for line in server.requests if line.startswith(f"PUT {url.removeprefix('s3:/')}")]


def test_a_run_is_the_same_as_in_a_folder_and_its_manifest_comes_last(server, url, models, tmp_path):
    run = small_run(models, "2025-01-09")
    here = small_run(tmp_path, "2025-01-09")
    assert latest_run(url).id == run.id == here.id
    assert run.manifest == here.manifest
    run.check()
    sent = put_by(server, url)
    assert [path.rpartition("/")[2] for path in sent[-2:]] == ["manifest.json", "latest"]
    pd.testing.assert_frame_equal(run.history(METRIC), here.history(METRIC))
    first = small_run(models, "2025-01-02", level=90.0)
    assert latest_run(url).id == first.id, "latest names the one written last"
    assert diary_of(run, METRIC).runs == diary_of(here, METRIC).runs + 1
    assert isinstance(Store(url).folder, str)


def test_a_prefix_without_manifest_is_no_run_and_a_damaged_run_is_not_served(models, url):
    good = small_run(models, "2025-01-02")
    (models / "2025-01-09-cccc" / "summary.parquet").write_bytes(b"half")
    assert latest_run(url).id == good.id
    bad = small_run(models, "2025-01-09")
    (bad.path / "summary.parquet").write_bytes(b"changed")
    found = served(url)
    assert (found.run.id, found.wanted) == (good.id, bad.id)
    assert "summary.parquet is not what was written" in found.problem
    healed = small_run(models, "2025-01-09")
    healed.check()
    assert latest_run(url).id == bad.id
    assert len(list((models / "damaged").iterdir())) == 1, "what was damaged is kept"


def test_readers_in_other_processes_see_whole_runs_while_new_ones_come(url, models):
    last = 3
    small_run(models, "2025-01-01", level=100.0, mark="00")
    readers = [started(READER, url, f"2025-01-0{1 + last}-{last:02d}") for _ in range(2)]
    first = [reader.stdout.readline() for reader in readers]
    assert first == ["2025-01-01-00\n"] * 2
    for number in range(1, last + 1):
        small_run(models, f"2025-01-0{1 + number}", level=100.0 + number, mark=f"{number:02d}")
    for reader in readers:
        seen = reader.communicate(timeout=60)[0].split()
        assert reader.returncode == 0
        assert seen == sorted(seen)
        assert seen[-1] == f"2025-01-0{1 + last}-{last:02d}"


def test_of_refits_at_once_one_is_let_in_and_the_next_comes_after(models):
    inside, all_tried = [], threading.Barrier(4)

    def enter(number):
        try:
            with writer_of(models).refitting():
                inside.append(number)
                all_tried.wait(20)
        except Refused as error:
            all_tried.wait(20)
            return str(error)
        return ""

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(enter, range(4)))
    assert len(inside) == 1
    assert all("another refit is running" in text for number, text in enumerate(said) if number not in inside)
    assert any(f" {os.getpid()} " in text and "is waited for until" in text for text in said)
    with writer_of(models).refitting():
        pass


def test_a_refit_that_was_killed_leaves_the_last_run_and_is_waited_for_only_so_long(url, models, monkeypatch):
    good = small_run(models, "2025-01-02")
    killed = started(KILLED, url)
    assert killed.wait(60) == -signal.SIGKILL
    assert latest_run(url).id == good.id
    assert not (models / "2025-01-09-aaaa" / "manifest.json").exists()
    assert len(list((models / "2025-01-09-aaaa").rglob("*.parquet"))) == 2, "it had begun"
    with pytest.raises(Refused, match="is removed"), writer_of(models).refitting():
        pass
    name = max((models / ".lock").iterdir(), key=lambda path: path.name)
    told = json.loads(name.read_text())
    until = dt.datetime.fromisoformat(told["until"])
    assert until - dt.datetime.fromisoformat(told["at"]) == dt.timedelta(hours=LOCK_HOURS)
    name.write_text(json.dumps({**told, "until": "2025-01-09T00:00:00+00:00"}))
    with writer_of(models).refitting():
        again = small_run(models, "2025-01-09")
    again.check()
    assert latest_run(url).id == again.id


def test_a_refit_that_took_so_long_that_another_was_let_in_publishes_nothing(url, models):
    def other():
        with writer_of(models).refitting():
            return small_run(models, "2025-01-09")

    with writer_of(models).refitting():
        name = max((models / ".lock").iterdir(), key=lambda path: path.name)
        name.write_text(json.dumps({**json.loads(name.read_text()), "until": "2025-01-09T00:00:00+00:00"}))
        with ThreadPoolExecutor(1) as pool:
            newer = pool.submit(other).result()
        with pytest.raises(
            Refused, match="nothing was published: this refit took longer than 2 hours, and another was"
        ):
            small_run(models, "2025-01-02")
    assert latest_run(url).id == newer.id
    assert not (models / "2025-01-02-aaaa").exists()


def test_lines_of_several_writers_all_stay_in_their_order(url, models):
    run = small_run(models, "2025-01-09")
    assert journal.attempts(url) == []

    def attempt(number):
        journal.add(url, Attempt(f"{number}", "", "weekly", journal.FAILED, reasons=(f"the {number}th",)))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(attempt, range(8)))
    attempt(8)
    found = journal.attempts(url)
    assert sorted(one.started for one in found) == [f"{number}" for number in range(9)]
    assert journal.last_attempt(url).reasons == ("the 8th",)
    sign_off(url, run, name="A Reader", comment="looked", at=pd.Timestamp("2025-01-10"))
    assert [one.name for one in standing(url, run).signed] == ["A Reader"]
    sign_off(url, run, name="A Reader", comment="", at=pd.Timestamp("2025-01-11"), withdrawn=True)
    assert standing(url, run).withdrawn.at == pd.Timestamp("2025-01-11")


def test_a_refit_publishes_there_or_keeps_what_is_refused(url, models, tmp_path):
    store = Store(tmp_path / "data")
    store.add(observed("nctr_patients", "2024-10-01", "2024-12-22"))
    words = {"settings": QUICK, "forecaster": lambda metric: Persistence()}
    run = refit(store, url, **words)
    assert refit(store, url, **words).id == run.id == latest_run(url).id
    store.add(observed("nctr_patients", "2024-12-23", "2024-12-29"))
    with pytest.raises(Refused, match="not published: not today") as refused:
        refit(store, url, judge=lambda candidate: NO, **words)
    assert latest_run(url).id == run.id
    assert open_run(models / "refused" / refused.value.run).as_of == pd.Timestamp("2025-01-03")


def test_the_app_shows_a_run_from_there(url, models, monkeypatch, tmp_path):
    make_whole_run(models)
    monkeypatch.setenv("FORECAST_MODELS", url)
    monkeypatch.setenv("FORECAST_DATA", str(tmp_path / "none"))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    assert any("fit to leave" in element.value for element in app.markdown) or app.title
    assert latest_run(url).id == open_run(models / "2025-01-09-515177").id


def test_what_needs_a_folder_says_so(url, tmp_path):
    with pytest.raises(InputError, match=r"'forecast doctor' works on runs in a folder of this machine; .*aws s3 sync"):
        examine([], url, tmp_path)
    store = Store(tmp_path / "data")
    store.add(observed("nctr_patients", "2024-10-01", "2024-12-22"))
    with pytest.raises(InputError, match="'forecast backfill' works on"):
        list(backfill(store, url, [pd.Timestamp("2024-12-26")]))


def test_a_place_that_cannot_be_used_is_said_with_the_remedy(monkeypatch):
    places._behind.cache_clear()
    with pytest.raises(InputError, match="name a folder, or a URL"):
        place("nonsense://x/y")
    monkeypatch.setattr(UPath, "fs", property(lambda self: (_ for _ in ()).throw(OSError("no route to host"))))
    fsspec.filesystem("s3").invalidate_cache()
    with pytest.raises(RunError, match=r"cannot be reached \(no route to host\); check the address"):
        place("s3://honest/other")


def test_two_writers_that_could_overwrite_each_other_are_refused(server):
    models = place("s3://deaf/models")
    with pytest.raises(Exception, match="the server ignores the condition"), writer_of(models).refitting():
        pass
