"""Places as now, as the weekly job plans them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecast.errors import InputError, RunError
from forecast.forecasters import Persistence, SeasonOutlook
from forecast.observations.store import Store
from forecast.placements.queues.people import people_as_now
from forecast.placements.simulation import simulate
from forecast.refit import refit
from forecast.runs import Run, open_run
from forecast.runs.run_demand import demand_of
from tests.refitting import HOSPITALS, QUICK, observed

DAY = "2025-01-16"


def _store(folder, metrics=("nctr_patients", "nctr_remaining"), hospitals=HOSPITALS) -> Store:
    store = Store(folder)
    for metric, level in zip(metrics, (200.0, 100.0), strict=False):
        store.add(observed(metric, "2023-10-01", "2025-01-12", level, hospitals))
    return store


def _refit(store: Store, folder, **settings: object) -> Run:
    return refit(
        store, folder, DAY, settings=replace(QUICK, **settings), forecaster=lambda _: SeasonOutlook(short=Persistence())
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    folder = tmp_path_factory.mktemp("places")
    return _refit(_store(folder / "data"), folder / "models", outlook_days=70, history_days=700)


def test_the_run_tells_who_waits_and_how_many_places_that_means(run) -> None:
    assert run.no_placements("NORFOLK") == ""
    counts = run.placements("NORFOLK")
    assert set(counts["location"]) == {*HOSPITALS, "NORFOLK"}
    assert counts["date"].min() == pd.Timestamp(DAY) + pd.Timedelta("1D")
    waiting = simulate(people_as_now(demand_of(run, "NORFOLK"))).paths("waiting")
    rows = counts[(counts["what"] == "waiting") & (counts["location"] == "NORFOLK") & (counts["product"] == "all")]
    median = rows[rows["quantile"] == 0.5].set_index("date")["value"]
    assert median.to_numpy() == pytest.approx(np.median(waiting, axis=0))


def test_places_needed_rise_with_the_assurance(run) -> None:
    needed = run.places_needed("NORFOLK").pivot_table(index="level", columns="product", values="places")
    assert list(needed.index) == [0.8, 0.9, 0.95]
    assert (needed.diff().dropna() >= 0).all().all()
    assert (needed["flat"] >= 44).all()


def test_the_run_says_how_each_queue_was_read_off_the_forecast(run) -> None:
    notes = run.queue_notes("NORFOLK")
    assert notes["RM1"].startswith("25% of those fit to leave")
    assert "still in a bed" in notes["RGP"]
    shares = run.pathway_shares("NORFOLK")
    assert shares is not None
    assert shares.means["RCX"] == (0.3, 0.31, 0.14)


def test_the_season_goes_on_along_the_weeks_of_the_outlook(run) -> None:
    near, far = demand_of(run, "NORFOLK"), demand_of(run, "NORFOLK", season=True)
    assert (far.queue[..., : len(near.dates)] == near.queue).all()
    assert len(far.dates) > len(near.dates) + 20


def test_residents_are_fewer(run) -> None:
    everybody, residents = (demand_of(run, "NORFOLK", residents_only=only).queue.sum() for only in (False, True))
    assert 0.6 * everybody < residents < 0.95 * everybody


def test_without_a_count_of_who_remains_the_others_are_read_off_a_stated_share(tmp_path) -> None:
    run = _refit(_store(tmp_path / "data", metrics=("nctr_patients",)), tmp_path / "models")
    assert run.no_placements("NORFOLK") == ""
    assert "taken as 60%" in run.queue_notes("NORFOLK")["RGP"]


def test_a_run_without_any_backlog_is_a_run_that_says_so(tmp_path) -> None:
    run = _refit(_store(tmp_path / "data", metrics=("staff_absent_total",)), tmp_path / "models")
    assert run.no_placements("NORFOLK") == "neither count of people fit to leave was forecast"
    with pytest.raises(RunError, match=r"plans no places for 'NORFOLK': neither count"):
        run.placements("NORFOLK")


def test_a_hospital_without_a_forecast_is_left_out_with_the_reason(tmp_path) -> None:
    store = _store(tmp_path / "data", hospitals=("RM1", "RCX"))
    for metric in ("nctr_patients", "nctr_remaining"):
        store.add(observed(metric, "2023-10-01", "2024-10-01", 100.0, ("RGP",)))
    run = _refit(store, tmp_path / "models")
    assert set(run.placements("NORFOLK")["location"]) == {"RM1", "RCX", "NORFOLK"}


def test_a_county_the_run_does_not_have_is_not_taken_for_an_old_run(run) -> None:
    assert run.no_placements("KENT") == "it is no county of the run, which has NORFOLK"
    with pytest.raises(RunError, match=r"plans no places for 'KENT': it is no county of the run"):
        run.places_needed("KENT")


def test_a_run_from_before_there_were_places_says_how_to_get_them(run, tmp_path) -> None:
    old = tmp_path / run.id
    shutil.copytree(run.path, old)
    manifest = json.loads((old / "manifest.json").read_text(encoding="utf-8"))
    del manifest["placements"]
    (old / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert "forecast refit" in open_run(old).no_placements("NORFOLK")


def _broken(run: Run, folder, change) -> Run:
    shutil.copytree(run.path, folder / run.id)
    manifest = json.loads((run.path / "manifest.json").read_text())
    change(manifest)
    (folder / run.id / "manifest.json").write_text(json.dumps(manifest))
    return open_run(folder / run.id)


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.update(placements=None),
        lambda told: told.update(placements=[]),
        lambda told: told["placements"].update(NORFOLK="x"),
        lambda told: told["placements"].update(NORFOLK={}),
        lambda told: told["placements"]["NORFOLK"].update(notes=["x"]),
        lambda told: told["placements"]["NORFOLK"].update(shares=[]),
        lambda told: told["placements"]["NORFOLK"].update(shares={"means": {"RM1": None}}),
        lambda told: told["placements"]["NORFOLK"]["shares"]["means"].update(RM1=[-1, 0, 0]),
        lambda told: told.pop("seed"),
        lambda told: told.update(seed="x"),
    ],
)
def test_a_manifest_that_tells_places_wrongly_is_refused_with_the_remedy(run, tmp_path, change) -> None:
    with pytest.raises(RunError, match="forecast refit"):
        demand_of(_broken(run, tmp_path, change), "NORFOLK")


@pytest.mark.parametrize("part", ["counts", "needed"])
def test_a_piece_of_places_with_other_columns_is_refused(run, tmp_path, part) -> None:
    name = f"placements/NORFOLK-{part}.parquet"
    broken = _broken(run, tmp_path, lambda told: told["files"].pop(name))
    pd.DataFrame({"a": [1]}).to_parquet(broken.path / name)
    read = {"counts": broken.placements, "needed": broken.places_needed}[part]
    with pytest.raises(RunError, match=f"NORFOLK-{part}.parquet lacks"):
        read("NORFOLK")


@pytest.mark.parametrize("county", ["RM1", "", None])
def test_the_demand_of_a_county_the_run_does_not_have_is_refused(run, county) -> None:
    with pytest.raises(InputError, match="choose among NORFOLK"):
        demand_of(run, county)
