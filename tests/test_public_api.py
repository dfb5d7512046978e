import subprocess
import sys

import pytest

import forecast as fc


def test_every_public_name_is_there_and_listed():
    for name in fc.__all__:
        assert getattr(fc, name) is not None
        assert name in dir(fc)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = fc.nothing


def test_importing_the_library_loads_no_model():
    code = "import sys, forecast; assert not {'statsmodels', 'prophet', 'sklearn', 'streamlit'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
