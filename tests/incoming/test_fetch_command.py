"""``forecast fetch``: what it says, what it stores, and its exit codes."""

import io
import time
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from forecast.incoming import news
from forecast.incoming.ingest import Ingested
from forecast.observations.store import Added, Store
from tests import workbooks as wb
from tests.http_server import page, serving
from tests.incoming.conftest import ACUTE, AREAS, FEBRUARY, JANUARY, UPLOADS


def test_the_command_fetches_ingests_and_says_what_is_new(forecast, tmp_path, nhs, published):
    said = forecast()
    assert said.exit_code == 0, said.output
    assert "Acute discharge situation report, monthly: 2 new" in said.output
    assert "UKHSA data dashboard: 15 new" in said.output
    assert "Fit to leave, before the day's discharges: first figures, to 29 February 2024" in said.output
    store = Store(tmp_path / "data")
    assert set(store.metrics()["metric"]) >= {
        "nctr_patients",
        "flu_ga_beds_occupied",
        "flu_hosp_admission_rate_per_100k",
    }
    march = f"{UPLOADS}/2024/04/Daily-discharge-sitrep-monthly-data-webfile-March2024.xlsx"
    book = wb.discharge_monthly(tmp_path / "m.xlsx", start="2024-03-01", count=31, published=date(2024, 4, 11))
    nhs.put(march, book.read_bytes())
    nhs.put(
        f"{AREAS}/discharge-delays/acute-discharge-situation-report/", page((march, "March 2024"), (JANUARY, "January"))
    )
    again = forecast()
    assert again.exit_code == 0, again.output
    assert "Acute discharge situation report, monthly: 1 new, 1 unchanged" in again.output
    assert "1 read, 0 skipped, 0 could not be read" in again.output
    assert "Fit to leave, before the day's discharges: 31 more days, to 31 March 2024" in again.output
    assert "Nothing is new of what is forecast." in forecast().output


def test_when_nothing_that_was_fetched_could_be_read_the_exit_code_says_so(forecast, nhs):
    for number, path in enumerate((JANUARY, FEBRUARY)):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as book:
            book.writestr("xl/workbook.xml", f"no workbook {number}")
        nhs.put(path, content.getvalue())
    said = forecast("--publication", ACUTE)
    assert said.exit_code == 2, said.output
    assert "0 read, 0 skipped, 2 could not be read" in said.output


def test_no_ingest_only_archives_and_the_next_call_ingests(forecast, tmp_path):
    assert forecast("--no-ingest", "--publication", ACUTE).exit_code == 0
    assert Store(tmp_path / "data").empty
    said = forecast("--publication", ACUTE)
    assert "2 unchanged" in said.output
    assert "2 read, 0 skipped" in said.output


def test_one_publisher_that_fails_is_named_at_the_end_and_the_other_goes_in(forecast, ukhsa, nhs):
    ukhsa.otherwise = lambda handler, path, query: handler.send(403)
    first = f"{AREAS}/discharge-delays/acute-discharge-situation-report/"
    nhs.first(first, lambda handler: (time.sleep(0.4), handler._file(*nhs.files[first])))
    said = forecast()
    assert said.exit_code == 0
    assert "UKHSA data dashboard: 15 failed" in said.output
    # in the order of the table, whoever answered first
    assert said.output.index("Acute discharge situation report") < said.output.index("UKHSA data dashboard: 15")
    assert said.output.index("not fetched:") > said.output.index("read, 0 skipped")
    assert "wait an hour" in said.output


def test_when_nothing_could_be_fetched_the_exit_code_says_so(forecast, nhs):
    nhs.files.clear()
    said = forecast("--publication", ACUTE)
    assert said.exit_code == 2
    assert "not there any more (404)" in said.output


def test_off_line_goes_on_with_what_is_stored(forecast, monkeypatch):
    with serving() as gone:
        address = gone.base
    online = forecast("--publication", ACUTE)
    assert online.exit_code == 0
    for name in ("FORECAST_NHS_ENGLAND", "FORECAST_UKHSA"):
        monkeypatch.setenv(name, address)
    said = forecast()
    assert said.exit_code == 0, said.output
    assert "no connection to NHS England and UKHSA; going on with what is stored to 29 February 2024" in said.output
    assert f"{address.removeprefix('http://')}: no connection; check the network (a proxy is set" in said.output
    nothing = forecast("--data", "elsewhere")
    assert nothing.exit_code == 2
    assert "nothing is stored; check the network" in nothing.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--publication", "beds"), "publication 'beds' is not known; there are acute_discharge_monthly,"),
        (("--since", "winter"), "'winter' is not a date; write 2024-12-31"),
    ],
)
def test_wrong_usage_is_exit_2(forecast, words, said):
    result = forecast(*words)
    assert result.exit_code == 2
    assert said in result.output


def test_a_mirror_that_is_no_web_address_is_refused(forecast, monkeypatch):
    monkeypatch.setenv("FORECAST_UKHSA", "localhost:8000")
    result = forecast()
    assert result.exit_code == 2
    assert "FORECAST_UKHSA is 'localhost:8000', no web address; write https://host" in result.output


def test_a_note_on_many_files_is_said_once():
    notes = [
        Ingested(Path(name), notes=("not read yet: Table 1", *more)) for name, more in (("a", ()), ("b", ("odd",)))
    ]
    assert news.notes_once(notes) == ["2 files: not read yet: Table 1", "b: odd"]


def test_what_is_new_in_words():
    day = pd.Timestamp
    before = {"Fit to leave": day("2024-01-31"), "Flu": day("2024-01-28")}
    after = {"Fit to leave": day("2024-02-01"), "Flu": day("2024-01-28"), "Covid": day("2024-02-04")}
    added = Ingested(Path("x"), added=Added(5, 1200, 3))
    assert news.whats_new(before, after, [added]) == [
        "Fit to leave: 1 more day, to 1 February 2024",
        "Covid: first figures, to 4 February 2024",
        "1,200 published figures revised",
        "Run 'forecast refit' to forecast from it.",
    ]
