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


def test_a_missing_path_and_an_empty_folder_are_errors(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no files"):
        find_files([tmp_path / "empty"])
    with pytest.raises(InputError, match="no such file or folder"):
        find_files([tmp_path / "gone"])
    with pytest.raises(InputError, match="no such file"):
        read_file(tmp_path / "gone.csv")


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
