from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.forecasters.counts import counting_noise, counts_of, stabilised


@given(st.floats(0, 1e6))
def test_going_to_the_scale_and_back_changes_nothing(count):
    assert counts_of(stabilised(np.array(count))) == pytest.approx(count, rel=1e-9, abs=1e-9)


def test_a_large_count_changes_as_its_logarithm_and_a_small_one_as_its_square_root():
    steps = np.diff(stabilised(np.array([400.0, 440.0])))
    assert steps == pytest.approx(np.log(1.1), rel=0.01)
    assert stabilised(np.array([0.01, 0.04])) == pytest.approx([0.1, 0.2], rel=0.01)


def test_none_is_zero_less_than_none_too_and_the_unknown_stays_unknown():
    assert stabilised(np.array([0.0, -3.0])).tolist() == [0, 0]
    assert counts_of(np.array([-1.0])).tolist() == [0]
    assert np.isnan(counts_of(stabilised(np.array([np.nan])))).all()


@pytest.mark.parametrize("mean", [8, 20, 100])
def test_the_noise_of_random_counts_is_what_it_is_said_to_be(mean):
    drawn = np.random.default_rng(1).poisson(mean, 50_000).astype(float)
    assert counting_noise(stabilised(np.array(float(mean)))) == pytest.approx(stabilised(drawn).var(), rel=0.15)
