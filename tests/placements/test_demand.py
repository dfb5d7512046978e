import numpy as np
import pandas as pd
import pytest
import xarray as xr
from backlogs import ORIGIN, backlog
from hypothesis import given
from hypothesis import strategies as st

from forecast.errors import InputError
from forecast.placements.demand import demand
from forecast.placements.waiting.shares import PathwayShares
from forecast.trajectories import Trajectories

PATHWAYS = ("home", "rehabilitation", "care_home")
CERTAIN = 1e12
"""So many people that shares are known exactly."""


def known(people=CERTAIN, **shares):
    return PathwayShares(PATHWAYS, shares, dict.fromkeys(shares, people))


def both(remaining, patients, origin_of_patients=ORIGIN):
    return {
        "nctr_remaining": backlog({"RGP": remaining}),
        "nctr_patients": backlog({"RM1": patients}, "nctr_patients", origin=origin_of_patients),
    }


def test_a_queue_is_the_count_times_the_shares_of_delays():
    found = demand(backlog({"RGP": [80, 100]}), shares=known(RGP=(0.25, 0.1, 0.15)))
    # 80 x 0.25, 0.1, 0.15 and 100 x the same: whole numbers, so nothing is rounded
    assert found.queue[0, :, 0].tolist() == [[20, 25], [8, 10], [12, 15]]
    assert (found.hospitals, found.pathways, found.county) == (("RGP",), PATHWAYS, "NORFOLK")
    assert list(found.dates) == list(pd.date_range("2023-01-09", periods=2))


def test_where_the_remaining_are_no_count_of_who_waits_the_queue_is_a_share_of_the_patients():
    # the 600 of the brief: a quarter waits for social care, whatever share of delays is the hospital's own process
    found = demand(backlog({"RM1": [600]}, "nctr_patients"), shares=known(RM1=(0.1, 0.3, 0.1)))
    assert found.queue[0, :, 0, 0].tolist() == [30, 90, 30]
    assert "25% of those fit to leave, before the day's discharges" in found.notes["RM1"]


def test_a_person_may_set_the_share_that_waits():
    paths = backlog({"RM1": [600]}, "nctr_patients")
    found = demand(paths, shares=known(RM1=(0.1, 0.3, 0.1)), queue_shares={"RM1": 0.5})
    assert found.queue[0, :, 0, 0].tolist() == [60, 180, 60]
    assert found.rules["RM1"].source == "set by hand"


def test_each_hospital_takes_the_count_that_its_rule_names():
    both = {
        "nctr_patients": backlog({"RM1": [400], "RCX": [400]}, "nctr_patients"),
        "nctr_remaining": backlog({"RM1": [10], "RCX": [200]}),
    }
    found = demand(both, shares=known(RM1=(1.0, 0, 0), RCX=(0.5, 0, 0)))
    assert found.hospitals == ("RM1", "RCX")
    assert found.queue[:, 0, 0, 0].tolist() == [100, 100]


def test_of_two_counts_the_days_that_both_are_forecast_are_told():
    found = demand(both([10, 20, 30], [4, 8, 12], ORIGIN - pd.Timedelta(days=1)))
    assert list(found.dates) == list(pd.date_range("2023-01-09", "2023-01-10"))
    assert found.origin == ORIGIN
    assert found.queue[found.hospitals.index("RM1")].sum(axis=0)[0].tolist() == [2, 3]


def test_of_patients_alone_a_stated_share_remains_and_the_note_says_so():
    found = demand(backlog({"RGP": [100]}, "nctr_patients"), shares=known(RGP=(0.5, 0, 0)))
    # 0.60 of the patients of two winters were still there at the end of the day
    assert found.queue[0, 0, 0, 0] == 30
    assert "taken as 60% of those fit to leave, before the day's discharges" in found.notes["RGP"]


def test_a_county_and_a_nation_in_the_forecast_are_left_aside():
    found = demand(backlog({"NORFOLK": [300], "RGP": [100], "ENG": [9000]}))
    assert found.hospitals == ("RGP",)


def test_a_hospital_nobody_knows_is_taken_by_its_remaining_and_the_shares_of_all_trusts():
    found = demand(backlog({"X99": [1000]}, samples=500))
    assert found.county == ""
    assert found.queue.sum(axis=1).mean() == pytest.approx(580, rel=0.05)


def test_a_hospital_without_a_forecast_is_left_out_with_the_reason():
    found = demand(backlog({"RGP": [50, 60], "RCX": [50, np.nan]}))
    assert found.hospitals == ("RGP",)
    assert found.missing == {"RCX": "no forecast of nctr_remaining on 1 of 2 days"}


def test_a_hospital_whose_count_is_not_forecast_is_left_out_with_the_reason():
    found = demand(backlog({"RGP": [50], "RM1": [5]}))
    assert found.missing["RM1"].startswith("its queue is read off nctr_patients, which this forecast does not hold")


def test_only_people_who_live_in_the_county():
    found = demand(backlog({"RGP": [1000]}), shares=known(RGP=(1.0, 0, 0)), residents_only=True)
    assert found.queue[0, 0, 0, 0] == 420
    assert "of them the 42% who live in the county" in found.notes["RGP"]


def test_residents_of_a_hospital_without_a_known_catchment_cannot_be_told():
    with pytest.raises(InputError, match=r"X99.*catchment_share"):
        demand(backlog({"X99": [10]}), residents_only=True)


def test_shares_differ_from_path_to_path_as_much_as_they_are_unknown():
    found = demand(backlog({"RGP": [1000]}, samples=4000), shares=known(people=24, RGP=(0.5, 0, 0)))
    # Dirichlet of 24 people: variance 0.5 x 0.5 / 25
    assert found.queue[0, 0, :, 0].std() == pytest.approx(100, rel=0.05)
    assert found.queue[0, 0, :, 0].mean() == pytest.approx(500, abs=5)


def test_a_path_keeps_its_shares_so_that_an_unchanged_count_is_an_unchanged_queue():
    found = demand(backlog({"RGP": [37] * 10}, samples=50))
    assert (found.queue == found.queue[..., :1]).all()


@given(
    counts=st.lists(st.floats(0, 500), min_size=1, max_size=8),
    shares=st.tuples(st.floats(0, 0.33), st.floats(0, 0.33), st.floats(0, 0.33)),
)
def test_pathways_are_whole_people_and_sum_to_the_rounded_queue(counts, shares):
    found = demand(backlog({"RGP": counts}, samples=5), shares=known(RGP=shares))
    expected = np.asarray(counts) * np.asarray(shares)[:, None]
    queue = found.queue[0]
    assert found.queue.dtype.kind == "i"
    assert (np.abs(queue - expected[:, None]) < 1.001).all()
    assert (np.abs(queue.sum(axis=0) - expected.sum(axis=0)) < 1.001).all()


def test_a_hospitals_queue_does_not_depend_on_which_others_there_are():
    alone = demand(backlog({"RCX": [40, 41]}, samples=20))
    among = demand(backlog({"RGP": [50, 60], "RCX": [40, 41]}, samples=20))
    assert (alone.queue[0] == among.queue[1]).all()


def test_hospitals_are_rounded_each_on_its_own_so_that_a_county_is_not_off_by_one_for_each():
    shares = known(RGP=(0.5, 0, 0), RCX=(0.5, 0, 0))
    found = demand(backlog({"RGP": [1], "RCX": [1]}, samples=2000), shares=shares)
    together = found.queue.sum(axis=(0, 1, 3))
    # half of the paths round up at one hospital alone
    assert (together == 1).mean() == pytest.approx(0.5, abs=0.04)


def test_a_fixed_share_without_any_delay_on_a_pathway_is_spread_evenly():
    found = demand(backlog({"RM1": [120]}, "nctr_patients"), shares=known(RM1=(0, 0, 0)))
    assert found.queue[0, :, 0, 0].tolist() == [10, 10, 10]


def test_the_same_seed_gives_the_same_queue_and_another_one_another():
    paths = backlog({"RGP": [50, 60]}, samples=20)
    assert (demand(paths, seed=3).queue == demand(paths, seed=3).queue).all()
    assert (demand(paths, seed=3).queue != demand(paths, seed=4).queue).any()


def test_weekly_means_are_read_as_days_between_the_middles_of_the_weeks():
    found = demand(backlog({"RGP": [70, 140]}, step_days=7), shares=known(RGP=(1.0, 0, 0)))
    # weeks to 15 and 22 January, their middles on the 12th and 19th; ten more people a day between
    assert (found.dates[0], found.dates[-1]) == (pd.Timestamp("2023-01-09"), pd.Timestamp("2023-01-22"))
    assert found.queue[0, 0, 0].tolist() == [70, 70, 70, 70, 80, 90, 100, 110, 120, 130, 140, 140, 140, 140]


def test_quantiles_hold_the_sum_over_pathways_and_the_county():
    found = demand(backlog({"RGP": [100], "RCX": [200]}), shares=known(RGP=(0.5, 0.2, 0.1), RCX=(0.1, 0.1, 0.1)))
    table = found.quantiles([0.5]).set_index(["location", "pathway"])["value"]
    assert table["RGP", "all"] == 80
    assert table["NORFOLK", "home"] == 70
    assert table["NORFOLK", "all"] == 140


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: demand(backlog({"RGP": [1]}, "flu_beds")), "flu_beds.*nctr_patients or nctr_remaining"),
        (lambda: demand({}), "no forecast given"),
        (lambda: demand(backlog({"NORFOLK": [1]})), "no hospital"),
        (lambda: demand(backlog({"RGP": [np.nan]})), "RGP: no forecast of nctr_remaining on 1 of 1 days"),
        (lambda: demand(backlog({"RGP": [1]}), queue_shares={"RGP": 1.5}), "RGP is 1.5; give a share from 0 to 1"),
        (lambda: demand(backlog({"RGP": [1]}), queue_shares={"ABC": 0.5}), "'ABC'"),
        (lambda: demand(backlog({"RGP": [1]}), shares=known(RGP=(0.5, 0.5, 0.5))), "together at most 1"),
        (lambda: demand(both([1], [1], pd.Timestamp("2023-01-01"))), r"no day in common .*02 January 2023"),
        (lambda: demand(both([1], [[1], [1]])), r"nctr_remaining has 1, nctr_patients has 2"),
        (lambda: demand(backlog({"RGP": [1]}), shares=PathwayShares(("home",), {}, {})), "give those of home, rehab"),
    ],
)
def test_what_cannot_be_used_is_said(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_two_counts_of_the_same_people_are_high_on_the_same_paths():
    random = np.random.default_rng(5)
    dates = pd.date_range("2024-12-02", periods=10)
    made = {}
    for metric, level in (("nctr_patients", 200.0), ("nctr_remaining", 100.0)):
        values = level * np.exp(random.normal(0, 0.2, (3, 400, 1))) * np.ones((1, 1, 10))
        coords = {"location": ["RM1", "RGP", "RCX"], "sample": range(400), "date": dates}
        array = xr.DataArray(values, dims=("location", "sample", "date"), coords=coords)
        made[metric] = Trajectories(array, metric, pd.Timestamp("2024-12-01"))
    sure = PathwayShares(
        ("home", "rehabilitation", "care_home"),
        dict.fromkeys(("RM1", "RGP", "RCX"), (0.4, 0.3, 0.3)),
        dict.fromkeys(("RM1", "RGP", "RCX"), 1e6),
    )
    waiting = demand(made, shares=sure).queue[1:, :, :, 0].sum(axis=(0, 1))
    patients = made["nctr_patients"].paths[1:].sum(axis=0)[:, 0]
    # Drawn apart they would not be correlated at all; hospital RM1, in neither sum, takes its part of the order.
    assert np.corrcoef(patients, waiting)[0, 1] > 0.5
