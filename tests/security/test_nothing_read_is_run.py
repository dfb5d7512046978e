"""Nothing that is read can run: no module of ours unpickles, evaluates, or starts a shell."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLACES = ("forecast", "deploy", "benchmarks", "docs")
OURS = [ROOT / "app.py", *sorted(path for place in PLACES for path in (ROOT / place).rglob("*.py"))]

NEVER_IMPORTED = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "jsonpickle", "code", "codeop"}
NEVER_CALLED = {"eval", "exec", "compile", "__import__", "execfile"}
NEVER_ASKED = {
    "read_pickle",
    "to_pickle",
    "unsafe_load",
    "full_load",
    "load_all",
    "mktemp",
    "system",
    "popen",
    "getoutput",
    "getstatusoutput",
    "set_objective_from_string",
}
"""Attributes, whatever they are of."""
SAFE_WHEN_OFF = {"allow_pickle", "shell", "resolve_entities", "huge_tree"}
FROM_JOBLIB = {"Parallel", "delayed", "parallel_config", "cpu_count", "effective_n_jobs"}
"""Tasks are handed to this program's own processes, pickled by it and by nobody else; nothing is loaded from a file."""


def faults(text: str) -> Iterator[str]:
    """Say what in a module could run something that was read."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (f"imports {one.name}" for one in node.names if one.name.split(".")[0] in NEVER_IMPORTED)
        elif isinstance(node, ast.ImportFrom):
            module = (node.module or "").split(".")[0]
            if module in NEVER_IMPORTED:
                yield f"imports from {node.module}"
            if module == "joblib":
                yield from (f"takes {one.name} from joblib" for one in node.names if one.name not in FROM_JOBLIB)
        elif isinstance(node, ast.Call):
            yield from _of_call(node)


def _of_call(node: ast.Call) -> Iterator[str]:
    called = node.func
    whole = ast.unparse(called)
    if isinstance(called, ast.Name) and called.id in NEVER_CALLED:
        yield f"calls {called.id}"
    if isinstance(called, ast.Attribute) and called.attr in NEVER_ASKED:
        yield f"calls {whole}"
    if whole in {"yaml.load", "joblib.load", "joblib.dump", "pd.eval", "pandas.eval", "builtins.eval", "builtins.exec"}:
        yield f"calls {whole}"
    asked = isinstance(called, ast.Attribute) and called.attr in {"eval", "query"} and bool(node.args)
    if asked and not isinstance(node.args[0], ast.Constant):
        # What pandas evaluates must be written out, not put together.
        yield f"calls {whole} with a text that was put together"
    for word in node.keywords:
        value = ast.unparse(word.value)
        if (word.arg in SAFE_WHEN_OFF and value != "False") or (word.arg == "verify" and value == "False"):
            yield f"calls {whole} with {word.arg}={value}"


def test_there_is_something_to_look_at():
    assert len(OURS) > 400


@pytest.mark.parametrize("part", ["forecast", "deploy", "benchmarks", "docs", "app.py"])
def test_no_module_runs_anything_that_it_reads(part):
    found = [
        f"{path.relative_to(ROOT)}: {fault}"
        for path in OURS
        if path.relative_to(ROOT).parts[0] == part
        for fault in faults(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "import pickle",
        "import pickle as p",
        "from cloudpickle import loads",
        "import joblib; joblib.load('x')",
        "from joblib import load",
        "eval('1')",
        "exec(open('x').read())",
        "compile(text, 'x', 'exec')",
        "import pandas as pd; pd.read_pickle('x')",
        "frame.to_pickle('x')",
        "import numpy as np; np.load('x', allow_pickle=True)",
        "np.load('x', allow_pickle=chosen)",
        "yaml.load(text)",
        "yaml.unsafe_load(text)",
        "import shelve",
        "import marshal",
        "__import__(name)",
        "frame.eval(text)",
        "frame.query(f'place == {place}')",
        "os.system('ls')",
        "subprocess.run('ls', shell=True)",
        "httpx.get(url, verify=False)",
    ],
)
def test_each_of_these_would_be_found(text):
    assert list(faults(text))


@pytest.mark.parametrize(
    "text", ["yaml.safe_load(text)", "from joblib import Parallel, delayed", "np.load('x')", "subprocess.run(['ls'])"]
)
def test_these_are_no_fault(text):
    assert not list(faults(text))
