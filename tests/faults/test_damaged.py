"""Files that something has damaged: the run before is served, the message says so, the doctor heals, twice is once."""

import shutil
from functools import partial

import pandas as pd
import pytest
from filelock import FileLock
from typer.testing import CliRunner

from forecast.cli import app
from forecast.command import terminal
from forecast.doctor.examining import examine
from forecast.errors import RunError, StoreError
from forecast.forecasters import Persistence
from forecast.job.weekly import Job, run_weekly
from forecast.observations.store import Store
from forecast.refit import refit
from forecast.runs import latest_run, served
from tests.faults.weekly_work import METRIC, SMALL, content, left_overs, names, refitted, stored, week

OF_THE_STORE = ("a corrupt vintage", "half a vintage", "an empty vintage")
NEWEST_WEEK = "2024-12-15"
remade = partial(refit, settings=SMALL, forecaster=lambda metric: Persistence())


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A store of two vintages and the runs of two weeks."""
    folder = tmp_path_factory.mktemp("made")
    store = stored(folder / "data")
    refitted(store, folder / "models")
    store.add(week(NEWEST_WEEK))
    refitted(store, folder / "models")
    return folder


@pytest.fixture
def weeks(made, tmp_path):
    return shutil.copytree(made, tmp_path / "weeks")


@pytest.fixture
def doctor(weeks, monkeypatch):
    """The command ``forecast doctor`` in a folder of weeks."""
    monkeypatch.chdir(weeks)
    for console in (terminal.out, terminal.err):
        monkeypatch.setattr(console, "_width", 500)
    return lambda *words: CliRunner().invoke(app, ["doctor", *words])


def newest(weeks):
    return weeks / "models" / names(weeks / "models")[-1]


def flipped(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def reseeded(run):
    path = run / "manifest.json"
    path.write_text(path.read_text().replace('"seed": 1', '"seed": 2'))


RUNS = {
    "a corrupt Parquet file": (lambda run: flipped(run / "summary.parquet"), "summary.parquet is not what was written"),
    "a piece is missing": (lambda run: (run / "flags.parquet").unlink(), "flags.parquet is missing"),
    "half a manifest": (lambda run: cut(run / "manifest.json"), "its manifest cannot be read"),
    "an empty manifest": (lambda run: (run / "manifest.json").write_bytes(b""), "its manifest cannot be read"),
    "another seed in the manifest": (reseeded, "its manifest is not what was written"),
    "the run is gone": (shutil.rmtree, "its folder is missing"),
}


@pytest.mark.parametrize("harm", RUNS)
def test_a_damaged_run_gives_way_to_the_one_before_until_it_is_made_again(weeks, doctor, harm):
    act, wrong = RUNS[harm]
    models = weeks / "models"
    earlier, later = names(models)
    act(newest(weeks))
    before = content(models / later)
    found = served(models)
    assert found.run.id == latest_run(models).id == earlier
    assert found.run.summary["metric"].unique().tolist() == [METRIC]
    assert found.problem.startswith(f"run {later} cannot be used ({wrong}")
    assert "run 'forecast doctor'" in found.problem
    looked = doctor("--check")
    assert looked.exit_code == 1
    assert "names a run that cannot be used" in looked.output
    assert content(models / later) == before
    told = doctor()
    assert told.exit_code == 0, told.output
    assert f"now names the newest whole run, {earlier}" in told.output
    assert (wrong in told.output) == (harm != "the run is gone")
    assert (models / "latest").read_text().strip() == earlier
    assert content(models / "damaged" / later) == before
    assert served(models).problem == ""
    again = doctor()
    assert again.exit_code == 0
    assert "Nothing is wrong" in again.output
    assert refitted(Store(weeks / "data"), models).id == later
    assert served(models).run.id == later
    assert "Nothing is wrong" in doctor("--check").output


POINTERS = {"empty": b"", "no text": b"\xff\xfe\x00", "to a run that is gone": b"2024-12-26-0123456789\n"}


@pytest.mark.parametrize("harm", POINTERS)
def test_a_damaged_pointer_is_moved_back(weeks, doctor, harm):
    models = weeks / "models"
    earlier, later = names(models)
    (models / "latest").write_bytes(POINTERS[harm])
    assert served(models).run.id == later
    assert "run 'forecast doctor'" in served(models).problem
    assert doctor().exit_code == 0
    assert (models / "latest").read_text().strip() == later
    assert names(models) == [earlier, later]
    assert "Nothing is wrong" in doctor().output


def test_a_refit_heals_by_itself_and_keeps_what_was_damaged(weeks):
    models = weeks / "models"
    earlier, later = names(models)
    flipped(newest(weeks) / "summary.parquet")
    assert refitted(Store(weeks / "data"), models).id == later
    assert served(models).problem == ""
    assert (models / "damaged" / later / "manifest.json").is_file()
    assert names(models) == [earlier, later]


@pytest.mark.parametrize("alone", [False, True])
def test_the_weekly_job_makes_a_damaged_run_again_though_no_figure_is_new(weeks, alone):
    models = weeks / "models"
    if alone:
        shutil.rmtree(models / names(models)[0])
    job = Job(str(weeks / "data"), models, weeks / "raw", fetch=False)
    now = pd.Timestamp("2024-12-20T06:00:00+00:00")
    flipped(newest(weeks) / "summary.parquet")
    assert served(models).wrong
    told = [run_weekly(job, now, make=remade) for _ in range(2)]
    assert [one.outcome for one in told] == ["published", "unchanged"], [one.reasons for one in told]
    assert served(models).problem == ""
    assert f"{served(models).run.last_observed(METRIC):%Y-%m-%d}" == NEWEST_WEEK


def test_the_only_run_is_set_aside_and_a_refit_makes_another(weeks, doctor):
    models = weeks / "models"
    earlier, later = names(models)
    shutil.rmtree(models / earlier)
    flipped(newest(weeks) / "summary.parquet")
    assert "there is no other" in served(models).problem
    with pytest.raises(RunError, match=r"summary\.parquet cannot be read"):
        _ = served(models).run.summary
    told = doctor()
    assert "removed: there is no whole run; 'forecast refit' makes a new run" in told.output
    assert (models / "damaged" / later).is_dir()
    assert "Nothing is wrong" in doctor().output
    # Not the same name: there is no run before that it could be compared with.
    assert refitted(Store(weeks / "data"), models).as_of == served(models).run.as_of


@pytest.mark.parametrize("harm", OF_THE_STORE)
def test_a_damaged_vintage_is_set_aside_and_ingesting_again_brings_it_back(weeks, doctor, harm):
    store = Store(weeks / "data")
    rows = store.history(METRIC).sort_values(["date", "location"], ignore_index=True)
    path = store.vintages()[1].path
    {"a corrupt vintage": flipped, "half a vintage": cut, "an empty vintage": lambda p: p.write_bytes(b"")}[harm](path)
    harmed = path.read_bytes()
    with pytest.raises(StoreError, match=r"000002\.parquet: this file of the store is damaged .*'forecast heal"):
        refitted(Store(weeks / "data"), weeks / "models")
    assert served(weeks / "models").problem == ""
    assert doctor("--check").exit_code == 1
    assert path.read_bytes() == harmed
    told = doctor()
    assert told.exit_code == 0
    assert "000002.parquet: " in told.output
    assert "set aside in observations/damaged" in told.output
    assert "ingest again: test" in told.output
    assert path.with_name("damaged").joinpath(path.name).read_bytes() == harmed
    assert "Nothing is wrong" in doctor().output
    assert len(Store(weeks / "data").history(METRIC)) < len(rows)
    Store(weeks / "data").add(week(NEWEST_WEEK))
    again = Store(weeks / "data").history(METRIC).sort_values(["date", "location"], ignore_index=True)
    assert again.drop(columns="published").equals(rows.drop(columns="published"))


def test_what_killed_processes_left_is_removed_and_what_is_at_work_is_left_alone(weeks, doctor):
    models = weeks / "models"
    (models / ".2024-12-26-aaaa.1.tmp" / "history").mkdir(parents=True)
    (models / ".backfill" / "2024-11-07").mkdir(parents=True)
    (weeks / "data" / "observations" / ".000003-1.tmp").write_bytes(b"half")
    (weeks / "data" / "observations" / "sources" / "000003-0123456789ab.txt").write_text("a file")
    (models / "journal.jsonl").write_text('{"started": "2024-1')
    looked = doctor("--check")
    assert looked.exit_code == 1
    assert "Wrong: 5 things" in looked.output
    told = doctor()
    assert told.exit_code == 0, told.output
    assert "Set right: 5 things" in told.output
    assert "an ingest was begun and not finished; its note was removed" in told.output
    assert "a line is damaged; put aside in journal.set-aside" in told.output
    assert left_overs(weeks) == []
    assert "Nothing is wrong" in doctor().output


def test_it_touches_nothing_where_a_refit_is_at_work(weeks):
    models = weeks / "models"
    flipped(newest(weeks) / "summary.parquet")
    half = models / ".2024-12-26-aaaa.1.tmp"
    half.mkdir()
    before = content(models)
    with FileLock(models / ".lock"):
        found = examine([Store(weeks / "data")], models, weeks / "raw")
    assert content(models) == before
    assert half.is_dir()
    assert [one.did for one in found] == ["", ""]
    assert all("a refit is at work, so nothing was touched; run 'forecast doctor' again" in str(one) for one in found)


def test_where_there_is_nothing_it_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(app, ["doctor"])
    assert said.exit_code == 0
    assert "Nothing is wrong" in said.output
    assert list(tmp_path.iterdir()) == []
