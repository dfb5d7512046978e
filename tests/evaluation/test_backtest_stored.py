"""Backtests of a stored metric: learned from clean values, scored on those published."""

import dataclasses

import pandas as pd
import pytest
from joblib import parallel_config

from forecast.errors import InputError
from forecast.evaluation.running import run_plans, workers
from forecast.evaluation.stored import Asked, backtest_stored, every_plan, plans_of, run_stored
from forecast.observations.store import Store

FALSE_ZERO = pd.Timestamp("2024-04-20")
ASKED = Asked(
    first=FALSE_ZERO - pd.Timedelta(days=4),
    last=FALSE_ZERO + pd.Timedelta(days=3),
    horizon=7,
    models=("SeasonalNaive",),
    samples=50,
)


@pytest.fixture
def store(tmp_path):
    dates = pd.date_range("2024-01-01", "2024-05-10")
    parts = [
        pd.DataFrame({"date": dates, "location": code, "metric": "nctr_patients", "value": 100.0 + k + dates.day % 3})
        for k, code in enumerate(("RM1", "RGP", "RCX", "RDE", "Y61"))
    ]
    frame = pd.concat(parts, ignore_index=True).assign(source="a test")
    frame.loc[(frame["location"] == "RGP") & (frame["date"] == FALSE_ZERO), "value"] = 0.0
    made = Store(tmp_path)
    made.add(frame)
    return made


def test_a_flagged_value_is_not_learned_from_but_is_what_happened(store):
    assert store.flags("nctr_patients", locations=["RGP"])["date"].tolist() == [FALSE_ZERO]
    b = backtest_stored(store, "nctr_patients", ASKED)
    rows = b[(b["location"] == "RGP") & (b["model"] == "SeasonalNaive")]
    assert rows.loc[rows["date"] == FALSE_ZERO, "observed"].tolist() == [0.0]
    # seven days on, the rule repeats that Saturday: the one before is taken in its place
    week_on = rows[(rows["date"] == FALSE_ZERO + pd.Timedelta(days=7)) & (rows["origin"] > FALSE_ZERO)]
    assert (week_on["0.5"] > 90).all()
    assert len(week_on) == 1
    missing = backtest_stored(store, "nctr_patients", Asked(**{**vars(ASKED), "zeros_missing": True}))
    assert missing.loc[(missing["location"] == "RGP") & (missing["date"] == FALSE_ZERO), "observed"].isna().all()


def test_it_is_learned_on_every_hospital_and_told_for_the_county(store):
    seen = []
    panel = store.panel

    def watched(metric, locations=None, **other):
        seen.append(locations)
        return panel(metric, locations, **other)

    store.panel = watched
    b = backtest_stored(store, "nctr_patients", ASKED)
    assert list(b["location"].unique()) == ["RM1", "RGP", "RCX", "NORFOLK"]
    assert all(one is None or set(one) == {"RM1", "RGP", "RCX", "RDE"} for one in seen), "a region is their sum"


def test_a_county_may_be_asked_for_alone_and_needs_its_hospitals(store, tmp_path):
    alone = backtest_stored(store, "nctr_patients", Asked(**{**vars(ASKED), "locations": ["NORFOLK"]}))
    assert "NORFOLK" in set(alone["location"])
    part = Store(tmp_path / "part")
    part.add(store.history("nctr_patients", ["RM1", "RDE"]).drop(columns="published"))
    some = backtest_stored(part, "nctr_patients", ASKED)
    assert list(some["location"].unique()) == ["RM1"]
    with pytest.raises(InputError, match="'NORFOLK' has no values of that metric; there is RDE, RM1"):
        backtest_stored(part, "nctr_patients", Asked(**{**vars(ASKED), "locations": ["NORFOLK"]}))
    other = Store(tmp_path / "other")
    other.add(store.history("nctr_patients", ["RDE"]).drop(columns="published"))
    with pytest.raises(InputError, match="name --locations, such as RDE"):
        backtest_stored(other, "nctr_patients", ASKED)


def test_without_days_the_newest_that_can_be_scored_are_taken(store):
    b = backtest_stored(store, "nctr_patients", Asked(horizon=7, models=("SeasonalNaive",), samples=10, every=30))
    origins = b["origin"].drop_duplicates()
    assert origins.iloc[-1] == pd.Timestamp("2024-05-03")
    assert set(origins.diff().dropna().dt.days) == {30}
    assert b["observed"].notna().all()


def test_several_metrics_run_as_one_stream_and_say_what_each_says_alone(store):
    again = store.history("nctr_patients").drop(columns="published").assign(metric="nctr_remaining", source="a test")
    store.add(again.assign(value=again["value"] + 50))
    told = []
    plans, cannot = every_plan(store, ASKED)
    assert list(plans) == ["nctr_patients", "nctr_remaining"]
    assert cannot["covid_beds_occupied"].startswith("metric 'covid_beds_occupied'"), "and every other with its reason"
    found = dict(run_stored(plans, ASKED, lambda *words: told.append(words)))
    assert told[-1][1:] == (2 * 2 * 2, 2 * 2 * 2)
    assert [frame.attrs["metric"] for frame in found.values()] == ["nctr_patients", "nctr_remaining"]
    for metric, frame in found.items():
        alone = backtest_stored(store, metric, ASKED)
        pd.testing.assert_frame_equal(frame.drop(columns="seconds"), alone.drop(columns="seconds"))


def test_an_error_on_the_way_is_raised_also_from_the_threads_of_joblib(store):
    plan = next(iter(plans_of(store, ["nctr_patients"], ASKED).values()))

    def broken(day):
        if day > ASKED.first:
            raise InputError("the disk is gone")
        return plan.panel(day)

    broken_plan = dataclasses.replace(plan, panel=broken)
    for jobs in (1, 2):
        with parallel_config("threading"), pytest.raises(InputError, match="the disk is gone"), workers(jobs) as work:
            list(run_plans([broken_plan], work))


def test_all_locations_are_all_trusts_and_the_counties(store):
    b = backtest_stored(store, "nctr_patients", Asked(**{**vars(ASKED), "locations": ["all"]}))
    assert list(b["location"].cat.categories) == ["RCX", "RDE", "RGP", "RM1", "NORFOLK"]
