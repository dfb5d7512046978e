"""Figures of what changed: whole people that add up, and the steps of the chart."""

import numpy as np
import pytest
from made_changes import WEEK, made_changes

from forecast.figures import change_frames as frames


def test_rounded_causes_add_up_to_the_change_between_rounded_figures():
    parts = {"before": 10.4, "model": 0.4, "revision": 0.4, "new data": 0.4, "now": 11.6}
    assert frames.whole(parts) == {"before": 10, "model": 1, "revision": 1, "new data": 0, "now": 12}


@pytest.mark.parametrize("seed", range(25))
def test_rounded_causes_add_up_whatever_they_are_and_stay_near(seed):
    rng = np.random.default_rng(seed)
    model, revision, new = rng.normal(0, 5, 3) * rng.integers(0, 2, 3)
    before = rng.uniform(20, 600)
    parts = {"before": before, "model": model, "revision": revision, "new data": new}
    found = frames.whole({**parts, "now": before + model + revision + new})
    assert found["before"] + found["model"] + found["revision"] + found["new data"] == found["now"]
    for part, value in parts.items():
        assert abs(found[part] - value) < 2
    if model or revision or new:
        assert all(found[part] == 0 for part in ("model", "revision", "new data") if not parts[part])


def test_steps_follow_on_from_each_other_under_the_name_of_each_place():
    steps = frames.steps(made_changes(), "nctr_patients", ["NORFOLK", "RGP", "RCX"], WEEK)
    county = steps[steps["place"] == "NORFOLK"].set_index("part")
    assert county["row"].tolist() == [1, 2, 3, 4]
    assert county.loc["model", ["start", "end"]].tolist() == [0, 0]
    assert county.loc["revision", ["start", "end"]].tolist() == [0, 3]
    assert county.loc["new data", ["start", "end"]].tolist() == [3, 14]
    assert county.loc["change", ["start", "end"]].tolist() == [0, 14]
    assert steps[steps["place"] == "RCX"]["row"].tolist() == [6, 7, 8, 9]
    assert "RGP" not in set(steps["place"])


def test_the_file_holds_every_figure_with_its_names():
    table = frames.for_file(made_changes(), {"NORFOLK": "Norfolk"}, {"nctr_patients": "Fit to leave"})
    now = table[(table["location"] == "NORFOLK") & (table["part"] == "now")].set_index("metric")
    assert now.loc["nctr_patients", ["measure", "place", "middle", "low"]].tolist() == [
        "Fit to leave",
        "Norfolk",
        574.2,
        524.2,
    ]
    assert now.loc["flat", ["measure", "assurance", "middle"]].tolist() == ["Places needed", 0.9, 74]
