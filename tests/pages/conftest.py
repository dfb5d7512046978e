from pathlib import Path

import pytest
from made_runs import make_run
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture
def folders(tmp_path, monkeypatch):
    monkeypatch.setenv("FORECAST_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("FORECAST_DATA", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def open_page(folders):
    def opened(name, **query):
        app = AppTest.from_file(str(APP), default_timeout=30)
        if name != "this_week":
            app.switch_page(f"forecast/pages/{name}.py")
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    return opened


@pytest.fixture
def run(folders):
    return make_run(folders / "models")


@pytest.fixture
def silent_run(folders):
    return make_run(folders / "models", simulated=False, silent="RGP")
