import re

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from forecast.errors import InputError, StoreError
from forecast.observations.store import Store
from tests.frames import edition, tidy

APRIL = "sitrep, published 2022-05-11"
REISSUE = "sitrep, published 2022-05-11, revised 2023-12-14"


def edition_of(days: object, value: float, code: str, metric: str, published: str) -> pd.DataFrame:
    frame = tidy(dict.fromkeys(days, value), code, metric, source="late")
    frame["released"] = published
    return frame


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "data")


def test_a_second_ingest_adds_nothing(store):
    frame = tidy({"2022-04-01": 240, "2022-04-02": 230})
    assert str(store.add(frame)) == "2 new, 0 changed, 0 unchanged"
    assert str(store.add(frame)) == "0 new, 0 changed, 2 unchanged"
    assert len(store.vintages()) == 1


def test_a_preview_says_what_would_be_stored_and_stores_nothing(store):
    store.add(tidy({"2024-01-01": 10, "2024-01-02": 20}))
    before = store.history("nctr_patients")
    assert store.preview(tidy({"2024-01-01": 10, "2024-01-02": 21, "2024-01-03": 30})) == (1, 1, 1)
    assert store.history("nctr_patients").equals(before)


def test_the_history_of_some_locations_is_theirs_alone_and_the_days_are_those_of_anybody(store):
    store.add(pd.concat([tidy({"2024-01-01": 10, "2024-01-03": 12}, "RM1"), tidy({"2024-01-02": 20}, "R1X")]))
    store.add(tidy({"2024-01-01": 11}, "RM1", source="later"))
    whole = store.history("nctr_patients")
    own = store.history("nctr_patients", ["RM1", "RCX"])
    assert own.equals(whole[whole["location"] == "RM1"].reset_index(drop=True))
    assert store.history("nctr_patients", []).empty
    assert sorted(store.days("nctr_patients").dt.day) == [1, 2, 3]
    assert store.days("flu_beds").empty


def test_a_value_is_released_by_its_rule_or_on_the_earlier_date_of_its_file(store):
    store.add(tidy({"2022-04-01": 240}))
    store.add(edition({"2022-04-02": 230}, APRIL, "2022-05-11"))
    store.add(edition({"2022-04-03": 235}, REISSUE, "2023-12-14"))
    released = store.history("nctr_patients").set_index("date")["released"]
    assert released.tolist() == [pd.Timestamp(d) for d in ("2022-05-12", "2022-05-11", "2022-05-12")]


def test_a_revision_is_seen_from_its_release_on_and_never_before(store):
    store.add(edition({"2022-04-01": 240, "2022-04-02": 230}, APRIL, "2022-05-11"))
    added = store.add(edition({"2022-04-01": 250, "2022-04-02": 230}, REISSUE, "2023-12-14"))
    assert (added.new, added.changed, added.unchanged) == (0, 1, 1)
    value = lambda day: store.panel("nctr_patients", as_of=day).loc["2022-04-01", "RM1"]  # noqa: E731
    assert value("2022-05-11") == 240
    assert value("2023-12-13") == 240
    assert value("2023-12-14") == 250
    assert store.panel("nctr_patients", as_of="2022-05-10").empty


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_order_in_which_editions_are_ingested_does_not_matter(store, order):
    editions = [
        edition({"2022-04-01": 240}, APRIL, "2022-05-20"),
        edition({"2022-04-01": 250}, REISSUE, "2023-12-14"),
    ]
    for k in order:
        store.add(editions[k])
    for day, value in (("2022-05-20", 240), ("2023-12-13", 240), ("2023-12-14", 250)):
        assert store.panel("nctr_patients", as_of=day).loc["2022-04-01", "RM1"] == value
    for again in editions:
        assert (store.add(again).new, store.add(again).changed) == (0, 0)


def test_editions_that_contradict_each_other_do_not_take_turns_at_every_ingest(store):
    first, second = tidy({"2022-04-01": 240}, source="a"), tidy({"2022-04-01": 241}, source="b")
    store.add(first)
    store.add(second)
    assert str(store.add(first)) == "0 new, 0 changed, 1 unchanged"
    assert str(store.add(second)) == "0 new, 0 changed, 1 unchanged"
    assert store.panel("nctr_patients").loc["2022-04-01", "RM1"] == 241


@pytest.mark.parametrize("undated_first", [True, False])
def test_a_file_without_a_date_never_overrules_a_dated_edition(store, undated_first):
    dated, undated = edition({"2022-04-01": 240}, APRIL, "2022-05-20"), tidy({"2022-04-01": 241})
    for frame in (undated, dated) if undated_first else (dated, undated):
        store.add(frame)
    assert store.panel("nctr_patients").iloc[0, 0] == 240
    assert store.panel("nctr_patients", as_of="2022-05-20").iloc[0, 0] == 240


def test_a_file_that_is_mended_and_ingested_again_is_believed(store):
    for value in (5, 7, 5):
        assert store.add(tidy({"2022-04-01": value})).unchanged == 0
    assert store.panel("nctr_patients").iloc[0, 0] == 5


def test_a_late_edition_with_the_same_value_brings_its_release_forward(store):
    store.add(edition({"2022-12-01": 7}, "season", "2023-03-15"))
    assert store.panel("nctr_patients", as_of="2022-12-05").empty
    store.add(edition({"2022-12-01": 7}, "first", "2022-12-05"))
    assert store.panel("nctr_patients", as_of="2022-12-05").iloc[0, 0] == 7


def test_the_name_of_a_source_gives_its_date_where_pandas_has_lost_the_attributes(store):
    store.add(edition({"2022-04-01": 240}, APRIL, "2022-05-11"))
    store.add(tidy({"2022-04-01": 250}, source=REISSUE))
    assert store.panel("nctr_patients", as_of="2023-12-13").iloc[0, 0] == 240
    assert store.panel("nctr_patients", as_of="2023-12-14").iloc[0, 0] == 250


def test_an_edition_published_before_the_day_it_tells_of_is_refused(store):
    with pytest.raises(InputError, match=r"dated 2022-06-01, after its edition was published \(2022-05-11\)"):
        store.add(edition({"2022-06-01": 1}, APRIL, "2022-05-11"))


def test_an_edition_can_tell_a_key_twice_and_the_later_stands(store):
    both = pd.concat([tidy({"2022-04-01": 1.5}, source="w01"), tidy({"2022-04-01": 1.7}, source="w04")])
    both.attrs["published"] = {"w01": "2022-05-01", "w04": "2022-06-01"}
    assert str(store.add(both)) == "1 new, 1 changed, 0 unchanged"
    assert store.panel("nctr_patients", as_of="2022-05-15").iloc[0, 0] == 1.5
    assert store.panel("nctr_patients").iloc[0, 0] == 1.7


def test_releases_given_with_the_values_are_kept_and_read_as_of_their_days(store):
    told = pd.concat([tidy({"2024-01-01": 12}), tidy({"2024-01-01": 10})])
    told["released"] = ["2024-03-01", "2024-02-01"]
    told = pd.concat([told, tidy({"2024-01-01": 10}).assign(released="2024-04-01")])
    assert store.add(told) == (1, 2, 0)
    assert store.panel("nctr_patients", as_of="2024-01-31").empty
    assert store.panel("nctr_patients", as_of="2024-02-28").iloc[0, 0] == 10
    assert store.panel("nctr_patients", as_of="2024-03-31").iloc[0, 0] == 12
    assert store.panel("nctr_patients", as_of="2024-04-01").iloc[0, 0] == 10
    assert store.add(told) == (0, 0, 3)


def test_an_estimate_never_replaces_a_published_value_and_gives_way_to_it(store):
    estimate = tidy({"2022-04-01": 99, "2022-04-02": 98}, "Y61", source="estimate: sum of 5 boards")
    store.add(tidy({"2022-04-01": 100}, "Y61"))
    assert str(store.add(estimate)) == "1 new, 0 changed, 1 unchanged"
    store.add(tidy({"2022-04-02": 101}, "Y61"))
    assert store.panel("nctr_patients")["Y61"].tolist() == [100, 101]
    store.add(tidy({"2022-04-03": 97}, "Y61", source="estimate: sum of 5 boards"))
    store.add(tidy({"2022-04-03": 97}, "Y61"))
    store.add(tidy({"2022-04-03": 96}, "Y61", source="estimate: sum of 6 boards"))
    assert store.panel("nctr_patients").loc["2022-04-03", "Y61"] == 97


def test_other_spellings_of_a_metric_are_one_series(store):
    store.add(tidy({"2024-01-01": 9000}, "ENG", metric="nctr_remaining_in_hospital"))
    assert store.metrics()["metric"].tolist() == ["nctr_remaining"]
    assert store.panel("nctr_remaining_in_hospital").attrs["metric"] == "nctr_remaining"
    assert store.history("nctr_remaining_in_hospital")["value"].tolist() == [9000]


def test_a_derived_metric_is_the_sum_of_its_parts_and_missing_where_one_is(store):
    days = {"2023-01-01": 20, "2023-01-02": 22}
    store.add(tidy(days, metric="flu_ga_beds_occupied"))
    store.add(tidy({"2023-01-01": 2}, metric="flu_cc_beds_occupied"))
    panel = store.panel("flu_beds")
    assert panel["RM1"].tolist() == [22.0]
    assert store.panel("flu_beds", locations=["RGP"]).empty


def test_a_panel_has_the_columns_asked_for_in_that_order(store):
    store.add(pd.concat([tidy({"2024-01-01": 1}, "RGP"), tidy({"2024-01-03": 2}, "RM1")]))
    panel = store.panel("nctr_patients", locations=["RM1", "RCX", "RGP"])
    assert panel.columns.tolist() == ["RM1", "RCX", "RGP"]
    assert len(panel) == 3
    assert panel["RCX"].isna().all()


def test_a_county_is_the_sum_of_its_hospitals_where_all_reported(store):
    for code, values in (("RM1", [200, 201]), ("RGP", [100, 101]), ("RCX", [50])):
        store.add(tidy(dict(zip(("2024-01-01", "2024-01-02"), values, strict=False)), code))
    panel = store.panel("nctr_patients", locations=["NORFOLK", "RM1"])
    assert panel["NORFOLK"].tolist()[0] == 350
    assert np.isnan(panel["NORFOLK"].iloc[1])
    assert panel.columns.tolist() == ["NORFOLK", "RM1"]


def test_a_flag_knows_the_size_of_a_hospital_only_from_what_was_published(store):
    """Zeros are judged by the hospital's beds, and as of a day only beds published by then count."""
    days = pd.date_range("2022-12-01", "2023-01-08").strftime("%Y-%m-%d")
    for code, beds, flu in (("ENG", 100_000, 5000), ("RCX", 500, 0)):
        store.add(edition_of(days, beds, code, "ga_beds_open", "2023-02-01"))
        store.add(tidy(dict.fromkeys(days, flu), code, "flu_ga_beds_occupied"))
        store.add(tidy(dict.fromkeys(days, 0), code, "flu_cc_beds_occupied"))
    assert store.flags("flu_beds", as_of="2023-01-12").empty
    assert set(store.flags("flu_beds", as_of="2023-02-01")["flag"]) == {"false_zeros"}


def test_a_zero_that_follows_from_the_discharges_is_believed(store):
    days = pd.date_range("2024-01-01", periods=21).strftime("%Y-%m-%d")
    left = dict(zip(days, [100.0] * 10 + [0.0] + [100.0] * 10, strict=True))
    for code in ("RM1", "RGP"):
        store.add(tidy(left, code, "nctr_remaining"))
    store.add(tidy(dict.fromkeys(days, 170.0), "RM1"))
    store.add(tidy(left, "RGP"))
    assert store.flags("nctr_remaining")["location"].tolist() == ["RGP"]


def test_regions_and_boards_do_not_count_as_hospitals_that_reported(store):
    days = pd.date_range("2024-01-01", periods=60).strftime("%Y-%m-%d")
    for code in ("Y61", "Y60", "QMM", "ENG"):
        store.add(tidy(dict.fromkeys(days, 900.0), code))
    for code in ("RM1", "RGP", "RCX"):
        store.add(tidy(dict.fromkeys(days[:30], 100.0), code))
    assert store.flags("nctr_patients").empty


def test_flags_are_of_what_was_known_and_clean_masks_them(store):
    days = pd.date_range("2024-01-01", periods=21).strftime("%Y-%m-%d")
    values = dict(zip(days, [100.0] * 10 + [0.0] + [100.0] * 10, strict=True))
    store.add(pd.concat([tidy(values, "RGP"), tidy(dict.fromkeys(days, 90.0), "RM1")]))
    assert store.flags("nctr_patients")["date"].tolist() == [pd.Timestamp("2024-01-11")]
    assert store.panel("nctr_patients", clean=True)["RGP"].isna().sum() == 1
    assert store.panel("nctr_patients")["RGP"].isna().sum() == 0
    # on the 18th only data to Sunday the 14th were out
    assert store.panel_at("nctr_patients")("2024-01-18").index[-1] == pd.Timestamp("2024-01-14")


def test_metrics_says_what_is_there(store):
    store.add(tidy({"2024-01-01": 1, "2024-01-05": 2}))
    store.add(tidy({"2024-01-08": 1}, "RGP"))
    (row,) = store.metrics().itertuples()
    assert (row.metric, row.locations, row.rows) == ("nctr_patients", 2, 3)
    assert (row.first, row.last) == (pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-08"))
    assert store.newest_release() == row.released == pd.Timestamp("2024-01-18")
    assert store.sources("nctr_patients") == ["test"]


def test_an_empty_store_an_unknown_metric_and_a_bad_date_are_named(store):
    assert store.empty
    assert store.metrics().empty
    with pytest.raises(StoreError, match="nothing is stored; run 'forecast ingest PATH'"):
        store.newest_release()
    assert store.panel("nctr_patients").empty
    with pytest.raises(InputError, match="'unheard_of' is neither stored nor in the reference tables"):
        store.panel("unheard_of")
    for day in ("soon", 20241101, pd.NaT, "03/01/2024", "today", "2024-13-01"):
        with pytest.raises(InputError, match=re.escape(f"as_of {day!r} is not a date")):
            store.panel("nctr_patients", as_of=day)
    with pytest.raises(InputError, match=r"locations is the text 'RM1'; give a list of codes, such as \['RM1'\]"):
        store.panel("nctr_patients", locations="RM1")
    with pytest.raises(InputError, match="locations is the text 'RM1'"):
        store.flags("nctr_patients", locations="RM1")


def test_a_metric_under_two_names_with_two_values_is_refused(store):
    """Which of the two counts, nobody knows; the same value twice is told once."""
    here = tidy({"2024-01-01": 20}, metric="flu_ga_beds_occupied")
    there = tidy({"2024-01-01": 21}, metric="flu_beds_ga")
    with pytest.raises(InputError, match="test: flu_ga_beds_occupied at RM1 on 2024-01-01 is told under two names"):
        store.add(pd.concat([here, there]))
    assert store.empty
    assert store.add(pd.concat([here, there.assign(value=20.0)])).new == 1


def test_a_day_with_a_time_zone_is_that_day(store):
    store.add(tidy({"2024-01-01": 1}))
    assert len(store.panel("nctr_patients", as_of=pd.Timestamp("2024-01-11 12:00", tz="Europe/London"))) == 1
    assert len(store.panel("nctr_patients", as_of=np.datetime64("2024-01-11"))) == 1
    assert store.panel("nctr_patients", as_of=np.datetime64("2024-01-10")).empty


def test_real_and_simulated_rows_never_share_a_store(store):
    store.add(tidy({"2024-01-01": 1}))
    with pytest.raises(StoreError, match="never share a store"):
        store.add(tidy({"2024-01-02": 1}, source="simulated twin, seed 1"))
    assert not store.simulated


def test_a_refused_frame_leaves_the_store_as_it_was(store):
    store.add(tidy({"2024-01-01": 1}))
    with pytest.raises(InputError):
        store.add(tidy({"2024-01-02": "one"}))  # type: ignore[dict-item]
    assert len(store.vintages()) == 1


def test_any_tool_can_read_a_vintage(store):
    store.add(tidy({"2024-01-01": 1}))
    table = pq.read_table(store.vintages()[0].path)
    assert table.column_names == ["date", "location", "metric", "value", "released", "published", "source"]


def test_every_flipped_bit_in_a_stored_file_is_noticed(store):
    days = pd.date_range("2024-01-01", periods=100).strftime("%Y-%m-%d")
    store.add(tidy(dict(zip(days, range(100), strict=True))))
    path = store.vintages()[0].path
    whole = path.read_bytes()
    for place in np.random.default_rng(1).integers(0, len(whole), 40):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        path.write_bytes(bytes(damaged))
        with pytest.raises(StoreError, match="is damaged"):
            Store(store.folder).panel("nctr_patients")


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot be written .* with --data"):
        Store(tmp_path / "file").add(tidy({"2024-01-01": 1}))


def test_a_left_over_of_a_killed_writer_is_never_read_and_removed_by_the_next(store):
    store.add(tidy({"2024-01-01": 1}))
    left = store.folder / "observations" / ".000002-1.tmp"
    left.write_bytes(b"half a file")
    assert len(Store(store.folder).vintages()) == 1
    store.add(tidy({"2024-01-02": 1}))
    assert not left.exists()
    assert sorted((store.folder / "observations").glob("*.parquet")) == [v.path for v in store.vintages()]
