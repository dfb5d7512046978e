"""Ranges of scores against textbook standard errors."""

import numpy as np
import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.evaluation import coverage_range, difference
from forecast.evaluation.bootstrap import block_weights
from tests.evaluation.made_frames import of_errors, row


def test_each_draw_is_as_long_as_the_data_and_made_of_blocks():
    weights = block_weights(10, 3, 500, seed=1)
    assert (weights.sum(axis=1) == 10).all()
    # the middle is in three blocks, the ends in one
    assert weights[:, 5].mean() > 2 * weights[:, 0].mean()
    one = block_weights(10, 10, 5, seed=1)
    assert (one == 1).all()


def test_on_independent_origins_the_range_is_that_of_the_standard_error():
    rng = np.random.default_rng(1)
    ours = rng.gamma(9, 1, 400)
    told = difference(of_errors({"mine": ours, "Persistence": np.full(400, 10.0)}), "mine", block=1, draws=4000)
    row = told.iloc[0]
    error = ours.std() / np.sqrt(400)
    assert row["difference"] == pytest.approx(ours.mean() - 10)
    assert row["ratio"] == pytest.approx(ours.mean() / 10)
    width = row["difference_high"] - row["difference_low"]
    assert width == pytest.approx(2 * 1.645 * error, rel=0.05)
    assert row["high"] - row["low"] == pytest.approx(width / 10)


def test_longer_blocks_on_independent_origins_change_little():
    ours = np.random.default_rng(2).gamma(9, 1, 600)
    frame = of_errors({"mine": ours, "Persistence": np.full(600, 10.0)})
    widths = [difference(frame, "mine", block=k).eval("high - low").iloc[0] for k in (1, 5)]
    assert widths[1] == pytest.approx(widths[0], rel=0.2)


def test_surprises_that_last_make_the_range_as_much_wider_as_theory_says():
    rng = np.random.default_rng(3)
    shocks, ours = rng.normal(0, 1, 2000), np.empty(2000)
    value = 0.0
    for k, shock in enumerate(shocks):
        value = 0.7 * value + shock
        ours[k] = 20 + value
    frame = of_errors({"mine": ours, "Persistence": np.full(2000, 20.0)})
    alone, together = (difference(frame, "mine", block=k, draws=1000).iloc[0] for k in (1, 40))
    wider = (together["high"] - together["low"]) / (alone["high"] - alone["low"])
    # the standard error of the mean of an AR(1) series is sqrt((1 + 0.7) / (1 - 0.7)) times that of independent values
    assert wider == pytest.approx(np.sqrt(1.7 / 0.3), rel=0.2)


def test_a_constant_difference_has_a_range_of_width_zero():
    rng = np.random.default_rng(4)
    base = rng.gamma(9, 1, 50)
    told = difference(of_errors({"mine": 0.8 * base, "Persistence": base}), "mine").iloc[0]
    assert [told[name] for name in ("ratio", "low", "high")] == pytest.approx([0.8] * 3)
    shifted = difference(of_errors({"mine": base + 1, "Persistence": base}), "mine").iloc[0]
    assert [shifted[f"difference{name}"] for name in ("", "_low", "_high")] == pytest.approx([1] * 3)


def test_locations_of_an_origin_stay_together():
    rng = np.random.default_rng(5)
    ours = rng.gamma(9, 1, 100)
    one = of_errors({"mine": ours, "Persistence": np.full(100, 10.0)})
    many = pd.concat([one.assign(location=code) for code in "ABCDEFGH"], ignore_index=True)
    alone, copied = (difference(frame, "mine", block=1).iloc[0] for frame in (one, many))
    assert copied["n"] == 800
    assert (copied["low"], copied["high"]) == pytest.approx((alone["low"], alone["high"]))
    by = difference(many, "mine", by=["location"], block=1)
    assert by["location"].tolist() == list("ABCDEFGH")
    assert by["low"].to_numpy() == pytest.approx([alone["low"]] * 8)


def test_only_what_both_forecast_is_compared():
    frame = of_errors({"mine": np.array([1.0, 2, 3, 4]), "Persistence": np.array([2.0, 4, 6, 8])})
    told = difference(frame.drop(index=[3, 4]), "mine").iloc[0]
    assert (told["n"], told["ratio"]) == (2, 0.5)


def test_the_usual_block_covers_the_origins_that_share_days():
    base = np.full(52, 2.0)
    frame = of_errors({"mine": base, "Persistence": base}, horizon=28)
    assert difference(frame, "mine")["block"].tolist() == [4]
    short = of_errors({"mine": base, "Persistence": base}, horizon=1)
    assert difference(short, "mine")["block"].tolist() == [4], "the cube root of 52, rounded up"


def test_one_origin_says_nothing_about_others():
    told = difference(of_errors({"mine": np.array([1.0]), "Persistence": np.array([2.0])}), "mine").iloc[0]
    assert told["ratio"] == 0.5
    assert np.isnan(told["low"])


def test_the_range_of_coverage_is_that_of_a_share():
    rng = np.random.default_rng(6)
    held = rng.random(400) < 0.8
    origins = pd.date_range("2020-01-01", periods=400)
    frame = pd.DataFrame(
        [row("mine", 100 if one else 200, 100, 10, origin=day) for one, day in zip(held, origins, strict=True)]
    )
    told = coverage_range(frame, 0.8, block=1, draws=4000).iloc[0]
    share = held.mean()
    assert told["coverage"] == pytest.approx(share)
    assert told["high"] - told["low"] == pytest.approx(2 * 1.645 * np.sqrt(share * (1 - share) / 400), rel=0.08)
    assert coverage_range(frame, 0.8, seed=3).equals(coverage_range(frame, 0.8, seed=3))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"model": "nobody"}, "no forecasts of model 'nobody' to compare; there is mine, Persistence"),
        ({"model": "mine", "block": 0}, "block is 0; give a whole number from 1 to 2"),
        ({"model": "mine", "block": 3}, "block is 3"),
        ({"model": "mine", "draws": 0}, "draws is 0"),
        ({"model": "mine", "within": 90}, "within is 90"),
        ({"model": "mine", "by": ["town"]}, "by names 'town'"),
    ],
)
def test_what_cannot_be_compared_is_named(words, said):
    frame = of_errors({"mine": np.ones(4), "Persistence": np.ones(4)})
    with pytest.raises(InputError, match=said):
        difference(frame, **words)


def test_models_without_a_common_forecast_cannot_be_compared():
    frame = of_errors({"mine": np.ones(4), "Persistence": np.ones(4)})
    frame.loc[frame["model"] == "mine", "location"] = "RGP"
    with pytest.raises(InputError, match="no forecast in common"):
        difference(frame, "mine")
    with pytest.raises(InputError, match=r"level is 0\.9; there is "):
        coverage_range(frame, 0.9)
