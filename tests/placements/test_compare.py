"""Plans side by side on the same random numbers."""

import numpy as np
import pytest
from made_people import county

from forecast.errors import InputError
from forecast.placements.compare import MEASURES, compare
from forecast.placements.simulation import simulate


def test_a_plan_does_not_differ_from_itself_on_any_path() -> None:
    people = county()
    frame = compare(people, {"again": people.base})
    assert (frame["value"] == 0).all()
    assert set(frame["measure"]) == set(MEASURES)


def test_a_difference_is_taken_path_by_path_and_is_far_sharper_than_the_forecast() -> None:
    people = county()
    more = people.base.changed(flats=54)
    frame = compare(people, {"more": more}, levels=[0.05, 0.95])
    rows = frame[(frame["location"] == "NORFOLK") & (frame["measure"] == "waiting")]
    own = simulate(people, more).paths("waiting")[:, -1] - simulate(people).paths("waiting")[:, -1]
    assert rows["value"].tolist() == pytest.approx(np.quantile(own, [0.05, 0.95]))
    spread = np.quantile(simulate(people).paths("waiting")[:, -1], [0.05, 0.95])
    assert np.ptp(rows["value"]) < 0.5 * np.ptp(spread)
    assert (own <= 0).all()


def test_costs_are_told_for_the_county_and_add_up() -> None:
    people = county()
    frame = compare(people, {"more": people.base.changed(flats=54)}, levels=[0.5])
    costs = frame[frame["measure"].str.endswith("_cost")]
    assert set(costs["location"]) == {"NORFOLK"}
    places = costs.set_index("measure")["value"]["places_cost"]
    assert places == 10 * 42 * people.base.price_flat


def test_plans_are_compared_with_another_one_than_as_now_if_asked() -> None:
    people = county()
    more = people.base.changed(flats=54)
    assert (compare(people, {"more": more}, more)["value"] == 0).all()


def test_nothing_to_compare_is_refused() -> None:
    with pytest.raises(InputError, match="no plan given"):
        compare(county(), {})
