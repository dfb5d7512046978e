"""The traps of the published data: which of them the flags find, and how few sound values they doubt."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecast.observations.quality import FINDINGS

pytestmark = pytest.mark.real
TRAPS = pd.read_csv(Path(__file__).parent / "quality_traps.csv", parse_dates=["first", "last"])
EARLY = pd.Timedelta(days=45)


@pytest.fixture(scope="module")
def flagged(real_store):
    return {metric: real_store.flags(metric) for metric in TRAPS["metric"].unique()}


@pytest.mark.parametrize("trap", TRAPS.to_dict("records"), ids=lambda t: f"{t['metric']}-{t['location']}-{t['what']}")
def test_a_trap_is_found_on_every_day_of_it_or_is_still_missed_as_expected(trap, flagged):
    rows = flagged[trap["metric"]]
    rows = rows[(rows["location"] == trap["location"]) & rows["flag"].isin(trap["flags"].split("|"))]
    if FINDINGS & set(trap["flags"].split("|")):
        found = rows["date"].between(trap["first"] - EARLY, trap["last"]).any()
    else:
        found = set(pd.date_range(trap["first"], trap["last"])) <= set(rows["date"])
    assert found == (trap["expected"] == "found"), "a trap that is now found belongs to the found ones in the table"


def test_about_forty_trusts_have_their_days_shifted_by_one(flagged):
    shifted = flagged["nctr_discharged"].query("flag == 'weekday_shift'")["location"].nunique()
    assert 25 <= shifted <= 55


def test_most_trusts_with_nothing_but_zeros_in_the_wave_of_2022_are_flagged(real_store, flagged):
    """32 of 138 trusts read 0 from 15 December to 5 January; small ones may truly have had none."""
    wave = real_store.panel("flu_beds").loc["2022-12-15":"2023-01-05"]
    silent = [code for code in wave.columns[(wave == 0).all()] if str(code).startswith("R")]
    assert 25 <= len(silent) <= 40
    found = flagged["flu_beds"].query("flag == 'false_zeros'")["location"].unique()
    assert len(set(silent) & set(found)) >= 0.6 * len(silent)


@pytest.mark.parametrize(
    ("metric", "most"),
    [("nctr_patients", 0.015), ("nctr_remaining", 0.015), ("ga_beds_occupied", 0.004), ("covid_beds_occupied", 0.012)],
)
def test_few_published_values_are_masked(real_store, metric, most):
    raw, clean = real_store.panel(metric), real_store.panel(metric, clean=True)
    trusts = [code for code in raw.columns if str(code).startswith("R")]
    hidden = (raw[trusts].notna() & clean[trusts].isna()).to_numpy()
    assert hidden.sum() <= most * raw[trusts].notna().to_numpy().sum()


def test_hardly_a_value_at_the_peak_of_a_wave_is_doubted(real_store, flagged):
    """Omicron rising into January 2022, and flu in the weeks about its peak of 2 January 2023: rises are not spikes."""
    for metric, first, last in (
        ("covid_beds_occupied", "2021-12-15", "2022-01-18"),
        ("flu_beds", "2022-12-15", "2023-01-15"),
    ):
        values = real_store.panel(metric).loc[first:last]
        rows = flagged[metric]
        high = rows[rows["flag"].isin(["spike", "doubled"]) & rows["date"].between(first, last)]
        assert len(high) <= 0.001 * np.count_nonzero(values > 0), metric
