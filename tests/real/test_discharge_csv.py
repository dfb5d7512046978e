"""The monthly CSV as published from February 2024, made from the compiled tables and read back cell for cell."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from forecast.reference import reference
from forecast.sources import read_file
from tests.published_csv import HEADER, MEASURES

REAL = Path(__file__).parents[2].parent / "shared" / "real"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason=f"NO REAL DATA: the published files are not at {REAL}"),
]


LEVELS = {"country": "National", "nhs_region": "Region", "icb": "ICB", "trust": "PROVIDER"}
GROUPS = {"nctr": "NCTR", "delay": "Delay reason", "discharged": "Discharge destination", "additional": "Bed days"}


@pytest.fixture(scope="module")
def compiled() -> pd.DataFrame:
    """Counts, reasons and destinations from January 2024, with the texts under which the CSV has them."""
    names = ("nctr_daily", "nctr_bed_days_destinations_reasons", "nctr_delay_reasons_monthly_2024")
    frame = pd.concat([read_file(REAL / f"{name}.csv.gz").frame for name in names])
    texts = {
        **MEASURES,
        **{name: row.text.replace(" - ", " – ") for row in reference().categories for name in row.metrics},
        **{
            f"additional_bed_days_los{days}plus": f"Number of additional bed days, patients with length of stay of "
            f"{days} days or over"
            for days in (7, 14, 21)
        },
    }
    frame = frame[(frame["date"] >= "2024-01-01") & (frame["location"] != "ENG_SUM")]
    return frame.assign(text=frame["metric"].map(texts), month=frame["date"].dt.to_period("M"))


def as_csv(rows: pd.DataFrame, path: Path) -> Path:
    locations = reference().locations
    table = pd.DataFrame(
        {
            "Period": rows["date"].dt.strftime("%d/%m/%Y"),
            "Level": rows["location"].map(lambda code: LEVELS[locations[code].kind]),
            "Region": "",
            "ICB": "",
            "Org Code": rows["location"],
            "Org Name": rows["location"].map(lambda code: locations[code].name.upper()),
            "Metric": rows["text"],
            "Metric Type": rows["metric"].map(lambda name: "Daily metric" if name in MEASURES else "Weekly snapshot"),
            "Metric Group": rows["metric"].map(lambda name: GROUPS[name.split("_")[0].replace("delay14plus", "delay")]),
            "Value": rows["value"].map(repr),
        }
    )
    table[HEADER].to_csv(path, index=False, encoding="windows-1252")
    return path


def test_every_month_reads_back_as_it_was_compiled(compiled: pd.DataFrame, tmp_path: Path) -> None:
    key = ["date", "location", "metric"]
    read = 0
    for month, rows in compiled.groupby("month"):
        frame = read_file(as_csv(rows, tmp_path / f"{month}.csv")).frame
        joined = rows.merge(frame, on=key, how="outer", suffixes=("", "_csv"), indicator=True)
        assert set(joined["_merge"]) == {"both"}, month
        assert (joined["value"] == joined["value_csv"]).all(), month
        read += len(joined)
    # January of all places; after that 39,216 trust-days of three counts, and 37 reasons from June.
    january = len(compiled[compiled["month"] == "2024-01"])
    assert january > 15_000
    assert read == january + 3 * 39_216 + 30_562
