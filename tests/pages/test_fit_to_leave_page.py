"""The page of fit to leave: what it opens on, its chart, its table and its words."""

import json
import re

import pandas as pd
import pytest
from made_runs import COUNTY, figures, rewrite
from screen import text_of

from forecast.pages import findings
from forecast.wording import words


def test_fit_to_leave_opens_on_the_county_before_the_days_discharges(open_page, run):
    app = open_page("fit_to_leave")
    assert app.pills(key="hospital").value == COUNTY
    assert app.pills(key="count").value == "nctr_patients"
    assert not app.query_params
    chart = app.get("vega_lite_chart")[4].proto  # after the four small ones
    assert chart.alt == app.caption[0].value
    spec = json.loads(chart.spec)
    assert words.SIMULATED in " ".join(spec["title"]["subtitle"])


def test_fit_to_leave_leads_with_the_same_sentences_as_this_week(open_page, run):
    chart, week = text_of(open_page("fit_to_leave")), text_of(open_page("this_week"))
    for row in figures(run, COUNTY):
        assert words.outlook(row) in chart
        assert f"about {words.count(row['median'])} (" in week
    assert "The chart shows single days" in chart


def test_the_address_chooses_hospital_and_count(open_page, run):
    app = open_page("fit_to_leave", hospital="RCX", count="nctr_remaining")
    assert app.pills(key="hospital").value == "RCX"
    assert re.search("Queen Elizabeth King&#x27;s Lynn: [0-9]+ people fit to leave and still in a bed", text_of(app))
    app.pills(key="hospital").set_value("RGP").run()
    assert app.query_params["hospital"] == "RGP"
    assert re.search("James Paget: [0-9]+ people fit to leave and still in a bed", text_of(app))


def test_an_address_may_be_in_small_letters(open_page, run):
    app = open_page("fit_to_leave", hospital="rgp")
    assert app.pills(key="hospital").value == "RGP"
    assert not app.warning
    app.pills(key="count").set_value("nctr_remaining").run()
    assert dict(app.query_params) == {"hospital": "RGP", "count": "nctr_remaining"}


def test_the_chosen_hospital_and_count_survive_a_look_at_another_page(open_page, run):
    app = open_page("fit_to_leave")
    app.pills(key="hospital").set_value("RGP").run()
    app.pills(key="count").set_value("nctr_remaining").run()
    app.switch_page("forecast/pages/data.py").run()
    app.query_params.clear()
    app.switch_page("forecast/pages/fit_to_leave.py").run()
    assert app.pills(key="hospital").value == "RGP"
    assert app.pills(key="count").value == "nctr_remaining"
    assert app.query_params["hospital"] == "RGP"


def test_an_unknown_address_gives_a_message_and_the_default(open_page, run):
    app = open_page("fit_to_leave", hospital="XYZ", count="tea")
    assert not app.exception
    said = [warning.value for warning in app.warning]
    assert any("'XYZ'" in text and "Norfolk, three hospitals together" in text for text in said)
    assert any("'tea'" in text for text in said)
    assert app.pills(key="hospital").value == COUNTY


def test_a_count_that_does_not_tell_who_waits_is_marked_so(open_page, run):
    said = "Norfolk and Norwich: on"
    assert any(said in w.value for w in open_page("fit_to_leave", count="nctr_remaining").warning)
    assert any(said in w.value for w in open_page("fit_to_leave", count="nctr_remaining", hospital="RM1").warning)
    assert not open_page("fit_to_leave", count="nctr_remaining", hospital="RGP").warning
    assert not open_page("fit_to_leave", hospital="RM1").warning


def test_the_baseline_can_be_drawn_and_is_described(open_page, run):
    app = open_page("fit_to_leave", baseline="yes", history="60")
    assert "Dashed lines: with no change" in app.caption[0].value
    assert "7 November 2024" in app.caption[0].value  # 60 days to 5 January
    assert text_of(app).count("only carries the last value on") == 1


def test_the_baseline_is_left_out_with_a_reason_where_it_means_nothing(open_page, run):
    for hospital in (COUNTY, "RM1"):
        app = open_page("fit_to_leave", baseline="yes", count="nctr_remaining", hospital=hospital)
        assert "Dashed" not in app.caption[0].value
        assert (
            "The comparison with no change is left out: on many days next to nobody is counted at Norfolk and Norwich."
            in text_of(app)
        )


def test_the_history_shown_at_first_is_four_months(open_page, run):
    app = open_page("fit_to_leave")
    assert app.pills(key="history").value == "120"
    assert app.pills(key="history").options == ["2 months", "4 months", "1 year", "All"]


def test_the_figures_behind_the_chart_stand_in_a_table_of_the_page(open_page, run):
    app = open_page("fit_to_leave")
    assert not app.dataframe
    assert '<th scope="row">Thu 20 Feb 2025</th>' in text_of(app)


def test_both_counts_are_explained_and_the_large_charts_say_how_they_are_read(open_page, run):
    said = text_of(open_page("fit_to_leave"))
    assert "Still in a bed at the end of the day: of those, the people who had not left by midnight" in said
    assert said.count("How to read this:") == 3  # side by side, the next weeks, the season


@pytest.fixture
def found_in_run(run):
    rows = [
        ("nctr_patients", "2024-07-29", "RCX", "level_shift", "the usual level moved from about 100 to about 60"),
        ("nctr_patients", "2024-05-27", "RM1", "specification_change", "new delay reasons"),
        ("nctr_patients", "2024-05-27", "RGP", "specification_change", "new delay reasons"),
        ("nctr_patients", "2023-06-01", "RGP", "level_shift", "long ago"),
        ("nctr_patients", "2024-12-01", "RGP", "lone_zero", "a value left out is no finding"),
        ("nctr_remaining", "2024-10-01", "RM1", "unreliable_series", "under a tenth remained"),
    ]
    flags = pd.DataFrame(rows, columns=["metric", "date", "location", "flag", "note"])
    flags["date"] = pd.to_datetime(flags["date"]).astype("datetime64[us]")
    rewrite(run, "flags.parquet", flags)
    return run


def test_fit_to_leave_tells_what_the_last_year_brought_for_the_series_shown(open_page, found_in_run):
    app = open_page("fit_to_leave", hospital="RCX")
    assert f"{findings.HEADING}: 1 remark" in [one.label for one in app.expander]
    said = text_of(app)
    assert (
        "<li>29 July 2024, Queen Elizabeth King&#x27;s Lynn: a new usual level. The usual level moved from about 100 "
        "to about 60.</li>"
    ) in said
    assert "New delay reasons" not in said
    county = text_of(open_page("fit_to_leave"))
    assert county.index("29 July 2024, Queen") < county.index(
        "27 May 2024, Norfolk and Norwich; James Paget: a new way of counting. New delay reasons."
    )
    assert "ong ago" not in county
    assert "is no finding" not in county


def test_a_finding_that_a_caution_tells_already_is_not_told_twice(open_page, found_in_run):
    app = open_page("fit_to_leave", hospital="RM1", count="nctr_remaining")
    assert len(app.warning) == 1
    assert not any(one.label.startswith(findings.HEADING) for one in app.expander)
