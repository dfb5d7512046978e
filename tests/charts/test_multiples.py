"""Small charts of several places: scales, dates, words under the names, what is drawn."""

import pytest
from made_fans import fan

from forecast.charts import fan_charts
from forecast.charts.multiples import multiples
from forecast.figures.multiple_frames import panels


def specs(shared=True, **changes):
    low = fan().forecast.assign(low=1.0, quarter=2.0, median=3.0, three_quarters=4.0, high=5.0)
    few = fan(published=fan().published.assign(value=2.0), forecast=low, place="Queen Elizabeth King's Lynn")
    lines = {"RGP": ["510 a day now", "week to 13 Feb: 505 (431 to 575)", "down, 71% chance"], "RCX": ["2 a day now"]}
    shown = panels({"RGP": fan(**changes), "RCX": few}, lines, chosen="RGP", shared=shared)
    return [chart.to_dict() for chart in multiples(shown)]


def named(spec):
    return {layer["name"]: layer for layer in spec["layer"]}


def domains(spec, axis):
    return {
        str(layer["encoding"][axis]["scale"]["domain"])
        for layer in spec["layer"]
        if "scale" in layer["encoding"].get(axis, {})
    }


def test_the_same_scale_is_shared_and_an_own_one_is_not():
    first, second = (domains(spec, "y") for spec in specs(shared=True))
    assert first == second
    assert len(first) == 1
    first, second = (domains(spec, "y") for spec in specs(shared=False))
    assert first != second


@pytest.mark.parametrize("shared", [True, False])
def test_the_dates_are_shared_whatever_the_scale(shared):
    first, second = (domains(spec, "x") for spec in specs(shared=shared))
    assert first == second
    assert len(first) == 1


def test_each_shows_what_was_published_both_bands_the_middle_and_the_day_of_the_run():
    for spec in specs():
        assert {"published", "band_9_in_10", "band_1_in_2", "middle", "as_of", "tooltips"} <= set(named(spec))
    text = named(specs()[0])["as_of_text"]
    assert specs()[0]["datasets"][text["data"]["name"]][0]["text"] == "9 Jan"


def test_the_place_heads_its_chart_with_its_figures_under_it_and_all_axes_begin_level():
    first, second = (spec["title"] for spec in specs())
    assert "James Paget" in first["text"]["expr"]
    assert first["subtitle"] == ["510 a day now", "week to 13 Feb: 505 (431 to 575)", "down, 71% chance"]
    assert second["subtitle"] == ["2 a day now", " ", " "]


def test_a_simulated_chart_says_so():
    assert specs(simulated=True)[0]["title"]["subtitle"][-1] == "SIMULATED"


def test_a_tooltip_tells_place_date_figure_and_range():
    spec = specs()[0]
    tips = spec["datasets"][named(spec)["tooltips"]["data"]["name"]]
    assert (tips[-1]["place"], tips[-1]["middle"], tips[-1]["span"]) == ("James Paget", "505", "431 to 575")
    assert len(tips) == 6


def test_a_value_that_looks_wrong_is_a_gap():
    spec = specs()[0]
    line = spec["datasets"][named(spec)["published"]["data"]["name"]]
    assert [row["value"] for row in line] == [500, 530, None, 480, 1510]


def test_without_a_forecast_the_history_stands_alone():
    names = set(named(specs(forecast=fan().forecast.iloc[:0])[0]))
    assert "published" in names
    assert "middle" not in names


def test_the_colours_are_those_of_the_large_charts():
    marks = named(specs()[0])
    assert marks["published"]["mark"]["color"] == fan_charts.LIGHT.history
    assert marks["middle"]["mark"]["color"] == fan_charts.LIGHT.forecast
