"""The section of files to take away: a button each, and nothing made before somebody asks."""

import pandas as pd
import pytest
from made_runs import make_run
from streamlit.testing.v1 import AppTest

from forecast import export
from forecast.pages import pictures, take_away
from forecast.runs.sign_off import sign_off
from forecast.wording import offer_words


def drawn(path):
    """Stand on a page of its own."""
    from forecast.pages.take_away import section
    from forecast.runs import open_run

    section(open_run(path))


@pytest.fixture
def nothing_made(monkeypatch):
    def made(*_, **__):
        raise AssertionError("a file was made before anybody asked for it")

    monkeypatch.setattr(export, "bundle", made)


def buttons(app):
    return [one.proto for one in app.get("download_button")]


def test_there_is_a_button_for_each_file_and_none_is_made_yet(run, nothing_made):
    app = AppTest.from_function(drawn, args=(str(run.path),), default_timeout=30).run()
    assert not app.exception
    assert [one.label for one in buttons(app)] == list(offer_words.LABELS.values())
    assert set(offer_words.LABELS) == set(export.KINDS) == set(offer_words.TELLS)
    said = "\n".join(one.proto.body for one in app.html)
    assert offer_words.SIMULATED in said


def test_of_published_figures_nothing_is_said_of_simulation(folders, nothing_made):
    real = make_run(folders / "models", simulated=False)
    app = AppTest.from_function(drawn, args=(str(real.path),), default_timeout=30).run()
    assert offer_words.SIMULATED not in "\n".join(one.proto.body for one in app.html)


def test_a_file_is_made_once_for_a_run_and_a_sign_off(run, monkeypatch):
    asked = []
    monkeypatch.setattr(export, "bundle", lambda one, kind, signed: asked.append((one.id, kind, signed)) or b"file")
    take_away._made.clear()
    for signed in ("", "", "Signed off by A. Person"):
        assert take_away._made(str(run.path), "slides", signed, ()) == b"file"
    assert asked == [(run.id, "slides", ""), (run.id, "slides", "Signed off by A. Person")]


def test_a_file_says_who_signed_off_when_it_is_asked_for_not_when_the_page_was_drawn(run, monkeypatch):
    asked = []
    monkeypatch.setattr(export, "bundle", lambda one, kind, signed: asked.append(signed) or b"file")
    take_away._made.clear()
    signed_at = pd.Timestamp("2025-01-10 09:00")
    sign_off(run.path.parent, run, name="Ann Smith", comment="", at=signed_at)
    take_away._asked(str(run.path), "slides")
    sign_off(run.path.parent, run, name="Ann Smith", comment="", at=signed_at, withdrawn=True)
    take_away._asked(str(run.path), "slides")
    assert [one.split(" by")[0] for one in asked] == ["Signed off", "Not signed off: withdrawn"]


def test_a_picture_of_a_chart_is_drawn_when_asked_for(run):
    from forecast.charts.fan_charts import fan_chart
    from forecast.charts.ink import DARK
    from forecast.pages import shell

    chart = fan_chart(shell.fan_of(str(run.path), "nctr_patients", "RCX", 60), colours=DARK)
    made = pictures._drawn(lambda: chart, run, "what it shows", "svg")
    assert b"what it shows" in made
    assert DARK.text.encode() not in made
    assert run.id.encode() in made
