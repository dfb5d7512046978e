"""Long stays and ambulance handover delays of the simulated twin, days x hospitals."""

from __future__ import annotations

import numpy as np

from forecast.sources.twin_hospitals import calendar_factor, noise_of, weekday
from forecast.sources.twin_parameters import Parameters
from forecast.sources.twin_waves import Array


def simulate_long_stays(parameters: Parameters, rng: np.random.Generator) -> dict[str, Array]:
    """``los_21plus_beds``: a level of each hospital that moves slowly, with hardly a week in it."""
    level = np.array(parameters.each("long_stay_beds"))
    shape = weekday("long_stay_weekday", parameters) * calendar_factor("long_stay_calendar", parameters)[:, None]
    return {"los_21plus_beds": np.round(level * shape * np.exp(noise_of("long_stay_noise", parameters, rng)))}


def simulate_ambulances(parameters: Parameters, rng: np.random.Generator) -> dict[str, Array]:
    """``ambulance_delays_30_60min`` and ``ambulance_delays_over_60min``: bad days, and weeks, that come and go."""
    level = np.array(parameters.each("ambulance_delays"))
    shape = weekday("ambulance_weekday", parameters) * calendar_factor("ambulance_calendar", parameters)[:, None]
    noise = noise_of("ambulance_slow_noise", parameters, rng) + noise_of("ambulance_fast_noise", parameters, rng)
    delayed = rng.poisson(level * shape * np.exp(noise))
    longer = rng.binomial(delayed, np.array(parameters.each("ambulance_over_60min")))
    return {
        "ambulance_delays_30_60min": (delayed - longer).astype(float),
        "ambulance_delays_over_60min": longer.astype(float),
    }
