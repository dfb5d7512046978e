"""The kinds of fault that published series have shown, each as a change to a few days of a simulated series."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LARGE = 30.0
HALF_YEAR = 182


class Days(NamedTuple):
    """Published values a fault is made of: those of its days, those of the weeks before, another metric's."""

    now: Array
    before: Array
    other: Array


class Fault(NamedTuple):
    """A kind of fault.

    Parameters
    ----------
    kind
        Its name.
    flags
        Flags of which any, on any of its days, finds it.
    metrics
        Metrics it is laid in.
    days
        Days it lasts, fewest and most.
    make
        From published to faulty values; NaN: no value. A result equal to what was published is not laid.
    smallest
        Fewest people on the first day.
    other
        Metric of the same hospital that ``make`` needs.
    """

    kind: str
    flags: tuple[str, ...]
    metrics: tuple[str, ...]
    days: tuple[int, int]
    make: Callable[[Days, np.random.Generator], Array]
    smallest: float = LARGE
    other: str = ""


def _digit_too_many(days: Days, rng: np.random.Generator) -> Array:
    text = f"{days.now[0]:.0f}"
    at = int(rng.integers(0, len(text)))
    return np.array([float(text[: at + 1] + text[at:])])


def _exchanged(days: Days, rng: np.random.Generator) -> Array:
    """Two neighbouring digits exchanged, where that changes the number by half or more; smaller slips look genuine."""
    text = f"{days.now[0]:.0f}"
    made = [float(text[:i] + text[i + 1] + text[i] + text[i + 2 :]) for i in range(len(text) - 1)]
    far = [m for m in made if abs(np.log(max(m, 1.0) / days.now[0])) > np.log(1.5)]
    return np.array([far[int(rng.integers(len(far)))]]) if far else days.now


def _ten_times(days: Days, rng: np.random.Generator) -> Array:
    return days.now * 10


def _tenth(days: Days, rng: np.random.Generator) -> Array:
    return np.floor(days.now / 10)


def _doubled(days: Days, rng: np.random.Generator) -> Array:
    return days.now * 2


def _low(days: Days, rng: np.random.Generator) -> Array:
    return np.round(days.now * rng.uniform(0.05, 0.45))


def _frozen(days: Days, rng: np.random.Generator) -> Array:
    return np.full(len(days.now), days.before[-1])


def _week_before(days: Days, rng: np.random.Generator) -> Array:
    return np.resize(days.before[-7:], len(days.now))


def _zero(days: Days, rng: np.random.Generator) -> Array:
    return np.zeros(len(days.now))


def _no_value(days: Days, rng: np.random.Generator) -> Array:
    return np.full(len(days.now), np.nan)


def _below_zero(days: Days, rng: np.random.Generator) -> Array:
    return -np.round(days.now * rng.uniform(0.05, 0.5)) - 1


def _above_open(days: Days, rng: np.random.Generator) -> Array:
    return np.round(days.other * rng.uniform(1.08, 1.25))


def _above_patients(days: Days, rng: np.random.Generator) -> Array:
    return days.other + float(rng.integers(1, 40))


def _copied(days: Days, rng: np.random.Generator) -> Array:
    return days.other


def _new_level(days: Days, rng: np.random.Generator) -> Array:
    return np.round(days.now * float(rng.choice([0.5, 0.6, 0.7, 1.4, 1.6, 1.9])))


def _day_late(days: Days, rng: np.random.Generator) -> Array:
    return np.append(days.before[-1:], days.now[:-1])


def _all_discharged(days: Days, rng: np.random.Generator) -> Array:
    few = np.minimum(days.now, rng.integers(0, 4, len(days.now)))
    made: Array = np.where(rng.random(len(days.now)) < 0.6, few, days.now)
    return made


_STOCKS = ("nctr_patients", "covid_beds_occupied", "ga_beds_occupied", "staff_absent_total", "flu_ga_beds_occupied")
_CALM = ("nctr_patients", "ga_beds_occupied", "staff_absent_total")
_HIGH = ("spike", "doubled", "occupied_above_open")
_LOW = ("low_day",)
_LEFT, _STAYED, _PATIENTS = "nctr_discharged", "nctr_remaining", "nctr_patients"
KINDS: dict[str, Fault] = {
    fault.kind: fault
    for fault in (
        Fault("digit too many", _HIGH, _STOCKS, (1, 1), _digit_too_many),
        Fault("ten times too high", _HIGH, _STOCKS, (1, 1), _ten_times),
        Fault("ten times too low", _LOW, _STOCKS, (1, 1), _tenth),
        Fault("digits exchanged", _HIGH + _LOW, _STOCKS, (1, 1), _exchanged),
        Fault("doubled", _HIGH, _STOCKS, (1, 1), _doubled),
        Fault("low day", _LOW, _STOCKS, (1, 1), _low),
        Fault("frozen", ("frozen",), _STOCKS, (6, 14), _frozen),
        Fault("week carried forward", ("frozen",), _CALM, (7, 21), _week_before),
        Fault("lone zero", ("lone_zero",), _STOCKS, (1, 3), _zero),
        Fault("week of zeros", ("missing_submission",), (_PATIENTS,), (7, 7), _zero),
        Fault("missing submission", ("missing_submission",), _STOCKS, (7, 7), _no_value),
        Fault("below zero", ("impossible",), (_STAYED,), (1, 1), _below_zero, 8.0),
        Fault(
            "occupied above open",
            ("occupied_above_open",),
            ("ga_beds_occupied",),
            (1, 1),
            _above_open,
            LARGE,
            "ga_beds_open",
        ),
        Fault(
            "discharges above patients",
            ("discharges_above_patients",),
            (_LEFT,),
            (1, 1),
            _above_patients,
            LARGE,
            _PATIENTS,
        ),
        Fault("copied column", ("copied_column",), (_PATIENTS,), (7, 7), _copied, LARGE, _LEFT),
        Fault("new level", ("level_shift",), (_PATIENTS,), (56, HALF_YEAR), _new_level),
        Fault("day late", ("weekday_shift",), (_LEFT,), (2 * HALF_YEAR, 2 * HALF_YEAR), _day_late),
        Fault("all discharged", ("unreliable_series",), (_STAYED,), (HALF_YEAR, HALF_YEAR), _all_discharged),
    )
}
