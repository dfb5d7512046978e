"""Who has been seen by a social worker."""

import numpy as np
import pytest
from made_people import county

from forecast.placements.queues.assessment import _list_after, _reached, assess
from forecast.placements.queues.pools import Line


def _assess(absence: float | None = None, **changes: object):
    people = county()
    plan = people.base.changed(**changes)
    given = None if absence is None else np.full((people.demand.samples, len(people.dates)), absence)
    return people, assess(people, plan, people.heights, people.first, given)


def test_as_now_everybody_is_seen_at_once_and_the_list_in_the_community_stays_as_long_as_it_is() -> None:
    _, found = _assess()
    assert found.reached is None
    assert (found.waiting == 0).all()
    assert found.community == pytest.approx(np.full(found.community.shape, 1700))


def test_half_the_social_workers_leave_people_unseen_in_the_order_in_which_they_came() -> None:
    people, found = _assess(social_worker_absence=0.52)
    assert found.reached is not None
    for line, reached in found.reached.items():
        height = people.heights[line]
        assert (reached <= height).all()
        # Who waited when the forecast began has been seen, unless he has left since.
        lowest = np.minimum(np.minimum.accumulate(height, axis=1), people.first[line][:, None])
        assert (reached >= lowest).all()
    unseen = sum(people.heights[line] - reached for line, reached in found.reached.items())
    assert unseen[:, -1].mean() > unseen[:, 7].mean() > 0


def test_the_community_s_list_grows_by_what_is_not_done_there() -> None:
    people, found = _assess(social_worker_absence=0.52)
    # Half of the social workers at work: half of the community's new people a day are not seen.
    usual = people.arrivals_a_day * (1 / people.base.hospital_share_of_assessments - 1)
    assert found.community[:, -1] == pytest.approx(1700 + 0.5 * usual * 42)


def test_more_of_the_assessments_for_hospital_are_fewer_for_the_community() -> None:
    _, fair = _assess(social_worker_absence=0.52)
    _, first = _assess(social_worker_absence=0.52, hospital_share_of_assessments=0.9)
    assert (first.waiting <= fair.waiting).all()
    assert (first.community[:, -1] > fair.community[:, -1]).all()


def test_a_number_of_assessments_a_day_takes_the_place_of_as_many_as_are_needed() -> None:
    _, few = _assess(assessments_per_day=1.0)
    _, many = _assess(assessments_per_day=500.0)
    assert few.waiting[:, -1].mean() > 20
    assert (many.waiting == 0).all()
    assert many.community.min() == 0


def test_a_list_that_is_empty_grows_again_as_soon_as_fewer_are_seen_than_come() -> None:
    last_week = {"name": "strike", "first": "2025-01-06", "last": "2025-01-12", "assessments": 0.0}
    people, found = _assess(assessments_per_day=500.0, events=[last_week])
    assert (found.community[:, 34] == 0).all()
    new_a_day = people.arrivals_a_day * (1 / people.base.hospital_share_of_assessments - 1)
    assert found.community[:, -1] == pytest.approx(7 * new_a_day)


def test_hand_worked_a_list_of_five() -> None:
    more = np.array([[-3.0, -4.0, 2.0, 1.0, -9.0, 0.5]])
    assert _list_after(5, more).tolist() == [[2.0, 0.0, 2.0, 3.0, 0.0, 0.5]]


def test_absence_by_day_counts_in_place_of_the_plan_s_own() -> None:
    _, by_plan = _assess(social_worker_absence=0.52)
    _, by_day = _assess(absence=0.52)
    assert by_day.waiting == pytest.approx(by_plan.waiting)


def test_hand_worked_half_of_those_who_come_are_seen_and_on_quiet_days_half_of_as_many_as_come_on_average() -> None:
    people = county(samples=1)
    half = people.base.changed(social_worker_absence=1 - (1 - people.base.social_worker_absence) / 2)
    line = Line("RM1", "home", "flat")
    heights = {line: np.array([[0] + [20] * 41], dtype=np.int32)}
    found = assess(people, half, heights, {line: np.array([0], dtype=np.int32)}, None)
    a_day = people.arrivals_a_day[0] / 2
    assert 0 < a_day < 5
    assert found.waiting[0, :3] == pytest.approx([0, 10, 10 - a_day])
    assert found.waiting[0, -1] == 0


@pytest.mark.parametrize("seed", range(5))
def test_up_to_the_last_day_whose_people_have_all_been_seen_whoever_is_still_there_may_move_in(seed: int) -> None:
    random = np.random.default_rng(seed)
    days = 30
    height = np.maximum(5 + random.integers(-3, 4, days).cumsum(), 0).astype(np.int32)
    first = int(random.integers(0, 6))
    before = [first, *height.tolist()]
    there = np.maximum(np.diff(before), 0).cumsum()
    seen = np.minimum(there, random.uniform(0, 1.5, days).cumsum())
    line = Line("RM1", "home", "flat")
    found = _reached(there[None], seen[None], {line: height[None]}, {line: np.array([first], dtype=np.int32)})
    for day in range(days):
        # Days before the forecast, and those of it up to the last one whose people have all been seen.
        done = 0
        while done <= day and there[done] <= seen[day] + 1e-9:
            done += 1
        assert found[line][0, day] == min(before[done : day + 2])


def test_hand_worked_one_line_with_one_assessment_a_day() -> None:
    people = county(samples=1)
    line = Line("RM1", "home", "flat")
    heights = {line: np.array([[1, 3, 3, 3, 2, 4] + [4] * 36], dtype=np.int32)}
    few = people.base.changed(assessments_per_day=2.0, social_worker_absence=people.base.social_worker_absence)
    usual = people.arrivals_a_day.mean()
    found = assess(people, few, heights, {line: np.array([1], dtype=np.int32)}, None)
    assert usual > 1
    assert found.reached is not None
    # Two come on day 1: neither has been seen by its end, so that only the first person may move in.
    assert found.reached[line][0, :2].tolist() == [1, 1]
    assert (np.diff(found.reached[line][0]) >= -1).all()
