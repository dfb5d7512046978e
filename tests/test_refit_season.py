"""The season ahead, as the weekly job makes it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecast.forecasters import SeasonOutlook
from forecast.observations.store import Store
from forecast.refit import refit
from forecast.runs import Run
from tests.refitting import HOSPITALS, QUICK, Joint, observed


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "data")
    store.add(observed("nctr_patients", "2024-01-01", "2024-12-31"))
    return store


def seasonal(store: Store, models: object, outlook: int = 210) -> Run:
    settings = replace(QUICK, horizon_days=42, outlook_days=outlook)
    return refit(store, models, "2024-12-27", settings=settings, forecaster=lambda _: SeasonOutlook(Joint()))


def test_the_weeks_of_the_season_ahead_are_means_of_the_days_of_the_same_paths(store, tmp_path):
    run = seasonal(store, tmp_path / "models")
    near, weeks = run.trajectories("nctr_patients"), run.outlook("nctr_patients")
    assert near.dates[-1] == pd.Timestamp("2025-02-07")
    assert weeks.dates[0] == pd.Timestamp("2025-01-03")
    assert weeks.dates[-1] == pd.Timestamp("2025-07-25")
    assert weeks.locations == near.locations
    days = near.after("2024-12-27").paths  # six whole weeks from the as-of day
    means = days.reshape(*days.shape[:2], 6, 7).mean(axis=3)
    np.testing.assert_allclose(weeks.paths[:, :, :6], means, rtol=1e-6)
    samples = weeks.samples
    total = samples.sel(location=list(HOSPITALS)).sum("location")
    np.testing.assert_allclose(samples.sel(location="NORFOLK"), total, rtol=1e-6)
    handover = pd.Timestamp("2025-01-19")  # 28 days after 22 December
    assert run.season_dates("nctr_patients") == (pd.Timestamp("2024-01-01"), handover)


def test_the_season_ahead_changes_no_day_of_the_short_range(store, tmp_path):
    run, alone = seasonal(store, tmp_path / "models"), seasonal(store, tmp_path / "alone", outlook=0)
    got, own = (one.trajectories("nctr_patients") for one in (run, alone))
    assert np.array_equal(got.paths[:, :, :28], own.paths[:, :, :28])  # to the hand-over, the short range's own
    assert got.dates.equals(own.dates)
    assert "does not look so far ahead" in alone.no_outlook("nctr_patients")


def test_staff_are_not_looked_at_a_season_ahead(tmp_path):
    store = Store(tmp_path / "data")
    store.add(observed("staff_absent_total", "2024-01-01", "2024-12-31"))
    run = seasonal(store, tmp_path / "models")
    assert "not admissions, beds or staff" in run.no_outlook("staff_absent_total")
    assert run.trajectories("staff_absent_total").dates[-1] == pd.Timestamp("2025-02-07")


def test_too_short_a_record_gives_no_season_ahead_and_the_run_says_so(tmp_path):
    store = Store(tmp_path / "data")
    store.add(observed("nctr_patients", "2024-11-25", "2024-12-31"))
    run = seasonal(store, tmp_path / "models")
    assert run.no_outlook("nctr_patients") == "too little history at all places together"
    assert run.metrics == ["nctr_patients"]
