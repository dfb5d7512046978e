"""Every place side by side: small charts on the pages, the choice of scale, a place brought up by its button."""

import json

import pytest
from made_runs import COUNTY
from screen import text_of

from forecast.wording import multiple_captions


def small(app):
    return [one.proto for one in app.get("vega_lite_chart")][:4]


def tops(app):
    return {max(json.loads(one.spec)["layer"][0]["encoding"]["y"]["scale"]["domain"]) for one in small(app)}


def button(app, label):
    (found,) = [one for one in app.button if one.label == label]
    return found


@pytest.mark.parametrize("page", ["fit_to_leave", "flats_beds"])
def test_the_county_and_its_hospitals_stand_side_by_side_on_one_scale(open_page, run, page):
    app = open_page(page)
    assert not app.exception
    assert [one.alt.split(":")[0] for one in small(app)] == [
        "Norfolk",
        "Norfolk and Norwich",
        "James Paget",
        "Queen Elizabeth King's Lynn",
    ]
    assert all("likely range (9 in 10)" in one.alt for one in small(app))
    assert app.pills(key="scale").value == "same"
    assert len(tops(app)) == 1
    assert multiple_captions.SAME in text_of(app)


def test_each_may_have_a_scale_of_its_own_kept_in_the_address(open_page, run):
    app = open_page("fit_to_leave", scale="own")
    assert app.query_params["scale"] == "own"
    assert len(tops(app)) == 4
    assert multiple_captions.OWN in text_of(app)
    app.pills(key="scale").set_value("same").run()
    assert "scale" not in app.query_params  # as usual
    assert len(tops(app)) == 1


def test_a_button_under_a_place_brings_its_large_chart_up(open_page, run):
    app = open_page("fit_to_leave")
    assert not any(one.label.removeprefix("Show ") == "Norfolk" for one in app.button)
    button(app, "Show James Paget").click().run()
    assert app.query_params["hospital"] == "RGP"
    assert app.pills(key="hospital").value == "RGP"
    assert "James Paget (patients), day by day" in app.caption[0].value
    button(app, "Show Norfolk").click().run()
    assert app.pills(key="hospital").value == COUNTY


def test_the_table_behind_has_a_row_for_every_place(open_page, run):
    said = text_of(open_page("fit_to_leave"))
    for place in ("Norfolk, three hospitals together", "James Paget"):
        assert f'<th scope="row">{place}</th>' in said


def test_a_place_without_a_forecast_says_so_in_its_small_chart(open_page, silent_run):
    app = open_page("covid_flu", hospital="RM1")
    alone = next(one for one in small(app) if one.alt.startswith("James Paget"))
    assert "There is no forecast." in alone.alt
    assert "no forecast" in json.loads(alone.spec)["title"]["subtitle"]
