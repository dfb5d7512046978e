"""Findings about a series as a whole: each told on its first day, none of them masking."""

import shutil

import numpy as np
import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.observations.flagging import flags_of
from forecast.observations.quality import Beside, flags, masking
from forecast.observations.quality.known import known
from forecast.reference import Reference, reference

DAYS = pd.date_range("2023-01-02", periods=392, name="date")
WEEKDAYS = np.array([0.95, 1.1, 1.12, 1.1, 1.15, 0.85, 0.73])


def counted(level: float, seed: int, late: int = 0, scatter: float = 0.05) -> np.ndarray:
    shape = WEEKDAYS[(DAYS.day_of_week.to_numpy() - late) % 7]
    return np.rint(level * shape * np.exp(np.random.default_rng(seed).normal(0, scatter, len(DAYS))))


def england(**own: np.ndarray) -> pd.DataFrame:
    """Twelve ordinary hospitals and those given."""
    others = {f"R{i:02d}": counted(100 + 10 * i, i) for i in range(12)}
    return pd.DataFrame({**others, **own}, index=DAYS)


def told(panel: pd.DataFrame, flag: str, **beside: object) -> dict[str, list[pd.Timestamp]]:
    frame = flags(panel, wave=False, beside=Beside(**beside))  # type: ignore[arg-type]
    assert masking(frame).empty
    rows = frame[frame["flag"] == flag]
    return {code: list(part["date"]) for code, part in rows.groupby("location")}


def test_a_hospital_that_halves_is_told_on_the_monday_from_which_it_does():
    halved = counted(200, 20)
    halved[210:] = np.rint(halved[210:] / 2)
    assert told(england(RCX=halved), "level_shift") == {"RCX": [DAYS[210]]}


def test_a_wave_is_no_new_level():
    wave = counted(200, 20)
    wave[210:] = np.rint(wave[210:] / 2)
    assert "level_shift" not in set(flags(england(RCX=wave), wave=True)["flag"])


def test_a_level_shift_is_known_four_weeks_after_and_not_two():
    halved = counted(200, 20)
    halved[210:] = np.rint(halved[210:] / 2)
    panel = england(RCX=halved)
    assert "RCX" in told(panel.iloc[: 210 + 28], "level_shift")
    assert told(panel.iloc[: 210 + 14], "level_shift") == {}


def test_what_all_hospitals_do_is_no_shift_of_one_of_them():
    panel = england()
    panel.iloc[210:] = np.rint(panel.iloc[210:] * 1.6)
    assert told(panel, "level_shift") == {}


def test_two_high_weeks_are_no_new_level():
    busy = counted(200, 20)
    busy[210:224] = np.rint(busy[210:224] * 1.5)
    assert told(england(RGP=busy), "level_shift") == {}


def test_days_that_are_one_late_are_told_and_the_usual_ones_not():
    frame = flags(england(RM1=counted(200, 20, late=1)), wave=False)
    assert frame["location"].tolist() == ["RM1"]
    assert frame["flag"].tolist() == ["weekday_shift"]
    assert "days look one day late: lowest on a Monday where other hospitals are lowest on a Sunday" in frame["note"][0]


def test_few_hospitals_show_no_usual_week_to_compare_with():
    two = pd.DataFrame({"RM1": counted(200, 20, late=1), "RGP": counted(100, 21)}, index=DAYS)
    assert told(two, "weekday_shift") == {}


def test_discharges_that_nearly_equal_the_patients_make_an_unreliable_series():
    patients = counted(200, 20)
    rest = np.rint(patients * 0.45)
    weekdays = np.flatnonzero((DAYS.day_of_week < 5) & (np.arange(len(DAYS)) >= 200))
    rest[weekdays[::2]] = 3
    panels = {"patients": pd.DataFrame({"RM1": patients, "RGP": patients}, index=DAYS)}
    frame = pd.DataFrame({"RM1": rest, "RGP": np.rint(patients * 0.45)}, index=DAYS)
    dates = told(frame, "unreliable_series", remaining=True, **panels)
    assert list(dates) == ["RM1"]
    assert len(dates["RM1"]) == 1
    # A quarter of the 65 weekdays of 13 weeks, every other weekday from day 200 on: some 33 weekdays later.
    assert DAYS[240] <= dates["RM1"][0] <= DAYS[250]


def test_a_change_of_specification_is_told_only_to_those_with_values_on_both_sides():
    changes = pd.DataFrame({"date": [DAYS[100]], "description": ["new rules"]})
    late = counted(200, 20)
    late[:150] = np.nan
    panel = pd.DataFrame({"RM1": counted(200, 21), "RGP": late}, index=DAYS)
    assert told(panel, "specification_change", changes=changes) == {"RM1": [DAYS[100]]}


def test_a_code_that_stops_as_another_rises_by_as_much_is_a_merger():
    gone, into = counted(120, 20), counted(200, 21)
    into[210:] += gone[210:]
    gone = gone.copy()
    gone[210:] = np.nan
    panel = england(RA4=gone, RH5=into)
    frame = flags(panel, wave=False)
    rows = frame[frame["flag"] == "merger"]
    assert set(rows["location"]) == {"RA4", "RH5"}
    assert set(rows["date"]) == {DAYS[210]}
    assert "RA4 stopped at about" in rows["note"].iloc[0]
    assert rows["note"].iloc[0].endswith("it looks as if one took over the other")


def test_a_code_that_stops_while_nobody_rises_is_no_merger():
    gone = counted(120, 20)
    gone[210:] = np.nan
    assert told(england(RA4=gone), "merger") == {}


def test_a_code_that_stops_as_another_rises_by_twice_as_much_is_no_merger():
    gone, into = counted(120, 20), counted(200, 21)
    into[210:] += 2 * gone[210:]
    gone[210:] = np.nan
    assert told(england(RA4=gone, RH5=into), "merger") == {}


def test_a_merger_on_record_is_told_where_a_gap_hides_the_step():
    gone, into = counted(120, 20), counted(200, 21)
    gone[150:] = np.nan
    into[150:260] = np.nan
    record = pd.DataFrame({"date": [DAYS[200]], "from": ["RA4"], "into": ["RH5"], "source": ["a test"]})
    panel = pd.DataFrame({"RA4": gone, "RH5": into}, index=DAYS)
    assert told(panel, "merger", mergers=record) == {"RA4": [DAYS[200]], "RH5": [DAYS[200]]}


def test_weekends_filled_in_with_fridays_figure_are_told_once():
    carried = counted(200, 20)
    for saturday in np.flatnonzero(DAYS.day_of_week == 5):
        carried[saturday : saturday + 2] = carried[saturday - 1]
    panel = pd.DataFrame({"RCX": carried, "RM1": counted(200, 21)}, index=DAYS)
    frame = flags(panel, wave=False)
    assert frame["flag"].tolist() == ["carried_weekends"]
    assert frame["note"][0].startswith("Saturday and Sunday repeat Friday's figure on 25 of 25 weekends")


def test_a_table_that_was_edited_is_read_again_with_the_reference_tables(tmp_path):
    folder = tmp_path / "reference"
    shutil.copytree(reference().folder, folder)
    panel = pd.DataFrame({"RM1": counted(200, 21)}, index=DAYS)
    told_of = []
    for _ in range(2):
        frame = flags_of("my_queue", panel, lambda _: panel.iloc[:0], Reference(folder))
        told_of.append(frame["note"].tolist())
        with (folder / "specification_changes.csv").open("a") as table:
            table.write(f"{DAYS[100]:%Y-%m-%d},my_queue,counted by hand from now on,a test\n")
    assert told_of == [[], ["counted by hand from now on"]]


def test_the_tables_of_known_events_say_what_is_known_and_a_bad_row_is_named(tmp_path):
    shipped = known(reference().folder)
    assert {str(day.date()) for day in shipped.changes_of("nctr_patients")["date"]} == {"2022-06-20", "2024-05-27"}
    assert {str(day.date()) for day in shipped.changes_of("covid_beds_occupied")["date"]} == {
        "2023-06-01",
        "2024-04-01",
    }
    season = shipped.season("flu_beds")
    assert season is not None
    assert (season.first, season.last) == ("11-01", "04-30")
    assert shipped.season("nctr_patients") is None
    assert known(tmp_path).changes.empty
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "specification_changes.csv").write_text("date,metric,description,source\n27/05/2024,nctr_*,x,y\n")
    with pytest.raises(InputError, match="'27/05/2024' is not a date"):
        known(bad)
    (bad / "specification_changes.csv").write_text("date,metric\n")
    with pytest.raises(InputError, match="column 'description' is missing"):
        known(bad)
