import gzip
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from forecast.errors import InputError, StoreError
from forecast.incoming import uploads
from forecast.incoming.uploads import preview, read_upload
from forecast.observations.store import Store
from tests import workbooks

TODAY = pd.Timestamp("2025-02-06")
HEAD = "date,location,metric,value,source\n"
TABLE = (
    HEAD
    + "2024-11-01,RM1,nctr_patients,210,published 2024-12-12\n2024-11-02,RM1,nctr_patients,212,published 2024-12-12\n"
)


def test_a_table_is_read_and_what_it_would_change_is_told_while_nothing_is_stored(tmp_path):
    store = Store(tmp_path)
    store.add(read_upload("first.csv", TABLE.encode(), TODAY).frame)
    revised = TABLE.replace("210", "214").replace("2024-12-12", "2025-01-30") + "2024-11-03,RM1,nctr_patients,9,x\n"
    found = preview(store, read_upload("revised.csv", revised.encode(), TODAY))
    assert (found.added.new, found.added.changed, found.added.unchanged) == (1, 1, 1)
    assert found.differences[["metric", "location", "old", "new"]].to_numpy().tolist() == [
        ["nctr_patients", "RM1", 210.0, 214.0]
    ]
    assert not found.nothing_new
    assert len(store.vintages()) == 1
    store.add(found.frame)
    assert preview(store, read_upload("revised.csv", revised.encode(), TODAY)).nothing_new


def test_a_file_of_an_empty_store_is_all_new(tmp_path):
    found = preview(
        Store(tmp_path / "none"), read_upload("first.csv.gz", gzip.compress(TABLE.encode(), mtime=0), TODAY)
    )
    assert (found.added.new, len(found.differences)) == (2, 0)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("page.csv", b"<!DOCTYPE html><html>", "page.csv: this is a web page, not a table"),
        ("cut.csv.gz", gzip.compress(TABLE.encode(), mtime=0)[:30], "cut.csv.gz: the file is cut short or damaged"),
        ("late.csv", (HEAD + "2025-03-01,RM1,nctr_patients,1,s\n").encode(), "late.csv, column 'date': 2025-03-01"),
        ("notes.txt", b"hello", "notes.txt: a file .txt, not a workbook, CSV or Parquet table"),
        ("../../up.csv", b"a,b\n1,2\n", "up.csv: column 'date' is missing"),
        ("\x00..", b"", "upload.csv: the file is empty"),
        (
            "mine.csv",
            TABLE.replace("published 2024-12-12", " Simulated by me").encode(),
            "mine.csv, column 'source': ' Simulated by me' marks simulated figures",
        ),
    ],
)
def test_a_bad_file_gets_one_message_that_names_it_and_no_folder(name, content, said):
    with pytest.raises(InputError) as error:
        read_upload(name, content, TODAY)
    assert str(error.value).startswith(said)
    assert "forecast-" not in str(error.value)


def test_a_broken_workbook_is_told_by_its_own_name():
    with pytest.raises(InputError, match=r"^broken\.xlsx"):
        read_upload("broken.xlsx", b"PK\x03\x04 no workbook", TODAY)


def test_files_that_are_too_large_or_unpack_to_too_much_are_refused(monkeypatch):
    monkeypatch.setattr(uploads, "LIMIT_MB", 1)
    monkeypatch.setattr(uploads, "UNPACKED_TEXT_MB", 2)
    with pytest.raises(InputError, match=r"big\.csv: 2 MB; files to 1 MB are read"):
        read_upload("big.csv", b"x" * (2 << 20), TODAY)
    with pytest.raises(InputError, match=r"bomb\.csv\.gz: unpacks to more than 2 MB"):
        read_upload("bomb.csv.gz", gzip.compress(b"x" * (3 << 20), mtime=0), TODAY)
    with pytest.raises(InputError, match=r"second\.csv\.gz: unpacks to more than 2 MB"):
        read_upload("second.csv.gz", gzip.compress(TABLE.encode(), mtime=0) + gzip.compress(b"x" * (3 << 20)), TODAY)


@pytest.mark.parametrize("packed", ["rows", "bytes"])
def test_a_parquet_file_that_would_fill_the_memory_is_refused_before_it_is_read(monkeypatch, packed):
    monkeypatch.setattr(uploads, "MOST_ROWS", 10_000)
    monkeypatch.setattr(uploads, "UNPACKED_MB", 1)
    rows, text = (100_000, "x") if packed == "rows" else (9_999, "x" * 120)
    texts = [text] * rows if packed == "rows" else [f"{number}{text}" for number in range(rows)]
    table = pd.DataFrame(
        {"date": "2024-11-01", "location": "RM1", "metric": "nctr_patients", "value": 1.0, "source": texts}
    )
    content = table.to_parquet(None, index=False, compression="gzip")
    assert len(content) < 1 << 20
    monkeypatch.setattr(uploads, "read_file", None)
    with pytest.raises(InputError, match=rf"^bomb\.parquet: {rows:,} rows, \d+ MB unpacked; tables to 10,000 rows"):
        read_upload("bomb.parquet", content, TODAY)


def test_a_name_of_many_bytes_is_cut_to_what_a_disk_takes():
    found = read_upload("é" * 300 + "名" * 300 + ".csv", TABLE.encode(), TODAY)
    assert found.path.name.endswith("名.csv")
    assert len(found.path.name.encode()) <= 150


def test_the_limit_is_that_of_the_server():
    settings = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["server"]["maxUploadSize"] == uploads.LIMIT_MB


def test_published_figures_never_join_a_simulated_store(tmp_path):
    store = Store(tmp_path)
    days = pd.DataFrame({"date": ["2024-11-01"], "location": "RM1", "metric": "nctr_patients", "value": 1.0})
    store.add(days.assign(source="simulated twin, seed 1"))
    with pytest.raises(StoreError, match="never share a store"):
        preview(store, read_upload("first.csv", TABLE.encode(), TODAY))


def test_a_workbook_is_read(tmp_path):
    path = workbooks.discharge_monthly(tmp_path / "sitrep.xlsx")
    found = preview(Store(tmp_path / "data"), read_upload(path.name, path.read_bytes(), TODAY))
    assert found.publication == "acute discharge situation report, monthly"
    assert found.published is not None
    assert found.added.new == len(found.frame) > 0


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_table_of_more_lines_than_any_known_is_refused_before_it_is_read(monkeypatch, pack):
    monkeypatch.setattr(uploads, "MOST_LINES", 1000)
    monkeypatch.setattr(uploads, "read_file", None)
    name = "many.csv" if pack is bytes else "many.csv.gz"
    with pytest.raises(InputError, match=rf"^{name}: more than 1,000 lines; split it"):
        read_upload(name, pack(b"1,2\n" * 1001), TODAY)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/cron.d/x.csv", "x.csv"),
        ("/etc/x.csv", "x.csv"),
        ("C:\\Windows\\x.csv", "x.csv"),
        ("..\\..\\x.csv", "x.csv"),
        ("a\x00b.csv", "ab.csv"),
        ("CON.csv", "_CON.csv"),
        ("nul.tar.csv", "_nul.tar.csv"),
        ("com1 .csv", "_com1 .csv"),
        ("x.csv:hidden.csv", "x.csv_hidden.csv"),
        ("<img src=x onerror=alert(1)>.csv", "_img src=x onerror=alert(1)_.csv"),
        (".." * 200 + ".csv", None),
    ],
)
def test_no_name_leads_out_of_the_folder_of_its_own_that_a_file_is_read_in(tmp_path, monkeypatch, name, kept):
    monkeypatch.setattr(uploads.tempfile, "tempdir", str(tmp_path / "only"))
    (tmp_path / "only").mkdir()
    read = []
    monkeypatch.setattr(uploads, "read_file", lambda path, today: read.append(path) or _Stop.now())
    with pytest.raises(InputError):
        read_upload(name, TABLE.encode(), TODAY)
    (path,) = read
    assert path.parent.parent == tmp_path / "only"
    assert kept is None or path.name == kept
    assert list((tmp_path / "only").iterdir()) == []  # nothing is left behind
    assert [one.name for one in tmp_path.iterdir()] == ["only"]


class _Stop:
    @staticmethod
    def now():
        raise InputError("read no further")
