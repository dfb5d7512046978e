"""Sentences on what places and waiting cost."""

import pandas as pd
import pytest

from forecast.placements.costs import CostCurve
from forecast.wording import cost_captions as said
from forecast.wording.placement_captions import Place

COUNTY = Place("Norfolk", "Norfolk", True)


def curve(cheapest, zero):
    totals = {0: 900_000.0, 44: 700_000.0, 69: 549_000.0, 81: 572_000.0}
    rows = pd.DataFrame({"places": list(totals), "total": list(totals.values()), "waiting_cost": 1e5})
    return CostCurve("flat", rows, cheapest, zero, 300)


@pytest.mark.parametrize(
    ("pounds", "expected"),
    [
        (549_123, "£549,000"),
        (4_321, "£4,300"),
        (-4_321, "minus £4,300"),
        (1_893_000, "£1.89 million"),
        (2_000_000, "£2 million"),
        (-20, "£0"),
    ],
)
def test_an_amount_is_no_more_exact_than_it_is_known(pounds, expected):
    assert said.pounds(pounds) == expected


def test_zero_waiting_is_said_to_be_dearer_where_it_is():
    first, second = said.cheapest(curve(69, 81), 46, 7)
    assert first.startswith("At these prices the cheapest is about 69 flats")
    assert "£549,000 over the 46 days" in first
    assert second.startswith("Zero waiting is not the cheapest: to be 95% sure that nobody waits longer than 7 days")
    assert "81 flats, the fewest of the numbers tried, and costs about £23,000 more" in second


def test_zero_waiting_may_be_the_cheapest_or_out_of_reach():
    assert said.cheapest(curve(69, 69), 46, 7)[1].startswith("Zero waiting is the cheapest here")
    assert said.cheapest(curve(69, None), 46, 7)[1].startswith("None of the numbers of flats tried")


@pytest.mark.parametrize(
    ("figures", "money", "expected"),
    [
        ((28, 33, 38), False, "33 more\n28 to 38 more"),
        ((-46, -34, -23), False, "34 fewer\n23 to 46 fewer"),
        ((-5_070, 194_053, 353_870), True, "£194,000 more\n£5,100 less to £354,000 more"),
        ((0, 0, 8.1), False, "0\n0 to 8 more"),
        ((0, 0, 0), False, "no change"),
        ((-40, 0, 40), True, "no change"),
    ],
)
def test_a_difference_is_said_with_its_direction_and_range(figures, money, expected):
    assert said.change(*figures, money) == expected


def test_the_cells_of_a_scenario_stand_in_the_order_of_the_measures():
    rows = [("bed_days", level, value) for level, value in ((0.95, 3), (0.05, 1), (0.5, 2))]
    rows += [("waiting", level, 0) for level in (0.05, 0.5, 0.95)]
    found = pd.DataFrame(rows, columns=["measure", "quantile", "value"])
    assert said.scenario_row(found, {"waiting": False, "bed_days": False}) == ["no change", "2 more\n1 to 3 more"]


def test_the_text_of_the_cost_curve_has_its_ends_and_its_lowest_point():
    text = said.cost_alternative(curve(69, 81), COUNTY, 46, 44)
    assert "with no flats £900,000" in text
    assert "least with 69 flats, £549,000" in text
    assert "The plan has 44." in text
