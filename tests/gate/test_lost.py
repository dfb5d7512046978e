import pandas as pd

from forecast.gate.lost import lost
from forecast.observations.store import Store
from tests.gate.judged import published
from tests.weekly.compared_runs import LAST_NOW, LAST_THEN, THEN, told


def findings(tmp_path, frames: list[pd.DataFrame], later: list[pd.DataFrame], *days: str) -> list[tuple[bool, str]]:
    store = Store(tmp_path / "data")
    for frame in frames:
        store.add(frame)
    before, now = days or (THEN, "2024-12-27")
    incumbent, _ = published(store, tmp_path / "models", before, compare_days=0)
    for frame in later:
        store.add(frame)
    _, candidate = published(store, tmp_path / "models", now, compare_days=0)
    return [(one.refuses, one.says) for one in lost(candidate, incumbent)]


def test_nothing_is_lost_where_everybody_tells(tmp_path):
    assert findings(tmp_path, [told(last=LAST_THEN)], [told(last=LAST_NOW, weeks=1)]) == []


def test_a_hospital_that_can_no_longer_be_forecast_is_refused_with_its_reason_and_the_county_with_it(tmp_path):
    first = told(last="2024-12-08")
    later = told(last="2025-01-05", weeks=4)
    later = later[later["location"] != "RGP"]
    ((refuses, says),) = findings(tmp_path, [first], [later], "2024-12-13", "2025-01-10")
    assert refuses
    assert "no longer forecast at James Paget" in says
    assert "no usable value since 8 December 2024" in says
    assert "Norfolk" in says
    assert "--force REASON" in says


def test_a_measure_that_is_no_longer_forecast_is_refused(tmp_path):
    first = [told(last="2024-12-08"), told("ga_beds_occupied", last="2024-12-08")]
    ((refuses, says),) = findings(tmp_path, first, [told(last="2025-01-05", weeks=4)], "2024-12-13", "2025-01-10")
    assert refuses
    assert "too old to forecast from" in says
    assert "To do: ingest its newest file, or --force REASON" in says


def test_a_winter_collection_that_closes_in_spring_is_only_told(tmp_path):
    first = [told(last="2025-03-30"), told("ga_beds_occupied", last="2025-03-30")]
    later = told(last="2025-04-30", weeks=5)
    ((refuses, says),) = findings(tmp_path, first, [later], "2025-04-10", "2025-05-08")
    assert not refuses
    assert says.endswith("its collection closes for the season")


def test_simulated_figures_never_take_the_place_of_published_ones(tmp_path):
    real, twin = Store(tmp_path / "data"), Store(tmp_path / "twin")
    real.add(told(last=LAST_THEN))
    twin.add(told().assign(source="simulated twin"))
    incumbent, _ = published(real, tmp_path / "models", THEN, compare_days=0)
    _, candidate = published(twin, tmp_path / "others", compare_days=0)
    (finding,) = lost(candidate, incumbent)
    assert finding.refuses
    assert "holds simulated ones. To do: name the folder of the published ones with --data" in finding.says


def test_figures_that_are_gone_are_found_even_where_more_have_come(tmp_path):
    store = Store(tmp_path / "data")
    store.add(told(last="2024-12-08", weeks=6))
    store.add(told(last=LAST_THEN, weeks=1))
    incumbent, _ = published(store, tmp_path / "models", THEN, compare_days=0)
    store.vintages()[-1].path.write_bytes(b"")
    store.heal()
    store.add(told(last=LAST_NOW, weeks=1))
    store.add(told("ga_beds_occupied", last=LAST_NOW, weeks=8))
    _, candidate = published(store, tmp_path / "models", compare_days=0)
    (finding,) = lost(candidate, incumbent)
    # Three hospitals and the county, seven days of the week to 15 December.
    assert finding.says.startswith("Fit to leave, before the day's discharges: 28 figures that the run that is served")
    assert finding.refuses
