import numpy as np
import pandas as pd
import pytest
from published import MONTHS, destinations

from forecast.errors import InputError
from forecast.placements.waiting.discharges import pathway_discharges

OTHERS = {"Z01": (900, 60, 20, 20), "Z02": (800, 60, 20, 20)}
"""Six in ten of those discharged to onward care go home with support: sixty for forty on the other pathways."""


def test_usable_discharges_are_as_published():
    found = pathway_discharges(destinations(OTHERS), ["Z01"])
    assert (found.people.loc["Z01"] == [60, 20, 20]).all(axis=None)
    assert (found.reasons == "").all(axis=None)


def test_months_all_recorded_as_pathway_0_get_the_hospitals_own_shares_of_its_other_months():
    frame = destinations({**OTHERS, "RCX": [(1000, 0, 0, 0), (500, 0, 0, 0), (900, 50, 30, 20), (900, 50, 30, 20)]})
    found = pathway_discharges(frame, ["RCX"])
    assert found.people.loc[("RCX", MONTHS[0])].tolist() == pytest.approx([50, 30, 20])
    assert found.people.loc[("RCX", MONTHS[1])].tolist() == pytest.approx([25, 15, 10])
    assert set(found.reasons.loc[("RCX", MONTHS[0])]) == {"every discharge is recorded as pathway 0"}
    assert (found.published.loc[("RCX", MONTHS[0])] == 0).all()


def test_a_hospital_that_records_only_pathway_0_gets_the_shares_of_all_others():
    found = pathway_discharges(destinations({**OTHERS, "RCX": (950, 0, 0, 0)}), ["RCX"])
    # of 1,900 discharges elsewhere 120, 40 and 40
    assert found.people.loc[("RCX", MONTHS[0])].tolist() == pytest.approx([60, 20, 20])


def test_a_month_whose_record_is_not_finished_is_replaced():
    frame = destinations({**OTHERS, "RCX": [(965, 20, 10, 5), *[(900, 50, 30, 20)] * 3]})
    found = pathway_discharges(frame, ["RCX"])
    assert found.people.loc[("RCX", MONTHS[0])].tolist() == pytest.approx([50, 30, 20])
    assert found.reasons.loc[("RCX", MONTHS[0]), "home"].startswith("far fewer")


def test_months_without_a_record_do_not_hide_one_that_is_not_finished():
    frame = destinations({**OTHERS, "RCX": [(1000, 0, 0, 0), (1000, 0, 0, 0), (965, 20, 10, 5), (900, 50, 30, 20)]})
    found = pathway_discharges(frame, ["RCX"])
    # a median of 67.5 of the months told; with those of nobody it would be 17.5
    assert found.reasons.loc[("RCX", MONTHS[2]), "home"] == ""
    frame = destinations({**OTHERS, "RCX": [(1000, 0, 0, 0), (1000, 0, 0, 0), (980, 10, 6, 4), (900, 50, 30, 20)]})
    assert pathway_discharges(frame, ["RCX"]).reasons.loc[("RCX", MONTHS[2]), "home"].startswith("far fewer")


def test_people_who_go_home_with_support_and_are_hardly_recorded_are_put_in_from_the_others():
    found = pathway_discharges(destinations({**OTHERS, "RGP": (1000, 2, 20, 40)}), ["RGP"])
    assert found.people.loc[("RGP", MONTHS[0])].tolist() == pytest.approx([90, 20, 40])
    assert found.reasons.loc[("RGP", MONTHS[0])].tolist() == [
        "hardly any discharge home with support is recorded",
        "",
        "",
    ]


def test_people_a_day_are_over_the_days_of_the_months():
    found = pathway_discharges(destinations(OTHERS), ["Z01", "Z02"])
    # June and July: 61 days
    assert found.a_day("2024-06-01", "2024-07-31").loc["Z01"].tolist() == pytest.approx([120 / 61, 40 / 61, 40 / 61])
    # whichever days of the months are named
    assert found.a_day("2024-06-20", "2024-07-01").equals(found.a_day("2024-06-01", "2024-07-31"))
    with pytest.raises(InputError, match="those told are June 2024 to September 2024"):
        found.a_day("2025-01-01")


def test_only_what_was_known_on_the_day():
    found = pathway_discharges(destinations(OTHERS), ["Z01"], "2024-08-20")
    assert found.people.index.get_level_values("date").max() == MONTHS[1]


def test_where_nobody_else_tells_nothing_is_put_in():
    found = pathway_discharges(destinations({"RCX": (1000, 0, 0, 0)}), ["RCX"])
    assert np.isnan(found.people.to_numpy()).all()
    empty = pd.DataFrame({"date": [], "location": [], "metric": [], "value": []})
    assert pathway_discharges(empty, ["RCX"]).people.empty


def test_hospitals_are_a_list():
    with pytest.raises(InputError, match="'RCX' is one text"):
        pathway_discharges(destinations(OTHERS), "RCX")
