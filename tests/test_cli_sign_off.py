"""``forecast sign-off``: recorded and withdrawn from a terminal, with the exit codes of every command."""

import pytest
from typer.testing import CliRunner

from forecast.cli import app
from forecast.runs.sign_off import sign_offs
from tests.made_runs import make_run


@pytest.fixture
def models(tmp_path):
    make_run(tmp_path)
    return tmp_path


def asked(models, *words):
    return CliRunner().invoke(app, ["sign-off", "--models", str(models), *words])


def test_a_run_is_signed_off_and_taken_back_from_a_terminal(models):
    done = asked(models, "--name", "Ann Smith", "--comment", "Looked at [all] of it")
    assert done.exit_code == 0, done.output
    assert "Signed off by Ann Smith on " in done.output
    assert ": Looked at [all] of it" in done.output
    back = asked(models, "--name", "Ann Smith", "--run", "2025-01-09-515100", "--withdraw")
    assert "Not signed off: withdrawn by Ann Smith on " in back.output
    assert len(sign_offs(models, "2025-01-09-515100").entries) == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--name", "7"], "the name is '7'"),
        (["--name", "Ann", "--run", "../elsewhere"], "'../elsewhere' is no name of a run"),
        (["--name", "Ann", "--run", ""], "'' is no name of a run"),
        (["--comment", "x"], "--name"),
    ],
)
def test_what_cannot_be_recorded_ends_with_2_and_a_message(models, words, message):
    done = asked(models, *words)
    assert done.exit_code == 2
    assert message in done.output
    assert not (models / "sign_offs").exists()
