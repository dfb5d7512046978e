"""Fit to leave, beds and staff of the simulated twin, days x hospitals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from forecast.sources.twin_parameters import Parameters
from forecast.sources.twin_waves import Array, autoregression


def simulate_discharge(parameters: Parameters, rng: np.random.Generator) -> dict[str, Array]:
    """``nctr_patients``, ``nctr_discharged`` and ``nctr_remaining``, the first less the second."""
    shape = (len(parameters.days), len(parameters.hospitals))
    common = autoregression(rng, (shape[0], 1), *parameters.row("nctr_common_noise").numbers)
    noise = common + noise_of("nctr_slow_noise", parameters, rng) + noise_of("nctr_fast_noise", parameters, rng)
    level = np.array(parameters.each("nctr_patients")) * level_factor(parameters)
    calendar = calendar_factor("nctr_calendar", parameters)[:, None]
    patients = np.round(level * weekday("nctr_weekday", parameters) * calendar * np.exp(noise))
    odds = logit(weekday("discharge_share", parameters)) + np.log(_from_day("discharge_odds", parameters, 1.0))
    discharged = np.round(patients * expit(odds + noise_of("discharge_noise", parameters, rng)))
    left = rng.integers(0, int(parameters.number("all_discharged_left")) + 1, shape)
    happens = rng.random(shape) < _from_day("all_discharged", parameters, 0.0)
    happens &= weekday("all_discharged_days", parameters) > 0
    discharged = np.where(happens, np.clip(patients - left, 0, None), discharged)
    return {
        "nctr_patients": patients,
        "nctr_discharged": discharged,
        "nctr_remaining": patients - discharged,
    }


def simulate_beds(parameters: Parameters, rng: np.random.Generator) -> dict[str, Array]:
    """``ga_beds_open`` and ``ga_beds_occupied``, never more occupied than open."""
    level = np.array(parameters.each("ga_beds_open"))
    opened = np.round(level * np.exp(noise_of("ga_beds_noise", parameters, rng)))
    odds = logit(np.array(parameters.each("ga_occupancy"))) + noise_of("ga_occupancy_noise", parameters, rng)
    occupied = np.round(opened * expit(odds) * weekday("ga_weekday", parameters))
    return {"ga_beds_open": opened, "ga_beds_occupied": np.minimum(occupied, opened)}


def simulate_staff(covid_beds: Array, parameters: Parameters, rng: np.random.Generator) -> dict[str, Array]:
    """``staff_absent_total`` and, of those, ``staff_absent_covid``, which follows the expected Covid beds."""
    seasons = [parameters.season(day) for day in parameters.days]
    ratio = {season: parameters.number("staff_absent_per_covid_bed", when=season) for season in set(seasons)}
    covid = rng.poisson(covid_beds * np.array([ratio[season] for season in seasons])[:, None]).astype(float)
    level = np.array(parameters.each("staff_absent")) * calendar_factor("staff_calendar", parameters)[:, None]
    other = level * weekday("staff_weekday", parameters) * np.exp(noise_of("staff_noise", parameters, rng))
    return {"staff_absent_total": np.round(other) + covid, "staff_absent_covid": covid}


def noise_of(name: str, parameters: Parameters, rng: np.random.Generator) -> Array:
    """Autoregressive noise; a hospital may have a standard deviation and persistence of its own."""
    pairs = [parameters.row(name, code).numbers for code in parameters.hospitals]
    days = (len(parameters.days), 1)
    return np.hstack([autoregression(rng, days, deviation, persistence) for deviation, persistence in pairs])


def weekday(name: str, parameters: Parameters) -> Array:
    """Seven values, Monday first, along the days; a hospital without its own may have them some days late."""
    own = {row.location for row in parameters.named(name)}
    day = parameters.days.day_of_week.to_numpy()
    columns = []
    for code in parameters.hospitals:
        late = 0 if code in own else int(parameters.number("weekday_shift", code))
        columns.append(np.array(parameters.row(name, code).numbers)[(day - late) % 7])
    return np.column_stack(columns)


def calendar_factor(name: str, parameters: Parameters) -> Array:
    """Straight lines between the month-and-day points of ``name``, the same every year."""
    days = parameters.days
    points = sorted(
        (pd.Timestamp(f"{year}-{row.when}"), row.number)
        for year in range(days[0].year - 1, days[-1].year + 2)
        for row in parameters.rows(name)
    )
    clock = [(date - days[0]).days for date, _ in points]
    return np.interp(np.arange(len(days)), clock, [value for _, value in points])


def level_factor(parameters: Parameters) -> Array:
    """Factor of the level shifts: 1 before the first day, in full from the last, a log line between."""
    clock = np.arange(len(parameters.days))
    factor = np.ones((len(clock), len(parameters.hospitals)))
    for row in parameters.named("level_shift"):
        first, last = ((date - parameters.days[0]).days for date in row.span)
        progress = np.clip((clock - first + 1) / (last - first + 1), 0, 1)
        factor[:, parameters.hospitals.index(row.location)] *= row.number**progress
    return factor


def _from_day(name: str, parameters: Parameters, before: float) -> Array:
    """Values that hold from the day in ``when`` until the next such day."""
    out = np.full((len(parameters.days), len(parameters.hospitals)), before)
    for row in parameters.named(name):
        out[parameters.days >= pd.Timestamp(row.when), parameters.hospitals.index(row.location)] = row.number
    return out
