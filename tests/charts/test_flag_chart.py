import json

import numpy as np
import pandas as pd

from forecast.charts import fan_charts, flag_chart
from forecast.pages.freshness import spells

DAYS = pd.date_range("2025-01-01", periods=20, unit="us")


def marked(flags, since=None, values=None):
    series = pd.Series(100.0, index=DAYS) if values is None else values
    frame = pd.DataFrame(flags, columns=["date", "flag", "note"]).assign(metric="m", location="A")
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[us]")
    return flag_chart.make_marked(
        metric="Fit to leave", place="James Paget", unit="patients", values=series, flags=frame, spells=spells(frame),
        since=since,
    )  # fmt: skip


def flagged():
    values = pd.Series(100.0, index=DAYS)
    values.iloc[[3, 4]] = 0.0
    values.iloc[10] = np.nan
    return marked(
        [
            ("2025-01-04", "lone_zero", "a zero"),
            ("2025-01-05", "lone_zero", "a zero"),
            ("2025-01-11", "missing_submission", "no return"),
            ("2025-01-15", "level_shift", "a new level"),
        ],
        values=values,
    )


def layers(chart):
    spec = json.loads(chart.to_json())
    found = {layer["name"]: layer for layer in spec["layer"] if "name" in layer}
    return spec, {name: spec["datasets"][layer["data"]["name"]] for name, layer in found.items()}


def test_what_is_left_out_missing_and_only_remarked_on_have_shapes_of_their_own():
    found = flagged()
    assert found.days["kind"].tolist() == ["wrong", "wrong", "gap", "remark"]
    assert found.days["number"].tolist() == [3, 3, 2, 1]  # the newest first, as in the list
    assert len(set(flag_chart.SHAPES.values())) == 3
    assert len(flag_chart.means(found)) == 4


def test_figures_left_out_are_gaps_in_the_line_and_remarks_are_not():
    _, data = layers(flag_chart.flag_chart(flagged(), fan_charts.LIGHT))
    gone = [row["date"][:10] for row in data["published"] if row["value"] is None]
    assert gone == ["2025-01-04", "2025-01-05", "2025-01-11"]
    assert [(row["date"][:10], row["value"]) for row in data["marks"]] == [
        ("2025-01-04", 0.0),
        ("2025-01-05", 0.0),
        ("2025-01-11", 0.0),
        ("2025-01-15", 100.0),
    ]


def test_each_spell_has_its_number_once_unless_the_next_is_too_near():
    assert flag_chart.numbered(flagged())["number"].tolist() == [3, 2, 1]
    year = pd.Series(1.0, index=pd.date_range("2024-01-01", periods=365, unit="us"))
    near = marked(
        [("2024-06-01", "spike", "a"), ("2024-06-03", "spike", "b"), ("2024-09-01", "spike", "c")], values=year
    )
    assert flag_chart.numbered(near)["number"].tolist() == [3, 1]


def test_the_text_alternative_states_the_finding():
    assert flag_chart.alternative(flagged()) == (
        "Line chart of fit to leave, James Paget (patients), as published. From 1 January 2025 to 20 January 2025. "
        "2 figures looked wrong and were left out of the forecast. On 1 day no figure came although one was due. "
        "1 remark on the series; the figures are kept."
    )
    assert flag_chart.alternative(marked([])).endswith("Nothing in it looks wrong.")


def test_an_earlier_remark_is_listed_but_not_drawn():
    found = marked([("2025-01-02", "weekday_shift", "shifted")], since=pd.Timestamp("2025-01-10"))
    assert (len(found.spells), len(found.days), len(found.published)) == (1, 0, 10)


def test_a_simulated_chart_carries_its_mark():
    one = flagged()
    spec, _ = layers(flag_chart.flag_chart(flag_chart.Marked(**{**vars(one), "simulated": True}), fan_charts.DARK))
    assert "SIMULATED" in " ".join(spec["title"]["subtitle"])
