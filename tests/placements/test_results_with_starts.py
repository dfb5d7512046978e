"""What a plan comes to where more starts of care at home send people home."""

import numpy as np
import pytest
from made_people import county

from forecast.placements.compare import compare
from forecast.placements.simulation import simulate


def _plan(**changes: object):
    base = county().base
    return base.changed(home_care_starts=base.home_care_starts + 3, home_care_start_lasts=1000, **changes)


def test_who_leaves_by_a_way_of_his_own_is_neither_sent_home_nor_at_the_end_of_his_stay() -> None:
    result = simulate(county(), _plan(flats=60))
    falls = np.maximum(-np.diff(result.height, axis=2, prepend=result.first[:, :, None]), 0).sum(axis=0)
    left = result.paths("left")
    assert result.paths("went_home").sum() > 0
    assert (left >= 0).all()
    assert (left <= falls).all()


def test_bed_days_are_freed_by_places_and_not_by_starts() -> None:
    assert (simulate(county(), _plan(flats=0, already_placed={"flat": 0})).bed_days_freed() == 0).all()


def test_bed_days_compared_are_those_of_the_whole_forecast() -> None:
    people = county()
    more = people.base.changed(flats=54)
    frame = compare(people, {"more": more}, levels=[0.5]).set_index(["location", "measure"])["value"]
    own = simulate(people, more).bed_days_waiting() - simulate(people).bed_days_waiting()
    assert frame["NORFOLK", "bed_days"] == pytest.approx(np.median(own))
