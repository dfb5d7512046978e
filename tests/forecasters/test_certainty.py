"""Paths that are all one value are widened as random counts vary, and no others."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from forecast.forecasters.certainty import ONE_VALUE, never_certain

SCORES = np.repeat(ndtri((np.arange(200) + 0.5) / 200)[:, None], 3, axis=1)


def test_one_value_gets_the_spread_of_the_difference_of_two_random_counts():
    paths = np.full((200, 3), 400.0)
    found, note = never_certain(paths, paths, SCORES)
    assert note == ONE_VALUE
    assert np.median(found, axis=0) == pytest.approx([400] * 3, rel=0.01)
    assert found.std(axis=0) == pytest.approx([np.sqrt(2 * 400)] * 3, rel=0.05)


def test_zero_can_rise():
    found, _ = never_certain(np.zeros((200, 3)), np.zeros((200, 3)), SCORES)
    assert found.min() == 0
    assert (np.quantile(found, 0.95, axis=0) > 0.5).all()


def test_steps_that_differ_stay_as_they_are_and_what_is_shown_decides():
    paths = np.full((200, 3), 7.0)
    paths[:, 1] += np.linspace(-0.4, 0.4, 200)
    paths[:, 2] += np.linspace(-4, 4, 200)
    found, note = never_certain(paths, np.rint(paths), SCORES)
    assert np.array_equal(found[:, 2], paths[:, 2])
    assert (np.ptp(np.rint(found), axis=0) > 3).all()
    assert note
    assert never_certain(paths[:, 2:], paths[:, 2:], SCORES[:, 2:])[1] == ""


def test_a_handful_of_paths_may_be_alike_by_chance():
    paths = np.ones((10, 3))
    assert never_certain(paths, paths, SCORES[:10]) == (paths, "")
