"""How errors hang together, against simulations whose dependence is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from forecast.forecasters.dependence import Dependence, _longer, of_changes, scores_between, values_between

LEVELS = ndtri(np.array([0.05, 0.25, 0.5, 0.75, 0.95]))
CODES = ["RM1", "RGP", "RCX", "RAJ", "RQ8"]


def stream(*names: str) -> np.random.Generator:
    return np.random.default_rng([ord(letter) for letter in "".join(names)])


def persistent(steps: int, share: float) -> np.ndarray:
    """Correlation over steps of a first-order autoregression."""
    return share ** np.abs(np.subtract.outer(np.arange(steps), np.arange(steps)))


def simulated(tie: float, share: float, origins: int = 600, steps: int = 6) -> np.ndarray:
    rng = np.random.default_rng(5)
    root = np.linalg.cholesky(persistent(steps, share))
    common = rng.standard_normal((origins, 1, steps))
    own = rng.standard_normal((origins, len(CODES), steps))
    return (tie * common + np.sqrt(1 - tie**2) * own) @ root.T


@pytest.mark.parametrize(("tie", "share"), [(0.6, 0.8), (0.0, 0.3)])
def test_known_ties_and_serial_correlation_are_recovered(tie, share):
    scores = simulated(tie, share)
    scores[np.random.default_rng(1).random(scores.shape) < 0.1] = np.nan
    learned = Dependence.learn(scores, CODES)
    assert learned.serial == pytest.approx(persistent(6, share), abs=0.06)
    assert list(learned.ties.values()) == pytest.approx([tie] * 5, abs=0.15 if tie == 0 else 0.06)


def test_a_location_apart_from_the_others_has_a_smaller_tie():
    scores = simulated(0.7, 0.5)
    scores[:, 2] = simulated(0.0, 0.5)[::-1, 2]
    learned = Dependence.learn(scores, CODES)
    assert learned.ties["RCX"] < 0.2
    assert min(learned.ties[code] for code in CODES if code != "RCX") > 0.5


def test_with_few_origins_a_location_is_taken_for_a_usual_one():
    scores = simulated(0.7, 0.5)[:10]
    scores[:, 2] = simulated(0.0, 0.5)[::-1, 2][:10]
    learned = Dependence.learn(scores, CODES)
    assert abs(learned.ties["RCX"] - learned.usual) < 0.25 * learned.usual


def test_one_location_alone_and_one_without_errors_have_no_dependence():
    assert Dependence.learn(simulated(0.6, 0.8)[:, :1], ["RM1"]).usual == 0
    nothing = Dependence.learn(np.full((9, 2, 4), np.nan), ["RM1", "RGP"])
    assert set(nothing.ties.values()) == {0.0}
    assert np.isfinite(nothing.ranks(["RM1"], 4, 10, stream)).all()


def test_ranks_fall_one_in_each_part_at_every_step_and_place():
    ranks = Dependence(persistent(6, 0.8), {"RM1": 0.5}, 0.3).ranks(["RM1", "RGP"], 9, 40, stream)
    assert np.sort(ranks, axis=1) == pytest.approx(np.broadcast_to((np.arange(40) + 0.5)[:, None] / 40, (2, 40, 9)))


def test_ranks_have_the_learned_correlation_over_steps_and_between_places():
    dependence = Dependence(persistent(6, 0.8), {"RM1": 0.9, "RGP": 0.6}, 0.5)
    scores = ndtri(dependence.ranks(["RM1", "RGP", "NEW"], 6, 5000, stream))
    assert np.corrcoef(scores[0].T) == pytest.approx(persistent(6, 0.8), abs=0.04)
    assert np.corrcoef(scores[:, :, 3])[0, 1:] == pytest.approx([0.54, 0.45], abs=0.04)


def test_the_sum_over_a_county_varies_as_theory_says():
    ties = {"RM1": 0.9, "RGP": 0.6, "RCX": 0.3}
    total = ndtri(Dependence(np.eye(2), ties, 0.0).ranks(list(ties), 2, 5000, stream)).sum(axis=0)
    assert total.var(axis=0) == pytest.approx(3 + 2 * (0.54 + 0.27 + 0.18), rel=0.05)


def test_ranks_of_a_place_do_not_depend_on_who_else_is_asked_for():
    dependence = Dependence(persistent(4, 0.8), {"RM1": 0.9}, 0.6)
    both, alone = (dependence.ranks(codes, 8, 30, stream) for codes in (["RM1", "RGP"], ["RGP"]))
    assert np.array_equal(both[1], alone[0])


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 8), st.integers(1, 60), st.integers(0, 1000))
def test_the_correlation_over_any_number_of_steps_is_positive_definite(known, steps, seed):
    rng = np.random.default_rng(seed)
    spoilt = np.clip(persistent(known, 0.9) + rng.normal(0, 0.3, (known, known)), -1, 1)
    spoilt = np.tril(spoilt, -1) + np.tril(spoilt, -1).T
    spoilt[0, -1] = spoilt[-1, 0] = np.nan
    np.fill_diagonal(spoilt, 1.0)
    longer = _longer(spoilt, steps)
    assert longer.shape == (steps, steps)
    assert np.diag(longer) == pytest.approx(1)
    assert np.linalg.eigvalsh(longer).min() > 0


def test_beyond_what_was_learned_errors_wander_on():
    walk = Dependence.independent(20).serial
    assert _longer(walk[:6, :6], 20) == pytest.approx(walk, abs=0.01)


def test_changes_of_places_that_move_together_are_tied_and_of_walks_serially_correlated():
    rng = np.random.default_rng(2)
    steps = 0.8 * rng.standard_normal((500, 1)) + 0.6 * rng.standard_normal((500, 5))
    learned = of_changes(steps.cumsum(axis=0), CODES, 1, steps_days=14)
    assert learned.usual == pytest.approx(0.8, abs=0.1)
    assert learned.serial == pytest.approx(Dependence.independent(14).serial, abs=0.12)


def test_weekly_changes_are_of_as_many_days():
    levels = np.random.default_rng(2).standard_normal((80, 2)).cumsum(axis=0)
    assert of_changes(levels, CODES[:2], 7).serial.shape == (6, 6)


@pytest.mark.parametrize("levels", [np.zeros((100, 2)), np.full((100, 2), np.nan), np.zeros((5, 2)), np.zeros((1, 1))])
def test_histories_that_tell_nothing_give_no_ties(levels):
    learned = of_changes(levels, CODES[: levels.shape[1]], 1)
    assert learned.usual == 0
    assert np.isfinite(learned.ranks(CODES[:2], 50, 4, stream)).all()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.01, 10), min_size=5, max_size=5), st.floats(-3.5, 3.5))
def test_scores_and_values_undo_each_other(steps, score):
    quantiles = np.cumsum(steps)
    value = values_between(LEVELS, quantiles, np.array([score]))
    assert scores_between(LEVELS, quantiles, value[0]) == pytest.approx(score, abs=1e-6)


@pytest.mark.parametrize("z", [-3.0, -1.2, 0.0, 0.4, 2.5])
def test_under_gaussian_quantiles_the_score_is_the_distance_in_standard_deviations(z):
    quantiles = 20 + 3 * np.stack([LEVELS, LEVELS + 1])
    assert scores_between(LEVELS, quantiles, np.array([20 + 3 * z, 20 + 3 * z])) == pytest.approx([z, z - 1])
    assert values_between(LEVELS, quantiles, np.full((2, 1), z))[:, 0] == pytest.approx([20 + 3 * z, 23 + 3 * z])


def test_a_value_that_is_several_quantiles_at_once_has_their_middle_score():
    quantiles = np.array([[11.0, 12, 12, 12, 13], [12.0, 12, 12, 12, 12], [5.0, 5, 5, 6, 7]])
    found = scores_between(LEVELS, quantiles, np.array([12.0, 12.0, np.nan]))
    assert found[:2] == pytest.approx([0, 0])
    assert np.isnan(found[2])


def test_a_score_is_never_further_off_than_four():
    assert scores_between(LEVELS, np.full(5, 12.0), np.array(90.0)) == 4
    assert scores_between(LEVELS, 12 + LEVELS, np.array(-90.0)) == -4
