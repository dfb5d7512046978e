import io
import json
import threading
import time
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from forecast import cli, fetch, news, terminal
from forecast.archive import CHANGED, NEW, UNCHANGED, Archive
from forecast.cli import app
from forecast.fetch import FAILED, NOTED, chosen, fetch_all
from forecast.ingest import Ingested
from forecast.observations.store import Added, Store
from forecast.pending import ingest_pending
from forecast.sources.web import Web
from tests import workbooks as wb
from tests.http_server import Area, Time, dashboard, half, page, serving, status, web_page

AREAS = "/statistics/statistical-work-areas"
UPLOADS = "/statistics/wp-content/uploads/sites/2"
SEASON = f"{AREAS}/uec-sitrep/urgent-and-emergency-care-daily-situation-reports-2023-24/"
JANUARY = f"{UPLOADS}/2024/02/Daily-discharge-sitrep-monthly-data-webfile-January2024.xlsx"
FEBRUARY = f"{UPLOADS}/2024/03/Daily-discharge-sitrep-monthly-data-webfile-February2024-revised.xlsx"
FLU = f"{UPLOADS}/2024/04/Web-File-Timeseries-UEC-Daily-SitRep.xlsx"
COVID = f"{UPLOADS}/2024/04/Webfile-Timeseries-Covid-Acute.xlsx"
WEEKLY = f"{UPLOADS}/2024/04/Web-File-Timeseries-Discharge-Delays.xlsx"
ACUTE = "acute_discharge_monthly"
NOW = datetime(2024, 4, 11, 9, 45, tzinfo=UTC)


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> dict[str, bytes]:
    """Workbooks as NHS England publishes them, by path."""
    folder = tmp_path_factory.mktemp("published")
    paths = {
        JANUARY: wb.discharge_monthly(folder / "1.xlsx"),
        FEBRUARY: wb.discharge_monthly(folder / "2.xlsx", start="2024-02-01", count=29, published=date(2024, 3, 14)),
        FLU: wb.uec_flu(folder / "3.xlsx"),
        COVID: wb.winter_absences(folder / "4.xlsx", start="2024-01-01"),
        WEEKLY: wb.discharge_weekly(folder / "5.xlsx", start="2024-02-12"),
        "revised": wb.discharge_monthly(
            folder / "6.xlsx", count=31, published=date(2024, 2, 8), revised=date(2024, 4, 11)
        ),
    }
    return {name: path.read_bytes() for name, path in paths.items()}


@pytest.fixture
def nhs(published):
    """NHS England: the pages of three publications and their files, links relative and absolute."""
    with serving() as site:
        discharge = f"{AREAS}/discharge-delays/acute-discharge-situation-report/"
        official = "http://www.england.nhs.uk"
        site.put(
            discharge,
            page((official + FEBRUARY, "February 2024 (XLSX, 1MB)"), (JANUARY, "January 2024"), (JANUARY, "Jan")),
        )
        site.put(f"{AREAS}/discharge-delays/", page((discharge, "Acute discharge SitRep collection")))
        site.put(f"{AREAS}/discharge-delays-community-data/", page())
        site.put(f"{AREAS}/uec-sitrep/", page((SEASON, "2023-24 Data")))
        links = [
            (FLU, "Web File Timeseries &ndash; UEC Daily SitRep"),
            (COVID, "Web File Timeseries &ndash; Covid Acute"),
        ]
        site.put(SEASON, page(*links, (WEEKLY, "Web File Timeseries &#8211; Discharge Delays")))
        site.put(f"{AREAS}/covid-19-hospital-activity/", page())
        for path, content in published.items():
            site.put(path, content)
        yield site


@pytest.fixture
def ukhsa():
    """UKHSA: every series of the table, ten days or weeks of it."""
    with serving() as site:
        names = {
            "E92000001": "England",
            "RM1": "Norwich",
            "RGP": "Gorleston",
            "RCX": "Lynn",
            "E45000017": "East of England",
        }
        wanted: dict[tuple[str, str, str], list[str]] = {}
        for series in fetch.wanted_series(fetch.reference()):
            key = (series.topic, series.geography_type, series.geography_code)
            wanted.setdefault(key, []).append(series.metric)
        weeks = [(f"{day:%Y-%m-%d}", 3.0, False) for day in pd.date_range("2024-01-01", periods=10, freq="7D")]
        dashboard(site, [Area(t, k, names[c], c, dict.fromkeys(m, weeks)) for (t, k, c), m in wanted.items()])
        yield site


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "data" / "raw")


@pytest.fixture
def run(archive, nhs, ukhsa):
    """Fetch into the archive without waiting."""

    def fetched(*names: str, **options):
        time = Time()
        addresses = {"nhs_england": nhs.base, "ukhsa": ukhsa.base}
        with Web(pace=0, timeout=2, sleep=time.sleep, clock=time.clock) as web:
            return list(fetch_all(archive, chosen(names), web, addresses=addresses, now=lambda: NOW, **options))

    return fetched


def states(events) -> dict[str, str]:
    return {event.name: event.state for event in events if event.state not in {FAILED, NOTED}}


@pytest.fixture
def forecast(tmp_path, monkeypatch, nhs, ukhsa):
    """The command, against the sites, without waiting."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FORECAST_NHS_ENGLAND", nhs.base)
    monkeypatch.setenv("FORECAST_UKHSA", ukhsa.base)
    time = Time()
    monkeypatch.setattr(cli, "Web", lambda: Web(pace=0, timeout=2, sleep=time.sleep, clock=time.clock))
    for console in (terminal.out, terminal.err):
        monkeypatch.setattr(console, "_width", 300)
    return lambda *words: CliRunner().invoke(app, ["fetch", *words])


def test_everything_published_is_fetched_once_and_the_second_time_nothing(run, archive, nhs):
    events = run()
    assert [event.message for event in events if event.state == FAILED and "no link" not in event.message] == []
    assert set(states(events).values()) == {NEW}
    assert len(archive.entries(ACUTE)) == 2
    assert {kept.url for kept in archive.entries("uec_sitrep")} == {nhs.base + FLU}
    assert len(archive.entries("ukhsa_dashboard")) == len(fetch.wanted_series(fetch.reference()))
    before = len(nhs.requests)
    assert set(states(run()).values()) == {UNCHANGED}
    assert {path for path, headers, _ in nhs.requests[before:] if path.endswith(".xlsx")} == {
        path for path, headers, _ in nhs.requests[before:] if "If-None-Match" in headers
    }


def test_pages_shared_by_publications_are_read_once(run, nhs):
    run("uec_sitrep", "acute_covid_winter", "acute_discharge_weekly")
    assert nhs.asked(f"{AREAS}/uec-sitrep/") == 1
    assert nhs.asked(SEASON) == 1


def test_one_publisher_does_not_wait_for_the_other(run, nhs, ukhsa):
    """Each answers its first request only when the other has been asked, too."""
    asked = {site.base: threading.Event() for site in (nhs, ukhsa)}

    def wait_for(own, other, answer):
        def answered(handler):
            asked[own.base].set()
            assert asked[other.base].wait(1.5)
            answer(handler)

        return answered

    first = f"{AREAS}/discharge-delays/acute-discharge-situation-report/"
    nhs.first(first, wait_for(nhs, ukhsa, lambda handler: handler._file(*nhs.files[first])))
    before = ukhsa.otherwise
    waiting = [wait_for(ukhsa, nhs, lambda handler: None)]

    def otherwise(handler, path, query):
        if waiting:
            waiting.pop()(handler)
        before(handler, path, query)

    ukhsa.otherwise = otherwise
    assert news.problems(run(ACUTE, "ukhsa_dashboard")) == []
    assert nhs.asked(first) == 1


def test_a_fetch_that_is_broken_off_leaves_nobody_at_work(archive, nhs, ukhsa):
    nhs.first(JANUARY, *[status(503, Retry_After="100")] * 5)
    with Web(pace=0) as web:
        events = fetch_all(archive, chosen([]), web, addresses={"nhs_england": nhs.base, "ukhsa": ukhsa.base})
        next(events)
        events.close()
        asked = len(nhs.requests) + len(ukhsa.requests)
        time.sleep(0.1)
    assert len(nhs.requests) + len(ukhsa.requests) == asked


def test_another_content_at_the_same_address_is_another_file(run, archive, nhs, published):
    run(ACUTE)
    nhs.put(JANUARY, published["revised"])
    assert states(run(ACUTE)) == {
        "Daily-discharge-sitrep-monthly-data-webfile-January2024.xlsx": CHANGED,
        "Daily-discharge-sitrep-monthly-data-webfile-February2024-revised.xlsx": UNCHANGED,
    }
    assert len(list((archive.folder / ACUTE).glob("*.xlsx"))) == 3


def test_since_leaves_out_files_put_up_before_that_month(run):
    assert list(states(run(ACUTE, since=date(2024, 3, 20)))) == [
        "Daily-discharge-sitrep-monthly-data-webfile-February2024-revised.xlsx"
    ]
    assert states(run("uec_sitrep", since=date(2025, 1, 1))) == {}


def test_one_file_that_fails_does_not_stop_the_others(run, nhs):
    nhs.first(JANUARY, *[web_page] * 3)
    events = run(ACUTE)
    assert list(states(events).values()) == [NEW]
    (problem,) = news.problems(events)
    assert "a web page instead of the file" in problem
    assert "forecast ingest" in problem
    assert set(states(run(ACUTE)).values()) == {NEW, UNCHANGED}


def test_a_server_that_dies_in_the_middle_is_taken_up_where_it_died(run, nhs, archive, published):
    nhs.first(JANUARY, half(JANUARY, 0.7), *[status(503)] * 4)
    assert len(news.problems(run(ACUTE))) == 1
    begun = int(0.7 * len(published[JANUARY]))
    assert len(archive.entries(ACUTE)) == 1
    run(ACUTE)
    resumed = [headers for path, headers, _ in nhs.requests if path == JANUARY][-1]
    assert resumed["Range"] == f"bytes={begun}-"
    kept = archive.newest(ACUTE, nhs.base + JANUARY)
    assert archive.path(ACUTE, kept).read_bytes() == published[JANUARY]


def test_an_old_address_may_be_gone_and_a_page_whose_words_have_changed_is_an_error(run, nhs):
    assert news.problems(run(ACUTE)) == []
    nhs.put(f"{AREAS}/discharge-delays/acute-discharge-situation-report/", page((JANUARY, "Something else entirely")))
    (problem,) = news.problems(run(ACUTE))
    assert "no link on it fits acute_discharge_monthly" in problem
    assert "publication_pages.csv" in problem


def test_a_link_to_another_site_is_not_followed(run, nhs):
    away = "https://elsewhere.org/Daily-discharge-sitrep-monthly-data-webfile-May2024.xlsx"
    nhs.put(f"{AREAS}/discharge-delays/acute-discharge-situation-report/", page((away, "May 2024"), (JANUARY, "Jan")))
    events = run(ACUTE)
    assert list(states(events).values()) == [NEW]
    (note,) = [event.message for event in events if event.state == NOTED]
    assert note.startswith(f"{away}: the link 'May 2024' of ")
    assert note.endswith("leads to another site; not followed")


def test_a_series_is_archived_again_only_when_a_row_has_changed(run, archive, ukhsa):
    first = states(run("ukhsa_dashboard"))
    assert set(first.values()) == {NEW}
    assert set(states(run("ukhsa_dashboard")).values()) == {UNCHANGED}
    kept = archive.entries("ukhsa_dashboard")[0]
    document = json.loads(archive.path("ukhsa_dashboard", kept).read_text())
    assert document["retrieved"] == "2024-04-11T09:45:00+00:00"
    assert kept.file == "COVID-19_healthcare_admissionByDay-E92000001.20240411-" + kept.sha256[:8] + ".json"


def test_one_series_that_is_not_listed_does_not_stop_the_others(run, ukhsa, monkeypatch):
    wanted = fetch.wanted_series(fetch.reference())
    unknown = fetch.Series("COVID-19", "Nation", "E92000001", "COVID-19_unheard_of", "x", "")
    monkeypatch.setattr(fetch, "wanted_series", lambda tables: [unknown, *wanted])
    events = run("ukhsa_dashboard")
    assert len(states(events)) == len(wanted)
    assert "lists no metric 'COVID-19_unheard_of'" in news.problems(events)[0]


def test_what_is_new_goes_into_the_store_once(run, archive, tmp_path):
    run(ACUTE, "uec_sitrep")
    store = Store(tmp_path / "data")
    many, results = ingest_pending(store, archive)
    assert many == 3
    assert [result.error for result in results] == ["", "", ""]
    assert store.panel("nctr_patients", ["RM1"])["RM1"].iloc[0] == wb.expected("RM1", 1)["nctr_patients"]
    assert ingest_pending(store, Archive(archive.folder))[0] == 0
    # what was fetched and not ingested, as after an interruption, comes next time
    run("acute_covid_winter")
    assert ingest_pending(store, Archive(archive.folder))[0] == 1
    # and a store that was cleared, or another one that holds other things, gets everything
    another = Store(tmp_path / "another")
    assert ingest_pending(another, Archive(archive.folder))[0] == 4
    another.add(store.history("nctr_patients").head(1).assign(value=1.0))
    assert ingest_pending(another, Archive(archive.folder))[0] == 4


def test_what_was_in_a_damaged_vintage_comes_back_after_it_was_healed(run, archive, tmp_path):
    run(ACUTE)
    store = Store(tmp_path / "data")
    list(ingest_pending(store, archive)[1])
    run("uec_sitrep")
    list(ingest_pending(store, archive)[1])
    before = store.panel("nctr_patients")
    first, _ = store.vintages()
    first.path.write_bytes(b"damaged")
    store.heal()
    healed = Store(tmp_path / "data")
    many, results = ingest_pending(healed, Archive(archive.folder))
    assert many == 2
    assert [result.error for result in results] == ["", ""]
    pd.testing.assert_frame_equal(healed.panel("nctr_patients"), before)


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


def test_the_file_of_last_month_under_the_name_of_this_one_is_remarked_on_once(run, nhs, published):
    run(ACUTE)
    march = f"{UPLOADS}/2024/04/Daily-discharge-sitrep-monthly-data-webfile-March2024.xlsx"
    nhs.put(march, published[FEBRUARY])
    nhs.put(f"{AREAS}/discharge-delays/acute-discharge-situation-report/", page((march, "March 2024")))
    events = run(ACUTE)
    assert list(states(events).values()) == [UNCHANGED]
    (note,) = [event.message for event in events if event.state == NOTED]
    assert note.startswith(f"{nhs.base}{march}: new at this address, but the same to the last byte as Daily-discharge-")
    assert "February2024-revised.20240411-" in note
    assert [event.state for event in run(ACUTE)] == [UNCHANGED]


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
