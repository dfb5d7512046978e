"""Whatever happens to the files of a store: nothing stored is lost, the message says what to do, and it heals."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forecast.errors import StoreError
from forecast.observations.store import Store
from tests.frames import days, edition, tidy

FIRST = edition({"2022-04-01": 240, "2022-04-02": 230}, "april, published 2022-05-11", "2022-05-11")
SECOND = edition({"2022-04-01": 250, "2022-04-02": 230}, "april, revised 2023-08-10", "2023-08-10")
THIRD = edition({"2022-04-01": 255, "2022-05-01": 7}, "may, revised 2023-12-14", "2023-12-14")
EDITIONS = (FIRST, SECOND, THIRD)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "data")
    for frame in EDITIONS:
        store.add(frame)
    return store


def reads(store: Store) -> list[pd.DataFrame]:
    return [store.panel("nctr_patients", as_of=day) for day in ("2022-05-11", "2023-08-10", "2023-12-14")]


def foreign(path: Path) -> None:
    pq.write_table(pa.table({"a": [1, 2]}), path)


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(bytes(content))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "a flipped bit": flipped,
    "a truncated file": lambda path: path.write_bytes(path.read_bytes()[:-100]),
    "an empty file": lambda path: path.write_bytes(b""),
    "a foreign file": foreign,
    "text": lambda path: path.write_text("<html>not found</html>" * 10),
    "a missing file": lambda path: path.unlink(),
}


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_vintage_is_set_aside_and_ingesting_its_sources_brings_every_read_back(store, how, number):
    before = reads(store)
    path = store.vintages()[number - 1].path
    DAMAGE[how](path)
    remedy = "missing; put it back" if how == "a missing file" else "'forecast heal --data"
    with pytest.raises(StoreError, match=rf"{path.name}: this file of the store is .*{remedy}"):
        Store(store.folder).panel("nctr_patients")
    (found,) = Store(store.folder).check()
    source = str(EDITIONS[number - 1]["source"].iloc[0])
    assert (found.number, found.sources) == (number, (source,))
    assert f"ingest again: {source}" in str(found)
    assert store.heal() == [found]
    assert store.check() == store.heal() == []
    assert len(store.vintages()) == 2
    store.add(EDITIONS[number - 1])
    assert store.vintages()[-1].number == 4
    for again, was in zip(reads(store), before, strict=True):
        pd.testing.assert_frame_equal(again, was)


def test_the_damaged_file_itself_is_kept(store):
    path = store.vintages()[0].path
    flipped(path)
    content = path.read_bytes()
    store.heal()
    assert (store.folder / "observations" / "damaged" / path.name).read_bytes() == content


def test_the_number_of_a_newest_vintage_set_aside_is_not_given_again(store):
    DAMAGE["an empty file"](store.vintages()[2].path)
    store.heal()
    store.add(THIRD)
    assert [vintage.number for vintage in store.vintages()] == [1, 2, 4]


def test_damage_to_one_metric_leaves_the_others_readable(tmp_path):
    store = Store(tmp_path)
    beds = tidy(dict.fromkeys(days("2024-01-01", 30), 500.0), metric="ga_beds_open")
    store.add(pd.concat([beds, tidy(dict.fromkeys(days("2024-01-01", 30), 90.0))]))
    (vintage,) = store.vintages()
    start, end = vintage.span("nctr_patients")
    content = bytearray(vintage.path.read_bytes())
    content[(start + end) // 2] ^= 1
    vintage.path.write_bytes(bytes(content))
    again = Store(tmp_path)
    assert (again.panel("ga_beds_open")["RM1"] == 500).all()
    with pytest.raises(StoreError, match="the content of nctr_patients is not what was written"):
        again.panel("nctr_patients")


def test_check_finds_every_flipped_bit(store):
    path = store.vintages()[0].path
    whole = path.read_bytes()
    for place in np.random.default_rng(1).integers(0, len(whole), 60):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << int(place) % 8
        path.write_bytes(bytes(damaged))
        assert [found.number for found in store.check()] == [1]


def test_a_parquet_file_of_another_name_is_nobodys_vintage(store):
    foreign(store.folder / "observations" / "export.parquet")
    assert len(Store(store.folder).vintages()) == 3
    assert store.check() == []


def test_an_ingest_that_never_finished_is_named(store):
    note = store.folder / "observations" / "sources" / "000004-0123456789ab.txt"
    note.write_text("june, published 2022-07-14")
    (found,) = store.check()
    assert "begun and not finished" in found.reason
    assert found.sources == ("june, published 2022-07-14",)
    copied = Store(shutil.copytree(store.folder, store.folder.with_name("copied")))
    assert copied.heal()[0].sources == found.sources
    assert copied.heal() == []
    store.add(tidy({"2024-01-01": 1}))
    assert store.check() == []
    assert not note.exists()


def test_two_vintages_of_one_number_are_refused(store):
    path = store.vintages()[0].path
    shutil.copy(path, path.with_name("000001-0123456789ab.parquet"))
    with pytest.raises(StoreError, match="two vintages are numbered 1; move one of them away"):
        store.panel("nctr_patients")
    (found,) = store.heal()
    assert found.file == "000001-0123456789ab.parquet"
    assert "its number stands twice" in str(found)
    assert store.check() == []
    assert len(store.panel("nctr_patients")) > 0
    assert path.is_file()


def test_a_store_of_the_first_version_is_read_and_goes_on(tmp_path):
    """Its files have the hash of the whole content in their names and none inside."""
    import hashlib
    import json

    new = Store(tmp_path / "new")
    new.add(FIRST)
    (vintage,) = new.vintages()
    table = pq.read_table(vintage.path)
    kept = ("rows", "groups", "first", "last", "released", "locations", "sources")
    index = {metric: {key: entry[key] for key in kept} for metric, entry in vintage.metrics.items()}
    told = {b"forecast_index": json.dumps({"simulated": False, "metrics": index}).encode()}
    old = tmp_path / "old" / "observations"
    old.mkdir(parents=True)
    pq.write_table(table.replace_schema_metadata(told), old / "x", compression="zstd")
    digest = hashlib.sha256((old / "x").read_bytes()).hexdigest()[:12]
    path = (old / "x").rename(old / f"000001-{digest}.parquet")
    store = Store(tmp_path / "old")
    assert store.panel("nctr_patients").equals(new.panel("nctr_patients"))
    store.add(THIRD)
    assert [v.name for v in Store(store.folder).vintages()] == [path.name, "000002.parquet"]
    flipped(path)
    with pytest.raises(StoreError, match="is damaged"):
        Store(store.folder).panel("nctr_patients")
