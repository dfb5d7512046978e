"""How often an ensemble's range would have held, on series whose spread is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from forecast.forecasters import Ensemble, Persistence
from forecast.forecasters.counts import counts_of, stabilised
from forecast.forecasters.dependence import Dependence
from forecast.forecasters.record import LEVELS, Record
from forecast.forecasters.replay import COLUMNS, Replay
from forecast.forecasters.replaying import replayed

CODES = ["RM1", "RGP", "RCX"]
ORIGINS = pd.date_range("2023-01-02", periods=60, freq="7D")


def stream(*names: str) -> np.random.Generator:
    return np.random.default_rng([ord(letter) for letter in "".join(names)])


def equal(record: Record) -> tuple[np.ndarray, np.ndarray]:
    members, _, steps, _ = record.quantiles.shape
    return np.full((members, steps), 1 / members), np.ones(steps)


def walks(tie: float, steps: int = 4) -> dict[str, Record]:
    """Records of one member who knows the spread of walks from 200 patients that are tied to each other."""
    rng = np.random.default_rng(8)
    own, common = rng.standard_normal((3, 60, steps)), rng.standard_normal((60, steps))
    paths = (tie * common + np.sqrt(1 - tie**2) * own).cumsum(axis=2) * 0.05
    level = stabilised(np.array(200.0))
    spread = 0.05 * np.sqrt(np.arange(1, steps + 1))[:, None] * ndtri(LEVELS)
    said = np.broadcast_to(counts_of(level + spread), (1, 60, steps, len(LEVELS)))
    return {code: Record(said, counts_of(level + path), 1) for code, path in zip(CODES, paths, strict=True)}


def replay_of(tie: float, assumed: float) -> Replay:
    dependence = Dependence(Dependence.independent(4).serial, dict.fromkeys(CODES, assumed), 0.0)
    return replayed(walks(tie), ORIGINS, equal, dependence, stream)


def held(ranges: pd.DataFrame, code: str | None = None) -> float:
    rows = ranges if code is None else ranges[ranges["location"] == code]
    return float(rows["observed"].between(rows["low"], rows["high"]).mean())


@pytest.mark.parametrize("coverage", [0.5, 0.9])
def test_right_quantiles_hold_as_often_as_they_say(coverage):
    assert held(replay_of(0.0, 0.0).ranges(coverage)) == pytest.approx(coverage, abs=0.06)


def test_a_total_holds_as_often_only_with_the_dependence_between_its_parts():
    right, wrong = (replay_of(0.9, assumed).with_total("SUM", CODES).ranges(0.9) for assumed in (0.9, 0.0))
    assert held(right, "SUM") == pytest.approx(0.9, abs=0.08)
    assert held(wrong, "SUM") < held(right, "SUM") - 0.1
    assert held(right, "RM1") == pytest.approx(held(wrong, "RM1"), abs=0.03)


def test_a_total_is_the_sum_of_paths_and_of_outcomes():
    replay = replay_of(0.5, 0.5).with_total("SUM", ["RM1", "RGP"])
    assert np.array_equal(replay.paths["SUM"], replay.paths["RM1"] + replay.paths["RGP"])
    assert np.array_equal(replay.observed["SUM"], replay.observed["RM1"] + replay.observed["RGP"])
    assert list(replay.with_total("ALL", ["RM1", "RQ8"]).paths) == [*CODES, "SUM"]


def test_the_later_half_of_the_origins_is_replayed_and_rows_say_which_day_they_are_about():
    ranges = replay_of(0.0, 0.0).ranges()
    assert tuple(ranges.columns) == COLUMNS
    assert ranges["origin"].min() == ORIGINS[30]
    assert len(ranges) == 3 * 30 * 4
    assert (ranges["date"] - ranges["origin"] == pd.to_timedelta(ranges["horizon"], unit="D")).all()


def test_each_origin_is_pooled_as_its_own_past_tells():
    seen = []

    def pooling(record: Record) -> tuple[np.ndarray, np.ndarray]:
        seen.append((record.quantiles.shape[1], int(np.isnan(record.observed).sum())))
        return equal(record)

    origins = pd.date_range("2023-01-02", periods=6, freq="2D")
    records = {"RM1": Record(walks(0)["RM1"].quantiles[:, :6], walks(0)["RM1"].observed[:6], 1)}
    replayed(records, origins, pooling, Dependence.independent(4), stream)
    assert seen == [(3, 2), (4, 2), (5, 2)]


def test_weights_and_widths_shape_the_replayed_paths():
    quantiles = np.stack([np.full((60, 4, len(LEVELS)), 100.0), walks(0)["RM1"].quantiles[0]])
    record = Record(quantiles, walks(0)["RM1"].observed, 1)
    dependence = Dependence.independent(4)

    def one(weights: list[float], width: float) -> np.ndarray:
        pooling = (np.repeat(np.array(weights)[:, None], 4, axis=1), np.full(4, width))
        return replayed({"RM1": record}, ORIGINS, lambda _: pooling, dependence, stream).paths["RM1"]

    assert one([1, 0], 1.0) == pytest.approx(100)
    narrow, wide = (np.ptp(stabilised(one([0, 1], width)), axis=1) for width in (1.0, 2.0))
    assert wide == pytest.approx(2 * narrow)


def test_without_a_record_there_is_nothing_to_replay():
    empty = replayed({}, ORIGINS[:0], equal, Dependence.independent(4), stream)
    assert empty.ranges().empty
    assert tuple(empty.ranges().columns) == COLUMNS
    assert empty.with_total("SUM", ["RM1"]).paths == {}


def test_an_ensemble_of_the_baseline_holds_nine_times_in_ten_on_random_walks():
    rng = np.random.default_rng(3)
    steps = rng.normal(0, 0.03, (400, 3))
    panel = pd.DataFrame(
        np.rint(300 * np.exp(steps.cumsum(axis=0))), pd.date_range(end="2024-06-30", periods=400), CODES
    )
    ensemble = Ensemble([Persistence()], memory=182, every=7).fit(panel)
    ensemble.predict(14, samples=50)
    replay = ensemble.replay([*CODES, "RQ8"]).with_total("SUM", CODES)
    ranges = replay.ranges(0.9).query("horizon <= 14")
    assert set(ranges["location"]) == {*CODES, "SUM"}
    assert held(ranges) == pytest.approx(0.9, abs=0.06)
    assert held(ranges, "SUM") == pytest.approx(0.9, abs=0.1)
