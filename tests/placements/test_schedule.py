import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from forecast.errors import InputError
from forecast.placements.plans.schedule import Schedule

days = st.integers(0, 60).map(lambda day: pd.Timestamp("2024-12-15") + pd.Timedelta(days=day))


@given(st.dictionaries(days, st.integers(0, 99), min_size=1, max_size=6), st.lists(days, min_size=1, max_size=8))
@tried(max_examples=60, deadline=None)
def test_the_places_of_a_day_are_those_of_the_last_step_to_it(steps, asked):
    schedule = Schedule.of(sorted(steps.items()))
    for day, places in zip(asked, schedule.on(pd.DatetimeIndex(asked)), strict=True):
        before = [step for step in steps if step <= day]
        assert places == steps[max(before) if before else min(steps)]


def test_a_number_a_mapping_a_series_and_pairs_say_the_same():
    steps = {"2022-12-01": 23, "2023-01-01": 44}
    made = Schedule.of(steps)
    assert made == Schedule.of(list(steps.items())) == Schedule.of(pd.Series(steps)) == Schedule.of(made)
    assert made.steps == ((pd.Timestamp("2022-12-01"), 23), (pd.Timestamp("2023-01-01"), 44))
    assert Schedule.of(44) == Schedule.of(44.0) == Schedule.of([("2031-05-05", 44)])
    assert Schedule.of(44) != made


def test_a_step_counts_from_the_morning_of_its_day():
    schedule = Schedule.of({pd.Timestamp("2023-01-01 15:00"): 1, pd.Timestamp("2023-01-02 09:00"): 2})
    asked = pd.DatetimeIndex(["2023-01-01 23:59", "2023-01-02 00:00", "2023-01-02 08:00"])
    assert schedule.on(asked).tolist() == [1, 2, 2]


def test_places_are_added_at_all_times_and_never_fall_below_none():
    schedule = Schedule.of({"2022-12-01": 23, "2023-01-01": 44})
    assert schedule.plus(10).counts == (33, 54)
    assert schedule.plus(-30).counts == (0, 14)


def test_a_schedule_is_said_in_words():
    assert Schedule.of(1200).in_words() == "1,200"
    assert Schedule.of({"2022-12-01": 23, "2023-01-01": 44, "2023-04-01": 0}).in_words() == (
        "23, and 44 from 1 January 2023, and 0 from 1 April 2023"
    )


def test_more_steps_than_a_schedule_may_have_are_refused():
    months = pd.date_range("2020-01-01", periods=61, freq="MS")
    assert len(Schedule.of([(month, 1) for month in months[:60]]).steps) == 60
    with pytest.raises(InputError, match="more than 60 steps; give 1 to 60"):
        Schedule.of([(month, 1) for month in months])
