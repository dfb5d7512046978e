"""What changed since the run before: each world changes one thing, and that alone is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecast.errors import RunError
from forecast.forecasters import Persistence
from forecast.observations.store import Store
from forecast.observations.views import AsIngested
from forecast.reference import reference
from forecast.refit import refit
from forecast.runs import Run, open_run
from forecast.runs.changes_ahead import NOT_ASKED, OLD_RUN
from forecast.runs.places_ahead import PlacesAhead
from forecast.runs.seal import sealed
from forecast.weekly import today
from forecast.weekly.comparing import MADE_AGAIN
from forecast.weekly.metric_forecasts import one_metric
from tests.refitting import HOSPITALS, QUICK
from tests.weekly.compared_runs import (
    COUNTS,
    LAST_NOW,
    LAST_THEN,
    NOW,
    THEN,
    Told,
    corrected,
    middle,
    run_of,
    told,
)


@pytest.fixture(autouse=True, scope="module")
def quick() -> Iterator[None]:
    """No places are planned: they take longer than all else here, and have a test of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(today, "places_of", lambda *_: PlacesAhead(reason="not asked"))
        yield


@pytest.fixture(scope="module")
def new_figures(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two runs of the same model, between which nothing but a week of figures came."""
    return _two_runs(tmp_path_factory.mktemp("new"), told(RM1=14, RGP=-7), Told(), Told())


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


def _store(folder: Path, *frames: pd.DataFrame) -> Store:
    store = Store(folder)
    for frame in frames:
        store.add(frame)
    return store


def _two_runs(folder: Path, frame: pd.DataFrame, then: Told, now: Told, *later: pd.DataFrame) -> Run:
    """A run on what was told to the week before, then what came later, and today's run."""
    store = _store(folder / "data", frame)
    run_of(store, folder / "models", THEN, then, compare_days=0)
    for more in later:
        store.add(more)
    return run_of(store, folder / "models", NOW, now)


def test_new_figures_alone_are_named_and_nothing_is_made_again(new_figures):
    run = new_figures
    assert middle(run, "RM1") == {"before": 100, "model": 0, "revision": 0, "new data": 14, "now": 114}
    assert middle(run, "NORFOLK") == {"before": 210, "model": 0, "revision": 0, "new data": 7, "now": 217}
    assert run.compared.rerun == {}
    assert run.compared.model == ()
    assert run.compared.revised.empty
    assert run.compared.as_of == pd.Timestamp(THEN)
    assert run.compared.seconds == run.manifest["timings"]["comparison"] > 0


def test_before_and_now_are_the_figures_of_the_two_runs(new_figures):
    run = new_figures
    earlier = open_run(run.path.parent / run.compared.run)
    rows = run.changes("nctr_patients").set_index(["location", "date", "part"])
    for row in run.summary.to_dict("records"):
        now = rows.loc[(row["location"], row["date"], "now")]
        assert (now["middle"], now["low"], now["high"]) == (row["median"], row["low"], row["high"])
        paths = earlier.trajectories("nctr_patients").samples.sel(location=row["location"])
        week = paths.sel(date=slice(row["date"] - pd.Timedelta(days=6), row["date"])).mean("date")
        assert rows.loc[(row["location"], row["date"], "before"), "middle"] == np.median(week)


def test_what_was_forecast_for_the_newest_week_stands_against_what_came(new_figures):
    row = new_figures.compared.week.set_index("location").loc["RM1"]
    assert (row["first"], row["last"]) == (pd.Timestamp("2024-12-16"), pd.Timestamp(LAST_NOW))
    assert (row["low"], row["middle"], row["high"], row["observed"]) == (55, 100, 145, 114)


def test_another_model_alone_is_named(tmp_path):
    run = _two_runs(tmp_path, told(), Told(), Told(add=5))
    assert middle(run, "RCX") == {"before": 60, "model": 5, "revision": 0, "new data": 0, "now": 65}
    assert middle(run, "NORFOLK", weeks=4)["model"] == 15
    assert run.compared.rerun == {"nctr_patients": ["model"]}
    assert run.compared.model == ("forecasting method",)


def test_another_setting_is_the_model_too(tmp_path):
    store = _store(tmp_path / "data", told())
    run_of(store, tmp_path / "models", THEN, Told(days=365), history_days=7, compare_days=0)
    run = run_of(store, tmp_path / "models", NOW, Told(days=365), history_days=70)
    assert run.compared.model == ("settings",)
    assert run.compared.rerun == {"nctr_patients": ["model"]}


def test_a_revised_figure_alone_is_named_with_what_it_was(tmp_path):
    frame, model = told(), Told(day="2024-12-10")
    old = float(frame[(frame["date"] == "2024-12-10") & (frame["location"] == "RM1")]["value"].iloc[0])
    later = corrected(frame, "2024-12-10", "RM1", old + 4)
    run = _two_runs(tmp_path, frame, model, model, later)
    assert middle(run, "RM1") == {"before": old, "model": 0, "revision": 4, "new data": 0, "now": old + 4}
    assert middle(run, "RGP")["revision"] == 0
    assert run.compared.rerun == {"nctr_patients": ["revision"]}
    (row,) = run.compared.revised.to_dict("records")
    assert (row["location"], row["before"], row["now"], row["kind"]) == ("RM1", old, old + 4, "corrected")
    largest = run.manifest["compared"]["revised"]["nctr_patients"]["largest"]
    assert largest == {"location": "RM1", "date": "2024-12-10", "before": old, "now": old + 4}


def test_a_figure_of_another_trust_that_is_revised_is_told_apart_from_the_hospitals(tmp_path):
    frame = told()
    other = frame[frame["location"] == "RM1"].assign(location="RDE")
    run = _two_runs(tmp_path, pd.concat([frame, other]), Told(), Told(), corrected(other, "2024-12-10", "RDE", 104))
    assert run.compared.revised.empty
    assert run.compared.elsewhere == {"nctr_patients": 1}
    assert run.compared.rerun == {"nctr_patients": ["revision"]}
    assert middle(run, "RM1")["revision"] == 0


def test_what_was_published_then_but_ingested_later_is_no_change_of_the_model(tmp_path):
    """The model changes too: made again, it must know no more than the earlier run did."""
    frame = told()
    late = (frame["date"] > "2024-12-08") & (frame["date"] <= LAST_THEN) & (frame["location"] == "RM1")
    run = _two_runs(tmp_path, frame[~late].assign(value=lambda rows: rows["value"]), Told(), Told(add=5), frame[late])
    assert middle(run, "RGP")["model"] == 5
    assert set(run.compared.revised["kind"]) == {"late"}
    assert len(run.compared.revised) == 7
    assert run.compared.rerun == {"nctr_patients": ["model", "revision"]}


def test_three_causes_at_once_sum_to_the_whole_change(tmp_path):
    frame = told(RM1=14, RCX=21)
    old = frame[(frame["date"] == "2024-12-12") & (frame["location"] == "RCX")]["value"].iloc[0]
    later = corrected(frame, "2024-12-12", "RCX", old + 7)
    run = _two_runs(tmp_path, frame, Told(days=14), Told(add=3), later)
    rows = run.changes("nctr_patients")
    assert set(rows["part"]) == {"before", "model", "revision", "new data", "now"}
    assert (rows.groupby("part")["middle"].sum() != 0).all()
    for name in ("middle", "low", "high"):
        wide = rows.pivot_table(index=["location", "date"], columns="part", values=name)
        assert np.allclose(wide.drop(columns="now").sum(axis=1), wide["now"], rtol=0, atol=1e-9)


def test_the_same_model_on_what_was_known_then_makes_the_same_forecast(tmp_path, models):
    """So that nothing need be made again where nothing but the figures differs."""
    frame = told(RM1=14)
    store = _store(tmp_path / "data", frame[frame["date"] <= LAST_THEN])
    run = refit(store, models, THEN, settings=QUICK, forecaster=lambda _: Persistence())
    names = [vintage.name for vintage in store.vintages()]
    store.add(frame)
    store.add(corrected(frame, "2024-12-10", "RM1", 104, released="2024-12-19"))
    then = AsIngested(store, names)
    tables, day = reference(), pd.Timestamp(THEN)
    counties = {"NORFOLK": list(HOSPITALS)}
    metric = tables.metrics["nctr_patients"]
    again = one_metric(then, metric, day, QUICK, Persistence(), counties, tables)
    other = one_metric(store, metric, day, QUICK, Persistence(), counties, tables)
    kept = run.trajectories("nctr_patients").samples
    np.testing.assert_allclose(again.trajectories.samples, kept, rtol=1e-6)
    assert not np.allclose(other.trajectories.samples, kept, rtol=1e-6)


def test_without_a_run_before_the_forecast_of_a_week_earlier_is_made_again(tmp_path, models):
    store = _store(tmp_path / "data", told(RM1=14), told("staff_absent_total", RM1=14))
    run = run_of(store, models, NOW, Told())
    assert middle(run, "RM1") == {"before": 100, "model": 0, "revision": 0, "new data": 14, "now": 114}
    assert run.compared.as_of == pd.Timestamp(THEN)
    assert run.compared.run == ""
    assert list(run.compared.remarks) == [MADE_AGAIN]
    assert run.compared.rerun == {"nctr_patients": ["before"]}
    assert run.changes("staff_absent_total").empty


def test_a_run_made_again_for_the_same_day_is_compared_with_that_of_the_week_before(tmp_path, models):
    store = _store(tmp_path / "data", told())
    first = run_of(store, models, THEN, Told(), compare_days=0)
    run_of(store, models, NOW, Told(), compare_days=0)
    assert run_of(store, models, NOW, Told(add=1)).compared.run == first.id


def test_a_broken_run_before_is_passed_over_for_an_older_whole_one(tmp_path, models):
    store = _store(tmp_path / "data", told())
    older = run_of(store, models, "2024-12-13", Told(), compare_days=0)
    broken = run_of(store, models, THEN, Told(), compare_days=0)
    (broken.path / "trajectories" / "nctr_patients.parquet").write_bytes(b"nothing")
    run = run_of(store, models, NOW, Told())
    assert run.compared.run == older.id
    (remark,) = run.compared.remarks
    assert broken.id in remark
    assert "has been changed" in remark


@pytest.mark.parametrize("spoil", [lambda run: shutil.rmtree(run.path), lambda run: _manifest(run, vintages="x")])
def test_where_the_only_run_before_is_broken_its_forecast_is_made_again(tmp_path, models, spoil):
    store = _store(tmp_path / "data", told(RM1=14))
    spoil(run_of(store, models, THEN, Told(), compare_days=0))
    run = run_of(store, models, NOW, Told())
    assert run.trajectories("nctr_patients").locations == [*HOSPITALS, "NORFOLK"]
    assert run.compared.reason or middle(run, "RM1")["new data"] == 14


def _manifest(run: Run, **changed: object) -> None:
    path = run.path / "manifest.json"
    path.write_text(json.dumps(sealed({**json.loads(path.read_text(encoding="utf-8")), **changed})), encoding="utf-8")


def test_simulated_and_real_runs_are_never_compared(tmp_path, models):
    real = _store(tmp_path / "real", told())
    twin = _store(tmp_path / "twin", told().assign(source="simulated twin"))
    assert twin.simulated
    run_of(twin, models, THEN, Told(), compare_days=0)
    run = run_of(real, models, NOW, Told())
    assert not run.simulated
    assert run.compared.run == ""


def test_a_run_too_old_to_reach_these_weeks_is_not_compared_with(tmp_path, models):
    store = _store(tmp_path / "data", told())
    run_of(store, models, "2024-12-06", Told(), horizon_days=28, compare_days=0)
    run = run_of(store, models, NOW, Told(), horizon_days=28)
    assert run.compared.run == ""
    assert "ends too early to compare" in run.compared.remarks[0]


def test_an_old_run_that_is_served_does_not_hide_the_run_of_last_week(tmp_path, models):
    store = _store(tmp_path / "data", told())
    last = run_of(store, models, THEN, Told(), horizon_days=28, compare_days=0)
    run_of(store, models, "2024-12-06", Told(), horizon_days=28, compare_days=0)
    assert run_of(store, models, NOW, Told(), horizon_days=28).compared.run == last.id


def test_a_week_that_the_earlier_forecast_does_not_reach_is_left_out_and_said(tmp_path):
    store = _store(tmp_path / "data", told())
    run_of(store, tmp_path / "models", THEN, Told(), horizon_days=28, compare_days=0)
    run = run_of(store, tmp_path / "models", NOW, Told(), horizon_days=42)
    assert set(run.changes("nctr_patients")["date"]) == {pd.Timestamp("2025-01-10")}
    assert run.compared.left_out["nctr_patients"]["RM1"] == "the earlier forecast ended on 17 January 2025"


def test_a_hospital_or_county_that_was_another_then_is_left_out_and_said(tmp_path, models):
    store = _store(tmp_path / "data", told())
    earlier = run_of(store, models, THEN, Told(), compare_days=0)
    _manifest(earlier, counties={"NORFOLK": ["RM1", "RGP"]})
    run = run_of(store, models, NOW, Told())
    assert middle(run, "RCX")["now"] == 60
    assert middle(run, "NORFOLK") == {}
    assert run.compared.left_out["nctr_patients"]["NORFOLK"] == "other hospitals were summed then"


def test_a_hospital_without_a_forecast_then_is_left_out_and_said(tmp_path):
    frame = told()
    silent = (frame["location"] == "RGP") & (frame["date"] <= LAST_THEN)
    store = _store(tmp_path / "data", frame[~silent])
    run_of(store, tmp_path / "models", THEN, Told(), compare_days=0)
    run = run_of(store, tmp_path / "models", NOW, Told())
    assert middle(run, "RGP") == {}
    assert middle(run, "RM1", weeks=4)["now"] == 100
    assert set(run.compared.left_out["nctr_patients"]) == {"RGP", "NORFOLK"}


def test_a_wave_is_taken_apart_by_one_forecast_and_the_rest_by_none(tmp_path):
    frame = pd.concat([told(metric) for metric in (COUNTS[0], "covid_beds_occupied", "staff_absent_total")])
    later = pd.concat([corrected(own, "2024-12-12", "RM1", 105) for _, own in frame.groupby("metric", sort=False)])
    run = _two_runs(tmp_path, frame, Told(), Told(add=2), later)
    assert run.compared.rerun == {"nctr_patients": ["model", "revision"], "covid_beds_occupied": ["revision"]}
    assert list(middle(run, "RM1", "covid_beds_occupied")) == ["before", "model or revision", "new data", "now"]
    assert list(middle(run, "RM1", "staff_absent_total")) == ["before", "not told apart", "now"]


class Choosy(Told):
    """Fails on the week before."""

    def _learn(self) -> None:
        if self.panel_.index[-1] < pd.Timestamp(LAST_NOW):
            raise ValueError("not on these dates")
        super()._learn()


def test_a_comparison_that_fails_costs_no_run_and_says_why(tmp_path, models):
    run = run_of(_store(tmp_path / "data", told()), models, NOW, Choosy())
    assert run.compared.reason == "the comparison with the run before failed (ValueError: not on these dates)"
    assert run.changes("nctr_patients").empty
    assert run.metrics == ["nctr_patients"]


def test_runs_are_not_compared_where_nobody_asks_and_old_runs_say_so(tmp_path, models):
    store = _store(tmp_path / "data", told())
    run = run_of(store, models, NOW, Told(), compare_days=0)
    assert run.compared.reason == NOT_ASKED
    manifest = {key: value for key, value in run.manifest.items() if key != "compared"}
    old = replace(run, manifest=manifest)
    assert old.compared.reason == OLD_RUN
    assert old.changes("nctr_patients").empty
    with pytest.raises(RunError, match="cannot be read"):
        _ = replace(run, manifest={**manifest, "compared": {"reason": ""}}).compared
