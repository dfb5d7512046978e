"""The fields of a plan: what a person enters becomes the plan, its link and its file, or a message by the field."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.fields import FIELDS
from forecast.placements.plans.files import to_text

FLATS, AWAY = "Housing-with-care flats", "Social workers off sick"


def fields():
    """Draw the fields and what sends and keeps a plan, without a forecast."""
    import types

    import pandas as pd
    import streamlit as st

    from forecast.pages import address, plan_controls, plan_sharing, plan_state
    from forecast.placements.plan import PlacementPlan
    from forecast.placements.plans.files import to_text
    from forecast.placements.scenarios import ready_made

    address.arrive()
    day = pd.Timestamp("2025-01-13")
    plan_sharing.start("NORFOLK", ready_made(PlacementPlan.of("NORFOLK"), day))
    plan = plan_controls.edited(plan_state.current("NORFOLK"), day)
    plan_sharing.share(plan, {"hospital": "NORFOLK"}, types.SimpleNamespace(as_of=day))
    st.json(to_text(plan.values()))
    address.settle()


def opened(**query):
    app = AppTest.from_function(fields, default_timeout=30)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def plan_of(app):
    assert not app.exception
    return PlacementPlan.from_dict(json.loads(app.json[0].value)["settings"])


def field(app, label):
    (found,) = [one for one in (*app.number_input, *app.slider, *app.toggle) if one.label == label]
    return found


def press(app, label):
    next(one for one in app.button if one.label == label).click().run()


def table(app, name):
    return next(one.key for one in app.data_editor if one.key.startswith(f"plan {name} rows"))


def edits(rows=None, added=()):
    return {"edited_rows": rows or {}, "added_rows": list(added), "deleted_rows": []}


def errors(app):
    return [one.value for one in app.error]


def test_as_now_has_an_empty_link_and_every_field_its_source_and_range():
    app = opened()
    assert plan_of(app) == PlacementPlan()
    assert not app.query_params
    assert app.code[0].value.endswith("?hospital=NORFOLK")
    captions = "\n".join(one.value for one in app.caption)
    assert captions.count("Source: ") == len(FIELDS) - 1
    assert "choice of this project: a week" in captions
    tables = "\n".join(one.proto.body for one in app.get("html"))
    assert all(field.allowed.split(",")[0] in tables for field in FIELDS.values() if field.kind in ("whole", "number"))


def test_every_field_changes_its_own_setting():
    app = opened()
    changes = {
        FLATS: 60,
        "Care-home beds": 100,
        "People who start home care a day": 22.0,
        AWAY: 30,
        "Only people who live in the county": True,
        "Price of a flat (pounds a day)": 200.0,
        "Price of one person's home care (pounds a start)": None,
        "Bed-based rehabilitation": 28.0,
        "In housing-with-care flats": 17,
    }
    for label, value in changes.items():
        field(app, label).set_value(value)
    app.run()
    assert plan_of(app) == PlacementPlan(
        flats=60,
        care_home_beds=100,
        home_care_starts=22,
        social_worker_absence=0.3,
        residents_only=True,
        price_flat=200,
        price_home_care_start=None,
        stay_means={"rehabilitation": 28},
        already_placed={"flat": 17},
    )
    assert PlacementPlan.from_query(dict(app.query_params)) == plan_of(app)


def test_a_field_left_empty_stays_as_it_was():
    app = opened(flats="61")
    field(app, FLATS).set_value(None).run()
    assert plan_of(app).flats.counts == (61,)
    assert not app.error


@pytest.mark.parametrize(("flats", "said"), [(-5, "is -5, out of range"), (10_000, "is 10,000, out of range")])
def test_a_bad_value_is_told_until_it_is_mended(flats, said):
    app = opened()
    field(app, FLATS).set_value(flats).run()
    assert said in errors(app)[0]
    assert errors(app)[0].endswith("Left at 23, and 44 from 1 January 2023.")
    assert plan_of(app) == PlacementPlan()
    field(app, AWAY).set_value(10).run()
    assert said in errors(app)[0]
    assert plan_of(app) == PlacementPlan(social_worker_absence=0.1)
    field(app, FLATS).set_value(60).run()
    assert not app.error
    assert plan_of(app) == PlacementPlan(social_worker_absence=0.1, flats=60)


def test_dates_edited_in_the_table_show_in_the_field_and_a_number_replaces_them():
    app = opened()
    added = [{"from": "2025-02-10", "places": 300}, {"from": "2022-01-01", "places": 5}]
    app.session_state[table(app, "flats")] = edits({1: {"places": 60}}, added)
    app.run()
    steps = {"2022-01-01": 5, "2022-12-01": 23, "2023-01-01": 60, "2025-02-10": 300}
    assert plan_of(app) == PlacementPlan(flats=steps)
    assert field(app, FLATS).value == 60
    app.run()
    assert plan_of(app) == PlacementPlan(flats=steps)
    field(app, FLATS).set_value(70).run()
    assert plan_of(app) == PlacementPlan(flats=70)
    app.session_state[table(app, "flats")] = edits(added=[{"from": "2025-03-01", "places": 80}])
    app.run()
    assert plan_of(app) == PlacementPlan(flats={"2025-01-13": 70, "2025-03-01": 80})


def test_the_same_date_twice_is_told():
    app = opened()
    app.session_state[table(app, "flats")] = edits(added=[{"from": "2023-01-01", "places": 60}])
    app.run()
    assert "put the dates in order, each once" in errors(app)[0]
    assert plan_of(app) == PlacementPlan()


def test_routes_and_events_are_edited_in_tables():
    app = opened()
    app.session_state[table(app, "routes")] = edits({0: {"flat": 50}})
    strike = {"name": "Strike", "first": "2025-01-20", "last": "2025-01-24", "assessments": 50}
    app.session_state[table(app, "events")] = edits(added=[strike])
    app.run()
    event = {**strike, "assessments": 0.5}
    assert plan_of(app) == PlacementPlan(routes={"home": {"flat": 0.5}}, events=[event])


def test_a_link_is_opened_as_far_as_it_can_be_used():
    app = opened(**{"flats": "2025-01-01_50~2025-02-01_70", "absence": "7", "longest-wait": "3"})
    assert len(errors(app)) == 1
    assert "Social workers off sick (social_worker_absence)" in errors(app)[0]
    assert plan_of(app) == PlacementPlan(flats={"2025-01-01": 50, "2025-02-01": 70}, longest_wait=3)
    assert app.query_params["absence"] == "7"
    field(app, FLATS).set_value(80).run()
    assert not app.error
    assert dict(app.query_params) == {"flats": "80", "longest-wait": "3"}


def test_a_share_between_two_whole_per_cents_is_not_changed_by_being_shown():
    app = opened(absence="0.3333")
    assert field(app, AWAY).value == 33
    field(app, FLATS).set_value(80).run()
    assert plan_of(app).social_worker_absence == pytest.approx(0.3333)


def test_a_ready_made_plan_is_taken_over_and_as_now_brought_back():
    app = opened(flats="61")
    app.selectbox(key="ready-made plan").set_value("more-care-home-beds").run()
    press(app, "Use it")
    assert plan_of(app) == PlacementPlan(care_home_beds=100)
    assert (field(app, FLATS).value, field(app, "Care-home beds").value) == (44, 100)
    press(app, "Back to as now")
    assert plan_of(app) == PlacementPlan()
    assert field(app, "Care-home beds").value == 0


def test_a_saved_plan_is_opened_and_a_bad_file_told_while_the_plan_stays():
    app = opened()
    plan = PlacementPlan(flats=61, longest_wait=2)
    saved = to_text(plan.values(), name="Sixty-one")
    upload(app, "plan.json", saved)
    assert plan_of(app) == plan
    assert app.text_input(key="name of the plan").value == "Sixty-one"
    bad = json.dumps({**json.loads(saved), "settings": {"flats": 5000}})
    for name, text, said in (
        ("bad.json", bad, "bad.json: Housing-with-care flats (flats) is 5,000, out of range."),
        ("odd.json", "{}", "odd.json: it is not a saved plan"),
        ("none.json", b"\xff\xfe", "none.json: it is not a text file"),
    ):
        upload(app, name, text)
        assert errors(app)[0].startswith(said)
        assert plan_of(app) == plan


def upload(app, name, content):
    data = content if isinstance(content, bytes) else content.encode()
    app.file_uploader(key="plan file").set_value((name, data, "application/json")).run()
