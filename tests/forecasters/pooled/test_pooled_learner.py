"""The learner keeps as much of its centre, and as wide a range, as time it has not seen bears out."""

from __future__ import annotations

import numpy as np
import pytest

from forecast.forecasters.pooled.learner import LEVELS, Examples, Learner, Linear, Size, _bands, judged

SIZE = Size(iterations=25, leaves=4, learning_rate=0.1)


def examples(rows: int = 1200, slope: float = 1.0, dates: int = 100, seed: int = 0, shock: float = 0.0) -> Examples:
    """Target ``slope`` times the second feature, noise, and a shock that all examples of a date share."""
    rng = np.random.default_rng(seed)
    origin = rng.integers(0, dates, rows)
    ahead = rng.integers(1, 5, rows)
    signal = rng.normal(0, 1, rows)
    common = rng.normal(0, 1, dates // 10 + 1)[origin // 10]
    noise = rng.normal(0, 0.5, rows)
    features = np.column_stack([ahead, signal, common * shock, np.full(rows, np.nan), origin]).astype(np.float32)
    return Examples(origin, ahead, features, slope * signal + noise + shock * rng.permutation(common))


def learner(**changed) -> Learner:
    settings = {"folds": 4, "size": SIZE} | changed
    return Learner([0, 1, 2, 3, 4], ["ahead", "recent", "level", "volatility", "season"], [], 4, **settings)


def test_a_linear_signal_is_found():
    learned = Linear([1], 4).fit(examples(slope=0.8))
    ahead = np.full(2, 2)
    low, high = learned.predict(np.array([[2, -1], [2, 1]], dtype=np.float32), ahead)
    assert (high - low) / 2 == pytest.approx(0.8, abs=0.1)


def test_a_linear_forecast_does_not_follow_a_slip():
    learned = Linear([1], 4).fit(examples())
    near, far = learned.predict(np.array([[2, 6], [2, 900]], dtype=np.float32), np.full(2, 2))
    assert near == far


def test_quantiles_rise_and_hold_what_they_say():
    learned = learner().fit(examples(4000))
    new = examples(2000, seed=1)
    found = learned.predict(new.features, new.ahead)
    assert found.shape == (2000, len(LEVELS))
    assert (np.diff(found, axis=1) >= 0).all()
    held = (new.target >= found[:, 0]) & (new.target <= found[:, -1])
    assert 0.84 < held.mean() < 0.96


def test_what_fails_out_of_fold_is_not_trusted():
    assert learner().fit(examples(slope=1.0)).trust[1:].min() >= 0.8
    rng = np.random.default_rng(2)
    noise = examples(600)
    # Each stretch of time has its own level, which the date tells in sample and nothing tells out of it.
    level = rng.normal(0, 2, 10)[noise.origin // 10]
    told = Examples(noise.origin, noise.ahead, noise.features, level + rng.normal(0, 0.1, 600))
    checked, unchecked = (learner(folds=folds, with_linear=False).fit(told) for folds in (4, 0))
    assert checked.wide[1:].max() > 1.2
    assert checked.trust[1:].min() < 0.8
    assert (unchecked.wide == 1).all()
    assert (unchecked.trust == 1).all()


def test_the_judgement_is_that_of_hand_worked_numbers():
    centre = np.linspace(-2, 2, 401)
    found = centre[:, None] + np.array([-1.0, 0.0, 1.0])
    trust, wide = judged(found, 0.5 * centre)
    assert trust == 0.5
    assert wide == 0.9  # the smallest allowed: nothing was ever off
    # Nine in ten outcomes lie within 1.5 of the centre where the range says within 1: half as wide again.
    off = np.resize(np.linspace(-1.5 / 0.9, 1.5 / 0.9, 21), 401)
    trust, wide = judged(found, 4 * centre + off)
    assert trust == 1.0
    trust, wide = judged(np.zeros((401, 1)) + np.array([-1.0, 0.0, 1.0]), off)
    assert wide == pytest.approx(1.5, abs=0.1)


@pytest.mark.parametrize(
    ("steps", "bands"), [(1, [(1, 1)]), (4, [(1, 1), (2, 2), (3, 4)]), (9, [(1, 1), (2, 3), (4, 5), (6, 9)])]
)
def test_bands_cover_every_step_once(steps, bands):
    assert _bands(steps) == bands


def test_most_examples_are_not_judged_by_the_few_from_before_a_long_gap():
    before, after = examples(300, slope=-1.0, dates=30), examples(3000, slope=1.0, seed=1)
    parts = [np.concatenate([getattr(before, name), getattr(after, name)]) for name in ("ahead", "features", "target")]
    learned = learner().fit(Examples(np.concatenate([before.origin, 900 + after.origin]), *parts))
    assert learned.trust[1:].min() >= 0.7
    assert learned.wide[1:].max() <= 1.5
