"""A person who types a script of his own gets types, from the installed package too."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """\
import pandas as pd

import forecast as fc

store = fc.Store("data")
added: fc.Added = store.add(fc.read("counts.csv"))
panel: pd.DataFrame = store.panel("nctr_patients", ["RM1", "RGP"], as_of="2024-11-01", clean=True)
paths: fc.Trajectories = fc.default_forecaster("nctr_patients").fit(panel).predict(28, samples=500, seed=1)
county = paths.with_total("NORFOLK", of=["RM1", "RGP"])
chance: pd.DataFrame = county.probability_above(400)
lag: fc.Lag = fc.estimate_lag(panel["RM1"], panel["RGP"])
low, high = lag.interval(0.9)
top: fc.Peak = fc.peak(county, observed=panel, window=("2024-10-01", "2025-04-30"))
plan = fc.PlacementPlan(flats={"2024-12-01": 44}, care_home_beds=30)
run: fc.Run = fc.latest_run("models")
origins = ["2024-08-04"]
scores: pd.DataFrame = fc.score(fc.backtest(fc.forecasters.SeasonalNaive(), panel, origins=origins, horizon=28))
print(added.new, low + high, chance.shape, top.over, plan.usable_care_home_share, run.as_of, len(scores))
"""


def checked(folder, script):
    path = folder / "script.py"
    path.write_text(script, encoding="utf-8")
    # With the options of the project, strict ones, so that what is known of the library need not be found anew.
    command = [sys.executable, "-m", "mypy", str(path)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("typed")


def test_a_typed_script_passes_the_strict_check(folder):
    done = checked(folder, SCRIPT)
    assert done.returncode == 0, done.stdout


def test_a_wrong_type_is_found(folder):
    done = checked(folder, SCRIPT + "days: str = lag.median\nstore.panel(1)\nfc.placements(plan=44)\n")
    assert 'Incompatible types in assignment (expression has type "float", variable has type "str")' in done.stdout
    assert 'Argument 1 to "panel" of "Store" has incompatible type "int"; expected "str"' in done.stdout
    assert 'Argument "plan" to "placements" has incompatible type "int"' in done.stdout


def test_the_package_says_that_it_is_typed_and_brings_its_tables(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("norfolk_forecast-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "forecast/py.typed" in names
    tables = {f"forecast/_reference/{path.name}" for path in (ROOT / "data" / "reference").glob("*.csv")}
    assert tables <= names
