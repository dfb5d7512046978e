"""The exchange file: the columns and levels that the forecasting hubs ask for, and the run's own quantiles."""

import re
from io import BytesIO

import numpy as np
import pandas as pd
import yaml
from made_runs import AS_OF, COUNTY, HOSPITALS

from forecast.takeaway import hub
from forecast.takeaway.origin import Origin

COLUMNS = [
    "reference_date",
    "target",
    "horizon",
    "target_end_date",
    "location",
    "output_type",
    "output_type_id",
    "value",
]
LEVELS = [0.01, 0.025, *np.arange(0.05, 0.951, 0.05).round(2).tolist(), 0.975, 0.99]


def test_columns_levels_and_horizons_are_the_hubs(real):
    rows = pd.read_csv(BytesIO(hub.csv(real)), dtype={"location": str})
    assert list(rows.columns) == COLUMNS
    assert rows["output_type"].unique().tolist() == ["quantile"]
    assert rows.notna().all().all()
    assert rows["reference_date"].unique().tolist() == ["2025-01-09"]
    days = pd.to_datetime(rows["target_end_date"]) - AS_OF
    assert (days.dt.days == rows["horizon"]).all()
    assert set(rows["target"]) == set(real.metrics)
    assert set(rows["location"]) == {*HOSPITALS, COUNTY}
    task = rows.groupby(["target", "location", "horizon"])
    assert all(sorted(found) == LEVELS for _, found in task["output_type_id"])
    assert all(found.is_monotonic_increasing for _, found in task["value"])


def test_the_values_are_the_quantiles_of_the_runs_paths(real):
    rows = hub.table(real)
    paths = real.trajectories("flu_beds").select(["RGP"]).paths[0]
    one = rows[(rows["target"] == "flu_beds") & (rows["location"] == "RGP") & (rows["target_end_date"] == "2025-02-20")]
    assert np.allclose(one["value"], np.quantile(paths[:, -1], LEVELS))
    assert (one["horizon"] == 42).all()


def test_a_place_without_a_forecast_has_no_rows(tmp_path):
    from made_runs import make_run

    rows = hub.table(make_run(tmp_path / "models", silent="RGP", simulated=False))
    assert set(rows.loc[rows["target"] == "flu_beds", "location"]) == {"RM1", "RCX"}


def test_simulated_figures_say_so_in_every_row_and_in_the_names(whole):
    origin = Origin.of(whole, "Signed off by A. Person: 'quoted' \"and\" more")
    assert hub.table(whole)["target"].str.startswith("simulated ").all()
    assert re.fullmatch(r"2025-01-09-[a-z]{1,15}-simulated\.csv", hub.file_name(whole, origin))
    told = yaml.safe_load(hub.metadata(whole, origin))
    assert told["model_abbr"] == "simulated"
    assert told["run_run"] == whole.id
    assert told["run_sign_off"] == "Signed off by A. Person: 'quoted' \"and\" more"
    assert told["run_code_version"] == "0.1.0+test"


def test_real_figures_are_not_called_simulated(real):
    origin = Origin.of(real)
    assert "simulated" not in hub.file_name(real, origin)
    assert not hub.table(real)["target"].str.contains("simulated").any()
