"""Which code a run knows itself by."""

import ast
from pathlib import Path

import forecast
from forecast.runs.version import SHOWING, hash_of_model, model_version

PACKAGE = Path(forecast.__file__).parent
MODEL = [
    path.relative_to(PACKAGE).as_posix()
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.relative_to(PACKAGE).parts[0] not in SHOWING
]


def test_what_only_shows_a_run_is_no_part_of_the_model(tmp_path):
    for name in ("pages/a.py", "wording/b.py", "cli.py", "forecasters/c.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x = 1")
    first = hash_of_model(tmp_path, ["numpy 2.0"])
    for name in ("pages/a.py", "wording/b.py", "cli.py"):
        (tmp_path / name).write_text("x = 2")
    assert hash_of_model(tmp_path, ["numpy 2.0"]) == first
    assert hash_of_model(tmp_path, ["numpy 2.1"]) != first
    (tmp_path / "forecasters/c.py").write_text("x = 2")
    assert hash_of_model(tmp_path, ["numpy 2.0"]) != first


def test_a_new_comment_or_docstring_is_no_new_model(tmp_path):
    module = tmp_path / "a.py"
    module.write_text('"""One."""\nX = 1\n"""What it is."""\n\ndef f():\n    """Do."""\n    return "a"  # why\n')
    first = hash_of_model(tmp_path, [])
    module.write_text('"""Another."""\nX = 1\n\ndef f():\n    return "a"\n')
    assert hash_of_model(tmp_path, []) == first
    module.write_text('"""Another."""\nX = 1\n\ndef f():\n    return "b"\n')
    assert hash_of_model(tmp_path, []) != first


def test_the_model_has_a_version_that_stays():
    assert model_version() == model_version()
    assert len(model_version()) == 12


def test_no_forecast_depends_on_what_is_left_out_of_the_models_version():
    shows = {part.removesuffix(".py") for part in SHOWING}
    found = set()
    for name in MODEL:
        for node in ast.walk(ast.parse((PACKAGE / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                wanted = [f"{node.module}.{alias.name}".split(".") for alias in node.names]
                found |= {name for one in wanted if one[0] == "forecast" and one[1] in shows}
    # the library's public names; how a backtest is told; whether what was made is published
    assert found <= {"__init__.py", "evaluation/report.py", "refit.py"}
