"""What the Data page says: calendars, changes, flags and files in plain words."""

import pandas as pd
import pytest

from forecast.observations.due import COLUMNS
from forecast.observations.store import Added
from forecast.wording import due_words, flag_words, told_words, upload_words

NAMES = {"A": "James Paget", "B": "Queen Elizabeth"}
LABELS = {"m": "Flu patients", "n": "Beds occupied"}


def day(text):
    return pd.Timestamp(text)


def release(state, stored=False, came=None):
    return {
        "due": day("2024-12-12"),
        "first": day("2024-12-02"),
        "last": day("2024-12-08"),
        "state": state,
        "stored": stored,
        "came": day(came) if came else pd.NaT,
    }


def owed(*rows):
    """metric, location, state, there of seven"""
    full = [
        (metric, day("2024-12-12"), day("2024-12-02"), day("2024-12-08"), code, state, 7, there, there, pd.NaT)
        for metric, code, state, there in rows
    ]
    return pd.DataFrame(full, columns=list(COLUMNS))


def cell(state, *rows, **more):
    return due_words.cell(release(state, **more), owed(*rows), NAMES, LABELS)


def test_a_cell_of_the_calendar_begins_with_its_state():
    assert cell("came") == ["Came in full", "Thu 12 Dec, for 2 to 8 Dec"]
    assert cell("late", came="2024-12-16") == ["Came late", "Thu 12 Dec, for 2 to 8 Dec", "on Monday 16 December 2024"]
    assert cell("off_season") == ["Out of season"]
    assert cell("missing", stored=True)[-1] == "Stored by now; the next run will use them"


def test_a_release_in_part_names_who_is_lacking():
    rows = [("m", "A", "missing", 0), ("m", "B", "came", 7)]
    assert cell("part", *rows)[2:] == ["1 of 2 hospitals; James Paget nothing"]
    rows = [("m", "A", "part", 5), ("m", "B", "missing", 0)]
    assert cell("part", *rows)[2:] == ["0 of 2 hospitals; James Paget 5 of 7 days and Queen Elizabeth nothing"]


def test_measures_that_differ_are_told_apart_and_those_that_came_are_left_out():
    rows = [("m", "A", "missing", 0), ("m", "B", "missing", 0), ("n", "A", "came", 7), ("n", "B", "came", 7)]
    assert cell("part", *rows)[2:] == ["Flu patients: nothing came"]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2024-12-02", "2024-12-08", "2 to 8 Dec"),
        ("2024-12-30", "2025-01-05", "30 Dec to 5 Jan"),
        ("2022-11-20", "2022-11-20", "20 Nov"),
    ],
)
def test_the_days_of_a_release(first, last, said):
    assert due_words.span_of(day(first), day(last)) == said


def test_the_summary_of_a_publication_counts_what_was_due_and_names_the_next_day():
    states = ["off_season", "came", "came", "late", "missing", "expected"]
    dues = pd.date_range("2024-11-14", periods=6, freq="7D")
    found = pd.DataFrame({"state": states, "due": dues, "first": dues - pd.Timedelta(days=10)})
    assert due_words.summary("Sitrep", found) == (
        "Sitrep: of 4 releases due 2 came in full, 1 came late and 1 is missing. Out of season until 10 November 2024. "
        "Next due Thursday 19 December 2024."
    )
    assert due_words.summary("Sitrep", found.iloc[1:3]) == "Sitrep: all 2 releases due came in full."
    assert due_words.summary("Sitrep", found.iloc[4:5]) == "Sitrep: the one release due is missing."
    assert due_words.summary("Sitrep", found.iloc[:1]) == "Sitrep: nothing was due, it is out of season."


def told(*rows):
    columns = ["value", "released", "published", "source"]
    frame = pd.DataFrame(rows, columns=columns).assign(date=day("2022-04-01"), location="A")
    frame = frame.astype({"released": "datetime64[us]", "published": "datetime64[us]"})
    return frame.assign(told=frame["published"].fillna(frame["released"]))


def test_the_history_of_a_figure_is_one_sentence():
    first = (210, day("2022-05-11"), pd.NaT, "a")
    second = (214, day("2023-12-14"), day("2023-12-14"), "b")
    third = (213.5, day("2024-01-14"), day("2024-01-14"), "c")
    assert told_words.sentence(told(first, second)) == (
        "First published as 210 on 11 May 2022, changed to 214 on 14 December 2023."
    )
    assert told_words.sentence(told(first, second, third)).endswith(
        "changed to 214 on 14 December 2023 and then to 213.5 on 14 January 2024."
    )
    assert told_words.sentence(told(first)) == "First published as 210 on 11 May 2022, and not changed since."
    assert told_words.sentence(told((210, day("2022-05-11"), pd.NaT, "estimate: mine"), second)).startswith(
        "First estimated at 210"
    )


def test_figures_used_only_after_the_run_say_so():
    row = {"value": 214.0, "released": day("2023-12-14"), "published": pd.NaT, "source": "b"}
    assert told_words.row(row, day("2023-12-01")) == ["Not dated", "214", "14 December 2023\nafter this run", "b"]
    assert told_words.row(row, day("2023-12-14"))[2] == "14 December 2023"


def test_flags_have_plain_names_also_those_nobody_knows():
    assert flag_words.label("lone_zero") == "A zero between high values"
    assert flag_words.label("brand_new_flag") == "Brand new flag"
    assert flag_words.treated("brand_new_flag") == "Left out of the forecast"
    assert flag_words.treated("level_shift") == "Kept: a remark only"
    assert all("_" not in flag_words.label(flag) for flag in ("merger", "weekday_shift", "frozen_value", "x_y"))


def test_what_was_stored_is_told_in_numbers():
    assert upload_words.stored("a.csv", Added(1, 26, 54)) == (
        "a.csv: stored 1 new figure and 26 changed figures. 54 were there already."
    )
    assert "nothing was added" in upload_words.stored("a.csv", Added(0, 0, 9))
    assert upload_words.some(list("abcdef"), "place") == "a, b, c, d and 2 other places"


def test_names_with_commas_of_their_own_are_parted_by_semicolons():
    assert upload_words.some(["Flu", "Covid"], "measure") == "Flu and Covid"
    assert (
        upload_words.some(["Fit to leave, in the morning", "Covid"], "measure") == "Fit to leave, in the morning; Covid"
    )
