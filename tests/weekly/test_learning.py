"""What forecasters learn from: every trust, no area, the days asked for, as known."""

import numpy as np
import pandas as pd

from forecast.observations.store import Store
from forecast.reference import reference
from forecast.weekly.learning import learning_panel, trusts, usable_values

NAN = float("nan")


def panel(**columns: list[float]) -> pd.DataFrame:
    first = next(iter(columns.values()))
    made = pd.DataFrame(columns, index=pd.date_range("2024-06-01", periods=len(first), name="date", unit="us"))
    made.attrs["metric"] = "beds"
    return made


def test_areas_are_left_out_where_trusts_are_told():
    assert trusts(["ENG", "RM1", "Y61", "QMM", "RDE", "NORFOLK"], reference()) == ["RM1", "RDE"]


def test_places_that_nobody_knows_are_all_learned_from():
    assert trusts(["a ward", "another"], reference()) == ["a ward", "another"]


def test_the_last_days_of_the_places_that_told_something_in_them():
    given = panel(old=[1, NAN, NAN, NAN], late=[NAN, NAN, 5, 6], all=[1, 2, 3, 4])
    learned = learning_panel(given, pd.Timestamp("2024-06-04"), 1, 3, keep=["asked"])
    assert list(learned.columns) == ["late", "all", "asked"]
    assert learned.index.equals(given.index[1:])
    assert learned["all"].tolist() == [2, 3, 4]
    assert learned["asked"].isna().all()
    assert learned.attrs == {"metric": "beds"}


def test_it_ends_on_the_day_asked_for_and_begins_with_the_first_value():
    given = panel(a=[NAN, 2, 3, NAN])
    learned = learning_panel(given, pd.Timestamp("2024-06-05"), 1, 1000, keep=[])
    assert learned["a"].fillna(-1).tolist() == [2, 3, -1, -1]
    assert learned.index[-1] == pd.Timestamp("2024-06-05")


def test_weekly_steps_are_counted_back_from_the_last_day():
    given = panel(a=list(np.arange(22.0)))
    learned = learning_panel(given, given.index[-1], 7, 14, keep=[])
    assert learned["a"].tolist() == [14, 21]


def test_the_panel_learned_from_may_be_written_in():
    given = panel(a=[1.0, 2.0])
    learned = learning_panel(given, given.index[-1], 1, 10, keep=[])
    learned.loc[:] = 0.0
    assert given["a"].tolist() == [1, 2]


def test_only_what_was_known_and_can_be_right_is_read(tmp_path):
    store = Store(tmp_path)
    dates = pd.date_range("2024-06-01", "2024-08-31")
    parts = [
        pd.DataFrame({"date": dates, "location": code, "metric": "nctr_patients", "value": 100.0 + k + dates.day % 3})
        for k, code in enumerate(("RM1", "RDE", "ENG"))
    ]
    told = pd.concat(parts, ignore_index=True).assign(source="a test")
    told.loc[(told["location"] == "RDE") & (told["date"] == "2024-07-20"), "value"] = 0.0
    store.add(told)
    known = usable_values(store, "nctr_patients", pd.Timestamp("2024-08-31"), reference(), ["RCX"])
    assert list(known.columns) == ["RDE", "RM1", "RCX"]
    assert known.index[-1] < pd.Timestamp("2024-08-31"), "August is published in September"
    assert np.isnan(known.loc["2024-07-20", "RDE"])
    assert known["RCX"].isna().all()
    whole = usable_values(store, "nctr_patients", None, reference())
    assert list(whole.columns) == ["RDE", "RM1"]
    assert whole.index[-1] == dates[-1]
