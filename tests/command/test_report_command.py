"""``forecast report``: files and exit codes."""

import pytest
from made_whole_runs import make_whole_run
from typer.testing import CliRunner

from forecast.cli import app
from forecast.command import terminal
from forecast.runs.sign_off import sign_off


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return make_whole_run(tmp_path_factory.mktemp("run") / "models", season=False, places=False)


@pytest.fixture
def report(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for console in (terminal.out, terminal.err):
        monkeypatch.setattr(console, "_width", 300)
    return lambda *given: CliRunner().invoke(app, ["report", "--models", str(run.path.parent), *given])


def test_it_writes_what_was_asked_for_and_names_the_files(report, run, tmp_path):
    done = report("--kind", "briefing, hub", "--out", "out")
    assert done.exit_code == 0, done.output
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert len(names) == 3
    assert all(name in done.output for name in names)
    assert f"3 files of run {run.id}" in done.output


def test_a_run_is_chosen_by_its_name_and_files_say_who_signed_it_off(report, run, tmp_path):
    import pandas as pd

    sign_off(run.path.parent, run, name="Alex Person", comment="ranges looked at", at=pd.Timestamp("2025-01-09"))
    done = report("--run", run.id, "--kind", "briefing")
    assert done.exit_code == 0, done.output
    (made,) = (tmp_path / "reports").iterdir()
    assert "Signed off by Alex Person on 9 January 2025: ranges looked at" in made.read_text("utf-8")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--run", "2020-01-01-aa"], "there is no run '2020-01-01-aa'; it holds 2025-01-09"),
        (["--run", "../models"], "is no name of a run"),
        (["--kind", "word"], "choose among workbook, briefing"),
        (["--kind", ","], "choose among workbook, briefing"),
        (["--models", "nowhere"], "no run yet"),
    ],
)
def test_what_cannot_be_done_is_exit_2_with_the_remedy(report, given, said):
    done = report(*given)
    assert done.exit_code == 2
    assert said in done.output
