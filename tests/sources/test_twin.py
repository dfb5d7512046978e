from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from changed_twin import changed_reference

from forecast.observations.publication import released
from forecast.observations.table import COLUMNS
from forecast.reference import reference
from forecast.sources.twin import Twin, simulate, truth_to_json
from forecast.sources.twin_waves import occupied, peak_shape

NORFOLK = ["RM1", "RGP", "RCX"]
METRICS = {
    "nctr_patients",
    "nctr_discharged",
    "nctr_remaining",
    "flu_ga_beds_occupied",
    "flu_cc_beds_occupied",
    "covid_beds_occupied",
    "covid_admissions_and_diagnoses",
    "ga_beds_open",
    "ga_beds_occupied",
    "staff_absent_total",
    "staff_absent_covid",
    "los_21plus_beds",
    "ambulance_delays_30_60min",
    "ambulance_delays_over_60min",
}


@pytest.fixture(scope="module")
def twin() -> Twin:
    return simulate(1)


def everything(twin: Twin) -> pd.DataFrame:
    return pd.concat([twin.observations, twin.truth.future], ignore_index=True)


def panel(frame: pd.DataFrame, metric: str) -> pd.DataFrame:
    return frame[frame["metric"] == metric].pivot_table(index="date", columns="location", values="value")


def smooth(frame: pd.DataFrame, metric: str, first: str, last: str) -> pd.DataFrame:
    return panel(frame, metric).loc[first:last].rolling(7, center=True).mean().dropna()


def days_behind(local: pd.Series, national: pd.Series) -> int:
    correlation = {lag: local.corr(national.shift(lag)) for lag in range(-10, 31)}
    return max(correlation, key=lambda lag: correlation[lag])


def true_lag(twin: Twin, location: str, disease: str, season: str) -> int:
    rows = twin.truth.lags.set_index(["location", "disease", "season"])["days_behind"]
    return int(rows[location, disease, season])


def test_the_twin_is_a_tidy_frame_of_known_locations_and_metrics(twin: Twin) -> None:
    frame = everything(twin)
    tables = reference()
    assert tuple(frame.columns) == COLUMNS
    assert set(frame["metric"]) == METRICS
    assert all(name in tables.metrics for name in METRICS)
    assert set(frame["location"]) <= set(tables.locations)
    assert {*NORFOLK, "ENG", "Y61"} <= set(frame["location"])
    assert 150_000 <= len(twin.observations) <= 400_000
    assert not frame.duplicated(["date", "location", "metric"]).any()


def test_every_row_says_it_is_simulated(twin: Twin) -> None:
    assert set(everything(twin)["source"]) == {"simulated twin, seed 1"}


def test_values_are_whole_and_never_negative(twin: Twin) -> None:
    values = everything(twin)["value"]
    assert (values >= 0).all()
    assert (values == values.round()).all()


def test_patients_less_discharged_are_remaining_everywhere(twin: Twin) -> None:
    frame = everything(twin)
    expected = panel(frame, "nctr_patients") - panel(frame, "nctr_discharged")
    pd.testing.assert_frame_equal(panel(frame, "nctr_remaining"), expected)


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("ga_beds_occupied", "ga_beds_open"),
        ("staff_absent_covid", "staff_absent_total"),
        ("los_21plus_beds", "ga_beds_occupied"),
    ],
)
def test_a_part_is_never_more_than_its_whole(twin: Twin, part: str, whole: str) -> None:
    frame = everything(twin)
    assert (panel(frame, part) <= panel(frame, whole)).all(axis=None)


def test_same_seed_same_twin_and_another_seed_another(twin: Twin) -> None:
    again = simulate(1)
    pd.testing.assert_frame_equal(again.observations, twin.observations)
    pd.testing.assert_frame_equal(again.truth.lags, twin.truth.lags)
    other = panel(simulate(2).observations, "nctr_patients")["RM1"]
    assert (other != panel(twin.observations, "nctr_patients")["RM1"]).mean() > 0.9


def test_the_as_of_day_decides_what_is_public_and_nothing_else(twin: Twin) -> None:
    early = simulate(1, end="2023-01-12")
    assert early.simulated_as_of == pd.Timestamp("2023-01-12")
    expected = everything(twin)
    expected = expected[expected["released"] <= "2023-01-12"]
    key = ["metric", "location", "date"]
    pd.testing.assert_frame_equal(
        early.observations.sort_values(key, ignore_index=True), expected.sort_values(key, ignore_index=True)
    )


def test_rows_are_released_by_the_publication_rule_of_their_metric(twin: Twin) -> None:
    for metric, rows in everything(twin).groupby("metric"):
        expected = released(rows["date"], str(metric))
        assert (rows["released"] == expected).all()
    assert (twin.observations["released"] <= twin.simulated_as_of).all()
    assert (twin.truth.future["released"] > twin.simulated_as_of).all()


def test_on_its_thursday_the_newest_data_are_four_days_old(twin: Twin) -> None:
    newest = twin.observations.groupby("metric")["date"].max()
    assert twin.simulated_as_of.day_name() == "Thursday"
    assert (twin.simulated_as_of - newest == pd.Timedelta(days=4)).all()


def test_winter_reports_stop_in_spring_and_discharge_goes_on(twin: Twin) -> None:
    frame = everything(twin)
    summer = frame[(frame["date"] >= "2023-04-01") & (frame["date"] <= "2023-11-19")]
    assert set(summer["metric"]) == {
        "nctr_patients",
        "nctr_discharged",
        "nctr_remaining",
        "covid_beds_occupied",
        "covid_admissions_and_diagnoses",
    }


def test_england_is_the_sum_of_its_hospitals_where_no_trap_lies(twin: Twin) -> None:
    frame = everything(twin)
    tables = reference()
    for metric in METRICS:
        wide = panel(frame, metric)
        hospitals = wide.drop(columns=["ENG", "Y61"])
        region = [code for code in hospitals if tables.locations[code].parent in ("Y61", "NORFOLK")]
        honest = pd.Series(True, index=wide.index)
        for trap in twin.truth.traps.query("metric == @metric").itertuples():
            honest[trap.first : trap.last] = False
        assert (hospitals.sum(axis=1) == wide["ENG"])[honest].all()
        assert (hospitals[region].sum(axis=1) == wide["Y61"])[honest].all()
        assert 3 < len(region) < hospitals.shape[1]


def test_every_trap_stands_where_the_truth_says(twin: Twin) -> None:
    frame = everything(twin)
    assert set(twin.truth.traps["kind"]) == {"false zeros", "lone zero", "missing submission"}
    assert len(twin.truth.traps) > 15
    for trap in twin.truth.traps.itertuples():
        wide = panel(frame, trap.metric)
        inside = wide.loc[trap.first : trap.last, trap.location]
        around = wide[trap.location].reindex([trap.first - pd.Timedelta(days=1), trap.last + pd.Timedelta(days=1)])
        assert len(inside) == (trap.last - trap.first).days + 1
        if trap.kind == "missing submission":
            assert len(inside) == 7
            assert inside.isna().all()
            assert around.notna().all()
        else:
            assert (inside == 0).all()
        if trap.kind == "lone zero":
            assert len(inside) == 1
            assert (around > 10).all()


def test_false_zeros_end_while_the_nation_is_in_full_wave(twin: Twin) -> None:
    flu = panel(twin.observations, "flu_ga_beds_occupied")
    winter = flu.loc["2022-11-20":"2023-03-31"]
    traps = twin.truth.traps.query("metric == 'flu_ga_beds_occupied' and kind == 'false zeros'")
    assert set(traps["location"]) == {"RGP", "RCX"}
    for trap in traps.itertuples():
        assert winter.loc[trap.last, "ENG"] > 0.6 * winter["ENG"].max()
        assert winter.loc[trap.last + pd.Timedelta(days=1), trap.location] > 10


@pytest.mark.parametrize(
    ("location", "before", "after", "factor"),
    [
        ("RGP", ("2024-04-01", "2024-06-20"), ("2024-08-01", "2024-11-30"), 1.33),
        ("RCX", ("2024-02-15", "2024-05-20"), ("2024-10-20", "2024-12-10"), 0.45),
    ],
)
def test_levels_shift_as_recorded(
    twin: Twin, location: str, before: tuple[str, str], after: tuple[str, str], factor: float
) -> None:
    patients = panel(twin.observations, "nctr_patients")[location]
    recorded = twin.truth.level_shifts.set_index("location").loc[location]
    assert recorded["factor"] == factor
    assert pd.Timestamp(before[1]) < recorded["first"] < recorded["last"] < pd.Timestamp(after[0])
    ratio = patients[slice(*after)].mean() / patients[slice(*before)].mean()
    assert ratio == pytest.approx(factor, rel=0.15)


def test_the_norfolk_hospitals_look_like_themselves(twin: Twin) -> None:
    # Winter means of December to February 2022-23 as published: RM1 246, RGP 127, RCX 138.
    patients = panel(twin.observations, "nctr_patients")
    winter = patients.loc["2022-12-01":"2023-02-28", NORFOLK].mean()
    assert winter.to_list() == pytest.approx([246, 127, 138], rel=0.15)
    discharged = panel(twin.observations, "nctr_discharged").loc[:"2023-03-31"]
    by_day = discharged.groupby(discharged.index.day_of_week).mean()
    assert set(by_day["RM1"].nsmallest(2).index) == {6, 0}
    assert set(by_day["RGP"].nsmallest(2).index) == {5, 6}
    assert set(by_day["RCX"].nsmallest(2).index) == {5, 6}


def test_on_many_days_of_2024_nobody_seems_to_remain_at_rm1(twin: Twin) -> None:
    remaining = panel(twin.observations, "nctr_remaining").loc["2024-07-01":]
    weekday = remaining[remaining.index.day_of_week.isin([1, 2, 3, 4])]
    assert 0.25 < (weekday["RM1"] <= 1).mean() < 0.6
    assert (weekday["RGP"] > 10).all()


@pytest.mark.parametrize("metric", ["flu_ga_beds_occupied", "covid_beds_occupied"])
def test_the_twin_ends_after_the_national_peak_and_before_the_local_ones(twin: Twin, metric: str) -> None:
    season = smooth(everything(twin), metric, "2024-11-25", "2025-03-31")
    newest = panel(twin.observations, metric).index.max()
    peaks = season.idxmax()
    assert newest - pd.Timedelta(days=10) <= peaks["ENG"] <= newest
    assert (peaks[NORFOLK] > newest).all()


def test_lags_can_be_found_again_in_the_counts(twin: Twin) -> None:
    season = smooth(everything(twin), "flu_ga_beds_occupied", "2024-12-01", "2025-03-10")
    errors = [days_behind(season[code], season["ENG"]) - true_lag(twin, code, "flu", "2024-25") for code in NORFOLK]
    assert max(map(abs, errors)) <= 3
    assert abs(np.mean(errors)) <= 1.5


@pytest.mark.parametrize(("metric", "disease"), [("flu_ga_beds_occupied", "flu"), ("covid_beds_occupied", "covid")])
def test_without_noise_every_lag_is_found_to_the_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, metric: str, disease: str
) -> None:
    folder = changed_reference(tmp_path / "reference", {"wave_noise": "0 0.9", "ga_beds_open": "3000000"})
    monkeypatch.setenv("FORECAST_REFERENCE", str(folder))
    large = simulate(1)
    season = smooth(everything(large), metric, "2024-12-01", "2025-03-10")
    for code in season.columns.drop(["ENG", "Y61"]):
        found = days_behind(season[code], season["ENG"])
        assert abs(found - true_lag(large, code, disease, "2024-25")) <= 1


def test_a_wave_peaks_at_day_zero_with_height_one_and_decays_at_its_rates() -> None:
    days = np.arange(-400.0, 401.0)
    shape = peak_shape(days, 0.09, 0.06)
    assert days[shape.argmax()] == 0
    assert shape.max() == pytest.approx(1)
    assert np.log(shape[1] / shape[0]) == pytest.approx(0.09)
    assert np.log(shape[-1] / shape[-2]) == pytest.approx(-0.06)


def test_beds_are_arrivals_that_stay_their_mean_stay() -> None:
    beds, arrivals = occupied(np.full((4000, 5), 30.0), 6.0, np.random.default_rng(3))
    assert beds.mean() == pytest.approx(30, rel=0.03)
    assert arrivals.mean() == pytest.approx(5, rel=0.03)
    assert beds.var() == pytest.approx(30, rel=0.15)
    assert (beds[1:] <= beds[:-1] + arrivals[1:]).all()


def test_the_truth_can_be_written_beside_the_data(twin: Twin) -> None:
    truth = json.loads(truth_to_json(twin))
    assert truth["note"].startswith("Simulated")
    assert (truth["seed"], truth["simulated_as_of"]) == (1, "2025-01-16")
    assert {"location": "RCX", "disease": "flu", "season": "2024-25", "days_behind": 17} in truth["lags"]
    assert len(truth["traps"]) == len(twin.truth.traps)
    assert truth["traps"][0]["first"] == "2022-11-20"
    patients = truth["future"]["nctr_patients"]
    after = panel(twin.truth.future, "nctr_patients")["RM1"]
    assert patients["dates"][0] == "2025-01-13"
    assert patients["values"]["RM1"] == after.to_list()
