"""A small store of observations that fits the runs of ``made_runs``."""

import pandas as pd
from made_runs import HOSPITALS

from forecast.observations.store import Store

METRICS = ["nctr_patients", "nctr_remaining", "flu_ga_beds_occupied", "flu_cc_beds_occupied", "staff_absent_total"]


def fill(folder, *, simulated=False, lacking=("RGP", "2024-12-30")):
    """Store ten weeks to 5 January 2025, and changes of two figures; one hospital's last week is lacking."""
    days = pd.date_range("2024-10-28", "2025-01-05", unit="us")
    rows = [(day, code, metric, 100.0) for metric in METRICS for code in HOSPITALS for day in days]
    frame = pd.DataFrame(rows, columns=["date", "location", "metric", "value"])
    late = (frame["location"] == lacking[0]) & (frame["date"] >= lacking[1])
    store = Store(folder / "twin" if simulated else folder)
    store.add(frame[~late].assign(source="simulated twin, seed 1" if simulated else "a table without a date"))
    if not simulated:
        store.add(change("2024-12-03", "RCX", 110, "2024-12-19"))
        store.add(change("2024-11-05", "RM1", 90, "2025-01-02"))
    return store


def change(day, code, value, published):
    """One figure of another edition."""
    row = {"date": pd.Timestamp(day), "location": code, "metric": "nctr_patients", "value": float(value)}
    return pd.DataFrame([row]).assign(source=f"acute discharge situation report, revised {published}")
