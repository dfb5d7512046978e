"""The whole line on published data: the two weeks that the project must be able to show."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from joblib import Parallel, delayed

from forecast.forecasters import AutoRegression, default_forecaster
from forecast.observations.quality import masking
from forecast.observations.store import Store
from forecast.reference import reference
from forecast.refit import refit
from forecast.weekly.settings import Settings

pytestmark = pytest.mark.real
HOSPITALS = ["RM1", "RGP", "RCX"]


FEW_ORIGINS_DAYS = 4 * 28
"""Record of the ensembles: the fewest origins that they are weighed by, not a year's, to save the tests' time."""


WEEKS = {"2023-01-12": ("nctr_patients", "flu_beds"), "2024-12-31": ("nctr_remaining", "staff_absent_total")}
"""As-of day, and the metrics that get the default forecaster; the rest a quick one, so that the tests do."""


def made(data, models, day):
    """Publish the run of a day."""

    def forecaster(metric):
        if metric not in WEEKS[day]:
            return AutoRegression()
        return default_forecaster(metric).set_params(short__forecaster__memory=FEW_ORIGINS_DAYS)

    settings = Settings.from_reference(reference())
    if day == "2023-01-12":  # what changed is told of the other week, to save the tests' time
        settings = replace(settings, compare_days=0)
    return refit(Store(data), models, day, forecaster=forecaster, settings=settings)


@pytest.fixture(scope="module")
def both(real_store, tmp_path_factory):
    """The runs of both weeks, made side by side."""
    folders = [tmp_path_factory.mktemp("models") for _ in WEEKS]
    return Parallel(n_jobs=2)(
        delayed(made)(real_store.folder, models, day) for models, day in zip(folders, WEEKS, strict=True)
    )


@pytest.fixture(scope="module")
def crisis(both):
    return both[0]


@pytest.fixture(scope="module")
def newest(both):
    return both[1]


def test_each_week_forecasts_what_was_published_then(crisis, newest):
    assert crisis.metrics == [
        "nctr_patients",
        "nctr_remaining",
        "flu_beds",
        "ga_beds_occupied",
        "los_21plus_beds",
        "ambulance_delays_over_30min",
        "staff_absent_total",
    ]
    assert newest.metrics == ["nctr_patients", "nctr_remaining", "covid_beds_occupied", "staff_absent_total"]
    assert {str(crisis.last_observed(m).date()) for m in crisis.metrics} == {"2023-01-08"}
    assert {str(newest.last_observed(m).date()) for m in newest.metrics} == {"2024-12-22"}


def test_the_crisis_week_shows_some_500_fit_to_leave_and_a_range_that_held(crisis, real_store):
    rows = crisis.summary.query("metric == 'nctr_patients' and location == 'NORFOLK'").set_index("weeks_ahead")
    assert 480 < rows.loc[2, "now"] < 540
    observed = real_store.panel("nctr_patients", HOSPITALS).sum(axis=1, min_count=3)
    for row in rows.to_dict("records"):
        assert row["low"] <= observed[row["date"]] <= row["high"]


def test_every_figure_of_both_weeks_is_plausible(crisis, newest, real_store):
    for run in (crisis, newest):
        for metric in run.metrics:
            highest = real_store.panel(metric, HOSPITALS).max()
            paths = run.trajectories(metric)
            for code in HOSPITALS:
                if code not in run.cannot_say(metric):
                    values = paths.samples.sel(location=code)
                    assert np.quantile(values, 0.95) <= 3 * highest[code], (metric, code)
                    assert values.std("sample").min() > 0, (metric, code)


def test_the_false_zeros_of_january_2023_give_no_flu_forecast_where_nothing_usable_is_left(crisis):
    assert set(crisis.cannot_say("flu_beds")) == {"RGP", "RCX", "NORFOLK"}
    assert "no usable value since 3 April 2022" in crisis.cannot_say("flu_beds")["RCX"]
    assert "only 3 usable values" in crisis.cannot_say("flu_beds")["RGP"]


def test_the_flags_find_the_traps_that_were_published(real_store):
    flu = real_store.flags("flu_beds", locations=HOSPITALS)
    days = {code: set(part["date"].dt.strftime("%Y-%m-%d")) for code, part in flu.groupby("location")}
    assert {"2022-12-12", "2022-12-17", "2022-12-18", "2022-12-31", "2023-01-01", "2023-01-04"} <= days["RM1"]
    assert {"2022-12-24", "2022-12-25", "2022-12-26", "2022-12-27", "2023-01-13", "2023-01-15"} <= days["RM1"]
    full_wave = set(pd.date_range("2022-12-12", "2023-01-05").strftime("%Y-%m-%d"))
    assert full_wave <= days["RGP"]
    assert full_wave | {"2023-01-09"} <= days["RCX"]
    left = real_store.flags("nctr_patients", locations=HOSPITALS)
    found = set(zip(left["location"], left["date"].dt.strftime("%Y-%m-%d"), left["flag"], strict=True))
    assert ("RGP", "2023-09-06", "lone_zero") in found
    for code, first, last in (
        ("RCX", "2022-08-22", "2022-08-28"),
        ("RCX", "2023-10-02", "2023-10-08"),
        ("RGP", "2022-07-11", "2022-07-17"),
    ):
        for day in pd.date_range(first, last).strftime("%Y-%m-%d"):
            assert (code, day, "missing_submission") in found


def test_believable_values_are_left_alone(real_store):
    """Of the hospitals' usable days hardly any are masked but those carried forward, and the Covid-free July of 2020
    is believed.
    """
    for metric in ("nctr_patients", "ga_beds_occupied", "staff_absent_total"):
        panel = real_store.panel(metric, HOSPITALS).loc["2021":]
        flags = masking(real_store.flags(metric, locations=HOSPITALS))
        masked = flags[flags["flag"] != "frozen"].merge(
            panel.melt(ignore_index=False).reset_index().dropna(), on=["date", "location"]
        )
        assert len(masked) <= 0.012 * panel.notna().sum().sum(), metric
    covid = real_store.flags("covid_beds_occupied", locations=HOSPITALS)
    covid = covid[covid["flag"].isin(["lone_zero", "false_zeros"])]
    assert not covid["date"].between("2020-06-15", "2020-08-31").any()
