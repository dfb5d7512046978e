"""Counties and regions from their hospitals, worked by hand."""

import pandas as pd
import pytest

from forecast.observations import totals
from forecast.observations.store import Store
from forecast.reference import reference
from tests.frames import days, tidy

SPAN = days("2024-01-01", 20)
EAST = {"RM1": 500.0, "RGT": 300.0, "RDE": 150.0, "RGN": 50.0}
"""Four trusts of the East of England, a thousand together."""


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "data")


def told(store: Store, code: str, value: float, span: list[str] = SPAN, source: str = "test") -> None:
    store.add(tidy(dict.fromkeys(span, value), code, source=source))


def test_members_are_the_trusts_below_an_area_however_far():
    tables = reference()
    assert totals.members("NORFOLK", tables) == ["RM1", "RGP", "RCX"]
    assert {"RM1", "RGP", "RCX", "RGT", "RDE", "RGN"} <= set(totals.members("Y61", tables))
    assert not {"R0A", "RA2"} & set(totals.members("Y61", tables))
    assert totals.members("RM1", tables) == totals.members("ENG", tables) == totals.members("nobody", tables) == []


def test_a_region_is_the_sum_of_the_trusts_that_report_and_says_which(store):
    for code, value in EAST.items():
        told(store, code, value)
    panel = store.panel("nctr_patients", ["Y61"])
    assert (panel["Y61"] == 1000).all()
    assert panel.attrs["members"] == {"Y61": ["RM1", "RDE", "RGN", "RGT"]}
    assert panel.attrs["estimated"] == {}


def test_a_day_on_which_one_of_them_is_silent_has_no_sum(store):
    for code, value in EAST.items():
        told(store, code, value, SPAN if code != "RGN" else SPAN[:9] + SPAN[10:])
    panel = store.panel("nctr_patients", ["Y61", "RM1"])
    assert panel.index[panel["Y61"].isna()].tolist() == [pd.Timestamp(SPAN[9])]
    assert panel["RM1"].notna().all()


def test_a_published_value_wins_on_its_days(store):
    for code, value in EAST.items():
        told(store, code, value)
    told(store, "Y61", 1003.0, SPAN[:5])
    assert store.panel("nctr_patients", ["Y61"])["Y61"].tolist() == [1003] * 5 + [1000] * 15


def test_a_compilers_sum_is_used_only_where_there_is_no_better_one_and_is_marked(store):
    for code, value in EAST.items():
        told(store, code, value, SPAN[:10] if code == "RGN" else SPAN)
    told(store, "Y61", 940.0, source="estimate: sum of 5 boards")
    panel = store.panel("nctr_patients", ["Y61", "RM1"])
    assert panel["Y61"].tolist() == [1000] * 10 + [940] * 10
    marked = totals.estimated(panel)
    assert marked["Y61"].tolist() == [False] * 10 + [True] * 10
    assert not marked["RM1"].any()


def test_a_trust_is_expected_five_weeks_around_its_values_of_a_season(store):
    """RGN closes on 10 January; after five weeks the region is the sum of the others."""
    span = days("2024-01-01", 80)
    for code, value in EAST.items():
        told(store, code, value, span[:10] if code == "RGN" else span)
    panel = store.panel("nctr_patients", ["Y61"])["Y61"]
    assert (panel[:10] == 1000).all()
    assert panel[10 : 10 + 35 - 1].isna().all()
    assert (panel[10 + 35 :] == 950).all()


def test_a_silence_within_a_season_is_no_departure_and_a_summer_is(store):
    span = days("2024-01-01", 140)
    for code, value in EAST.items():
        told(store, code, value, span[:10] + span[-10:] if code == "RGN" else span)
    panel = store.panel("nctr_patients", ["Y61"])["Y61"]
    assert panel.isna().sum() == 120
    winter = days("2024-11-01", 20)
    for code in ("RM1", "RGT", "RDE"):
        told(store, code, EAST[code], winter)
    assert (store.panel("nctr_patients", ["Y61"]).loc["2024-11-01":, "Y61"] == 950).all()


def test_a_county_never_goes_without_one_of_its_hospitals(store):
    for code in ("RM1", "RGP"):
        told(store, code, 100.0, days("2024-01-01", 100))
    assert store.panel("nctr_patients", ["NORFOLK"], estimate=True).empty


def test_a_small_gap_is_completed_by_the_last_known_share_and_marked(store):
    """RGN is 5 % of the region: 50 to the others' 950. When they rise by a tenth, it is taken to rise with them."""
    for code, value in EAST.items():
        if code == "RGN":
            told(store, code, value, SPAN[:19])
        else:
            told(store, code, value, SPAN[:19])
            told(store, code, value * 1.1, SPAN[19:])
    plain = store.panel("nctr_patients", ["Y61"])
    assert len(plain) == 19
    panel = store.panel("nctr_patients", ["Y61"], estimate=True)
    assert panel["Y61"].iloc[-1] == pytest.approx(1100)
    assert panel.attrs["estimated"] == {"Y61": [SPAN[19]]}
    assert totals.estimated(panel)["Y61"].tolist() == [False] * 19 + [True]


@pytest.mark.parametrize(("share", "completed"), [(0.09, True), (0.11, False)])
def test_a_gap_of_more_than_a_tenth_of_the_total_is_never_completed(store, share, completed):
    told(store, "RM1", 1000 * (1 - share))
    told(store, "RDE", 1000 * share, SPAN[:19])
    panel = store.panel("nctr_patients", ["Y61"], estimate=True)["Y61"]
    assert len(panel) == 19 + completed
    assert panel.iloc[-1] == pytest.approx(1000)


def test_a_gap_is_completed_by_the_share_of_a_whole_week_not_of_its_last_day(store):
    """RGN tells 7 on six days of the week and 63 on Sundays, a mean of 15; the others 985 every day."""
    told(store, "RM1", 985.0, days("2024-01-01", 22))
    weeks = {day: 63.0 if pd.Timestamp(day).day_name() == "Sunday" else 7.0 for day in days("2024-01-01", 21)}
    store.add(tidy(weeks, "RGN"))
    panel = store.panel("nctr_patients", ["Y61"], estimate=True)["Y61"]
    assert panel.iloc[-1] == pytest.approx(985 + 15)


def test_a_trust_whose_values_are_all_masked_for_weeks_is_still_waited_for(store):
    """For its last sixty days RCX sends one figure: what is masked is missing, not a trust that stopped reporting."""
    span = days("2024-01-01", 120)
    for place, code in enumerate(("RM1", "RGP", "RGT", "RCX")):
        values = {day: 100.0 + (place + 3 * k) % 7 for k, day in enumerate(span)}
        if code == "RCX":
            values |= dict.fromkeys(span[60:], 104.0)
        store.add(tidy(values, code))
    clean = store.panel("nctr_patients", ["Y61", "RCX"], clean=True)
    silent = clean["RCX"].reindex(pd.to_datetime(span)).isna()
    assert silent.sum() >= 55
    assert clean["Y61"].last_valid_index() < pd.Timestamp(span[62])


def test_a_share_that_was_never_seen_is_not_guessed(store):
    for code, value in EAST.items():
        told(store, code, value, SPAN[10:] if code == "RGN" else SPAN)
    panel = store.panel("nctr_patients", ["Y61"], estimate=True)
    assert panel.index[0] == pd.Timestamp(SPAN[10])
    assert panel.attrs["estimated"] == {}


def test_a_masked_value_leaves_the_sum_of_its_day_open(store):
    """RGP's lone zero is wrong; the clean county has no sum that day."""
    for code in ("RM1", "RCX"):
        told(store, code, 90.0)
    values = dict.fromkeys(SPAN, 100.0) | {SPAN[10]: 0.0}
    store.add(tidy(values, "RGP"))
    panel = store.panel("nctr_patients", ["NORFOLK"], clean=True)["NORFOLK"]
    assert panel.index[panel.isna()].tolist() == [pd.Timestamp(SPAN[10])]
    assert store.panel("nctr_patients", ["NORFOLK"]).loc[SPAN[10], "NORFOLK"] == 180


def test_a_computed_metric_of_a_region_is_the_sum_of_its_trusts(store):
    for code in ("RM1", "RGT"):
        store.add(tidy(dict.fromkeys(SPAN, 20.0), code, "flu_ga_beds_occupied"))
        store.add(tidy(dict.fromkeys(SPAN, 2.0), code, "flu_cc_beds_occupied"))
    assert (store.panel("flu_beds", ["Y61"])["Y61"] == 44).all()


@pytest.mark.parametrize(
    "metric",
    ["ae_pct_attendance_over_4hours", "general_acute_beds_occupancy_rate", "covid_admissions_7d_rate_per_100k"],
)
def test_a_share_or_a_rate_is_never_summed(store, metric):
    for code in ("RM1", "RGP", "RCX"):
        store.add(tidy(dict.fromkeys(SPAN, 0.9), code, metric))
    assert store.panel(metric, ["NORFOLK", "RM1"])["NORFOLK"].isna().all()
    store.add(tidy({SPAN[3]: 0.92}, "NORFOLK", metric))
    assert store.panel(metric, ["NORFOLK"])["NORFOLK"].tolist() == [0.92]


def test_a_trust_that_became_part_of_another_counts_in_its_region(store):
    """Ipswich (RGQ) joined Colchester (RDE) in July 2018; both are in the East of England."""
    for code, value in (("RDE", 500.0), ("RGQ", 450.0)):
        store.add(tidy(dict.fromkeys(days("2018-01-01", 10), value), code, "ga_beds_open"))
    assert (store.panel("ga_beds_open", ["Y61"])["Y61"] == 950).all()


def test_the_flags_of_an_area_are_those_of_its_hospitals(store):
    for code in ("RM1", "RCX", "R0A"):
        store.add(tidy(dict.fromkeys(SPAN, 100.0) | {SPAN[10]: 0.0}, code))
    flagged = store.flags("nctr_patients", locations=["NORFOLK"])
    assert flagged["location"].tolist() == ["RCX", "RM1"]
    assert flagged["date"].unique().tolist() == [pd.Timestamp(SPAN[10])]


def test_what_is_said_of_a_panel_survives_what_people_do_with_it(store, tmp_path):
    for code, value in EAST.items():
        told(store, code, value)
    panel = store.panel("nctr_patients", ["Y61", "RM1"], estimate=True)
    pd.concat([panel, panel])
    panel.to_parquet(tmp_path / "panel.parquet")
    assert pd.read_parquet(tmp_path / "panel.parquet").attrs["members"]["Y61"] == ["RM1", "RDE", "RGN", "RGT"]
