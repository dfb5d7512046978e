"""Sites that look like those of NHS England and UKHSA, and a fetch from them that waits for nobody."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from typer.testing import CliRunner

from forecast.cli import app
from forecast.command import terminal
from forecast.incoming import bringing, fetch
from forecast.incoming.archive import Archive
from forecast.incoming.fetch import chosen, fetch_all
from forecast.sources.web import Web
from tests import workbooks as wb
from tests.http_server import Area, Time, dashboard, page, serving

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


@pytest.fixture
def forecast(tmp_path, monkeypatch, nhs, ukhsa):
    """The command, against the sites, without waiting."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FORECAST_NHS_ENGLAND", nhs.base)
    monkeypatch.setenv("FORECAST_UKHSA", ukhsa.base)
    time = Time()
    monkeypatch.setattr(bringing, "Web", lambda: Web(pace=0, timeout=2, sleep=time.sleep, clock=time.clock))
    for console in (terminal.out, terminal.err):
        monkeypatch.setattr(console, "_width", 300)
    return lambda *words: CliRunner().invoke(app, ["fetch", *words])
