"""A write that is killed, or that the disk refuses, costs nothing that was stored; the next one heals."""

import os
import random
import resource
import signal
import stat
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecast.errors import StoreError
from forecast.observations.store import Store
from tests.forked import Forked
from tests.frames import days, edition, tidy

SCRATCH = Path("/dev/shm")
"""Flushing to a busy disk takes most of the time of tests that write hundreds of files."""
RANDOM_KILLS = 10
"""At moments that the test before, which kills at every step, may not know of."""
FIRST = edition({"2022-04-01": 240, "2022-04-02": 230}, "april, published 2022-05-11", "2022-05-11")
THIRD = edition({"2022-04-01": 255, "2022-05-01": 7}, "may, revised 2023-12-14", "2023-12-14")


@pytest.fixture
def quick():
    """A folder in memory where there is one."""
    with tempfile.TemporaryDirectory(dir=SCRATCH if os.access(SCRATCH, os.W_OK) else None) as scratch:
        yield Path(scratch)


class Steps:
    """Counts what a write asks of the disk and does something at one step: fails, or kills the process."""

    def __init__(self, at: int, act: Callable[[], None]) -> None:
        self.at, self.act, self.count = at, act, 0

    def step(self) -> None:
        self.count += 1
        if self.count == self.at:
            self.act()

    def before(self, action: Callable[..., object]) -> Callable[..., object]:
        def stepped(*args: object, **kwargs: object) -> object:
            self.step()
            return action(*args, **kwargs)

        return stepped

    def opened(self, action: Callable[..., object]) -> Callable[..., object]:
        def opening(path: Path, mode: str = "r", *args: object, **kwargs: object) -> object:
            handle = action(path, mode, *args, **kwargs)
            if mode != "wb":
                return handle
            self.step()
            write, flush = handle.write, handle.flush  # type: ignore[attr-defined]

            class Handle:
                def __enter__(self) -> "Handle":
                    return self

                def __exit__(self, *_: object) -> None:
                    handle.close()  # type: ignore[attr-defined]

                def write(self, content: bytes) -> None:
                    write(content[: len(content) // 2])
                    flush()
                    steps.step()
                    write(content[len(content) // 2 :])

                def flush(self) -> None:
                    steps.before(flush)()

                def fileno(self) -> int:
                    return int(handle.fileno())  # type: ignore[attr-defined]

            steps = self
            return Handle()

        return opening

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        for name in ("fsync", "replace", "mkdir", "open"):
            patch.setattr(os, name, self.before(getattr(os, name)))
        patch.setattr(Path, "open", self.opened(Path.open))


def no_space() -> None:
    raise OSError(28, "No space left on device")


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_disk_that_fills_up_at_any_step_is_said_and_costs_nothing(quick):
    refused = 0
    for at in range(1, 60):
        store = Store(quick / str(at))
        store.add(FIRST)
        steps = Steps(at, no_space)
        with pytest.MonkeyPatch.context() as patch:
            steps.watch(patch)
            try:
                store.add(THIRD)
                said = None
            except StoreError as error:
                said = str(error)
        assert Store(store.folder).panel("nctr_patients", as_of="2022-05-11")["RM1"].tolist() == [240, 230]
        assert not list(store.folder.rglob("*.tmp"))
        if steps.count < at:
            break
        if said is not None:
            refused += 1
            assert "No space left on device" in said
            assert "ingest again" in said
            store.add(THIRD)
        assert store.panel("nctr_patients").loc["2022-05-01", "RM1"] == 7
        assert store.check() == []
    assert refused >= 10


def test_a_process_killed_at_any_step_loses_nothing_and_the_next_write_heals(quick):
    def child(folder: Path, at: int) -> None:
        Steps(at, killed).watch(pytest.MonkeyPatch())
        Store(folder).add(THIRD)

    for at in range(1, 60):
        store = Store(quick / str(at))
        store.add(FIRST)
        code = Forked(partial(child, store.folder, at)).ended()
        _whole_and_healed(store.folder, [FIRST], THIRD, as_of="2022-05-11")
        if code == 0:
            break
        assert code == -signal.SIGKILL
    assert 10 < at < 59


def test_a_process_killed_at_a_random_moment_loses_nothing_that_was_acknowledged(quick):
    frames = [tidy(dict.fromkeys(days(f"2024-0{month}-01", 28), float(month))) for month in range(1, 5)]

    def child(folder: Path, told: object) -> None:
        for number, frame in enumerate(frames):
            Store(folder).add(frame)
            os.write(told, bytes([number]))  # type: ignore[arg-type]

    began = time.monotonic()
    for frame in frames:
        Store(quick / "whole").add(frame)
    whole = time.monotonic() - began
    chance = random.Random(1)
    unfinished = told_in_all = 0
    for run in range(RANDOM_KILLS):
        folder = quick / str(run)
        reader, writer = os.pipe()
        worker = Forked(partial(child, folder, writer))
        time.sleep(chance.uniform(0, whole))
        os.kill(worker.pid, signal.SIGKILL)
        worker.ended()
        os.close(writer)
        acknowledged = len(os.read(reader, 100))
        os.close(reader)
        unfinished += acknowledged < len(frames)
        told_in_all += acknowledged
        _whole_and_healed(folder, frames[:acknowledged], frames[-1])
    assert unfinished >= RANDOM_KILLS / 2
    assert told_in_all > 0


def _whole_and_healed(
    folder: Path, acknowledged: list[pd.DataFrame], following: pd.DataFrame, as_of: str | None = None
) -> None:
    store = Store(folder)
    panel = store.panel("nctr_patients", as_of=as_of)
    for frame in acknowledged:
        assert panel.loc[frame["date"], "RM1"].tolist() == frame["value"].tolist()
    store.add(following)
    panel = Store(folder).panel("nctr_patients")
    assert panel.loc[following["date"], "RM1"].tolist() == following["value"].tolist()
    assert store.check() == []
    assert not list(folder.rglob("*.tmp"))


def _as_another_user(check: Callable[[], None]) -> int:
    """Exit code of a child that has no rights but everybody's."""

    def child() -> None:
        if os.geteuid() == 0:
            os.setuid(65534)
        check()

    return Forked(child).ended()


def test_a_folder_that_is_read_only_is_read_and_says_so_when_written_to():
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o755)
        store = Store(Path(scratch) / "data")
        store.add(FIRST)
        everything = [store.folder, *store.folder.rglob("*")]
        for path in everything:
            path.chmod(0o555 if path.is_dir() else 0o444)

        def check() -> None:
            opened = Store(store.folder)
            assert opened.panel("nctr_patients")["RM1"].tolist() == [240, 230]
            assert opened.check() == []
            with pytest.raises(StoreError, match=r"cannot be written .*give the folder write permission"):
                opened.add(THIRD)

        try:
            assert _as_another_user(check) == 0
        finally:
            for path in everything:
                path.chmod(path.stat().st_mode | stat.S_IWUSR)


def test_a_file_system_that_takes_no_large_file_is_said(tmp_path):
    """The kernel itself refuses the write."""
    store = Store(tmp_path / "data")
    store.add(FIRST)
    large = tidy(dict(zip(days("2010-01-01", 4000), np.random.default_rng(1).random(4000), strict=True)))

    def child() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
        with pytest.raises(StoreError, match="File too large"):
            Store(store.folder).add(large)

    assert Forked(child).ended() == 0
    assert store.panel("nctr_patients")["RM1"].tolist() == [240, 230]
    assert not list(store.folder.rglob("*.tmp"))
