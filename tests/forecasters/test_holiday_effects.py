"""What bank holidays do, and how far a location goes with it."""

from __future__ import annotations

import shutil

import numpy as np
import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.forecasters import default_forecaster
from forecast.forecasters.holiday_effects import FILE, HolidayEffects, known_effects
from forecast.reference import reference

SHAPES = {
    "christmas": {0: -0.4, 1: -0.3},
    "new_year": {0: -0.2},
    "easter": {0: -0.1, 3: -0.2},
    "single": {0: -0.1, 1: -0.05},
}


def on(effects: HolidayEffects, first: str, last: str) -> dict[str, float]:
    dates = pd.date_range(first, last)
    return {f"{d:%Y-%m-%d}": round(v, 6) for d, v in zip(dates, effects.at(dates), strict=True) if v}


def test_each_bank_holiday_has_the_effect_of_its_kind():
    found = on(HolidayEffects(SHAPES), "2022-12-20", "2023-05-31")
    assert found == {
        "2022-12-26": -0.4,  # Christmas Day was a Sunday
        "2022-12-27": -0.3,
        "2023-01-02": -0.2,
        "2023-04-07": -0.1,
        "2023-04-10": -0.2,
        "2023-05-01": -0.1,
        "2023-05-02": -0.05,
        "2023-05-08": -0.1,  # the coronation
        "2023-05-09": -0.05,
        "2023-05-29": -0.1,
        "2023-05-30": -0.05,
    }


def test_christmas_begins_on_the_day_itself_in_the_week():
    assert on(HolidayEffects(SHAPES), "2024-12-20", "2024-12-31") == {"2024-12-25": -0.4, "2024-12-26": -0.3}


def test_a_window_that_begins_inside_an_event_knows_the_rest_of_it():
    assert on(HolidayEffects(SHAPES), "2023-05-02", "2023-05-03") == {"2023-05-02": -0.05}


@pytest.mark.parametrize("scale", [0.0, 0.5, 2.0])
def test_a_location_is_scaled_by_what_its_holidays_did_before(scale):
    dates = pd.date_range("2021-12-01", "2024-03-31")
    national = HolidayEffects(SHAPES)
    logs = 5 + scale * national.at(dates) + np.random.default_rng(1).normal(0, 0.01, len(dates))
    assert national.learned(logs, dates).scales == pytest.approx((scale, scale), abs=0.05)


def test_a_location_never_seen_on_a_holiday_keeps_the_shapes():
    dates = pd.date_range("2023-06-05", "2023-08-20")
    assert HolidayEffects(SHAPES).learned(np.full(len(dates), 5.0), dates).scales == (1.0, 1.0)
    gone = np.full(60, 5.0)
    dates = pd.date_range("2023-04-20", periods=60)
    gone[HolidayEffects(SHAPES).at(dates) != 0] = np.nan
    assert HolidayEffects(SHAPES).learned(gone, dates).scales == (1.0, 1.0)


def test_fit_to_leave_falls_at_christmas_and_a_metric_not_listed_has_no_effect():
    dates = pd.date_range("2024-12-20", "2024-12-31")
    effect = pd.Series(known_effects("nctr_patients").at(dates), index=dates)
    assert effect["2024-12-26"] < -0.3
    assert effect["2024-12-20"] == 0
    assert not known_effects("flu_beds").at(dates).any()


def test_too_few_ordinary_days_to_compare_with_leave_the_usual_effects():
    dates = pd.date_range("2022-12-01", "2023-06-30")
    thursdays = np.where(dates.day_of_week == 3, 5.0, np.nan)
    assert HolidayEffects(SHAPES).learned(thursdays, dates).scales == (1.0, 1.0)


def test_an_earlier_origin_knows_nothing_of_a_later_christmas():
    def first_day(day: str) -> float:
        return known_effects("nctr_patients", pd.Timestamp(day)).shapes.get("christmas", {}).get(0, 0.0)

    # Christmas 2022 alone until the end of 2023, then the median of both
    assert [first_day(day) for day in ("2022-12-31", "2023-01-01", "2023-12-31", "2024-01-01")] == [
        0.0,
        -0.28,
        -0.28,
        -0.33,
    ]
    assert known_effects("nctr_patients").shapes == known_effects("nctr_patients", pd.Timestamp("2030-01-01")).shapes
    assert not known_effects("nctr_patients", pd.Timestamp("2022-05-01")).shapes


def test_values_too_far_apart_to_say_what_is_ordinary_keep_the_shapes():
    dates = pd.date_range("2022-06-01", "2023-06-30")
    logs = np.where(dates.day_of_week == 2, 5.0, np.nan)
    assert HolidayEffects(SHAPES).learned(logs, dates).scales == (1.0, 1.0)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("known_from", "since", "column 'known_from' is missing"),
        ("2023-01-05", "", "a row of 'new_year' lacks known_from"),
        ("2023-01-05", "soon", "a row of 'new_year' cannot be read"),
        ("-0.17", "a sixth", "a row of 'new_year' cannot be read .*a sixth"),
        ("new_year", "epiphany", "event 'epiphany' is none of christmas, new_year, easter, single"),
    ],
)
def test_a_damaged_table_is_told_before_a_model_is_fitted(monkeypatch, tmp_path, before, after, said):
    folder = shutil.copytree(reference().folder, tmp_path / "reference")
    text = (folder / FILE).read_text(encoding="utf-8").replace(before, after, 1)
    (folder / FILE).write_text(text, encoding="utf-8")
    monkeypatch.setenv("FORECAST_REFERENCE", str(folder))
    with pytest.raises(InputError, match=f"{FILE}: {said}"):
        default_forecaster("nctr_patients")


def test_without_the_table_no_metric_has_effects(monkeypatch, tmp_path):
    folder = shutil.copytree(reference().folder, tmp_path / "reference")
    (folder / FILE).unlink()
    monkeypatch.setenv("FORECAST_REFERENCE", str(folder))
    assert not known_effects("nctr_patients").shapes
