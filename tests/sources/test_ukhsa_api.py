import json
from datetime import date, timedelta

import pytest

from forecast.errors import FetchError, InputError
from forecast.reference import reference
from forecast.sources.ukhsa_api import Dashboard, Series, wanted_series
from tests.http_server import Area, dashboard, empty, status, web_page

BEDS = "COVID-19_healthcare_occupiedBedsByDay"
ADMISSIONS = "COVID-19_healthcare_admissionByDay"
LYNN = "Queen Elizabeth Hospital, King's Lynn, NHS Foundation Trust"
SERIES = Series("COVID-19", "NHS Trust", "RCX", BEDS, "covid_beds_occupied", "")
PATH = f"/themes/infectious_disease/sub_themes/respiratory/topics/COVID-19/geography_types/NHS Trust/geographies/{LYNN}"


def days(count: int) -> list[tuple[str, float, bool]]:
    return [(f"{date(2021, 1, 1) + timedelta(days=i)}", float(i), i > count - 3) for i in range(count)]


def trust(name: str, code: str, **metrics: int) -> Area:
    return Area("COVID-19", "NHS Trust", name, code, {name: days(n) for name, n in (metrics or {BEDS: 800}).items()})


@pytest.fixture
def ukhsa(site, web):
    dashboard(site, [trust("Barts Health NHS Trust", "R1H"), trust(LYNN, "RCX"), trust("James Paget", "RGP")])
    return Dashboard(web, site.base, reference())


def values(pages):
    return [row["metric_value"] for page in pages for row in page["results"]]


def test_a_series_is_read_to_its_last_page(site, ukhsa):
    pages = ukhsa.pages(SERIES)
    assert [len(page["results"]) for page in pages] == [365, 365, 70]
    assert values(pages) == list(range(800))
    whole = [query for path, _, query in site.requests if path.endswith(BEDS)]
    assert all((q["age"], q["sex"], q["stratum"]) == (["all"], ["all"], ["default"]) for q in whole)
    assert [q.get("page") for q in whole if q["page_size"] == ["365"]] == [None, ["2"], ["3"]]


def test_an_area_is_found_by_its_code_even_under_a_name_nobody_knows(site, web):
    areas = [trust("Barts Health NHS Trust", "R1H"), trust("Royal Lynn, Norfolk's Hospital", "RCX")]
    dashboard(site, areas)
    assert len(values(Dashboard(web, site.base, reference()).pages(SERIES))) == 800


def test_a_name_we_know_is_not_believed_where_the_code_is_another(site, web):
    dashboard(site, [trust(LYNN, "RZZ")])
    with pytest.raises(FetchError, match="no area with code RCX among its NHS Trust areas for COVID-19"):
        Dashboard(web, site.base, reference()).pages(SERIES)


def test_a_metric_that_is_not_listed_is_an_error_that_names_those_that_are(site, web):
    dashboard(site, [trust(LYNN, "RCX", **{ADMISSIONS: 3})])
    with pytest.raises(FetchError, match=f"lists no metric '{BEDS}' for .*{ADMISSIONS}.*ukhsa_series.csv"):
        Dashboard(web, site.base, reference()).pages(SERIES)


def test_a_topic_that_is_spelled_wrongly_is_an_error_though_the_answer_is_an_empty_list(ukhsa):
    with pytest.raises(FetchError, match="nothing is listed; a name in"):
        ukhsa.pages(Series("covid-19", "NHS Trust", "RCX", BEDS, "covid_beds_occupied", ""))


def test_areas_and_metrics_are_asked_for_once(site, web):
    dashboard(site, [trust(LYNN, "RCX", **{BEDS: 3, ADMISSIONS: 3})])
    ukhsa = Dashboard(web, site.base, reference())
    for metric in (BEDS, ADMISSIONS):
        ukhsa.pages(Series("COVID-19", "NHS Trust", "RCX", metric, "", ""))
    assert site.asked(PATH.removesuffix(f"/{LYNN}")) == 1
    assert site.asked(f"{PATH}/metrics") == 1


@pytest.mark.parametrize("fault", [empty, web_page, status(403), status(429), status(504)])
def test_an_answer_that_is_no_data_is_asked_for_again(site, ukhsa, fault):
    site.first(f"{PATH}/metrics/{BEDS}", fault)
    assert len(values(ukhsa.pages(SERIES))) == 800


def test_a_block_that_lasts_is_told_with_the_remedy(site, ukhsa):
    site.first(f"{PATH}/metrics/{BEDS}", *[web_page] * 9)
    with pytest.raises(FetchError, match="a web page instead of JSON 3 times; wait an hour"):
        ukhsa.pages(SERIES)


def answer(rows, count, following=None):
    body = {"count": count, "next": following, "previous": None, "results": rows}
    return status(200, json.dumps(body).encode())


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.org/{path}?page=2",
        "http://127.0.0.1@elsewhere.org/{path}?page=2",
        "{base}/themes/other?page=2",
        "{base}{path}?page=7",
        "file:///etc/hostname?page=2",
    ],
)
def test_a_next_page_elsewhere_is_not_followed(site, ukhsa, elsewhere):
    path = f"{PATH}/metrics/{BEDS}"
    rows = trust(LYNN, "RCX").rows(BEDS)
    url = elsewhere.format(base=site.base, path=path.replace(" ", "%20"))
    site.first(path, answer(rows[:1], 800), answer(rows[:365], 800, url))
    with pytest.raises(FetchError, match="elsewhere; not followed"):
        ukhsa.pages(SERIES)


def test_a_404_behind_the_last_row_is_the_end(site, ukhsa):
    path = f"{PATH}/metrics/{BEDS}"
    rows = trust(LYNN, "RCX").rows(BEDS)
    more = f"{site.base}{path.replace(' ', '%20')}?page=2"
    site.first(path, answer(rows[:1], 365), answer(rows[:365], 365, more), status(404))
    assert len(values(ukhsa.pages(SERIES))) == 365


def test_a_series_that_moved_while_it_was_read_is_begun_again(site, ukhsa):
    path = f"{PATH}/metrics/{BEDS}"
    rows = trust(LYNN, "RCX").rows(BEDS)
    more = f"{site.base}{path.replace(' ', '%20')}?page=2"
    site.first(path, answer(rows[:1], 730), answer(rows[:365], 730, more), answer(rows[364:730], 731))
    assert values(ukhsa.pages(SERIES)) == list(range(800))


def test_fewer_rows_than_announced_are_not_taken(site, ukhsa):
    path = f"{PATH}/metrics/{BEDS}"
    rows = trust(LYNN, "RCX").rows(BEDS)
    site.first(path, answer(rows[:1], 9), *[answer(rows[:8], 9)] * 3)
    with pytest.raises(FetchError, match="8 rows of 9, 3 times"):
        ukhsa.pages(SERIES)


def test_a_listed_metric_without_rows_is_an_error(site, ukhsa):
    path = f"{PATH}/metrics/{BEDS}"
    site.first(path, answer(trust(LYNN, "RCX").rows(BEDS)[:1], 1), answer([], 0))
    with pytest.raises(FetchError, match="no rows; the metric is listed but nothing is published"):
        ukhsa.pages(SERIES)


def test_the_wanted_series_are_read_by_the_names_that_the_table_says(tmp_path, monkeypatch):
    assert {"covid_beds_occupied", "flu_hosp_admission_rate_per_100k"} <= {
        s.our_metric for s in wanted_series(reference())
    }
    folder = tmp_path / "reference"
    folder.mkdir()
    for path in reference().folder.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        (folder / path.name).write_text(
            text.replace(f"{BEDS},covid_beds_occupied", f"{BEDS},flu_beds", 1), encoding="utf-8"
        )
    aliases = reference().folder / "metric_aliases.csv"
    (folder / aliases.name).write_text(aliases.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("FORECAST_REFERENCE", str(folder))
    with pytest.raises(InputError, match=f"{BEDS} is to be read as 'flu_beds'.*make them agree"):
        wanted_series(reference())


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"count": "many", "results": [{"geography_code": "RCX"}]}', "no page of a series"),
        (b'{"count": 1, "results": ["RCX"]}', "no page of a series"),
        (b'{"count": 2, "next": "http://[x", "results": [{"geography_code": "RCX"}]}', r"http://\[x, elsewhere"),
        (b"[" * 100_000, "something instead of JSON"),
    ],
)
def test_an_answer_of_another_shape_is_told_and_ends_nothing(site, ukhsa, body, said):
    first = answer(trust(LYNN, "RCX").rows(BEDS)[:1], 1)
    site.first(f"{PATH}/metrics/{BEDS}", first, *[status(200, body)] * 3)
    with pytest.raises(FetchError, match=said):
        ukhsa.pages(SERIES)


def test_a_list_of_other_things_than_names_is_told(site, ukhsa):
    site.first(PATH.rsplit("/", 1)[0], status(200, b'["name", 3]'))
    with pytest.raises(FetchError, match=r"nothing is listed; a name in data/reference/ukhsa_series\.csv is wrong"):
        ukhsa.pages(SERIES)


def test_a_next_page_at_another_host_is_not_followed_though_all_else_is_right(site, ukhsa):
    path = f"{PATH}/metrics/{BEDS}"
    rows = trust(LYNN, "RCX").rows(BEDS)
    more = f"http://elsewhere.org{path.replace(' ', '%20')}?page=2"
    site.first(path, answer(rows[:1], 800), answer(rows[:365], 800, more))
    with pytest.raises(
        FetchError, match=r"its next page is said to be http://elsewhere\.org.*, elsewhere; not followed"
    ):
        ukhsa.pages(SERIES)
