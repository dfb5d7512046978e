"""What the app says of forecasts that are no longer as good as they say, and of old runs that kept ranges only."""

import json
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from made_records import METRIC, made_again, past_run, with_record
from made_runs import COUNTY, HOSPITALS, make_run, rewrite
from screen import text_of

from forecast.briefing import briefing
from forecast.pages import shell, track_drift
from forecast.pages.track_sections import About
from forecast.runs import latest_run, track
from forecast.runs.pieces import digest_of
from forecast.runs.seal import sealed
from forecast.wording import drift_words

LEVELS = [f"{level:g}" for level in track.LEVELS]


@pytest.fixture(scope="module")
def narrow(tmp_path_factory):
    """Ten past runs, each with ranges at James Paget that are far too narrow; three were made afterwards."""
    models = tmp_path_factory.mktemp("narrow")
    for week in range(12, 2, -1):
        run = past_run(models, week)
        frame = pd.read_parquet(run.path / track.QUANTILES_FILE)
        own = (frame["location"] == "RGP").to_numpy()
        values = frame[LEVELS].to_numpy(dtype=float)
        middle = values[:, [LEVELS.index("0.5")]]
        frame[LEVELS] = middle + np.where(own[:, None], 0.02, 1.5) * (values - middle)
        rewrite(run, track.QUANTILES_FILE, frame)
        if week > 9:
            path = run.path / "manifest.json"
            path.write_text(json.dumps(sealed({**json.loads(path.read_text()), "made": "backfill"})))
    with_record(models)
    return models


@pytest.fixture
def served(narrow, folders, monkeypatch):
    monkeypatch.setenv("FORECAST_MODELS", str(narrow))
    return latest_run(narrow)


def test_the_page_warns_draws_the_charts_and_tells_every_place(open_page, served):
    app = open_page("track_record", hospital="RGP")
    assert not app.exception
    (warning,) = [one.value for one in app.warning]
    assert "James Paget: the likely ranges held on" in warning
    assert (
        "Treat them as too narrow. (From 7 weekly runs and 3 forecasts made afterwards with only what was " in warning
    )
    said = text_of(app)
    assert drift_words.HEADING in said
    assert said.count("Ranges too narrow") == 1  # in the table; of four places one
    assert "As good as they say" in said
    alts = [chart.proto.alt for chart in app.get("vega_lite_chart")]
    assert sum(alt.startswith("Line chart of") for alt in alts) == 3
    assert any("below the limit of" in alt for alt in alts)


def test_another_place_is_not_warned_of_but_names_the_one_that_is_out(open_page, served):
    app = open_page("track_record", hospital="RCX")
    assert not app.warning
    assert "James Paget: the likely ranges held on" in text_of(app)


def test_this_week_and_every_export_carry_the_warning(open_page, served):
    (warning,) = [text for text in briefing(served, COUNTY).warnings if "Treat them as too narrow" in text]
    assert "James Paget" in warning
    assert warning in text_of(open_page("this_week")).replace("&#x27;", "'")


def test_the_table_of_all_of_them_is_a_file_with_figures(served):
    about = About(served, METRIC, "RGP", "Fit to leave", "James Paget", real=True)
    table = track_drift.table(about).set_index("location")
    assert set(table.index) == {*HOSPITALS, COUNTY}
    assert table.loc["RGP", "state"] == "Ranges too narrow"
    assert table.loc["RGP", "share_inside"] < table.loc["RGP", "lowest_by_chance"]
    assert (table.loc["RGP", "forecasts"], table.loc["RGP", "made_afterwards"]) == (10, 3)
    assert len(pd.read_csv(BytesIO(table.to_csv().encode()))) == 4


def test_too_short_a_record_says_that_it_cannot_say_yet(open_page, folders):
    make_run(folders / "models")
    app = open_page("track_record")
    assert "cannot say yet" in text_of(app)
    assert "Of no measure are there enough past forecasts yet to say." in text_of(app)


def test_an_old_run_that_kept_ranges_only_says_the_same_on_the_page_as_under_the_charts(open_page, folders):
    run = make_run(folders / "models")
    rows = made_again(run.history(METRIC)[[*HOSPITALS, COUNTY]], 0.8)
    rows = rows[(rows["model"] == "forecast") & rows["observed"].notna()]
    old = rows.rename(columns={"0.05": "low", "0.95": "high"}).assign(metric=METRIC)
    old[["metric", "location", "origin", "date", "low", "high", "observed"]].to_parquet(run.path / track.OLD_RECORD)
    path = run.path / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["files"][track.QUANTILES_FILE]
    manifest["files"][track.OLD_RECORD] = digest_of(run.path / track.OLD_RECORD)
    path.write_text(json.dumps(sealed(manifest)))
    (run.path / track.QUANTILES_FILE).unlink()
    under = shell.held(latest_run(folders / "models"), METRIC, "RGP")
    said = text_of(open_page("track_record", hospital="RGP"))
    answer = under.removeprefix("Track record: the ").split(" This rests on ")
    assert answer[0].startswith("likely range (9 in 10) held on")
    assert f"The {answer[0]}" in said
    assert f"This rests on {answer[1]}".replace("'", "&#x27;") in said
    assert "made before more was kept than its likely ranges" in said
