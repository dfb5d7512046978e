"""A disk that is full and a folder that is read-only: said with the remedy, nothing lost, and it heals by itself."""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecast.doctor.examining import examine
from forecast.errors import RunError
from forecast.incoming.ingest import ingest_files, read_one
from forecast.job import journal
from forecast.job.journal import Attempt
from forecast.observations.store import Store
from forecast.runs import served, write_run
from tests.faults.disks import LIMITED, MOUNTED, NOT_OURS, SmallDisk, read_only
from tests.faults.weekly_work import METRIC, content, left_overs, names, refitted, stored, week
from tests.forked import Forked
from tests.frames import days, tidy
from tests.runs.test_runs import manifest, metric_forecast

FULL = "(No space left on device|File too large)"
ATTEMPT = Attempt("2024-12-19T06:00:00+00:00", "2024-12-19T06:04:00+00:00", "weekly", "published", "a run")


@pytest.fixture(scope="module")
def weeks(tmp_path_factory):
    """A store with a week that no run knows yet, the run of the week before, and a file not ingested yet."""
    folder = tmp_path_factory.mktemp("weeks")
    store = stored(folder / "data")
    refitted(store, folder / "models")
    store.add(week())
    values = np.random.default_rng(1).random(2000)
    tidy(dict(zip(days("2018-01-01", 2000), values, strict=True))).to_csv(folder / "new.csv", index=False)
    return folder


def on_a_small_disk(weeks, tmp_path, action):
    """Do something on a disk that holds the weeks, in a process of its own; it must have been really small."""

    def child():
        disk = SmallDisk(tmp_path / "disk")
        assert disk.how in (MOUNTED, LIMITED)
        shutil.copytree(weeks, disk.folder, dirs_exist_ok=True)
        action(disk)

    assert Forked(child).ended() == 0


def test_an_ingest_on_a_full_disk_costs_nothing_and_goes_in_when_there_is_room(weeks, tmp_path):
    def ingest(disk):
        before = content(disk.folder / "data")
        for leave in (0, 4096):
            disk.fill(leave)
            (said,) = ingest_files(Store(disk.folder / "data"), [disk.folder / "new.csv"])
            disk.free()
            assert pd.Series(said.error).str.contains(rf"cannot be written \({FULL}\); free some space").all()
            assert "what was stored before is untouched" in said.error
            after = content(disk.folder / "data")
            assert {name: after[name] for name in before} == before
            # The note of what was to be stored may have had room.
            assert all("sources" in name for name in set(after) - set(before))
            assert left_overs(disk.folder) == []
        (said,) = ingest_files(Store(disk.folder / "data"), [disk.folder / "new.csv"])
        assert said.added.new == 2000
        assert Store(disk.folder / "data").check() == []

    on_a_small_disk(weeks, tmp_path, ingest)


def test_a_refit_on_a_full_disk_leaves_the_last_run_and_publishes_when_there_is_room(weeks, tmp_path):
    def refit(disk):
        models = disk.folder / "models"
        before, last = content(models), served(models).run.id
        for leave in (0, 16_384):
            disk.fill(leave)
            with pytest.raises(RunError, match=rf"cannot be written \({FULL}\); free some space.*the last run stands"):
                refitted(Store(disk.folder / "data"), models)
            disk.free()
            assert (served(models).run.id, served(models).problem) == (last, "")
            assert content(models) == before
            assert left_overs(models) == []
        new = refitted(Store(disk.folder / "data"), models)
        assert served(models).run.id == new.id != last

    on_a_small_disk(weeks, tmp_path, refit)


def test_a_run_finds_room_for_all_of_it_or_for_none(weeks, tmp_path):
    made = [metric_forecast()]
    new = manifest(id="2025-01-02-0123456789", as_of="2025-01-02")

    def write(disk):
        models = disk.folder / "models"
        before = content(models)
        leave = 0
        while served(models).run.id != new["id"]:
            leave += 4096
            disk.fill(leave)
            with suppress(RunError):
                write_run(models, new, made)
            disk.free()
            if served(models).run.id != new["id"]:
                assert content(models) == before
        served(models).run.check()
        assert left_overs(models) == []
        assert leave > 8192

    on_a_small_disk(weeks, tmp_path, write)


def test_the_journal_on_a_full_disk_says_so_and_the_next_attempt_is_in_it(weeks, tmp_path):
    long = Attempt(**{**vars(ATTEMPT), "reasons": ("why " * 3000,)})

    def write(disk):
        models = disk.folder / "models"
        journal.add(models, ATTEMPT)
        size = (models / journal.JOURNAL).stat().st_size
        disk.fill(4096 if disk.how == MOUNTED else size + 4096)
        with pytest.raises(RunError, match=rf"journal\.jsonl: cannot be written \({FULL}\); free some space"):
            journal.add(models, long)
        disk.free()
        assert journal.attempts(models) == [ATTEMPT]
        journal.add(models, ATTEMPT)
        assert journal.attempts(models) == [ATTEMPT, ATTEMPT]
        examine([], models, disk.folder / "raw")
        assert examine([], models, disk.folder / "raw") == []
        assert journal.attempts(models) == [ATTEMPT, ATTEMPT]

    on_a_small_disk(weeks, tmp_path, write)


def test_a_read_only_folder_is_read_and_every_writer_says_so(weeks):
    with tempfile.TemporaryDirectory() as scratch:
        # Not below the folders of the tests, which another user may not enter.
        Path(scratch).chmod(0o755)
        folder = Path(scratch) / "weeks"
        shutil.copytree(weeks, folder)
        before = content(folder)
        last = served(folder / "models").run.id
        # Another user may have no right to load what reading needs.
        assert read_one(folder / "new.csv").published is None

        def child():
            assert read_only(folder) in (MOUNTED, NOT_OURS)
            data, models = Store(folder / "data"), folder / "models"
            assert served(models).run.id == last
            assert len(data.panel(METRIC)) == 76
            refused = r"cannot be written \((Read-only file system|Permission denied)\)"
            (said,) = ingest_files(data, [folder / "new.csv"])
            assert pd.Series(said.error).str.contains(f"{refused}.*give the folder write permission").all()
            with pytest.raises(RunError, match=f"{refused}; name a folder that can be, with --models"):
                refitted(data, models)
            with pytest.raises(RunError, match=refused):
                journal.add(models, ATTEMPT)
            assert examine([data], models, folder / "raw") == []

        assert Forked(child).ended() == 0
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755)
        assert content(folder) == before
        assert refitted(Store(folder / "data"), folder / "models").id in names(folder / "models")
