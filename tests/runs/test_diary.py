"""The diary of past runs: who is in it, what each row says, and that no run is judged by what it knew."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_runs import AHEAD, DELAY, METRIC, course, small_run

from forecast.runs import open_run, track
from forecast.runs.diary import DIARY_COLUMNS, diary_of, listing, outcomes

WEEKS = [f"{day:%Y-%m-%d}" for day in pd.date_range("2024-10-03", periods=5, freq="7D")]
NEWEST = "2024-11-07"


@pytest.fixture(scope="module")
def weekly(tmp_path_factory):
    """Five weekly runs and the one that is served."""
    folder = tmp_path_factory.mktemp("weekly")
    for as_of in WEEKS:
        small_run(folder, as_of)
    return small_run(folder, NEWEST, history=course("2024-11-03").combine_first(course("2024-10-10")))


def same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(left.reset_index(drop=True), right.reset_index(drop=True))


def test_the_diary_holds_every_earlier_run_day_by_day(weekly):
    diary = diary_of(weekly, METRIC)
    assert tuple(diary.rows.columns) == DIARY_COLUMNS
    assert not diary.skipped
    assert sorted(diary.rows["as_of"].unique()) == sorted(pd.Timestamp(day) for day in WEEKS)
    assert len(diary.rows) == len(WEEKS) * 2 * 3 * AHEAD  # runs, models, places, days
    assert weekly.id not in set(diary.rows["run"])


def test_a_row_says_what_the_run_said_and_what_came(weekly):
    rows = diary_of(weekly, METRIC).rows
    row = rows.query("run == '2024-10-10-aaaa' and location == 'RM1' and model == 'forecast' and horizon == 3").iloc[0]
    assert row["origin"] == pd.Timestamp("2024-10-06")
    assert row["date"] == pd.Timestamp("2024-10-09")
    assert row["observed"] == 109  # the level, and the 9th of the month
    # Five paths 10 apart about 100: the quantile 0.05 lies a fifth of the way from the lowest to the next.
    assert (row["0.05"], row["0.5"], row["0.95"]) == (pytest.approx(82), 100, pytest.approx(118))


def test_no_run_is_judged_by_what_it_knew(weekly):
    rows = diary_of(weekly, METRIC).rows
    for name, own in rows.groupby("run"):
        known = open_run(weekly.path.parent / str(name)).history(METRIC).index.max()
        assert own["date"].min() > known
        assert (own["origin"] == known).all()
        assert (own["horizon"] >= 1).all()


def test_days_beyond_the_newest_figures_have_no_outcome_yet(weekly):
    rows = diary_of(weekly, METRIC).rows
    assert rows.loc[rows["date"] > "2024-11-03", "observed"].isna().all()
    assert rows.loc[rows["date"] <= "2024-11-03", "observed"].notna().all()
    assert diary_of(weekly, METRIC).runs == 5


def test_a_flagged_value_is_no_outcome_for_its_hospital_nor_for_the_county(tmp_path):
    small_run(tmp_path, WEEKS[0])
    flags = pd.DataFrame(
        {"date": pd.to_datetime(["2024-10-02"]), "location": ["RGP"], "flag": ["lone_zero"], "note": ["why"]}
    )
    run = small_run(tmp_path, NEWEST, history=course("2024-10-20"), flags=flags)
    known = outcomes(run, METRIC).loc["2024-10-02"]
    assert np.isnan(known["RGP"])
    assert np.isnan(known["NORFOLK"])
    assert known["RM1"] == 102
    rows = diary_of(run, METRIC).rows
    on_day = rows[rows["date"] == pd.Timestamp("2024-10-02")]
    assert set(on_day.loc[on_day["observed"].notna(), "location"]) == {"RM1"}


def test_simulated_and_real_runs_never_mix(tmp_path):
    small_run(tmp_path, WEEKS[0], mark="real")
    small_run(tmp_path, WEEKS[1], mark="twin", simulated=True)
    real, twin = small_run(tmp_path, NEWEST, mark="real"), small_run(tmp_path, NEWEST, mark="twin", simulated=True)
    assert set(diary_of(real, METRIC).rows["run"]) == {f"{WEEKS[0]}-real"}
    assert set(diary_of(twin, METRIC).rows["run"]) == {f"{WEEKS[1]}-twin"}


def test_of_two_runs_as_of_one_day_the_one_written_last_counts(tmp_path):
    small_run(tmp_path, WEEKS[0], mark="aaaa", level=50, written=2_000)
    small_run(tmp_path, WEEKS[0], mark="zzzz", level=90, written=1_000)
    newest = small_run(tmp_path, NEWEST)
    rows = diary_of(newest, METRIC).rows
    assert set(rows["run"]) == {f"{WEEKS[0]}-aaaa"}


def test_later_runs_and_those_of_the_same_day_are_no_past(tmp_path):
    small_run(tmp_path, NEWEST, mark="same")
    small_run(tmp_path, "2024-12-05", mark="later")
    assert diary_of(small_run(tmp_path, NEWEST), METRIC).rows.empty


def test_a_run_without_the_metric_has_no_rows_and_is_not_broken(tmp_path):
    small_run(tmp_path, WEEKS[0], metric="flu_beds")
    diary = diary_of(small_run(tmp_path, NEWEST), METRIC)
    assert diary.rows.empty
    assert not diary.skipped


def test_a_broken_run_is_skipped_with_its_reason(tmp_path):
    kept, *broken = [small_run(tmp_path, day) for day in WEEKS]
    (broken[0].path / "manifest.json").write_text("{", encoding="utf-8")
    (broken[1].path / track.QUANTILES_FILE).unlink()
    frame = pd.read_parquet(broken[2].path / track.QUANTILES_FILE)
    frame.assign(**{"0.5": 0.0}).to_parquet(broken[2].path / track.QUANTILES_FILE)
    (broken[3].path / "manifest.json").unlink()
    diary = diary_of(small_run(tmp_path, NEWEST), METRIC)
    assert set(diary.rows["run"]) == {kept.id}
    assert set(diary.skipped) == {run.id for run in broken}
    assert "manifest cannot be read" in diary.skipped[broken[0].id]
    assert "quantiles.parquet cannot be read" in diary.skipped[broken[1].id]
    assert "quantiles.parquet cannot be read (it is not what was written)" in diary.skipped[broken[2].id]


def test_a_run_made_before_quantiles_were_kept_is_read_off_its_paths(tmp_path):
    old, newest = small_run(tmp_path, WEEKS[0]), small_run(tmp_path, NEWEST)
    before = diary_of(newest, METRIC).rows
    path = old.path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["files"][track.QUANTILES_FILE]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    (old.path / track.QUANTILES_FILE).unlink()
    same(diary_of(newest, METRIC).rows[list(DIARY_COLUMNS)], before)


def test_other_folders_are_not_taken_for_runs(tmp_path):
    run = small_run(tmp_path, NEWEST)
    (tmp_path / "sign-off").mkdir()
    (tmp_path / ".2024-10-03-abc.1.tmp").mkdir()
    (tmp_path / "notes.txt").write_text("a", encoding="utf-8")
    assert [name for name, _ in listing(tmp_path)] == [run.id]


@settings(max_examples=8, deadline=None)
@given(chosen=st.sets(st.sampled_from(WEEKS), min_size=1), added=st.sampled_from(WEEKS), level=st.integers(20, 500))
def test_one_more_run_changes_no_row_of_another(tmp_path_factory, chosen, added, level):
    folder = tmp_path_factory.mktemp("more")
    for day in chosen - {added}:
        small_run(folder, day)
    newest = small_run(folder, NEWEST)
    before = diary_of(newest, METRIC).rows
    extra = small_run(folder, added, level=float(level), mark="more")
    after = diary_of(newest, METRIC).rows
    others = after[after["run"] != extra.id]
    if len(before):
        same(others, before)
    assert len(others) == len(before)
    assert set(after["run"]) == {*before["run"], extra.id}
    shutil.rmtree(folder)


@settings(max_examples=6, deadline=None)
@given(revised=st.floats(0, 10_000), day=st.integers(0, 29))
def test_a_revision_of_what_a_run_knew_does_not_change_its_record(tmp_path_factory, revised, day):
    folder = tmp_path_factory.mktemp("revised")
    past = small_run(folder, WEEKS[0])
    known = past.history(METRIC)
    history = course("2024-10-29").combine_first(known)
    newest = small_run(folder, NEWEST, history=history)
    before = diary_of(newest, METRIC).rows
    history.loc[known.index[day], "RM1"] = revised
    again = small_run(folder, NEWEST, history=history, mark="bbbb")
    same(diary_of(again, METRIC).rows, before)
    assert known.index.max() == pd.Timestamp(WEEKS[0]) - pd.Timedelta(days=DELAY)
    shutil.rmtree(folder)
