"""Pathway shares and discharges of the three hospitals, as published, with the figures that cannot be right."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from forecast.incoming.ingest import ingest_files
from forecast.observations.store import Store
from forecast.observations.table import to_panel
from forecast.placements.demand import demand
from forecast.placements.waiting.discharges import pathway_discharges
from forecast.placements.waiting.pooled_shares import pathway_shares
from forecast.reference import reference
from forecast.sources.files import read
from forecast.trajectories import DIMS, Trajectories

REAL = Path(__file__).parents[2].parent / "shared" / "real"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason=f"NO REAL DATA: the published files are not at {REAL}"),
]
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason=f"NO REAL DATA: the published files are not at {REAL}"),
]
HOSPITALS = ["RM1", "RGP", "RCX"]
TABLES = ("nctr_bed_days_destinations_reasons", "nctr_delay_reasons_monthly_2024")
WINTERS = (("2022-12-01", "2023-02-28"), ("2023-12-01", "2024-02-29"))


@pytest.fixture(scope="module")
def monthly(tmp_path_factory):
    """Delay reasons and destinations of every trust."""
    store = Store(tmp_path_factory.mktemp("monthly") / "data")
    results = list(ingest_files(store, [REAL / f"{name}.csv.gz" for name in TABLES]))
    assert [result.error for result in results if result.error] == []
    return store


@pytest.fixture(scope="module")
def daily():
    """Both counts at the three hospitals, by metric; a lone zero is no count."""
    tidy = read(REAL / "nctr_daily.csv.gz")
    panels = {metric: to_panel(tidy, metric)[HOSPITALS] for metric in ("nctr_patients", "nctr_remaining")}
    return {metric: panel.where(panels["nctr_patients"] > 0) for metric, panel in panels.items()}


def test_shares_of_delays_are_near_those_of_the_reference(monthly):
    found = pathway_shares(monthly, HOSPITALS, "2025-01-31")
    tables = reference()
    for code, shares in found.means.items():
        said = [tables.assumption(f"share_of_delays_p{k}", code).value for k in (1, 2, 3)]
        # those of the reference leave out reasons of two pathways, and nothing is drawn toward other trusts
        assert shares == pytest.approx(said, abs=0.1), code
        assert 20 < found.people[code] < 40, code


def test_in_the_winter_of_the_brief_the_months_of_king_s_lynn_that_cannot_be_right_are_left_out(monthly):
    found = pathway_shares(monthly, HOSPITALS, "2023-01-15")
    assert "left out 3 months to December 2022" in found.notes["RCX"]
    # as counted, everybody at RCX waited for onward care
    assert sum(found.means["RCX"]) < 0.85
    assert found.people["RCX"] < found.people["RM1"]
    assert "left out" not in found.notes["RM1"]


def test_discharges_that_cannot_be_right_are_flagged_and_imputed(monthly):
    found = pathway_discharges(monthly, HOSPITALS)
    flagged = found.reasons != ""
    assert flagged.loc["RCX"].all(axis=1).loc["2022-04-01":"2022-12-01"].all()
    assert not flagged.loc["RCX"].loc["2023-02-01":].any(axis=None)
    assert flagged.loc["RGP", "home"].all()
    assert not flagged.loc["RGP", ["rehabilitation", "care_home"]].any(axis=None)
    assert not flagged.loc["RM1"].any(axis=None)
    assert (found.published.loc["RCX"].loc[:"2022-12-01"] == 0).all(axis=None)


def test_discharges_a_day_are_those_of_the_reference(monthly):
    a_day = pathway_discharges(monthly, HOSPITALS).a_day("2023-01-01", "2023-12-31")
    for code in HOSPITALS:
        said = [reference().assumption(f"discharges_a_day_p{k}", code).value for k in (1, 2, 3)]
        assert a_day.loc[code].tolist() == pytest.approx(said, abs=0.06), code
    assert a_day["home"].sum() == pytest.approx(19.3, abs=0.1)


def test_what_remains_of_the_patients_is_as_the_reference_says(daily):
    patients, remaining = (pd.concat([panel.loc[slice(*days)] for days in WINTERS]) for panel in daily.values())
    shares = remaining.sum() / patients.sum()
    for code in ("RGP", "RCX"):
        said = reference().assumption("remaining_share_of_patients", code).value
        assert shares[code] == pytest.approx(said, abs=0.02)


def test_the_crisis_of_the_brief_has_a_queue_for_every_hospital(daily, monthly):
    day = pd.Timestamp("2023-01-08")
    shares = pathway_shares(monthly, HOSPITALS, day)
    ahead = pd.date_range(day + pd.Timedelta(days=1), periods=7)
    coords = {"location": HOSPITALS, "sample": np.arange(200), "date": ahead}

    def as_it_was(metric):
        values = daily[metric].loc[ahead, HOSPITALS].to_numpy().T[:, None].repeat(200, axis=1)
        return Trajectories(xr.DataArray(values, dims=DIMS, coords=coords), metric, day)

    found = demand({m: as_it_was(m) for m in ("nctr_patients", "nctr_remaining")}, shares=shares)
    assert found.hospitals == tuple(HOSPITALS)
    assert found.county == "NORFOLK"
    # the brief: about 150 waited for residential care, housing with care or care at home
    county = found.queue.sum(axis=(0, 1)).mean()
    assert 120 < county < 240
