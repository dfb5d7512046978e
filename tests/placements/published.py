"""Tidy frames of delay reasons and destinations, made by hand."""

import pandas as pd

MONTHS = pd.date_range("2024-06-01", periods=4, freq="MS")
CODES = ("home_rehab_capacity", "bed_rehab_capacity", "care_home_capacity", "medical_review")


def reasons(hospitals, months=MONTHS, codes=CODES, before="delay_reason_"):
    """Hospital to people on pathway 1, 2, 3 and waiting for the hospital itself, in every month or month by month."""
    rows = []
    for hospital, people in hospitals.items():
        by_month = people if isinstance(people[0], tuple) else [people] * len(months)
        for month, counts in zip(months, by_month, strict=True):
            rows += [(month, hospital, before + code, value) for code, value in zip(codes, counts, strict=True)]
    return _frame(rows)


def destinations(hospitals, months=MONTHS):
    """Hospital to people discharged on pathway 0, 1, 2 and 3, in every month or month by month."""
    codes = ("p0_home", "p1_home", "p2_rehab", "p3_care_home")
    return reasons(hospitals, months, codes, "discharged_dest_")


def _frame(rows):
    frame = pd.DataFrame(rows, columns=["date", "location", "metric", "value"]).astype({"value": float})
    # a month is told in the middle of the next
    return frame.assign(released=frame["date"] + pd.DateOffset(months=1, days=10), source="made by hand")
