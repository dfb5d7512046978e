"""The worked example on the page: worked out only for whoever opens it."""

from types import SimpleNamespace

from screen import text_of
from streamlit.testing.v1 import AppTest

from forecast.pages import worked


def test_the_worked_example_is_answered_when_it_is_opened(monkeypatch):
    asked = []

    def answer(county):
        asked.append(county)
        return SimpleNamespace(example=SimpleNamespace(source="a newspaper"), in_words=lambda: ["Of 600 people, 150."])

    monkeypatch.setattr(worked, "answer", answer)
    app = AppTest.from_string("from forecast.pages import worked\nworked.example('NORFOLK')").run()
    assert not app.exception
    assert (len(app.expander), asked) == (1, [])
    app.session_state["worked example"] = True
    said = text_of(app.run())
    assert asked == ["NORFOLK"]
    assert "What was reported (a newspaper)" in said
    assert "Of 600 people, 150." in said


def test_a_county_of_which_nobody_reported_has_none():
    app = AppTest.from_string("from forecast.pages import worked\nworked.example('ELSEWHERE')").run()
    assert not app.exception
    assert not app.expander
