import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.placements.waiting.whole_people import whole_people


def rounded(parts, offset):
    return whole_people(np.array(parts, dtype=float)[:, None, None], np.array([offset]))[:, 0, 0].tolist()


@pytest.mark.parametrize(
    ("offset", "people"),
    [
        # running sums 1.5, 2.0, 3.7
        (0.0, [1, 1, 1]),
        (0.4, [1, 1, 2]),
        (0.6, [2, 0, 2]),
    ],
)
def test_parts_are_rounded_by_where_their_running_sums_pass_a_whole_number(offset, people):
    assert rounded([1.5, 0.5, 1.7], offset) == people


def test_a_sum_of_tenths_that_should_be_whole_is_whole():
    # ten times 0.1, added one after the other, is a hair short of 1
    assert rounded([0.1] * 10, 0.0) == [0] * 9 + [1]


def test_over_even_offsets_every_part_is_right_on_average():
    parts = np.array([0.3, 2.25, 7.8])
    offsets = (np.arange(1000) + 0.5) / 1000
    people = whole_people(np.repeat(parts[:, None, None], 1000, axis=1), offsets)
    assert people.mean(axis=(1, 2)) == pytest.approx(parts, abs=0.002)


@given(parts=st.lists(st.floats(0, 1000), min_size=1, max_size=6), offset=st.floats(0, 1, exclude_max=True))
def test_people_are_whole_never_negative_and_sum_to_the_rounded_sum(parts, offset):
    people = rounded(parts, offset)
    assert all(one >= 0 for one in people)
    assert all(abs(one - part) < 1 + 1e-6 for one, part in zip(people, parts, strict=True))
    assert abs(sum(people) - sum(parts)) < 1 + 1e-6
