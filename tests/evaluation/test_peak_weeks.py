"""Scores of chances by week, worked by hand and against scoringrules."""

import numpy as np
import pandas as pd
import pytest
import scoringrules as sr
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import InputError
from forecast.evaluation.measures import ranked_probability_score
from forecast.evaluation.peak_weeks import peak_week_score

WEEKS = pd.date_range("2024-12-02", periods=4, freq="7D")


def test_a_ranked_probability_score_worked_by_hand():
    # cumulative 0.1, 0.3, 0.6, 1 against 0, 0, 1, 1
    assert ranked_probability_score(np.array([0.1, 0.2, 0.3, 0.4]), np.array(2)) == pytest.approx(0.01 + 0.09 + 0.16)
    assert ranked_probability_score(np.array([0.0, 0, 0, 1]), np.array(0)) == 3  # certain, three weeks off


def test_a_ranked_probability_score_is_that_of_scoringrules():
    chances = np.random.default_rng(1).dirichlet(np.ones(30), 50)
    came = np.random.default_rng(2).integers(0, 30, 50)
    assert ranked_probability_score(chances, came) == pytest.approx(sr.rps_score(came + 1, chances))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6))
def test_nobody_expects_a_better_score_than_from_the_chances_he_believes(seed):
    rng = np.random.default_rng(seed)
    believed, said = rng.dirichlet(np.ones(6), 2)
    expected = [
        float(believed @ ranked_probability_score(np.tile(one, (6, 1)), np.arange(6))) for one in (believed, said)
    ]
    assert expected[0] <= expected[1] + 1e-12


def test_what_is_no_set_of_chances_or_no_category_is_refused():
    with pytest.raises(InputError, match="sum to 1"):
        ranked_probability_score(np.array([0.5, 0.6]), np.array(0))
    with pytest.raises(InputError, match="none of the places 0 to 1"):
        ranked_probability_score(np.array([0.5, 0.5]), np.array(2))


def test_a_peak_week_is_scored_by_its_monday():
    found = peak_week_score(pd.Series([0.1, 0.2, 0.3, 0.4], index=WEEKS), "2024-12-16")
    assert found == pytest.approx((0.26, 0.3, 0.9))
    assert peak_week_score(pd.Series([0.1, 0.2, 0.3, 0.4], index=WEEKS), "2024-12-02").near == pytest.approx(0.3)
    with pytest.raises(InputError, match="from 2024-12-02 to 2024-12-23"):
        peak_week_score(pd.Series([0.1, 0.2, 0.3, 0.4], index=WEEKS), "2025-01-06")
