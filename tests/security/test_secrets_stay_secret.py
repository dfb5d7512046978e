"""Canaries in place of every secret there is: none may come out in a message, a log, a run, a journal or a report."""

from __future__ import annotations

import json
import logging

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from forecast import access
from forecast.addresses import without_secrets
from forecast.cli import app
from forecast.command import terminal
from forecast.errors import FetchError, InputError, Refused, StoreError
from forecast.export import export
from forecast.forecasters import Persistence
from forecast.job import journal
from forecast.job.weekly import Job, run_weekly
from forecast.observations.store import Store
from forecast.refit import refit
from forecast.runs import latest_run
from forecast.sources.web import Web
from tests.pages.conftest import APP
from tests.pages.screen import text_of
from tests.refitting import QUICK, observed

CANARY = "Kanarienvogel7f3a9c1e5b2d8f4a6c0e"
"""Long enough for the secret of a cookie."""
AUTH = {
    "redirect_uri": "https://forecast.example.gov.uk/oauth2callback",
    "cookie_secret": CANARY + "cookie",
    "client_id": "client",
    "client_secret": CANARY + "client",
    "server_metadata_url": "https://login.example.gov.uk/.well-known/openid-configuration",
}
GOOD = {"auth": AUTH, "access": {"domains": ["example.gov.uk"], "approvers": []}}
BROKEN = {
    "no domains": {**GOOD, "access": {"domains": [], "approvers": []}},
    "secret outside": {**GOOD, "client_secret": CANARY},
    "misspelt section": {"autth": AUTH, "access": GOOD["access"]},
    "unknown setting": {**GOOD, "auth": {**AUTH, "secret": CANARY}},
    "secret of another kind": {**GOOD, "auth": {**AUTH, "client_secret": [CANARY]}},
    "address without https": {**GOOD, "auth": {**AUTH, "redirect_uri": f"http://a:{CANARY}@b/oauth2callback"}},
    "metadata address": {**GOOD, "auth": {**AUTH, "server_metadata_url": f"ftp://a:{CANARY}@b"}},
    "short cookie secret": {**GOOD, "auth": {**AUTH, "cookie_secret": CANARY[:20]}},
}


@pytest.fixture(autouse=True)
def logged(caplog):
    """Everything that anybody logs, to the smallest."""
    caplog.set_level(logging.DEBUG)
    yield caplog
    assert CANARY[:20] not in caplog.text


@pytest.mark.parametrize("told", BROKEN.values(), ids=list(BROKEN))
def test_broken_settings_of_sign_in_are_named_without_the_secret(told):
    with pytest.raises(access.Closed) as error:
        access.settings(told)
    assert CANARY[:20] not in str(error.value)


@pytest.mark.parametrize("told", [GOOD, BROKEN["unknown setting"], BROKEN["short cookie secret"]])
def test_the_page_of_sign_in_shows_no_secret(told, tmp_path, monkeypatch):
    monkeypatch.setenv("FORECAST_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("FORECAST_DATA", str(tmp_path / "data"))
    page = AppTest.from_file(str(APP), default_timeout=30)
    for section, values in told.items():
        page.secrets[section] = values
    page.run()
    shown = text_of(page) + "".join(str(one.value) for one in page.exception)
    assert "sign" in shown.lower()
    assert CANARY[:20] not in shown


def test_a_store_behind_a_url_that_cannot_be_reached_names_neither_its_keys_nor_those_in_its_address(caplog):
    caplog.set_level(logging.INFO, logger="botocore")  # its debug lines are never switched on here
    options = {"key": CANARY + "key", "secret": CANARY, "client_kwargs": {"endpoint_url": "http://127.0.0.1:9"}}
    options["config_kwargs"] = {"retries": {"max_attempts": 0}, "connect_timeout": 1}
    with pytest.raises(StoreError, match=r"s3://bucket/prefix.*cannot be reached") as error:
        Store("s3://bucket/prefix", storage_options=options).metrics()
    assert CANARY not in str(error.value)
    with pytest.raises(InputError, match=r"s3://\[hidden\]@bucket/prefix: keys do not belong in the address") as error:
        Store(f"s3://someone:{CANARY}@bucket/prefix", storage_options=options)
    assert CANARY not in str(error.value)
    with pytest.raises(InputError, match="nonsense://") as error:
        Store(f"nonsense://a:{CANARY}@host/path?token={CANARY}")
    assert CANARY not in str(error.value)


@pytest.mark.parametrize(
    "url",
    [
        f"http://someone:{CANARY}@127.0.0.1:9/file.xlsx",
        f"http://127.0.0.1:9/file.xlsx?sig={CANARY}&page=2",
        f"ftp://someone:{CANARY}@127.0.0.1/file.xlsx",
    ],
)
def test_an_address_that_cannot_be_fetched_is_named_without_its_password(url):
    with pytest.raises(FetchError) as error, Web(pace=0, sleep=lambda _: None, timeout=1) as web:
        web.text(url)
    assert CANARY not in str(error.value)
    assert "127.0.0.1" in str(error.value)


def test_a_run_its_journal_its_reports_and_what_the_command_says_know_no_password_of_the_store(
    tmp_path, monkeypatch, capfd
):
    place, models = f"memory://someone:{CANARY}@secrets", tmp_path / "models"
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", CANARY)
    for console in (terminal.out, terminal.err):
        monkeypatch.setattr(console, "_width", 400)
    asked = ["--data", place, "--models", str(models)]
    log = tmp_path / "log.jsonl"
    said = CliRunner().invoke(app, ["--log-json", str(log), "refit", "--scheduled", "--no-fetch", *asked])
    assert said.exit_code == 2
    assert "secrets" in said.output  # the place itself is named
    Store(place).add(observed("nctr_patients", "2024-10-01", "2024-12-22"))
    refit(Store(place), models, "2024-12-27", settings=QUICK, forecaster=lambda _: Persistence())
    output = said.output
    for words in (["status", *asked], ["status", "--json", *asked], ["doctor", *asked]):
        output += CliRunner().invoke(app, words).output
    export(latest_run(models), tmp_path / "reports", kinds=("briefing", "workbook", "hub"))
    captured = capfd.readouterr()
    assert CANARY not in output + captured.out + captured.err
    held = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"manifest.json", "journal.jsonl", "log.jsonl"} <= {path.name for path in held}
    for path in held:
        assert CANARY.encode() not in path.read_bytes(), path.name


def test_what_nobody_foresaw_is_in_the_journal_without_its_password(tmp_path, caplog):
    Store(tmp_path / "data").add(observed("nctr_patients", "2024-10-01", "2024-12-22"))

    def make(*_, **__):
        raise RuntimeError(f"proxy http://someone:{CANARY}@proxy:8080 refused")

    job = Job(str(tmp_path / "data"), tmp_path / "models", tmp_path / "raw", fetch=False)
    with pytest.raises(RuntimeError):
        run_weekly(job, pd.Timestamp("2024-12-27", tz="UTC"), make=make)
    text = (tmp_path / "models" / journal.JOURNAL).read_text()
    assert "proxy http://[hidden]@proxy:8080 refused" in json.loads(text.splitlines()[-1])["reasons"][0]
    assert CANARY not in text
    # Python's own record of the fault has it; the command's handlers take it out (tests/command/test_json_log.py).
    caplog.clear()


def test_errors_keep_what_a_person_needs_of_an_address():
    error = Refused(f"https://a:{CANARY}@host/x", reasons=[f"s3://k:{CANARY}@bucket/y cannot be read"])
    assert str(error) == "https://[hidden]@host/x"
    assert error.reasons == ("s3://[hidden]@bucket/y cannot be read",)
    assert without_secrets(f'Invalid bucket name "someone:{CANARY}@bucket"') == 'Invalid bucket name "[hidden]@bucket"'
    plain = "mailto:a@example.gov.uk 10:30 https://www.england.nhs.uk/a?page=2#x and someone@example.gov.uk, key: 3"
    assert without_secrets(plain) == plain
