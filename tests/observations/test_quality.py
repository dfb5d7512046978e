import numpy as np
import pandas as pd

from forecast.observations.quality import flags, masked

DAYS = pd.date_range("2022-11-14", periods=84, name="date")


def panel(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns, index=DAYS).astype(float)


def wave(peak: float) -> np.ndarray:
    return np.rint(peak * np.exp(-0.5 * ((np.arange(84) - 49) / 14) ** 2))


def steady(level: float = 120) -> np.ndarray:
    return np.asarray(level + np.arange(84) % 7, dtype=float)


def found(frame: pd.DataFrame) -> dict[tuple[str, str], int]:
    return frame.groupby(["location", "flag"]).size().to_dict()


def test_a_lone_zero_between_high_values_is_flagged_with_its_neighbours():
    values = steady()
    values[40] = 0
    frame = flags(panel(RGP=values, RM1=steady(), ENG=steady(9000)), wave=False)
    assert frame[["date", "location", "flag"]].to_numpy().tolist() == [[DAYS[40], "RGP", "lone_zero"]]
    assert frame["note"][0] == "reported 0 between 124 and 126: a return that was not filled in"


def test_newest_zeros_after_high_values_are_flagged_before_anybody_knows_what_comes_after():
    values = steady()
    values[-2:] = 0
    frame = flags(panel(RGP=values, RM1=steady(), ENG=steady(9000)), wave=True)
    assert frame[["date", "location", "flag"]].to_numpy().tolist() == [
        [DAYS[-2], "RGP", "lone_zero"],
        [DAYS[-1], "RGP", "lone_zero"],
    ]
    assert frame["note"][0] == "reported 0 after 124: a return that was not filled in"


def test_the_end_of_a_small_wave_is_believed():
    values = np.r_[steady()[:-6], 21, 12, 6, 3, 0, 0]
    assert flags(panel(RGP=values, RM1=steady()), wave=True).empty


def test_a_count_below_zero_is_impossible():
    values = steady()
    values[40] = -5
    frame = flags(panel(RM1=values, RGP=steady()), wave=False)
    assert found(frame) == {("RM1", "impossible"): 1}
    assert frame["note"][0].startswith("a count below zero")


def test_zeros_among_small_counts_are_believed():
    small = np.array([0, 2, 1, 0, 3, 0, 1] * 12)
    assert flags(panel(RGP=small, RM1=steady()), wave=True).empty


def test_a_flow_may_truly_be_zero_for_a_day():
    values = steady(20)
    values[40] = 0
    assert flags(panel(RGP=values, RM1=steady()), wave=False, stock=False).empty


def test_zeros_beside_a_nation_in_full_wave_are_flagged_back_to_where_one_patient_was_due():
    size = pd.Series({"ENG": 100_000.0, "RCX": 500.0, "RM1": 1000.0})
    values = wave(30)
    values[:57] = 0
    frame = flags(
        panel(RCX=values, RM1=wave(60), ENG=wave(6000)), wave=True, size=size, label=lambda c: "Queen Elizabeth"
    )
    mine = frame[frame["location"] == "RCX"]
    expected = wave(6000) * 0.005
    assert set(mine["flag"]) == {"false_zeros"}
    assert mine["date"].max() == DAYS[56]
    assert mine["date"].min() == DAYS[int((expected >= 1).argmax())]
    assert (
        "while England had up to 6,000 patients; about 30 would be the share of Queen Elizabeth" in mine["note"].iloc[0]
    )


def test_zeros_in_the_tail_of_a_wave_are_believed():
    falling = np.rint(6000 * np.exp(-np.arange(84) / 12.0))
    values = np.where(falling > 1000, 30, 0)
    size = pd.Series({"ENG": 100_000.0, "RCX": 500.0})
    assert flags(panel(RCX=values, ENG=falling), wave=True, size=size).empty


def test_zeros_of_a_hospital_with_hardly_any_patients_around_them_are_believed():
    """Covid at King's Lynn, July 2021: one patient before and after three days of none."""
    size = pd.Series({"ENG": 100_000.0, "RCX": 500.0})
    few = np.where(np.arange(84) % 20 < 4, 0, 1)
    assert flags(panel(RCX=few, ENG=wave(6000)), wave=True, size=size).empty


def test_a_hospital_that_has_stopped_reporting_owes_nothing():
    closed = steady()
    closed[40:] = np.nan
    assert flags(panel(RGP=closed, RM1=steady(), RCX=steady(90)), wave=False).empty


def test_a_hospital_of_unknown_size_with_no_record_is_not_judged():
    assert flags(panel(RCX=np.zeros(84), ENG=wave(6000)), wave=True).empty


def test_a_missing_week_is_flagged_only_while_others_reported():
    values = steady()
    values[35:42] = np.nan
    frame = flags(panel(RGP=values, RM1=steady(), RCX=steady(90)), wave=False)
    assert found(frame) == {("RGP", "missing_submission"): 7}
    assert "the weekly return is missing: 7 days" in frame["note"][0]
    nobody = panel(RGP=values, RM1=values, RCX=values)
    assert flags(nobody, wave=False).empty


def test_a_week_sent_in_as_zeros_is_a_missing_submission():
    values = steady()
    values[35:42] = 0
    frame = flags(panel(RCX=values, RM1=steady()), wave=False)
    assert found(frame) == {("RCX", "missing_submission"): 7}
    assert frame["note"][0].startswith("reported 0 on 7 days in a row where 123 is usual")


def test_only_the_locations_asked_for_are_judged():
    values = steady()
    values[40] = 0
    assert flags(panel(RGP=values, RM1=values), wave=False, locations=["RM1"])["location"].tolist() == ["RM1"]


def test_a_clean_panel_masks_the_flagged_values_and_nothing_else():
    values = steady()
    values[40] = 0
    raw = panel(RGP=values, RM1=steady())
    clean = masked(raw, flags(raw, wave=False))
    assert np.isnan(clean.loc[DAYS[40], "RGP"])
    assert clean.isna().sum().sum() == 1
    assert raw.loc[DAYS[40], "RGP"] == 0


def test_a_weekly_or_empty_panel_is_not_judged():
    weekly = pd.DataFrame({"ENG": [5.0, 0.0, 5.0]}, index=pd.date_range("2024-01-01", periods=3, freq="7D"))
    assert flags(weekly, wave=True).empty
    assert flags(weekly.iloc[:0], wave=True).empty
