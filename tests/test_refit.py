import re
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from filelock import FileLock

from forecast.errors import InputError, Refused, RunError, StoreError
from forecast.forecasters import Persistence, SeasonalNaive
from forecast.observations.store import Store
from forecast.reference import FILES, Reference, reference
from forecast.refit import refit
from forecast.runs import latest_run
from forecast.weekly.metric_forecasts import INDEPENDENT
from forecast.weekly.settings import Settings
from tests.refitting import HOSPITALS, QUICK, Joint, observed


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "data")
    store.add(observed("nctr_patients", "2024-01-01", "2024-12-31"))
    store.add(observed("ga_beds_occupied", "2024-01-01", "2024-03-31"))
    return store


def quick(store: Store, models: object, as_of: str | None = "2024-12-27") -> object:
    return refit(store, models, as_of, settings=QUICK, forecaster=lambda _: Persistence())


def test_a_run_knows_only_what_was_public_and_counts_its_horizon_from_the_as_of_day(store, tmp_path):
    run = quick(store, tmp_path / "models")
    assert run.metrics == ["nctr_patients"]
    paths = run.trajectories("nctr_patients")
    assert run.last_observed("nctr_patients") == pd.Timestamp("2024-12-22")
    assert paths.dates[0] == pd.Timestamp("2024-12-23")
    assert paths.dates[-1] == pd.Timestamp("2025-01-24")
    assert paths.locations == ["RM1", "RGP", "RCX", "NORFOLK"]
    assert run.history("nctr_patients").index[-1] == pd.Timestamp("2024-12-22")
    assert latest_run(tmp_path / "models").id == run.id


def test_the_county_is_the_sum_of_its_hospitals_path_by_path_and_says_it_assumes_independence(store, tmp_path):
    run = quick(store, tmp_path / "models")
    values = run.trajectories("nctr_patients").samples
    np.testing.assert_allclose(values.sel(location="NORFOLK"), values.sel(location=list(HOSPITALS)).sum("location"))
    assert run.notes("nctr_patients")["NORFOLK"] == INDEPENDENT


class Watched(Persistence):
    """The baseline, which tells what it learned from and whom it was asked about."""

    learned: ClassVar[list[pd.DataFrame]] = []
    asked: ClassVar[list[list[str]]] = []

    def fit(self, panel, related=None):
        self.learned.append(panel)
        return super().fit(panel, related)

    def predict(self, horizon, locations=None, samples=1000, seed=0):
        self.asked.append(list(locations))
        return super().predict(horizon, locations, samples, seed)


@pytest.fixture
def watched():
    Watched.learned.clear()
    Watched.asked.clear()
    return Watched


def test_it_learns_on_every_trust_and_forecasts_the_hospitals(store, tmp_path, watched):
    others = observed("nctr_patients", "2023-01-01", "2024-12-31", level=300, locations=("RDE", "ENG", "Y61", "QMM"))
    store.add(others)
    store.add(observed("nctr_patients", "2022-01-01", "2023-06-30", locations=("RGT",)))  # silent ever since
    run = refit(store, tmp_path / "models", "2024-12-27", settings=QUICK, forecaster=lambda _: watched())
    (learned,), (asked,) = watched.learned, watched.asked
    assert sorted(learned.columns) == ["RCX", "RDE", "RGP", "RM1"]
    assert learned.attrs["metric"] == "nctr_patients"
    assert learned.index[-1] == pd.Timestamp("2024-12-22")
    assert len(learned) == QUICK.history_days
    assert asked == list(HOSPITALS)
    assert run.trajectories("nctr_patients").locations == [*HOSPITALS, "NORFOLK"]
    assert list(run.history("nctr_patients").columns) == [*HOSPITALS, "NORFOLK"]


def test_other_trusts_history_is_learned_from_where_the_hospitals_have_only_begun(tmp_path, watched):
    store = Store(tmp_path / "data")
    store.add(observed("nctr_patients", "2024-12-10", "2024-12-31"))
    store.add(observed("nctr_patients", "2024-01-01", "2024-12-31", locations=("RDE",)))
    run = refit(store, tmp_path / "models", "2024-12-27", settings=QUICK, forecaster=lambda _: watched())
    assert watched.learned[0].index[0] == pd.Timestamp("2024-01-01")
    assert watched.learned[0]["RM1"].first_valid_index() == pd.Timestamp("2024-12-10")
    assert run.history("nctr_patients").index[0] == pd.Timestamp("2024-12-10")


def test_trusts_that_told_later_than_the_hospitals_do_not_move_the_first_day_forecast(tmp_path, watched):
    store = Store(tmp_path / "data")
    store.add(observed("nctr_patients", "2024-06-01", "2024-12-15"))
    store.add(observed("nctr_patients", "2024-06-01", "2024-12-22", locations=("RDE",)))
    run = refit(store, tmp_path / "models", "2024-12-27", settings=QUICK, forecaster=lambda _: watched())
    assert watched.learned[0].index[-1] == pd.Timestamp("2024-12-15")
    assert run.trajectories("nctr_patients").dates[0] == pd.Timestamp("2024-12-16")


def test_flagged_values_of_other_trusts_are_not_learned_from(store, tmp_path, watched):
    told = observed("nctr_patients", "2024-01-01", "2024-12-22", locations=("RDE",))
    store.add(told.assign(value=told["value"].mask(told["date"] == "2024-11-20", 0)))
    refit(store, tmp_path / "models", "2024-12-27", settings=QUICK, forecaster=lambda _: watched())
    assert watched.learned[0].loc["2024-11-20", ["RDE", "RM1"]].isna().tolist() == [True, False]


def test_a_county_whose_hospitals_are_drawn_together_assumes_no_independence(store, tmp_path):
    run = refit(store, tmp_path / "models", "2024-12-27", settings=QUICK, forecaster=lambda _: Joint())
    assert "NORFOLK" not in run.notes("nctr_patients")
    values = run.trajectories("nctr_patients").samples
    np.testing.assert_allclose(values.sel(location="NORFOLK"), values.sel(location=list(HOSPITALS)).sum("location"))


def test_a_metric_without_fresh_values_is_skipped_with_the_reason(store, tmp_path):
    run = quick(store, tmp_path / "models")
    assert run.skipped["ga_beds_occupied"] == "its newest figure is of 31 March 2024: too old to forecast from"
    assert run.skipped["flu_beds"] == "nothing published yet"


def test_the_as_of_day_is_by_default_the_newest_release_of_what_is_forecast(store, tmp_path):
    store.add(observed("flu_positivity_datamart_pct", "2026-01-05", "2026-01-05", locations=("ENG",)))
    assert quick(store, tmp_path / "models", None).as_of == pd.Timestamp("2025-01-09")


@pytest.mark.parametrize(("as_of", "fresh"), [("2025-01-20", True), ("2025-01-21", False)])
def test_a_metric_is_forecast_while_its_newest_value_is_under_21_days_old(tmp_path, as_of, fresh):
    store = Store(tmp_path / "data")
    store.add(observed("nctr_patients", "2024-06-01", "2024-12-31"))
    if fresh:
        assert quick(store, tmp_path / "models", as_of).metrics == ["nctr_patients"]
    else:
        with pytest.raises(Refused, match="its newest figure is of 31 December 2024: too old to forecast from"):
            quick(store, tmp_path / "models", as_of)


def test_flagged_values_are_neither_learned_from_nor_part_of_now(tmp_path):
    store = Store(tmp_path / "data")
    store.add(observed("nctr_patients", "2024-06-01", "2024-12-22"))
    wrong = pd.DataFrame({"date": ["2024-12-20"], "location": "RM1", "metric": "nctr_patients", "value": [0]})
    store.add(wrong.assign(source="a", released="2024-12-27"))
    run = quick(store, tmp_path / "models")
    assert run.flags("nctr_patients")["flag"].tolist() == ["lone_zero"]
    assert run.history("nctr_patients").loc["2024-12-20", "RM1"] == 0
    usable = store.panel("nctr_patients", ["RM1"], as_of="2024-12-27", clean=True)["RM1"].iloc[-7:]
    now = run.summary.query("location == 'RM1'")["now"].iloc[0]
    assert now == pytest.approx(usable.mean())
    learned = Persistence().fit(store.panel("nctr_patients", ["RM1"], as_of="2024-12-27", clean=True).iloc[-365:])
    assert (
        run.baseline("nctr_patients").samples.sel(location="RM1").max()
        == learned.predict(32, samples=QUICK.samples, seed=1).samples.max()
    )


def test_another_forecaster_or_reference_table_is_another_run(store, tmp_path):
    first = quick(store, tmp_path / "models")
    other = refit(store, tmp_path / "models", "2024-12-27", settings=QUICK, forecaster=lambda _: SeasonalNaive())
    assert other.id != first.id
    assert other.trajectories("nctr_patients").model == "SeasonalNaive"


def test_a_weekly_metric_is_forecast_for_as_many_days_not_steps(tmp_path):
    store = Store(tmp_path / "data")
    weekly = observed("nctr_patients", "2024-01-01", "2024-12-22")
    store.add(weekly[weekly["date"].dt.day_of_week == 6])
    run = quick(store, tmp_path / "models")
    assert run.trajectories("nctr_patients").step_days == 7
    assert run.trajectories("nctr_patients").dates[-1] == pd.Timestamp("2025-01-26")


def test_the_same_data_and_settings_give_the_same_run(store, tmp_path):
    assert quick(store, tmp_path / "a").id == quick(store, tmp_path / "b").id
    assert quick(store, tmp_path / "a", "2024-12-19").id != quick(store, tmp_path / "b").id


def test_a_hospital_with_false_zeros_gets_no_figure_and_nor_does_the_county(tmp_path):
    """Flu at the Queen Elizabeth in January 2023: zeros to the 9th while England was in full wave."""
    store = Store(tmp_path / "data")
    days = ("2022-11-14", "2023-01-08")
    beds = reference()
    for metric, scale in (("flu_ga_beds_occupied", 1.0), ("flu_cc_beds_occupied", 0.1)):
        store.add(observed(metric, *days, level=5000 * scale, locations=("ENG",)))
        store.add(observed(metric, *days, level=50 * scale, locations=("RM1", "RGP")))
        zeros = observed(metric, *days, locations=("RCX",)).assign(value=0)
        store.add(zeros)
    size = {code: beds.assumption("ga_beds_open_winter", code).value for code in ("ENG", "RM1", "RGP", "RCX")}
    for code, value in size.items():
        store.add(observed("ga_beds_open", *days, level=value, locations=(code,)))
    run = quick(store, tmp_path / "models", "2023-01-12")
    reasons = run.cannot_say("flu_beds")
    assert set(reasons) == {"RCX", "NORFOLK"}
    assert "no usable value at all (reported 0 on 56 days in a row while England had" in reasons["RCX"]
    assert reasons["NORFOLK"] == "no forecast for Queen Elizabeth King's Lynn"
    summary = run.summary[run.summary["metric"] == "flu_beds"].set_index(["location", "weeks_ahead"])
    assert summary.loc[("NORFOLK", 2), "word"] == summary.loc[("RCX", 2), "word"] == "cannot say"
    assert summary.loc[("RM1", 2), "median"] > 0


def test_a_hospital_that_has_only_just_begun_to_report_gets_no_figure(tmp_path):
    store = Store(tmp_path / "data")
    store.add(observed("nctr_patients", "2024-06-01", "2024-12-22", locations=("RM1", "RCX")))
    store.add(observed("nctr_patients", "2024-12-20", "2024-12-22", locations=("RGP",)))
    run = quick(store, tmp_path / "models")
    assert run.cannot_say("nctr_patients")["RGP"] == "only 3 usable values in the last four weeks"
    paths = run.trajectories("nctr_patients").samples
    assert np.isnan(paths.sel(location=["RGP", "NORFOLK"])).all()
    assert np.isfinite(paths.sel(location=["RM1", "RCX"])).all()
    assert "James Paget" in run.cannot_say("nctr_patients")["NORFOLK"]
    assert set(run.cannot_say("nctr_patients")) == {"RGP", "NORFOLK"}


def test_a_second_refit_is_refused_while_one_is_running(store, tmp_path):
    (tmp_path / "models").mkdir()
    with FileLock(tmp_path / "models" / ".lock"), pytest.raises(Refused, match="another refit is running"):
        quick(store, tmp_path / "models")
    assert quick(store, tmp_path / "models").metrics == ["nctr_patients"]


def test_nothing_to_forecast_is_refused_with_the_reasons_and_the_last_run_stands(store, tmp_path):
    run = quick(store, tmp_path / "models")
    with pytest.raises(Refused, match=r"nothing to forecast as of 2023-01-01 .*nothing published yet"):
        quick(store, tmp_path / "models", "2023-01-01")
    assert latest_run(tmp_path / "models").id == run.id
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match=r"cannot be written .* with --models"):
        quick(store, tmp_path / "file")
    with pytest.raises(InputError, match="as_of 'soon' is not a date"):
        quick(store, tmp_path / "models", "soon")
    with pytest.raises(StoreError, match="nothing is stored"):
        refit(Store(tmp_path / "empty"), tmp_path / "models")


def test_another_county_is_a_matter_of_reference_rows(tmp_path):
    for name in FILES:
        text = (reference().folder / name).read_text(encoding="utf-8")
        if name == "locations.csv":
            text = re.sub(r"^(RGR|RDE),(.*),trust,Y61,", r"\1,\2,trust,SUFFOLK,", text, flags=re.MULTILINE)
            text = re.sub(r",trust,NORFOLK,", ",trust,Y61,", text)
            text = re.sub(r"^NORFOLK,.*$", "SUFFOLK,Suffolk,Suffolk,county,Y61,,,a test,", text, flags=re.MULTILINE)
        (tmp_path / name).write_text(text, encoding="utf-8")
    tables = Reference(tmp_path)
    store = Store(tmp_path / "data", tables)
    store.add(observed("nctr_patients", "2024-01-01", "2024-12-22", locations=("RGR", "RDE", "RM1")))
    run = refit(
        store, tmp_path / "models", "2024-12-27", settings=QUICK, tables=tables, forecaster=lambda _: Persistence()
    )
    assert run.counties == ["SUFFOLK"]
    assert run.trajectories("nctr_patients").locations == ["RDE", "RGR", "SUFFOLK"]


def test_progress_is_told_for_every_metric(store, tmp_path):
    seen: list[tuple[str, int, int]] = []
    refit(
        store,
        tmp_path / "models",
        "2024-12-27",
        settings=QUICK,
        forecaster=lambda _: Persistence(),
        progress=lambda *step: seen.append(step),
    )
    total = len(reference().forecast_metrics())
    assert [done for _, done, _ in seen] == list(range(total + 1))


def test_settings_come_from_the_reference_tables():
    assert Settings.from_reference(reference()) == Settings(
        horizon_days=42,
        samples=1000,
        freshness_days=21,
        fewest_values=7,
        history_days=1095,
        outlook_days=210,
        compare_days=7,
    )
