"""A store behaves the same wherever it lies, and two writers lose nothing of each other's."""

import itertools
import multiprocessing
import os
import pickle
import signal
import time
from pathlib import Path

import fsspec
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from forecast.errors import InputError, StoreError
from forecast.observations import numbering
from forecast.observations.folders import LocalFolder
from forecast.observations.store import Store
from tests.frames import days, edition, tidy

APRIL = edition({"2022-04-01": 240, "2022-04-02": 230}, "april, published 2022-05-11", "2022-05-11")
REVISED = edition({"2022-04-01": 250, "2022-04-02": 230}, "april, revised 2023-12-14", "2023-12-14")
_fresh = itertools.count()


@pytest.fixture(params=["path", "file", "memory", "s3"])
def somewhere(request, tmp_path, s3):
    """A function that opens one and the same store again."""
    name = f"{request.node.name}-{next(_fresh)}"
    place = {
        "path": tmp_path / "data",
        "file": f"file://{tmp_path}/data",
        "memory": f"memory://{name}",
        "s3": f"s3://honest/{name}",
    }[request.param]
    options = s3 if request.param == "s3" else None
    return lambda: Store(place, storage_options=options)


def test_what_is_stored_is_read_again_as_of_any_day_wherever_it_lies(somewhere):
    store = somewhere()
    assert store.empty
    assert str(store.add(APRIL)) == "2 new, 0 changed, 0 unchanged"
    assert str(store.add(REVISED)) == "0 new, 1 changed, 1 unchanged"
    assert str(somewhere().add(REVISED)) == "0 new, 0 changed, 2 unchanged"
    for opened in (store, somewhere(), pickle.loads(pickle.dumps(store))):
        assert opened.panel("nctr_patients", as_of="2023-12-13")["RM1"].tolist() == [240, 230]
        assert opened.panel("nctr_patients", as_of="2023-12-14")["RM1"].tolist() == [250, 230]
        assert [vintage.number for vintage in opened.vintages()] == [1, 2]
    assert store.metrics()["rows"].tolist() == [3]
    assert store.check() == []


def test_one_store_sees_what_another_has_written_since(somewhere):
    first, second = somewhere(), somewhere()
    first.add(APRIL)
    assert second.panel("nctr_patients").shape == (2, 1)
    second.add(tidy({"2022-04-03": 9}))
    assert first.panel("nctr_patients").shape == (3, 1)


def test_a_damaged_vintage_is_set_aside_wherever_it_lies(somewhere):
    store = somewhere()
    store.add(APRIL)
    store.add(REVISED)
    whole = store.panel("nctr_patients")
    path = str(store.vintages()[0].path)
    system = store._files._system if "://" in path else fsspec.filesystem("file")
    system.pipe_file(path, system.cat_file(path)[:-20])
    with pytest.raises(StoreError, match=r"is damaged .*'forecast heal --data"):
        somewhere().panel("nctr_patients")
    (damage,) = store.heal()
    assert damage.sources == ("april, published 2022-05-11",)
    assert store.check() == somewhere().heal() == []
    store.add(APRIL)
    assert [vintage.number for vintage in somewhere().vintages()] == [2, 3]
    pd.testing.assert_frame_equal(somewhere().panel("nctr_patients"), whole)


def test_a_place_that_cannot_be_is_said(tmp_path):
    with pytest.raises(InputError, match="name a folder, or a URL such as s3://bucket/prefix"):
        Store("nowhere://x")
    assert Store(f"file://{tmp_path}/x").folder == tmp_path / "x"
    assert Store("memory://x/").folder == "memory://x"


def test_a_server_that_cannot_be_reached_is_one_message():
    gone = {"endpoint_url": "http://127.0.0.1:9", "key": "k", "secret": "s"}
    quickly = {"config_kwargs": {"retries": {"max_attempts": 0}, "connect_timeout": 1}}
    with pytest.raises(StoreError, match=r"s3://honest/x/observations: cannot be reached"):
        Store("s3://honest/x", storage_options={**gone, **quickly}).panel("nctr_patients")


def test_a_server_that_ignores_the_condition_is_refused_before_anything_is_written(s3):
    store = Store("s3://deaf/x", storage_options=s3)
    with pytest.raises(StoreError, match="nothing is written: the server ignores the condition"):
        store.add(APRIL)
    assert store.empty


def test_a_place_without_exclusive_creation_is_read_but_not_written(tmp_path):
    Store(tmp_path / "data").add(APRIL)
    elsewhere = Store(f"simplecache::file://{tmp_path}/data")
    assert elsewhere.panel("nctr_patients").shape == (2, 1)
    with pytest.raises(StoreError, match="exclusive creation is not known to be safe"):
        elsewhere.add(REVISED)


def test_an_answer_that_is_lost_does_not_store_a_vintage_twice(s3_server):
    server, options = s3_server
    store = Store("s3://forgetful/x", storage_options=options)
    assert store.add(APRIL) == (2, 0, 0)
    assert server.failed
    assert len(store.vintages()) == 1
    assert store.add(APRIL) == (0, 0, 2)


def test_a_writer_that_finds_its_number_taken_counts_what_the_other_stored(s3, monkeypatch):
    """The other writer comes in after this one has read the store and before it writes."""
    mine, other = (Store("s3://honest/taken", storage_options=s3) for _ in range(2))
    read = Store._reading

    def interrupted(store):
        seen = read(store)
        if store is mine and not other.vintages():
            other.add(APRIL)
        return seen

    monkeypatch.setattr(Store, "_reading", interrupted)
    assert mine.add(REVISED) == (0, 1, 1)
    assert mine.panel("nctr_patients", as_of="2022-06-01")["RM1"].tolist() == [240, 230]
    assert [vintage.number for vintage in mine.vintages()] == [1, 2]


def test_no_file_of_a_folder_is_ever_written_over(tmp_path):
    folder = LocalFolder(tmp_path)
    folder.create("000001.parquet", b"first")
    with pytest.raises(FileExistsError):
        folder.create("000001.parquet", b"second")
    assert (tmp_path / "000001.parquet").read_bytes() == b"first"


def test_a_number_set_aside_while_a_writer_looks_is_not_given_again(monkeypatch):
    """Somebody heals the store between the two looks a writer takes at it."""
    store = Store("memory://healed-meanwhile")
    store.add(APRIL)
    store.add(REVISED)
    fsspec.filesystem("memory").pipe_file("/healed-meanwhile/observations/000002.parquet", b"damaged")
    look = numbering.listed
    healed = []

    def interrupted(folder):
        if not healed:
            healed.append(Store("memory://healed-meanwhile").heal())
        return look(folder)

    monkeypatch.setattr(numbering, "listed", interrupted)
    store.add(REVISED)
    assert [vintage.number for vintage in store.vintages()] == [1, 3]


def test_reading_one_metric_asks_only_for_its_bytes(s3_server):
    server, options = s3_server
    many = [
        tidy(dict.fromkeys(days("2024-01-01", 50), float(k)), metric=m)
        for k, m in enumerate(("flu_ga_beds_occupied", "ga_beds_open"))
    ]
    Store("s3://honest/bytes", storage_options=options).add(pd.concat(many))
    store = Store("s3://honest/bytes", storage_options=options)
    store.vintages()
    server.requests.clear()
    assert len(store.panel("ga_beds_open")) == 50
    assert [request.split()[0] for request in server.requests] == ["GET", "GET"]


def _ingest(place: Path | str, options: dict[str, str] | None, code: str, start: float) -> None:
    time.sleep(max(start - time.time(), 0))
    store = Store(place, storage_options=options)
    for metric in ("nctr_patients", "ga_beds_open"):
        for first in ("2024-01-01", "2024-02-01"):
            store.add(tidy(dict(zip(days(first, 60), map(float, range(60)), strict=True)), code, metric))


@pytest.mark.parametrize("place", ["here", "s3"])
def test_every_row_of_two_processes_that_write_at_once_is_there(place, tmp_path, s3):
    options = s3 if place == "s3" else None
    where = f"s3://honest/{tmp_path.name}" if options else tmp_path / "data"
    start = time.time() + 0.3
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_ingest, args=(where, options, code, start)) for code in ("RM1", "RGP")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    store = Store(where, storage_options=options)
    assert [vintage.number for vintage in store.vintages()] == list(range(1, 9))
    for metric in ("nctr_patients", "ga_beds_open"):
        panel = store.panel(metric)
        # the second span begins on the 32nd day of the first and tells its own values from there on
        assert panel["RM1"].tolist() == panel["RGP"].tolist() == [*range(31), *range(60)]


def test_a_writer_killed_while_it_writes_to_a_server_leaves_a_whole_store(s3, tmp_path):
    where = f"s3://honest/{tmp_path.name}"
    Store(where, storage_options=s3).add(APRIL)
    context = multiprocessing.get_context("fork")
    for wait in (0.05, 0.15, 0.25, 0.4):
        worker = context.Process(target=_ingest, args=(where, s3, "RGP", 0.0))
        worker.start()
        time.sleep(wait)
        os.kill(worker.pid, signal.SIGKILL)
        worker.join(60)
        assert Store(where, storage_options=s3).panel("nctr_patients", ["RM1"])["RM1"].tolist() == [240, 230]
    _ingest(where, s3, "RGP", 0.0)
    store = Store(where, storage_options=s3)
    assert store.panel("ga_beds_open")["RGP"].tolist() == [*range(31), *range(60)]
    assert store.check() == []


def test_a_reader_beside_a_writer_never_sees_less_than_before(tmp_path):
    def write() -> None:
        for month in range(1, 13):
            Store(tmp_path).add(tidy(dict.fromkeys(days(f"2024-{month:02d}-01", 28), 1.0)))

    worker = multiprocessing.get_context("fork").Process(target=write)
    worker.start()
    seen = [0]
    while worker.is_alive():
        seen.append(int(Store(tmp_path).panel("nctr_patients").notna().sum().sum()))
    worker.join(60)
    assert worker.exitcode == 0
    seen.append(int(Store(tmp_path).panel("nctr_patients").notna().sum().sum()))
    assert seen[-1] == 12 * 28
    assert seen == sorted(seen)
    assert all(count % 28 == 0 for count in seen)


FRAMES = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from(["RM1", "RGP"]), st.integers(0, 5), st.integers(40, 400), st.booleans()
    ),
    min_size=1,
    max_size=6,
)
Told = tuple[int, str, int, int, bool]
START, DUE = pd.Timestamp("2022-04-01"), pd.Timestamp("2022-05-12")
"""Values of April 2022 are due on 12 May."""
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)


def _frame(told: Told) -> pd.DataFrame:
    day, code, value, released, dated = told
    date = START + pd.Timedelta(days=day)
    if not dated:
        return tidy({f"{date:%Y-%m-%d}": value}, code, source="undated")
    published = f"{pd.Timestamp('2022-04-01') + pd.Timedelta(days=released):%Y-%m-%d}"
    return edition({f"{date:%Y-%m-%d}": value}, f"edition, published {published}", published, code)


@settings(max_examples=5, deadline=None, phases=QUICK)
@given(FRAMES)
def test_stores_here_and_in_memory_agree_cell_for_cell(tmp_path_factory, told):
    here = Store(tmp_path_factory.mktemp("agree") / "data")
    memory = Store(f"memory://agree-{next(_fresh)}")
    for one in told:
        assert here.add(_frame(one)) == memory.add(_frame(one))
    for as_of in (None, "2022-05-12", "2022-09-01"):
        pd.testing.assert_frame_equal(
            here.panel("nctr_patients", as_of=as_of), memory.panel("nctr_patients", as_of=as_of)
        )
    assert [v.digest for v in here.vintages()] == [v.digest for v in memory.vintages()]


@settings(max_examples=12, deadline=None, phases=QUICK)
@given(FRAMES, st.integers(30, 420))
def test_a_read_as_of_a_day_never_changes_when_rows_released_later_are_added(told, day):
    """Editions that come out after the day, of keys told before or not yet due; sums of areas included."""
    as_of = START + pd.Timedelta(days=day)
    dated = [one for one in told if one[4]]
    early = [one for one in dated if START + pd.Timedelta(days=one[3]) <= as_of]
    known = {one[:2] for one in early}
    late = [one for one in dated if one not in early and (as_of < DUE or one[:2] in known)]
    store = Store(f"memory://later-{next(_fresh)}")
    wanted = ["RM1", "RGP", "NORFOLK", "Y61"]
    for one in early:
        store.add(_frame(one))
    before = store.panel("nctr_patients", wanted, as_of=as_of, estimate=True)
    for one in late:
        store.add(_frame(one))
    pd.testing.assert_frame_equal(store.panel("nctr_patients", wanted, as_of=as_of, estimate=True), before)
