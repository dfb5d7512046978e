import pandas as pd
import pytest
from made_fans import fan

from forecast.charts import fan_charts
from forecast.wording import captions, season_captions, words


def layers(chart):
    spec = chart.to_dict()
    found = {}
    for layer in spec["layer"]:
        data = layer.get("data", spec.get("data", {}))
        found.setdefault(layer.get("name", "label"), []).append((layer, spec["datasets"][data["name"]]))
    return spec, found


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted([luminance(one), luminance(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_both_bands_and_the_middle_are_drawn_from_the_forecast():
    _, found = layers(fan_charts.fan_chart(fan()))
    outer, inner, middle = (found[name][0] for name in ("band_9_in_10", "band_1_in_2", "middle"))
    assert (outer[0]["encoding"]["y"]["field"], outer[0]["encoding"]["y2"]["field"]) == ("low", "high")
    assert (inner[0]["encoding"]["y"]["field"], inner[0]["encoding"]["y2"]["field"]) == (
        "quarter",
        "three_quarters",
    )
    assert [row["median"] for row in middle[1]] == [500, 505]


def test_every_series_has_data():
    spec, found = layers(fan_charts.fan_chart(fan(), baseline=True))
    assert {"published", "flagged", "as_of", "baseline", "tooltips"} <= set(found)
    assert all(spec["datasets"].values())


def test_a_flagged_value_is_a_hollow_mark_and_a_gap_in_the_line():
    _, found = layers(fan_charts.fan_chart(fan()))
    mark, rows = found["flagged"][0]
    assert mark["mark"]["filled"] is False
    assert [row["value"] for row in rows] == [0]
    assert [row["value"] for row in found["published"][0][1]] == [500, 530, None, 480, 1510]


def test_the_bands_are_labelled_with_their_figures_on_the_last_day():
    _, found = layers(fan_charts.fan_chart(fan()))
    texts = {row["text"] for _, rows in found["label"] for row in rows if "text" in row}
    assert texts == {
        "low 431",
        "middle 505",
        "high 575",
        "likely range:",
        "published",
        "as of 9 January 2025",
        "data to 5 January 2025",
    }


def test_a_place_without_a_usable_value_says_so_beside_the_as_of_day():
    _, found = layers(fan_charts.fan_chart(fan(data_to=None)))
    assert "no usable data" in {row["text"] for _, rows in found["label"] for row in rows if "text" in row}


def test_the_first_date_of_the_axis_carries_its_year():
    spec, _ = layers(fan_charts.fan_chart(fan()))
    labels = {
        layer["encoding"]["x"]["axis"]["labelExpr"] for layer in spec["layer"] if "axis" in layer["encoding"]["x"]
    }
    assert all(label.startswith("datum.index == 0 ||") for label in labels)


def test_the_description_is_the_text_alternative():
    spec = fan_charts.fan_chart(fan(), baseline=True).to_dict()
    assert spec["description"] == captions.alternative(fan(), baseline=True)


def test_the_comparison_with_no_change_has_its_name_on_the_chart():
    spec = fan_charts.fan_chart(fan(), baseline=True).to_dict()
    names = [row["text"] for rows in spec["datasets"].values() for row in rows if row.get("text") == "no change"]
    assert names == ["no change"]


def test_the_published_line_is_named_above_its_beginning():
    _, found = layers(fan_charts.fan_chart(fan()))
    (name,) = [rows for _, rows in found["label"] if rows[0].get("text") == "published"]
    assert (name[0]["date"][:10], name[0]["value"]) == ("2025-01-01", 500)


def test_the_baseline_is_drawn_only_when_asked_for():
    assert "baseline" not in layers(fan_charts.fan_chart(fan()))[1]


def test_a_simulated_chart_says_so_in_its_own_title():
    assert words.SIMULATED in " ".join(fan_charts.fan_chart(fan(simulated=True)).to_dict()["title"]["subtitle"])
    assert "SIMULATED" not in " ".join(fan_charts.fan_chart(fan()).to_dict()["title"]["subtitle"])


def test_a_place_without_a_forecast_still_has_its_history():
    _, found = layers(fan_charts.fan_chart(fan(forecast=fan().forecast.iloc[:0])))
    assert "published" in found
    assert "middle" not in found


def test_a_tooltip_tells_the_date_the_figure_and_the_range_as_counts():
    _, found = layers(fan_charts.fan_chart(fan()))
    rows = found["tooltips"][0][1]
    assert rows[-1]["middle"] == "505"
    assert rows[-1]["span"] == "431 to 575"
    assert rows[0]["middle"] == "500"
    assert len(rows) == 6


def test_there_is_one_y_axis_from_zero_and_labels_are_horizontal():
    spec, _ = layers(fan_charts.fan_chart(fan()))
    domains = {tuple(layer["encoding"]["y"]["scale"]["domain"]) for layer in spec["layer"] if "y" in layer["encoding"]}
    assert len(domains) == 1
    assert next(iter(domains))[0] == 0
    assert "resolve" not in spec


def test_a_baseline_far_above_the_rest_runs_off_the_chart_and_the_chart_says_so():
    wild = fan(baseline=fan().baseline.assign(high=90_000.0))
    spec, found = layers(fan_charts.fan_chart(wild, baseline=True))
    (domain,) = {tuple(d["y"]["scale"]["domain"]) for d in [found["published"][0][0]["encoding"]]}
    assert domain[1] < 3_000  # the highest published value is 1,510
    assert fan_charts.off_chart(wild)
    assert "400 to 90,000" in spec["description"]
    assert not fan_charts.off_chart(fan())


def test_the_title_breaks_its_lines_only_where_the_chart_is_narrow():
    title = fan_charts.fan_chart(fan(place="Queen Elizabeth King's Lynn")).to_dict()["title"]["text"]["expr"]
    assert title.startswith("width < 460 ? [")
    assert "Queen Elizabeth King's Lynn" in title


def test_a_published_value_below_zero_stays_on_the_chart():
    published = fan().published.assign(value=[5.0, -5.0, 0.0, 3.0, 2.0])
    _, found = layers(fan_charts.fan_chart(fan(published=published)))
    assert found["published"][0][0]["encoding"]["y"]["scale"]["domain"][0] == -5


def test_labels_that_would_overlap_are_moved_apart_and_stay_in_order():
    assert fan_charts.spread_labels([10, 20, 30], gap=5) == [10, 20, 30]
    assert fan_charts.spread_labels([10, 10, 10], gap=5) == [5, 10, 15]
    assert fan_charts.spread_labels([0, 0], gap=4) == [0, 4]
    assert fan_charts.spread_labels([], gap=4) == []


@pytest.mark.parametrize(("colours", "background"), [(fan_charts.LIGHT, "#ffffff"), (fan_charts.DARK, "#191814")])
def test_every_colour_stands_out_from_its_background(colours, background):
    for name in ("text", "history", "forecast", "baseline"):
        assert contrast(getattr(colours, name), background) >= 3, name


def test_the_theme_of_the_screen_chooses_the_colours():
    assert fan_charts.ink("dark") == fan_charts.DARK
    assert fan_charts.ink("light") == fan_charts.ink(None) == fan_charts.LIGHT


def test_a_gap_in_a_weekly_record_stays_a_gap():
    weekly = pd.DataFrame(
        {
            "date": pd.to_datetime(["2025-01-06", "2025-01-13", "2025-01-27"]),
            "value": [1.0, 2.0, 3.0],
            "flagged": False,
            "note": "",
        }
    )
    _, found = layers(fan_charts.fan_chart(fan(published=weekly)))
    assert [row["value"] for row in found["published"][0][1]] == [1, 2, None, 3]


def test_a_week_or_day_between_two_gaps_is_a_dot_as_no_line_can_show_it():
    rows = pd.DataFrame(
        {
            "date": pd.to_datetime(["2025-01-05", "2025-01-12", "2025-01-26", "2025-02-09", "2025-02-16"]),
            "value": [1.0, 2.0, 3.0, 4.0, 5.0],
            "flagged": False,
            "note": "",
        }
    )
    _, found = layers(fan_charts.fan_chart(fan(published=rows)))
    assert [row["value"] for row in found["alone"][0][1]] == [3]
    assert "alone" not in layers(fan_charts.fan_chart(fan(published=rows.iloc[:2])))[1]


def test_a_chart_of_weeks_says_so_in_its_title_its_tooltips_and_its_description():
    weekly = fan(weekly=True)
    spec, found = layers(fan_charts.fan_chart(weekly))
    assert "weekly averages" in spec["title"]["text"]["expr"]
    assert found["tooltips"][0][0]["encoding"]["tooltip"][0]["title"] == "Week to"
    assert spec["description"] == season_captions.alternative(weekly)
