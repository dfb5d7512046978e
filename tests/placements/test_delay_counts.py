import pandas as pd
import pytest
from published import MONTHS, reasons

from forecast.placements.waiting.delay_counts import delay_counts, unusable_months
from forecast.reference import reference

NUMBERS = ["1", "2", "3"]


def counted(frame, as_of=None):
    return delay_counts(frame, NUMBERS, reference(), as_of)


def test_reasons_are_counted_by_the_pathway_they_wait_for():
    counts, specification = counted(reasons({"RM1": (5, 7, 3, 20)}))
    assert specification == "2024"
    assert counts.loc[("RM1", MONTHS[0])].to_dict() == {"1": 5, "2": 7, "3": 3, "rest": 20}


def test_a_reason_of_two_pathways_is_shared_out_by_the_hospitals_other_reasons():
    codes = ("home_rehab_capacity", "care_home_capacity", "end_of_life_capacity")
    counts, _ = counted(reasons({"RM1": (30, 10, 8)}, codes=codes))
    # three quarters of those on pathways 1 and 3 wait to go home: 30 + 6 and 10 + 2
    assert counts.loc[("RM1", MONTHS[0]), ["1", "3"]].tolist() == pytest.approx([36, 12])
    assert counts.loc[("RM1", MONTHS[0])].sum() == pytest.approx(48)


def test_housing_is_shared_out_with_those_who_need_no_new_care():
    codes = ("home_rehab_capacity", "social_care_restart", "housing_capacity")
    counts, _ = counted(reasons({"RM1": (30, 10, 8)}, codes=codes))
    assert counts.loc[("RM1", MONTHS[0])].to_dict() == pytest.approx({"1": 36, "2": 0, "3": 0, "rest": 12})


def test_where_a_hospital_counts_nobody_else_a_shared_reason_is_split_as_everywhere():
    codes = ("home_rehab_capacity", "care_home_capacity", "end_of_life_capacity")
    counts, _ = counted(reasons({"RM1": (30, 10, 0), "RCX": (0, 0, 8)}, codes=codes))
    assert counts.loc[("RCX", MONTHS[0]), ["1", "3"]].tolist() == pytest.approx([6, 2])


def test_waiting_for_care_that_stood_before_is_no_onward_care():
    counts, _ = counted(reasons({"RM1": (5, 9)}, codes=("home_rehab_capacity", "social_care_restart")))
    assert counts.loc[("RM1", MONTHS[0])].to_dict() == {"1": 5, "2": 0, "3": 0, "rest": 9}


def test_the_newest_wording_that_was_known_is_used():
    old = reasons(
        {"RM1": (1, 2, 3, 4)},
        pd.date_range("2023-09-01", periods=4, freq="MS"),
        ("home_care_resource", "rehab_bed", "care_home_bed", "medical_decision"),
        "delay14plus_avg_",
    )
    both = pd.concat([old, reasons({"RM1": (5, 7, 3, 20)})])
    assert counted(both)[1] == "2024"
    assert counted(both, "2024-07-10")[1] == "2022"
    counts, specification = counted(both, "2023-07-10")
    assert counts.empty
    assert specification == ""


def test_totals_of_regions_are_no_hospitals():
    counts, _ = counted(reasons({"RM1": (1, 2, 3, 4), "ENG": (100, 200, 300, 400)}))
    assert set(counts.index.get_level_values("location")) == {"RM1"}


def test_a_month_in_which_nobody_waits_for_the_hospital_itself_cannot_be_right():
    frame = reasons({"RCX": [(40, 30, 20, 0), (40, 30, 20, 1), (5, 2, 1, 0), (0, 0, 0, 12)]})
    why = unusable_months(counted(frame)[0]).tolist()
    # eight people without one happen
    assert why == [
        "nobody is counted who waits for the hospital itself",
        "",
        "",
        "nobody is counted on a pathway of onward care",
    ]


def test_nine_people_may_be_of_one_kind_and_ten_may_not_and_a_month_of_nobody_tells_nothing():
    frame = reasons({"RCX": [(4, 3, 2, 0), (4, 3, 3, 0), (0, 0, 0, 9), (0, 0, 0, 0)]})
    assert unusable_months(counted(frame)[0]).tolist() == [
        "",
        "nobody is counted who waits for the hospital itself",
        "",
        "nobody is counted",
    ]
