import functools
import json
import logging
from contextlib import ExitStack
from dataclasses import replace

import pandas as pd
import pytest

from forecast.errors import RunError
from forecast.forecasters.base import Forecaster
from forecast.incoming.archive import Archive
from forecast.incoming.bringing import Brought
from forecast.incoming.pending import ingest_archived
from forecast.job import weekly
from forecast.job.journal import attempts
from forecast.job.weekly import Job, run_weekly
from forecast.observations.store import Store
from forecast.refit import refit
from forecast.runs import REFUSED, latest_run
from forecast.runs.place import writer_of
from forecast.sources.download import Validators
from tests.weekly.compared_runs import LAST_THEN, SETTINGS, Told, told

FRIDAY = pd.Timestamp("2024-12-20 07:00", tz="UTC")
NEXT = pd.Timestamp("2024-12-28 07:00", tz="UTC")
STEPS = ["fetch", "ingest", "check", "forecast", "score", "decide", "publish", "report"]


def make(model: Forecaster | None = None, **settings: object):
    """The refit that the job calls, with a small model and quick settings."""
    quick = replace(SETTINGS, **settings)
    return functools.partial(refit, settings=quick, forecaster=lambda _: model or Told())


@pytest.fixture
def job(tmp_path):
    Store(tmp_path / "data").add(told(last=LAST_THEN))
    return Job(str(tmp_path / "data"), tmp_path / "models", tmp_path / "raw", fetch=False)


def another_week(job: Job, **rise: float) -> None:
    Store(job.data).add(told(weeks=1, **rise))


def test_a_week_is_published_and_told_step_by_step(job):
    attempt = run_weekly(job, FRIDAY, make=make())
    run = latest_run(job.models)
    assert (attempt.outcome, attempt.run, attempt.as_of) == ("published", run.id, "2024-12-19")
    assert [step.step for step in attempt.steps] == STEPS
    assert [step.outcome for step in attempt.steps if step.step in {"fetch", "ingest", "report"}] == ["left out"] * 3
    assert attempts(job.models) == [attempt]
    assert run.made == "weekly"
    assert run.made_at == FRIDAY
    assert run.manifest["gate"] == {"findings": [], "compared_with": "", "forced": ""}


def test_a_refit_or_fetch_by_hand_is_waited_for(job, monkeypatch):
    waited = []

    def bring(store, archive, *_, **__):
        with archive.locked():
            return Brought([], [], [])

    monkeypatch.setattr(weekly, "bring", bring)
    with ExitStack() as by_hand:
        by_hand.enter_context(writer_of(job.models).refitting())
        fetch = by_hand.enter_context(ExitStack())
        fetch.enter_context(Archive(job.raw).locked())

        def wait(seconds):
            waited.append(seconds)
            fetch.close() if len(waited) == 2 else None
            by_hand.close() if len(waited) == 4 else None

        attempt = run_weekly(replace(job, fetch=True), FRIDAY, make=make(), wait=wait)
    assert waited == [weekly.WAIT_SECONDS] * 4
    assert attempt.outcome == "published"
    assert [step.step for step in attempt.steps if step.outcome == "failed"] == []


def test_it_is_not_waited_for_ever(job):
    waited = []
    with writer_of(job.models).refitting():
        attempt = run_weekly(job, FRIDAY, make=make(), wait=waited.append)
    assert sum(waited) == weekly.MOST_SECONDS
    assert attempt.outcome == "refused"
    assert "another refit is running; wait for it to finish, then try again" in attempt.reasons[0]


def test_the_next_week_scores_the_one_before_and_keeps_the_score(job):
    run_weekly(job, FRIDAY, make=make())
    another_week(job)
    attempt = run_weekly(job, NEXT, make=make())
    assert attempt.outcome == "published"
    scores = latest_run(job.models).scores
    at = scores[(scores["metric"] == "nctr_patients") & (scores["location"] == "RM1")].iloc[0]
    assert (at["runs"], at["days"]) == (1, 7)
    assert at["coverage_90"] == 1.0  # weeks vary by 3 either way, and 9 in 10 of 101 paths lie within 45
    detail = next(step.detail for step in attempt.steps if step.step == "score")
    assert detail == "1 past run, 28 days: the likely range held on 100%"


def test_where_nothing_is_new_the_run_stands_and_nothing_is_forecast(job, monkeypatch):
    first = run_weekly(job, FRIDAY, make=make())
    monkeypatch.setattr(Told, "_learn", lambda self: pytest.fail("forecast again"))
    again = run_weekly(job, FRIDAY + pd.Timedelta(days=1), make=make())
    assert (again.outcome, again.run) == ("unchanged", first.run)
    assert again.published


def test_where_nothing_new_comes_for_long_somebody_is_told(job):
    first = run_weekly(job, FRIDAY, make=make())
    late = run_weekly(job, FRIDAY + pd.Timedelta(days=12), make=make())
    assert late.outcome == "refused"
    assert "nothing new to publish" not in late.reasons[0]
    assert "the newest release stored is of 19 December 2024, 13 days ago" in late.reasons[0]
    assert latest_run(job.models).id == first.run


def test_stale_figures_are_not_published_and_what_was_made_is_kept_aside(job):
    attempt = run_weekly(job, FRIDAY + pd.Timedelta(days=20), make=make())
    assert attempt.outcome == "refused"
    assert "21 days ago" in attempt.reasons[0]
    with pytest.raises(RunError, match="no run yet"):
        latest_run(job.models)
    kept = job.models / REFUSED / attempt.run
    assert json.loads((kept / "manifest.json").read_text())["gate"]["findings"][0]["check"] == "stale figures"


def test_a_simulated_run_is_exempt_from_the_clock(tmp_path):
    Store(tmp_path / "data" / "twin").add(told(last=LAST_THEN).assign(source="simulated twin"))
    job = Job(str(tmp_path / "data"), tmp_path / "models", tmp_path / "raw", fetch=False)
    assert run_weekly(job, FRIDAY + pd.Timedelta(days=900), make=make()).outcome == "published"


def test_a_model_that_moves_the_forecast_for_no_reason_is_refused_and_the_last_good_run_stands(job):
    first = run_weekly(job, FRIDAY, make=make())
    another_week(job)
    attempt = run_weekly(job, NEXT, make=make(Told(add=60)))
    assert attempt.outcome == "refused"
    assert any("not from new figures" in reason for reason in attempt.reasons)
    assert latest_run(job.models).id == first.run
    assert [one.outcome for one in attempts(job.models)] == ["published", "refused"]


def test_a_person_may_have_it_published_and_the_reason_is_kept_with_what_spoke_against_it(job):
    run_weekly(job, FRIDAY, make=make())
    another_week(job)
    forced = replace(job, forced="release 0.2, back-tested by A. Person")
    attempt = run_weekly(forced, NEXT, make=make(Told(add=60)))
    assert attempt.outcome == "published"
    assert attempt.forced == "release 0.2, back-tested by A. Person"
    assert any("not from new figures" in reason for reason in attempt.reasons)
    gate = latest_run(job.models).manifest["gate"]
    assert gate["forced"] == "release 0.2, back-tested by A. Person"
    assert gate["findings"]


def test_a_reason_to_force_what_nothing_speaks_against_is_not_said_to_have_been_needed(job):
    attempt = run_weekly(replace(job, forced="just in case"), FRIDAY, make=make())
    assert (attempt.outcome, attempt.forced, attempt.reasons) == ("published", "", ())


def test_an_empty_store_is_a_failure_that_names_what_to_do(tmp_path):
    job = Job(str(tmp_path / "data"), tmp_path / "models", tmp_path / "raw", fetch=False)
    attempt = run_weekly(job, FRIDAY, make=make())
    assert attempt.outcome == "failed"
    assert "nothing is stored; run 'forecast ingest PATH'" in attempt.reasons[0]
    assert attempts(job.models) == [attempt]


class Faulty(Told):
    """A model that fails in a way nobody foresaw."""

    def _learn(self) -> None:
        raise ZeroDivisionError("float division by zero")


def test_what_nobody_foresaw_is_in_the_journal_before_the_program_ends(job):
    with pytest.raises(ZeroDivisionError):
        run_weekly(job, FRIDAY, make=make(Faulty()))
    (attempt,) = attempts(job.models)
    assert attempt.outcome == "failed"
    assert attempt.reasons[0].startswith("ZeroDivisionError: float division by zero; the last run stands")


def test_reports_are_written_after_publishing_and_their_failure_takes_nothing_back(job, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(weekly, "export", lambda run, folder, signed: asked.append((run.id, folder, signed)) or [1, 2])
    with_reports = replace(job, reports=tmp_path / "reports")
    attempt = run_weekly(with_reports, FRIDAY, make=make())
    assert asked == [(attempt.run, tmp_path / "reports", "Not signed off")]
    another_week(job)

    def fails(*_: object, **__: object) -> None:
        raise ValueError("a picture cannot be drawn")  # of a library: nobody's message

    monkeypatch.setattr(weekly, "export", fails)
    attempt = run_weekly(with_reports, NEXT, make=make())
    assert attempt.outcome == "published"
    assert attempt.steps[-1].outcome == "failed"
    assert attempt.steps[-1].detail == "a picture cannot be drawn"
    assert attempts(job.models)[-1] == attempt
    assert latest_run(job.models).id == attempt.run


def test_a_publisher_that_cannot_be_reached_costs_only_what_it_would_have_brought(job, monkeypatch):
    for name in ("FORECAST_NHS_ENGLAND", "FORECAST_UKHSA"):
        monkeypatch.setenv(name, "no web address")
    attempt = run_weekly(replace(job, fetch=True), FRIDAY, make=make())
    assert attempt.outcome == "published"
    assert attempt.steps[0].outcome == "failed"


def test_every_step_is_a_record_with_its_seconds_for_a_machine_to_read(job, caplog):
    with caplog.at_level(logging.INFO, "forecast.job"):
        run_weekly(job, FRIDAY, make=make())
    told = [record for record in caplog.records if hasattr(record, "step")]
    assert [record.step for record in told] == STEPS
    assert all(record.seconds >= 0 for record in told)
    assert caplog.records[-1].outcome == "published"


def damaged(job: Job) -> None:
    """Flip a byte in the newest vintage."""
    path = Store(job.data).vintages()[-1].path
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)


def test_a_damaged_vintage_comes_back_from_what_was_fetched_and_the_run_is_published(job, tmp_path):
    run_weekly(job, FRIDAY, make=make())
    told(weeks=1).to_csv(tmp_path / "new.csv", index=False)
    archive = Archive(job.raw)
    (job.raw / "weekly").mkdir(parents=True)
    link = {"url": "http://publisher/new.csv", "text": "new", "page": "http://publisher/", "dated": ""}
    with archive.locked():
        archive.keep("weekly", tmp_path / "new.csv", "new.csv", link, NEXT.to_pydatetime(), Validators())
    ingest_archived(Store(job.data), archive, NEXT.tz_localize(None))
    before = Store(job.data).panel("nctr_patients")
    damaged(job)
    attempt = run_weekly(job, NEXT, make=make())
    assert attempt.outcome == "published", attempt.reasons
    assert [step.step for step in attempt.steps[:3]] == ["mend", "fetch", "ingest"]
    assert "its content is not what was written" in attempt.steps[0].detail
    pd.testing.assert_frame_equal(Store(job.data).panel("nctr_patients"), before)


def test_figures_that_do_not_come_back_hold_the_run_back(job):
    another_week(job)
    first = run_weekly(job, NEXT, make=make())
    assert first.outcome == "published"
    damaged(job)
    attempt = run_weekly(job, NEXT, make=make())
    assert attempt.outcome == "refused"
    assert any("21 fewer than the run that is served was made from" in reason for reason in attempt.reasons)
    assert latest_run(job.models).id == first.run


def test_a_past_run_that_is_damaged_costs_only_its_own_score(job):
    first = run_weekly(job, FRIDAY, make=make())
    another_week(job)
    second = run_weekly(job, NEXT, make=make())
    quantiles = job.models / first.run / "quantiles.parquet"
    quantiles.write_bytes(b"\0" * quantiles.stat().st_size)
    Store(job.data).add(told(last="2024-12-29", weeks=1))
    third = run_weekly(job, NEXT + pd.Timedelta(days=7), make=make())
    assert third.outcome == "published", third.reasons
    assert third.run != second.run
    assert latest_run(job.models).scores["runs"].max() == 1


def test_where_what_was_refused_cannot_be_kept_the_reasons_are_told_all_the_same(job):
    job.models.mkdir()
    (job.models / REFUSED).write_text("")  # a file where a folder should be, as a full disk has no room for one
    attempt = run_weekly(job, FRIDAY + pd.Timedelta(days=20), make=make())
    assert (attempt.outcome, attempt.run) == ("refused", "")
    assert "21 days ago" in attempt.reasons[0]
