import pandas as pd
import pytest

from forecast.observations.publication import released
from forecast.reference import reference


@pytest.mark.parametrize(
    ("metric", "date", "public"),
    [
        # UEC situation report of 12 January 2023 held data to Sunday 8 January
        ("flu_ga_beds_occupied", "2023-01-08", "2023-01-12"),
        ("flu_ga_beds_occupied", "2023-01-09", "2023-01-19"),
        # a bank holiday on Monday 2 January 2023: the week to the 1st came out on Friday the 6th
        ("flu_ga_beds_occupied", "2023-01-01", "2023-01-06"),
        ("flu_ga_beds_occupied", "2023-12-24", "2023-12-29"),
        # Good Friday comes after the Thursday of its week
        ("flu_ga_beds_occupied", "2023-04-02", "2023-04-06"),
        # first editions that came late
        ("flu_ga_beds_occupied", "2023-12-03", "2023-12-11"),
        ("nctr_patients", "2022-05-01", "2022-06-16"),
        # fit-to-leave: weekly in winter, else the second Thursday after the month (12 Oct 2023 for September)
        ("nctr_patients", "2023-01-08", "2023-01-12"),
        ("nctr_patients", "2023-09-01", "2023-10-12"),
        ("nctr_patients", "2023-09-30", "2023-10-12"),
        # Covid beds: weekly to May 2023, monthly after
        ("covid_beds_occupied", "2020-11-15", "2020-11-19"),
        ("covid_beds_occupied", "2023-07-01", "2023-08-10"),
        # a week dated Monday 1 January 2024 ends on the 7th and is released on the 11th
        ("flu_hosp_admission_rate_per_100k", "2024-01-01", "2024-01-11"),
        # nobody knows it: the slowest rule
        ("unheard_of", "2024-01-01", "2024-02-08"),
    ],
)
def test_a_value_becomes_public_when_its_rule_says(metric, date, public):
    assert released(pd.Series([pd.Timestamp(date)]), metric).tolist() == [pd.Timestamp(public)]


def test_every_metric_is_public_after_its_day_and_within_two_months():
    days = pd.Series(pd.date_range("2020-01-01", "2025-12-31"))
    # one metric of each rule and step: all others of the same are released on the same days
    kinds = {(row.publication_rule, row.frequency): name for name, row in reference().metrics.items()}
    for metric in kinds.values():
        delay = (released(days, metric.replace("*", "x")) - days).dt.days
        assert delay.between(1, 52).all(), metric
