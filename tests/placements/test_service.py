"""The queues for places: what must hold for any people and any plan."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_lines import harder, made, people

from forecast.placements.queues import stays
from forecast.placements.queues.lines import Lines, Rules, Served, lowest_over
from forecast.placements.queues.service import heights_as_now, serve

seeds = st.integers(0, 10_000)
quick = settings(max_examples=60, deadline=None)


@quick
@given(seeds)
def test_the_plan_as_now_leaves_exactly_the_forecast_queue(seed: int) -> None:
    waiting, lines, rules = people(seed)
    assert (lines.height - serve(lines, rules).entered == waiting).all()


@quick
@given(seeds, st.integers(1, 10), st.booleans())
def test_more_places_never_mean_more_waiting_on_any_path(seed: int, more: int, hard: bool) -> None:
    _, lines, rules = people(seed)
    rules = harder(lines, rules, seed) if hard else rules
    random = np.random.default_rng(seed)
    added = random.integers(0, more + 1, rules.capacity.shape).astype(np.int32)
    fewer, greater = serve(lines, rules), serve(lines, replace(rules, capacity=rules.capacity + added))
    assert (greater.entered >= fewer.entered).all()


@quick
@given(seeds)
def test_more_starts_of_care_at_home_and_more_open_days_never_mean_more_waiting(seed: int) -> None:
    _, lines, rules = people(seed)
    rules = harder(lines, rules, seed)
    assert rules.extra_starts is not None
    better = replace(rules, extra_starts=rules.extra_starts + 1, open_days=None)
    assert (serve(lines, better).entered >= serve(lines, rules).entered).all()


@quick
@given(seeds, st.integers(0, 12), st.booleans())
def test_people_are_conserved_and_nobody_is_in_two_places(seed: int, places: int, hard: bool) -> None:
    _, lines, rules = people(seed)
    rules = replace(harder(lines, rules, seed) if hard else rules, capacity=np.full_like(rules.capacity, places))
    served = serve(lines, rules)
    came = lines.first[:, :, None] + _rises(lines).cumsum(axis=2)
    here = lines.height - served.entered + served.inside
    gone = (served.finished + served.went_home).cumsum(axis=2)
    left = came - here - gone
    assert (np.diff(left, axis=2, prepend=0) >= 0).all(), "people who left by a way of their own came back"
    falls = np.maximum(-np.diff(lines.height, axis=2, prepend=lines.first[:, :, None]), 0).cumsum(axis=2)
    assert (left <= falls).all()
    assert (served.placed >= 0).all()
    assert (served.inside >= 0).all()
    assert (lines.height >= served.entered).all()
    homes = served.went_home.cumsum(axis=2)
    assert (served.placed.cumsum(axis=2) >= served.inside + served.finished.cumsum(axis=2)).all()
    assert (served.placed.cumsum(axis=2) + homes >= served.entered).all()


@quick
@given(seeds, st.integers(0, 12))
def test_places_are_never_exceeded_but_by_people_already_there(seed: int, places: int) -> None:
    _, lines, rules = people(seed)
    served = serve(lines, replace(rules, capacity=np.full_like(rules.capacity, places)))
    inside = served.inside.sum(axis=0)
    assert (inside + np.minimum(served.already, places) <= np.maximum(places, served.already)).all()
    assert (inside <= places).all()


@quick
@given(seeds)
def test_a_place_stands_empty_only_between_two_people_or_where_nobody_waits(seed: int) -> None:
    _, lines, rules = people(seed)
    rules = replace(rules, turnaround=0)
    served = serve(lines, rules)
    waiting = (lines.height - served.entered).sum(axis=0)
    taken = served.inside.sum(axis=0) + served.already
    assert ((waiting == 0) | (taken >= rules.capacity)).all()


@quick
@given(seeds)
def test_without_places_the_whole_queue_waits(seed: int) -> None:
    _, lines, rules = people(seed)
    served = serve(lines, replace(rules, capacity=np.zeros_like(rules.capacity)))
    assert (served.entered == 0).all()


@quick
@given(seeds)
def test_who_came_first_moves_in_first_whichever_hospital_he_is_in(seed: int) -> None:
    _, lines, rules = people(seed)
    served = serve(lines, replace(rules, capacity=rules.capacity // 2))
    waiting = lines.height - served.entered
    for ago in range(1, 6):
        old = np.maximum(lowest_over(lines.height, lines.first, ago) - served.entered, 0)
        # While somebody from before still waits, nobody who came today moves in.
        newest = np.maximum(served.entered - lowest_over(lines.height, lines.first, 0), 0)
        assert ((old.sum(axis=0) == 0) | (newest.sum(axis=0) == 0))[:, ago:].all()
        assert (old <= waiting).all()


def test_hand_worked_two_places_three_people_and_a_day_between() -> None:
    served = _one_line(heights=[3, 3, 3, 3, 3, 4], places=2, stay=2, turnaround=1)
    # Two move in at once and leave on day 2; their places are ready on day 3, and again two days after that.
    assert served.placed[0, 0].tolist() == [2, 0, 0, 1, 0, 1]
    assert served.inside[0, 0].tolist() == [2, 2, 0, 1, 1, 1]
    assert served.finished[0, 0].tolist() == [0, 0, 2, 0, 0, 1]
    assert (4 - served.entered[0, 0]).tolist() == [2, 2, 2, 1, 1, 0]


def test_hand_worked_who_leaves_by_a_way_of_his_own_leaves_his_place() -> None:
    served = _one_line(heights=[2, 1, 2, 2], places=1, stay=9, turnaround=0)
    assert served.inside[0, 0].tolist() == [1, 1, 1, 1]
    served = _one_line(heights=[1, 0, 1, 1], places=1, stay=9, turnaround=0)
    assert served.inside[0, 0].tolist() == [1, 0, 1, 1]
    assert served.placed[0, 0].tolist() == [1, 0, 1, 0]


def test_hand_worked_extra_starts_send_home_who_has_waited_longest_and_free_his_place() -> None:
    served = _one_line(heights=[3, 3, 3], places=1, stay=9, turnaround=0, starts=[0, 1, 1])
    assert served.went_home[0, 0].tolist() == [0, 1, 1]
    assert served.placed[0, 0].tolist() == [1, 1, 1]
    assert (3 - served.entered[0, 0]).tolist() == [2, 1, 0]


def test_hand_worked_people_already_there_keep_their_places_beyond_the_number_of_places() -> None:
    served = _one_line(heights=[2, 2, 2, 2], places=1, stay=9, turnaround=0, already=[1, 2])
    assert served.already[0].tolist() == [2, 1, 0, 0]
    assert served.placed[0, 0].tolist() == [0, 0, 1, 0]


def test_tens_of_thousands_of_people_are_counted_right() -> None:
    served = _one_line(heights=[1000 * day for day in range(1, 41)], places=1000, stay=1, turnaround=0)
    assert served.entered[0, 0].tolist() == [1000 * day for day in range(1, 41)]
    assert (served.inside == 1000).all()


def test_a_queue_that_empties_as_now_needs_nobody_made_up() -> None:
    waiting = np.array([[[2, 0, 0, 1]]], dtype=np.int32)
    lines, rules = _lines([0, 0, 0, 0], stay=2), _rules(4, places=3)
    lines = replace(lines, first=waiting[:, :, 0])
    assert heights_as_now(waiting, lines, rules)[0, 0].tolist() == [5, 3, 3, 7]


def test_two_hospitals_share_the_places_in_proportion_when_the_first_day_begins() -> None:
    pools = 50
    waiting = np.repeat(np.array([30, 10], dtype=np.int32)[:, None, None], pools, axis=1).repeat(3, axis=2)
    _, lines, rules = made(1, lines=2, pools=pools, days=3)
    lines = replace(lines, height=waiting, first=waiting[:, :, 0])
    rules = replace(rules, capacity=np.full((pools, 3), 20), already=np.zeros((pools, 0), dtype=np.int16))
    assert serve(lines, rules).placed[:, :, 0].mean(axis=1).tolist() == [15, 5]


@pytest.fixture(scope="module")
def crowded() -> tuple[Lines, Served, float]:
    """M/M/5 at a load of 0.8: Poisson arrivals, exponential stays of 50 steps, each step a small part of a stay."""
    random = np.random.default_rng(3)
    pools, days, mean = 300, 3000, 50
    came = random.poisson(4 / mean, (1, pools, days)).cumsum(axis=2).astype(np.int32)
    lines = _lines_of(came, stays.table(stays.exponential_stay(mean)), random)
    return lines, serve(lines, _rules(days, places=5, pools=pools)), 4 / mean


def test_waiting_agrees_with_erlang(crowded: tuple[Lines, Served, float]) -> None:
    lines, served, _rate = crowded
    settled = slice(1000, None)
    waiting = (lines.height - served.entered)[0, :, settled]
    busy = served.inside[0, :, settled] == 5
    # Erlang C for five places and four stays under way on average: 0.5541 of arrivals wait, 2.216 people on average.
    assert busy.mean() == pytest.approx(0.5541, abs=0.03)
    assert waiting.mean() == pytest.approx(2.216, abs=0.3)


def test_people_waiting_are_arrivals_times_their_wait(crowded: tuple[Lines, Served, float]) -> None:
    lines, served, rate = crowded
    waits = []
    for height, entered in zip(lines.height[0], served.entered[0], strict=True):
        people = np.arange(1, entered[-1] + 1)
        waits.append(np.searchsorted(entered, people) - np.searchsorted(height, people))
    mean_wait = np.concatenate(waits).mean()
    waiting = (lines.height - served.entered)[0].mean()
    assert waiting == pytest.approx(rate * mean_wait, rel=0.06)


def test_with_places_for_everybody_people_in_places_are_poisson_whatever_the_stay() -> None:
    random = np.random.default_rng(4)
    pools, days = 2000, 300
    came = random.poisson(0.5, (1, pools, days)).cumsum(axis=2).astype(np.int32)
    stay = stays.lognormal_stay(20, 0.6)
    lines = _lines_of(came, stays.table(stay), random)
    inside = serve(lines, _rules(days, places=1000, pools=pools)).inside[0, :, -1]
    expected = 0.5 * stays.mean_days(stay)
    assert inside.mean() == pytest.approx(expected, rel=0.03)
    assert inside.var() == pytest.approx(expected, rel=0.1)


def _one_line(
    heights: list[int], places: int, stay: int, turnaround: int, starts: list[int] | None = None, already: object = ()
) -> Served:
    rules = replace(
        _rules(len(heights), places),
        turnaround=turnaround,
        already=np.array([already], dtype=np.int16).reshape(1, -1),
        extra_starts=None if starts is None else np.array([starts], dtype=np.int32),
    )
    return serve(_lines(heights, stay), rules)


def _lines(heights: list[int], stay: int) -> Lines:
    height = np.array([[heights]], dtype=np.int32)
    return _lines_of(height, stays.table(stays.lognormal_stay(stay, 0)), np.random.default_rng(0))


def _lines_of(height: np.ndarray, table: np.ndarray, random: np.random.Generator) -> Lines:
    count, pools, _ = height.shape
    levels = random.integers(0, stays.LEVELS, (count, pools, 512), dtype=np.uint16)
    everybody = np.ones((count, pools), dtype=bool)
    return Lines(height, height[:, :, 0] * 0, table[None], np.zeros((count, pools), np.intp), levels, everybody)


def _rules(days: int, places: int, pools: int = 1) -> Rules:
    return Rules(np.full((pools, days), places, dtype=np.int32), np.zeros((pools, 0), dtype=np.int16), 0)


def _rises(lines: Lines) -> np.ndarray:
    return np.maximum(np.diff(lines.height, axis=2, prepend=lines.first[:, :, None]), 0)
