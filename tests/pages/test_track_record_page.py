"""The page Track record: its words, what is judged, a past forecast against what came, and what it says without one."""

import json
import re
import shutil
from io import BytesIO

import pandas as pd
import pytest
from made_records import METRIC, past_run, with_record
from screen import text_of

from forecast.charts import track_charts
from forecast.figures import track_frames
from forecast.pages import shell, track_sections
from forecast.runs import latest_run
from forecast.runs.diary import diary_of
from forecast.runs.seal import sealed
from forecast.runs.track import replays
from forecast.takeaway import drawing
from forecast.takeaway.origin import Origin
from forecast.wording import words

ALTS = (
    "Chart of",
    "Dot chart of how much",
    "Dot chart of the share",
    "Bar chart of where",
    "Dot chart of how many",
    "Line",
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Folder with a run that has forecasts made again, and one with nine past runs beside it too."""
    alone, beside = tmp_path_factory.mktemp("alone"), tmp_path_factory.mktemp("beside")
    with_record(alone)
    for week in range(9, 0, -1):
        past_run(beside, week)
    with_record(beside)
    return {"alone": alone, "beside": beside}


@pytest.fixture
def again(kept, folders, monkeypatch):
    """A run with forecasts made again and no past runs."""
    monkeypatch.setenv("FORECAST_MODELS", str(kept["alone"]))
    return latest_run(kept["alone"])


@pytest.fixture
def diary(kept, folders, monkeypatch):
    """A run with nine past runs beside it."""
    monkeypatch.setenv("FORECAST_MODELS", str(kept["beside"]))
    return latest_run(kept["beside"])


def alts(app):
    return [chart.proto.alt for chart in app.get("vega_lite_chart")]


def test_words_come_first_with_how_often_it_held_and_how_close_it_was(open_page, again):
    app = open_page("track_record")
    assert not app.exception
    rows = replays(again, METRIC)
    found = track_frames.held(track_frames.ranges_of(rows[rows["location"] == "NORFOLK"]))
    lead = next(one.proto.body for one in app.html if "ff-lead" in one.proto.body)
    assert f"held on {found.share:.0%} of days in the last 26 weeks" in lead
    assert "as &#x27;no change&#x27;" in lead
    said = text_of(app)
    assert "7 forecasts made again from earlier dates" in said
    assert "No run was published on these dates" in said


def test_every_chart_has_a_finding_with_figures_as_its_text_and_a_table(open_page, again):
    app = open_page("track_record")
    found = alts(app)
    assert [text.startswith(ALTS) for text in found] == [True] * 9
    assert all(re.search(r"\d", text) for text in found)
    captions = [one.value for one in app.caption]
    assert all(text in captions for text in found)
    said = text_of(app)
    assert said.count("<table") == 8
    for part in ("The forecast", "Learned from all hospitals", "No change", "Below the likely range", "Week 6"):
        assert part in said


def test_a_past_forecast_is_chosen_by_its_date_and_kept_in_the_address(open_page, again):
    app = open_page("track_record", hospital="RGP", date="2024-08-25")
    assert app.selectbox(key="date").value == "2024-08-25"
    assert "forecast made again from 25 August 2024" in alts(app)[0]
    assert "James Paget" in alts(app)[0]
    app.selectbox(key="date").set_value("2024-09-22").run()
    assert app.query_params["date"] == "2024-09-22"
    assert "forecast made again from 22 September 2024" in alts(app)[0]


def test_the_chart_of_a_past_forecast_shows_what_came_over_it(open_page, again):
    app = open_page("track_record", hospital="RGP", date="2024-08-25")
    spec = json.loads(app.get("vega_lite_chart")[0].proto.spec)
    names = [layer.get("name") for layer in spec["layer"]]
    assert {"band_9_in_10", "band_1_in_2", "middle", "came", "inside", "made"} <= set(names)
    assert names.index("came") > names.index("band_9_in_10")


def test_an_unknown_date_gets_a_message_and_the_usual_one(open_page, again):
    app = open_page("track_record", date="1999-01-01")
    assert not app.exception
    assert any("1999-01-01" in warning.value for warning in app.warning)
    assert app.selectbox(key="date").value == f"{track_frames.newest_known(replays(again, METRIC)):%Y-%m-%d}"


def test_with_enough_past_runs_they_are_judged_first_and_the_page_says_so(open_page, diary):
    app = open_page("track_record", hospital="RGP")
    assert app.pills(key="record").value == "runs"
    said = text_of(app)
    told = diary_of(diary, METRIC).rows
    found = track_frames.held(track_frames.ranges_of(told[told["location"] == "RGP"]))
    assert found.forecasts == 9
    assert f"held on {found.share:.0%} of days" in said
    assert "9 weekly runs" in said
    assert "is kept as it was" in said
    assert "run as of" in alts(app)[0]


def test_past_runs_and_forecasts_made_again_are_one_choice_apart(open_page, diary):
    app = open_page("track_record", hospital="RGP")
    app.pills(key="record").set_value("again").run()
    assert not app.exception
    assert not app.warning
    assert app.query_params["record"] == "again"
    assert "7 forecasts made again" in text_of(app)


def test_a_broken_past_run_is_named_and_the_others_are_judged(open_page, kept, folders):
    shutil.copytree(kept["beside"], folders / "models")
    broken = sorted((folders / "models").glob("2024-*"))[0]
    (broken / "manifest.json").write_text("{", encoding="utf-8")
    app = open_page("track_record", record="runs")
    assert not app.exception
    assert f"Left out: run {broken.name}: its manifest cannot be read" in text_of(app)
    assert "8 weekly runs" in text_of(app)


def test_without_past_runs_the_page_says_so(open_page, again):
    app = open_page("track_record", record="runs")
    assert not app.exception
    assert "No earlier run in the folder of runs" in text_of(app)


def test_a_run_whose_model_keeps_no_record_says_so(open_page, run):
    app = open_page("track_record")
    assert not app.exception
    assert "keeps no record of how it would have done before" in text_of(app)


def test_a_run_made_before_records_were_kept_opens_and_says_so(open_page, run):
    path = run.path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["files"]["quantiles.parquet"]
    path.write_text(json.dumps(sealed(manifest)), encoding="utf-8")
    (run.path / "quantiles.parquet").unlink()
    app = open_page("track_record")
    assert not app.exception
    assert "the run was made before they were kept" in text_of(app)


def test_the_sentence_under_a_fan_chart_comes_from_past_runs_where_there_are_eight(again, kept, folders):
    assert "not on past runs" in shell.held(again, METRIC, "RGP")
    assert "9 weekly runs" in shell.held(latest_run(kept["beside"]), METRIC, "RGP")
    shutil.copytree(kept["beside"], folders / "models")
    for broken in sorted((folders / "models").glob("2024-*"))[:2]:
        shutil.rmtree(broken)
    assert "not on past runs" in shell.held(latest_run(folders / "models"), METRIC, "RGP")


def test_the_whole_record_downloads_with_its_own_runs_and_that_of_the_file(diary):
    about = track_sections.About(diary, METRIC, "RGP", "Fit to leave", "James Paget", real=True)
    rows = diary_of(diary, METRIC).rows
    rows = rows[rows["location"] == "RGP"]
    table = pd.read_csv(BytesIO(track_sections.written(about.key, about, rows)), encoding="utf-8-sig")
    assert len(table) == len(rows)
    assert set(table["past_run"]) == set(rows["run"])
    assert set(table["run"]) == {diary.id}
    assert set(table["as_of"]) == {"2025-01-09"}
    assert table["0.95"].to_numpy() == pytest.approx(rows["0.95"].to_numpy(), abs=0.05)
    assert set(table["figures"]) == {words.SIMULATED}
    assert set(table["made"]) == {"weekly run"}


def test_both_downloads_and_every_chart_as_a_picture_are_offered(open_page, again):
    labels = [one.proto.label for one in open_page("track_record").get("download_button")]
    assert {"Download this forecast and what came (CSV)", "Download the whole record (CSV)"} <= set(labels)
    assert sum("as a picture (SVG)" in label for label in labels) == 9
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("place", ["NORFOLK", "RCX"])
def test_a_picture_of_a_past_forecast_is_drawn_on_paper_with_its_source(again, place):
    about = track_sections.About(again, METRIC, place, "Fit to leave", "A place", real=False)
    rows = replays(again, METRIC)
    rows = rows[rows["location"] == place]
    came = track_frames.one_forecast(rows, rows["origin"].max())
    fan = track_sections.fan_of(about, came, rows["origin"].max())
    picture = drawing.svg(
        lambda ink: track_charts.replay_chart(fan, came, colours=ink), Origin.of(again), "what it finds"
    )
    assert b"what it finds" in picture
    assert again.id.encode() in picture


def test_two_runs_that_rest_on_the_same_newest_figures_are_two_runs(open_page, folders):
    models = folders / "models"
    for week in range(9, 0, -1):
        past_run(models, week)
    same = past_run(models, 2, mark="01")
    path = same.path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    later = pd.Timestamp(manifest["as_of"]) + pd.Timedelta(days=1)
    moved = same.path.with_name(f"{later:%Y-%m-%d}-515101")
    same.path.rename(moved)
    told = {**manifest, "as_of": f"{later:%Y-%m-%d}", "id": moved.name}
    (moved / "manifest.json").write_text(json.dumps(sealed(told)), encoding="utf-8")
    newest = with_record(models)
    rows = diary_of(newest, METRIC).rows
    place = rows[rows["location"] == "RM1"]
    assert track_frames.forecasts(place) == 10
    assert len(track_frames.coverage_by_origin(place)) == 10
    app = open_page("track_record", record="runs", hospital="RM1")
    assert not app.exception
    assert not app.error
