"""How everything stands: each state from what makes it, and keys that a machine can rely on."""

import json

import pandas as pd
import pytest
from made_diary import weekly_runs
from small_runs import small_run

from forecast.job import journal
from forecast.job.journal import Attempt
from forecast.observations.store import Store
from forecast.runs import point_latest
from forecast.watching.status import STATUS_VERSION, status
from tests.refitting import observed

NOW = pd.Timestamp("2024-12-10 07:30", tz="UTC")
KEYS = {
    "top": {
        *("status_version", "checked_at", "simulated", "state", "reasons", "data", "run", "served_problem"),
        *("last_attempt", "coverage", "drift"),
    },
    "data": {"metric", "label", "newest_day", "released", "age_days"},
    "run": {"id", "as_of", "age_days", "made", "made_at", "metrics", "not_forecast", "gate"},
    "last_attempt": {"started", "finished", "kind", "outcome", "run", "as_of", "reasons", "forced"},
    "coverage": {
        *("metric", "location", "share", "lowest_by_chance", "middle", "highest_middle_by_chance", "place"),
        *("weeks", "forecasts", "made_afterwards", "source", "state", "reason"),
    },
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("data"))
    store.add(observed("nctr_patients", "2024-10-01", "2024-11-30"))
    return store


@pytest.fixture
def models(tmp_path):
    small_run(tmp_path, "2024-12-05", made="weekly", made_at="2024-12-05T10:00:00+00:00")
    return tmp_path


def told(store, models, now=NOW):
    return json.loads(json.dumps(status(store, models, now).as_json(), allow_nan=False))


def test_a_fresh_run_is_ok_and_the_keys_are_those_that_are_documented(store, models):
    journal.add(
        models, Attempt("2024-12-05T09:58:00Z", "2024-12-05T10:00:00Z", "weekly", "published", "r", "2024-12-05")
    )
    found = told(store, models)
    assert (found["state"], found["reasons"], found["status_version"]) == ("ok", [], STATUS_VERSION)
    assert found["checked_at"] == "2024-12-10T07:30:00Z"
    assert set(found) == KEYS["top"]
    assert set(found["run"]) == KEYS["run"]
    assert set(found["last_attempt"]) == KEYS["last_attempt"]
    assert {frozenset(one) for one in found["data"]} == {frozenset(KEYS["data"])}
    assert {frozenset(one) for one in found["coverage"]} == {frozenset(KEYS["coverage"])}
    assert (found["run"]["made"], found["run"]["age_days"]) == ("weekly", 5)
    assert found["run"]["made_at"] == "2024-12-05T10:00:00+00:00"


def test_the_age_of_each_measure_is_from_its_newest_day_to_now(store, models):
    data = {one["metric"]: one for one in told(store, models)["data"]}
    assert data["nctr_patients"]["newest_day"] == "2024-11-30"
    assert data["nctr_patients"]["age_days"] == 10
    assert data["flu_beds"] == {"metric": "flu_beds", "label": "Flu patients in hospital"} | dict.fromkeys(
        ("newest_day", "released", "age_days")
    )


@pytest.mark.parametrize(("day", "state"), [("2024-12-15", "ok"), ("2024-12-16", "stale")])
def test_a_run_more_than_ten_days_old_is_stale(store, models, day, state):
    found = told(store, models, pd.Timestamp(f"{day} 23:00", tz="UTC"))
    assert found["state"] == state
    if state == "stale":
        assert "as of 5 December 2024, 11 days ago; run 'forecast fetch'" in found["reasons"][0]


def test_simulated_figures_never_grow_old(tmp_path):
    small_run(tmp_path, "2024-12-05", simulated=True)
    store = Store(tmp_path / "data")
    store.add(observed("nctr_patients", "2024-10-01", "2024-11-30").assign(source="simulated"))
    found = told(store, tmp_path, pd.Timestamp("2031-01-01", tz="UTC"))
    assert (found["state"], found["simulated"], found["run"]["age_days"]) == ("ok", True, None)
    assert {one["age_days"] for one in found["data"]} == {None}


def test_without_a_run_it_says_so_with_the_remedy(store, tmp_path):
    found = told(store, tmp_path)
    assert (found["state"], found["run"]) == ("no run", None)
    assert "run 'forecast refit'" in found["reasons"][0]


@pytest.mark.parametrize("outcome", ["refused", "failed"])
def test_an_attempt_that_published_nothing_needs_to_be_looked_at(store, models, outcome):
    why = ("flu_beds: the newest figures are 30 days old",)
    journal.add(models, Attempt("2024-12-09T06:00:00Z", "2024-12-09T06:05:00Z", "weekly", outcome, reasons=why))
    found = told(store, models)
    assert found["state"] == "attention"
    assert why[0] in found["reasons"][0]
    assert found["last_attempt"]["outcome"] == outcome
    journal.add(models, Attempt("2024-12-09T07:00:00Z", "2024-12-09T07:05:00Z", "by hand", "unchanged"))
    assert told(store, models)["state"] == "ok"


def test_a_damaged_run_is_named_with_the_one_that_is_shown_instead(store, models):
    small_run(models, "2024-11-28")
    point_latest(models, "2024-12-05-aaaa")
    (models / "2024-12-05-aaaa" / "summary.parquet").unlink()
    found = told(store, models)
    assert (found["state"], found["run"]["id"]) == ("stale", "2024-11-28-aaaa")
    assert "run 2024-12-05-aaaa cannot be used" in found["served_problem"]
    assert found["reasons"][1] == found["served_problem"]


def test_a_store_that_cannot_be_read_is_told_and_the_rest_stands(models, tmp_path):
    store = Store(tmp_path / "damaged")
    store.add(observed("nctr_patients", "2024-10-01", "2024-10-05"))
    (vintage,) = (tmp_path / "damaged" / "observations").glob("*.parquet")
    vintage.write_bytes(b"PAR1")
    found = told(Store(tmp_path / "damaged"), models)
    assert (found["state"], found["data"]) == ("attention", [])
    assert "heal" in found["reasons"][0]


def test_drift_is_a_warning_with_its_figures_beside(tmp_path):
    run = weekly_runs(tmp_path)
    point_latest(tmp_path, run.id)
    found = told(Store(tmp_path / "data"), tmp_path)
    assert found["state"] == "attention"
    own = next(one for one in found["coverage"] if one["location"] == "RM1")
    assert (own["forecasts"], own["made_afterwards"], own["weeks"], own["source"]) == (13, 4, 13, "runs")
    assert own["share"] < own["lowest_by_chance"]
    assert any("Norfolk and Norwich" in said and "Treat them as too narrow" in said for said in found["drift"])
    assert found["drift"] == found["reasons"]
