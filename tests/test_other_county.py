"""Another county without any data: its simulated twin, and how the command is told of its reference tables."""

import shutil

import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from forecast.cli import app
from forecast.forecasters import Persistence
from forecast.observations.store import Store
from forecast.reference import Reference, reference
from forecast.refit import refit
from forecast.sources.twin import simulate
from forecast.sources.ukhsa_api import wanted_series
from tests.other_counties import KENT, reference_of
from tests.pages.conftest import APP
from tests.pages.screen import text_of
from tests.refitting import QUICK

HOSPITALS = ["RVV", "RWF", "RN7", "RPA"]


@pytest.fixture
def kent(tmp_path, monkeypatch):
    folder = reference_of(tmp_path / "kent", KENT)
    monkeypatch.setenv("FORECAST_REFERENCE", str(folder))
    monkeypatch.setenv("FORECAST_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("FORECAST_MODELS", str(tmp_path / "models"))
    return folder


def test_a_county_s_hospitals_without_rows_of_their_own_are_simulated_as_typical_ones(kent, tmp_path):
    twin = simulate(seed=1)
    beds = twin.observations.query("metric == 'ga_beds_open'").groupby("location")["value"].mean()
    assert beds[HOSPITALS].between(900, 1200).all()
    behind = twin.truth.lags.query("location in @HOSPITALS")
    assert len(behind) == 4 * len(twin.truth.lags[["disease", "season"]].drop_duplicates())
    store = Store(tmp_path / "data" / "twin")
    store.add(twin.observations.query("metric in ('nctr_patients', 'nctr_remaining')"))
    run = refit(store, tmp_path / "models", settings=QUICK, forecaster=lambda _: Persistence())
    assert run.counties == ["KENT"]
    assert run.cannot_say("nctr_patients") == {}
    assert run.no_placements("KENT") == ""
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not app.exception
    text = text_of(app)
    assert "SIMULATED" in text
    assert "Kent and Medway, four hospitals together" in text
    assert "Norfolk" not in text


def test_the_twin_of_norfolk_has_no_other_hospitals_than_its_table_names(tmp_path, monkeypatch):
    folder = shutil.copytree(reference().folder, tmp_path / "same")
    monkeypatch.setenv("FORECAST_REFERENCE", str(folder))
    twin = simulate(seed=1)
    kinds = {code: Reference(folder).locations[code].kind for code in twin.observations["location"].unique()}
    assert sum(kind == "trust" for kind in kinds.values()) == 20


def test_the_command_reads_the_tables_it_is_told_of_from_wherever_it_goes_on(kent, tmp_path, monkeypatch):
    monkeypatch.setenv("FORECAST_REFERENCE", "")
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(app, ["--reference", "kent", "heal"])
    assert said.exit_code == 0, said.output
    monkeypatch.chdir("/")
    assert [county.code for county in reference().counties()] == ["KENT"]


def test_a_folder_without_the_tables_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("FORECAST_REFERENCE", "")
    said = CliRunner().invoke(app, ["--reference", str(tmp_path), "heal"])
    assert said.exit_code == 2
    assert "reference file locations.csv is missing" in said.output


def test_what_the_dashboard_tells_of_single_trusts_is_fetched_for_the_county_s_hospitals(kent):
    ours = {one.geography_code for one in wanted_series(Reference(kent)) if one.geography_type == "NHS Trust"}
    assert set(HOSPITALS) <= ours
    names = [(one.topic, one.name) for one in wanted_series(reference())]
    assert len(names) == len(set(names))
