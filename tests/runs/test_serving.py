"""Which run is served when the newest is damaged, and what is said of it."""

import json
import logging
import random
import shutil

import pytest

from forecast.errors import NoRunYet, RunError
from forecast.runs import latest_run, point_latest, served
from forecast.runs import whole as whole_of
from forecast.runs.seal import sealed
from forecast.runs.whole import fault_of, forget
from tests.small_runs import small_run

NEWEST = "2025-01-16-aaaa"


@pytest.fixture
def models(tmp_path):
    """Three weekly runs, the newest served."""
    for number, day in enumerate(("2025-01-02", "2025-01-09", "2025-01-16")):
        small_run(tmp_path, day, written=1_000_000 + number)
    return tmp_path


def cut(path):
    path.write_bytes(path.read_bytes()[:-7])


def test_nothing_is_wrong_with_a_whole_run(models):
    found = served(models)
    assert (found.run.id, found.problem, found.instead) == (NEWEST, "", False)


def test_a_file_that_cannot_be_read_for_a_moment_is_read_again(models, monkeypatch):
    digest = whole_of.digest_of
    monkeypatch.setattr(whole_of, "digest_of", lambda path: fails() if NEWEST in str(path) else digest(path))

    def fails():
        raise OSError(5, "Input/output error")

    forget(models / NEWEST)
    assert served(models).run.id == "2025-01-09-aaaa"
    monkeypatch.setattr(whole_of, "digest_of", digest)
    assert served(models).run.id == NEWEST


def edited(path):
    path.write_text(path.read_text().replace("2025-01-", "2025-02-"))


HARMS = {
    "a piece is missing": (lambda run: (run / "flags.parquet").unlink(), "flags.parquet is missing"),
    "a piece is cut": (lambda run: cut(run / "quantiles.parquet"), "quantiles.parquet is not what was written"),
    "half a manifest": (lambda run: cut(run / "manifest.json"), "its manifest cannot be read (JSONDecodeError)"),
    "no manifest": (lambda run: (run / "manifest.json").unlink(), "its manifest cannot be read (FileNotFoundError)"),
    "another day in the manifest": (lambda run: edited(run / "manifest.json"), "its manifest is not what was written"),
    "no folder": (shutil.rmtree, "its folder is missing"),
}


@pytest.mark.parametrize("harm", HARMS)
def test_the_whole_run_before_is_served_in_the_place_of_a_damaged_one(models, harm, caplog):
    act, wrong = HARMS[harm]
    act(models / NEWEST)
    found = served(models)
    assert found.run.id == "2025-01-09-aaaa"
    assert found.problem == (
        f"run {NEWEST} cannot be used ({wrong}): the run of 9 January 2025, 2025-01-09-aaaa, is shown instead; "
        "run 'forecast doctor' to set it right"
    )
    with caplog.at_level(logging.WARNING):
        assert latest_run(models).id == "2025-01-09-aaaa"
    assert found.problem in caplog.text
    act(models / "2025-01-09-aaaa")
    assert served(models).run.id == "2025-01-02-aaaa"


def test_of_several_files_three_are_named(models):
    for path in (models / NEWEST).rglob("*.parquet"):
        path.unlink()
    three = ("baseline/nctr_patients", "flags", "history/nctr_patients")
    named = ", ".join(f"{name}.parquet is missing" for name in three)
    assert served(models).wrong == f"{named}, and 3 more of its files are damaged"


@pytest.mark.parametrize("pointer", [b"", b"\xff\xfe", b"../../etc", b".", None])
def test_without_a_pointer_that_can_be_used_the_newest_whole_run_is_served(models, pointer):
    (models / "latest").unlink()
    if pointer is not None:
        (models / "latest").write_bytes(pointer)
    found = served(models)
    assert found.run.id == NEWEST
    assert found.problem.startswith("the pointer to the latest run ")
    assert "is shown instead; run 'forecast doctor'" in found.problem
    cut(models / NEWEST / "flags.parquet")
    assert served(models).run.id == "2025-01-09-aaaa"


def test_of_the_runs_of_one_day_the_one_written_last_is_served(models):
    small_run(models, "2025-01-09", mark="bbbb", written=1_000_001.5)
    point_latest(models, NEWEST)
    shutil.rmtree(models / NEWEST)
    assert served(models).run.id == "2025-01-09-bbbb"


def test_a_simulated_run_never_takes_the_place_of_a_published_one(models):
    small_run(models, "2025-01-14", mark="cccc", simulated=True)
    point_latest(models, NEWEST)
    cut(models / NEWEST / "flags.parquet")
    assert served(models).run.id == "2025-01-09-aaaa"
    (models / NEWEST / "manifest.json").unlink()
    assert served(models).run.id == "2025-01-09-aaaa"
    point_latest(models, "2025-01-14-cccc")
    cut(models / "2025-01-14-cccc" / "flags.parquet")
    found = served(models)
    assert (found.run.id, found.instead) == ("2025-01-14-cccc", False)


def test_a_run_made_long_after_its_day_is_served_only_for_want_of_another(models):
    path = models / "2025-01-09-aaaa" / "manifest.json"
    path.write_text(json.dumps(sealed({**json.loads(path.read_text()), "made": "backfill"})))
    cut(models / NEWEST / "flags.parquet")
    assert served(models).run.id == "2025-01-02-aaaa"
    shutil.rmtree(models / "2025-01-02-aaaa")
    assert served(models).run.id == "2025-01-09-aaaa"


def test_a_later_run_is_served_only_where_there_is_no_earlier(models):
    point_latest(models, "2025-01-09-aaaa")
    cut(models / "2025-01-09-aaaa" / "flags.parquet")
    assert served(models).run.id == "2025-01-02-aaaa"
    shutil.rmtree(models / "2025-01-02-aaaa")
    assert served(models).run.id == NEWEST


def test_the_only_run_is_served_as_far_as_it_can_be_read_and_said_to_be_damaged(tmp_path):
    run = small_run(tmp_path, "2025-01-16")
    cut(run.path / "flags.parquet")
    found = served(tmp_path)
    assert found.problem == (
        f"run {NEWEST} is damaged (flags.parquet is not what was written) and there is no other: what cannot be read "
        "of it is not shown; run 'forecast doctor' to set it right, then 'forecast refit' to make a new run"
    )
    assert len(found.run.history("nctr_patients"))
    with pytest.raises(RunError, match=r"flags\.parquet cannot be read"):
        found.run.flags("nctr_patients")


def test_a_run_whose_manifest_was_changed_is_never_shown(tmp_path):
    edited(small_run(tmp_path, "2025-01-16").path / "manifest.json")
    with pytest.raises(RunError, match=r"its manifest is not what was written; run 'forecast doctor' to set it aside"):
        served(tmp_path)


def test_one_changed_letter_of_a_manifest_is_found(tmp_path):
    path = small_run(tmp_path, "2025-01-16").path / "manifest.json"
    whole = path.read_bytes()
    chance = random.Random(1)
    found = 0
    for _ in range(40):
        place = chance.randrange(len(whole))
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        forget(path.parent)
        found += bool(fault_of(path.parent)) or json.loads(path.read_bytes()) == json.loads(whole)
    assert found == 40


def test_a_manifest_of_before_there_were_seals_is_read(tmp_path):
    path = small_run(tmp_path, "2025-01-16").path / "manifest.json"
    told = json.loads(path.read_text())
    assert len(told.pop("seal")) == 64
    path.write_text(json.dumps(told))
    assert served(tmp_path).problem == ""


def test_where_there_has_never_been_a_run_it_says_so(tmp_path):
    with pytest.raises(NoRunYet, match="no run yet; run 'forecast refit'"):
        served(tmp_path / "nowhere")
    (tmp_path / "latest").write_text("2025-01-16-aaaa")
    with pytest.raises(RunError, match="its manifest cannot be read") as told:
        served(tmp_path)
    assert not isinstance(told.value, NoRunYet)


def test_a_run_is_hashed_once_until_one_of_its_files_changes(models, monkeypatch):
    hashed = []
    digest_of = whole_of.digest_of
    monkeypatch.setattr(whole_of, "digest_of", lambda path: hashed.append(path.name) or digest_of(path))
    run = models / NEWEST
    forget(run)
    assert fault_of(run) == ""
    first = len(hashed)
    assert first == 6
    assert fault_of(run) == ""
    assert len(hashed) == first
    forget(run)
    assert fault_of(run) == ""
    assert len(hashed) == 2 * first
    (run / "flags.parquet").touch()
    assert fault_of(run) == ""
    assert len(hashed) == 3 * first
