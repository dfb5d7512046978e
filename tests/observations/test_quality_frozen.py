import numpy as np
import pandas as pd

from forecast.observations.quality import Beside, flags

DAYS = pd.date_range("2022-03-07", periods=182, name="date")


def counted(level: float = 200.0, seed: int = 1) -> np.ndarray:
    return np.rint(level * np.exp(np.random.default_rng(seed).normal(0, 0.08, len(DAYS))))


def flagged(values: np.ndarray, **beside: object) -> pd.DataFrame:
    panel = pd.DataFrame({"RM1": values}, index=DAYS)
    return flags(panel, wave=False, beside=Beside(**beside))  # type: ignore[arg-type]


def test_a_value_carried_forward_keeps_its_first_day_and_loses_its_repeats():
    values = counted()
    values[60:67] = 233
    frame = flagged(values)
    assert frame["date"].tolist() == list(DAYS[61:67])
    assert set(frame["flag"]) == {"frozen"}
    assert frame["note"][0].startswith("233 on 7 days from 6 May 2022")


def test_a_weekend_between_does_not_hide_a_frozen_value():
    values = counted()
    for monday in (63, 70, 77):
        values[monday : monday + 5] = 233
    repeats = [day for monday in (63, 70, 77) for day in range(monday + 1, monday + 5)]
    assert flagged(values)["date"].tolist() == list(DAYS[repeats])


def test_six_equal_days_of_two_hundred_people_do_not_happen_by_chance():
    values = counted()
    values[60:66] = 233
    assert flagged(values)["date"].tolist() == list(DAYS[61:66])


def test_four_equal_days_happen_by_chance_even_twice_three_weeks_apart():
    values = counted()
    values[60:64] = values[84:88] = 233
    assert flagged(values).empty


def test_three_equal_days_happen_by_chance():
    values = counted()
    values[60:63] = 233
    assert flagged(values).empty


def test_small_counts_repeat_by_chance():
    values = np.random.default_rng(2).poisson(3, len(DAYS)).astype(float) + 1
    values[60:70] = 4
    assert flagged(values).empty


def test_a_hospital_whose_count_often_stays_the_same_is_believed_longer():
    values = np.repeat(counted()[:61], 3)[: len(DAYS)]
    values[60:66] = values[60]
    assert flagged(values).empty


def test_a_record_that_never_moved_shows_no_usual_change_to_judge_by():
    assert flagged(np.full(len(DAYS), 120.0)).empty


def test_a_week_equal_to_the_week_before_day_for_day_is_carried_forward():
    values = counted()
    values[70:84] = np.resize(values[63:70], 14)
    frame = flagged(values)
    assert frame["date"].tolist() == list(DAYS[70:84])
    assert frame["note"][0] == "the same 14 figures, day for day, as a week before: carried forward, not counted"


def test_a_weekday_shape_alone_is_no_repeated_week():
    shape = np.resize([200.0, 210, 215, 212, 214, 180, 170], len(DAYS))
    assert flagged(shape).empty
    assert flagged(np.rint(shape * np.exp(np.random.default_rng(1).normal(0, 0.01, len(DAYS))))).empty


def test_beds_open_are_a_decision_and_may_stay_put():
    values = counted()
    values[60:90] = 233
    assert flagged(values, decided=True).empty
    weeks = counted()
    weeks[70:84] = np.resize(weeks[63:70], 14)
    assert flagged(weeks, decided=True).empty


def test_a_full_hospital_may_stay_full():
    values = counted()
    values[60:67] = 233
    beds = pd.DataFrame({"RM1": np.maximum(values + 20, 0)}, index=DAYS)
    assert len(flagged(values, beds_open=beds)) == 6
    beds.iloc[60:67] = 233.0
    assert flagged(values, beds_open=beds).empty
