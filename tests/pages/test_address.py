"""Choices of several pages in one address: each page uses its own and leaves the others' alone."""

from streamlit.testing.v1 import AppTest


def two_measures():
    """Draw a page whose choice has the name of another page's, with other values."""
    import streamlit as st

    from forecast.pages import address

    address.arrive()
    of = st.session_state.get("page of the test", "a")
    address._page = lambda: of
    options = {"a": {"x": "X", "y": "Y"}, "b": {"u": "U", "v": "V"}}[of]
    st.text(address.select("Measure", "measure", options))
    st.text(address.select("Other", "other", {"1": "One", "2": "Two"}))
    address.settle()


def opened(**query):
    app = AppTest.from_function(two_measures)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def other_page(app, name):
    app.session_state["page of the test"] = name
    return app.run()


def shown(app):
    assert not app.exception
    return [one.value for one in app.text], dict(app.query_params)


def test_a_choice_that_another_page_does_not_have_is_left_alone_there_without_a_message(monkeypatch):
    monkeypatch.setattr("forecast.pages.address._page", lambda: "a")
    app = opened(measure="y")
    assert shown(app) == (["y", "1"], {"measure": "y"})
    other_page(app, "b")
    assert shown(app) == (["u", "1"], {"measure": "y"})
    assert not app.warning
    app.selectbox(key="other").set_value("2").run()
    assert shown(app) == (["u", "2"], {"measure": "y", "other": "2"})
    other_page(app, "a")
    assert shown(app) == (["y", "2"], {"measure": "y", "other": "2"})


def test_the_usual_value_leaves_the_address_and_an_odd_one_is_told_until_something_is_chosen(monkeypatch):
    monkeypatch.setattr("forecast.pages.address._page", lambda: "a")
    app = opened(measure="tea", other="2")
    assert shown(app) == (["x", "2"], {"measure": "tea", "other": "2"})
    assert "'tea'" in app.warning[0].value
    app.run()
    assert "'tea'" in app.warning[0].value
    app.selectbox(key="other").set_value("1").run()
    assert shown(app) == (["x", "1"], {})
    assert not app.run().warning
