"""Releases worked by hand from a calendar; hospitals A and B owe, C is somebody else."""

import pandas as pd
import pytest

from forecast.observations.due import RELEASE, due, publication, releases, state_of

FLU, FIT, BOTH = "flu_ga_beds_occupied", "nctr_patients", "flu_beds"
COLUMNS = ["date", "location", "metric", "value", "released", "published", "source"]


def stored(first, last, locations=("A", "B"), metric=FIT, released=None, published=None):
    """One value a day and place; released on ``released`` or the day after its own."""
    rows = [
        (day, code, metric, 1.0, pd.Timestamp(released) if released else day + pd.Timedelta(days=1),
         pd.Timestamp(published) if published else pd.NaT, "s")
        for day in pd.date_range(first, last, unit="us")
        for code in locations
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype(dict.fromkeys(("date", "released", "published"), "datetime64[us]"))


NOTHING = stored("2020-01-01", "2020-01-01").iloc[:0]


def listed(frame):
    """Different releases as texts: due, first, last."""
    rows = frame[RELEASE].drop_duplicates()
    return [tuple(f"{day:%Y-%m-%d}" for day in row) for row in rows.itertuples(index=False)]


def at(frame, day, location="A"):
    (row,) = frame[(frame["due"] == day) & (frame["location"] == location)].to_dict("records")
    return row


def test_releases_of_christmas_weeks_come_on_fridays():
    """Christmas 2023 fell on a Monday, so did New Year: both weeks are a day late."""
    found = due(FLU, NOTHING, ["A"], pd.Timestamp("2024-01-11"), weeks=3)
    assert listed(found) == [
        ("2023-12-29", "2023-12-18", "2023-12-24"),
        ("2024-01-05", "2023-12-25", "2023-12-31"),
        ("2024-01-11", "2024-01-01", "2024-01-07"),
        ("2024-01-18", "2024-01-08", "2024-01-14"),
    ]
    assert found["state"].tolist() == ["missing", "missing", "missing", "expected"]


def test_a_month_is_due_on_the_second_thursday_of_the_next():
    found = due(FIT, NOTHING, ["A"], pd.Timestamp("2024-10-10"), weeks=8)
    assert listed(found) == [
        ("2024-09-12", "2024-08-01", "2024-08-31"),
        ("2024-10-10", "2024-09-01", "2024-09-30"),
        ("2024-11-14", "2024-10-01", "2024-10-31"),
    ]
    assert at(found, "2024-10-10")["wanted"] == 30


def test_in_winter_a_week_and_the_rest_of_the_month_before_can_be_due_on_one_day():
    """12 December 2024 is a Thursday and the second of its month; weeks count from 20 November."""
    found = due(FIT, NOTHING, ["A"], pd.Timestamp("2024-12-12"), weeks=2)
    assert listed(found) == [
        ("2024-12-05", "2024-11-25", "2024-12-01"),
        ("2024-12-12", "2024-11-01", "2024-11-19"),
        ("2024-12-12", "2024-12-02", "2024-12-08"),
        ("2024-12-19", "2024-12-09", "2024-12-15"),
    ]


def test_outside_the_season_nothing_is_due_until_somebody_reports():
    """The winter collection opens between 14 and 29 November: the week to 1 December 2024 owes at least three days."""
    day = pd.Timestamp("2024-12-06")
    closed = due(FLU, NOTHING, ["A"], day, weeks=3)
    assert [(f"{r.due:%m-%d}", r.state, r.wanted) for r in closed.itertuples()] == [
        ("11-21", "off_season", 0),
        ("11-28", "off_season", 0),
        ("12-05", "missing", 3),
        ("12-12", "expected", 7),
    ]
    opened = due(FLU, stored("2024-11-18", "2024-11-30", ["C"], FLU), ["A"], day, weeks=3)
    assert [(r.state, r.wanted) for r in opened.itertuples()] == [
        ("off_season", 0),
        ("missing", 7),
        ("missing", 7),
        ("expected", 7),
    ]


def test_others_may_be_counted_apart_from_the_rows():
    day = pd.Timestamp("2024-12-06")
    reported = pd.Series(pd.to_datetime(["2024-11-29"]).astype("datetime64[us]"))
    assert at(due(FLU, NOTHING, ["A"], day, reported=reported), "2024-12-05")["wanted"] == 3
    assert (
        due(FLU, stored("2024-11-18", "2024-11-24", ["C"], FLU), ["A"], day, reported=reported)["state"]
        .tolist()
        .count("off_season")
        == 11
    )


def test_in_spring_the_last_week_owes_only_the_days_before_the_collection_closes():
    found = due(FLU, NOTHING, ["A"], pd.Timestamp("2024-04-18"), weeks=3)
    assert [(f"{r.due:%m-%d}", r.state, r.wanted) for r in found.itertuples()][:2] == [
        ("04-05", "missing", 6),  # 25 to 30 March; Easter Monday makes it a Friday
        ("04-11", "off_season", 0),
    ]
    assert f"{found['due'].iloc[-1]:%Y-%m}" == "2024-12"  # the next one is that of the first week of next winter


def test_a_release_is_complete_in_part_or_missing_by_hospital():
    rows = pd.concat([stored("2024-12-02", "2024-12-08", ["A"]), stored("2024-12-02", "2024-12-05", ["B"])])
    found = due(FIT, rows, ["A", "B", "C"], pd.Timestamp("2024-12-31"))
    week = found[found["first"] == "2024-12-02"].set_index("location")
    assert week["state"].to_dict() == {"A": "came", "B": "part", "C": "missing"}
    assert week["there"].to_dict() == {"A": 7, "B": 4, "C": 0}
    (row,) = releases(found[found["first"] == "2024-12-02"]).to_dict("records")
    assert (row["state"], row["hospitals"], row["complete"], row["stored"]) == ("part", 3, 1, False)
    assert row["publication"] == "NHS England acute discharge situation report"


def test_a_value_is_late_when_its_own_day_says_so():
    rows = stored("2024-12-02", "2024-12-08", ["A"], released="2024-12-16")
    found = due(FIT, rows, ["A"], pd.Timestamp("2024-12-31"))
    (row,) = found[found["first"] == "2024-12-02"].to_dict("records")
    assert (row["state"], row["came"]) == ("late", pd.Timestamp("2024-12-16"))


@pytest.mark.parametrize(
    ("published", "state", "came"),
    [
        ("2024-12-12", "came", "2024-12-12"),  # its own edition
        ("2024-12-16", "late", "2024-12-16"),  # an edition between this release and the next, of 19 December
        ("2024-12-19", "came", "2024-12-12"),  # a later edition holds the season to date: when it came is not known
        ("2025-08-14", "came", "2024-12-12"),  # a re-issue
    ],
)
def test_an_edition_between_two_releases_came_late_and_a_re_issue_says_nothing(published, state, came):
    rows = stored("2024-12-02", "2024-12-08", ["A"], released="2024-12-12", published=published)
    found = due(FIT, rows, ["A"], pd.Timestamp("2024-12-31"))
    (row,) = found[found["first"] == "2024-12-02"].to_dict("records")
    assert (row["state"], row["came"]) == (state, pd.Timestamp(came))


def test_what_came_after_the_run_was_missing_then_and_is_stored_now():
    rows = stored("2024-12-02", "2024-12-15", ["A"], released="2024-12-20")
    found = due(FIT, rows, ["A"], pd.Timestamp("2024-12-18"))
    week = found.set_index("first")[["state", "there", "stored"]]
    assert week.loc["2024-12-02"].tolist() == ["missing", 0, 7]
    assert week.loc["2024-12-09"].tolist() == ["expected", 0, 7]
    assert releases(found).set_index("first")["stored"].loc[["2024-12-02", "2024-12-09"]].tolist() == [True, True]


def test_a_derived_measure_comes_with_the_last_of_its_parts():
    ga = stored("2024-12-02", "2024-12-08", ["A"], FLU, released="2024-12-12")
    cc = stored("2024-12-02", "2024-12-07", ["A"], "flu_cc_beds_occupied", released="2024-12-13")
    found = due(BOTH, pd.concat([ga, cc]), ["A"], pd.Timestamp("2024-12-31"))
    row = at(found, "2024-12-12")
    assert (row["state"], row["there"], row["came"]) == ("part", 6, pd.Timestamp("2024-12-13"))


def test_the_first_of_several_stored_rows_says_when_a_value_came():
    first = stored("2024-12-02", "2024-12-08", ["A"], released="2024-12-12")
    again = first.assign(value=2.0, released=pd.Timestamp("2025-01-30"))
    found = due(FIT, pd.concat([again, first]), ["A"], pd.Timestamp("2025-02-06"))
    assert set(found.loc[found["first"] == "2024-12-02", "state"]) == {"came"}


def test_states_together_are_what_they_share_else_in_part():
    def of(*states):
        return state_of(pd.Series(states))

    assert of("came", "came") == "came"
    assert of("came", "late") == "late"
    assert of("came", "missing") == "part"
    assert of("late", "part") == "part"
    assert of("missing", "off_season") == "missing"
    assert of("off_season", "off_season") == "off_season"


def test_measures_of_one_publication_make_one_release():
    rows = stored("2024-12-02", "2024-12-08", ["A"])
    both = pd.concat([due(metric, rows, ["A"], pd.Timestamp("2024-12-31")) for metric in (FIT, "nctr_remaining")])
    (row,) = releases(both[both["first"] == "2024-12-02"]).to_dict("records")
    assert (row["state"], row["complete"], row["hospitals"]) == ("part", 0, 1)
    assert publication("flu_beds") == "NHS England UEC daily situation report"
    assert publication("unheard_of") == "unheard_of"
