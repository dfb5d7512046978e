"""Charts of the track record: what is drawn, said on the chart, and left readable without colour."""

from __future__ import annotations

import pandas as pd
import pytest

from forecast.charts import track_charts
from forecast.charts.fan_charts import DARK
from forecast.figures.fan import Fan

TITLE = ["James Paget", "Fit to leave"]
DAYS = pd.date_range("2024-11-04", periods=4)


def came(*observed: float | None) -> pd.DataFrame:
    frame = pd.DataFrame({"date": DAYS, "observed": pd.Series(observed, dtype=float)})
    frame = frame.assign(low=90.0, quarter=96.0, median=100.0, three_quarters=104.0, high=110.0)
    held = [None if value is None else 90 <= value <= 110 for value in observed]
    return frame.assign(held=pd.Series(held, dtype=object))


def fan(rows: pd.DataFrame) -> Fan:
    before = pd.DataFrame(
        {"date": pd.date_range("2024-10-30", periods=5), "value": 101.0, "note": "", "flagged": False}
    )
    bands = rows[["date", "low", "quarter", "median", "three_quarters", "high"]]
    made = pd.Timestamp("2024-11-03")
    return Fan("Fit to leave", "James Paget", "patients", made, made, before, bands, bands.iloc[:0], True)


def drawn(chart) -> dict[str, list[dict[str, object]]]:
    """Rows of each named layer."""
    spec = chart.to_dict()
    found = {}
    for layer in spec["layer"]:
        data = layer.get("data", spec.get("data", {}))
        found[layer.get("name", "")] = spec["datasets"].get(data.get("name"), [])
    return found


def texts(chart) -> list[str]:
    spec = chart.to_dict()
    return [str(row["text"]) for rows in spec["datasets"].values() for row in rows if "text" in row]


def test_what_came_is_drawn_over_the_bands_and_misses_have_a_shape_of_their_own():
    rows = came(100, 130, None, 95)
    found = drawn(track_charts.replay_chart(fan(rows), rows))
    assert [row["observed"] for row in found["inside"]] == [100, 95]
    assert [row["observed"] for row in found["outside"]] == [130]
    assert list(found).index("came") > list(found).index("band_9_in_10")
    line = {row["date"][:10]: row["value"] for row in found["came"]}
    assert line["2024-11-03"] == 101  # from the newest day known before
    assert line["2024-11-06"] is None  # a day that never came is a gap


def test_a_forecast_of_which_nothing_came_yet_is_drawn_without_dots():
    rows = came(None, None, None, None)
    found = drawn(track_charts.replay_chart(fan(rows), rows))
    assert "inside" not in found
    assert "outside" not in found


def test_the_tooltip_tells_what_came_beside_the_forecast():
    rows = came(100, 130, None, 95)
    found = drawn(track_charts.replay_chart(fan(rows), rows))["tooltips"]
    assert [(row["came"], row["span"], row["held"]) for row in found[:3]] == [
        ("100", "90 to 110", "yes"),
        ("130", "90 to 110", "no"),
        ("not known", "90 to 110", "not known yet"),
    ]


def test_shares_stand_in_figures_beside_the_line_that_would_be_right():
    rows = pd.DataFrame({"week": [1, 2], "share": [0.95, 0.5], "days": [14, 14]})
    chart = track_charts.week_chart(rows, TITLE, False, colours=DARK)
    assert {"95%", "50%", "Dashed line: about 90% would be right"} <= set(texts(chart))
    assert drawn(chart)["right"][0]["share"] == 0.9


@pytest.mark.parametrize(("many", "labelled"), [(5, True), (30, False)])
def test_dots_of_many_forecasts_carry_no_figures(many, labelled):
    rows = pd.DataFrame({"origin": pd.date_range("2024-01-01", periods=many), "share": 0.9, "days": 28})
    assert ("figures" in drawn(track_charts.origin_chart(rows, TITLE, False))) == labelled


def test_models_are_named_with_how_much_closer_they_were():
    rows = pd.DataFrame({"model": ["forecast", "NationalLag", "Persistence"], "relative_wis": [0.8, 1.3, 1.0]})
    chart = track_charts.relative_chart(rows, TITLE, False)
    assert {"The forecast: 20% closer", "England's curve, some days later: 30% further off", "No change"} <= set(
        texts(chart)
    )
    low, high = chart.to_dict()["layer"][2]["encoding"]["x"]["scale"]["domain"]
    assert (low + high) / 2 == pytest.approx(1.0)
    assert low < 0.8 < 1.3 < high


def test_parts_are_named_with_what_came_and_what_would_be_right():
    rows = pd.DataFrame({"part": range(6), "share": [0.1, 0.2, 0.2, 0.2, 0.2, 0.1], "should": [0.05, 0.2, 0.25] * 2})
    assert "Below the likely range: 10%, 5% would be right" in texts(track_charts.parts_chart(rows, TITLE, False))


def test_a_simulated_chart_says_so():
    rows = pd.DataFrame({"level": [0.05, 0.5, 0.95], "share": [0.1, 0.5, 0.9]})
    told = track_charts.reliability_chart(rows, TITLE, True).to_dict()["title"]["subtitle"]
    assert "SIMULATED" in " ".join(told)
    assert not track_charts.reliability_chart(rows, TITLE, False).to_dict()["title"]["subtitle"]
