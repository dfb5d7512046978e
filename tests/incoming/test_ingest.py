from pathlib import Path

import pandas as pd
import pytest

from forecast.incoming import ingest
from forecast.incoming.ingest import ingest_files
from forecast.observations.store import Store
from forecast.sources import find_files
from tests.published_csv import discharge_rows
from tests.published_csv import write as write_published


def write_csv(path: Path, value: object = 100, date: str = "2024-01-01", **columns: object) -> Path:
    row = {
        "date": [date],
        "location": "RM1",
        "metric": "nctr_patients",
        "value": [value],
        "source": path.stem,
        **columns,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(row).to_csv(path, index=False)
    return path


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "data")


def test_one_bad_file_is_named_and_the_others_go_in(store, tmp_path):
    folder = tmp_path / "in"
    write_csv(folder / "a_good.csv")
    write_csv(folder / "b_text_for_number.csv", value="lots")
    write_csv(folder / "c_nowhere.csv", location="Atlantis")
    write_csv(folder / "d_good.csv", location="RGP")
    (folder / "e_page.xlsx").write_text("<!DOCTYPE html><html><body>Sign in</body></html>")
    (folder / "README.md").write_text("# about")
    results = {result.path.name: result for result in ingest_files(store, find_files([folder]))}
    assert {name for name, result in results.items() if result.added} == {"a_good.csv", "d_good.csv"}
    assert "'lots'" in results["b_text_for_number.csv"].error
    assert "Atlantis" in results["c_nowhere.csv"].error
    assert "web page" in results["e_page.xlsx"].error
    assert results["README.md"].skipped
    assert store.panel("nctr_patients").columns.tolist() == ["RGP", "RM1"]


def test_deeper_folders_go_in_first_so_that_compilations_never_outrank_publications(store, tmp_path):
    write_csv(tmp_path / "in" / "published.csv", value=100)
    write_csv(tmp_path / "in" / "national" / "compiled.csv", value=99)
    list(ingest_files(store, find_files([tmp_path / "in"])))
    assert store.panel("nctr_patients").iloc[0, 0] == 100


def test_values_of_days_to_come_are_refused(store, tmp_path):
    files = [write_csv(tmp_path / "future.csv", date="2031-01-01")]
    (result,) = ingest_files(store, files, today=pd.Timestamp("2026-11-21"))
    assert "2031-01-01" in result.error
    assert store.empty


def test_the_second_ingest_of_a_folder_adds_nothing(store, tmp_path):
    write_csv(tmp_path / "in" / "a.csv")
    write_csv(tmp_path / "in" / "b.csv", value=101)
    files = find_files([tmp_path / "in"])
    list(ingest_files(store, files))
    assert [(r.added.new, r.added.changed) for r in ingest_files(store, files) if r.added] == [(0, 0), (0, 0)]


def test_a_simulated_file_among_real_ones_is_named_and_the_others_go_in(store, tmp_path):
    files = [
        write_csv(tmp_path / "a.csv"),
        write_csv(tmp_path / "b.csv", source="Simulated twin, seed 1"),
        write_csv(tmp_path / "c.csv", location="RGP"),
    ]
    results = list(ingest_files(store, files))
    assert [bool(result.added) for result in results] == [True, False, True]
    assert "b.csv" in results[1].error
    assert "never share a store" in results[1].error


def test_a_published_csv_and_its_revision_are_vintages_by_the_dates_given_for_them(store, tmp_path):
    first = write_published(tmp_path / "first.csv", discharge_rows())
    revised = write_published(
        tmp_path / "revised.csv", discharge_rows(), edit=lambda rows: rows[0].__setitem__(-1, 102)
    )
    dates = {first: pd.Timestamp("2024-07-11"), revised: pd.Timestamp("2024-10-10")}
    results = list(ingest_files(store, [revised, first], published=dates))
    assert [result.path.name for result in results] == ["first.csv", "revised.csv"]
    assert (results[1].added.new, results[1].added.changed) == (0, 1)
    for as_of, value in (("2024-08-01", 101), ("2024-10-10", 102)):
        assert store.panel("nctr_patients", ["ENG"], as_of=as_of).loc["2024-06-01", "ENG"] == value


def test_of_two_issues_with_one_date_the_one_named_later_counts(store, tmp_path):
    folder = tmp_path / "in"
    for name, value in (("Book.20250109-ab.csv", 100), ("Book-1.20250109-aa.csv", 101)):
        write_csv(folder / name, value=value, source="the book, published 2024-02-08")
    assert [path.name for path in find_files([folder])] == ["Book.20250109-ab.csv", "Book-1.20250109-aa.csv"]
    list(ingest_files(store, find_files([folder])))
    assert store.panel("nctr_patients").iloc[0, 0] == 101


def test_files_go_in_together_and_one_that_cannot_be_stored_leaves_the_others_in(store, tmp_path, monkeypatch):
    files = [write_csv(tmp_path / f"{number}.csv", value=number) for number in range(4)]
    files.append(write_csv(tmp_path / "x.csv", source="Simulated twin, seed 1"))
    results = list(ingest_files(store, files[:4]))
    assert [result.path for result in results] == files[:4]
    assert [(r.added.new, r.added.changed) for r in results] == [(1, 0), (0, 1), (0, 1), (0, 1)]
    assert len(store.vintages()) == 1
    monkeypatch.setattr(ingest, "ROWS_TOGETHER", 2)
    some = Store(tmp_path / "some")
    results = list(ingest_files(some, [*files[:3], files[4], files[3]]))
    assert [bool(result.error) for result in results] == [False, False, False, True, False]
    assert "x.csv: " in results[3].error
    assert len(some.vintages()) == 3
    assert some.panel("nctr_patients").iloc[0, 0] == 3
