import pandas as pd
import pytest

from forecast.reference import Assumption
from forecast.wording import words

ROW = {
    "weeks_ahead": 2,
    "now": 505.4,
    "now_date": pd.Timestamp("2025-01-05"),
    "date": pd.Timestamp("2025-01-23"),
    "median": 540.0,
    "low": 480.0,
    "high": 1612.0,
    "chance_up": 0.62,
    "chance_level": 0.3,
    "chance_down": 0.08,
    "word": "up",
}
UNCERTAIN = {**ROW, "word": "uncertain", "chance_up": 0.4, "chance_level": 0.25, "chance_down": 0.35}
SILENT = {**ROW, "word": "cannot say", "median": float("nan"), "low": float("nan"), "high": float("nan")}


AS_OF = pd.Timestamp("2025-01-09")
WHO = "people fit to leave"


def test_a_week_ahead_is_said_as_a_week_with_its_range_and_its_chance():
    assert words.outlook(ROW) == (
        "In two weeks, the week to Thursday 23 January 2025: about 540 a day, likely range (9 in 10) 480 to 1,612. "
        "Most likely higher than the latest published week (62% chance)."
    )
    assert words.outlook(ROW, directed=False).endswith("480 to 1,612.")


def test_where_no_direction_stands_out_all_three_chances_are_said():
    assert words.outlook(UNCERTAIN).endswith("No clear direction (up 40%, level 25%, down 35%).")
    assert words.direction(UNCERTAIN) == "No clear direction (up 40%, level 25%, down 35%)"


def test_without_a_forecast_the_known_figure_and_its_week_are_still_said():
    assert words.story([SILENT, SILENT], "Norfolk", WHO, AS_OF) == [
        "Norfolk: 505 people fit to leave, on average a day in the latest published week, to Sunday 5 January 2025.",
        "No forecast for the weeks ahead.",
    ]
    assert words.cell(SILENT) == "No forecast"
    assert words.stands(SILENT) == "505\nweek to 5 January 2025"


def test_a_week_without_a_usable_value_has_no_figure():
    nothing = {**SILENT, "now": float("nan")}
    assert words.now(nothing, "Norfolk", WHO, AS_OF) == (
        "Norfolk: no usable figure on people fit to leave in the week to Sunday 5 January 2025."
    )
    assert words.stands(nothing) == "No usable figure\nweek to 5 January 2025"


def test_a_story_is_the_latest_week_and_each_week_ahead():
    said = words.story([ROW, UNCERTAIN], "Norfolk", WHO, AS_OF)
    assert said == [words.now(ROW, "Norfolk", WHO, AS_OF), words.outlook(ROW), words.outlook(UNCERTAIN)]


@pytest.mark.parametrize(("as_of", "said"), [("2025-01-12", ""), ("2025-01-13", "(8 days before this run)")])
def test_figures_more_than_a_week_old_say_how_old_they_are(as_of, said):
    day = pd.Timestamp(as_of)
    assert words.late(ROW["now_date"], day) == said
    assert said in words.now(ROW, "Norfolk", WHO, day)


def test_a_county_with_a_hospital_missing_tells_which_figures_are_known():
    members = {"Norwich": {**ROW, "now": 43.2}, "Gorleston": {**ROW, "now": 21.6}, "Lynn": {**ROW, "now": float("nan")}}
    assert words.known(members) == "Known: Norwich 43 and Gorleston 22 a day. Not known: Lynn."
    assert words.known({"Lynn": members["Lynn"]}) == "Not known: Lynn."
    assert words.known({"Norwich": members["Norwich"]}) == ""


def test_a_row_that_does_not_tell_who_waits_has_a_caution_and_no_direction():
    assert words.caution(["Norwich"]) == "Caution: at Norwich this count does not tell how many people are waiting"
    assert words.caution([]) == ""
    assert words.cell(ROW) == "540\n480 to 1,612\nUp, 62% chance"
    assert words.cell(ROW, directed=False) == "540\n480 to 1,612"


def assumption(value, date="2023-01"):
    source = "Eastern Daily Press, December 2022 to February 2023"
    return Assumption("a", "NORFOLK", value, "", None, None, source, date, "unverified", "")


@pytest.mark.parametrize(
    ("date", "began"),
    [("2023-01", "In winter 2022/23 about"), ("2022-12", "In winter 2022/23 about"), ("", "About")],
)
def test_the_reported_share_names_its_winter_its_source_and_that_it_is_unverified(date, began):
    assert words.reported_share(assumption(150), assumption(600), assumption(0.25, date)) == (
        f"{began} 150 of 600 (25%) were reported to wait for social care (Eastern Daily Press; unverified)."
    )


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "less than 1%"), (0.004, "less than 1%"), (0.625, "62%"), (0.99, "99%"), (1.0, "more than 99%")],
)
def test_a_chance_is_never_said_to_be_certain(share, said):
    assert words.chance(share) == said


def test_several_days_are_said_with_how_many_they_are():
    first, last = pd.Timestamp("2022-11-20"), pd.Timestamp("2023-01-05")
    assert words.days(first, last) == "Sun 20 Nov 2022 to Thu 5 Jan 2023\n47 days"
    assert words.days(first, first) == "Sun 20 Nov 2022"


def test_a_reason_reads_as_a_sentence():
    assert words.skipped("Flu", "newest value is of 02 April 2023, more than 21 days before") == (
        "Flu: no forecast. Reason: newest value is of 2 April 2023, more than 21 days before."
    )


def test_dates_of_several_measures_are_said_as_a_range():
    first, last = pd.Timestamp("2024-12-29"), pd.Timestamp("2025-01-05")
    assert words.date_range([last, first]) == "29 December 2024 to 5 January 2025, by measure"
    assert words.date_range([last, last]) == "Sunday 5 January 2025"


def test_the_age_of_data_counts_days_to_the_as_of_day():
    assert words.data_age(pd.Timestamp("2025-01-05"), pd.Timestamp("2025-01-09")) == "4 days"
    assert words.data_age(pd.Timestamp("2025-01-08"), pd.Timestamp("2025-01-09")) == "1 day"
    assert words.data_age(pd.Timestamp("2025-01-09"), pd.Timestamp("2025-01-09")) == "same day"


def test_names_keep_their_capital_in_the_middle_of_a_sentence():
    assert words.lower("Covid patients in hospital") == "Covid patients in hospital"
    assert words.lower("A&E attendances") == "A&E attendances"
    assert words.lower("Staff absent, all reasons") == "staff absent, all reasons"


def test_the_age_of_the_newest_figures_is_said_once_where_all_measures_agree():
    as_of, newest, older = (pd.Timestamp(day) for day in ("2024-12-31", "2024-12-22", "2024-12-01"))
    said = words.newest_used([newest, newest], as_of)
    assert said == "The newest figures used are of Sunday 22 December 2024: 9 days old on 31 December 2024."
    assert words.newest_used([newest, older], as_of) == (
        f"{said} For some measures they are older, to Sunday 1 December 2024."
    )
    assert "of that day" in words.newest_used([as_of], as_of)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![x](http://elsewhere)", "!\\[x\\](http:\u2060//elsewhere)"),
        ("www.elsewhere.org, a@elsewhere.org", "www\u2060.elsewhere.org, a@\u2060elsewhere.org"),
        ("<b>*bold*</b>.csv", r"\<b\>\*bold\*\</b\>.csv"),
        (":red[stop] :smile: $x$ ~~y~~ `z`", r"\:red\[stop\] \:smile: \$x\$ \~\~y\~\~ \`z\`"),
        ("_cut_ but nctr_patients", r"\_cut\_ but nctr_patients"),
        ("C:\\data, column 'date': 2025-03-01 at 09:30", "C:\\\\data, column 'date': 2025-03-01 at 09:30"),
        ("figures.csv: stored 1 new figure.", "figures.csv: stored 1 new figure."),
    ],
)
def test_markdown_shows_a_text_of_somebody_else_as_it_is(text, shown):
    assert words.literal(text) == shown
