"""What each cause added: the differences between forecasts that differ in one thing alone."""

import numpy as np
import pandas as pd
import pytest

from forecast.weekly.attribution import STAGES, attributed, place_rows


def stages(*values):
    return {
        name: None if value is None else np.array([float(value)]) for name, value in zip(STAGES, values, strict=True)
    }


def test_each_cause_is_the_step_from_one_forecast_to_the_next():
    found = {part: float(value[0]) for part, value in attributed(stages(400, 404, 410, 395)).items()}
    assert found == {"before": 400, "model": 4, "revision": 6, "new data": -15, "now": 395}


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        ((400, None, 410, 395), {"model or revision": 10, "new data": -15}),
        ((400, 404, None, 395), {"model": 4, "revision or new data": -9}),
        ((400, None, None, 395), {"not told apart": -5}),
    ],
)
def test_a_forecast_that_was_not_made_leaves_the_causes_beside_it_told_as_one(values, parts):
    found = attributed(stages(*values))
    assert {part: float(value[0]) for part, value in found.items() if part not in ("before", "now")} == parts


@pytest.mark.parametrize("values", [(None, 1, 2, 3), (1, 2, 3, None), (None, None, None, None)])
def test_without_a_forecast_then_or_now_nothing_is_said(values):
    assert attributed(stages(*values)) == {}


@pytest.mark.parametrize("seed", range(10))
def test_all_parts_sum_to_now_whatever_the_figures_and_whichever_is_missing(seed):
    rng = np.random.default_rng(seed)
    figures = {name: rng.uniform(0, 900, 3) for name in STAGES}
    for name in STAGES[1:3]:
        if rng.random() < 0.3:
            figures[name] = None
    found = attributed(figures)
    assert np.allclose(sum(value for part, value in found.items() if part != "now"), found["now"])


def test_places_that_no_number_would_do_for_are_left_out():
    table = pd.DataFrame({"level": [0.9, 0.95], "product": "flat", "places": [70.0, np.nan]})
    rows = place_rows(dict.fromkeys(STAGES, table), "NORFOLK")
    assert {row["level"] for row in rows} == {0.9}
    assert [row["places"] for row in rows] == [70, 0, 0, 0, 70]
