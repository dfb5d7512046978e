import json

import pandas as pd
import pytest

import forecast as fc
from forecast.errors import InputError, NotObservations
from forecast.sources import read_file
from tests.http_server import Area

FLU = "influenza_healthcare_hospitalAdmissionRateByWeek"
COVID = "COVID-19_healthcare_occupiedBedsByDay"
LYNN = "Queen Elizabeth Hospital, King's Lynn, NHS Foundation Trust"


def rows(
    metric=COVID, days=(("2025-01-01", 4.0, False), ("2025-01-02", 6.0, True)), kind="NHS Trust", name=LYNN, code="RCX"
):
    return Area("COVID-19", kind, name, code, {metric: list(days)}).rows(metric)


def weeks(kind, name, code):
    return rows(FLU, (("2024-12-23", 13.9, False), ("2024-12-30", 11.25, True)), kind, name, code)


def archived(tmp_path, *pages, retrieved="2025-01-09T09:45:00+00:00", name="series.json"):
    answers = [{"count": 99, "next": None, "previous": None, "results": results} for results in pages]
    path = tmp_path / name
    path.write_text(json.dumps({"retrieved": retrieved, "pages": answers}), encoding="utf-8")
    return path


def test_an_archived_series_is_read_by_our_names_and_released_on_the_day_of_retrieval(tmp_path):
    frame = fc.read(archived(tmp_path, rows()[:1], rows()[1:]))
    assert frame["location"].tolist() == ["RCX", "RCX"]
    assert frame["metric"].unique().tolist() == ["covid_beds_occupied"]
    assert frame["value"].tolist() == [4, 6]
    assert frame["date"].tolist() == [pd.Timestamp("2025-01-01"), pd.Timestamp("2025-01-02")]
    assert frame["released"].unique().tolist() == [pd.Timestamp("2025-01-09")]
    # long after the rule of publication says, too: nobody knows what it told before
    late = fc.read(archived(tmp_path, rows(), retrieved="2025-06-20T09:45:00+00:00"))
    assert late["released"].unique().tolist() == [pd.Timestamp("2025-06-20")]


def test_rows_still_in_the_reporting_delay_period_say_so_in_their_source(tmp_path):
    reading = read_file(archived(tmp_path, rows()))
    assert reading.frame["source"].tolist() == [
        "UKHSA data dashboard, retrieved 2025-01-09",
        "UKHSA data dashboard, retrieved 2025-01-09, in the reporting delay period",
    ]
    assert "1 rows in the reporting delay period" in " ".join(reading.notes)


def test_what_was_retrieved_later_is_not_seen_earlier_and_a_revision_is_seen_from_its_retrieval_on(tmp_path):
    store = fc.Store(tmp_path / "data")
    store.add(fc.read(archived(tmp_path, rows())))
    revised = rows(days=(("2025-01-01", 4.0, False), ("2025-01-02", 9.0, False)))
    added = store.add(fc.read(archived(tmp_path, revised, retrieved="2025-01-16T09:45:00+00:00", name="next.json")))
    assert (added.new, added.changed, added.unchanged) == (0, 1, 1)
    known = {
        day: store.panel("covid_beds_occupied", ["RCX"], as_of=day)
        for day in ("2025-01-08", "2025-01-09", "2025-01-16")
    }
    assert known["2025-01-08"].empty
    assert known["2025-01-09"]["RCX"].tolist() == [4, 6]
    assert known["2025-01-16"]["RCX"].tolist() == [4, 9]


def test_what_nhs_england_published_is_not_overruled_by_a_later_retrieval_from_ukhsa(tmp_path):
    """The figure in force stays that of the collector; days that only UKHSA has are filled from it."""
    store = fc.Store(tmp_path / "data")
    book = pd.DataFrame(
        {"date": ["2025-01-01"], "location": "RCX", "metric": "covid_beds_occupied", "value": 5.0}
    ).assign(source="NHS England, published 2025-01-03")
    store.add(book)
    added = store.add(fc.read(archived(tmp_path, rows())))
    assert (added.new, added.changed, added.unchanged) == (1, 0, 1)
    assert store.panel("covid_beds_occupied", ["RCX"])["RCX"].tolist() == [5, 6]
    # and what came from UKHSA first gives way
    store.add(book.assign(date="2025-01-02", value=7.0, source="NHS England, published 2025-01-16"))
    assert store.panel("covid_beds_occupied", ["RCX"])["RCX"].tolist() == [5, 7]


@pytest.mark.parametrize(
    ("kind", "name", "code", "location"),
    [
        ("Nation", "England", "E92000001", "ENG"),
        ("UKHSA Region", "East of England", "E45000017", "E45000017"),
        ("UKHSA Region", "East of England", None, "E45000017"),
        ("NHS Region", "East of England", "E40000013", "Y61"),
        ("NHS Region", "East of England", "E40000007", "Y61"),
        ("NHS Region", "East of England", None, "Y61"),
        ("NHS Trust", "Anything", "RGP", "RGP"),
        ("NHS Trust", "Queen Elizabeth Hospital, King’s Lynn, NHS Foundation Trust", None, "RCX"),
    ],
)
def test_an_area_is_known_by_its_code_and_one_name_means_two_regions(tmp_path, kind, name, code, location):
    frame = fc.read(archived(tmp_path, weeks(kind, name, code)))
    assert frame["location"].unique().tolist() == [location]


def test_a_name_is_no_help_where_the_code_is_of_another_kind_of_region(tmp_path):
    path = archived(tmp_path, weeks("Government Office Region", "East of England", "E12000006"))
    with pytest.raises(InputError, match=r"unknown location 'E12000006' .*'East of England'.*locations.csv"):
        read_file(path)


def test_age_bands_are_left_out_whichever_way_the_open_one_is_written(tmp_path):
    whole = rows()
    bands = [{**row, "age": age, "metric_value": 1.0} for row in whole for age in ("65-84", "85", "85+")]
    women = [{**row, "sex": "f", "metric_value": 2.0} for row in whole]
    reading = read_file(archived(tmp_path, bands + whole + women))
    assert reading.frame["value"].tolist() == [4, 6]
    # two days of 65-84, of 85 and 85+ together, and of women
    assert "6 rows of single age bands, sexes or strata left out" in " ".join(reading.notes)


def test_a_row_that_stands_twice_counts_once_unless_it_changed_meanwhile(tmp_path):
    assert len(fc.read(archived(tmp_path, rows(), rows()[1:]))) == 2
    other = rows(days=(("2025-01-02", 7.0, True),))
    with pytest.raises(InputError, match=r"2025-01-02 stands twice, as 6.0 and 7.0; .*run 'forecast fetch' again"):
        read_file(archived(tmp_path, rows(), other))


def test_one_answer_as_saved_by_a_person_is_read_too_and_dated_by_rule(tmp_path):
    path = tmp_path / "answer.json"
    path.write_text(
        json.dumps({"count": 2, "next": None, "previous": None, "results": weeks("Nation", "England", "E92000001")})
    )
    reading = read_file(path)
    # the week from Monday 23 December is over on Sunday and out on Thursday 2 January, a day later for New Year
    assert reading.frame["released"].iloc[0] == pd.Timestamp("2025-01-03")
    assert reading.published is None
    assert "no time of retrieval" in " ".join(reading.notes)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<!DOCTYPE html><html></html>", "a web page instead of JSON"),
        ("", "the file is empty"),
        ('{"count": 2, "results": [{"da', "no JSON, or cut short"),
        (
            '{"count": 0, "next": null, "previous": null, "results": []}',
            "no rows; the name of an area or a metric is wrong",
        ),
        ('{"retrieved": "soon", "pages": []}', "'soon' is no time"),
    ],
)
def test_what_cannot_be_read_is_said_with_the_remedy(tmp_path, content, said):
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(InputError, match=said):
        read_file(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"date": "02/01/2025"}, "'02/01/2025' is no date"),
        ({"date": "2025-02-30"}, "'2025-02-30' is no date"),
        ({"date": "2025-01-10"}, "2025-01-10 lies after the retrieval on 2025-01-09"),
        ({"metric_value": "many"}, "'many' where a number belongs"),
        ({"metric_value": True}, "'True' where a number belongs"),
        ({"geography_code": "X", "geography": "Atlantis"}, "unknown location 'X' .*'Atlantis'"),
        ({"metric": FLU}, "weekly and dated by Mondays, but 2025-01-02 is a Thursday"),
    ],
)
def test_a_row_that_cannot_be_trusted_refuses_the_file(tmp_path, change, said):
    good, last = rows()
    with pytest.raises(InputError, match=said):
        read_file(archived(tmp_path, [good, {**last, **change}]))


def test_a_row_without_a_field_is_named(tmp_path):
    good, last = rows()
    del last["metric_value"]
    with pytest.raises(InputError, match="row 2: 'metric_value' is missing"):
        read_file(archived(tmp_path, [good, last]))


def test_a_missing_value_is_missing(tmp_path):
    good, last = rows()
    assert len(fc.read(archived(tmp_path, [good, {**last, "metric_value": None}]))) == 1


@pytest.mark.parametrize("content", ['{"lags": {"RM1": 3}}', "[1, 2]", '{"results": [{"name": "x"}]}', '"text"', "3"])
def test_other_json_is_skipped(tmp_path, content):
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(NotObservations, match="not of the UKHSA data dashboard"):
        read_file(path)
