import numpy as np
import pytest

from forecast.forecasters.scale import Scale


def test_counts_near_zero_are_modelled_on_the_root_and_others_on_the_logarithm():
    backlog, flu = np.linspace(90, 140, 100), np.r_[np.zeros(80), np.arange(20.0)]
    assert Scale.of(backlog) == Scale("log")
    assert Scale.of(flu) == Scale("root")
    assert Scale.of(np.r_[backlog, 0.0]) == Scale("log")
    assert Scale.of(np.full(3, np.nan)) == Scale("log")


@pytest.mark.parametrize("name", ["log", "root"])
def test_going_there_and_back_gives_the_count(name):
    counts = np.array([1.0, 7.0, 250.0, np.nan])
    np.testing.assert_allclose(Scale(name).back(Scale(name).forward(counts)), counts)


def test_values_beyond_the_scale_become_its_smallest_count():
    assert Scale("root").back(np.array([-2.0])).tolist() == [0.0]
    assert Scale("root").forward(np.array([-4.0])).tolist() == [0.0]
    assert Scale("log").forward(np.array([0.0])).tolist() == [0.0]
