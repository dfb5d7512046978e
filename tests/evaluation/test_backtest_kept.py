"""A backtest that was stopped goes on where it was; one whose inputs changed does not take old results for new."""

import copy
import shutil
import signal

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast.errors import InputError
from forecast.evaluation.code import described
from forecast.forecasters import Ensemble, Persistence, SeasonalNaive
from forecast.reference import reference
from tests.evaluation.toys import Counting, Falling, county, daily
from tests.forked import Forked

ORIGINS = ["2024-02-25", "2024-03-03", "2024-03-10", "2024-03-17"]


@pytest.fixture
def fits(tmp_path):
    """What a run of a backtest fits, as the days of its origins."""
    log = tmp_path / "fits.txt"

    def run(panel=None, folder=tmp_path / "kept", **other):
        log.write_text("")
        words = {"origins": ORIGINS, "horizon": 3, "samples": 20, "baseline": False} | other
        run.frame = fc.backtest(Counting(log=str(log)), daily() if panel is None else panel, folder=folder, **words)
        return log.read_text().split()

    run.log, run.folder = log, tmp_path / "kept"
    return run


def test_a_process_killed_in_the_middle_costs_only_the_task_it_was_at(fits):
    log = fits.log
    dying = Forked(lambda: _die_at_the_third(fits))
    assert dying.ended() == -signal.SIGKILL
    assert log.read_text().split() == ORIGINS[:3]
    assert len(list(fits.folder.glob("*.parquet"))) == 2
    assert fits() == ORIGINS[2:]
    whole = fits.frame
    assert fits() == []
    pd.testing.assert_frame_equal(fits.frame, whole)
    assert fits(folder=None) == ORIGINS
    pd.testing.assert_frame_equal(fits.frame.drop(columns="seconds"), whole.drop(columns="seconds"))


def _die_at_the_third(fits):
    Counting.die_at = 3
    fits()


def test_a_new_origin_adds_one_task(fits):
    fits(origins=ORIGINS[:3])
    assert fits() == ORIGINS[3:]


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 2},
        {"samples": 21},
        {"horizon": 2},
        {"locations": ["RM1"]},
        {"totals": county()},
        {"history": 60},
        {"observed": daily() + 1},
        {"related": {"flu": daily()}},
    ],
    ids=lambda other: next(iter(other)),
)
def test_another_setting_is_another_task(fits, other):
    fits()
    assert fits(**other) == ORIGINS
    assert fits() == []


def test_a_revised_value_redoes_the_origins_that_saw_it_or_are_scored_by_it(fits):
    fits()
    panel = daily()
    panel.loc["2024-03-05", "RM1"] += 1
    # 25 February ends its forecast on the 28th; 3 March is scored by the day, the later ones learn from it
    assert fits(panel) == ORIGINS[1:]
    other = daily()
    other.attrs["metric"] = "nctr_remaining"
    assert fits(other) == ORIGINS


def test_another_effect_of_bank_holidays_in_the_reference_tables_is_another_task(fits, monkeypatch, tmp_path):
    fits()
    folder = shutil.copytree(reference().folder, tmp_path / "reference")
    table = folder / "holiday_effects.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("-0.42", "-0.43"), encoding="utf-8")
    monkeypatch.setenv("FORECAST_REFERENCE", str(folder))
    assert fits() == ORIGINS
    monkeypatch.undo()
    assert fits() == []


def test_a_damaged_or_foreign_file_is_done_again_with_a_warning(fits, caplog):
    fits()
    first, second, *_ = sorted(fits.folder.glob("*.parquet"))
    first.write_bytes(b"PAR1 and nothing else")
    second.write_bytes(sorted(fits.folder.glob("*.parquet"))[2].read_bytes())
    whole = fits.frame
    assert len(fits()) == 2
    assert f"{first}: cannot be read" in caplog.text
    assert f"{second}: does not hold the task it is named after" in caplog.text
    pd.testing.assert_frame_equal(fits.frame.drop(columns="seconds"), whole.drop(columns="seconds"))
    assert fits() == []


def test_a_failed_task_is_tried_again(tmp_path):
    words = {"origins": ["2024-03-03", "2024-03-10"], "horizon": 2, "samples": 10, "folder": tmp_path}
    for _ in range(2):
        b = fc.backtest(Falling(), daily(), baseline=False, **words)
        assert [one["origin"] for one in b.attrs["failed"]] == ["2024-03-10"]
    assert len(list(tmp_path.iterdir())) == 1


def test_several_processes_keep_the_same_files(fits):
    fits(jobs=2)
    assert fits() == []
    assert not list(fits.folder.glob(".*"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"file: cannot be used .*; name a folder that can be written"):
        fc.backtest(Persistence(), daily(), origins=ORIGINS, horizon=1, folder=tmp_path / "file")


def test_a_forecaster_is_told_from_another_by_every_setting_and_by_its_code():
    long = Ensemble([SeasonalNaive() for _ in range(40)])
    longer = Ensemble([*(SeasonalNaive() for _ in range(39)), Persistence()])
    assert described(long) != described(longer)
    assert described(long) == described(Ensemble([SeasonalNaive() for _ in range(40)]))
    assert described(Counting(log="a")) != described(Counting(log="b"))
    for one, other in (
        ({"a": 1}, {"a": 2}),
        (np.arange(3), np.arange(1, 4)),
        (daily(), daily() + 1),
        (daily(), daily().rename(columns={"RM1": "RCX"})),
        ([Persistence(), {"b": (1, 2)}], [Persistence(), {"b": (1, 3)}]),
    ):
        assert described(one) == described(copy.deepcopy(one)) != described(other)
    code = {described(model).rpartition("#")[2] for model in (Persistence(), SeasonalNaive())}
    assert len(code) == 2
