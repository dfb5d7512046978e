"""The clock goes forward, the clock goes back, and the 29th of February: a day is a day."""

import time
from functools import partial

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from forecast.forecasters import Persistence
from forecast.job import journal
from forecast.job.weekly import Job, run_weekly
from forecast.observations.store import Store
from forecast.refit import refit
from forecast.runs import served
from forecast.runs.diary import diary_of
from forecast.runs.outlook import weekly
from tests.faults.weekly_work import METRIC, SMALL, content, names, refitted
from tests.forecasters.test_contract import MODELS
from tests.refitting import observed
from tests.small_runs import small_run

LEAP_DAY = pd.Timestamp("2024-02-29")


@pytest.fixture
def zone(monkeypatch):
    """Put this machine's clock into a zone."""

    def put(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield put
    monkeypatch.undo()
    time.tzset()


SPRING, AUTUMN = "2024-03-31", "2024-10-27"


@pytest.mark.parametrize("night", [SPRING, AUTUMN])
def test_a_refit_over_the_night_of_the_change_has_every_day_once_and_is_the_same_in_every_zone(tmp_path, zone, night):
    made = []
    for name in ("Europe/London", "UTC"):
        zone(name)
        store = Store(tmp_path / name / "data")
        last = pd.Timestamp(night)
        store.add(observed(METRIC, f"{last - pd.Timedelta(days=60):%Y-%m-%d}", night))
        run = refitted(store, tmp_path / name / "models", as_of=night)
        assert f"{run.as_of:%Y-%m-%d}" == night
        known = run.history(METRIC).index
        ahead = run.trajectories(METRIC).dates
        days = known.append(ahead)
        assert (np.diff(days.to_numpy()) == np.timedelta64(1, "D")).all()
        assert (days.normalize() == days).all()
        assert pd.Timestamp(night) in days
        made.append({name: piece for name, piece in content(run.path).items() if name != "manifest.json"})
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        # 00:59 is followed by 02:00: half past one is not on this day's clocks.
        ("2024-03-31T00:59:30+00:00", "2024-03-31T01:30:00+00:00", ["00:59", "02:30"]),
        # Half past one comes twice.
        ("2024-10-27T00:30:00+00:00", "2024-10-27T01:30:00+00:00", ["01:30", "01:30"]),
    ],
)
def test_the_weekly_job_in_the_night_of_the_change_publishes_once_and_knows_it(tmp_path, zone, first, second, told):
    zone("Europe/London")
    store = Store(tmp_path / "data")
    night = pd.Timestamp(first).tz_convert(None).normalize()
    store.add(observed(METRIC, f"{night - pd.Timedelta(days=80):%Y-%m-%d}", f"{night - pd.Timedelta(days=7):%Y-%m-%d}"))
    job = Job(str(tmp_path / "data"), tmp_path / "models", tmp_path / "raw", fetch=False)
    make = partial(refit, settings=SMALL, forecaster=lambda metric: Persistence())
    clocks = [pd.Timestamp(moment) for moment in (first, second)]
    assert [f"{clock.tz_convert('Europe/London'):%H:%M}" for clock in clocks] == told
    outcomes = [run_weekly(job, clock, make=make, clock=lambda clock=clock: clock) for clock in clocks]
    assert [one.outcome for one in outcomes] == ["published", "unchanged"], [one.reasons for one in outcomes]
    (name,) = names(job.models)
    run = served(job.models).run
    assert run.id == name
    assert run.made_at == clocks[0]
    kept = journal.attempts(job.models)
    assert [pd.Timestamp(one.started) for one in kept] == clocks
    assert all(one.started <= one.finished for one in kept)
    assert kept[0].started < kept[1].started


def test_the_leap_day_is_a_day_to_forecast_from_and_a_datum(tmp_path):
    store = Store(tmp_path / "data")
    store.add(observed(METRIC, "2023-12-01", "2024-02-29"))
    run = refitted(store, tmp_path / "models", as_of="2024-02-29")
    assert run.id.startswith("2024-02-29-")
    assert run.as_of == LEAP_DAY
    later = refitted(store, tmp_path / "models", as_of="2024-03-07")
    assert later.last_observed(METRIC) == LEAP_DAY
    assert later.history(METRIC).loc[LEAP_DAY, "RM1"] == store.panel(METRIC).loc[LEAP_DAY, "RM1"]
    assert later.trajectories(METRIC).dates[0] == pd.Timestamp("2024-03-01")


@pytest.mark.parametrize("name", sorted(set(MODELS) - {"ProphetModel", "StructuralModel", "Ensemble"}))
def test_every_forecaster_learns_from_the_leap_day_and_forecasts_it_and_the_year_after(name):
    """Prophet and the structural model know no time of year of their own; the ensemble holds the others."""
    rng = np.random.default_rng(4)
    days = pd.date_range("2020-02-20", "2024-02-29", name="date")
    season = 100 + 20 * np.cos(2 * np.pi * (days - days[0]).days.to_numpy() / 365.25)
    panel = pd.DataFrame({code: np.rint(season + rng.normal(0, 3, len(days))) for code in ("RM1", "RGP")}, index=days)
    panel.attrs["metric"] = "nctr_patients"
    on_it = clone(MODELS[name]).fit(panel).predict(14, samples=20)
    assert on_it.dates[0] == pd.Timestamp("2024-03-01")
    before = clone(MODELS[name]).fit(panel[:-8]).predict(14, samples=20)
    assert LEAP_DAY in before.dates
    for made in (on_it, before):
        assert np.isfinite(made.paths).all()
        assert (np.median(made.paths, axis=1) > 60).all()
        assert (np.median(made.paths, axis=1) < 140).all()


def test_the_week_that_ends_on_the_leap_day_has_seven_days_and_so_has_the_next():
    days = pd.date_range("2023-12-01", "2024-02-18", name="date")
    panel = pd.DataFrame({"RM1": 100.0 + days.day.to_numpy()}, index=days)
    paths = Persistence().fit(panel).predict(30, samples=20)
    weeks = weekly(paths, pd.Timestamp("2024-02-22"))
    assert weeks.dates[:2].tolist() == [LEAP_DAY, pd.Timestamp("2024-03-07")]
    for end, first in zip(weeks.dates[:2], ("2024-02-23", "2024-03-01"), strict=True):
        seven = paths.samples.sel(date=slice(first, end))
        assert seven.sizes["date"] == 7
        assert np.allclose(weeks.samples.sel(date=end), seven.mean("date"))


def test_the_diary_judges_the_leap_day_by_what_came_on_it(tmp_path):
    small_run(tmp_path, "2024-02-22")
    rows = diary_of(small_run(tmp_path, "2024-03-07"), "nctr_patients").rows
    found = rows[(rows["date"] == LEAP_DAY) & (rows["location"] == "RM1")]
    # At RM1 there are as many above a hundred as the day of the month says.
    assert found["observed"].eq(129).all()
    assert (found["horizon"] == 11).all()
