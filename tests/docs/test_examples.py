"""The examples of the public docstrings do what they say."""

import doctest
import inspect
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from made_whole_runs import make_whole_run
from public_names import members, public_objects

import forecast as fc

PARTS = [
    pytest.param(part, id=f"{name}.{at}" if at else name)
    for name, thing in public_objects().items()
    for at, part in [("", thing), *(members(thing) if inspect.isclass(thing) else ())]
    if ">>>" in (part.__doc__ or "")
]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    models = tmp_path_factory.mktemp("finished") / "models"
    make_whole_run(models)
    return models


@pytest.mark.parametrize("part", PARTS)
def test_an_example_gives_what_it_says(part, finished, tmp_path, monkeypatch):
    if "models" in part.__doc__:
        shutil.copytree(finished, tmp_path / "models")
    monkeypatch.chdir(tmp_path)
    names = {"fc": fc, "np": np, "pd": pd, "xr": xr, "Path": Path}
    parsed = doctest.DocTestParser().get_doctest(inspect.getdoc(part), names, "example", None, None)
    assert not any(example.options for example in parsed.examples), "an example that is not run"
    said = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(parsed, out=said.append)
    assert not said, "".join(said)
