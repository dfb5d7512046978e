import numpy as np

from forecast.placements.queues.fading import faded_sum


def test_half_of_what_came_is_left_the_next_day():
    assert faded_sum(np.array([8.0, 0, 0, 4]), 0.5).tolist() == [8, 4, 2, 5]


def test_nothing_fades_or_everything_does_on_each_row_alone():
    daily = np.array([[1.0, 2, 3], [0, 5, 0]])
    assert faded_sum(daily, 1).tolist() == [[1, 3, 6], [0, 5, 5]]
    assert faded_sum(daily, 0).tolist() == daily.tolist()
