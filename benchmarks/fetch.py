"""How long a full fetch of three winters takes from a server on this machine, with and without ingest.

    python benchmarks/fetch.py ../shared/real/raw

Serves the originals of a folder and generated workbooks of the same size (every month of discharges from April 2022 to
March 2025, the flu sheet of two winters), and the series of the UKHSA data dashboard since 2020. Each fetch is the
command itself, in a process of its own kept to one core; each figure is the median of three, with best and worst. The
second fetch finds everything unchanged. ``--profile`` says what the time goes to.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from forecast.reference import reference
from forecast.sources.ukhsa_api import wanted_series
from tests import workbooks as wb
from tests.http_server import Area, Site, dashboard, page, serving

AREAS = "/statistics/statistical-work-areas"
UPLOADS = "/statistics/wp-content/uploads/sites/2"
TRUSTS = 120
REPEATS = 3
SEASONS = ("2019-20", "2020-21", "2021-22", "2022-23", "2023-24", "2024-25", "2025-26")
# Originals by the words in their names: landing page or season, and what the link says.
PLACES = (
    (r"acute_discharge_sitrep_(?:monthly|timeseries)", "discharge-delays/acute-discharge-situation-report/", ""),
    (r"community_discharge", "discharge-delays-community-data/", ""),
    (r"covid_acute_winter.*(\d{4}-\d\d)", "", "Web File Timeseries – Covid Acute"),
    (r"staff_absences.*(\d{4}-\d\d)", "", "Staff Absences – Web File Timeseries"),
    (r"uec_daily_sitrep_timeseries.*(\d{4}-\d\d)", "", "UEC Daily SitRep – Web File Timeseries"),
    (r"winter_sitrep_acute_timeseries.*(\d{4}-\d\d)", "", "Winter SitRep – Acute Time series"),
    (r"discharge_delays_acute_weekly.*(\d{4}-\d\d)", "", "Web File Timeseries – Acute Discharge SitRep"),
    (r"covid", "covid-19-hospital-activity/", "Covid Publication"),
)


def of_real_size() -> None:
    """Let the small workbooks of the tests have as many trusts as the published ones, England being their sum."""
    trusts = [place for place in reference().locations.values() if place.kind == "trust"][:TRUSTS]
    wb.TRUSTS = {place.code: place.name for place in trusts}
    wb.PLACES = ("ENG", "Y61", "Y56", "QMM", *wb.TRUSTS)

    def count(location: str, day: int) -> int:
        if location in wb.TRUSTS:
            return random.Random(f"{location} {day}").randint(40, 400)
        return sum(count(code, day) for code in wb.TRUSTS)

    def expected(location: str, day: int) -> dict[str, float]:
        patients = count(location, day)
        return {"nctr_patients": patients, "nctr_discharged": patients // 3, "nctr_remaining": patients - patients // 3}

    wb.expected, wb.single = expected, count


def generated(folder: Path) -> list[tuple[str, Path, str]]:
    """Workbooks of three winters: page, file and what its link says."""
    found = []
    for month in pd.period_range("2022-04", "2025-03", freq="M"):
        path = folder / f"Daily-discharge-sitrep-monthly-data-webfile-{month:%B%Y}.xlsx"
        published = month.end_time.date() + pd.Timedelta(days=9)
        wb.discharge_monthly(path, start=f"{month.start_time:%Y-%m-%d}", count=month.days_in_month, published=published)
        found.append(("discharge-delays/acute-discharge-situation-report/", path, f"{month:%B %Y}"))
    for year in (2023, 2024):
        path = folder / f"Web-File-Timeseries-UEC-Daily-SitRep-{year}.xlsx"
        wb.uec_flu(path, start=f"{year}-11-20", count=133, type_1=False)
        found.append((f"{year}-{year - 1999}", path, "Web File Timeseries – UEC Daily SitRep"))
    return found


def originals(folder: Path) -> list[tuple[str, Path, str]]:
    """Published workbooks of a folder: page, file and what its link says."""
    found = []
    for path in sorted(folder.glob("*.xlsx")):
        for pattern, where, text in PLACES:
            if match := re.search(pattern, path.name, re.IGNORECASE):
                found.append((where or match[1], path, text or path.stem))
                break
    return found


def publish(site: Site, files: list[tuple[str, Path, str]]) -> None:
    """Serve files, the pages that link to them and those that link to the pages."""
    by_page: dict[str, list[tuple[str, str]]] = {}
    for where, path, text in files:
        name = path.name.replace("acute_discharge_sitrep", "Daily-discharge-sitrep")
        site.put(f"{UPLOADS}/2025/04/{name}", path.read_bytes())
        by_page.setdefault(where, []).append((f"{UPLOADS}/2025/04/{name}", text))
    seasons = [(f"{AREAS}/uec-sitrep/{season}/", f"{season} Data") for season in SEASONS]
    site.put(f"{AREAS}/uec-sitrep/", page(*seasons))
    for address, season in zip([address for address, _ in seasons], SEASONS, strict=True):
        site.put(address, page(*by_page.get(season, [])))
    for where in ("discharge-delays/acute-discharge-situation-report/", "discharge-delays-community-data/"):
        site.put(f"{AREAS}/{where}", page(*by_page.get(where, [])))
    site.put(f"{AREAS}/discharge-delays/", page((f"{AREAS}/discharge-delays-community-data/", "Community")))
    site.put(f"{AREAS}/covid-19-hospital-activity/", page(*by_page.get("covid-19-hospital-activity/", [])))


def series() -> list[Area]:
    """Every series of the table, made up: days or weeks from 2020 to April 2025."""
    days = [f"{day:%Y-%m-%d}" for day in pd.date_range("2020-03-19", "2025-04-06")]
    weeks = [f"{day:%Y-%m-%d}" for day in pd.date_range("2020-01-06", "2025-03-31", freq="7D")]
    areas: dict[tuple[str, str, str], dict[str, list[tuple[str, float, bool]]]] = {}
    for wanted in wanted_series(reference()):
        dates = weeks if wanted.metric.endswith("ByWeek") else days
        key = (wanted.topic, wanted.geography_type, wanted.geography_code)
        areas.setdefault(key, {})[wanted.metric] = [(day, float(i % 97), False) for i, day in enumerate(dates)]
    names = {code: place.name for code, place in reference().locations.items()} | {"E92000001": "England"}
    names["E45000017"] = "East of England"
    return [Area(topic, kind, names[code], code, metrics) for (topic, kind, code), metrics in areas.items()]


def timed(arguments: list[str], environment: dict[str, str]) -> tuple[tuple[float, float], str]:
    """Seconds of one call of the command, kept to one core: by the clock and of work; and what it said."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    one_core = getattr(os, "sched_setaffinity", None)
    done = subprocess.run(
        [sys.executable, "-c", "from forecast.cli import main; main()", "fetch", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=(lambda: one_core(0, {0})) if one_core else None,
    )
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert done.returncode == 0, done.stdout + done.stderr  # nosec B101 # a measurement that failed is none
    return (seconds, work), done.stdout + done.stderr


def row(name: str, runs: list[tuple[float, float]], note: str = "") -> None:
    cells = [f"{statistics.median(s):.1f} s ({min(s):.1f} to {max(s):.1f})" for s in zip(*runs, strict=True)]
    print(f"| {name} | {' | '.join(cells)} | {note} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("raw", type=Path, help="folder of published workbooks")
    parser.add_argument("--profile", action="store_true", help="print where the time of one fetch with ingest goes")
    arguments = parser.parse_args()
    of_real_size()
    with tempfile.TemporaryDirectory() as temporary, serving() as nhs, serving() as ukhsa:
        folder = Path(temporary)
        files = [*originals(arguments.raw), *generated(folder)]
        publish(nhs, files)
        dashboard(ukhsa, series())
        environment = {**os.environ, "FORECAST_NHS_ENGLAND": nhs.base, "FORECAST_UKHSA": ukhsa.base}
        if arguments.profile:
            profile(folder, environment)
            return
        archived, again, everything = [], [], []
        for turn in range(REPEATS):
            data = str(folder / f"archive-{turn}")
            archived.append(timed(["--no-ingest", "--data", data], environment)[0])
            asked = len(nhs.requests) + len(ukhsa.requests)
            again.append(timed(["--no-ingest", "--data", data], environment)[0])
            second = len(nhs.requests) + len(ukhsa.requests) - asked
            seconds, said = timed(["--data", str(folder / f"all-{turn}")], environment)
            everything.append(seconds)
        size = sum(path.stat().st_size for _, path, _ in files) / 1e6
        print("| what | by the clock (best to worst) | of which work | note |\n|---|---|---|---|")
        row(
            "fetch, archive only",
            archived,
            f"{len(files)} files, {size:.0f} MB, {len(wanted_series(reference()))} series",
        )
        row("fetch again, nothing new", again, f"{second} requests")
        row("fetch and ingest", everything, next(line for line in said.splitlines() if "could not be read" in line))
        print("\n".join(line for line in said.splitlines() if "not " in line))


def profile(folder: Path, environment: dict[str, str]) -> None:
    code = (
        "import cProfile, pstats, sys\nfrom typer.testing import CliRunner\nfrom forecast.cli import app\n"
        "p = cProfile.Profile()\n"
        "p.runcall(CliRunner().invoke, app, ['fetch', '--data', sys.argv[1]])\n"
        "pstats.Stats(p).sort_stats('cumulative').print_stats(45)"
    )
    subprocess.run([sys.executable, "-c", code, str(folder / "profiled")], env=environment, check=True)


if __name__ == "__main__":
    main()
