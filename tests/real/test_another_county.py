"""Another part of England from reference rows alone, on the published data: forecasts, places, every page and file."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from forecast.export import KINDS, files
from forecast.forecasters import AutoRegression
from forecast.observations.store import Store
from forecast.placements.plan import PlacementPlan
from forecast.reference import Reference
from forecast.refit import refit
from forecast.runs import latest_run
from forecast.waves.lag import lag_prior
from forecast.weekly.settings import Settings
from tests.other_counties import CORNWALL, DEVON, KENT, reference_of
from tests.pages.screen import text_of
from tests.real.conftest import REAL

pytestmark = pytest.mark.real

APP = Path(__file__).parents[2] / "app.py"
PAGES = ("this_week", "fit_to_leave", "covid_flu", "flats_beds", "pressures", "track_record", "data")
HOSPITALS = ["RVV", "RWF", "RN7", "RPA"]
FLU, COVID = "2023-01-12", "2024-12-31"
"""No week has both published by hospital."""
NORFOLKS = r"norfolk|NORFOLK|Norfolk|James Paget|King.s Lynn|\bRM1\b|\bRGP\b|\bRCX\b|Y61|East of England|Eastern Daily"
NAMED_AS_SOURCE = r"trusts outside Norfolk: benchmarks/\w+\.py"


def quick_refit(store, tables, models, day):
    """Publish a run with a quick forecaster: whose county it is, not how good it is, is what is tested here."""
    settings = replace(Settings.from_reference(tables), samples=50, compare_days=0, outlook_days=0)
    ours = Store(store.folder, tables)
    return refit(ours, models, day, settings=settings, tables=tables, forecaster=lambda _: AutoRegression())


@pytest.fixture(scope="module")
def kent(real_store, tmp_path_factory):
    """Folder of reference tables, and of the runs of both weeks."""
    folder = tmp_path_factory.mktemp("kent")
    with pytest.MonkeyPatch.context() as patch:
        reference_of(folder / "reference", KENT)
        patch.setenv("FORECAST_REFERENCE", str(folder / "reference"))
        for day in (FLU, COVID):
            quick_refit(real_store, Reference(folder / "reference"), folder / day, day)
    return folder


@pytest.fixture
def tables(kent, monkeypatch):
    monkeypatch.setenv("FORECAST_REFERENCE", str(kent / "reference"))
    return Reference(kent / "reference")


def shown(page, real_store, models, monkeypatch, **query):
    """Text of a page; it must be drawn without a fault."""
    monkeypatch.setenv("FORECAST_MODELS", str(models))
    monkeypatch.setenv("FORECAST_DATA", str(real_store.folder))
    app = AppTest.from_file(str(APP), default_timeout=60)
    if page != "this_week":
        app.switch_page(f"forecast/pages/{page}.py")
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception[0].value
    assert [error.value for error in app.error] == []
    return re.sub(r"\s+", " ", re.sub("<style>.*?</style>|<[^>]+>", " ", text_of(app), flags=re.DOTALL))


def published(metric: str, file: str, last: str) -> float:
    """Mean over seven days of the county's sum, straight from the published table."""
    rows = pd.read_csv(REAL / file)
    rows = rows[(rows["metric"] == metric) & rows["org_code"].isin(HOSPITALS)]
    days = rows.pivot_table(index="date", columns="org_code", values="value").sum(axis=1, min_count=4)
    return float(days.loc[:last].iloc[-7:].mean())


@pytest.mark.parametrize(("day", "last"), [(FLU, "2023-01-08"), (COVID, "2024-12-22")])
def test_the_backlog_is_that_of_its_four_hospitals_and_the_county_their_sum(kent, tables, day, last):
    run = latest_run(kent / day)
    assert run.counties == ["KENT"]
    assert sorted(run.members("KENT")) == sorted(HOSPITALS)
    values = run.trajectories("nctr_patients").samples
    np.testing.assert_allclose(values.sel(location="KENT"), values.sel(location=HOSPITALS).sum("location"))
    now = run.summary.query("metric == 'nctr_patients' and location == 'KENT'")["now"].iloc[0]
    assert now == pytest.approx(published("nctr_patients", "nctr_daily.csv.gz", last), rel=0.01)


def test_flu_of_its_hospitals_is_set_beside_england_and_false_zeros_are_named(kent, tables):
    run = latest_run(kent / FLU)
    east_kent = run.lags("flu_beds")["RVV"]
    # East Kent's highest day was 29 December 2022 (79 patients), England's 2 January 2023.
    assert east_kent.identifiable
    assert -8 <= east_kent.median <= 0
    assert set(run.cannot_say("flu_beds")) == {"RPA", "KENT"}
    assert "share of Medway" in run.cannot_say("flu_beds")["RPA"]
    assert set(run.peaks("flu_beds").locations) >= {"RVV", "RWF", "RN7"}


def test_covid_of_its_hospitals_has_a_forecast_and_days_behind(kent, tables):
    run = latest_run(kent / COVID)
    assert run.cannot_say("covid_beds_occupied") == {}
    assert set(run.lags("covid_beds_occupied")) == {*HOSPITALS, "KENT"}
    now = run.summary.query("metric == 'covid_beds_occupied' and location == 'KENT'")["now"].iloc[0]
    assert now == pytest.approx(published("covid_beds_occupied", "covid_daily.csv.gz", "2024-12-22"), rel=0.01)


def test_what_is_believed_beforehand_of_its_lag_is_not_what_was_reported_of_norfolk(tables):
    assert int(lag_prior("KENT").idxmax()) == int(lag_prior().idxmax()) == 5
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("FORECAST_REFERENCE")
        assert int(lag_prior("NORFOLK").idxmax()) == int(lag_prior().idxmax()) == 14


@pytest.mark.parametrize("day", [FLU, COVID])
def test_places_come_from_its_own_delays_and_from_stand_ins_that_say_so(kent, tables, day):
    run = latest_run(kent / day)
    assert run.no_placements("KENT") == ""
    needed = run.places_needed("KENT").set_index(["product", "level"])["places"]
    assert (needed > 0).all()
    assert needed["flat"].is_monotonic_increasing
    settings = PlacementPlan.of("KENT", tables=tables).settings(tables=tables)
    told = settings[["source", "status", "note"]].agg(" ".join, axis=1).str.replace(NAMED_AS_SOURCE, "", regex=True)
    assert not told.str.contains(NORFOLKS).any()
    assert settings.set_index("field")["status"].str.startswith("stand-in").sum() == 7


@pytest.mark.parametrize(
    ("day", "page"), [*((FLU, page) for page in PAGES), (COVID, "this_week"), (COVID, "covid_flu")]
)
def test_every_page_is_of_the_county_and_says_nothing_of_norfolk(kent, tables, real_store, monkeypatch, day, page):
    text = shown(page, real_store, kent / day, monkeypatch)
    assert "Kent and Medway" in text or "East Kent" in text
    assert not re.findall(rf".*?(?:{NORFOLKS})", re.sub(NAMED_AS_SOURCE, "", text))
    if page in ("this_week", "flats_beds"):
        assert "No figures of Kent and Medway's own are known for" in text.replace("&#x27;", "'")


def test_every_file_to_take_away_is_of_the_county(kent, tables, monkeypatch):
    from forecast.takeaway import pictures

    every = pictures.pictures
    monkeypatch.setattr(pictures, "pictures", lambda *given: list(every(*given))[:1])
    run = latest_run(kent / FLU)
    made = {name: content for kind in KINDS for name, content in files(run, kind)}
    assert {Path(name).suffix for name in made} == {".xlsx", ".html", ".pptx", ".csv", ".yml", ".svg", ".png"}
    for name, content in made.items():
        text = _text(name, content)
        assert name.endswith(".png") or re.search("Kent and Medway|KENT|kentand", text), name
        assert not re.findall(f".{{0,60}}(?:{NORFOLKS})", re.sub(NAMED_AS_SOURCE, "", text)), name
        assert "norfolk" not in name


def _text(name: str, content: bytes) -> str:
    if name.endswith((".xlsx", ".pptx")):
        with ZipFile(BytesIO(content)) as parts:
            return " ".join(parts.read(part).decode() for part in parts.namelist() if part.endswith(".xml"))
    # The program, not the county, is called norfolk-forecast.
    return "" if name.endswith(".png") else content.decode().replace("norfolk-forecast", "")


def test_three_counties_at_once_one_of_one_hospital_each_keep_to_themselves(real_store, tmp_path, monkeypatch):
    folder = reference_of(tmp_path / "reference", {**DEVON, **CORNWALL}, norfolk=True)
    monkeypatch.setenv("FORECAST_REFERENCE", str(folder))
    run = quick_refit(real_store, Reference(folder), tmp_path / "models", COVID)
    assert run.counties == ["NORFOLK", "DEVON", "CORNWALL"]
    values = run.trajectories("nctr_patients").samples
    np.testing.assert_allclose(values.sel(location="CORNWALL"), values.sel(location="REF"))
    assert "CORNWALL" not in run.notes("nctr_patients")  # nothing to be independent of
    text = shown("this_week", real_store, tmp_path / "models", monkeypatch)
    for said in ("Norfolk, three hospitals together", "Devon, three hospitals together", "Cornwall, its one hospital"):
        assert said in text
    names = [name for name, _ in files(run, "briefing")]
    assert [name.split("-2024")[0] for name in names] == ["briefing-norfolk", "briefing-devon", "briefing-cornwall"]
    assert "Cornwall" in shown("covid_flu", real_store, tmp_path / "models", monkeypatch, hospital="CORNWALL")
