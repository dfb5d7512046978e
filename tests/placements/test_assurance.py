"""How many places make us how sure."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_lines import fewer, harder, people
from made_people import backlog, county

from forecast.errors import InputError
from forecast.placements.assurance import fewest_places, most_taken, places_needed, too_late, with_places
from forecast.placements.demand import demand
from forecast.placements.queues.lines import lowest_over
from forecast.placements.queues.people import people_as_now
from forecast.placements.queues.service import serve
from forecast.placements.simulation import simulate


def _share_without_long_waits(product: str, **places: int) -> float:
    people = county()
    result = simulate(people, people.base.changed(**places))
    return float((result.paths("waiting_long", product=product) == 0).all(axis=1).mean())


@pytest.mark.parametrize(("product", "field"), [("flat", "flats"), ("community_bed", "community_beds")])
@pytest.mark.parametrize("level", [0.8, 0.9, 0.95])
def test_so_many_places_are_enough_on_that_share_of_paths_and_one_fewer_is_not(
    product: str, field: str, level: float
) -> None:
    enough = int(places_needed(county()).needed.loc[level, product])
    assert _share_without_long_waits(product, **{field: enough}) >= level
    assert _share_without_long_waits(product, **{field: enough - 1}) < level


def test_each_path_s_own_number_is_the_fewest_that_will_do_there() -> None:
    people = county()
    fewest = places_needed(people).paths["flat"]
    for places in range(int(fewest.min()), int(fewest.max()) + 1, 5):
        waits = simulate(people, people.base.changed(flats=places)).paths("waiting_long", product="flat")
        assert ((waits == 0).all(axis=1) == (fewest <= places)).all()


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 8), st.booleans())
def test_the_search_finds_what_trying_every_number_finds(seed: int, longest_wait: int, hard: bool) -> None:
    _, lines, rules = people(seed)
    lines, rules = fewer(lines), harder(lines, rules, seed) if hard else rules
    before = lowest_over(lines.height, lines.first, longest_wait)
    pools, days = rules.capacity.shape
    tried = [
        ~too_late(before, serve(lines, with_places(rules, np.full(pools, places), days)).entered)
        for places in range(40)
    ]
    enough = np.stack(tried)
    expected = np.where(enough.any(axis=0), enough.argmax(axis=0), -1)
    assert fewest_places(lines, rules, longest_wait).tolist() == expected.tolist()


def test_fewer_places_than_people_already_there_may_be_enough() -> None:
    few = people_as_now(demand(backlog(), queue_shares={"RM1": 0.02, "RGP": 0.02, "RCX": 0.02}))
    fewest = places_needed(few).paths["flat"]
    assert few.base.capacity("flat", few.dates).tolist() == [44] * 42
    assert (fewest < 43).any()
    for places in (40, 41, 42, 43):
        waits = simulate(few, few.base.changed(flats=places)).paths("waiting_long", product="flat")
        assert ((waits == 0).all(axis=1) == (fewest <= places)).all()


def test_who_may_wait_longer_needs_fewer_places() -> None:
    people = county()
    days = [
        places_needed(people, people.base.changed(longest_wait=wait)).needed.loc[0.9, "flat"] for wait in (1, 7, 21)
    ]
    assert days[0] > days[1] > days[2]


def test_a_wait_as_long_as_the_forecast_needs_no_place_at_all() -> None:
    people = county()
    assert (places_needed(people, people.base.changed(longest_wait=60)).needed == 0).all().all()


def test_no_number_of_places_is_enough_where_the_door_is_closed() -> None:
    people = county()
    closed = {"name": "strike", "first": people.dates[0], "last": people.dates[-1], "placements": 0.0}
    found = places_needed(people, people.base.changed(events=[closed]))
    assert (found.paths["flat"] == -1).all()
    assert found.needed.isna().all().all()


def test_as_many_places_as_are_ever_taken_are_always_enough() -> None:
    people = county()
    assert (most_taken(people, people.base)["flat"] >= places_needed(people).paths["flat"]).all()


@pytest.mark.parametrize("levels", [(), (0.0,), (1.0,), (90,)])
def test_a_level_that_is_no_share_is_refused(levels: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match=r"assurance levels .* between 0 and 1"):
        places_needed(county(), levels=levels)


def test_levels_are_told_in_order_and_more_sure_is_more_places() -> None:
    needed = places_needed(county(), levels=(0.5, 0.8, 0.99)).needed
    assert needed.index.tolist() == [0.5, 0.8, 0.99]
    assert (np.diff(needed, axis=0) >= 0).all()
