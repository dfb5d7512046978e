import re

import pandas as pd
import pytest

from forecast.gate.implausible import implausible, moves, spans
from forecast.gate.limits import Limits
from forecast.observations.store import Store
from forecast.reference import reference
from tests.gate.judged import looked_at, of_many, published, trusts
from tests.weekly.compared_runs import LAST_THEN, NOW, THEN

LIMITS = Limits.from_reference(reference())


def found(tmp_path, frame: pd.DataFrame, before: pd.DataFrame | None = None, day: str = NOW) -> list[str]:
    store, incumbent = Store(tmp_path / "data"), None
    if before is not None:
        store.add(before)
        incumbent, _ = published(store, tmp_path / "models", THEN, compare_days=0)
    store.add(frame)
    return [one.says for one in implausible(looked_at(store, day), incumbent, LIMITS)]


def in_newest_week(frame: pd.DataFrame) -> pd.Series:
    return frame["date"] > frame["date"].max() - pd.Timedelta(weeks=1)


def test_a_usual_week_is_plausible(tmp_path):
    frame = of_many()
    before = frame[frame["date"] <= LAST_THEN]
    assert found(tmp_path, frame, before) == []


@pytest.mark.parametrize(("times", "refused"), [(1.2, False), (1.4, True), (0.5, True)])
def test_a_sum_over_all_trusts_that_moves_as_it_never_did_is_refused(tmp_path, times, refused):
    frame = of_many()
    frame["value"] = frame["value"].where(~in_newest_week(frame), (frame["value"] * times).round())
    says = [one for one in found(tmp_path, frame) if "the sum over all trusts" in one]
    assert bool(says) == refused
    if refused:
        ratio = float(re.search(r"is ([\d.]+) times that of the week before", says[0]).group(1))
        assert ratio == pytest.approx(times, rel=0.02)


@pytest.mark.parametrize(("times", "span"), [(1.0, ""), (2.0, "day"), (0.5, "day"), (0.0, "week")])
def test_where_waves_grow_fivefold_a_week_a_wrong_file_is_known_by_its_first_day(tmp_path, times, span):
    frame = of_many()
    days = (frame["date"] - frame["date"].max()).dt.days
    frame["value"] = (frame["value"] * 5.0 ** ((days % 56 - 28).abs() / 7)).round()
    wrong = frame["value"].where(~in_newest_week(frame), frame["value"] * times)
    says = [one for one in found(tmp_path, frame.assign(value=wrong)) if "the sum over all trusts" in one]
    assert len(says) == bool(span)
    assert all(f"that of the {span} before" in one for one in says)


def test_days_around_holidays_are_not_held_against_the_day_before(tmp_path):
    frame = of_many(last="2024-12-29")
    christmas = frame["date"].between("2024-12-25", "2024-12-26")
    frame["value"] = frame["value"].where(~christmas, frame["value"] * 0.6)
    assert found(tmp_path, frame, day="2025-01-10") == []
    other = frame["date"].between("2024-12-18", "2024-12-19")
    told = frame["value"].where(~other, frame["value"] * 0.6)
    assert found(tmp_path / "other", frame[frame["date"] < "2024-12-23"].assign(value=told)) != []


def test_three_weeks_that_are_wrong_alike_are_refused_though_the_last_is_like_the_one_before(tmp_path):
    frame = of_many()
    since = frame["date"] > pd.Timestamp(LAST_THEN) - pd.Timedelta(days=14)
    before = frame[~since]
    frame["value"] = frame["value"].where(~since, frame["value"] * 2)
    assert any("the sum over all trusts is 2." in one for one in found(tmp_path, frame, before))


def test_a_file_whose_rows_have_slipped_is_refused_though_the_sum_stands(tmp_path):
    frame = of_many()
    codes = sorted(frame["location"].unique())
    frame["value"] *= frame["location"].map({code: 1 + number % 4 for number, code in enumerate(codes)})
    after = dict(zip(codes, [*codes[3:], *codes[:3]], strict=True))
    slipped = frame["location"].where(~in_newest_week(frame), frame["location"].map(after))
    says = found(tmp_path, frame.assign(location=slipped))
    assert any("rows or columns of the file may have slipped" in one for one in says)
    assert not any("the sum over all trusts" in one for one in says)


def test_half_a_file_is_refused_with_how_many_trusts_it_has(tmp_path):
    frame = of_many()
    gone = trusts()[:6]
    (says,) = found(tmp_path, frame[~(in_newest_week(frame) & frame["location"].isin(gone))])
    assert "9 trusts have figures in the newest week, where 15 usually do" in says


def test_what_was_published_once_with_few_trusts_is_not_refused_again_for_being_few(tmp_path):
    frame = of_many()
    gone = frame["location"].isin(trusts()[:6]) & (frame["date"] > pd.Timestamp(LAST_THEN) - pd.Timedelta(weeks=1))
    few = frame[~gone]
    assert any("9 trusts have figures" in one for one in found(tmp_path / "first", few))
    assert found(tmp_path / "again", few, few[few["date"] <= LAST_THEN]) == []


def test_figures_that_newly_look_wrong_at_many_trusts_are_refused_and_old_faults_are_not(tmp_path):
    frame = of_many()
    silent = frame["location"].isin(trusts()[:6])
    fresh = frame["value"].mask(silent & in_newest_week(frame), 0.0)
    says = found(tmp_path / "fresh", frame.assign(value=fresh))
    assert any("figures of 6 of 15 trusts look wrong that did not the week before" in one for one in says)
    long = frame["value"].mask(silent & (frame["date"] > frame["date"].max() - pd.Timedelta(weeks=6)), 0.0)
    assert not any("look wrong" in one for one in found(tmp_path / "long", frame.assign(value=long)))


def test_a_past_that_is_told_otherwise_altogether_is_refused_and_one_hospital_s_correction_is_not(tmp_path):
    frame = of_many()
    before = frame[frame["date"] <= LAST_THEN]
    released = {"released": pd.Timestamp("2024-12-24")}
    (says,) = [
        one for one in found(tmp_path / "all", frame.assign(value=frame["value"] * 2, **released), before) if "%" in one
    ]
    assert "100% of the figures of the last eight weeks that were known already are told otherwise now" in says
    one = frame["value"].mask(frame["location"] == trusts()[0], frame["value"] * 2)
    told = found(tmp_path / "one", frame.assign(value=one, **released), before)
    assert not any("told otherwise" in one for one in told)


def test_a_few_hospitals_say_nothing_about_what_is_usual(tmp_path):
    frame = of_many(many=4)
    frame["value"] = frame["value"].where(~in_newest_week(frame), frame["value"] * 3)
    assert found(tmp_path, frame) == []


def test_a_move_counts_trusts_that_told_both_weeks_and_not_few_people():
    days = pd.date_range("2025-01-06", periods=21)
    panel = pd.DataFrame({"A": 200.0, "B": 300.0}, index=days)
    panel.loc["2025-01-20":, "A"] = 400.0
    panel.loc["2025-01-20":, "B"] = float("nan")
    told = moves(spans(panel, 7))
    assert told.round(3).tolist() == [0.0, 0.693]
    assert moves(spans(panel / 10, 7)).empty
    assert moves(spans(panel, 1)).round(3).tolist() == [0.0] * 13 + [0.693] + [0.0] * 6


def test_a_past_that_came_back_under_another_number_is_compared_all_the_same(tmp_path):
    frame = of_many()
    store = Store(tmp_path / "data")
    store.add(frame[frame["date"] <= LAST_THEN])
    incumbent, _ = published(store, tmp_path / "models", THEN, compare_days=0)
    store.vintages()[0].path.write_bytes(b"")
    store.heal()
    store.add(frame)
    assert list(implausible(looked_at(store), incumbent, LIMITS)) == []
