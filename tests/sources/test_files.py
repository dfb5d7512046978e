from __future__ import annotations

import logging
from pathlib import Path

import pandas as pd
import pytest

from forecast.errors import InputError, NotObservations
from forecast.sources import find_files, read, read_file
from tests import workbooks as wb

GOOD = "date,location,metric,value,source\n2024-12-01,RM1,nctr_patients,1,ukhsa-weekly-report-2024w50\n"


def test_folders_are_walked_and_hidden_and_lock_files_left_out(tmp_path: Path) -> None:
    for name in ("b.csv", "a/c.csv", ".hidden", "~$b.xlsx", ".git/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert find_files([tmp_path, tmp_path / "b.csv"]) == [tmp_path / "a" / "c.csv", tmp_path / "b.csv"]


def test_paths_under_which_nothing_is_found_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no files"):
        find_files([tmp_path / "empty"])
    with pytest.raises(InputError, match=r"gone: no such file or folder.*empty: the folder holds no files"):
        find_files([tmp_path / "gone", tmp_path / "empty"])
    with pytest.raises(InputError, match="no such file"):
        read_file(tmp_path / "gone.csv")


def test_a_path_that_leads_nowhere_is_listed_and_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.csv").write_text(GOOD)
    (tmp_path / "link.csv").symlink_to(tmp_path / "nowhere")
    wrong = {"empty": "holds no files", "gone.csv": "no such file", "link.csv": "no such file"}
    files = find_files([tmp_path / name for name in ("a.csv", *wrong)])
    assert [file.name for file in files] == ["a.csv", *wrong]
    for file in files[1:]:
        with pytest.raises(InputError, match=wrong[file.name]):
            read_file(file)


def test_an_empty_path_is_not_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("date\n")
    monkeypatch.chdir(tmp_path)
    assert find_files(["."]) == [Path("a.csv")]
    for use in (lambda: find_files([""]), lambda: read("")):
        with pytest.raises(InputError, match="an empty path"):
            use()


@pytest.mark.parametrize("name", ["a.xlsb", "a.ods"])
def test_other_spreadsheets_are_errors_with_a_remedy(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK")
    with pytest.raises(InputError, match=r"save as \.xlsx"):
        read_file(tmp_path / name)


@pytest.mark.parametrize("error", [MemoryError(), KeyError("x" * 900)])
def test_what_nobody_foresaw_is_an_error_that_names_the_file_and_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fail(*_: object) -> None:
        raise error

    (tmp_path / "a.csv").write_text(GOOD)
    monkeypatch.setattr("forecast.sources.files.read_tidy", fail)
    with pytest.raises(InputError, match=rf"a\.csv: .*{type(error).__name__}.*please report it") as caught:
        read_file(tmp_path / "a.csv")
    assert len(str(caught.value)) < 400
    assert caplog.records[0].exc_info


@pytest.mark.parametrize("name", ["README.md", "report.pdf", "map.png", "notes"])
def test_files_of_other_kinds_are_no_observations(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("text")
    with pytest.raises(NotObservations, match=name):
        read_file(tmp_path / name)


def test_a_folder_is_read_as_one_frame(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "README.md").write_text("text")
    (tmp_path / "a.csv").write_text(GOOD)
    wb.discharge_series(tmp_path / "b.xlsx")
    wb.discharge_series(tmp_path / "b (1).xlsx")
    with caplog.at_level(logging.INFO):
        frame = read(tmp_path)
    assert len(frame) == 1 + 30
    assert len(frame.attrs["published"]) == 2
    assert frame.attrs["published"]["ukhsa-weekly-report-2024w50"] == "2024-12-12"
    assert "README.md" in caplog.text


def test_every_file_of_a_folder_that_fails_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD)
    (tmp_path / "b.csv").write_text(GOOD.replace(",1,", ",one,"))
    (tmp_path / "c.xlsx").write_text("<html>")
    with pytest.raises(InputError, match="2 of its files cannot be used") as caught:
        read(tmp_path)
    assert "b.csv" in str(caught.value)
    assert "c.xlsx" in str(caught.value)


def test_a_folder_without_observations_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("text")
    with pytest.raises(InputError, match="none of its files holds observations"):
        read(tmp_path)


def test_one_file_is_read_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD)
    assert len(read(str(tmp_path / "a.csv"))) == 1
    with pytest.raises(InputError, match="after today"):
        read(tmp_path / "a.csv", today=pd.Timestamp("2024-11-01"))
