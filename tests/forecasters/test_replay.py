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
from forecast.forecasters.replay import Replay
from forecast.forecasters.replaying import replayed, said_by

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


def outcomes(code: str, tie: float) -> np.ndarray:
    """What came at a location, or at two and more together, (origins, steps), of those that are replayed."""
    observed = {name: record.observed[30:] for name, record in walks(tie).items()}
    return np.sum(list(observed.values()), axis=0) if code == "SUM" else observed[code]


def held(replay: Replay, code: str, came: np.ndarray, coverage: float = 0.9) -> float:
    low, high = (1 - coverage) / 2, (1 + coverage) / 2
    rows = replay.quantiles([low, high])
    rows = rows[rows["location"] == code]
    inside = (came.ravel() >= rows[f"{low:g}"]) & (came.ravel() <= rows[f"{high:g}"])
    return float(inside.mean())


@pytest.mark.parametrize("coverage", [0.5, 0.9])
def test_right_quantiles_hold_as_often_as_they_say(coverage):
    replay = replay_of(0.0, 0.0)
    shares = [held(replay, code, outcomes(code, 0.0), coverage) for code in CODES]
    assert np.mean(shares) == pytest.approx(coverage, abs=0.06)


def test_a_total_holds_as_often_only_with_the_dependence_between_its_parts():
    right, wrong = (replay_of(0.9, assumed).with_total("SUM", CODES) for assumed in (0.9, 0.0))
    came, own = outcomes("SUM", 0.9), outcomes("RM1", 0.9)
    assert held(right, "SUM", came) == pytest.approx(0.9, abs=0.08)
    assert held(wrong, "SUM", came) < held(right, "SUM", came) - 0.1
    assert held(right, "RM1", own) == pytest.approx(held(wrong, "RM1", own), abs=0.03)


def test_a_total_is_the_sum_of_paths():
    replay = replay_of(0.5, 0.5).with_total("SUM", ["RM1", "RGP"])
    assert np.array_equal(replay.paths["SUM"], replay.paths["RM1"] + replay.paths["RGP"])
    assert list(replay.with_total("ALL", ["RM1", "RQ8"]).paths) == [*CODES, "SUM"]


def test_the_later_half_of_the_origins_is_replayed_and_rows_say_which_day_they_are_about():
    rows = replay_of(0.0, 0.0).quantiles([0.05, 0.5, 0.95])
    assert list(rows.columns) == ["location", "origin", "horizon", "date", "0.05", "0.5", "0.95"]
    assert rows["origin"].min() == ORIGINS[30]
    assert len(rows) == 3 * 30 * 4
    assert (rows["date"] - rows["origin"] == pd.to_timedelta(rows["horizon"], unit="D")).all()
    assert ((rows["0.05"] < rows["0.5"]) & (rows["0.5"] < rows["0.95"])).all()


def test_weekly_rows_are_seven_days_apart():
    weekly = Replay({"RM1": np.ones((2, 5, 3))}, ORIGINS[:2], 7)
    rows = weekly.quantiles([0.5])
    assert list((rows["date"] - rows["origin"]).dt.days) == [7, 14, 21] * 2


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
    assert empty.quantiles([0.5]).empty
    assert empty.of_members(LEVELS, ["RM1"]) == {}
    assert empty.with_total("SUM", ["RM1"]).paths == {}


def test_members_of_one_kind_are_numbered_and_one_that_failed_is_left_out():
    past = {("RM1", 0): np.zeros((4, 2, 9)), ("RM1", 1): np.ones((4, 2, 9)), ("RGP", 0): None}
    said = said_by(["Persistence", "Persistence"], past, ["RM1", "RGP"], np.array([2, 3]))
    assert list(said) == ["Persistence", "Persistence 2"]
    assert said["Persistence"]["RM1"].shape == (2, 2, 9)
    assert (said["Persistence 2"]["RM1"] == 1).all()
    assert "RGP" not in said["Persistence"]


def test_an_ensemble_of_the_baseline_holds_nine_times_in_ten_on_random_walks_and_tells_its_members():
    rng = np.random.default_rng(3)
    steps = rng.normal(0, 0.03, (400, 3))
    panel = pd.DataFrame(
        np.rint(300 * np.exp(steps.cumsum(axis=0))), pd.date_range(end="2024-06-30", periods=400), CODES
    )
    total = panel.assign(SUM=panel.sum(axis=1))
    ensemble = Ensemble([Persistence()], memory=182, every=7).fit(panel)
    ensemble.predict(14, samples=50)
    replay = ensemble.replay([*CODES, "RQ8"]).with_total("SUM", CODES)
    rows = replay.quantiles(LEVELS).query("horizon <= 14")
    assert set(rows["location"]) == {*CODES, "SUM"}
    came = total.rename_axis(index="date", columns="location").melt(ignore_index=False, value_name="came").reset_index()
    rows = rows.merge(came, on=["date", "location"])
    inside = (rows["came"] >= rows["0.05"]) & (rows["came"] <= rows["0.95"])
    assert inside.mean() == pytest.approx(0.9, abs=0.06)
    assert inside[rows["location"] == "SUM"].mean() == pytest.approx(0.9, abs=0.1)
    said = replay.of_members(LEVELS, CODES)["Persistence"]
    origin = said["origin"].iloc[0]
    first = said.query("location == 'RM1' and horizon == 1 and origin == @origin")
    assert first["0.5"].item() == pytest.approx(panel.loc[origin, "RM1"], rel=0.01)
