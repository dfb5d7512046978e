import json
import shutil
from io import BytesIO

import pandas as pd
import pytest
from made_runs import AS_OF, COUNTY, HOSPITALS, make_run
from screen import text_of

from forecast import words
from forecast.observations.store import Store

PAGES = ["this_week", "fit_to_leave", "data"]


@pytest.fixture
def run(folders):
    return make_run(folders / "models")


@pytest.fixture
def silent_run(folders):
    return make_run(folders / "models", simulated=False, silent="RGP")


def outlook(run, location, metric="nctr_patients"):
    frame = run.summary
    return frame[(frame["metric"] == metric) & (frame["location"] == location)].to_dict("records")


@pytest.mark.parametrize("page", PAGES)
def test_without_a_run_a_page_says_what_to_type(open_page, page):
    app = open_page(page)
    assert not app.exception
    for command in ("make app", "forecast ingest", "forecast demo", "forecast refit"):
        assert command in text_of(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_broken_run_is_told_in_words(open_page, run, page):
    (run.path / "manifest.json").write_text("{", encoding="utf-8")
    app = open_page(page)
    assert not app.exception
    assert "its manifest cannot be read" in app.error[0].value
    assert "forecast refit" in app.error[0].value


def test_a_run_with_a_missing_piece_is_told_in_words(open_page, run):
    shutil.rmtree(run.path / "history")
    app = open_page("fit_to_leave")
    assert not app.exception
    assert "history/nctr_patients.parquet cannot be read" in app.error[0].value


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_a_simulated_run_says_so_first(open_page, run, page):
    app = open_page(page)
    assert not app.exception
    assert words.SIMULATED in next(h.proto.body for h in app.html if "ff-banner" in h.proto.body)
    assert words.SIMULATED in text_of(app)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_a_real_run_shows_its_dates_and_no_banner(open_page, silent_run, page):
    app = open_page(page)
    assert not app.exception
    said = text_of(app)
    assert "SIMULATED" not in said
    for part in ("Thursday 9 January 2025", "Sunday 5 January 2025", silent_run.id):
        assert part in said


def test_this_week_gives_a_card_with_figures_for_the_county_and_each_hospital(open_page, run):
    said = text_of(open_page("this_week"))
    assert said.count("<section") == 4
    for code in (COUNTY, *HOSPITALS):
        for row in outlook(run, code):
            assert f"About {words.count(row['median'])}<" in said
            assert f"likely range (9 in 10) {words.span(row['low'], row['high'])}<" in said
            assert words.direction(row) in said


def test_this_week_opens_with_the_county_and_tells_what_is_missing(open_page, run):
    said = text_of(open_page("this_week"))
    assert words.outlook(outlook(run, COUNTY)[0]) in said
    assert "Flu patients in hospital: " in said
    assert "Covid patients in hospital: no forecast. Reason: newest value is of 30 September 2024" in said
    assert "the total assumes that the hospitals rise and fall independently" in said


def test_where_nothing_can_be_said_there_is_a_reason_instead_of_a_figure(open_page, silent_run):
    said = text_of(open_page("this_week"))
    assert "Flu patients in hospital, James Paget: cannot say. Reason: no usable value since 1 December 2024" in said
    assert "no forecast for James Paget" in said
    assert "RGP:" not in said


def test_other_measures_follow_the_chosen_place(open_page, run):
    app = open_page("this_week")
    app.selectbox(key="other_place").set_value("RCX").run()
    row = outlook(run, "RCX", "staff_absent_total")[0]
    assert words.span(row["low"], row["high"]) in text_of(app)


def test_a_run_without_the_backlog_says_why(folders, open_page, run):
    path = run.path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for metric in ("nctr_patients", "nctr_remaining"):
        del manifest["metrics"][metric]
        manifest["skipped"][metric] = "nothing published yet"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    for page in ("this_week", "fit_to_leave"):
        app = open_page(page)
        assert not app.exception
        assert "no forecast. Reason: nothing published yet." in text_of(app)


def test_fit_to_leave_opens_on_the_county_before_the_days_discharges(open_page, run):
    app = open_page("fit_to_leave")
    assert app.pills(key="hospital").value == COUNTY
    assert app.pills(key="count").value == "nctr_patients"
    assert app.query_params["hospital"] == COUNTY
    chart = app.get("vega_lite_chart")[0].proto
    assert chart.alt == app.caption[0].value
    spec = json.loads(chart.spec)
    assert words.SIMULATED in spec["title"]["subtitle"]


def test_the_address_chooses_hospital_and_count(open_page, run):
    app = open_page("fit_to_leave", hospital="RCX", count="nctr_remaining")
    assert app.pills(key="hospital").value == "RCX"
    assert "Queen Elizabeth King&#x27;s Lynn, fit to leave and still in a bed" in text_of(app)
    app.pills(key="hospital").set_value("RGP").run()
    assert app.query_params["hospital"] == "RGP"
    assert "James Paget, fit to leave and still in a bed" in text_of(app)


def test_an_unknown_address_gives_a_message_and_the_default(open_page, run):
    app = open_page("fit_to_leave", hospital="XYZ", count="tea")
    assert not app.exception
    said = [warning.value for warning in app.warning]
    assert any("'XYZ'" in text and "Norfolk (three hospitals)" in text for text in said)
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
    assert "Dashed lines: if the last value simply carried on" in app.caption[0].value
    assert "7 November 2024" in app.caption[0].value  # 60 days to 5 January


def test_the_other_measures_have_charts_too(open_page, silent_run):
    app = open_page("fit_to_leave", hospital="RGP")
    app.selectbox(key="other_measure").set_value("flu_beds").run()
    assert "Flu patients in hospital, James Paget: cannot say." in app.warning[0].value
    app.selectbox(key="other_measure").set_value("staff_absent_total").run()
    assert "staff absent, all reasons" in app.caption[-1].value


def test_the_data_page_tells_freshness_flags_and_the_code(open_page, run):
    app = open_page("data")
    said = text_of(app)
    for part in ("4 days", "0.1.0+test", "000001.parquet", "1,234", "1 value flagged.", "is not here"):
        assert part in said
    assert app.dataframe[0].value["why"].tolist() == ["reported 0 between 139 and 141: a return that was not filled in"]
    app.selectbox(key="flag_place").set_value("RM1").run()
    assert "No value is flagged." in text_of(app)
    app.selectbox(key="flag_place").set_value("RCX").run()
    app.selectbox(key="flag_metric").set_value("nctr_patients").run()
    assert "1 value flagged." in text_of(app)


def test_the_data_page_tells_what_is_stored(folders, open_page, run):
    days = pd.date_range("2025-01-01", periods=5)
    flu = ["flu_ga_beds_occupied", "flu_cc_beds_occupied"]
    rows = [(d, "RM1", m, 3.0) for m in ["nctr_patients", *flu] for d in days]
    frame = pd.DataFrame(rows, columns=["date", "location", "metric", "value"])
    frame = frame.assign(released=pd.Timestamp("2025-01-08"), source="simulated twin, seed 9")
    Store(folders / "data" / "twin").add(frame)
    said = text_of(open_page("data"))
    assert '"Rows stored">5<' in said
    assert '"Rows stored">10<' in said  # flu patients: two published measures added
    assert "simulated twin, seed 9" in said
    assert "8 January 2025" in said
    assert "not stored here" in said  # staff absence


def test_downloads_carry_where_they_come_from_and_no_formulas(run):
    from forecast.pages import downloads, shell

    fan = shell.fan_of(str(run.path), "nctr_patients", "RCX", 60)
    table = downloads.with_origin(downloads.fan_table(fan).assign(place="=1+1"), run, fan.data_to)
    read = pd.read_csv(BytesIO(downloads.to_csv(table)))
    assert set(read["figures"]) == {words.SIMULATED}
    assert set(read["run"]) == {run.id}
    assert set(read["as_of"]) == {f"{AS_OF:%Y-%m-%d}"}
    assert set(read["data_to"]) == {"2025-01-05"}
    assert set(read["place"]) == {"'=1+1"}
    last = read.iloc[-1]
    assert (last["kind"], last["date"]) == ("forecast", "2025-02-20")
    assert last["likely_low"] <= last["middle"] <= last["likely_high"]
    flagged = read[read["cannot_be_right"].notna()]
    assert flagged["published"].tolist() == [0]
