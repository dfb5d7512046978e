"""Which code a run knows itself by."""

from forecast.runs.version import hash_of_model, model_version


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


def test_the_model_has_a_version_that_stays():
    assert model_version() == model_version()
    assert len(model_version()) == 12
