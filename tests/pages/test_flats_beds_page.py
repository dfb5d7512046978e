"""The page Flats & beds: its answer, a plan that is changed, sent, kept and loaded, and what it says when it cannot."""

from urllib.parse import parse_qs, urlsplit

import made_runs
import numpy as np
import pytest
from made_runs import COUNTY
from screen import back_to, text_of

from forecast.pages import placing
from forecast.placements.plan import PlacementPlan


@pytest.fixture(autouse=True)
def few_paths(monkeypatch):
    """Try numbers of places on few paths: quick, and told on the page."""
    monkeypatch.setattr(placing, "FEWER_PATHS", 20)


@pytest.fixture
def beds(open_page, run):
    """Open the page."""

    def opened(**query):
        app = open_page("flats_beds", **query)
        assert not app.exception
        return app

    return opened


def field(app, label):
    (found,) = [one for one in (*app.number_input, *app.slider, *app.toggle) if one.label == label]
    return found


def errors(app):
    return [one.value for one in app.error]


FLATS, AWAY = "Housing-with-care flats", "Social workers off sick"


def test_the_page_opens_with_the_answer_as_now_its_charts_told_in_words_and_its_files(beds, run):
    app = beds()
    said = text_of(app)
    for part in (
        "With 44 flats Norfolk is ",
        "With no extra care-home beds Norfolk is likely ",
        "With no extra community beds Norfolk is likely ",
        "90% sure that nobody waits longer than 7 days",
        "hospital bed-days in Norfolk",
        "the cheapest is about ",
        "Zero waiting is ",
        "Winter peak two weeks earlier: not shown. The waves of flu and Covid on record explain at most 0.5%",
        "As now: 7. Source: choice of this project: a week.",
        "0 to 90 days, whole",
        "13.7 a day at Norfolk and Norwich",
        "Nobody has measured how much one more place relieves",
        "waits shown are the longest they can be",
        "SIMULATED",
    ):
        assert part in said, part
    assert not app.query_params
    assert not app.error
    assert not app.warning
    found = [one.proto.alt for one in app.get("vega_lite_chart")]
    assert all("people who wait in hospital" in text for text in found[:4])
    assert [text.split(" ")[0] for text in found[4:]] == ["Line", "Column", "Line"]
    assert all(text in [one.value for one in app.caption] for text in found[4:])
    files = [one.proto.label for one in app.get("download_button")]
    assert [name for name in files if name.endswith("(CSV)")] == [
        "Download all places (CSV)",
        "Download need by day (CSV)",
        "Download chances by week (CSV)",
        "Download who waits where (CSV)",
        "Download how long they have waited (CSV)",
        "Download the cost curve (CSV)",
        "Download the comparison (CSV)",
        "Download every day's figures (CSV)",
        "Download the plan's settings (CSV)",
    ]
    assert files[-2:] == ["Download all of it (Excel)", "Save the plan as a file"]
    # As now leaves exactly the forecast's own queue waiting.
    result = placing.result_of(str(run.path), PlacementPlan.of(COUNTY))
    assert np.array_equal(result.paths("waiting"), result.people.demand.queue.sum(axis=(0, 1)))


def test_a_changed_plan_is_answered_kept_in_the_address_and_undone(beds):
    app = beds()
    field(app, FLATS).set_value(200).run()
    assert "With 200 flats Norfolk is unlikely to be short of any" in text_of(app)
    field(app, AWAY).set_value(60).run()
    assert "have not been assessed by a social worker and cannot move into any place" in text_of(app)
    assert app.query_params["flats"] == "200"
    assert app.query_params["absence"] == "0.6"
    link = next(one.value for one in app.code)
    assert parse_qs(urlsplit(link).query)["flats"] == ["200"]
    app.switch_page("forecast/pages/data.py").run()
    app.query_params.clear()
    app.switch_page("forecast/pages/flats_beds.py").run()
    assert field(app, FLATS).value == 200
    next(one for one in app.button if one.label == "Back to as now").click().run()
    assert (field(app, FLATS).value, field(app, AWAY).value) == (44, 4)
    assert "flats" not in app.query_params
    assert "With 44 flats Norfolk is " in text_of(app)


def test_going_back_to_the_address_before_the_first_change_undoes_it_and_forward_brings_it_back(beds, monkeypatch):
    app = beds()
    field(app, FLATS).set_value(200).run()
    assert app.query_params["flats"] == "200"
    back_to(app, monkeypatch)
    assert field(app, FLATS).value == 44
    assert not app.query_params
    assert "With 44 flats Norfolk is " in text_of(app)
    back_to(app, monkeypatch, flats="200")
    assert field(app, FLATS).value == 200
    assert dict(app.query_params) == {"flats": "200"}


def test_a_link_opens_the_plan_and_says_what_of_it_cannot_be_used(beds):
    app = beds(**{"flats": "2025-01-01_50~2025-02-01_70", "absence": "7", "longest-wait": "3", "hospital": "RGP"})
    assert len(errors(app)) == 1
    assert "Social workers off sick (social_worker_absence)" in errors(app)[0]
    said = text_of(app)
    assert "James Paget: " in said
    assert "nobody waits longer than 3 days" in said
    assert "In this plan: 50, and 70 from 1 February 2025." in said
    assert app.query_params["absence"] == "7"
    field(app, FLATS).set_value(80).run()
    assert not app.error
    assert dict(app.query_params) == {"flats": "80", "longest-wait": "3", "hospital": "RGP"}


def test_what_a_link_gets_wrong_is_told_also_where_its_field_is_folded_away(beds):
    app = beds(**{"price-flat": "-5"})
    assert len(errors(app)) == 2
    assert all("Price of a flat (price_flat)" in one for one in errors(app))


def test_a_hospital_without_a_forecast_is_named_with_its_reason(open_page, folders, monkeypatch):
    drawn = made_runs._forecast
    monkeypatch.setattr(
        made_runs,
        "_forecast",
        lambda metric, silent, learned: drawn(metric, "RGP" if metric.startswith("nctr") else None, learned),
    )
    made_runs.make_run(folders / "models", simulated=False)
    app = open_page("flats_beds", hospital="RGP")
    assert not app.exception
    reason = "Reason: James Paget: no usable value since 1 December 2024 (no return)."
    assert f"James Paget: how many flats and beds are needed cannot be said. {reason}" in text_of(app)
    assert not app.get("vega_lite_chart")
    county = open_page("flats_beds")
    assert f"Norfolk: how many flats and beds are needed cannot be said. {reason}" in text_of(county)
    assert "leave out James Paget" in county.warning[0].value
    assert "With 44 flats Norfolk is " in text_of(county)


def test_a_run_without_the_count_says_so(open_page, folders, monkeypatch):
    monkeypatch.setattr(made_runs, "LEVELS", {"flu_beds": made_runs.LEVELS["flu_beds"]})
    skipped = {"nctr_patients": "newest value is too old", "nctr_remaining": "newest value is too old"}
    monkeypatch.setattr(made_runs, "SKIPPED", skipped)
    made_runs.make_run(folders / "models")
    app = open_page("flats_beds")
    assert not app.exception
    assert "Norfolk: how many flats and beds are needed cannot be said. Reason: " in text_of(app)
    assert "newest value is too old" in text_of(app)
