"""The publication rules against the release dates that were recorded."""

from pathlib import Path

import pandas as pd
import pytest

from forecast.observations.publication import released

REAL = Path(__file__).parents[2].parent / "shared" / "real"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason=f"NO REAL DATA: the release calendar is not at {REAL}"),
]
METRICS = {
    "uec_daily_sitrep_flu": "flu_ga_beds_occupied",
    "acute_discharge_sitrep_monthly": "nctr_patients",
    "covid_weekly_covid_admissions_and_diagnoses": "covid_admissions_and_diagnoses",
    "covid_weekly_covid_beds_occupied": "covid_beds_occupied",
}
# Copies of the edition with data to 11 December 2022, found 9 and 24 days after it.
FOUND_LATER = ("2022-12-20", "2023-01-04")
WINTER = (11, 12, 1, 2, 3)


def test_no_rule_says_that_values_were_public_before_they_were():
    """In winter fit-to-leave is also published weekly, so its monthly editions say nothing then."""
    calendar = pd.read_csv(REAL / "release_calendar.csv", parse_dates=["release_date", "latest_data_date"])
    calendar = calendar[calendar["series"].isin(METRICS) & ~calendar["release_date"].isin(pd.to_datetime(FOUND_LATER))]
    monthly = calendar["series"] == "acute_discharge_sitrep_monthly"
    calendar = calendar[~(monthly & calendar["latest_data_date"].dt.month.isin(WINTER))]
    early = {}
    for series, part in calendar.groupby("series"):
        by_rule = released(part["latest_data_date"], METRICS[str(series)])
        early[series] = part["release_date"][by_rule < part["release_date"]].tolist()
        assert ((by_rule - part["release_date"]).dt.days <= 7).all(), series
    assert not any(early.values()), early
