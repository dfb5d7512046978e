from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from forecast.errors import InputError
from forecast.trajectories import DIMS, HUBVERSE_COLUMNS, HUBVERSE_QUANTILES, Trajectories

ORIGIN = pd.Timestamp("2024-01-01")


def made(values, locations=("RM1", "RGP"), start="2024-01-02", freq="D", **rest) -> Trajectories:
    array = np.asarray(values, dtype=float)
    coords = {
        "location": list(locations)[: array.shape[0]],
        "sample": np.arange(array.shape[1]),
        "date": pd.date_range(start, periods=array.shape[2], freq=freq),
    }
    settings = {"metric": "nctr_patients", "origin": ORIGIN, "model": "Persistence", **rest}
    return Trajectories(xr.DataArray(array, dims=DIMS, coords=coords), **settings)


@pytest.fixture
def two_hospitals() -> Trajectories:
    """RM1 and RGP, five paths, two days."""
    return made(
        [
            [[10, 20], [20, 30], [30, 40], [40, 50], [50, 60]],
            [[1, 5], [2, 4], [3, 3], [4, 2], [5, 1]],
        ]
    )


def test_there_are_23_hubverse_quantiles_symmetric_about_the_median():
    assert len(HUBVERSE_QUANTILES) == 23
    assert HUBVERSE_QUANTILES[:4] == (0.01, 0.025, 0.05, 0.1)
    assert np.allclose(np.asarray(HUBVERSE_QUANTILES) + HUBVERSE_QUANTILES[::-1], 1)


def test_quantiles_are_read_off_the_paths(two_hospitals):
    table = two_hospitals.quantiles([0.25, 0.5])
    assert list(table.columns) == ["location", "date", "quantile", "value"]
    rm1 = table[(table["location"] == "RM1") & (table["date"] == "2024-01-02")]
    assert rm1["value"].tolist() == [20, 30]
    assert len(table) == 2 * 2 * 2


@pytest.mark.parametrize("levels", [[], [1.2], [-0.1], [np.nan]])
def test_quantile_levels_out_of_range_are_refused(two_hospitals, levels):
    with pytest.raises(InputError, match="from 0 to 1"):
        two_hospitals.quantiles(levels)


def test_a_total_is_a_sum_of_paths_not_of_quantiles(two_hospitals):
    total = two_hospitals.with_total("NORFOLK", of=["RM1", "RGP"])
    assert total.locations == ["RM1", "RGP", "NORFOLK"]
    last_day = total.samples.sel(location="NORFOLK", date="2024-01-03").to_numpy()
    assert last_day.tolist() == [25, 34, 43, 52, 61]


def test_a_total_is_missing_where_a_member_is_and_says_why():
    t = made([[[10.0, 20.0]], [[np.nan, np.nan]]], notes={"RGP": "cannot say: no values"})
    total = t.with_total("NORFOLK", of=["RM1", "RGP"])
    assert np.isnan(total.select(["NORFOLK"]).samples).all()
    assert total.notes["NORFOLK"] == "cannot say: no forecast for RGP"


def test_a_total_counts_no_member_twice(two_hospitals):
    with pytest.raises(InputError, match="RM1, RM1 names a member twice"):
        two_hospitals.with_total("NORFOLK", of=["RM1", "RM1"])


def test_a_total_of_unknown_members_names_them(two_hospitals):
    with pytest.raises(InputError, match=r"'RCX', 'XXX'.*RM1, RGP"):
        two_hospitals.with_total("NORFOLK", of=["RM1", "RCX", "XXX"])


@pytest.mark.parametrize(("name", "of"), [("RM1", ["RGP"]), ("NORFOLK", [])])
def test_a_total_needs_a_new_name_and_members(two_hospitals, name, of):
    with pytest.raises(InputError, match=name):
        two_hospitals.with_total(name, of=of)


def test_the_chance_of_exceeding_counts_paths_strictly_above():
    t = made([[[10.0], [20.0], [30.0], [40.0]], [[np.nan]] * 4])
    chance = t.probability_above(20)
    assert chance.loc["2024-01-02", "RM1"] == 0.5
    assert np.isnan(chance.loc["2024-01-02", "RGP"])


def test_selecting_keeps_the_order_asked_for_and_its_notes():
    t = made([[[1.0]], [[2.0]]], notes={"RM1": "a", "RGP": "b"})
    assert t.select(["RGP", "RM1"]).locations == ["RGP", "RM1"]
    assert t.select(["RGP"]).notes == {"RGP": "b"}
    with pytest.raises(InputError, match="'RCX'"):
        t.select(["RCX"])
    with pytest.raises(InputError, match="list"):
        t.select("RM1")


def test_after_keeps_later_dates_and_the_step(two_hospitals):
    later = two_hospitals.after("2024-01-02")
    assert later.dates.tolist() == [pd.Timestamp("2024-01-03")]
    assert (later.origin, later.step_days) == (ORIGIN, 1)
    with pytest.raises(InputError, match="ends on 2024-01-03"):
        two_hospitals.after("2024-01-03")


def test_hubverse_rows_count_the_horizon_from_the_reference_date():
    weekly = made([[[10.0, 20.0], [20.0, 30.0]]], start="2024-01-08", freq="7D")
    table = weekly.to_hubverse("wk inc beds", levels=[0.5])
    assert tuple(table.columns) == HUBVERSE_COLUMNS
    assert table["horizon"].tolist() == [1, 2]
    assert table["value"].tolist() == [15, 25]
    assert set(table["output_type"]) == {"quantile"}
    moved = weekly.to_hubverse("wk inc beds", levels=[0.5], reference_date="2024-01-08")
    assert moved["horizon"].tolist() == [0, 1]
    with pytest.raises(InputError, match="reference_date 2024-01-03"):
        weekly.to_hubverse("wk inc beds", reference_date="2024-01-03")


def test_hubverse_has_23_levels_and_no_row_without_a_forecast():
    table = made([[[10.0], [12.0]], [[np.nan], [np.nan]]]).to_hubverse("beds")
    assert table["location"].unique().tolist() == ["RM1"]
    assert len(table) == 23


def test_parquet_gives_back_the_same_forecast(tmp_path):
    t = made([[[10.0, 20.0]] * 3, [[np.nan] * 2] * 3], notes={"RGP": "cannot say: no values"}, freq="7D")
    t = made(t.paths, start="2024-01-08", freq="7D", notes=t.notes)
    t.to_frame().to_parquet(tmp_path / "paths.parquet")
    back = Trajectories.from_frame(pd.read_parquet(tmp_path / "paths.parquet"))
    xr.testing.assert_identical(back.samples, t.samples)
    for name in ("metric", "origin", "notes", "model", "step_days"):
        assert getattr(back, name) == getattr(t, name)


def test_a_frame_is_wide_with_iso_dates_and_narrow_types():
    whole = made([[[1.0, 2.0]]]).to_frame()
    assert list(whole.columns) == ["location", "sample", "2024-01-02", "2024-01-03"]
    assert whole["2024-01-02"].dtype == np.int32
    assert made([[[1.5]]]).to_frame()["2024-01-02"].dtype == np.float32
    huge = 2.0**24 + 1
    mixed = made([[[huge]], [[np.nan]]])
    assert Trajectories.from_frame(mixed.to_frame()).paths[0, 0, 0] == huge


def test_a_frame_in_another_row_order_is_the_same_forecast(two_hospitals):
    shuffled = two_hospitals.to_frame().sample(frac=1, random_state=3)
    back = Trajectories.from_frame(shuffled).select(two_hospitals.locations)
    assert (back.paths == two_hospitals.paths).all()


def test_a_frame_that_lost_rows_or_its_origin_is_refused(two_hospitals):
    frame = two_hospitals.to_frame()
    with pytest.raises(InputError, match="missing rows"):
        Trajectories.from_frame(frame.iloc[1:])
    with pytest.raises(InputError, match="'sample'"):
        Trajectories.from_frame(frame.drop(columns="sample"))
    frame.attrs = {}
    with pytest.raises(InputError, match="origin="):
        Trajectories.from_frame(frame)
    assert Trajectories.from_frame(frame, origin="2024-01-01", metric="m").metric == "m"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"values": [[[-1.0]]]}, "-1.0 at RM1 on 2024-01-02 is negative"),
        ({"values": [[[np.inf]]]}, "infinite"),
        ({"values": [[[1.0], [np.nan]]]}, "some samples missing"),
        ({"values": np.empty((1, 0, 1))}, "empty"),
        ({"values": [[[1.0]]], "start": "2024-01-01"}, "not after the origin"),
        ({"values": [[[1.0, 2.0, 3.0]]], "freq": "MS"}, "equally spaced"),
        ({"values": [[[1.0]], [[1.0]]], "locations": ("RM1", "RM1")}, "'RM1' stands twice"),
        ({"values": [[[1.0, 2.0]]], "step_days": 7}, "step_days is 7 but the dates are 1"),
    ],
)
def test_what_is_no_forecast_is_refused(change, says):
    with pytest.raises(InputError, match=says):
        made(**change)


def test_dims_must_be_location_sample_date(two_hospitals):
    with pytest.raises(InputError, match="dims"):
        Trajectories(two_hospitals.samples.transpose("sample", "location", "date"), "m", ORIGIN)


def test_paths_cannot_be_changed_from_outside(two_hospitals):
    with pytest.raises(ValueError, match="read-only"):
        two_hospitals.samples[0, 0, 0] = 5
    source = np.ones((1, 2, 1))
    t = made(source)
    source[:] = 9
    assert t.paths.max() == 1


paths = hnp.arrays(
    np.float64,
    st.tuples(st.just(2), st.integers(1, 12), st.integers(1, 4)),
    elements=st.floats(0, 1e6, allow_subnormal=False),
)


@settings(max_examples=60, deadline=None)
@given(values=paths, threshold=st.floats(0, 1e6))
def test_whatever_the_paths_totals_add_up_quantiles_rise_and_chances_are_chances(values, threshold):
    t = made(values).with_total("SUM", of=["RM1", "RGP"])
    assert np.array_equal(t.paths[2], t.paths[0] + t.paths[1])
    wide = t.quantiles(HUBVERSE_QUANTILES).pivot_table(index=["location", "date"], columns="quantile", values="value")
    assert (np.diff(wide.to_numpy(), axis=1) >= 0).all()
    chance = t.probability_above(threshold)
    assert chance.to_numpy().min() >= 0
    assert chance.to_numpy().max() <= 1
    assert (t.probability_above(threshold + 1).to_numpy() <= chance.to_numpy()).all()
