import pandas as pd
import pytest

from forecast import words
from forecast.fan import Fan

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


def fan(**changes):
    published = pd.DataFrame(
        {
            "date": pd.date_range("2025-01-01", periods=5),
            "value": [500.0, 530.0, 0.0, 480.0, 1510.0],
            "flagged": [False, False, True, False, False],
            "note": ["", "", "reported 0 between 530 and 480", "", ""],
        }
    )
    forecast = pd.DataFrame(
        {
            "date": pd.date_range("2025-01-06", periods=2),
            "low": [460.0, 431.0],
            "quarter": [490.0, 472.0],
            "median": [500.0, 505.0],
            "three_quarters": [510.0, 531.0],
            "high": [540.0, 575.0],
        }
    )
    base = {
        "metric": "Fit to leave, before the day's discharges",
        "place": "James Paget",
        "unit": "patients",
        "as_of": pd.Timestamp("2025-01-09"),
        "data_to": pd.Timestamp("2025-01-05"),
        "published": published,
        "forecast": forecast,
        "baseline": forecast.assign(low=400.0, high=600.0),
    }
    return Fan(**{**base, **changes})


def test_a_date_ahead_is_said_as_a_date_with_its_range_and_its_chance():
    assert words.outlook(ROW) == (
        "In two weeks, on Thursday 23 January 2025: about 540, likely range (9 in 10) 480 to 1,612. "
        "Most likely higher than now (62% chance)."
    )


def test_where_no_direction_has_an_even_chance_all_three_are_said():
    assert words.outlook(UNCERTAIN).endswith("It could go either way: up 40%, level 25%, down 35%.")
    assert words.direction(UNCERTAIN) == "Could go either way: up 40%, level 25%, down 35%"


def test_a_date_without_a_forecast_gives_the_reason_and_no_figure():
    said = words.outlook(SILENT, "no usable value since 1 December 2024")
    assert said == ("In two weeks, on Thursday 23 January 2025: cannot say (no usable value since 1 December 2024).")
    assert words.cell(SILENT) == "Cannot say"
    assert words.stands(SILENT) == "Cannot say\nlast figure 5 January 2025"
    assert words.in_short([SILENT, SILENT], "Flu patients in hospital", "no return") == (
        "Flu patients in hospital: cannot say (no return)."
    )


def test_now_says_over_which_days_it_is_an_average():
    assert words.now(ROW, "Norfolk", "people fit to leave") == (
        "Norfolk: 505 people fit to leave, on average over the last seven reported days, to Sunday 5 January 2025."
    )
    assert words.now({**ROW, "now": float("nan")}, "Norfolk", "people") == "Norfolk: no usable figure on people."


def test_one_sentence_holds_now_and_each_date_ahead():
    four = {**UNCERTAIN, "date": pd.Timestamp("2025-02-06"), "median": 520.0}
    assert words.in_short([ROW, four], "Flu patients in hospital") == (
        "Flu patients in hospital: 505 now; about 540 on 23 January 2025 (likely range (9 in 10) 480 to 1,612; up, "
        "62% chance) and about 520 on 6 February 2025 (likely range (9 in 10) 480 to 1,612; could go either way)."
    )


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "less than 1%"), (0.004, "less than 1%"), (0.625, "62%"), (0.99, "99%"), (1.0, "more than 99%")],
)
def test_a_chance_is_never_said_to_be_certain(share, said):
    assert words.chance(share) == said


def test_the_finding_gives_the_newest_usable_figure_and_the_last_range():
    assert words.finding(fan()) == (
        "James Paget, fit to leave, before the day's discharges: 1,510 on Sunday 5 January 2025, the newest usable "
        "figure. By Tuesday 7 January 2025: about 505, likely range (9 in 10) 431 to 575."
    )


def test_the_text_alternative_holds_every_figure_a_reader_of_the_chart_would_take_away():
    said = words.alternative(fan(), baseline=True)
    for part in (
        "Published from 1 January 2025 to 5 January 2025",
        "highest 1,510 on 5 January 2025, lowest 480 on 4 January 2025, newest 1,510",
        "1 published value cannot be right",
        "Forecast from 6 January 2025 to 7 January 2025: the middle goes from 500 to 505",
        "likely range (9 in 10) is 431 to 575",
        "within 472 to 531",
        "on 7 January 2025 would be 400 to 600",
    ):
        assert part in said
    assert "400 to 600" not in words.alternative(fan())


def test_a_chart_without_a_forecast_or_history_says_so():
    empty = fan(published=fan().published.iloc[:0], forecast=fan().forecast.iloc[:0])
    assert words.alternative(empty) == (
        "Line chart of fit to leave, before the day's discharges at James Paget, patients. There is no forecast."
    )


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
