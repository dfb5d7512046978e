import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.observations.quality import flags, masking
from forecast.sources.twin_waves import occupied

DAYS = pd.date_range("2022-03-07", periods=140, name="date")
WEEKDAYS = np.tile([100.0, 104, 105, 103, 106, 96, 88], 20)


def counted(level: float = 200.0, seed: int = 1, scatter: float = 0.05) -> np.ndarray:
    """A hospital that counts every day: a weekday shape and its own scatter, so that no day repeats for long."""
    noise = np.random.default_rng(seed).normal(0, scatter, len(DAYS))
    return np.rint(level * WEEKDAYS / 100 * np.exp(noise))


def wave(peak: float, middle: int = 70, growth: float = 0.12, seed: int = 1, stock: bool = True) -> np.ndarray:
    """Patients present, staying seven days on average, or admitted a day."""
    days = np.arange(len(DAYS)) - middle
    curve = peak / (0.5 * np.exp(-growth * days) + 0.5 * np.exp(growth * days))
    beds, admitted = occupied(curve[:, None], 7.0, np.random.default_rng(seed))
    return (beds if stock else admitted)[:, 0]


def found(values: np.ndarray, is_wave: bool = False, stock: bool = True) -> dict[int, str]:
    """Day number to masking flag."""
    panel = pd.DataFrame({"RM1": values}, index=DAYS[: len(values)])
    frame = masking(flags(panel, wave=is_wave, stock=stock))
    return {int(np.flatnonzero(date == DAYS)[0]): flag for date, flag in zip(frame["date"], frame["flag"], strict=True)}


def with_day(values: np.ndarray, day: int, value: float) -> np.ndarray:
    return np.where(np.arange(len(values)) == day, value, values)


def note(values: np.ndarray, day: int, is_wave: bool = False) -> str:
    frame = flags(pd.DataFrame({"RM1": values}, index=DAYS[: len(values)]), wave=is_wave)
    return str(frame.loc[frame["date"] == DAYS[day], "note"].iloc[0])


def test_a_digit_typed_twice_is_a_spike_that_says_what_was_meant():
    values = with_day(with_day(counted(), 79, 200), 80, 1995)
    assert found(values) == {80: "spike"}
    assert note(with_day(values, 80, 2004), 80).endswith("it reads ten times too high")
    assert note(with_day(values, 80, 1204), 80).endswith("it reads like 204 with a digit too many")


def test_twice_the_usual_count_is_told_as_doubled():
    values = counted()
    values[80] *= 2
    assert found(values) == {80: "doubled"}
    assert "is about twice the" in note(values, 80)


def test_a_day_far_too_low_is_flagged_but_not_the_lowest_day_of_a_usual_week():
    assert found(counted()) == {}
    assert found(with_day(counted(), 80, 60)) == {80: "low_day"}


def test_a_bank_holiday_as_quiet_as_a_weekend_and_more_is_believed():
    """Monday 2 May 2022 is day 56; half the usual count would be flagged on another Monday."""
    monday = counted()[56] / 2
    assert found(with_day(counted(), 63, monday)) == {63: "low_day"}
    assert found(with_day(counted(), 56, monday)) == {}


@pytest.mark.parametrize("stock", [True, False])
@pytest.mark.parametrize("peak", [25, 80, 400, 3000])
@pytest.mark.parametrize("growth", [0.08, 0.2])
def test_no_day_of_a_wave_is_flagged_on_the_day_or_later(peak, growth, stock):
    values = wave(peak, growth=growth, stock=stock)
    for known in (*range(30, 110, 5), len(values)):
        assert found(values[:known], is_wave=True, stock=stock) == {}, known


def test_a_spike_in_a_wave_is_found():
    values = wave(200)
    values[60] *= 3
    assert found(values, is_wave=True)[60] == "spike"


def test_a_spike_on_the_newest_day_is_flagged_at_once_and_still_is_later():
    values = with_day(counted(), 100, 455)
    assert 100 in found(values[:101])
    assert 100 in found(values)


def test_a_new_level_is_doubted_for_a_day_at_most_and_then_believed():
    values = counted()
    values[100:] *= 1.6
    assert 100 not in found(values[:103])
    assert found(values) == {}


def test_a_fault_of_two_days_is_found_on_both():
    values = counted()
    values[80:82] = [40, 45]
    assert found(values) == {80: "low_day", 81: "low_day"}


def test_small_counts_may_double():
    values = np.random.default_rng(3).poisson(4, len(DAYS)).astype(float)
    values[80] = 9
    assert found(values) == {}


def test_a_flow_scatters_more_than_a_count_of_people_present():
    busy = with_day(40 + np.resize([0.0, 1, 0, -1], len(DAYS)), 80, 70)
    assert found(busy) == {80: "spike"}
    assert found(busy, stock=False) == {}


@settings(max_examples=60, deadline=None)
@given(
    level=st.floats(30, 2000),
    slope=st.floats(-0.01, 0.01),
    swing=st.floats(0, 0.3),
    period=st.floats(40, 200),
    shape=st.lists(st.floats(0.85, 1.15), min_size=7, max_size=7),
    step=st.floats(0.001, 0.02),
)
def test_a_smooth_series_that_moves_is_never_flagged(level, slope, swing, period, shape, step):
    """Any trend, slow wave and weekday shape; the alternating step keeps neighbours apart."""
    days = np.arange(len(DAYS))
    values = level * np.exp(slope * days + swing * np.sin(2 * np.pi * days / period) + step * np.cos(days * 2.4))
    assert found(values * np.resize(shape, len(days))) == {}
