import json
import shutil

import numpy as np
import pandas as pd
import pytest
from made_runs import make_run, rewrite
from screen import text_of

from forecast.observations.store import Store
from forecast.pages import freshness, shell
from forecast.runs.seal import sealed
from forecast.wording import season_captions, words

PAGES = ["this_week", "fit_to_leave", "covid_flu", "data"]


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
    for part in (
        "Thursday 9 January 2025: uses only what was published by then",
        "Sunday 5 January 2025",
        silent_run.id,
    ):
        assert part in said


def test_a_run_without_the_backlog_says_why(folders, open_page, run):
    path = run.path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for metric in ("nctr_patients", "nctr_remaining"):
        del manifest["metrics"][metric]
        manifest["skipped"][metric] = "nothing published yet"
    path.write_text(json.dumps(sealed(manifest)), encoding="utf-8")
    for page in ("this_week", "fit_to_leave"):
        app = open_page(page)
        assert not app.exception
        assert "no forecast. Reason: nothing published yet." in text_of(app)


def test_the_data_page_tells_freshness_flags_and_the_code(open_page, run):
    app = open_page("data")
    said = text_of(app)
    for part in ("4 days", "0.1.0+test", "000001.parquet", "1,234", "1 figure of these hospitals", "is not here"):
        assert part in said
    assert "simulated, after: NHS England acute discharge situation report" in said
    assert '<td data-label="Why">reported 0 between 139 and 141' in said
    assert "How often they have held so far is on Track record" in said


def test_flagged_days_in_a_row_for_one_reason_are_one_row():
    days = pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-04", "2025-01-03", "2025-01-09"])
    flagged = pd.DataFrame(
        {"metric": "m", "date": days, "location": ["A", "A", "A", "B", "A"], "flag": "f", "note": "n"}
    )
    found = freshness.spells(flagged)
    assert found[["location", "first", "last"]].astype(str).to_numpy().tolist() == [
        ["A", "2025-01-09", "2025-01-09"],
        ["A", "2025-01-04", "2025-01-04"],
        ["B", "2025-01-03", "2025-01-03"],
        ["A", "2025-01-01", "2025-01-02"],
    ]


def test_one_reason_for_the_same_days_is_one_row_whatever_measures_and_hospitals_it_holds_for():
    rows = [("m", "A", "s"), ("m", "B", "s"), ("n", "A", "s"), ("n", "B", "s"), ("m", "A", "t"), ("n", "B", "t")]
    flagged = pd.DataFrame(rows, columns=["metric", "location", "note"]).assign(
        date=pd.Timestamp("2025-01-01"), flag="f"
    )
    found = freshness.together(freshness.spells(flagged))
    assert sorted(found[["note", "metrics", "locations"]].to_numpy().tolist()) == [
        ["s", ("m", "n"), ("A", "B")],
        ["t", ("m",), ("A",)],
        ["t", ("n",), ("B",)],
    ]


def test_the_season_ahead_has_a_weekly_chart_in_words_a_table_and_a_file(open_page, run):
    app = open_page("fit_to_leave", hospital="RGP")
    assert not app.exception
    assert season_captions.HEADING in [one.value for one in app.header]
    said = text_of(app)
    weeks = run.outlook("nctr_patients")
    tenth = weeks.samples.sel(location="RGP", date="2025-03-20")
    low, middle, high = np.quantile(tenth, [0.05, 0.5, 0.95])
    assert (
        f"In 10 weeks, the week to 20 March 2025: about {words.count(middle)} a day, likely range (9 in 10) "
        f"{words.span(low, high)}." in said
    )
    assert "Up to 16 February 2025 this is the forecast above, week by week." in said
    assert "It has learned from two whole winters. It was checked on past dates of two winters only" in said
    charts = [chart.proto for chart in app.get("vega_lite_chart")]
    assert charts[-1].alt == app.caption[1].value
    assert "weekly averages" in json.loads(charts[-1].spec)["title"]["text"]["expr"]
    assert '<th scope="row">Thu 7 Aug 2025</th>' in said
    assert "Download the season ahead (CSV)" in [one.proto.label for one in app.get("download_button")]


def test_a_memory_without_a_winter_is_told_in_plain_words(folders, open_page):
    make_run(folders / "models", learned_from="2024-03-04")
    app = open_page("fit_to_leave")
    (said,) = [warning.value for warning in app.warning]
    assert "go back to 4 March 2024 and hold no whole winter (December to February): too short a memory" in said
    assert "it is what the months known so far did from here" in text_of(app)


def test_a_run_without_a_season_ahead_says_so(open_page, run):
    path = run.path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for entry in manifest["metrics"].values():
        del entry["outlook"]
    path.write_text(json.dumps(sealed(manifest)), encoding="utf-8")
    app = open_page("fit_to_leave")
    assert not app.exception
    assert "There is no outlook beyond the forecast above: the run was made before there was one" in text_of(app)
    assert len(app.get("vega_lite_chart")) == 5  # the small ones, and that of the days


def test_many_flagged_spells_are_shown_a_page_at_a_time(open_page, run):
    days = pd.date_range("2024-01-01", periods=12, freq="2D")
    flags = {"metric": "nctr_patients", "date": days, "location": "RM1", "flag": "lone_zero", "note": "a zero"}
    rewrite(run, "flags.parquet", pd.DataFrame(flags))
    app = open_page("data", flag_window="all")
    assert text_of(app).count(">a zero<") == 5
    app.selectbox(key="flag_rows").set_value("11").run()
    assert text_of(app).count(">a zero<") == 2
    assert "Mon 1 Jan 2024" in text_of(app)


def test_the_data_page_tells_what_is_stored(folders, open_page, run):
    days = pd.date_range("2025-01-01", periods=5)
    flu = ["flu_ga_beds_occupied", "flu_cc_beds_occupied"]
    rows = [(d, "RM1", m, 3.0) for m in ["nctr_patients", *flu] for d in days]
    frame = pd.DataFrame(rows, columns=["date", "location", "metric", "value"])
    frame = frame.assign(released=pd.Timestamp("2025-01-08"), source="simulated twin, seed 9")
    later = frame.assign(value=4.0, released=pd.Timestamp("2025-03-08"))
    for one in (frame, later):
        Store(folders / "data" / "twin").add(one)
    said = text_of(open_page("data"))
    assert "simulated twin, seed 9" in said
    assert said.count('"Newest release used">8 January 2025<') == 2  # flu patients: two published measures added
    assert '"Newest release used">8 March 2025<' not in said  # after the as-of day
    assert "not stored here" in said  # staff absence


def test_the_tab_of_a_simulated_run_says_so(folders):
    assert shell.tab_title("Data") == "Data - Hospital discharge forecast"
    make_run(folders / "models")
    assert shell.tab_title("Data") == "SIMULATED: Data - Hospital discharge forecast"
