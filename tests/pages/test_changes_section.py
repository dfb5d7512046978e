"""The section on what changed since the run before."""

from __future__ import annotations

import json

from made_changes import made_changes
from screen import text_of
from streamlit.testing.v1 import AppTest

from forecast.runs import Run, open_run
from forecast.runs.changes_ahead import Changes
from forecast.runs.pieces import digest_of


def kept(run: Run, changes: Changes) -> Run:
    """The run with what changed written into it."""
    (run.path / "changes").mkdir()
    files = dict(run.manifest["files"])
    for name, frame in changes.frames().items():
        path = run.path / "changes" / f"{name}.parquet"
        frame.to_parquet(path, index=False)
        files[f"changes/{name}.parquet"] = digest_of(path)
    whole = {**run.manifest, "compared": changes.entry(), "files": files}
    (run.path / "manifest.json").write_text(json.dumps(whole), encoding="utf-8")
    return open_run(run.path)


def _section(path: str) -> None:
    from forecast.pages.changes import section
    from forecast.runs import open_run

    section(open_run(path), "NORFOLK")


def shown(run: Run) -> AppTest:
    app = AppTest.from_function(_section, args=(str(run.path),), default_timeout=30).run()
    assert not app.exception
    return app


def test_what_is_kept_of_a_comparison_is_read_back(run):
    made = made_changes()
    found = kept(run, made).compared
    assert found.entry() == made.entry()
    for name, frame in made.frames().items():
        assert found.frames()[name].to_dict("records") == frame.to_dict("records") or frame.isna().to_numpy().any()


def test_the_section_says_what_changed_and_why_with_a_chart_and_a_table(run):
    app = shown(kept(run, made_changes()))
    text = text_of(app)
    assert "What changed since last week, and why" in text
    assert "Compared with the run of Thursday 9 January 2025" in text
    assert "rose by 14 a day, from about 560 to about 574: 11 more from the new figures" in text
    assert "Step chart of fit to leave" in text
    assert "revised figures +3, new figures +11" in text
    assert "74 housing-with-care flats (4 more than then)" in text
    assert "There was no forecast then." in text


def test_a_run_that_cannot_say_what_changed_says_why_and_draws_nothing_else(run):
    text = text_of(shown(kept(run, Changes("there is no run of the week before"))))
    assert "What changed cannot be said: there is no run of the week before." in text
    assert "Step chart" not in text


def test_an_old_run_says_in_one_line_that_it_was_not_compared(run):
    manifest = {key: value for key, value in run.manifest.items() if key != "compared"}
    (run.path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    text = text_of(shown(open_run(run.path)))
    assert "this run was made before runs were compared" in text
