"""Sums of the trusts of the East of England against what NHS England published of the region."""

import pandas as pd
import pytest

from forecast.observations import totals
from forecast.observations.store import Store
from forecast.reference import reference

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def trusts(real_store) -> pd.DataFrame:
    return real_store.panel("nctr_patients", totals.members("Y61", reference()))


@pytest.fixture(scope="module")
def published(real_store) -> pd.Series:
    rows = real_store.history("nctr_patients")
    rows = rows[(rows["location"] == "Y61") & ~rows["source"].str.startswith("estimate:")]
    return rows.drop_duplicates("date", keep="last").set_index("date")["value"]


def test_where_every_trust_reported_the_sum_is_the_published_value(real_store, trusts, published):
    """On each of more than 600 days; the published value itself leaves out who did not report."""
    expected = totals.reporting(trusts)
    complete = (trusts.notna() | ~expected).all(axis=1)
    days = published.index.intersection(trusts.index[complete])
    assert len(days) > 600
    assert trusts.sum(axis=1)[days].equals(published[days])
    assert real_store.panel("nctr_patients", ["Y61"])["Y61"].reindex(published.index).equals(published)


def test_a_week_of_one_trust_left_out_is_completed_to_within_a_few_per_cent(trusts, published, tmp_path):
    """Each trust in turn silent for the week from 16 January 2023: an estimate, or none where its share is large."""
    week = pd.date_range("2023-01-16", periods=7)
    told = trusts.loc["2022-11-01":"2023-01-22"].dropna(axis=1, how="all")
    errors, refused = [], 0
    for code in told.columns:
        left = told.copy()
        left.loc[week, code] = float("nan")
        rows = left.rename_axis(index="date", columns="location").reset_index().melt("date")
        store = Store(f"memory://left-out-{code}-{tmp_path.name}")
        store.add(rows.assign(metric="nctr_patients", source="left out"))
        panel = store.panel("nctr_patients", ["Y61"], estimate=True)
        refused += "Y61" not in panel.attrs["estimated"]
        errors += (panel["Y61"].reindex(week) / published[week] - 1).dropna().abs().tolist()
        assert store.panel("nctr_patients", ["Y61"])["Y61"].reindex(week).isna().all()
    assert len(errors) >= 7 * 8
    assert refused <= 5
    assert pd.Series(errors).median() < 0.015
    assert max(errors) < 0.10


@pytest.mark.parametrize("metric", ["ga_beds_open", "ga_beds_occupied"])
def test_the_seven_regions_add_up_to_the_nation_in_every_winter(real_store, metric):
    """NHS England's own England row, from 2015-16 to 2022-23: before the mergers of trusts as after them."""
    regions = [code for code, place in reference().locations.items() if place.kind == "nhs_region"]
    summed = real_store.panel(metric, regions).dropna().sum(axis=1)
    england = real_store.panel(metric, ["ENG"])["ENG"].dropna()
    days = england.index.intersection(summed.index)
    assert len(days) > 500
    assert set(days.year) == set(range(2015, 2024))
    assert summed[days].equals(england[days])
