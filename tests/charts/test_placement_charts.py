"""Charts of flats and beds: what is drawn comes from the figures."""

import pandas as pd
from made_fans import fan
from test_charts import layers

from forecast.charts import placement_charts as charts
from forecast.charts.fan_charts import LIGHT
from forecast.placements.costs import CostCurve
from forecast.wording.placement_captions import Place
from forecast.wording.words import SIMULATED

PLACE = Place("Norfolk", "Norfolk", True)


def texts(found):
    return [row["text"] for _, rows in found["label"] for row in rows if "text" in row]


def need(capacity):
    return charts.need_chart(fan(), PLACE, "flat", capacity, LIGHT)


def test_places_are_steps_named_where_they_change_with_room_above_the_highest():
    dates = fan().forecast["date"]
    spec, found = layers(need(pd.DataFrame({"date": dates, "places": [44, 900]})))
    line, rows = found["places"][0]
    assert line["mark"]["interpolate"] == "step-after"
    assert [row["places"] for row in rows] == [44, 900]
    assert {"44 flats", "900 flats"} <= set(texts(found))
    assert line["encoding"]["y"]["scale"]["domain"][1] > 900
    assert "44 flats and 900 from" in spec["description"]


def test_at_a_hospital_no_places_are_drawn():
    _, found = layers(need(None))
    assert "places" not in found
    assert [row["median"] for row in found["middle"][0][1]] == [500, 505]


def test_a_chance_is_a_column_a_week_with_its_figure():
    rows = pd.DataFrame({"week": pd.to_datetime(["2025-01-13", "2025-01-20"]), "share": [0.999, 0.25]})
    spec, found = layers(charts.chance_chart(rows, PLACE, "flat", 7, True, True, LIGHT))
    assert [(row["label"], row["share"]) for row in found["chances"][0][1]] == [("13 Jan", 0.999), ("20 Jan", 0.25)]
    assert texts(found)[:2] == [">99%", "25%"]
    assert " ".join(spec["title"]["subtitle"]) == SIMULATED


def marks(planned):
    rows = pd.DataFrame({"places": [0, 40, 80], "plan_cost": [0, 4e5, 8e5], "waiting_cost": [9e5, 1e5, 0]})
    rows = rows.assign(total=rows["plan_cost"] + rows["waiting_cost"])
    curve = CostCurve("flat", rows, 40, 80, 300)
    return layers(charts.cost_chart(curve, PLACE, 46, planned, False, LIGHT))


def test_the_cheapest_number_of_places_and_the_plan_are_marked_on_the_curve():
    _, found = marks(44)
    assert found["cheapest"][0][1][0] == {
        "places": 40,
        "total": 5e5,
        "top": found["cheapest"][0][1][0]["top"],
        "text": "cheapest: 40",
    }
    assert {"cheapest: 40", "plan: 44", "together", "places", "waiting"} <= set(texts(found))


def sides(found):
    return {rows[0]["text"]: layer["mark"]["align"] for layer, rows in found["label"] if "align" in layer["mark"]}


def test_marks_close_together_are_named_on_their_outer_sides():
    assert (sides(marks(44)[1])["cheapest: 40"], sides(marks(44)[1])["plan: 44"]) == ("right", "left")
    assert (sides(marks(36)[1])["cheapest: 40"], sides(marks(36)[1])["plan: 36"]) == ("left", "right")
    assert sides(marks(80)[1])["plan: 80"] == "right"
