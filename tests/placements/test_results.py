"""What a plan comes to, told by day, hospital and product."""

import numpy as np
import pandas as pd
import pytest
from made_people import county

from forecast.errors import InputError
from forecast.placements.plan import PlacementPlan
from forecast.placements.results import COUNTS
from forecast.placements.simulation import simulate

PLAN = {"flats": 60, "care_home_beds": 40, "community_beds": 10}


def _result(**changes: object):
    people = county()
    return simulate(people, people.base.changed(**{**PLAN, **changes}))


def test_hospitals_sum_to_the_county_and_products_to_all() -> None:
    result = _result()
    for what in ("waiting", "waiting_long", "placed", "arrivals", "left", "went_home"):
        county_ = result.paths(what)
        assert (county_ == sum(result.paths(what, code) for code in result.hospitals)).all(), what
        assert (county_ == sum(result.paths(what, product=p) for p in (*result.products, ""))).all(), what
        assert (county_ == sum(result.paths(what, pathway=p) for p in result.people.demand.pathways)).all(), what


def test_people_already_in_a_place_are_counted_in_the_county_only() -> None:
    result = _result()
    inside = sum(result.paths("occupied", code, "flat") for code in result.hospitals)
    assert (result.paths("occupied", product="flat") == inside + result.already["flat"]).all()


def test_quantiles_are_those_of_the_paths() -> None:
    result = _result()
    frame = result.quantiles("needed", [0.05, 0.5])
    assert list(frame.columns) == ["location", "product", "date", "quantile", "value"]
    day = result.dates[9]
    row = frame[(frame["location"] == "RCX") & (frame["product"] == "flat") & (frame["date"] == day)]
    expected = np.quantile(result.paths("needed", "RCX", "flat")[:, 9], [0.05, 0.5])
    assert row["value"].tolist() == pytest.approx(expected)
    assert set(frame["location"]) == {"RM1", "RGP", "RCX", "NORFOLK"}


def test_the_chance_to_be_short_is_the_share_of_paths_on_which_anybody_waits() -> None:
    result = _result()
    chance = result.chance_short("flat")
    assert chance.iloc[5] == (result.paths("waiting", product="flat")[:, 5] > 0).mean()
    assert (result.chance_short("flat", long=True) <= chance).all()


def test_nobody_has_waited_longer_than_a_week_before_a_week_is_over() -> None:
    long = _result(flats=0).paths("waiting_long")
    assert (long[:, :7] == 0).all()
    assert (long[:, 7] > 0).all()


def test_waits_are_those_of_the_people_who_wait_counted_one_by_one() -> None:
    result = _result()
    at = 20
    row = result.waits([result.dates[at]]).set_index(["location", "product"]).loc[("NORFOLK", "flat")]
    ages = []
    for number, line in enumerate(result.lines):
        if line.product != "flat":
            continue
        for sample in range(result.samples):
            came: list[int] = [-1] * int(result.first[number, sample])
            for day in range(at + 1):
                height = int(result.height[number, sample, day])
                came = came[:height] + [day] * (height - len(came))
            ages += [at - day for day in came[int(result.entered[number, sample, at]) :]]
    assert row["mean"] == pytest.approx(np.mean(ages))
    assert row["p90"] == np.sort(ages)[int(np.ceil(0.9 * len(ages))) - 1]


def test_on_the_last_day_most_who_have_waited_throughout_have_waited_every_day() -> None:
    result = _result(flats=0)
    row = result.waits([result.dates[-1]]).set_index(["location", "product"]).loc[("NORFOLK", "all")]
    assert row["p90"] == 42


def test_where_nobody_waits_there_is_no_wait() -> None:
    people = county()
    result = simulate(people, people.base.changed(flats=500))
    rows = result.waits([result.dates[-1]]).set_index(["location", "product"])
    assert rows.loc[("NORFOLK", "flat")].isna()[["mean", "p90"]].all()


def test_bed_days_freed_are_those_not_used_against_no_places_at_all() -> None:
    people = county()
    none = simulate(people, people.base.changed(flats=0))
    result = simulate(people, people.base.changed(flats=60))
    freed = none.bed_days_waiting() - result.bed_days_waiting()
    assert (result.bed_days_freed() == freed).all()
    assert (none.bed_days_freed() == 0).all()
    assert result.bed_days_waiting("RM1").sum() == result.paths("waiting", "RM1").sum()


def test_at_the_least_each_person_placed_frees_as_many_days_as_one_more_discharge_was_seen_to_last() -> None:
    result = _result()
    least, most = result.bed_days_freed(lasts=6.0), result.bed_days_freed()
    placed = result.paths("placed")
    days = np.arange(42)
    worth = 6 * (1 - (5 / 6) ** (42 - days))
    assert (least <= placed @ worth + 1e-6).all()
    assert least.mean() == pytest.approx((placed @ worth).mean(), rel=0.15)
    assert (least < 0.6 * most).all()
    assert result.bed_days_freed(lasts=1e9) == pytest.approx(most, rel=1e-3)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"what": "sleeping"}, "'sleeping' is no count"),
        ({"location": "RXX"}, "'RXX' is no location"),
        ({"product": "tent"}, "'tent' is no product"),
        ({"pathway": "train"}, "'train' is no pathway"),
    ],
)
def test_an_unknown_name_is_refused_with_those_there_are(arguments: dict, said: str) -> None:
    with pytest.raises(InputError, match=said):
        _result().paths(**arguments)


def test_every_count_can_be_asked_for() -> None:
    result = _result()
    assert all(result.paths(what).shape == (40, 42) for what in COUNTS)


def test_a_date_outside_the_forecast_has_no_waits() -> None:
    with pytest.raises(InputError, match="2020-01-01 is no day of the forecast"):
        _result().waits([pd.Timestamp("2020-01-01")])


def test_the_plan_as_now_is_the_default() -> None:
    assert simulate(county()).plan == PlacementPlan()
