"""When and how high a wave peaks, worked by hand and held to its invariants."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_waves import bell, panel_of, paths_of, weekly

from forecast.errors import InputError
from forecast.waves.peaks import Peak, days_above, peak

WINDOW = ("2024-10-01", "2025-04-30")
ORIGIN = pd.Timestamp("2024-12-15")  # a Sunday
AHEAD = "2024-12-16"
DAYS = 136  # to 30 April 2025


def test_the_highest_week_of_each_path_is_the_peak_and_its_value_the_size():
    found = peak(weekly([10, 30, 20], [40, 20, 10], [10, 20, 50], [10, 30, 29]), window=WINDOW)
    chances = found.week_probabilities["RM1"]
    assert chances["2024-12-16"] == 0.25
    assert chances["2024-12-23"] == 0.5
    assert chances["2024-12-30"] == 0.25
    assert chances.sum() == 1
    assert list(found.sizes["RM1"]) == [30, 40, 50, 30]
    assert found.size_quantiles.loc[0.5, "RM1"] == 35
    assert found.passed["RM1"] == 0


def test_the_first_of_equal_weeks_counts():
    found = peak(weekly([10, 30, 30, 30]), window=WINDOW)
    assert found.weeks.loc[0, "RM1"] == pd.Timestamp("2024-12-23")


def test_every_week_of_the_window_is_listed_by_its_monday():
    weeks = peak(weekly([10, 30]), window=WINDOW).week_probabilities.index
    assert weeks[0] == pd.Timestamp("2024-09-30")
    assert weeks[-1] == pd.Timestamp("2025-04-28")
    assert (weeks.day_of_week == 0).all()
    assert len(weeks) == 31


def test_what_was_observed_counts_and_tells_that_a_peak_has_passed():
    observed = panel_of([10, 35, 30], "2024-12-09", 7)
    found = peak(weekly([20, 20], [34, 36], [35, 1]), observed=observed, window=WINDOW)
    assert list(found.sizes["RM1"]) == [35, 36, 35]
    assert found.passed["RM1"] == pytest.approx(2 / 3)
    assert found.weeks.loc[0, "RM1"] == pd.Timestamp("2024-12-02")


def test_an_observed_value_after_the_origin_is_not_used():
    observed = panel_of([10, 10, 500], "2024-12-16", 7)
    found = peak(weekly([20, 30]), observed=observed, window=WINDOW)
    assert found.sizes.loc[0, "RM1"] == 30


def test_daily_data_peak_at_the_centred_mean_of_seven_days():
    days = np.full(40, 10.0)
    days[10:17] = [20, 30, 40, 50, 40, 30, 20]  # 26 December to 1 January, its middle 29 December
    days[30] = 90  # one wild day is no wave
    found = peak(paths_of([[days]], AHEAD), window=WINDOW)
    assert found.dates.loc[0, "RM1"] == pd.Timestamp("2024-12-29")
    assert found.sizes.loc[0, "RM1"] == pytest.approx(230 / 7)
    assert found.weeks.loc[0, "RM1"] == pd.Timestamp("2024-12-23")


def test_days_before_the_origin_and_days_after_share_a_seven_day_mean():
    observed = panel_of([10] * 20 + [30] * 4, ORIGIN)  # 12 to 15 December
    found = peak(paths_of([[[30, 30, 30, 10, 10, 10, 10]]], AHEAD), observed=observed, window=WINDOW)
    assert found.sizes.loc[0, "RM1"] == 30
    assert found.dates.loc[0, "RM1"] == ORIGIN
    assert found.passed["RM1"] == 1


def test_a_missing_day_is_left_out_of_its_mean_and_a_week_of_fewer_than_four_days_has_none():
    observed = panel_of([np.nan] * 10 + [10, 10, 10, 10, np.nan, 40, 40] + [10] * 14, ORIGIN)
    found = peak(paths_of([[[1] * 7]], AHEAD), observed=observed, window=WINDOW)
    assert found.sizes.loc[0, "RM1"] == pytest.approx((40 + 40 + 4 * 10) / 6)


def test_peaks_outside_the_window_do_not_count():
    found = peak(weekly([20, 99, 30], first="2025-04-21"), window=WINDOW)
    # the week of 28 April has its middle day on 1 May, after the window
    assert found.sizes.loc[0, "RM1"] == 20


@pytest.mark.parametrize(
    ("first", "dated", "week"),
    [
        ("2024-12-29", "", "2024-12-23"),  # Sundays are last days
        ("2025-01-02", "", "2024-12-30"),  # Friday 27 December to Thursday 2 January, its middle Monday the 30th
        ("2024-12-30", "", "2024-12-30"),  # Mondays are first days
        ("2024-12-30", "last", "2024-12-23"),
    ],
)
def test_a_week_belongs_to_the_calendar_week_of_its_middle_day(first, dated, week):
    found = peak(weekly([30, 10], first=first), window=WINDOW, dated=dated)
    assert found.weeks.loc[0, "RM1"] == pd.Timestamp(week)


def test_daily_figures_before_weekly_paths_are_taken_as_weekly_means():
    observed = panel_of([10] * 14 + [40] * 7 + [20] * 7, ORIGIN)  # 2 to 8 December, then 9 to 15
    ends = peak(weekly([30, 30], first="2024-12-22"), observed=observed, window=WINDOW)
    starts = peak(weekly([30, 30], first="2024-12-16"), observed=observed, window=WINDOW)
    for found in (ends, starts):
        assert found.sizes.loc[0, "RM1"] == 40
        assert found.weeks.loc[0, "RM1"] == pd.Timestamp("2024-12-02")
        assert found.passed["RM1"] == 1


def test_a_location_without_a_forecast_says_why_and_leaves_the_others_alone():
    values = np.array([[[20, 30, 20]], [[np.nan] * 3]])
    t = paths_of(values, AHEAD, 7, ("RM1", "RGP"), notes={"RGP": "no usable value since 1 December 2024"})
    found = peak(t, window=WINDOW)
    assert found.reasons == {"RGP": "no usable value since 1 December 2024"}
    assert found.week_probabilities["RGP"].isna().all()
    assert found.week_probabilities["RM1"].sum() == 1
    assert np.isnan(found.passed["RGP"])
    assert np.isnan(found.size_quantiles.loc[0.5, "RGP"])


@pytest.mark.parametrize(("size", "said"), [(4, True), (5, False)])
def test_a_wave_of_a_few_beds_has_no_peak_week(size, said):
    found = peak(weekly([1, size, 1], [1, size, 2], [1, 9, 1], [1, 2, 1]), window=WINDOW)
    assert ("RM1" in found.reasons) is said
    if said:
        assert "too small" in found.reasons["RM1"]
    assert not peak(weekly([0.2, 0.9]), window=WINDOW, fewest=0).reasons


def test_a_season_that_is_over_is_told_from_what_was_observed():
    days = len(pd.date_range("2024-10-01", "2025-06-01"))
    observed = panel_of(bell(days, 90, 60), "2025-06-01")
    found = peak(paths_of([[[9.0] * 7] * 5], "2025-06-02"), observed=observed, window=WINDOW)
    assert found.over
    assert found.passed["RM1"] == 1
    assert found.week_probabilities["RM1"]["2024-12-30"] == 1  # day 90 after 1 October


def test_off_season_without_figures_is_said_in_words():
    after = peak(paths_of([[[9.0] * 7]], "2025-06-02"), window=WINDOW)
    assert after.reasons["RM1"] == "the season ended on 30 April 2025, and none of its figures is known"
    before = peak(paths_of([[[9.0] * 7]], "2024-06-02"), window=WINDOW)
    assert before.reasons["RM1"] == "the season begins on 1 October 2024, and the forecast ends before that"


def test_how_far_into_the_window_the_forecast_reaches_is_kept():
    assert peak(weekly([10, 30]), window=WINDOW).reach == pd.Timestamp("2024-12-26")
    assert peak(paths_of([[[9.0] * DAYS]], AHEAD), window=WINDOW).reach == pd.Timestamp("2025-04-30")


def test_size_and_week_together_sum_to_one_and_to_the_weeks():
    rng = np.random.default_rng(3)
    found = peak(paths_of(rng.gamma(4, 20, (1, 200, 15)), AHEAD, 7), window=WINDOW)
    table = found.size_by_week("RM1")
    assert table.to_numpy().sum() == pytest.approx(1)
    assert table.sum(axis=0).to_numpy() == pytest.approx(found.week_probabilities["RM1"].to_numpy())
    assert 4 <= len(table) <= 8
    assert table.index[0].left == 0
    assert table.index[-1].right == np.inf
    by_hand = found.size_by_week("RM1", np.array([0.0, 100.0, 1000.0]))
    assert by_hand.iloc[0].sum() == pytest.approx((found.sizes["RM1"] < 100).mean())


def test_sizes_far_apart_fall_into_bands_that_grow():
    rows = [[size, 1] for size in np.geomspace(12, 700, 50)]
    bands = peak(weekly(*rows), window=WINDOW).size_by_week("RM1")
    assert list(bands.index.left) == [0, 10, 20, 50, 100, 200, 500, 1000]
    assert bands.to_numpy().sum() == pytest.approx(1)


def test_size_and_week_of_a_place_without_a_peak_say_why():
    found = peak(weekly([1, 2]), window=WINDOW)
    with pytest.raises(InputError, match="nothing can be said of RM1: the wave is too small"):
        found.size_by_week("RM1")
    with pytest.raises(InputError, match="no location 'XYZ'; there are RM1"):
        found.size_by_week("XYZ")


def test_the_likely_weeks_are_weeks_not_days_between_them():
    found = peak(weekly([30, 1, 1], [30, 1, 1], [1, 30, 1], [1, 1, 30]), window=WINDOW)
    row = found.likely_weeks(0.5).loc["RM1"]
    assert list(row) == [pd.Timestamp(day) for day in ("2024-12-16", "2024-12-16", "2024-12-23")]


def test_a_stored_peak_is_read_back_whole(tmp_path):
    values = np.array([[[20, 30, 20], [5, 1, 8]], [[np.nan] * 3] * 2])
    before = peak(paths_of(values, AHEAD, 7, ("RM1", "RGP")), window=WINDOW)
    before.to_frame().to_parquet(tmp_path / "peaks.parquet", index=False)
    after = Peak.from_frame(pd.read_parquet(tmp_path / "peaks.parquet"))
    for name in ("dates", "sizes", "seen", "week_probabilities", "size_quantiles"):
        pd.testing.assert_frame_equal(getattr(before, name), getattr(after, name), check_names=False)
    for name in ("origin", "window", "reach", "metric", "reasons", "locations", "over"):
        assert getattr(before, name) == getattr(after, name)
    with pytest.raises(InputError, match="'seen' is missing"):
        Peak.from_frame(before.to_frame().drop(columns="seen"))


cases = st.tuples(st.integers(0, 10**6), st.sampled_from([1, 7]), st.booleans())


def drawn(case):
    seed, step, with_past = case
    rng = np.random.default_rng(seed)
    walk = np.exp(0.2 * rng.standard_normal((2, 12, 25)).cumsum(axis=2)) * rng.uniform(5, 80, (2, 1, 1))
    t = paths_of(np.rint(walk) + 6, AHEAD, step, ("RM1", "RGP"))
    past = panel_of(rng.integers(6, 90, (20, 2)), t.origin, step, ("RM1", "RGP")) if with_past else None
    return t, past


@settings(max_examples=20, deadline=None)
@given(cases)
def test_chances_sum_to_one_and_a_constant_moves_no_week(case):
    t, past = drawn(case)
    found = peak(t, observed=past, window=WINDOW)
    assert found.week_probabilities.sum().to_numpy() == pytest.approx([1, 1])
    assert found.passed.between(0, 1).all()
    more = paths_of(t.paths + 16, AHEAD, t.step_days, t.locations)
    moved = peak(more, observed=None if past is None else past + 16, window=WINDOW)
    pd.testing.assert_frame_equal(moved.weeks, found.weeks)


@settings(max_examples=20, deadline=None)
@given(cases)
def test_a_sum_peaks_no_higher_than_the_sum_of_the_peaks(case):
    t, past = drawn(case)
    whole = t.with_total("NORFOLK", ["RM1", "RGP"])
    panel = None if past is None else past.assign(NORFOLK=past.sum(axis=1))
    sizes = peak(whole, observed=panel, window=WINDOW).sizes
    assert (sizes["NORFOLK"] <= sizes["RM1"] + sizes["RGP"] + 1e-9).all()


@settings(max_examples=20, deadline=None)
@given(cases, st.floats(0, 100), st.floats(0, 50))
def test_a_higher_bar_is_never_passed_on_more_days(case, bar, more):
    t, past = drawn(case)
    low, high = (days_above(t, at, observed=past, window=WINDOW) for at in (bar, bar + more))
    assert (high <= low).all(axis=None)


@settings(max_examples=20, deadline=None)
@given(cases)
def test_once_the_window_is_over_the_peak_has_passed(case):
    t, past = drawn((case[0], case[1], True))
    found = peak(t, observed=past, window=(past.index[0], t.origin))
    assert (found.passed == 1).all()


def test_observed_dates_may_be_in_any_order():
    observed = panel_of(bell(75, 60, 60), ORIGIN)
    t = paths_of([[bell(60, -15, 60)]], AHEAD)
    found = peak(t, observed=observed.iloc[::-1], window=WINDOW)
    assert found.dates["RM1"][0] == peak(t, observed=observed, window=WINDOW).dates["RM1"][0]
