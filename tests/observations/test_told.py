import pandas as pd

from forecast.observations.store import Store
from forecast.observations.told import changed, differences, steps, told

DAY = pd.Timestamp("2022-04-03")


def row(value, released, published=None, source="a", location="A", date=DAY):
    return (date, location, "m", value, pd.Timestamp(released), pd.Timestamp(published), source)


def history(*rows):
    columns = ["date", "location", "metric", "value", "released", "published", "source"]
    dates = dict.fromkeys(("date", "released", "published"), "datetime64[us]")
    return pd.DataFrame(rows, columns=columns).astype(dates)


def moved(rows):
    return [(step["value"], f"{step['day']:%Y-%m-%d}") for step in steps(rows).to_dict("records")]


def test_a_value_is_told_edition_by_edition_and_only_differences_are_steps():
    rows = history(
        row(210, "2022-05-11", "2022-05-11"),
        row(210, "2022-06-16", "2022-06-16", "b"),
        row(214, "2023-12-14", "2023-12-14", "c"),
        row(9, "2022-05-11", "2022-05-11", location="B"),
    )
    found = told(rows, DAY, "A")
    assert found["value"].tolist() == [210, 210, 214]
    assert moved(found) == [(210, "2022-05-11"), (214, "2023-12-14")]


def test_a_file_without_a_date_stands_on_the_day_on_which_its_value_was_due():
    """A dated edition that replaces it is used from that day too, but changed it on its own."""
    rows = history(row(187, "2024-12-12"), row(190, "2024-12-12", "2025-02-01", "b"))
    assert moved(told(rows, DAY, "A")) == [(187, "2024-12-12"), (190, "2025-02-01")]


def test_a_misread_file_that_was_mended_and_read_again_is_no_change_of_what_was_published():
    rows = history(row(50, "2022-05-11", "2022-05-11"), row(5, "2022-05-11", "2022-05-11"))
    assert moved(told(rows, DAY, "A")) == [(5, "2022-05-11")]
    assert changed(rows).empty


def test_an_edition_told_again_is_no_change():
    """An older edition that arrives late makes the store tell the newer one again for its own day."""
    rows = history(
        row(5, "2022-05-11", "2022-06-16", "new"),
        row(4, "2022-05-11", "2022-05-11", "old"),
        row(5, "2022-06-16", "2022-06-16", "new"),
    )
    assert moved(told(rows, DAY, "A")) == [(4, "2022-05-11"), (5, "2022-06-16")]


def test_changed_values_are_listed_newest_change_first():
    later = pd.Timestamp("2022-04-10")
    rows = history(
        row(1, "2022-05-11"),
        row(2, "2022-06-16", "2022-06-16"),
        row(1, "2022-07-16", "2022-07-16"),
        row(7, "2022-05-11", date=later),
        row(8, "2023-01-01", "2023-01-01", date=later),
        row(3, "2022-05-11", location="B"),
        row(3, "2022-06-16", "2022-06-16", location="B"),
    )
    found = changed(rows)
    assert found["date"].tolist() == [later, DAY]
    assert found[["first", "last", "times"]].to_numpy().tolist() == [[7, 8, 1], [1, 1, 2]]
    assert changed(rows.iloc[5:]).empty
    assert changed(rows.iloc[:0]).empty


def test_differences_are_the_values_that_count_before_and_after(tmp_path):
    """A file without a date does not count over a dated edition, so it changes nothing."""
    store = Store(tmp_path)
    days = pd.date_range("2024-11-01", periods=3)
    first = pd.DataFrame({"date": days, "location": "RM1", "metric": "nctr_patients", "value": [10.0, 20.0, 30.0]})
    store.add(first.assign(source="published 2024-12-12"))
    revised = first.assign(value=[10.0, 25.0, 30.0], source="revised 2025-01-30")
    rows, added = store.proposed(revised)
    found = differences(store.history("nctr_patients"), rows)
    assert found[["location", "old", "new"]].to_numpy().tolist() == [["RM1", 20.0, 25.0]]
    assert (added.new, added.changed, added.unchanged) == (0, 1, 2)
    undated, added = store.proposed(first.assign(value=1.0, source="somebody's table"))
    assert differences(store.history("nctr_patients"), undated).empty
    assert added.changed == 0
    assert len(store.vintages()) == 1  # nothing was stored by asking
