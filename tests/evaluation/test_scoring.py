"""What ``score`` says of frames that can be worked by hand."""

import numpy as np
import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.evaluation import pit_histogram, score, timings
from tests.evaluation.made_frames import row


def three_rows() -> pd.DataFrame:
    return pd.DataFrame(
        [
            row("mine", observed=100, middle=98, width=10),
            row("mine", observed=130, middle=110, width=10, horizon=2),
            row("Persistence", observed=100, middle=100, width=30),
        ]
    )


def test_three_rows_worked_by_hand():
    mine, baseline = score(three_rows()).set_index("model").loc[["mine", "Persistence"]].to_dict("records")
    # 0.2 * 20 for the width, 2 (median) for the first; 0.2 * 20, 2 * 10 above the range and 20 for the second
    assert mine["wis"] == pytest.approx(((4 + 2) / 3 + (4 + 20 + 20) / 3) / 2)
    assert mine["dispersion"] == pytest.approx(4 / 3)
    assert mine["underprediction"] == pytest.approx((2 + 40) / 3 / 2)
    assert mine["overprediction"] == 0
    assert (mine["n"], baseline["n"]) == (2, 1)
    assert (mine["mae"], mine["bias"]) == (11, -11)
    assert mine["relative_bias"] == pytest.approx(-22 / 230)
    assert mine["coverage_80"] == 0.5
    assert baseline["wis"] == pytest.approx(0.2 * 60 / 3)


def test_the_ratio_is_of_what_both_forecast_and_what_one_left_out_is_counted():
    scores = score(three_rows()).set_index("model")
    assert scores.loc["mine", "relative_wis"] == pytest.approx((6 / 3) / (12 / 3))
    assert scores.loc["Persistence", "relative_wis"] == 1
    assert scores["missing"].to_dict() == {"mine": 0, "Persistence": 1}


def test_a_row_without_outcome_or_forecast_is_not_scored():
    frame = three_rows()
    frame.loc[1, "observed"] = np.nan
    assert score(frame, by=["model"]).set_index("model").loc["mine", "wis"] == pytest.approx(2)
    frame.loc[0, ["0.1", "0.5", "0.9"]] = np.nan
    assert score(frame, by=["model"])["model"].tolist() == ["Persistence"]


def test_with_nothing_to_score_that_is_said():
    with pytest.raises(InputError, match="of 3 forecasts none is of a day that was observed; choose earlier origins"):
        score(three_rows().assign(observed=np.nan))


def test_without_the_baseline_there_is_no_ratio():
    assert score(three_rows(), baseline="nobody")["relative_wis"].isna().all()


def test_the_ends_of_a_range_are_in_it():
    frame = pd.DataFrame([row("mine", observed=end, middle=100, width=10, horizon=end) for end in (90, 110)])
    assert score(frame).loc[0, "coverage_80"] == 1
    assert "coverage_90" not in score(frame)


def test_groups_of_horizon_season_and_half_year_go_by_the_day_forecast():
    frame = pd.DataFrame(
        [
            row("mine", 100, 90, 10, horizon=7, origin="2024-03-28"),
            row("mine", 100, 80, 10, horizon=3, origin="2024-03-28"),
            row("mine", 100, 70, 10, horizon=8, origin="2024-06-28"),
            row("mine", 100, 100, 10, horizon=2, origin="2024-06-28"),
            row("mine", 100, 0, 10, horizon=29, origin="2024-06-28"),
        ]
    )
    bands = score(frame, by=["horizon_band"])
    assert bands["horizon_band"].astype(str).tolist() == ["1-7", "8-14"]
    assert bands["mae"].tolist() == [10, 30]
    seasons = score(frame, by=["season"]).set_index("season")["mae"]
    assert seasons.to_dict() == {"rest": (10 + 30 + 100) / 4, "winter": 20}
    halves = score(frame, by=["half_year"]).set_index("half_year")["mae"]
    assert halves.to_dict() == {"2024 H1": 10, "2024 H2": 65}
    own = score(frame, by=["horizon_band"], bands=[(3, 3), (4, 29)])
    assert own["horizon_band"].astype(str).tolist() == ["3", "4-29"]


def test_two_metrics_in_a_frame_are_not_taken_for_one():
    one = three_rows()
    both = pd.concat([one.assign(metric="a"), one.assign(metric="b")], ignore_index=True)
    assert score(both, by=["metric", "model"])["wis"].tolist() == score(one, by=["model"])["wis"].tolist() * 2


@pytest.mark.parametrize(
    ("change", "by", "said"),
    [
        (lambda frame: frame.drop(columns="observed"), ["model"], "column 'observed' is missing"),
        (lambda frame: pd.concat([frame, frame]), ["model"], "mine at RM1 of 2024-01-08 from 2024-01-07 stands twice"),
        (lambda frame: frame.drop(columns="0.9"), ["model"], "in pairs"),
        (lambda frame: frame.drop(columns="0.5"), ["model"], "median"),
        (lambda frame: frame, ["model", "town"], "by names 'town'; there is model, location, origin"),
        (lambda frame: frame, "model", r"such as \['model'\]"),
        (lambda frame: frame, [], "by is empty"),
        (lambda frame: frame.drop(columns="horizon"), ["horizon_band"], "column 'horizon' is missing"),
        (lambda frame: frame.to_numpy(), ["model"], "the backtest is a ndarray"),
    ],
)
def test_a_frame_that_cannot_be_scored_is_named(change, by, said):
    with pytest.raises(InputError, match=said):
        score(change(three_rows()), by=by)


@pytest.mark.parametrize("bands", [[(1, 7), (7, 14)], [(7, 1)]])
def test_bands_do_not_overlap(bands):
    with pytest.raises(InputError, match="without overlap"):
        score(three_rows().assign(horizon=7), by=["horizon_band"], bands=bands)


def test_the_pit_histogram_is_the_share_in_each_part():
    pits = [0.05, 0.1, 0.55, 1.0]
    frame = pd.DataFrame([row("mine", 100, 100, 10, horizon=k + 1, pit=pit) for k, pit in enumerate(pits)])
    found = pit_histogram(frame, bins=10)
    assert found.loc["mine"][[0.0, 0.1, 0.5, 0.9]].tolist() == [0.25] * 4
    assert found.loc["mine"].sum() == 1
    assert list(found.columns) == [k / 10 for k in range(10)]
    with pytest.raises(InputError, match="bins is 0"):
        pit_histogram(frame, bins=0)
    with pytest.raises(InputError, match="'pit' is missing"):
        pit_histogram(three_rows())


def test_timings_count_a_task_once():
    frame = pd.DataFrame([row("mine", 100, 100, 10, horizon=h, seconds=3.0) for h in (1, 2, 3)])
    later = frame.assign(origin=frame["origin"] + pd.Timedelta(days=7), seconds=5.0)
    told = timings(pd.concat([frame, later])).loc["mine"]
    assert told.to_dict() == {"origins": 2, "median": 4, "mean": 4, "total": 8}
