"""Long stays and ambulance delays of the twin: at the levels published, in their own random streams."""

import numpy as np
import pandas as pd
import pytest

from forecast.sources.twin_parameters import Parameters
from forecast.sources.twin_pressures import simulate_ambulances, simulate_long_stays


@pytest.fixture(scope="module")
def parameters():
    return Parameters()


@pytest.fixture(scope="module")
def winter(parameters):
    """Days of the season in which both are published."""
    day = parameters.days.strftime("%m-%d")
    return (day >= "11-20") | (day <= "03-31")


def test_long_stays_lie_at_each_hospitals_level_and_move_slowly(parameters, winter):
    stays = pd.DataFrame(simulate_long_stays(parameters, np.random.default_rng(3))["los_21plus_beds"])[winter]
    assert np.allclose(stays.mean() / parameters.each("long_stay_beds"), 1, atol=0.06)
    assert np.log(stays).apply(lambda one: one.autocorr(1)).median() > 0.8


def test_more_than_half_of_norfolks_delayed_handovers_take_over_an_hour_as_published(parameters, winter):
    made = {
        name: pd.DataFrame(values, columns=list(parameters.hospitals))[winter]
        for name, values in simulate_ambulances(parameters, np.random.default_rng(3)).items()
    }
    short, long = made["ambulance_delays_30_60min"], made["ambulance_delays_over_60min"]
    assert (long.sum() / (short + long).sum())["RM1"] == pytest.approx(0.73, abs=0.02)
    levels = pd.Series(parameters.each("ambulance_delays"), index=parameters.hospitals)
    assert ((short + long).mean() / levels).between(0.8, 1.25).all()
    assert (short + long).var().gt((short + long).mean()).all()  # days differ more than chance alone makes them


def test_the_same_stream_makes_the_same_series(parameters):
    first, second = (simulate_ambulances(parameters, np.random.default_rng(5)) for _ in range(2))
    assert all(np.array_equal(first[name], second[name]) for name in first)
