import subprocess
import sys

import pandas as pd
import pytest

import forecast as fc


def test_every_public_name_is_there_and_listed():
    for name in fc.__all__:
        assert getattr(fc, name) is not None
        assert name in dir(fc)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = fc.nothing


def test_importing_the_library_loads_no_model():
    models = {"statsmodels", "prophet", "sklearn", "streamlit", "joblib"}
    code = f"import sys, forecast; assert not {models} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_forecaster_is_backtested_and_scored_in_two_lines():
    panel = pd.DataFrame({"RM1": range(100, 160)}, index=pd.date_range("2024-01-01", periods=60))
    b = fc.backtest(fc.forecasters.SeasonalNaive(), panel, origins=["2024-02-11", "2024-02-18"], horizon=7, samples=50)
    scores = fc.score(b)
    assert scores["model"].tolist() == ["SeasonalNaive", "Persistence"]
    told = {"wis", "relative_wis", "crps", "mae", "bias", "coverage_50", "coverage_80", "coverage_90", "coverage_95"}
    assert told <= set(scores)
