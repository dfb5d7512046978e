"""Control charts: every figure drawn, the limits beside, and no two layers of one name."""

import pandas as pd
import pytest

from forecast.charts import drift_charts
from forecast.charts.fan_charts import DARK, LIGHT
from forecast.watching.drift import CHART_COLUMNS

TITLE = ["James Paget", "Likely range held, over the last 13 weeks"]
DAYS = pd.date_range("2024-09-05", periods=3, freq="7D")
CHART = pd.DataFrame(
    [(day, 13, 0.9 - 0.1 * k, 0.65, 0.4 + 0.2 * k, 0.8, 0.5 + 0.1 * k, 0.23, 0.77) for k, day in enumerate(DAYS)],
    columns=list(CHART_COLUMNS),
)


@pytest.mark.parametrize(
    ("make", "column", "limits", "right"),
    [
        (drift_charts.share_chart, "share", ["lowest"], 0.9),
        (drift_charts.middle_chart, "middle", ["highest"], 0.5),
        (drift_charts.place_chart, "place", ["left", "right"], 0.5),
    ],
)
@pytest.mark.parametrize("ink", [LIGHT, DARK])
def test_each_week_its_limits_and_what_would_be_right_are_drawn(make, column, limits, right, ink):
    spec = make(CHART, TITLE, True, colours=ink).to_dict()
    layers = {layer["name"]: layer for layer in spec["layer"]}
    assert len(layers) == len(spec["layer"])
    assert {"moving", "dots", "should", "words", *(f"limit_{name}" for name in limits)} == set(layers)
    rows = spec["datasets"][layers["dots"]["data"]["name"]]
    assert [row[column] for row in rows] == pytest.approx(CHART[column].tolist())
    assert layers["should"]["mark"]["strokeDash"] != layers[f"limit_{limits[0]}"]["mark"]["strokeDash"]
    level = spec["datasets"][layers["should"]["data"]["name"]]
    assert level[0]["should"] == right
    said = spec["datasets"][layers["words"]["data"]["name"]][0]["text"]
    assert said == f"Dashed: {right:.0%} would be right. Dotted: by chance"
    assert layers["moving"]["mark"]["color"] == ink.forecast
    assert [row["text"] for row in rows] == [f"{value:.0%}" for value in CHART[column]]
