"""The chart of what changed: what is drawn comes from the figures."""

from made_changes import NAMES, WEEK, made_changes
from test_charts import layers

from forecast.charts.change_charts import change_chart
from forecast.charts.fan_charts import LIGHT
from forecast.figures.change_frames import steps
from forecast.wording.words import SIMULATED


def drawn(simulated=False):
    rows = steps(made_changes(), "nctr_patients", list(NAMES), WEEK)
    return layers(change_chart(rows, NAMES, ["Fit to leave"], simulated, LIGHT))


def test_each_cause_is_a_step_with_its_figure_and_the_whole_a_bar_of_its_own():
    _, found = drawn()
    layer, rows = found["steps"][0]
    assert layer["encoding"]["x2"]["field"] == "end"
    told = [(row["label"], row["text"]) for row in rows if row["place"] == "RCX"]
    assert told == [("model", "0"), ("revised figures", "0"), ("new figures", "\u22124"), ("whole change", "\u22124")]


def test_the_axis_holds_every_step_and_room_for_names_and_figures():
    spec, found = drawn()
    low, high = found["steps"][0][0]["encoding"]["x"]["scale"]["domain"]
    assert low < -4 - 0.5 * 18
    assert high > 14 + 0.2 * 18
    assert [row["text"] for row in found["places"][0][1]] == ["Norfolk", "King's Lynn"]
    assert spec["height"] > 8 * 20


def test_a_simulated_chart_says_so():
    spec, _ = drawn(simulated=True)
    assert " ".join(spec["title"]["subtitle"]) == SIMULATED
