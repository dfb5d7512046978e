import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import forecast
from forecast.errors import RunError
from forecast.runs import MetricForecast, code_version, latest_run, open_run, outlook, run_id, write_run
from forecast.runs.seal import sealed
from forecast.summary import summarise
from forecast.trajectories import Trajectories

ORIGIN = pd.Timestamp("2024-12-22")


def metric_forecast(metric: str = "nctr_patients") -> MetricForecast:
    dates = pd.date_range(ORIGIN + pd.Timedelta(days=1), periods=35)
    values = np.arange(2 * 10 * 35, dtype=float).reshape(2, 10, 35)
    samples = xr.DataArray(
        values,
        dims=("location", "sample", "date"),
        coords={"location": ["RM1", "RGP"], "sample": range(10), "date": dates},
    )
    paths = Trajectories(samples, metric, ORIGIN, {"RGP": "a remark"}, "Ensemble").with_total(
        "NORFOLK", of=["RM1", "RGP"]
    )
    history = pd.DataFrame(
        {"RM1": 5.0, "RGP": 4.0, "NORFOLK": 9.0}, index=pd.date_range("2024-12-01", ORIGIN, name="date")
    )
    flags = pd.DataFrame({"date": [ORIGIN], "location": ["RGP"], "flag": ["lone_zero"], "note": ["why"]})
    return MetricForecast(
        metric, paths, paths, history, flags, summarise(paths, history, ORIGIN), {"RCX": "no usable value"}
    )


def manifest(**changes: object) -> dict[str, object]:
    return {
        "id": "2024-12-26-0123456789",
        "as_of": "2024-12-26",
        "simulated": False,
        "code_version": code_version(),
        "counties": {"NORFOLK": ["RM1", "RGP"]},
        "skipped": {"flu_beds": "too old"},
        "vintages": [],
        **changes,
    }


def test_a_run_read_back_is_the_run_written(tmp_path):
    written = metric_forecast()
    write_run(tmp_path, manifest(), [written])
    run = latest_run(tmp_path)
    assert (run.id, run.as_of, run.simulated) == ("2024-12-26-0123456789", pd.Timestamp("2024-12-26"), False)
    assert run.metrics == ["nctr_patients"]
    assert run.counties == ["NORFOLK"]
    assert run.members("NORFOLK") == ["RM1", "RGP"]
    assert run.last_observed("nctr_patients") == ORIGIN
    assert run.cannot_say("nctr_patients") == {"RCX": "no usable value"}
    assert run.notes("nctr_patients")["RGP"] == "a remark"
    xr.testing.assert_equal(run.trajectories("nctr_patients").samples, written.trajectories.samples)
    assert run.trajectories("nctr_patients").model == "Ensemble"
    assert run.baseline("nctr_patients").model == "Persistence"
    pd.testing.assert_frame_equal(
        run.history("nctr_patients"), written.history, check_freq=False, check_names=False, check_index_type=False
    )
    assert run.flags("nctr_patients")["note"].tolist() == ["why"]
    assert len(run.summary) == 6
    run.check()


def test_a_run_is_never_edited_and_the_same_inputs_give_the_same_run(tmp_path):
    first = write_run(tmp_path, manifest(), [metric_forecast()])
    before = {p: p.stat().st_mtime_ns for p in first.path.rglob("*")}
    write_run(tmp_path, manifest(), [metric_forecast("nctr_remaining")])
    assert {p: p.stat().st_mtime_ns for p in first.path.rglob("*")} == before
    day = pd.Timestamp("2024-12-26")
    assert run_id(day, {"a": 1, "b": 2}) == run_id(day, {"b": 2, "a": 1}) != run_id(day, {"a": 1, "b": 3})


def test_latest_moves_to_the_newer_run_and_the_older_stays(tmp_path):
    write_run(tmp_path, manifest(), [metric_forecast()])
    write_run(tmp_path, manifest(id="2025-01-02-0123456789"), [metric_forecast()])
    assert latest_run(tmp_path).id == "2025-01-02-0123456789"
    assert sorted(path.name for path in tmp_path.glob("2*")) == ["2024-12-26-0123456789", "2025-01-02-0123456789"]


def test_a_run_that_cannot_be_written_leaves_the_last_one_served(tmp_path, monkeypatch):
    write_run(tmp_path, manifest(), [metric_forecast()])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunError, match=r"No space left on device.*the last run stands"):
        write_run(tmp_path, manifest(id="2025-01-02-0123456789"), [metric_forecast()])
    assert latest_run(tmp_path).id == "2024-12-26-0123456789"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["2024-12-26-0123456789", "latest"]


def test_every_file_of_a_run_is_on_the_disk_before_it_has_its_name_and_that_before_it_is_served(tmp_path, monkeypatch):
    flushed: set[int] = set()
    told: list[str] = []

    def fsync(handle: int) -> None:
        flushed.add(os.fstat(handle).st_ino)

    def rename(path: Path, target: Path) -> Path:
        told.append(target.name)
        missing = [one for one in [path, *path.rglob("*")] if one.stat().st_ino not in flushed]
        assert missing == []
        return before(path, target)

    before = Path.rename
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "rename", rename)
    replace_path = Path.replace
    monkeypatch.setattr(Path, "replace", lambda path, to: told.append(to.name) or replace_path(path, to))
    write_run(tmp_path, manifest(), [metric_forecast()])
    assert told == ["2024-12-26-0123456789", "latest"]
    assert tmp_path.stat().st_ino in flushed


def test_a_run_that_cannot_be_given_its_name_leaves_nothing_behind(tmp_path, monkeypatch):
    def refused(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(RunError, match="Input/output error"):
        write_run(tmp_path, manifest(), [metric_forecast()])
    assert list(tmp_path.iterdir()) == []


def test_left_overs_of_a_killed_refit_are_removed_and_a_half_folder_replaced(tmp_path):
    (tmp_path / ".2024-12-26-0123456789.1.tmp" / "history").mkdir(parents=True)
    (tmp_path / ".latest.1.tmp").write_text("x")
    (tmp_path / "2024-12-26-0123456789").mkdir()
    write_run(tmp_path, manifest(), [metric_forecast()]).check()
    assert not list(tmp_path.glob(".*.tmp"))


@pytest.mark.parametrize("harm", ["manifest", "piece"])
def test_a_refit_replaces_a_damaged_run(tmp_path, harm):
    run = write_run(tmp_path, manifest(), [metric_forecast()])
    path = run.path / ("manifest.json" if harm == "manifest" else "flags.parquet")
    path.write_bytes(path.read_bytes()[:20])
    write_run(tmp_path, manifest(), [metric_forecast()])
    latest_run(tmp_path).check()


def test_a_damaged_pointer_is_said_with_the_remedy(tmp_path):
    for content, words in ((b"\xff\xfe", "UnicodeDecodeError"), (b"", "names no run"), (b"../../etc", "names no run")):
        (tmp_path / "latest").write_bytes(content)
        with pytest.raises(RunError, match=f"{words}.*remove it and run 'forecast refit'"):
            latest_run(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="cannot be read"):
        latest_run(tmp_path / "file")


def test_what_is_wrong_with_a_run_is_said_with_the_remedy(tmp_path):
    with pytest.raises(RunError, match="no run yet; run 'forecast refit'"):
        latest_run(tmp_path)
    run = write_run(tmp_path, manifest(), [metric_forecast()])
    with pytest.raises(RunError, match=r"no forecast of 'flu_beds'; it has nctr_patients \(too old\)"):
        run.trajectories("flu_beds")
    paths = run.path / "trajectories" / "nctr_patients.parquet"
    paths.write_bytes(paths.read_bytes()[:50])
    with pytest.raises(RunError, match=r"nctr_patients\.parquet cannot be read"):
        run.trajectories("nctr_patients")
    with pytest.raises(RunError, match=r"nctr_patients\.parquet has been changed"):
        run.check()
    paths.unlink()
    with pytest.raises(RunError, match=r"nctr_patients\.parquet is missing"):
        run.check()
    text = json.loads((run.path / "manifest.json").read_text())
    (run.path / "manifest.json").write_text(json.dumps({**text, "format": 99}))
    with pytest.raises(RunError, match="made in format 99, this version reads 1"):
        open_run(run.path)
    del text["counties"]
    (run.path / "manifest.json").write_text(json.dumps(text))
    with pytest.raises(RunError, match="its manifest lacks 'counties'"):
        open_run(run.path)
    (run.path / "manifest.json").write_text("[]")
    with pytest.raises(RunError, match="its manifest cannot be read"):
        open_run(run.path)
    (run.path / "manifest.json").write_text("{")
    with pytest.raises(RunError, match="its manifest cannot be read"):
        latest_run(tmp_path)


def test_the_season_ahead_read_back_is_the_one_written(tmp_path):
    one = metric_forecast()
    weeks = outlook.weekly(one.trajectories, ORIGIN)
    season = outlook.SeasonAhead(weeks, "", pd.Timestamp("2022-04-01"), ORIGIN + pd.Timedelta(days=42))
    run = write_run(tmp_path, manifest(), [replace(one, season=season)])
    xr.testing.assert_equal(run.outlook("nctr_patients").samples, weeks.samples)
    assert run.outlook("nctr_patients").step_days == 7
    assert run.outlook("nctr_patients").notes == one.trajectories.notes
    assert run.no_outlook("nctr_patients") == ""
    assert run.season_dates("nctr_patients") == (pd.Timestamp("2022-04-01"), pd.Timestamp("2025-02-02"))
    assert f"{outlook.FOLDER}/nctr_patients.parquet" in run.manifest["files"]


def test_a_run_without_the_season_ahead_says_why(tmp_path):
    run = write_run(tmp_path, manifest(), [metric_forecast()])
    assert not (run.path / outlook.FOLDER).exists()
    with pytest.raises(RunError, match="no season outlook of 'nctr_patients': the forecaster of this run does not"):
        run.outlook("nctr_patients")
    with pytest.raises(RunError, match="no forecast of 'flu_beds'"):
        run.outlook("flu_beds")


def test_a_run_made_before_there_was_a_season_ahead_stays_readable_and_says_so(tmp_path):
    run = write_run(tmp_path, manifest(), [metric_forecast()])
    path = run.path / "manifest.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    del told["metrics"]["nctr_patients"]["outlook"]
    path.write_text(json.dumps(sealed(told)), encoding="utf-8")
    old = latest_run(tmp_path)
    assert len(old.trajectories("nctr_patients").dates) == 35
    for asked in (old.outlook, old.season_dates):
        with pytest.raises(RunError, match="the run was made before there was one; run 'forecast refit'"):
            asked("nctr_patients")


def test_the_code_version_follows_from_every_module_of_the_package(monkeypatch):
    read = []
    before = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path) or before(path))
    code_version.cache_clear()
    code_version()
    assert set(read) == set(Path(forecast.__file__).parent.rglob("*.py"))
    assert len(read) > 150
