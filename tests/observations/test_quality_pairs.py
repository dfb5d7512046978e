"""Counts that must agree with each other, seasons, and what several rules say of one value."""

import numpy as np
import pandas as pd

from forecast.observations.quality import FINDINGS, KINDS, Beside, findings, flags, masked, masking
from forecast.observations.quality.missing import Season

DAYS = pd.date_range("2022-01-03", periods=140, name="date")


def counted(level: float, seed: int) -> np.ndarray:
    return np.rint(level * np.exp(np.random.default_rng(seed).normal(0, 0.06, len(DAYS))))


def panel(**columns: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(columns, index=DAYS)


def days_of(frame: pd.DataFrame, flag: str) -> list[int]:
    return [int(np.flatnonzero(date == DAYS)[0]) for date in frame.loc[frame["flag"] == flag, "date"]]


def test_discharges_typed_into_the_patients_column_are_flagged():
    """King's Lynn, first week of August 2022: both columns read what is usual for the discharges."""
    patients, gone = counted(140, 1), counted(65, 2)
    patients[70:77] = gone[70:77]
    frame = flags(panel(RCX=patients), wave=False, beside=Beside(discharged=panel(RCX=gone)))
    assert days_of(frame, "copied_column") == list(range(70, 77))
    assert len(masking(frame)) == 7


def test_two_days_with_equal_columns_are_believed():
    patients, gone = counted(140, 1), counted(65, 2)
    patients[70:72] = gone[70:72]
    frame = flags(panel(RCX=patients), wave=False, beside=Beside(discharged=panel(RCX=gone)))
    assert "copied_column" not in set(frame["flag"])


def test_a_day_on_which_nearly_everybody_was_discharged_is_no_low_day_of_those_who_remain():
    """What remains follows from the discharges; where nothing explains it, the same value is a low day."""
    patients = counted(140, 1)
    remaining = np.rint(patients * 0.5)
    remaining[70] = 12
    here = panel(RM1=remaining)
    told = flags(here, wave=False, beside=Beside(remaining=True, patients=panel(RM1=patients)))
    assert masking(told).empty
    assert days_of(flags(here, wave=False), "low_day") == [70]


def test_a_hospital_that_records_everybody_as_discharged_keeps_its_patients():
    patients, gone = counted(140, 1), counted(65, 2)
    gone[70:77] = patients[70:77]
    assert masking(flags(panel(RM1=patients), wave=False, beside=Beside(discharged=panel(RM1=gone)))).empty


def test_more_discharges_than_patients_are_flagged_where_they_are_published():
    patients, gone = counted(140, 1), counted(65, 2)
    gone[70] = patients[70] + 1
    frame = flags(panel(RM1=gone), wave=False, stock=False, beside=Beside(patients=panel(RM1=patients)))
    assert days_of(frame, "discharges_above_patients") == [70]
    assert frame["note"][0].endswith("patients: one of the two is wrong")


def test_of_occupied_and_open_beds_the_one_that_left_its_level_is_flagged():
    beds, full = counted(450, 1), counted(400, 2)
    full = np.minimum(full, beds)
    wrong_full, wrong_open = full.copy(), beds.copy()
    wrong_full[70], wrong_open[80] = 520, 350
    beside = {"beds_open": panel(RGP=wrong_open)}
    occupied = flags(panel(RGP=wrong_full), wave=False, beside=Beside(**beside))
    opened = flags(panel(RGP=wrong_open), wave=False, beside=Beside(beds_occupied=panel(RGP=wrong_full), decided=True))
    assert days_of(occupied, "occupied_above_open") == [70]
    assert days_of(opened, "occupied_above_open") == [80]


def test_a_few_beds_more_than_open_are_believed():
    beds = counted(450, 1)
    full = np.rint(beds * 0.97)
    full[70] = np.rint(beds[70] * 1.03)
    assert flags(panel(RGP=full), wave=False, beside=Beside(beds_open=panel(RGP=beds))).empty


def test_zeros_by_everybody_out_of_season_are_gaps_and_counts_are_believed():
    """From 3 January to 22 May; the season ends on 30 April, day 117."""
    winter = np.where(np.arange(140) < 100, counted(30, 1), np.nan)
    filled = np.where(np.arange(140) < 100, winter, 0.0)
    other = np.where(np.arange(140) < 100, counted(20, 2), 0.0)
    beside = Beside(season=Season("11-01", "04-30", "a test"))
    frame = flags(panel(RM1=filled, RGP=other), wave=True, beside=beside)
    assert days_of(frame[frame["location"] == "RM1"], "off_season") == list(range(118, 140))
    late = panel(RM1=counted(30, 1), RGP=other)
    assert "off_season" not in set(flags(late, wave=True, beside=beside)["flag"])


def test_a_lonely_value_out_of_season_is_flagged():
    winter = {f"R{i:02d}": np.where(np.arange(140) < 100, counted(30, i), np.nan) for i in range(15)}
    winter["R07"][125] = 31
    frame = flags(panel(**winter), wave=True, beside=Beside(season=Season("11-01", "04-30", "a test")))
    assert days_of(frame, "off_season") == [125]
    assert set(frame["location"]) == {"R07"}


def test_one_masking_flag_a_value_the_first_of_the_table_and_findings_beside_it():
    gone, patients = counted(60, 2), counted(140, 1)
    rest = patients - gone
    rest[70] = -2000
    changes = pd.DataFrame({"date": [DAYS[70]], "description": ["new rules"]})
    beside = Beside(patients=panel(RM1=patients), remaining=True, changes=changes)
    frame = flags(panel(RM1=rest), wave=False, beside=beside)
    assert frame["flag"].tolist() == ["impossible", "specification_change"]
    assert masking(frame)["flag"].tolist() == ["impossible"]
    assert findings(frame)["note"].tolist() == ["new rules"]


def test_findings_never_mask():
    values = counted(140, 1)
    every = pd.DataFrame(
        {"date": DAYS[: len(KINDS)], "location": "RM1", "flag": [kind.flag for kind in KINDS], "note": "a test"}
    )
    clean = masked(panel(RM1=values), every)
    missing = clean["RM1"].isna().to_numpy()[: len(KINDS)]
    assert missing.tolist() == [kind.flag not in FINDINGS for kind in KINDS]
    assert {
        "level_shift",
        "specification_change",
        "weekday_shift",
        "unreliable_series",
        "merger",
        "carried_weekends",
    } == FINDINGS
