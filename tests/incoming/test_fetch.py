import json
import threading
import time
from datetime import date

import pandas as pd

from forecast.incoming import fetch, news
from forecast.incoming.archive import CHANGED, NEW, UNCHANGED, Archive
from forecast.incoming.fetch import FAILED, NOTED, chosen, fetch_all
from forecast.incoming.pending import ingest_pending
from forecast.observations.store import Store
from forecast.sources.web import Web
from tests import workbooks as wb
from tests.http_server import half, page, status, web_page
from tests.incoming.conftest import ACUTE, AREAS, FEBRUARY, FLU, JANUARY, SEASON, UPLOADS


def states(events) -> dict[str, str]:
    return {event.name: event.state for event in events if event.state not in {FAILED, NOTED}}


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
