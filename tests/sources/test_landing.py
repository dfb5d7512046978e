import pytest

from forecast.reference import reference
from forecast.sources.landing import Link, files_of, links, publication_pages, subpages_of
from tests.http_server import page

HERE = "https://www.england.nhs.uk/statistics/statistical-work-areas/uec-sitrep/"
UPLOADS = "https://www.england.nhs.uk/statistics/wp-content/uploads/sites/2"


def row(publication: str, which: int = 0):
    return [row for row in publication_pages(reference()) if row.publication == publication][which]


def chosen(publication: str, *found: tuple[str, str], which: int = 0) -> list[str]:
    """Names of the files taken from a page of links (file, text)."""
    html = page(*((f"{UPLOADS}/2024/04/{file}", text) for file, text in found))
    return [link.url.rsplit("/", 1)[1] for link in files_of(links(html, HERE), row(publication, which))]


def test_links_are_absolute_whole_and_once():
    html = (
        '<a href="../a.xlsx">One &amp; <em>two</em>\n  three</a>'
        "<A HREF='//other.org/b.csv?x=1&amp;y=2#top'>Four &ndash; five"
        '<a href="/c%20d.xls">Six</a><a href=" /e f.xls ">Seven</a><a href="/e f.xls#again">Seven</a>'
        '<a href="mailto:x@y.z">Mail</a><a href="javascript:go()">Go</a><a name="x">No link</a><a href="http://[">Bad</a>'
        "<script>document.write('<a href=/f.xls>f</a>')</script>"
    )
    assert [(link.url, link.text) for link in links(html, HERE)] == [
        ("https://www.england.nhs.uk/statistics/statistical-work-areas/a.xlsx", "One & two three"),
        ("https://other.org/b.csv?x=1&y=2", "Four – five"),
        ("https://www.england.nhs.uk/c%20d.xls", "Six"),
        ("https://www.england.nhs.uk/e%20f.xls", "Seven"),
    ]


def test_a_base_element_moves_relative_links():
    assert links('<base href="/files/"><a href="a.csv">A</a>', HERE)[0].url == "https://www.england.nhs.uk/files/a.csv"


@pytest.mark.parametrize(
    ("publication", "file", "text"),
    [
        (
            "uec_sitrep",
            "Web-File-Timeseries-UEC-Daily-SitRep.xlsx",
            "Web File Timeseries – UEC Daily SitRep (XLSX, 3MB)",
        ),
        ("uec_sitrep", "UEC-Daily-SitRep-Web-File-Timeseries-1.xlsx", "UEC Daily SitRep – Web File Timeseries"),
        ("uec_sitrep", "UEC-Daily-SitRep-Acute-Web-File-Timeseries-1.xlsx", "UEC Daily SitRep – Acute Time Series"),
        ("uec_sitrep", "Winter-SitRep.xlsx", "Winter SitRep Part A: Acute Time Series"),
        ("uec_sitrep", "DailySR-Timeseries.xls", "Daily SR - Timeseries"),
        ("uec_sitrep", "Web-File-Timeseries-UEC-Daily-SitRep-P4zp0E.xlsm", "(XLSM, 3MB)"),
        ("acute_covid_winter", "Webfile-Timeseries-Covid-Acute.xlsx", "Web File Timeseries – Covid Acute"),
        ("acute_covid_winter", "Staff-Absences-Web-File-Timeseries.xlsx", "Staff Absences – Web File Timeseries"),
        (
            "acute_discharge_weekly",
            "Discharge-Delays-Web-File-Timeseries.xlsx",
            "Discharge Delays - Web File Timeseries",
        ),
        ("acute_discharge_weekly", "Web-File-Timeseries-Acute-Discharge-SitRep.xlsx", "Time series: Acute Discharge"),
        ("acute_discharge_monthly", "Daily-discharge-sitrep-monthly-data-webfile-January2024-1.xlsx", "January 2024"),
        ("acute_discharge_monthly", "Daily-discharge-sitrep-monthly-data-CSV-webfile-November2024.csv", "CSV, 2MB"),
        (
            "acute_discharge_monthly",
            "Daily-discharge-sitrep-monthly-data-webfile-8-CSV-nov25.csv",
            "November 2025 (CSV)",
        ),
        ("acute_discharge_monthly", "x.xlsx", "Daily-discharge-sitrep-monthly-data-webfile-01-April2026-v1"),
        (
            "acute_discharge_monthly",
            "Daily-discharge-sitrep-timeseries-data-webfile-April2021-May2024.xlsx",
            "Time series",
        ),
        ("covid_hospital_activity", "Covid-Publication-10-10-2024-v2.0.xlsx", "10 October 2024 (XLSX, 1MB)"),
        (
            "covid_hospital_activity",
            "Weekly-covid-admissions-and-beds-publication-210930-1.xlsx",
            "Weekly Admissions and Beds",
        ),
    ],
)
def test_files_of_every_season_are_found_by_what_their_links_say(publication, file, text):
    assert chosen(publication, (file, text)) == [file]


@pytest.mark.parametrize(
    ("publication", "file", "text"),
    [
        ("uec_sitrep", "Web-File-Timeseries-NHS111.xlsx", "Web File Timeseries – NHS 111"),
        ("uec_sitrep", "Ambulance-Collection-Web-File-Timeseries.xlsx", "Ambulance Collection – Web File Timeseries"),
        ("uec_sitrep", "Web-File-Timeseries-Covid-Acute.xlsx", "Web File Timeseries – Covid Acute SitRep"),
        ("uec_sitrep", "Pre-release-access-list.pdf", "UEC Daily SitRep – Time series pre-release list (PDF)"),
        ("acute_discharge_monthly", "Discharge-Ready-Date-monthly-data-webfile-October2023.xlsx", "October 2023"),
        ("acute_discharge_monthly", "Community-discharge-sitrep-monthly-data-webfile-June2023.xlsx", "June 2023"),
        ("acute_discharge_monthly", "Daily-discharge-sitrep-monthly-data-webfile-January2024.pdf", "January 2024"),
        ("covid_hospital_activity", "Covid-Publication-Definitions.xlsx", "Publication Definitions"),
    ],
)
def test_other_files_are_left_alone(publication, file, text):
    assert chosen(publication, (file, text)) == []


def test_what_a_link_says_counts_over_the_name_of_its_file():
    week = ("Web-File-Timeseries-UEC-Daily-SitRep-2.xlsx", "UEC Daily SitRep – Web File 28 December 2023")
    season = ("UEC-Daily-SitRep-Web-File-5.xlsx", "Web File Timeseries – UEC Daily SitRep")
    assert chosen("uec_sitrep", week, season) == [season[0]]


def test_one_week_files_are_taken_only_where_there_is_no_season_to_date():
    week = ("UEC-Daily-SitRep-Web-File-28-December-2023.xlsx", "UEC Daily SitRep – Web File 28 December 2023")
    assert chosen("uec_sitrep", week) == [week[0]]


def test_a_file_linked_twice_counts_once():
    file = "Daily-discharge-sitrep-monthly-data-webfile-January2024.xlsx"
    assert chosen("acute_discharge_monthly", (file, "January 2024"), (file, "Monthly data, January 2024")) == [file]


def test_community_files_are_found_on_their_own_page():
    file = "Community-discharge-sitrep-monthly-data-webfile-June2023.xlsx"
    assert chosen("community_discharge_monthly", (file, "June 2023"), which=1) == [file]
    assert chosen("community_discharge_monthly", ("Daily-discharge-sitrep-June2023.xlsx", "June 2023"), which=1) == []


def test_the_pages_of_the_seasons_are_found_from_the_first_one_on():
    html = page(
        (HERE + "urgent-and-emergency-care-daily-situation-reports-2023-24/", "2023-24 Data"),
        ("urgent-and-emergency-care-daily-situation-reports-2022-23", "2022-23 Data"),
        ("../winter-daily-sitreps/winter-daily-sitrep-2014-15-data/", "2014-15 Data"),
        (f"{UPLOADS}/2023/11/PRA-List-2023-24.pdf", "PRA List 2023-24 Data (PDF, 127KB)"),
        ("/contact/", "Contact us"),
    )
    found = subpages_of(links(html, HERE), row("uec_sitrep"))
    assert [(link.season, link.url.startswith(HERE)) for link in found] == [("2023-24", True), ("2022-23", True)]


def test_a_link_tells_its_season_its_day_and_its_month_of_upload():
    link = Link(f"{UPLOADS}/2025/02/Web-File.xlsx", "UEC Daily SitRep 2024-25, published 3rd February 2025", HERE)
    assert (link.season, link.day, f"{link.uploaded}") == ("2024-25", "2025-02-03", "2025-02-28")
    silent = Link("https://host/2025/13/Web-2024-31.xlsx", "31 February 2025", HERE)
    assert (silent.season, silent.day, silent.uploaded) == ("", "", None)


@pytest.mark.parametrize(
    "odd",
    ['<base href="http://[x">', "<![if IE]>", "<![foo[x]]>", "<![ >", "<!x>", "</ >", '<a href="http://[x">x</a>'],
)
def test_odd_html_hides_no_link_after_it(odd):
    assert [link.url for link in links(f'{odd}<a href="/b.xlsx">b</a>', "https://host/a/")] == ["https://host/b.xlsx"]
