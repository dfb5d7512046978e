"""The log as lines of JSON: what stands in each, and what never does."""

import json
import logging

import pandas as pd
import pytest
from typer.testing import CliRunner

from forecast.cli import app
from forecast.command import log

SECRET = "hunter2-s3cr3t"


@pytest.fixture
def written(tmp_path):
    """Log to a file; returns what reads its lines."""
    path = tmp_path / "logs" / "job.jsonl"
    end = log.to_file(path)
    yield lambda: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    end()


def test_each_record_is_one_object_with_its_time_in_utc_and_what_it_was_given(written):
    given = {"step": "forecast", "run": "2025-01-16-abc", "seconds": 1.5, "day": pd.Timestamp("2025-01-16")}
    logging.getLogger("forecast.weekly").info("%s is\ndone", "nctr", extra=given)
    (line,) = written()
    at = pd.Timestamp(line.pop("time"))
    assert abs(pd.Timestamp.now(tz="UTC") - at) < pd.Timedelta(minutes=1)
    assert line == {
        "level": "INFO",
        "logger": "forecast.weekly",
        "message": "nctr is\ndone",
        "step": "forecast",
        "run": "2025-01-16-abc",
        "seconds": 1.5,
        "day": "2025-01-16 00:00:00",
    }


def test_an_exception_is_told_with_where_it_was_raised_and_without_its_secret(written):
    try:
        raise ValueError(f"cannot read s3://bucket?token={SECRET}")
    except ValueError:
        logging.getLogger("forecast.job").exception("failed")
    (line,) = written()
    assert "ValueError: cannot read s3://bucket?token=[hidden]" in line["exception"]
    assert "test_json_log.py" in line["exception"]
    assert SECRET not in json.dumps(line)


@pytest.mark.parametrize(
    "text",
    [
        f"https://ann:{SECRET}@example.org/file.csv",
        f"cannot open s3://key:p@ss{SECRET}@host:9000/bucket now",
        f"https://example.org/a?page=2&token={SECRET}&x=1",
        f"https://store.example.org/a?sv=2020&sig={SECRET}",
        f"https://s3.example.org/a?X-Amz-Credential={SECRET}&X-Amz-Signature={SECRET}",
        f"Authorization: Bearer {SECRET}",
        f"{{'Authorization': 'Basic {SECRET}'}}",
        f"{{'key': '{SECRET}', 'secret': '{SECRET}', 'endpoint_url': 'http://127.0.0.1'}}",
        f'{{"aws_secret_access_key": "{SECRET}"}}',
        f"password={SECRET}",
        f"AZURE_STORAGE_KEY={SECRET}",
        f"API-KEY: {SECRET}",
    ],
)
def test_no_secret_is_written(written, text):
    logger = logging.getLogger("forecast.sources.web")
    logger.warning("not fetched: %s", text, extra={"url": text, "told": {"where": [text], "secret": SECRET}})
    assert SECRET not in json.dumps(written())
    assert "[hidden]" in written()[0]["message"]


@pytest.mark.parametrize(
    "text",
    [
        "fetched https://www.england.nhs.uk/statistics/file.xlsx?page=2 in 3 s",
        "nctr_patients: 3 key measures at RM1, keyed by date",
        "write to analysts@norfolk.gov.uk about monkey=1",
        "as of 2025-01-16: the tokeniser is basic research",
    ],
)
def test_what_is_no_secret_stays_as_it_is(text):
    assert log.harmless(text) == text


def test_the_terminal_shows_no_more_than_before_and_afterwards_all_is_as_it_was(tmp_path):
    root, own = logging.getLogger(), logging.getLogger("forecast")
    before = (list(root.handlers), own.level)
    end = log.to_file(tmp_path / "a.jsonl")
    assert all(one.level >= logging.WARNING for one in root.handlers if type(one) is logging.StreamHandler)
    end()
    assert (list(root.handlers), own.level) == before


def test_a_command_logs_when_it_begins_and_ends_to_the_file_of_the_option_or_the_environment(tmp_path):
    asked = ["status", "--json", "--data", str(tmp_path / "data"), "--models", str(tmp_path / "models")]
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    result = CliRunner().invoke(app, ["--log-json", str(first), *asked])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["state"] == "no run"
    CliRunner().invoke(app, asked, env={"FORECAST_LOG": str(second)})
    for path in (first, second):
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        assert [line["message"] for line in lines] == ["status begins", "status has ended"]
        assert lines[-1]["seconds"] >= 0


def test_a_log_that_cannot_be_written_is_named_with_the_remedy(tmp_path):
    result = CliRunner().invoke(app, ["--log-json", str(tmp_path), "status"])
    assert result.exit_code == 2
    assert "name another file" in " ".join(result.output.split())
