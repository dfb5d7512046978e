import json
import subprocess

import pandas as pd
import pytest
from typer.testing import CliRunner

from forecast import runs
from forecast.cli import app
from forecast.command import cli_refit, terminal
from forecast.forecasters import Persistence
from forecast.job.journal import attempts
from forecast.observations.store import Store

WIDE = {"COLUMNS": "300"}


@pytest.fixture(autouse=True)
def quick_forecaster(monkeypatch):
    """The command line is what is tested here, not the models."""
    make = cli_refit.make
    monkeypatch.setattr(cli_refit, "make", lambda *a, **k: make(*a, **{"forecaster": lambda _: Persistence(), **k}))
    for console in (terminal.out, terminal.err):
        monkeypatch.setattr(console, "_width", 300)


@pytest.fixture
def forecast(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    return lambda *words: runner.invoke(app, list(words), env=WIDE)


def fit_to_leave(days: int = 120) -> pd.DataFrame:
    dates = pd.date_range("2024-01-01", periods=days)
    return pd.concat(
        pd.DataFrame({"date": dates, "location": code, "metric": "nctr_patients", "value": range(100, 100 + days)})
        for code in ("RM1", "RGP", "RCX")
    ).assign(source="a test")


def test_demo_then_refit_gives_a_run_that_says_it_is_simulated(forecast, tmp_path):
    said = forecast("demo", "--seed", "3")
    assert said.exit_code == 0
    assert "simulated" in said.output
    assert json.loads((tmp_path / "data" / "twin" / "truth.json").read_text())["lags"]
    done = forecast("refit")
    assert done.exit_code == 0, done.output
    assert "SIMULATED" in done.output
    run = runs.latest_run(tmp_path / "models")
    assert run.simulated
    assert set(run.metrics) >= {"nctr_patients", "nctr_remaining", "flu_beds", "covid_beds_occupied"}
    status = forecast("status")
    assert status.exit_code == 0
    assert "simulated twin" in status.output
    assert run.id in status.output


def test_what_has_been_ingested_comes_before_the_twin(forecast, tmp_path):
    forecast("demo")
    fit_to_leave().to_csv("mine.csv", index=False)
    said = forecast("ingest", "mine.csv")
    assert said.exit_code == 0, said.output
    assert "360 new, 0 changed, 0 unchanged" in said.output
    assert "1 read, 0 skipped, 0 could not be read" in said.output
    assert forecast("refit").exit_code == 0
    assert not runs.latest_run(tmp_path / "models").simulated


def test_the_as_of_day_is_the_one_given(forecast, tmp_path):
    fit_to_leave().to_csv("mine.csv", index=False)
    forecast("ingest", "mine.csv")
    assert forecast("refit", "--as-of", "2024-03-07").exit_code == 0
    assert runs.latest_run(tmp_path / "models").as_of == pd.Timestamp("2024-03-07")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("refit",), 2, "nothing is stored; run 'forecast ingest PATH' or 'forecast demo' first"),
        (("refit", "--as-of", "31/12/2024"), 2, "'31/12/2024' is not a date; write 2024-12-31"),
        (("refit", "--as-of", "20241231"), 2, "'20241231' is not a date; write 2024-12-31"),
        (("status",), 2, "no run yet; run 'forecast refit'"),
        (("ingest", "nowhere.xlsx"), 2, "nowhere.xlsx"),
        (("ingest",), 2, "Missing argument"),
        (("predict",), 2, "No such command"),
    ],
)
def test_wrong_usage_is_exit_2_with_the_remedy(forecast, words, code, said):
    result = forecast(*words)
    assert result.exit_code == code
    assert said in result.output


def test_an_empty_folder_is_exit_2(forecast, tmp_path):
    (tmp_path / "empty").mkdir()
    result = forecast("ingest", "empty")
    assert result.exit_code == 2
    assert "empty" in result.output


def test_a_bad_file_is_exit_2_and_the_good_one_beside_it_goes_in(forecast, tmp_path):
    (tmp_path / "in").mkdir()
    fit_to_leave().to_csv("in/good.csv", index=False)
    fit_to_leave().assign(value="x").to_csv("in/bad.csv", index=False)
    (tmp_path / "in" / "notes.md").write_text("notes")
    result = forecast("ingest", "in")
    assert result.exit_code == 2
    assert "1 read, 1 skipped, 1 could not be read" in result.output
    assert "bad.csv" in result.output
    assert not Store(tmp_path / "data").empty


def test_a_file_name_is_printed_as_it_is(forecast, tmp_path):
    fit_to_leave().to_csv(tmp_path / "[bold]x[[].csv", index=False)
    said = forecast("ingest", "[bold]x[[].csv")
    assert "[bold]x[[].csv: 360 new" in said.output


def test_a_path_that_does_not_exist_does_not_stop_the_others(forecast, tmp_path):
    fit_to_leave().to_csv("mine.csv", index=False)
    result = forecast("ingest", "mine.csv", "nowhere.csv")
    assert result.exit_code == 2
    assert "nowhere.csv" in result.output
    assert not Store(tmp_path / "data").empty


def test_folders_that_cannot_be_used_are_exit_2_with_the_remedy(forecast, tmp_path):
    fit_to_leave().to_csv("mine.csv", index=False)
    for words in (("ingest", "mine.csv", "--data", "mine.csv"), ("status", "--models", "mine.csv")):
        result = forecast(*words)
        assert result.exit_code == 2
        assert "mine.csv" in result.output
    forecast("ingest", "mine.csv")
    result = forecast("refit", "--models", "mine.csv")
    assert result.exit_code == 2
    assert "--models" in result.output


def test_a_refusal_is_exit_1_and_says_why(forecast):
    fit_to_leave().to_csv("mine.csv", index=False)
    forecast("ingest", "mine.csv")
    result = forecast("refit", "--as-of", "2026-01-01")
    assert result.exit_code == 1
    assert "refused: nothing to forecast as of 2026-01-01" in result.output


def test_app_prepares_twin_and_run_once_and_a_new_run_when_real_data_have_come(forecast, tmp_path):
    said = forecast("app", "--prepare-only")
    assert said.exit_code == 0
    assert "'make data' brings the real ones" in said.output
    first = runs.latest_run(tmp_path / "models")
    assert first.simulated
    assert forecast("app", "--prepare-only").exit_code == 0
    assert [path.parent.name for path in (tmp_path / "models").glob("*/manifest.json")] == [first.id]
    fit_to_leave().to_csv("mine.csv", index=False)
    forecast("ingest", "mine.csv")
    assert forecast("app", "--prepare-only").exit_code == 0
    real = runs.latest_run(tmp_path / "models")
    assert not real.simulated
    more = fit_to_leave()
    more.assign(value=more["value"] + 1, source="a later edition").to_csv("more.csv", index=False)
    forecast("ingest", "more.csv")
    assert forecast("app", "--prepare-only").exit_code == 0
    assert len(runs.latest_run(tmp_path / "models").manifest["vintages"]) > len(real.manifest["vintages"])


def test_app_serves_the_page_with_the_folders_it_was_given(forecast, tmp_path, monkeypatch):
    seen = {}

    def call(command, env, cwd):
        seen.update(command=command, data=env["FORECAST_DATA"], cwd=cwd)
        return 0

    monkeypatch.setattr(subprocess, "call", call)
    assert forecast("app", "--port", "8600").exit_code == 0
    assert seen["command"][-4:] == ["--server.address", "127.0.0.1", "--server.port", "8600"]
    assert seen["data"] == str(tmp_path / "data")
    assert (seen["cwd"] / "app.py").name == "app.py"


def test_heal_sets_a_damaged_file_aside_and_names_what_to_ingest_again(forecast, tmp_path):
    fit_to_leave().assign(source="april, published 2024-05-09").to_csv("mine.csv", index=False)
    assert forecast("ingest", "mine.csv").exit_code == 0
    assert "nothing is damaged" in forecast("heal").output
    (vintage,) = Store(tmp_path / "data").vintages()
    vintage.path.write_bytes(b"")
    broken = forecast("ingest", "mine.csv")
    assert broken.exit_code == 2
    assert "forecast heal --data data" in broken.output
    said = forecast("heal")
    assert said.exit_code == 0
    assert f"{vintage.name}: it is empty; ingest again: " in said.output
    assert forecast("ingest", "mine.csv").exit_code == 0
    assert len(Store(tmp_path / "data").panel("nctr_patients")) == 120


def test_the_data_may_lie_behind_a_url(forecast):
    fit_to_leave().to_csv("mine.csv", index=False)
    assert forecast("ingest", "mine.csv", "--data", "memory://cli").exit_code == 0
    assert "memory://cli (published data)" in forecast("status", "--data", "memory://cli").output
    assert len(Store("memory://cli").panel("nctr_patients")) == 120


def backtested(forecast, *words: str):
    quick = ("--forecasters", "SeasonalNaive", "--samples", "50", "--horizon", "7")
    return forecast("backtest", "nctr_patients", *quick, *words)


def test_backtest_says_how_good_each_model_was_at_each_place(forecast, tmp_path):
    fit_to_leave().to_csv("mine.csv", index=False)
    forecast("ingest", "mine.csv")
    told = backtested(
        forecast, "--from", "2024-03-03", "--to", "2024-04-14", "--folder", "kept", "--out", "all.parquet"
    )
    assert told.exit_code == 0, told.output
    assert "7 origins, 3 March 2024 to 14 April 2024, 7 days ahead" in told.output
    for text in ("Norfolk and Norwich", "James Paget", "Norfolk", "SeasonalNaive", "no change (baseline)"):
        assert text in told.output
    assert "seconds an origin" in told.output
    made = pd.read_parquet("all.parquet")
    assert set(made["location"]) == {"RM1", "RGP", "RCX", "NORFOLK"}
    assert len(made) == 2 * 7 * 4 * 7
    assert len(list((tmp_path / "kept").glob("*.parquet"))) == 2 * 7


def test_backtest_with_what_was_known_and_only_where_asked(forecast):
    fit_to_leave().to_csv("mine.csv", index=False)
    forecast("ingest", "mine.csv")
    words = ("--locations", "RGP", "--from", "2024-03-03", "--to", "2024-03-17", "--out", "all.csv")
    assert backtested(forecast, *words).exit_code == 0
    published = pd.read_csv("all.csv")
    assert backtested(forecast, *words, "--as-known").exit_code == 0
    known = pd.read_csv("all.csv")
    assert set(known["location"]) == {"RGP"}
    assert known["date"].tolist() == published["date"].tolist()
    assert known["observed"].tolist() == published["observed"].tolist()
    assert (known["0.5"] < published["0.5"]).all(), "it rises by one a day, and days were not out yet"


def test_backtest_of_every_stored_metric_writes_one_file_each(forecast, tmp_path):
    one = fit_to_leave()
    more = [one, one.assign(metric="nctr_remaining")]
    pd.concat(more).to_csv("mine.csv", index=False)
    forecast("ingest", "mine.csv")
    quick = ("--forecasters", "SeasonalNaive", "--samples", "20", "--horizon", "3", "--every", "90")
    result = forecast("backtest", "--all", "--locations", "all", "--out", "told.parquet", *quick)
    assert result.exit_code == 0, result.output
    assert "left out: covid_beds_occupied" in result.output
    assert sorted(path.name for path in tmp_path.glob("told*")) == [
        "told-nctr_patients.parquet",
        "told-nctr_remaining.parquet",
    ]
    for words in ((), ("nctr_patients", "--all")):
        result = forecast("backtest", *words, *quick)
        assert result.exit_code == 2
        assert "or give --all, and not both" in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--forecasters", "Oracle"), "model 'Oracle' is not known; choose from default, "),
        (("--forecasters", "Ensemble"), "model 'Ensemble' needs settings"),
        (("--forecasters", ","), "no model is named"),
        (("--locations", "XYZ"), "location 'XYZ' has no values of that metric; there is "),
        (("--from", "3/3/2024"), "'3/3/2024' is not a date"),
        (("--from", "2024-05-01", "--to", "2024-04-01"), "no origin from 2024-05-01 to 2024-04-01"),
        (("--horizon", "0"), "horizon is 0"),
        (("--every", "0"), "--every is 0"),
        (("--out", "all.xlsx"), "end it in .parquet or .csv"),
        (("--out", "nowhere/all.csv"), "there is no folder nowhere"),
        (("--folder", "mine.csv"), "name a folder that can be written"),
    ],
)
def test_a_backtest_that_cannot_be_made_is_exit_2_with_the_remedy(forecast, words, said):
    fit_to_leave().to_csv("mine.csv", index=False)
    forecast("ingest", "mine.csv")
    result = backtested(forecast, *words)
    assert result.exit_code == 2
    assert said in result.output


def test_a_backtest_of_nothing_is_exit_2(forecast):
    result = backtested(forecast)
    assert result.exit_code == 2
    assert "nothing is stored" in result.output
    fit_to_leave().to_csv("mine.csv", index=False)
    forecast("ingest", "mine.csv")
    result = forecast("backtest", "happiness")
    assert result.exit_code == 2
    assert "happiness" in result.output


def test_the_weekly_job_says_each_step_publishes_and_exits_0(forecast, tmp_path):
    forecast("demo")
    done = forecast("refit", "--scheduled", "--no-fetch")
    assert done.exit_code == 0, done.output
    for said in ("fetch: left out, not asked for", "check: done, simulated figures", "decide: done, published"):
        assert said in done.output
    run = runs.latest_run(tmp_path / "models")
    assert f"published: run {run.id}" in done.output
    assert [attempt.outcome for attempt in attempts(tmp_path / "models")] == ["published"]
    assert "unchanged: run" in forecast("refit", "--scheduled", "--no-fetch").output


def test_the_weekly_job_that_refuses_exits_1_names_why_and_where_what_was_made_is_kept(forecast, tmp_path):
    fit_to_leave().to_csv("mine.csv", index=False)  # of 2024: years old by any clock that runs this
    assert forecast("ingest", "mine.csv").exit_code == 0
    refused = forecast("refit", "--scheduled", "--no-fetch")
    assert refused.exit_code == 1
    assert "refused: the newest release stored is of 9 May 2024" in refused.output
    assert "what was made is kept in models/refused/2024-05-09-" in refused.output
    assert not (tmp_path / "models" / "latest").exists()
    forced = forecast("refit", "--scheduled", "--no-fetch", "--force", "an exercise")
    assert forced.exit_code == 0
    assert "forced (an exercise), against: the newest release stored is of 9 May 2024" in forced.output
    assert runs.latest_run(tmp_path / "models").manifest["gate"]["forced"] == "an exercise"


def test_the_weekly_job_without_any_figures_exits_2(forecast):
    failed = forecast("refit", "--scheduled", "--no-fetch")
    assert failed.exit_code == 2
    assert "failed: " in failed.output
    assert "nothing is stored" in failed.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--scheduled", "--as-of", "2024-12-31"), "the weekly job knows the day"),
        (("--scheduled", "--force", "  "), "say why it is published all the same"),
        (("--force", "because"), "goes with --scheduled"),
        (("--no-fetch",), "goes with --scheduled"),
    ],
)
def test_options_of_the_weekly_job_that_make_no_sense_are_exit_2(forecast, words, said):
    wrong = forecast("refit", *words)
    assert wrong.exit_code == 2
    assert said in wrong.output
