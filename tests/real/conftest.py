from pathlib import Path

import pytest

from forecast.incoming.ingest import ingest_files
from forecast.observations.store import Store

REAL = Path(__file__).parents[2].parent / "shared" / "real"
TABLES = ("nctr_daily", "flu_beds_daily", "uec_winter_sitrep_daily", "covid_daily", "staff_absences_daily")


@pytest.fixture(scope="session")
def real_store(tmp_path_factory):
    """The trust-level tables and the discharge workbooks, ingested once for all tests."""
    if not REAL.is_dir():
        pytest.skip(f"PUBLISHED DATA NOT FOUND at {REAL}: the forecasts of real data are not tested on this machine")
    store = Store(tmp_path_factory.mktemp("real") / "data")
    files = [REAL / f"{name}.csv.gz" for name in TABLES] + sorted((REAL / "raw").glob("acute_discharge*.xlsx"))
    results = list(ingest_files(store, files))
    assert [result.error for result in results if result.error] == []
    return store
