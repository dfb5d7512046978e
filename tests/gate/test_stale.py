from dataclasses import replace

import pandas as pd
import pytest

from forecast.gate.limits import Limits
from forecast.gate.stale import stale
from forecast.observations.newest_due import newest_due, newest_release_due, overdue
from forecast.observations.publication import released
from forecast.observations.store import Store
from forecast.reference import reference
from tests.weekly.compared_runs import told

LIMITS = Limits.from_reference(reference())


def found(store: Store, now: str, day: str = "2024-12-27") -> list[tuple[bool, str]]:
    findings = stale(store, pd.Timestamp(day), pd.Timestamp(now), LIMITS, reference())
    return [(one.refuses, one.says) for one in findings]


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "data")
    store.add(told())  # to Sunday 22 December 2024, released on the 27th: a day late for Christmas
    return store


def test_figures_of_this_week_are_fresh_to_the_last_hour_of_the_day(store):
    assert found(store, "2024-12-28 06:00") == []
    assert found(store, "2024-12-27 23:59") == []


def test_a_newest_release_older_than_the_limit_is_refused_with_its_day_and_its_age(store):
    on_the_limit, over = found(store, "2025-01-06"), found(store, "2025-01-07")
    assert not any("days ago" in says for _, says in on_the_limit)
    assert over[0] == (
        True,
        "the newest release stored is of 27 December 2024, 11 days ago. To do: see what 'forecast fetch' says, and "
        "whether the publishers have put up anything since",
    )


def test_a_release_that_was_due_is_missed_after_the_days_of_grace_and_not_before(store):
    # Data to 29 December were due on Friday 3 January, a day late for New Year.
    assert found(store, "2025-01-05") == []
    ((refuses, says),) = found(store, "2025-01-06")
    assert refuses
    assert "figures to 29 December 2024 should have been published by now" in says
    assert "those stored end on 22 December 2024" in says


def test_another_measure_that_is_late_is_only_told_since_the_backlog_has_come(store):
    store.add(told("ga_beds_occupied", last="2024-12-08"))
    ((refuses, says),) = found(store, "2024-12-28")
    assert not refuses
    assert says.endswith("those stored end on 8 December 2024; its forecast starts from there")


def test_a_release_of_days_to_come_is_a_wrong_clock_or_a_wrong_file(store):
    ((refuses, says),) = found(store, "2024-12-20")
    assert refuses
    assert "this machine's clock says 20 December 2024. To do: correct the clock" in says


def test_simulated_figures_have_no_clock(tmp_path):
    store = Store(tmp_path / "twin")
    store.add(told().assign(source="simulated twin"))
    assert store.simulated
    assert found(store, "2031-01-01") == []


def test_nothing_is_due_of_a_collection_that_is_closed_for_the_summer():
    flu = reference().metric("flu_ga_beds_occupied")
    assert newest_due(flu, pd.Timestamp("2025-08-20"), reference()) is None or newest_due(
        flu, pd.Timestamp("2025-08-20"), reference()
    ) < pd.Timestamp("2025-04-03")
    weekly = replace(flu, frequency="weekly")
    assert newest_due(weekly, pd.Timestamp("2025-01-10"), reference()).day_of_week == 0


def test_a_publisher_that_keeps_to_its_rules_is_never_late_winter_or_summer():
    tables = reference()
    days = pd.Series(pd.date_range("2024-09-01", "2026-03-31"))
    out = pd.DatetimeIndex(pd.concat([released(days, metric.name, tables) for metric in tables.forecast_metrics()]))
    for today in pd.date_range("2024-11-07", "2026-03-26", freq="W-THU"):
        newest = out[out <= today].max()
        assert not overdue(newest, today, tables), f"{newest:%Y-%m-%d} on {today:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("last", "still", "late"), [("2025-06-12", "2025-07-12", "2025-07-14"), ("2025-01-09", "2025-01-18", "2025-01-20")]
)
def test_one_that_stops_is_late_when_its_next_release_is(last, still, late):
    tables = reference()
    assert not overdue(pd.Timestamp(last), pd.Timestamp(still), tables)
    assert overdue(pd.Timestamp(last), pd.Timestamp(late), tables)


def test_what_was_due_in_summer_is_the_month_s_release():
    assert newest_release_due(pd.Timestamp("2025-06-30"), reference()) == pd.Timestamp("2025-06-12")
