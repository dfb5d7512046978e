"""The page Covid & flu: its sentences, its charts, its address, and what it says where there is nothing to show."""

import made_wave_runs
import pandas as pd
import pytest
from made_runs import COUNTY
from made_wave_runs import make_wave_run
from screen import text_of

from forecast.wording import season_captions, wave_captions, words


def alternatives(app):
    return [one.proto.alt for one in app.get("vega_lite_chart")]


def labels(app):
    """Buttons of files of figures; beside each chart stand those of its picture."""
    return [one.proto.label for one in app.get("download_button") if "as a picture" not in one.proto.label]


@pytest.fixture
def wave_run(folders):
    return make_wave_run(folders / "models", why={"RCX": "it reported 0 while England's figures rose"})


def test_the_page_opens_on_flu_in_the_county_with_its_peak_in_words(open_page, wave_run):
    app = open_page("covid_flu")
    assert not app.exception
    assert app.pills(key="disease").value == "flu"
    assert app.pills(key="hospital").value == COUNTY
    said = text_of(app)
    for part in (
        "Norfolk, three hospitals together: ",
        "Most likely peak: the week of ",
        "How high: about ",
        "The chance that the peak has passed is ",
        "The chance that flu and Covid peak here within the same fortnight is ",
        "About 5 days behind England this winter, ",
        "about 1 day of usable warning",
        "More than ",
    ):
        assert part in said, part
    assert not app.query_params


def test_every_chart_has_a_text_alternative_a_caption_a_table_or_a_file(open_page, wave_run):
    app = open_page("covid_flu", hospital="RGP")
    small, found = alternatives(app)[:4], alternatives(app)[4:]
    assert [text.split(":")[0] for text in small] == [
        "Norfolk",
        "Norfolk and Norwich",
        "James Paget",
        "Queen Elizabeth King's Lynn",
    ]
    assert len(found) == 7
    assert found == [one.value for one in app.caption]
    for part in (
        "day by day",
        "week to hold the peak",
        "height and week",
        "behind England",
        "England's curve",
        "average of each week",
    ):
        assert any(part in text for text in found), part
    assert [one.label for one in app.expander] == [
        "Figures behind these small charts",
        "Figures behind the chart",
        "How high, by the week of the peak",
        "Figures behind these two charts",
        "The chance of each number of days behind",
        "Figures behind the two curves",
        "Figures behind the chart of the season",
        "Figures behind the chart of days above",
    ]
    assert [text.split(" (")[0] for text in labels(app)] == [
        "Download all places",
        "Download these figures",
        "Download the chance of each week",
        "Download size and week",
        "Download days behind",
        "Download both curves",
        "Download the season ahead",
        "Download days above",
    ]
    assert "SIMULATED" in text_of(app)


def test_the_address_holds_illness_place_and_beds(open_page, wave_run):
    app = open_page("covid_flu", disease="covid", hospital="rm1", beds="40")
    assert app.pills(key="disease").value == "covid"
    assert app.selectbox(key="beds").value == "40"
    said = text_of(app)
    assert "Norfolk and Norwich: " in said
    assert "Covid patients in hospital" in said
    assert "More than 40 patients at once, 1 October 2024 to 30 April 2025" in said
    app.selectbox(key="beds").set_value("20").run()
    assert app.query_params["beds"] == "20"
    assert "More than 20 patients at once" in text_of(app)


def test_the_season_is_drawn_to_its_end_and_no_further(open_page, wave_run):
    said = next(text for text in alternatives(open_page("covid_flu")) if "average of each week" in text)
    assert "Outlook to the week to 1 May 2025" in said


def test_a_lag_that_cannot_be_told_has_its_reason_and_england_is_not_moved(open_page, wave_run):
    app = open_page("covid_flu", hospital="RCX")
    said = text_of(app)
    assert (
        "How far Queen Elizabeth King&#x27;s Lynn runs behind England this winter cannot be said: it reported 0 while "
        "England&#x27;s figures rose."
    ) in said
    assert "usable warning" not in said
    assert any("England's curve scaled to it and on the same days" in text for text in alternatives(app))


def test_where_this_winter_does_not_tell_earlier_ones_do(open_page, folders):
    why = {"RCX": "it reported 0 while England's figures rose"}
    make_wave_run(folders / "models", simulated=False, why=why, seasons=(2022, 2023))
    app = open_page("covid_flu", hospital="RCX")
    said = text_of(app)
    assert "this winter cannot be said" in said
    assert "Earlier waves of the county&#x27;s hospitals (2022-23 and 2023-24) suggest about 7 days behind" in said
    assert "about 3 days of usable warning" in said
    assert any("scaled to it and moved 7 days later" in text for text in alternatives(app))


def test_a_hospital_without_figures_says_why_once(open_page, folders):
    make_wave_run(folders / "models", simulated=False, silent="RGP")
    app = open_page("covid_flu", hospital="RGP")
    assert not app.exception
    said = text_of(app)
    assert said.count("no usable value since 1 December 2024 (no return)") == 2  # the lead, and the season
    assert "SIMULATED" not in said
    assert "RGP" not in text_of(open_page("covid_flu"))


def test_a_wave_of_a_few_patients_has_no_peak_week(open_page, folders):
    make_wave_run(folders / "models", small=True)
    app = open_page("covid_flu", hospital="RGP")
    assert not app.exception
    said = text_of(app)
    assert "When flu peaks here cannot be said: the wave is too small" in said
    assert "within the same fortnight cannot be said: the peak of flu and Covid is not known" in said
    assert wave_captions.PEAK_HEADING not in said


def test_out_of_season_the_page_says_so(open_page, folders, monkeypatch):
    monkeypatch.setattr("made_wave_runs.AS_OF", pd.Timestamp("2025-06-05"))
    make_wave_run(folders / "models", off_season="out of season: a peak is looked for from 1 October to 30 April")
    app = open_page("covid_flu")
    assert not app.exception
    assert "Out of season: a peak is looked for from 1 October to 30 April." in text_of(app)
    assert not app.selectbox


def test_a_run_of_before_says_what_it_lacks(open_page, run):
    app = open_page("covid_flu")
    assert not app.exception
    assert not app.error
    said = text_of(app)
    assert "When flu peaks cannot be said: " in said
    assert "runs behind England this winter cannot be said: " in said
    assert season_captions.HEADING in said
    covid = text_of(open_page("covid_flu", disease="covid"))
    assert words.skipped("Covid patients in hospital", run.skipped["covid_beds_occupied"]) in covid


def test_a_first_visit_sees_the_illness_that_was_forecast(open_page, folders, monkeypatch):
    monkeypatch.delitem(made_wave_runs.WAVES, "flu_beds")
    make_wave_run(folders / "models")
    app = open_page("covid_flu")
    assert not app.exception
    assert app.pills(key="disease").value == "covid"
    assert "Covid patients in hospital" in text_of(app)
    assert "flu patients" not in text_of(app)
